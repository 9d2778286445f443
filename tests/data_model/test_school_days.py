"""Counting school days from a day: against a hand-worked table, a slow loop, and what always holds."""

from datetime import date, timedelta

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from data_model.columns import closure_days
from data_model.school_days import Due, school_days_after

LA, SCHOOL = 999, 900001
TERMS = [
    (LA, "2025-09-02", "2025-12-19", "2025-10-27/2025-10-31; 2025-11-28"),
    (LA, "2026-01-05", "2026-03-27", "2026-02-16/2026-02-20"),
    (SCHOOL, "2025-09-04", "2025-12-17", "2025-10-20/2025-10-31"),
]


def term_dates(rows: list[tuple[int, str, str, str]]) -> pd.DataFrame:
    frame = pd.DataFrame(rows, columns=["applies_to", "first_day", "last_day", "closures"])
    return frame.assign(first_day=pd.to_datetime(frame["first_day"]), last_day=pd.to_datetime(frame["last_day"]))


@pytest.mark.parametrize(
    ("day", "number", "urn", "expected", "by_term_dates"),
    [
        ("2025-09-08", 10, -1, "2025-09-22", True),  # ten plain school days
        ("2025-10-17", 10, -1, "2025-11-07", True),  # over half term
        ("2025-10-17", 10, SCHOOL, "2025-11-14", True),  # the school's own two weeks
        ("2025-10-25", 1, -1, "2025-11-03", True),  # from a Saturday before half term
        ("2025-11-27", 1, -1, "2025-12-01", True),  # over an INSET day
        ("2025-12-12", 10, -1, "2026-01-09", True),  # over Christmas
        ("2025-12-19", 1, -1, "2026-01-05", True),  # from the last day of term
        ("2026-03-20", 10, -1, "2026-04-03", False),  # term dates end first: weekdays
        ("2025-08-29", 10, -1, "2025-09-12", False),  # before the first that is loaded
        ("2025-12-12", 10, SCHOOL, "2025-12-26", False),  # the school's own end first: bank holidays are not known
        ("2030-06-01", 1, -1, "2030-06-03", False),  # a Saturday, nothing loaded
    ],
)
def test_days_that_were_counted_by_hand(day: str, number: int, urn: int, expected: str, by_term_dates: bool) -> None:
    found = school_days_after(date.fromisoformat(day), number, term_dates(TERMS), urn)
    assert found == Due(date.fromisoformat(expected), by_term_dates)


def test_without_term_dates_weekdays_are_counted() -> None:
    assert school_days_after(date(2025, 10, 17), 10, term_dates([])) == Due(date(2025, 10, 31), False)


def is_open(day: date, row: tuple[int, str, str, str]) -> bool:
    _, first, last, closures = row
    closed = any(start <= day <= end for start, end in closure_days(closures))
    return first <= day.isoformat() <= last and day.weekday() < 5 and not closed


DAYS = st.dates(date(2025, 8, 1), date(2026, 5, 1))


@given(DAYS, st.integers(1, 30), st.sampled_from([-1, SCHOOL]))
def test_exactly_so_many_school_days_lie_between(day: date, number: int, urn: int) -> None:
    found = school_days_after(day, number, term_dates(TERMS), urn)
    own = [row for row in TERMS if row[0] == (SCHOOL if urn == SCHOOL else LA)]
    days = [day + timedelta(days=each + 1) for each in range((found.day - day).days)]
    if found.by_term_dates:
        counted = [each for each in days if any(is_open(each, row) for row in own)]
    else:
        counted = [each for each in days if each.weekday() < 5]
    assert len(counted) == number
    assert counted[-1] == found.day


@given(DAYS, st.integers(1, 30))
def test_a_later_day_is_never_due_earlier_and_one_more_is_always_later(day: date, number: int) -> None:
    dates = term_dates(TERMS)
    found, next_day = school_days_after(day, number, dates), school_days_after(day + timedelta(days=1), number, dates)
    one_more = school_days_after(day, number + 1, dates)
    assert found.day > day
    if found.by_term_dates and next_day.by_term_dates:
        assert next_day.day >= found.day
    if found.by_term_dates == one_more.by_term_dates:
        assert one_more.day > found.day
