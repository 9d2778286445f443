"""Academic years and DfE's statistical terms.

The year starts on 1 August. Autumn is 1 August to 31 December, spring 1 January to Easter Sunday, summer Easter Monday
to 31 July, by the start date of the event, whatever the school's own terms are
(DfE, suspensions and permanent exclusions methodology).
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np
import pandas as pd
from dateutil.easter import easter

from data_model.labelled import Labelled


class Term(Labelled):
    """DfE's three terms, in the order of the year."""

    AUT = "AUT", "Autumn"
    SPR = "SPR", "Spring"
    SUM = "SUM", "Summer"


TERMS = tuple(Term)


def academic_year(day: date) -> str:
    """The academic year that a day falls in, as `202526`."""
    return year_starting(day.year if day.month >= 8 else day.year - 1)


def year_starting(calendar_year: int) -> str:
    """The academic year that starts on 1 August of a calendar year: 2025 gives `202526`."""
    return f"{calendar_year}{(calendar_year + 1) % 100:02d}"


def previous_year(year: str, by: int = 1) -> str:
    """The academic year `by` years before: `202526` gives `202425`."""
    return year_starting(int(year[:4]) - by)


def year_label(year: str) -> str:
    """`202526` as people write it: `2025/26`."""
    return f"{year[:4]}/{year[4:]}"


def year_bounds(year: str) -> tuple[date, date]:
    """The first and the last day of an academic year: 1 August and 31 July."""
    start = int(year[:4])
    return date(start, 8, 1), date(start + 1, 7, 31)


def term_of(day: date) -> Term:
    """DfE's term for an event that starts on this day."""
    if day.month >= 8:
        return Term.AUT
    return Term.SPR if day <= easter(day.year) else Term.SUM


def term_bounds(year: str, term: Term) -> tuple[date, date]:
    """The first and the last day of a term by DfE's cut-offs."""
    start = int(year[:4])
    sunday = easter(start + 1)
    match term:
        case Term.AUT:
            return date(start, 8, 1), date(start, 12, 31)
        case Term.SPR:
            return date(start + 1, 1, 1), sunday
        case Term.SUM:
            return sunday + timedelta(days=1), date(start + 1, 7, 31)


@dataclass(frozen=True, order=True)
class Period:
    """One term of one academic year, or with `term` None the whole year. Written `202526-AUT` or `202526`."""

    year: str
    term: Term | None = None

    def __str__(self) -> str:
        return f"{self.year}-{self.term}" if self.term else self.year

    @property
    def label(self) -> str:
        """As people say it: `Autumn 2025/26`, or `2025/26` for a whole year."""
        return f"{self.term.label} {year_label(self.year)}" if self.term else year_label(self.year)

    @property
    def bounds(self) -> tuple[date, date]:
        """The first and the last day."""
        return term_bounds(self.year, self.term) if self.term else year_bounds(self.year)

    @classmethod
    def parse(cls, text: str) -> "Period":
        """Read `202526-AUT` or `202526`. Raises ValueError with a sentence otherwise."""
        year, _, term = text.strip().upper().partition("-")
        right = re.fullmatch(r"(19|20)[0-9]{4}", year) and year == year_starting(int(year[:4]))
        if not right or (term and term not in TERMS):
            raise ValueError(f"A period is written like 202526-AUT (year, then AUT, SPR or SUM), not {text[:20]!r}.")
        return cls(year, Term(term) if term else None)

    @classmethod
    def of(cls, day: date) -> "Period":
        """The term that a day falls in."""
        return cls(academic_year(day), term_of(day))


def periods_of(days: pd.Series) -> pd.DataFrame:
    """The academic year and the term of each day: two category columns `academic_year, term` with the index of `days`.

    `days` is datetime64; a missing day gives missing values. Each distinct day is worked out once.
    """
    place, distinct = pd.factorize(days)
    found = [Period.of(day.date()) for day in pd.DatetimeIndex(distinct)]
    return pd.DataFrame(
        {
            "academic_year": _spread([period.year for period in found], place),
            "term": _spread([str(period.term) for period in found], place),
        },
        index=days.index,
    )


def _spread(values: list[str], place: np.ndarray) -> pd.Categorical:
    """Each row's value as a category; `place` says which of `values`, -1 for none."""
    codes, categories = pd.factorize(np.array(values, dtype=object), sort=True)
    return pd.Categorical.from_codes(np.append(codes, -1)[place], categories=categories)


def terms_between(first: date, last: date) -> Iterator[Period]:
    """Every term that has a day from `first` to `last`, in order."""
    period = Period.of(first)
    while period.bounds[0] <= last:
        yield period
        period = Period.of(period.bounds[1] + timedelta(days=1))


def in_words(day: date) -> str:
    """A day as people write it: `6 October 2025`. Not by strftime's `%-d`, which Windows does not know."""
    return f"{day.day} {day:%B %Y}"
