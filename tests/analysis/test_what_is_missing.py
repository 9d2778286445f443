"""Who has sent what, what is stale, what is still asked: the tables and the sentences over them."""

from datetime import date

import pytest
from sqlalchemy import insert
from worlds import LA, World

from access.scope import OutOfScope, Scope
from analysis.data_quality import agreement, freshness, sent_by_term, still_asked
from data_model.uploads import open_queries, upload_changes

pytestmark = pytest.mark.both_databases


@pytest.fixture
def three(world: World) -> World:
    """Three schools of which one is in no file of autumn."""
    for urn in (900001, 900002, 900003):
        world.school(urn, phase="secondary" if urn == 900003 else "primary")
        world.suspension(urn, f"P{urn}", "2025-10-06")
    world.sent("suspensions", [900001], "202526", "AUT", rows=12)
    world.sent("suspensions", [900002], "202526", "AUT", rows=0)
    return world


def test_who_has_sent_says_rows_nil_returns_and_gaps(three: World) -> None:
    found = sent_by_term(three.records, LA, "suspensions")
    assert found.sentence == (
        "Autumn 2025/26: 2 of 3 schools have sent suspensions (1 nil return among them); 1 is in no file"
    )
    assert found.terms == ("Autumn 2025/26",)
    assert found.table[["urn", "Autumn 2025/26"]].to_numpy().tolist() == [
        [900003, "in no file"],
        [900001, "1 row"],
        [900002, "nil return"],
    ]
    assert found.cells.to_numpy().tolist() == [
        ["School 900003", "Aut 25/26", "nothing"],
        ["School 900001", "Aut 25/26", "rows"],
        ["School 900002", "Aut 25/26", "nil"],
    ]


def test_who_has_sent_of_one_phase(three: World) -> None:
    found = sent_by_term(three.records, LA, "suspensions", phase="primary")
    assert found.sentence.startswith("Autumn 2025/26: 2 of 2 schools have sent suspensions")
    assert found.sentence.endswith("among them)")


def test_who_has_sent_where_nothing_was_loaded(three: World) -> None:
    found = sent_by_term(three.records, LA, "attendance")
    assert (found.terms, len(found.table), found.sentence) == (
        (),
        0,
        "Attendance: nothing has been loaded for any term",
    )
    assert sent_by_term(three.records, 331, "suspensions").terms == ()


def test_the_newest_six_terms_are_shown_oldest_first(three: World) -> None:
    for year in ("202223", "202324", "202425"):
        for term in ("AUT", "SPR", "SUM"):
            three.sent("suspensions", [900001], year, term)
    found = sent_by_term(three.records, LA, "suspensions")
    assert found.terms[0] == "Spring 2023/24"
    assert found.terms[-1] == "Autumn 2025/26"
    assert len(found.terms) == 6


def test_schools_of_one_name_are_told_apart(world: World) -> None:
    for urn in (900001, 900002):
        world.school(urn, school_name="St Wystan's")
    world.sent("suspensions", [900001, 900002], "202526", "AUT")
    found = sent_by_term(world.records, LA, "suspensions")
    assert sorted(found.table["school"]) == ["St Wystan's (900001)", "St Wystan's (900002)"]
    assert len(set(found.cells["school"])) == 2


def test_a_school_that_was_never_open_in_these_terms_is_left_out(three: World) -> None:
    three.school(900009, close_date=date(2020, 8, 31), status="closed")
    assert 900009 not in set(sent_by_term(three.records, LA, "suspensions").table["urn"])


def test_stale_is_more_than_one_term_old(world: World) -> None:
    world.school(900001)
    world.suspension(900001, "P1", "2026-06-01")
    world.exclusion(900001, "2026-02-02")
    world.placement(900001, "2025-09-10")
    found = freshness(world.connection, world.scope)
    states = found.table.set_index("dataset")["state"]
    assert states["suspensions"] == "Up to date"
    assert states["permanent_exclusions"] == "One term behind"
    assert states["ap_placements"] == "Stale: nothing since Autumn 2025/26"
    assert states["pupils"] == "Not loaded (it need not be)"
    assert states["outreach_cases"] == "Never loaded"
    assert found.sentence.startswith("Stale: Alternative provision placements; never loaded: ")


def _ask(world: World, upload_id: int, message: str = "Check the date.", **cells: object) -> None:
    given = {"upload_id": upload_id, "urn": 900001, "line": 7, "column_name": "start_date", "code": "Q-WEEKEND"}
    world.connection.execute(insert(open_queries).values(given | {"message": message, "key": ["a"]} | cells))


def test_open_questions_are_grouped_by_kind(three: World) -> None:
    upload = three.sent("suspensions", [900001], "202526", "SPR")
    for line in range(2, 9):
        _ask(three, upload, line=line, key=[line])
    _ask(three, upload, "Too many.", code="Q-OVER-15-DAYS", column_name="sessions", key=["b"])
    found = still_asked(three.connection, three.scope)
    assert found.sentence == "8 questions are still open, in 1 file"
    kinds = found.kinds[["dataset", "message", "rows", "files", "lines"]].to_numpy().tolist()
    assert kinds == [
        ["Suspensions", "Check the date.", 7, "a.csv", "2, 3, 4, 5, 6 and 2 more"],
        ["Suspensions", "Too many.", 1, "a.csv", "7"],
    ]
    assert len(found.rows) == 8


def test_a_question_is_answered_once_its_row_is_replaced(three: World) -> None:
    upload = three.sent("suspensions", [900001], "202526", "SPR")
    _ask(three, upload)
    later = three.sent("suspensions", [900001], "202526", "SPR")
    change = {"upload_id": later, "key": ["a"], "before": {}, "replaced_upload_id": upload}
    assert still_asked(three.connection, three.scope).sentence == "1 question is still open, in 1 file"
    three.connection.execute(insert(upload_changes).values(change))
    assert still_asked(three.connection, three.scope).sentence == "No question is open"


def test_open_questions_are_for_those_who_may_see_pupils(three: World) -> None:
    with pytest.raises(OutOfScope):
        still_asked(three.connection, Scope(frozenset({LA})))


def test_without_published_counts_nothing_is_compared(three: World) -> None:
    found = agreement(three.records, LA)
    assert (found.table.empty, found.sentence) == (True, "")
