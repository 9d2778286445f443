"""This term so far, beside the same school day last year."""

from datetime import date

import pytest
from worlds import LA, World

from analysis.denominators import census_day
from analysis.so_far import SoFar, this_term_so_far
from data_model.terms import Term

SCHOOL = 900001


@pytest.fixture
def autumn(world: World) -> World:
    """An autumn that has run to 8 September 2025, and last autumn."""
    world.school(SCHOOL)
    for day in ("2024-09-03", "2024-09-06", "2024-09-09", "2024-12-02"):
        world.suspension(SCHOOL, "P1", day)
    for day in ("2025-09-03", "2025-09-08"):
        world.suspension(SCHOOL, "P1", day)
    return world


def so_far(world: World) -> SoFar:
    found = this_term_so_far(world.records, LA)
    assert found
    return found


def term(world: World, year: str, first: date, closures: str | None = None) -> None:
    dates = {"first_day": first, "last_day": date(first.year, 12, 19), "closures": closures}
    world.save("term_dates", applies_to=LA, academic_year=year, term="AUT", **dates)


def test_it_is_compared_by_the_las_school_days(autumn: World) -> None:
    term(autumn, "202425", date(2024, 9, 3), "2024-09-05")
    term(autumn, "202526", date(2025, 9, 2))
    found = so_far(autumn)
    assert (found.up_to, found.school_days) == (date(2025, 9, 8), 5)
    assert found.before_up_to == date(2024, 9, 10), "the fifth school day of last year: the 5th was a closure"
    assert found.day_kind == "school days by the LA's term dates"
    row = found.rows.set_index("phase").loc["total"]
    assert (row["suspensions"], row["suspensions_before"]) == (2, 3)


def test_without_term_dates_of_both_years_weekdays_are_counted(autumn: World) -> None:
    term(autumn, "202526", date(2025, 9, 2))
    found = so_far(autumn)
    assert (found.school_days, found.before_up_to) == (27, date(2024, 9, 6))
    assert found.day_kind == "weekdays since 1 August: no term dates are loaded for both years"
    assert found.rows["suspensions_before"].tolist() == [2, 2]


def test_it_says_how_many_schools_have_sent_data(autumn: World) -> None:
    assert so_far(autumn).rows["schools_sent"].isna().all(), "nothing says whose files came"
    autumn.school(900002)
    autumn.sent("suspensions", [SCHOOL], "202526", "AUT")
    row = so_far(autumn).rows.set_index("phase").loc["primary"]
    assert (row["schools_sent"], row["schools"]) == (1, 2)


def test_what_is_not_loaded_is_missing(autumn: World) -> None:
    row = so_far(autumn).rows.iloc[0]
    assert row[["permanent_exclusions", "permanent_exclusions_before"]].isna().all()
    autumn.exclusion(SCHOOL, "2025-09-05")
    row = so_far(autumn).rows.iloc[0]
    assert row["permanent_exclusions"] == 1
    assert row[["permanent_exclusions_before"]].isna().all()


def test_other_events_do_not_move_the_day(autumn: World) -> None:
    autumn.contact(SCHOOL, "2025-10-20")
    assert so_far(autumn).up_to == date(2025, 9, 8)


def test_without_suspensions_there_is_nothing_to_say(world: World) -> None:
    world.school(SCHOOL)
    assert this_term_so_far(world.records, LA) is None
    assert this_term_so_far(world.records, 331) is None


@pytest.mark.parametrize(
    ("year", "census", "day"),
    [
        ("202425", Term.AUT, date(2024, 10, 3)),
        ("202425", Term.SPR, date(2025, 1, 16)),
        ("202425", Term.SUM, date(2025, 5, 15)),
        ("202526", Term.AUT, date(2025, 10, 2)),
        ("202526", Term.SPR, date(2026, 1, 15)),
    ],
)
def test_census_days_are_dfes(year: str, census: Term, day: date) -> None:
    assert census_day(year, census) == day
