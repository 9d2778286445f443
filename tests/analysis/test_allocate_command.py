"""`python -m analysis allocate`: the promised rows, on published figures alone too; wrong usage is one sentence."""

import json
from collections.abc import Callable

import pytest
from commands import Run
from sqlalchemy import Engine
from worlds import World

from analysis.command_line.allocate import COLUMNS
from data_model.store import writing

Allocate = Callable[[str], tuple[object, str, str]]


@pytest.fixture
def allocate(run: Run) -> Allocate:
    """The exit code of `allocate` with these words, and what it printed to stdout and to stderr."""

    def allocated(words: str) -> tuple[object, str, str]:
        ran = run(f"allocate {words}")
        return ran.code, ran.out, ran.err

    return allocated


@pytest.fixture
def loaded(empty_database: Engine) -> Engine:
    """Two secondaries, one with far more suspensions in 2024/25, and a primary with one."""
    with writing(empty_database) as connection:
        world = World(connection)
        for urn, phase, count in ((900001, "secondary", 60), (900002, "secondary", 4), (900003, "primary", 1)):
            world.school(urn, phase)
            for census in ("AUT", "SPR", "SUM"):
                world.roll(urn, 400, census=census)
            for number in range(count):
                world.suspension(urn, f"P{urn}{number}", "2024-10-01")
    return empty_database


@pytest.fixture
def published_year(empty_database: Engine) -> Engine:
    """DfE's figures of two schools of another authority, without a schools file."""
    with writing(empty_database) as connection:
        world = World(connection, ids={"upload": -1})
        world.sent("suspensions", [], "201617", "SUM")  # upload 0, which published rows of a world belong to
        for laestab, count in ((3314001, 90), (3314002, 12)):
            cells = {
                "la_code": 331,
                "laestab": laestab,
                "headcount": 900,
                "suspensions": count,
                "suspensions_marker": "",
            }
            world.published("school", str(laestab), "secondary", "201617", **cells)
    return empty_database


def test_json_is_the_promised_list(loaded: Engine, allocate: Allocate) -> None:
    code, out, err = allocate("--hours 30 --floor primary=20% --year 202425 --json")
    assert code == 0, err
    rows = json.loads(out)
    assert [list(row) for row in rows] == [list(COLUMNS)] * 3
    assert {row["urn"]: row["hours"] for row in rows} == {900001: 24, 900003: 6, 900002: 0}
    assert all(0 <= row["prevented_low"] <= row["prevented"] <= row["prevented_high"] for row in rows)
    assert rows[0]["la_code"] == "999" and rows[0]["comes_first"] is False
    assert "The floor for primary schools costs about " in err
    assert "Suspensions prevented are assumed, not measured (10 to 40%" in err


def test_the_newest_figures_are_taken_where_no_year_is_given(loaded: Engine, allocate: Allocate) -> None:
    newest = json.loads(allocate("--hours 9 --json")[1])
    assert newest == json.loads(allocate("--hours 9 --year 202425 --term AUT --json")[1])


def test_what_is_assumed_can_be_changed(loaded: Engine, allocate: Allocate) -> None:
    _, out, err = allocate("--hours 60 --ceiling 30 --visit 5 --prevents 20-20 --half 30 --year 202425 --json")
    first = json.loads(out)[0]
    assert first["hours"] == 30
    assert first["prevented"] == pytest.approx(first["next_count"] * 0.2 * 0.5)
    assert "20 to 20% of a school’s at most, half of that with 30 hours" in err


def test_published_figures_alone_are_enough(published_year: Engine, allocate: Allocate) -> None:
    code, out, err = allocate("--hours 30 --la 331 --json")
    assert code == 0, err
    rows = json.loads(out)
    assert [row["laestab"] for row in rows] == [3314001, 3314002]
    assert rows[0]["school_name"] == "School 3314001" and rows[0]["urn"] is None
    assert sum(row["hours"] for row in rows) == 30


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        ("", "Missing option '--hours'."),
        ("--hours many", "Invalid value for '--hours'"),
        ("--hours 0", "There are no hours to share out: give a number above 0."),
        ("--hours -5", "There are no hours to share out: give a number above 0."),
        ("--hours nan", "There are no hours to share out: give a number above 0."),
        (
            "--hours 9 --floor primary",
            "--floor is a phase (primary, secondary, special) and its share, such as primary=20%.",
        ),
        ("--hours 9 --floor nursery=20%", "--floor is a phase (primary, secondary, special) and its share"),
        ("--hours 9 --floor primary=lots", "The share of --floor primary is written 20% or 0.2, not 'lots'."),
        ("--hours 9 --floor primary=20", "The share of --floor primary is written 20% or 0.2, not '20'."),
        ("--hours 9 --floor primary=-1", "The floor for primary schools is not a share above 0% and up to 100%."),
        ("--hours 9 --floor primary=nan", "The floor for primary schools is not a share above 0% and up to 100%."),
        ("--hours 9 --floor primary=120%", "The floor for primary schools is not a share above 0% and up to 100%."),
        ("--hours 9 --floor primary=60% --floor secondary=0.5", "The floors for phases come to 110% of the hours"),
        ("--hours 9 --floor special=10%", "No hours can be kept for special schools: there are none with figures."),
        ("--hours 9 --prevents most", "--prevents is a range of percent such as 10-40, not 'most'."),
        ("--hours 9 --prevents 0-150", "What outreach could prevent is a share above 0% and up to 100%"),
        ("--hours 9 --half 0", "Outreach takes some hours to work: give a number above 0."),
        ("--hours 9 --term AUT", "--term says nothing without --year."),
        ("--hours 9 --year 2024", "--year is an academic year such as 202526, not '2024'."),
        ("--hours 9 --year 201011", "No suspensions are loaded for 2010/11, so nothing says where hours are needed."),
        ("--hours 9 --la 331", "Nothing is loaded, so nothing says where hours are needed."),
        ("--hours 9 --csv --json", "Choose one of --csv and --json."),
    ],
)
def test_wrong_usage_is_one_sentence_and_exit_2(loaded: Engine, allocate: Allocate, words: str, sentence: str) -> None:
    code, out, err = allocate(words)
    assert (code, out) == (2, "")
    assert err.startswith(sentence), err
    assert err.count("\n") == 1
