"""What a period is compared with: the same one a year before, to the same school day while it runs."""

from datetime import date, timedelta

import pytest
from worlds import LA, World

from analysis.as_at import as_at
from analysis.every_school.figures import every_school
from analysis.overview import figures as overview
from analysis.year_before import is_running, records_then, year_before
from data_model.terms import Period, Term

AUTUMN, BEFORE = Period("202526", Term.AUT), Period("202425", Term.AUT)
SCHOOL = 900001


@pytest.fixture
def authority(world: World) -> World:
    """A secondary with a suspension every Monday: in the whole autumn of 2024, and in that of 2025 to 6 October.

    By weekdays from 1 August, 6 October 2025 is the 47th, and 4 October 2024 was.
    """
    world.school(SCHOOL, "secondary")
    for year in ("202425", "202526"):
        world.roll(SCHOOL, 500, year=year, census="AUT")
    for first, weeks in ((date(2024, 9, 2), 15), (date(2025, 9, 1), 6)):
        for week in range(weeks):
            world.suspension(SCHOOL, f"P{week}", (first + timedelta(days=7 * week)).isoformat())
    return world


def test_a_term_that_runs_is_compared_to_the_same_school_day(authority: World) -> None:
    then = year_before(authority.records, LA, AUTUMN)
    assert then.period == BEFORE
    assert then.running is not None
    assert (then.running.up_to, then.running.before_up_to) == (date(2025, 10, 6), date(2024, 10, 4))
    assert then.words == "by the same school day last year"


def test_only_what_had_happened_by_then_is_counted(authority: World) -> None:
    rows = overview.headlines(authority.records, LA, AUTUMN).rows.set_index(["measure", "phase"])
    assert rows.loc[("suspension_rate", "total"), ["count", "count_before"]].tolist() == [6, 5]
    schools = every_school(authority.records, LA, "suspension_rate", AUTUMN).rows
    assert schools[["count", "count_before", "change"]].to_numpy().tolist() == [[6, 5, pytest.approx(0.2)]]


def test_a_year_that_runs_is_compared_to_the_same_school_day_too(authority: World) -> None:
    rows = overview.headlines(authority.records, LA, Period("202526")).rows.set_index(["measure", "phase"])
    assert rows.loc[("suspension_rate", "total"), "count_before"] == 5


def test_a_term_that_is_over_is_compared_whole(authority: World) -> None:
    then = year_before(authority.records, LA, BEFORE)
    assert (then.period, then.running) == (Period("202324", Term.AUT), None)
    assert then.words == "in Autumn 2023/24"
    assert not is_running(authority.records, LA, BEFORE)


def test_a_term_without_a_week_left_is_over(authority: World) -> None:
    for year, first in (("202425", "2024-09-02"), ("202526", "2025-09-01")):
        dates = {"first_day": date.fromisoformat(first), "last_day": date(int(first[:4]), 10, 9)}
        authority.save("term_dates", applies_to=LA, academic_year=year, term="AUT", **dates)
    assert not is_running(authority.records, LA, AUTUMN)
    assert is_running(authority.records, LA, Period("202526")), "the year goes on"


def test_exclusions_are_compared_to_their_own_last_day(authority: World) -> None:
    for day in ("2024-10-20", "2025-10-20"):
        authority.exclusion(SCHOOL, day, "ANO")
    rows = overview.headlines(authority.records, LA, AUTUMN).rows.set_index(["measure", "phase"])
    decided = rows.loc[("permanent_exclusions_decided_rate", "total")]
    # 20 October 2025 is the 57th weekday, and the 57th of 2024 was before 20 October.
    assert decided[["count", "count_before"]].tolist() == [1, 0]
    assert rows.loc[("suspension_rate", "total"), "count_before"] == 5


def test_what_ended_later_was_open_then(authority: World) -> None:
    authority.placement(SCHOOL, "2024-09-10", "2024-11-01")
    authority.case(SCHOOL, "2024-11-05", "2024-12-01")
    then = as_at(authority.records, date(2024, 10, 7))
    assert then.placements["end_date"].isna().all()
    assert then.cases.empty
    assert len(then.suspensions) == 6
    assert len(authority.records.cases) == 1, "the records themselves stay as they are"


def test_nothing_is_compared_where_no_suspension_is_loaded(world: World) -> None:
    world.school(SCHOOL)
    assert year_before(world.records, LA, AUTUMN).running is None
    assert records_then(world.records, LA, AUTUMN, "suspensions") is world.records.by_la[LA]
