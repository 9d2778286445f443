"""`python -m analysis clocks`: the promised keys, the day, and what needs somebody."""

import json
from datetime import date

import pytest
from commands import Run
from sqlalchemy import Engine
from worlds import World

from data_model.store import writing

KEYS = [
    *("pupil_ref", "urn", "clock", "name", "state", "started", "due", "school_days_left", "met", "estimated"),
    "explanation",
]


@pytest.fixture
def one_child(empty_database: Engine) -> None:
    """Excluded for good on Tuesday, 4 November 2025, of which the board is told that day."""
    with writing(empty_database) as connection:
        world = World(connection)
        world.school(900001)
        dates = {"first_day": date(2025, 9, 2), "last_day": date(2025, 12, 19), "closures": "2025-10-27/2025-10-31"}
        world.save("term_dates", applies_to=999, academic_year="202526", term="AUT", **dates)
        world.exclusion(900001, "2025-11-04", pupil="C-1", gb_notified_date=date(2025, 11, 4), ncyg="9")


def test_clocks_of_a_day_as_json(one_child: None, run: Run) -> None:
    ran = run("clocks --on 2025-11-20 --json")
    said = "Deadlines run to 20 November 2025, and what was done after 4 November 2025 is not known.\n"
    assert (ran.code, ran.err) == (0, said)
    rows = json.loads(ran.out)
    assert [list(row) for row in rows] == [KEYS, KEYS]
    day_6, board = rows
    assert (day_6["clock"], day_6["state"], day_6["due"]) == ("day_6_exclusion", "late", "2025-11-12")
    assert (board["clock"], board["state"], board["due"]) == ("board_must_meet", "soon", "2025-11-25")
    assert (board["school_days_left"], board["started"], board["met"], board["urn"]) == (3, "2025-11-04", None, 900001)
    assert board["name"] == "Governing board must meet"
    assert "by 25 November 2025" in board["explanation"]


def test_without_a_day_the_demonstration_stands_on_the_last_of_its_data(one_child: None, run: Run) -> None:
    ran = run("clocks --json")
    assert (ran.err, json.loads(ran.out)) == ("", json.loads(run("clocks --on 2025-11-04 --json").out))


def test_of_several_authorities_the_note_says_how_far_the_data_of_each_go(empty_database: Engine, run: Run) -> None:
    with writing(empty_database) as connection:
        world = World(connection)
        world.exclusion(world.school(900001), "2025-11-04")
        world.exclusion(world.school(900002, la=331), "2025-09-09")
    assert "what was done after 9 September 2025 is not known" in run("clocks --on 2025-11-04").err


def test_those_that_need_somebody_alone(one_child: None, run: Run) -> None:
    soon = json.loads(run("clocks --on 2025-11-05 --attention --json").out)
    assert [row["clock"] for row in soon] == ["day_6_exclusion"], "the board has three weeks"
    assert len(json.loads(run("clocks --on 2025-11-20 --attention --json").out)) == 2
    assert json.loads(run("clocks --on 2027-11-22 --attention --json").out) == [], "long ago is missing, and not late"


def test_nothing_is_known_before_it_happened(one_child: None, run: Run) -> None:
    ran = run("clocks --on 2025-11-03 --json")
    assert json.loads(ran.out) == []
    assert ran.err == "No such clock is known of on 3 November 2025.\n"


def test_what_is_no_day_is_refused_in_one_sentence(one_child: None, run: Run) -> None:
    ran = run("clocks --on yesterday --json")
    assert (ran.code, ran.out) == (2, "")
    assert ran.err == "--on is a day such as 2026-03-31, not 'yesterday'.\n"
