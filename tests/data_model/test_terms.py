"""Academic years from 1 August, and DfE's terms by Easter."""

from datetime import date, timedelta
from itertools import pairwise

import pandas as pd
import pytest
from dateutil.easter import easter
from hypothesis import given
from hypothesis import strategies as st

from data_model.terms import (
    TERMS,
    Period,
    Term,
    academic_year,
    periods_of,
    term_bounds,
    term_of,
    terms_between,
    year_bounds,
    year_starting,
)

DAYS = st.dates(date(1990, 1, 1), date(2100, 12, 31))


@pytest.mark.parametrize(
    ("day", "period"),
    [
        ("2024-07-31", "202324-SUM"),
        ("2024-08-01", "202425-AUT"),
        ("2024-12-31", "202425-AUT"),
        ("2025-01-01", "202425-SPR"),
        ("2024-02-29", "202324-SPR"),
        ("2024-03-31", "202324-SPR"),  # Easter Sunday 2024
        ("2024-04-01", "202324-SUM"),
        ("2025-04-20", "202425-SPR"),  # Easter Sunday 2025
        ("2025-04-21", "202425-SUM"),
        ("2026-04-05", "202526-SPR"),  # Easter Sunday 2026
        ("2026-04-06", "202526-SUM"),
        ("2019-04-21", "201819-SPR"),  # Easter Sunday 2019
        ("2008-03-23", "200708-SPR"),  # the earliest Easter for a century
        ("2008-03-24", "200708-SUM"),
        ("1999-12-31", "199900-AUT"),
    ],
)
def test_the_term_of_a_day(day: str, period: str) -> None:
    assert str(Period.of(date.fromisoformat(day))) == period


@pytest.mark.parametrize("year", range(1990, 2101))
def test_spring_ends_on_easter_sunday(year: int) -> None:
    sunday = easter(year)
    assert (term_of(sunday), term_of(sunday + timedelta(days=1))) == (Term.SPR, Term.SUM)
    assert term_bounds(year_starting(year - 1), Term.SPR)[1] == sunday


@given(DAYS)
def test_a_day_lies_in_its_own_term_and_in_no_other(day: date) -> None:
    year = academic_year(day)
    holding = [term for term in TERMS if term_bounds(year, term)[0] <= day <= term_bounds(year, term)[1]]
    assert holding == [term_of(day)]
    assert year_bounds(year)[0] <= day <= year_bounds(year)[1]


@given(st.integers(1990, 2099))
def test_the_terms_of_a_year_follow_each_other_without_a_gap(start: int) -> None:
    year = year_starting(start)
    bounds = [term_bounds(year, term) for term in TERMS]
    assert (bounds[0][0], bounds[-1][1]) == year_bounds(year)
    assert all(later[0] - before[1] == timedelta(days=1) for before, later in pairwise(bounds))


@given(DAYS, st.integers(0, 1500))
def test_the_terms_between_two_days_are_those_of_the_days_between(first: date, length: int) -> None:
    last = first + timedelta(days=length)
    found = [str(period) for period in terms_between(first, last)]
    days = (first + timedelta(days=number) for number in range(length + 1))
    assert found == list(dict.fromkeys(str(Period.of(day)) for day in days))


@given(st.lists(st.none() | DAYS, max_size=12))
def test_the_terms_of_many_days_are_those_of_each(days: list[date | None]) -> None:
    found = periods_of(pd.Series(days, dtype="datetime64[s]"))
    told = found.astype(object).where(found.notna(), None).itertuples(index=False, name=None)
    assert list(told) == [(academic_year(day), str(term_of(day))) if day else (None, None) for day in days]


@pytest.mark.parametrize("text", ["202526-AUT", "202526", " 202526-spr "])
def test_a_period_is_read_as_it_is_written(text: str) -> None:
    assert str(Period.parse(text)) == text.strip().upper()


@pytest.mark.parametrize("text", ["", "2025", "202527", "202526-WIN", "999900", "202526-AUT-1", "٢٠٢٥٢٦", "²²²²²²"])
def test_what_is_no_period_is_refused_in_a_sentence(text: str) -> None:
    with pytest.raises(ValueError, match=r"^A period is written like 202526-AUT"):
        Period.parse(text)
