"""This term so far, beside the same school day last year."""

from dataclasses import dataclass
from datetime import date

import numpy as np
import numpy.typing as npt
import pandas as pd

from analysis.denominators import HEADLINE
from analysis.loaded import schools_open, schools_sent
from analysis.records import Records, counted_by_dfe
from data_model.codes import Phase
from data_model.rules import school_days_of
from data_model.terms import Period, Term, previous_year

TOTAL = "total"
"""The phase of a headline row: primary, secondary and special schools together."""


@dataclass(frozen=True, eq=False)
class SoFar:
    """How one LA's current term compares with last year's after as many school days.

    `rows`, by phase and for the headline `total`: `phase, suspensions, suspensions_before, permanent_exclusions,
    permanent_exclusions_before, schools, schools_sent`. A figure is missing where its term is not loaded, and
    `schools_sent` where nothing says which schools' files came. `day_kind` says what days were counted, and
    `days_left` how many of them the term still has.
    """

    period: Period
    up_to: date
    before: Period
    before_up_to: date
    school_days: int
    days_left: int
    day_kind: str
    rows: pd.DataFrame


def this_term_so_far(records: Records, la: int) -> SoFar | None:
    """The term of the LA's last suspension, up to that day, against last year; None where there is no suspension.

    The last suspension and not the last event of any kind sets the day: suspensions that were not sent yet are not 0.
    """
    own = records.by_la.get(la)
    if own is None or own.deciding.suspensions.empty:
        return None
    if ("so far", la) not in own.kept:
        own.kept["so far", la] = _so_far(own, la)
    found: SoFar = own.kept["so far", la]
    return found


def _so_far(own: Records, la: int) -> SoFar:
    up_to = own.deciding.suspensions["start_date"].max().date()
    period = Period.of(up_to)
    before = Period(previous_year(period.year), period.term)
    count, left, before_up_to, day_kind = _same_school_day(own, la, period, before, up_to)
    rows = [_row(own, str(phase), (period, up_to), (before, before_up_to)) for phase in (*Phase, TOTAL)]
    there = pd.DataFrame([row for row in rows if row["schools"]])
    if own.protection is not None:
        # Nobody is shown these: what is compared is counted, and protected, by headlines.
        there = there.assign(**dict.fromkeys([column for column in there if column[:5] in ("suspe", "perma")]))
    return SoFar(period, up_to, before, before_up_to, count, left, day_kind, there)


def _row(records: Records, phase: str, now: tuple[Period, date], then: tuple[Period, date]) -> dict[str, object]:
    phases = [str(p) for p in HEADLINE] if phase == TOTAL else [phase]
    schools = schools_open(records, now[1], None)
    schools = schools[schools["phase"].isin(phases)]
    sent = schools_sent(records, "suspensions", now[0])
    exclusions, decided = counted_by_dfe(records.permanent_exclusions), "head_decision_date"
    return {
        "phase": phase,
        "suspensions": _until(records.suspensions, "start_date", phases, *now),
        "suspensions_before": _if_loaded(records, "suspensions", then, records.suspensions, "start_date", phases),
        "permanent_exclusions": _if_loaded(records, "permanent_exclusions", now, exclusions, decided, phases),
        "permanent_exclusions_before": _if_loaded(records, "permanent_exclusions", then, exclusions, decided, phases),
        "schools": len(schools),
        "schools_sent": None if sent is None else int(schools["urn"].isin(sent).sum()),
    }


def _until(frame: pd.DataFrame, day: str, phases: list[str], period: Period, last: date) -> int:
    first = pd.Timestamp(period.bounds[0])
    return int((frame[day].between(first, pd.Timestamp(last)) & frame["phase"].isin(phases)).sum())


def _if_loaded(
    records: Records, dataset: str, then: tuple[Period, date], frame: pd.DataFrame, day: str, phases: list[str]
) -> int | None:
    return _until(frame, day, phases, *then) if then[0] in records.loaded[dataset] else None


def same_school_day(own: Records, la: int, period: Period, day: date) -> date:
    """The day by which the same term of the year before had had as many school days as `period` has by `day`."""
    return _same_school_day(own, la, period, Period(previous_year(period.year), period.term), day)[2]


def _same_school_day(
    records: Records, la: int, period: Period, before: Period, up_to: date
) -> tuple[int, int, date, str]:
    """How many school days the term has had and has left, the day by which last year's had as many, and their kind."""
    own = records.term_dates[records.term_dates["applies_to"].eq(la)]
    days = school_days_of(own).get(-1, np.array([], dtype="datetime64[D]"))
    kind = "school days by the LA's term dates"
    if not (_in_term(days, period).size and _in_term(days, before).size):
        days, kind = (
            _weekdays(before, period),
            f"weekdays since {_first(period)}: no term dates are loaded for both years",
        )
    now, then = _in_term(days, period), _in_term(days, before)
    count = int(np.searchsorted(now, np.datetime64(up_to), side="right"))
    last = then[min(count, then.size) - 1] if count else np.datetime64(before.bounds[0])
    return count, now.size - count, last.astype("datetime64[D]").item(), kind


def _in_term(days: npt.NDArray[np.datetime64], period: Period) -> npt.NDArray[np.datetime64]:
    first, last = period.bounds
    return days[(days >= np.datetime64(first)) & (days <= np.datetime64(last))]


def _weekdays(before: Period, period: Period) -> npt.NDArray[np.datetime64]:
    days = np.arange(np.datetime64(before.bounds[0]), np.datetime64(period.bounds[1]) + 1)
    return days[np.is_busday(days)]


def _first(period: Period) -> str:
    return {Term.AUT: "1 August", Term.SPR: "1 January", Term.SUM: "Easter Monday"}[period.term or Term.AUT]
