"""What the page of alternative provision asks for: one reading of the data, and the tables of it. No row is a pupil."""

from dataclasses import dataclass, replace
from datetime import date

import pandas as pd
from sqlalchemy import Connection

from access.scope import Scope
from analysis import queries
from analysis.alternative_provision import protected, went_wrong
from analysis.alternative_provision.masks import Hides
from analysis.alternative_provision.occupancy import occupancy
from analysis.alternative_provision.queries import Provision, provision, started_on
from analysis.alternative_provision.returns import Returns, returns
from analysis.alternative_provision.stays import groups, stays
from analysis.alternative_provision.stock_and_flow import by_collection, by_tier
from analysis.alternative_provision.sustained import FEWEST, JUDGED, SCHOOL_WEEKS, held, returned, share_held
from analysis.alternative_provision.waits import waits
from analysis.hiding.protection import HIDDEN
from data_model.settings import settings
from data_model.terms import Period, academic_year, previous_year, year_label, year_starting

YEARS_TOGETHER = 3


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
    read = placed(connection, scope, la, attendance, fewest)
    return None if read is None else told(read, split, year)


@dataclass(frozen=True, eq=False)
class Placed:
    """What every table of an authority is made from, with its returns as they are judged at each of SCHOOL_WEEKS, and
    what is hidden (None: nothing is)."""

    found: Provision
    judged: dict[int, pd.DataFrame]
    hides: Hides | None


def placed(connection: Connection, scope: Scope, la: int, attendance: float, fewest: int) -> Placed | None:
    """What the tables are made from, as in `provided`; None where there is nothing to say."""
    found = provision(connection, scope, la)
    if found is None or found.now is None or not len(found.placements):
        return None
    judged = judged_by(found, attendance, fewest)
    return Placed(found, judged, None if scope.full_figures else hides(connection, scope, la, found, judged))


def told(read: Placed, split: str, year: str | None) -> Provided:
    """The tables by a split, for a year or the latest together."""
    known = _every_year(read.found.placements["start_date"])
    newest = year if year in known else known[0]
    asked, latest = _asked([newest] if year else _together(newest, known)), _asked([newest])
    tables = _tables(read.found, read.judged, split, asked, latest)
    return tables if read.hides is None else _protected(read.found, tables, read.hides, split, latest)


def judged_by(found: Provision, attendance: float, fewest: int) -> dict[int, pd.DataFrame]:
    """All returns as they are judged at each of SCHOOL_WEEKS."""
    back = returned(stays(found))
    return {weeks: held(found, back, weeks, attendance, fewest) for weeks in SCHOOL_WEEKS}


def hides(connection: Connection, scope: Scope, la: int, found: Provision, judged: dict[int, pd.DataFrame]) -> Hides:
    """What is hidden of an authority from a scope that may not see small numbers."""
    records = queries.records(connection, scope.within(la))
    known = sorted(_every_year(found.placements["start_date"]))
    several = len(_together(known[-1], known))
    return Hides(found, judged, records, tuple(known), several, settings().small_number)


def use_is_hidden(found: Provision, providers: "pd.Series[str]", threshold: int) -> "pd.Series[bool]":
    """Of which providers, by their reference in the register, the page hides the use of places in its latest year."""
    known = _years_of(found.placements["start_date"])
    if not known:
        return pd.Series(False, index=providers.index)
    latest = _asked(known[:1])
    uses = protected.protected_uses(occupancy(found, latest.first, latest.last), threshold)
    hidden = uses[HIDDEN].ne("")
    # Those without places in that year are among the others there, whose reference is blank.
    row = providers.where(providers.isin(uses["ref"]), "")
    return row.isin(uses.loc[hidden, "ref"])


def _tables(found: Provision, judged: dict[int, pd.DataFrame], split: str, asked: Asked, latest: Asked) -> Provided:
    assert found.now, "nothing is said of a time without any event"
    stood_on = min(latest.last, found.now)
    rows = stays(found, asked.first, asked.last)
    back = {weeks: _ended_in(each, asked) for weeks, each in judged.items()}
    return Provided(
        asked,
        stood_on,
        by_collection(found, latest.first, stood_on),
        by_tier(found, latest.first, stood_on),
        occupancy(found, latest.first, latest.last),
        waits(found, asked.first, asked.last),
        returns(rows, split),
        lasted(back),
        lasted_by(back[JUDGED], split),
        went_wrong.signs(found, rows),
    )


def _protected(found: Provision, full: Provided, hides: Hides, split: str, latest: Asked) -> Provided:
    years, (newest,) = full.asked.years, latest.years
    uses = protected.protected_uses(full.occupancy, hides.threshold)
    return replace(
        full,
        collections=protected.protected_collections(full.collections, found, latest.first, full.stood_on, hides, uses),
        tiers=protected.protected_tiers(full.tiers, hides, newest),
        occupancy=uses,
        waits=protected.protected_waits(full.waits, hides, years),
        returns=protected.protected_returns(full.returns, hides, split, years),
        lasted=protected.protected_lasted(full.lasted, hides, years),
        lasted_by=protected.protected_lasted_by(full.lasted_by, hides, split, years),
        signs=protected.protected_signs(full.signs, hides, years),
    )


def lasted(judged: dict[int, pd.DataFrame]) -> pd.DataFrame:
    """How many returns lasted, a row for each of SCHOOL_WEEKS: `weeks, after` (in words), `count` that held of `out_of`
    due, `share` in percent with its range, those `not_due` yet, those due of whom attendance is `unknown`, `note`."""
    rows = [{"weeks": weeks, "after": f"{weeks} school weeks", **_lasted(own)} for weeks, own in judged.items()]
    return pd.DataFrame(rows).reindex(columns=["weeks", "after", *protected.LASTED])


def lasted_by(rows: pd.DataFrame, split: str) -> pd.DataFrame:
    """The same at one time by group: `group` and the columns of `lasted`."""
    table = pd.DataFrame([{"group": label, **_lasted(own)} for label, own in groups(rows, split)])
    return table.reindex(columns=["group", *protected.LASTED])


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


def _ended_in(rows: pd.DataFrame, asked: Asked) -> pd.DataFrame:
    within = rows["end_date"].between(pd.Timestamp(asked.first), pd.Timestamp(asked.last))
    return rows[within].reset_index(drop=True)


def _years_of(days: pd.Series) -> list[str]:
    return sorted({academic_year(day.date()) for day in days.drop_duplicates()}, reverse=True)


def _every_year(days: pd.Series) -> list[str]:
    """The years from the first of the days to the last, newest first. In one without any, others still came back."""
    years = _years_of(days)
    return [year_starting(year) for year in range(int(years[0][:4]), int(years[-1][:4]) - 1, -1)]


def _asked(chosen: list[str]) -> Asked:
    return Asked(tuple(chosen), Period(chosen[0]).bounds[0], Period(chosen[-1]).bounds[1])


def _together(newest: str, known: list[str]) -> list[str]:
    """The years that are told together with a year: those of the latest few that are known, oldest first."""
    return [year for back in reversed(range(YEARS_TOGETHER)) if (year := previous_year(newest, back)) in known]
