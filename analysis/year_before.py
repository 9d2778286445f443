"""What a period is fairly compared with: the same one a year before, up to the same school day while it still runs."""

from dataclasses import dataclass
from datetime import date

import pandas as pd

from analysis.as_at import as_at
from analysis.records import Records, within
from analysis.so_far import SoFar, same_school_day, this_term_so_far
from data_model.terms import Period, Term, previous_year

_A_WEEK = 5
"""School days: a term that has fewer left after its last suspension is taken to be over."""

_DATED = {
    "suspensions": ("suspensions", "start_date"),
    "permanent_exclusions": ("permanent_exclusions", "head_decision_date"),
}


@dataclass(frozen=True, eq=False)
class YearBefore:
    """The period a year before. While ours still runs `running` is its term so far, and `day` its last day."""

    period: Period
    running: SoFar | None

    @property
    def words(self) -> str:
        """What ours is compared with, for a sentence: `in Autumn 2024/25`."""
        if self.running is None:
            return f"in {self.period.label}"
        return "by the same school day last year"


def year_before(records: Records, la: int, period: Period) -> YearBefore:
    """What a period of one local authority is compared with."""
    return YearBefore(Period(previous_year(period.year), period.term), _running(records, la, period))


def is_running(records: Records, la: int, period: Period) -> bool:
    """Whether the data ends before the period does, so that its figures are so far and not whole."""
    return _running(records, la, period) is not None


def _running(records: Records, la: int, period: Period) -> SoFar | None:
    so_far = this_term_so_far(records, la)
    if so_far is None or period not in (so_far.period, Period(so_far.period.year)):
        return None
    over = so_far.days_left < _A_WEEK and (period.term or so_far.period.term is Term.SUM)
    return None if over else so_far


def records_then(records: Records, la: int, period: Period, dataset: str) -> Records:
    """The records to count the year before from: all of them, or while the period runs those up to the same school day.

    The day is the last that `dataset` tells of: files of different kinds do not come on one day.
    """
    running = _running(records, la, period)
    own = records.by_la.get(la, records)
    if running is None:
        return own
    day = _last_day(own.deciding, running, dataset)
    return as_at(own, same_school_day(own, la, running.period, day))


def _last_day(own: Records, running: SoFar, dataset: str) -> date:
    ends = running.period.bounds[1]
    if dataset not in _DATED:
        return min(own.now or ends, ends)
    frame, column = _DATED[dataset]
    last = within(getattr(own, frame), column, running.period)[column].max()
    return running.up_to if pd.isna(last) else max(running.up_to, last.date())
