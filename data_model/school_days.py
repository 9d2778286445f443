"""Counting a number of school days from one day: by term dates, or by weekdays where none tell."""

from bisect import bisect_left, bisect_right
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Self

import numpy as np
import pandas as pd

from data_model.codes import SchoolTerm
from data_model.rules import LONGEST_HOLIDAY, school_days_of
from data_model.terms import Period


@dataclass(frozen=True)
class Due:
    """A day that was counted to. `by_term_dates` is false where weekdays were counted for want of term dates."""

    day: date
    by_term_dates: bool


@dataclass(frozen=True)
class _Area:
    """The school days of an LA or a school, sorted, the terms that they are in, and where a term is missing between.

    `run` numbers the school days by the stretches that no missing term parts.
    """

    days: tuple[date, ...]
    run: tuple[int, ...]
    terms: tuple[tuple[date, date, Period], ...]


@dataclass(frozen=True, eq=False)
class SchoolDays:
    """The school days of one LA and of its schools, read once; a school's own term dates come first.

    Where they do not reach from one day to the other without a gap, weekdays are counted, holidays or not.
    """

    areas: dict[int, _Area]
    _periods: dict[tuple[int, date], Period] = field(default_factory=dict, repr=False)

    @classmethod
    def of(cls, term_dates: pd.DataFrame) -> Self:
        """Of the term dates of one LA and its schools: the columns of the dataset."""
        days = {area: each for area, each in school_days_of(term_dates).items() if len(each)}
        return cls({area: _Area(_dates(each), _runs(each), _terms(term_dates, area)) for area, each in days.items()})

    def after(self, day: date, number: int, urn: int = -1) -> Due:
        """The `number`th school day after a day, which need not be a school day itself."""
        assert number > 0, "the day itself is not counted"
        area = self._of(urn)
        before = bisect_right(area.days, day) - 1 if area else -1
        if area and before >= 0 and _one_run(area, before, before + number):
            return Due(area.days[before + number], by_term_dates=True)
        return Due(_weekday(day, number, roll="backward"), by_term_dates=False)

    def counting(self, day: date, number: int, urn: int = -1) -> Due:
        """The `number`th school day from a day on: the day itself is the first, if it is a school day."""
        assert number > 0, "there is no school day before the first"
        area = self._of(urn)
        if area:
            first = bisect_left(area.days, day)
            known = first < len(area.days) and (area.days[first] == day or _one_run(area, first - 1, first))
            if known and _one_run(area, first, first + number - 1):
                return Due(area.days[first + number - 1], by_term_dates=True)
        return Due(_weekday(day, number - 1, roll="forward"), by_term_dates=False)

    def between(self, day: date, until: date, urn: int = -1, *, by_term_dates: bool = True) -> int:
        """How many school days come after one day, up to and with another; below 0 where that is the earlier one.

        With `by_term_dates` false weekdays are counted, as they are where term dates do not tell.
        """
        if until < day:
            return -self.between(until, day, urn, by_term_dates=by_term_dates)
        area = self._of(urn) if by_term_dates else None
        if area and _covered(area, day) and _covered(area, until):
            return bisect_right(area.days, until) - bisect_right(area.days, day)
        one = timedelta(days=1)
        return int(np.busday_count(np.datetime64(day + one, "D"), np.datetime64(until + one, "D")))

    def period(self, day: date, urn: int = -1) -> Period:
        """The year and term of a day: the school's own term, and by DfE's cut-offs between terms and without any.

        Those cut-offs (31 December, Easter Monday, 31 July) are also the law's for schools with more than three terms
        (School Discipline (Pupil Exclusions and Reviews) (England) Regulations 2012, "reference date").
        """
        # The clocks of an authority ask three hundred thousand times, about a thousand days.
        key = (urn if urn in self.areas else -1, day)
        if key not in self._periods:
            area = self._of(urn)
            own = (period for first, last, period in area.terms if first <= day <= last) if area else iter(())
            self._periods[key] = next(own, None) or Period.of(day)
        return self._periods[key]

    def _of(self, urn: int) -> _Area | None:
        return self.areas.get(urn) or self.areas.get(-1)


def school_days_after(day: date, number: int, term_dates: pd.DataFrame, urn: int = -1) -> Due:
    """The `number`th school day after `day`, which need not be a school day itself.

    `term_dates` are those of one LA and of its schools (the columns of the dataset); those of the school `urn` come
    first. Where they do not reach from `day` to that school day without a gap, weekdays are counted, holidays or not.
    """
    return SchoolDays.of(term_dates).after(day, number, urn)


def _date(day: date | pd.Timestamp) -> date:
    return day.date() if isinstance(day, pd.Timestamp) else day


def _dates(days: np.ndarray) -> tuple[date, ...]:
    return tuple(days.astype("datetime64[D]").tolist())


def _runs(days: np.ndarray) -> tuple[int, ...]:
    return tuple(np.cumsum(np.diff(days, prepend=days[:1]) > LONGEST_HOLIDAY).tolist())


def _terms(term_dates: pd.DataFrame, area: int) -> tuple[tuple[date, date, Period], ...]:
    own = term_dates[term_dates["applies_to"].eq(area) if area > 0 else term_dates["applies_to"].le(999)]
    if "term" not in own:
        return ()
    return tuple(
        (_date(row.first_day), _date(row.last_day), Period.parse(f"{row.academic_year}-{SchoolTerm(row.term)}"))
        for row in own.itertuples()
    )


def _one_run(area: _Area, first: int, last: int) -> bool:
    """Whether both are places of school days, with no missing term between them."""
    return first >= 0 and last < len(area.days) and area.run[first] == area.run[last]


def _covered(area: _Area, day: date) -> bool:
    """Whether term dates say anything of a day: it is a school day, or between two that no missing term parts."""
    after = bisect_left(area.days, day)
    return after < len(area.days) and (area.days[after] == day or _one_run(area, after - 1, after))


def _weekday(day: date, number: int, roll: str) -> date:
    found: date = np.busday_offset(np.datetime64(day, "D"), number, roll=roll).astype(object)  # type: ignore[call-overload]
    return found
