"""Term dates that an English local authority might set, and the school days that follow from them."""

from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np
from dateutil.easter import easter

from data_model.terms import year_starting
from sample_data.arrays import Array

LA, LONG_OCTOBER, OTHER_TRAINING_DAYS = range(3)
"""The calendars: the local authority's, and those of two schools with dates of their own."""
CALENDARS = (LA, LONG_OCTOBER, OTHER_TRAINING_DAYS)
_PUPIL_DAYS = 190  # the school year that regulations ask of maintained schools
# One-off bank holidays on school days: the Queen's funeral and the coronation.
_EXTRA_HOLIDAYS = (date(2022, 9, 19), date(2023, 5, 8))

Span = tuple[date, date]


@dataclass(frozen=True)
class SchoolTerm:
    """One term as a calendar prints it: its first and last day, and what is closed between."""

    term: str
    first: date
    last: date
    closures: tuple[Span, ...]

    @property
    def days(self) -> Array:
        """The days on which pupils attend."""
        days = np.arange(np.datetime64(self.first), np.datetime64(self.last) + 1)
        days = days[np.is_busday(days)]
        for first, last in self.closures:
            days = days[(days < np.datetime64(first)) | (days > np.datetime64(last))]
        return days

    @property
    def closures_text(self) -> str:
        """The closures as the term dates file holds them."""
        return "; ".join(str(first) if first == last else f"{first}/{last}" for first, last in self.closures)


def school_year(year: int, calendar: int) -> tuple[SchoolTerm, SchoolTerm, SchoolTerm]:
    """The three terms of the academic year that starts in `year`. DfE's terms and these hold the same school days."""
    autumn, spring = _autumn(year, calendar), _spring(year + 1, calendar)
    so_far = len(autumn.days) + len(spring.days)
    return autumn, spring, _summer(year + 1, calendar, _PUPIL_DAYS - so_far)


def _autumn(year: int, calendar: int) -> SchoolTerm:
    first = date(year, 9, 1)
    if first.weekday() > 3:
        first = _monday_after(first)
    half_term = _last_monday(year, 10)
    weeks = 2 if calendar == LONG_OCTOBER else 1
    closures = [(first, first)]
    if calendar == OTHER_TRAINING_DAYS:
        closures.append((half_term - timedelta(days=3), half_term - timedelta(days=3)))
    closures.append((half_term, half_term + timedelta(days=7 * weeks - 3)))
    if calendar == LA:
        after = half_term + timedelta(days=7)
        closures.append((after, after))
    last = date(year, 12, 20)
    return _term("AUT", first, last - timedelta(days=max(last.weekday() - 4, 0)), closures)


def _spring(year: int, calendar: int) -> SchoolTerm:
    first = date(year, 1, 4)
    if first.weekday() > 4:
        first = _monday_after(first)
    half_term = date(year, 2, 1) + timedelta(days=-date(year, 2, 1).weekday() % 7 + 14)
    closures = [(half_term, half_term + timedelta(days=4))]
    if calendar != OTHER_TRAINING_DAYS:
        closures.insert(0, (first, first))
    return _term("SPR", first, _end_of_spring(year), closures)


def _end_of_spring(year: int) -> date:
    """The Thursday before an early Good Friday, else the Friday nine days before Easter Sunday."""
    sunday: date = easter(year)
    return sunday - timedelta(days=3 if sunday <= date(year, 4, 6) else 9)


def _summer(year: int, calendar: int, pupil_days: int) -> SchoolTerm:
    """From two weeks and a weekend after the spring term, until pupils have had their days, within July."""
    first = _monday_after(_end_of_spring(year) + timedelta(days=14))
    may_day = _monday_after(date(year, 4, 30))
    half_term = _last_monday(year, 5)
    closures = [(may_day, may_day), (half_term, half_term + timedelta(days=4))]
    if calendar == OTHER_TRAINING_DAYS:
        closures.append((half_term + timedelta(days=7), half_term + timedelta(days=7)))
    longest = _term("SUM", first, date(year, 7, 26), closures).days
    last: date = longest[min(pupil_days, len(longest)) - 1].astype(object)
    return _term("SUM", first, last, closures)


def _term(term: str, first: date, last: date, closures: list[Span]) -> SchoolTerm:
    extra = [(day, day) for day in _EXTRA_HOLIDAYS if first <= day <= last]
    return SchoolTerm(term, first, last, tuple(sorted(closures + extra)))


def _monday_after(day: date) -> date:
    return day + timedelta(days=7 - day.weekday())


def _last_monday(year: int, month: int) -> date:
    last = date(year, month, 31)
    return last - timedelta(days=last.weekday())


class Calendars:
    """School days by calendar, year and term. Years count from the first one of the sample, terms from autumn.

    `days[calendar, year, term, n]` is the nth school day of a term (NaT past its end) and `lengths` says how many it
    has; `all_days[calendar]` holds every school day of the sample.
    """

    def __init__(self, first_year: int, years: int) -> None:
        self.first_year = first_year
        self.years = years
        self.terms = {
            (calendar, year): school_year(first_year + year, calendar)
            for calendar in CALENDARS
            for year in range(years)
        }
        self.lengths = np.zeros((len(CALENDARS), years, 3), dtype=np.int64)
        self.days = np.full((len(CALENDARS), years, 3, 90), np.datetime64("NaT"), dtype="datetime64[D]")
        for (calendar, year), terms in self.terms.items():
            for number, term in enumerate(terms):
                self.lengths[calendar, year, number] = len(term.days)
                self.days[calendar, year, number, : len(term.days)] = term.days
        self.all_days = [
            np.concatenate([term.days for year in range(years) for term in self.terms[calendar, year]])
            for calendar in CALENDARS
        ]

    @property
    def last_day(self) -> np.datetime64:
        """The last school day of the local authority's last year: what "now" is in the sample."""
        day: np.datetime64 = self.all_days[LA][-1]
        return day

    @property
    def first_days(self) -> Array:
        """1 September of each year."""
        return np.array([f"{self.first_year + year}-09-01" for year in range(self.years)], dtype="datetime64[D]")

    def year_of(self, days: Array) -> Array:
        """The year that each day falls in, from 1 August on."""
        months = days.astype("datetime64[M]").astype(np.int64)
        return np.asarray((months + 1970 * 12 - 7) // 12 - self.first_year)

    def term_of(self, days: Array) -> Array:
        """The term of each school day: autumn to December, spring until Easter, summer after it."""
        # A week's grace: calendars start on different days, and every holiday between terms is longer than that.
        return np.asarray((np.searchsorted(self._term_starts, days + 7, side="right") - 1) % 3)

    def next_term(self, days: Array) -> Array:
        """The first school day of the term after each day; NaT past the sample's end."""
        starts = np.r_[self._term_starts, np.datetime64("NaT")]
        return np.asarray(starts[np.searchsorted(self._term_starts, days, side="right")])

    @property
    def _term_starts(self) -> Array:
        return self.days[LA, :, :, 0].ravel()

    def later(self, days: Array, school_days: Array, calendar: int = LA) -> Array:
        """The school day that many after each day (0: the day itself, or the first one after it); NaT past the end."""
        all_days = self.all_days[calendar]
        at = np.searchsorted(all_days, days) + school_days
        inside = at < len(all_days)
        return np.where(inside, all_days[np.minimum(at, len(all_days) - 1)], np.datetime64("NaT"))

    def earlier(self, days: Array, school_days: Array) -> Array:
        """The LA's school day that many before each day; the first one of the sample where that would lie before it."""
        at = np.searchsorted(self.all_days[LA], days) - school_days
        return np.asarray(self.all_days[LA][np.clip(at, 0, len(self.all_days[LA]) - 1)])

    def label(self, year: int) -> str:
        """The academic year as data files write it: `202526`."""
        return year_starting(self.first_year + year)
