"""School years as an LA might set them."""

import numpy as np
import pytest

from data_model.columns import closure_days
from data_model.terms import academic_year, term_of
from sample_data.calendars import CALENDARS, LA, LONG_OCTOBER, Calendars, school_year

YEARS = range(2020, 2030)


@pytest.mark.parametrize("calendar", CALENDARS)
@pytest.mark.parametrize("year", YEARS)
def test_pupils_have_190_days_and_every_day_is_in_the_term_that_dfe_says(year: int, calendar: int) -> None:
    terms = school_year(year, calendar)
    days = [day for term in terms for day in term.days.astype(object)]
    assert 186 <= len(days) <= 190
    assert calendar == LONG_OCTOBER or len(days) == 190
    assert all(day.weekday() < 5 and academic_year(day) == f"{year}{(year + 1) % 100:02d}" for day in days)
    assert all(term_of(day) == term.term for term in terms for day in term.days.astype(object))


@pytest.mark.parametrize("year", YEARS)
def test_terms_have_a_half_term_and_their_text_reads_back(year: int) -> None:
    for term in school_year(year, LA):
        assert tuple(closure_days(term.closures_text)) == term.closures
        assert any((last - first).days == 4 for first, last in term.closures)
        assert all(term.first <= first <= last <= term.last for first, last in term.closures)


def test_school_days_are_counted_on_and_end_with_the_sample() -> None:
    calendars = Calendars(2024, 2)
    friday = np.array(["2025-07-11", "2026-07-17", "2024-10-26"], dtype="datetime64[D]")
    later = calendars.later(friday, np.array([5, 1, 0]))
    assert str(later[0]) == "2025-09-02", "five school days on: over the summer and the training day"
    assert np.isnat(later[1]), "the sample ends here"
    assert str(later[2]) == "2024-11-05", "the first day after half term and the training day after it"
    assert calendars.term_of(later[:1]).tolist() == [0]
    assert calendars.year_of(later[:1]).tolist() == [1]
