"""What the page of alternative provision asks for: one reading of the data, and the tables of it. No row is a pupil."""

from dataclasses import dataclass
from datetime import date

import pandas as pd
from sqlalchemy import Connection

from access.scope import Scope
from analysis.alternative_provision import went_wrong
from analysis.alternative_provision.masks import without_small
from analysis.alternative_provision.occupancy import occupancy
from analysis.alternative_provision.queries import Provision, provision, started_on
from analysis.alternative_provision.returns import Returns, returns
from analysis.alternative_provision.stays import groups, stays
from analysis.alternative_provision.stock_and_flow import by_collection, by_tier
from analysis.alternative_provision.sustained import FEWEST, JUDGED, SCHOOL_WEEKS, held, returned, share_held
from analysis.alternative_provision.waits import waits
from analysis.hiding.protection import HIDDEN, withheld
from data_model.settings import settings
from data_model.terms import Period, academic_year, previous_year, year_label

YEARS_TOGETHER = 3
_LASTED = ["count", "out_of", "share", "low", "high", "not_due", "unknown"]


@dataclass(frozen=True, eq=False)
class Asked:
    """What is asked: the years (oldest first), their first and last day, and the last day that the data tells of."""

    years: tuple[str, ...]
    first: date
    last: date

    @property
    def label(self) -> str:
        """The years in words, such as `2025/26` or `2023/24 to 2025/26`."""
        first, last = year_label(self.years[0]), year_label(self.years[-1])
        return first if first == last else f"{first} to {last}"


@dataclass(frozen=True, eq=False)
class Provided:
    """The tables of an authority's alternative provision: what each holds is said where it is made.

    `collections`, `tiers`, `occupancy`, `waits` are of the last of the years alone; `returns`, `lasted` (by school
    weeks) and `signs` of all. `stood_on` is the day that stocks are of.
    """

    asked: Asked
    stood_on: date
    collections: pd.DataFrame
    tiers: pd.DataFrame
    occupancy: pd.DataFrame
    waits: pd.DataFrame
    returns: Returns
    lasted: pd.DataFrame
    lasted_by: pd.DataFrame
    signs: pd.DataFrame


def years(connection: Connection, scope: Scope, la: int) -> list[str]:
    """The academic years in which placements started, newest first."""
    return _years_of(started_on(connection, scope, la))


def provided(
    connection: Connection, scope: Scope, la: int, split: str, year: str | None, attendance: float, fewest: int
) -> Provided | None:
    """The tables of one authority for a year, or the latest three together; None where there is nothing to say.

    `attendance` (percent) is what a return must have to have lasted, of at least `fewest` half days.
    """
    found = provision(connection, scope, la)
    if found is None or found.now is None or not len(found.placements):
        return None
    known, full = _years_of(found.placements["start_date"]), scope.full_figures
    newest = year if year in known else known[0]
    asked = _asked([newest] if year else [each for each in _before(newest) if each in known])
    latest = _asked([newest])
    stood_on = min(latest.last, found.now)
    rows = stays(found, asked.first, asked.last)
    back = _returned_in(found, asked)
    return Provided(
        asked,
        stood_on,
        by_collection(found, latest.first, stood_on, full=full),
        by_tier(found, latest.first, stood_on, full=full),
        occupancy(found, latest.first, latest.last, full=full),
        waits(found, asked.first, asked.last, full=full),
        returns(rows, split, full=full),
        lasted(found, back, attendance, fewest, full=full),
        lasted_by(found, back, split, attendance, fewest, full=full),
        went_wrong.signs(found, rows, full=full),
    )


def lasted(found: Provision, back: pd.DataFrame, attendance: float, fewest: int, *, full: bool) -> pd.DataFrame:
    """How many returns lasted, a row for each of SCHOOL_WEEKS: `weeks, after` (in words), `count` that held of `out_of`
    due, `share` in percent with its range, those `not_due` yet, those due of whom attendance is `unknown`, `note`."""
    table = pd.DataFrame(
        [
            {"weeks": weeks, "after": f"{weeks} school weeks", **_lasted(held(found, back, weeks, attendance, fewest))}
            for weeks in SCHOOL_WEEKS
        ]
    ).reindex(columns=["weeks", "after", *_LASTED, "note"])
    if full:
        return table.assign(**{HIDDEN: ""})
    few = settings().small_number
    rest = table["out_of"] - table["count"]
    parts = [
        table["count"],
        rest,
        table["out_of"],
        table["not_due"],
        table["unknown"],
        table["out_of"] - table["unknown"],
    ]
    small = pd.concat([part.between(1, few - 1) for part in parts], axis=1).any(axis=1)
    # Who is due at one time and not at the next is the difference of two rows.
    steps = table["out_of"].diff().abs().between(1, few - 1)
    return withheld(table, small | steps, _LASTED)


def lasted_by(
    found: Provision, back: pd.DataFrame, split: str, attendance: float, fewest: int, *, full: bool, weeks: int = JUDGED
) -> pd.DataFrame:
    """The same at one time by group: `group` and the columns of `lasted`."""
    rows = held(found, back, weeks, attendance, fewest)
    parts = list(groups(rows, split))
    table = pd.DataFrame([{"group": label, **_lasted(own)} for label, own in parts])
    table = table.reindex(columns=["group", *_LASTED, "note"])
    pupils = pd.DataFrame(
        [
            {
                "held": own.loc[own["due"] & own["held"], "pupil"].nunique(),
                "not": own.loc[own["due"] & ~own["held"], "pupil"].nunique(),
                "not_due": own.loc[~own["due"], "pupil"].nunique(),
                "unknown": own.loc[own["due"] & own["attended"].isna(), "pupil"].nunique(),
            }
            for _, own in parts
        ],
        columns=["held", "not", "not_due", "unknown"],
    )
    return without_small(table, pupils, _LASTED, full=full)


def _lasted(rows: pd.DataFrame) -> dict[str, object]:
    due = rows["due"]
    known: dict[str, object] = {
        "count": int((rows["held"] & due).sum()),
        "out_of": int(due.sum()),
        "not_due": int((~due).sum()),
        "unknown": int((due & rows["attended"].isna()).sum()),
        "note": "" if rows["by_term_dates"].all() else "Weekdays were counted where no term dates are loaded",
    }
    found = share_held(rows)
    if found is None:
        return {**known, "note": f"Too small to say: fewer than {FEWEST} are due"}
    return {**known, "share": 100 * found.share, "low": 100 * found.low, "high": 100 * found.high}


def _returned_in(found: Provision, asked: Asked) -> pd.DataFrame:
    back = returned(stays(found))
    return back[back["end_date"].between(pd.Timestamp(asked.first), pd.Timestamp(asked.last))].reset_index(drop=True)


def _years_of(days: pd.Series) -> list[str]:
    return sorted({academic_year(day.date()) for day in days.drop_duplicates()}, reverse=True)


def _asked(chosen: list[str]) -> Asked:
    return Asked(tuple(chosen), Period(chosen[0]).bounds[0], Period(chosen[-1]).bounds[1])


def _before(newest: str) -> list[str]:
    return [previous_year(newest, back) for back in reversed(range(1, YEARS_TOGETHER))] + [newest]
