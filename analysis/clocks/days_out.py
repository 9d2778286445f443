"""The days that each suspension took a pupil out of school: which, and how many half days of each.

Sessions say how many half days were lost, never the dates. Where they are fewer than the school days between the dates
hold, the pupil was in school in between (a discontinuous suspension), and on which days is not recorded. They are then
taken from the first day on, which matters only where a suspension crosses from one term into the next.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

import pandas as pd

from data_model.codes import HalfDay, SuspensionCategory, SuspensionStatus
from data_model.school_days import SchoolDays

_AT_THE_ENDS = 2
"""Half days by which a suspension in a row may be shorter than its days hold: it began at noon, or ended then."""
AFTER_YEAR_11 = ("12", "13", "14")


@dataclass(frozen=True)
class Suspended:
    """A suspension as it was known on a day. `given` are its days and the half days of each, in order, and `out` those
    that it came to: of one that was cancelled, or ended by the governing board, the days before. Those do not stand.

    `estimated` is true where the day that it was cancelled or ended is not recorded: all of its days are then taken to
    have been spent out of school. `in_a_row`: its days have no school day between them on which the pupil was in
    school.
    """

    pupil: int
    urn: int
    first: date
    last: date
    given: tuple[tuple[date, int], ...]
    out: tuple[tuple[date, int], ...]
    in_a_row: bool
    stands: bool
    cancelled: bool
    considered: date | None
    day_6_start: date | None
    compulsory_age: bool
    estimated: bool


def suspended(rows: pd.DataFrame, calendar: SchoolDays, on: date) -> list[Suspended]:
    """The suspensions that had begun by a day, in order of their start; what is dated later is not known yet.

    `rows` are those of `table.Events`.
    """
    begun = rows[rows["start_date"].le(pd.Timestamp(on))].sort_values("start_date", kind="stable")
    return [_suspended(row, calendar, on) for row in begun.itertuples(index=False)]


def _suspended(row: Any, calendar: SchoolDays, on: date) -> Suspended:
    urn, sessions, first, last = int(row.urn), int(row.sessions), row.start_date.date(), known(row.end_date)
    lunchtime, from_noon = row.category == SuspensionCategory.LUNCHTIME, row.am_pm_start == HalfDay.AFTERNOON
    given = tuple(_fill(calendar, urn, first, last, sessions, 1 if lunchtime else 2, from_noon))
    cancelled, reinstated = row.status == SuspensionStatus.CANCELLED, row.status == SuspensionStatus.REINSTATED
    until = known(row.cancelled_date) if cancelled else known(row.gb_considered_date) if reinstated else None
    over = (cancelled or reinstated) and (until is None or until <= on)
    return Suspended(
        pupil=int(row.pupil),
        urn=urn,
        first=first,
        last=last or given[-1][0],
        given=given,
        out=tuple((day, half_days) for day, half_days in given if not (over and until) or day < until),
        in_a_row=not lunchtime and _in_a_row(calendar, urn, first, last, sessions),
        stands=not over,
        cancelled=over and cancelled,
        considered=known(row.gb_considered_date, on),
        day_6_start=known(row.day6_start, on),
        compulsory_age=row.ncyg not in AFTER_YEAR_11,
        estimated=over and until is None,
    )


def _fill(
    calendar: SchoolDays, urn: int, first: date, last: date | None, sessions: int, a_day: int, from_noon: bool
) -> Iterator[tuple[date, int]]:
    """The days and their half days, from the first on. What does not fit by the end is the last day's, and not lost."""
    day, left = calendar.counting(first, 1, urn).day, sessions
    fits = 1 if from_noon else a_day
    while left:
        following = calendar.after(day, 1, urn).day
        taken = left if last and following > last else min(left, fits)
        yield day, taken
        day, left, fits = following, left - taken, a_day


def _in_a_row(calendar: SchoolDays, urn: int, first: date, last: date | None, sessions: int) -> bool:
    """Whether the sessions fill the school days between the dates; so they are taken to where no term dates tell."""
    if last is None:
        return True
    ends = calendar.counting(first, 1, urn), calendar.counting(last, 1, urn)
    if not all(end.by_term_dates for end in ends):
        return True
    days = calendar.between(first, last, urn) + (ends[0].day == first)
    return 2 * days - sessions <= _AT_THE_ENDS


def known(day: Any, on: date = date.max) -> date | None:
    """A day that is recorded and not after another; else None."""
    if pd.isna(day):
        return None
    found: date = day.date()
    return found if found <= on else None
