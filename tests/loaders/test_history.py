"""The uploads so far, header names that are remembered, and faults in groups."""

import pytest
from desk import Desk, suspensions

from access.scope import EVERYWHERE
from data_model.severity import Severity
from data_model.uploads import open_queries
from loaders.grouped import grouped, grouped_issues
from loaders.history import has_sample, past_uploads
from loaders.remember import forget_headers, remember_headers, remembered_headers
from loaders.report import Report

pytestmark = pytest.mark.both_databases

ROW = "P1,900001,2025-10-06,2025-10-06,2,SUSP,PP"


def test_past_uploads_are_told_newest_first_with_what_replaced_them(desk: Desk) -> None:
    first = desk.load("suspensions", suspensions(ROW)).upload_id
    second = desk.load("suspensions", suspensions(ROW.replace(",2,", ",1,"))).upload_id
    newest, older, *_ = past_uploads(desk.engine, EVERYWHERE, 10)
    assert (newest.upload_id, newest.rows_changed, newest.replaced_by) == (second, 1, ())
    assert (older.upload_id, older.rows_new, older.replaced_by) == (first, 1, (second,))
    assert (newest.uploaded_by, newest.period, newest.undone_at) == ("tester", "202526-AUT", None)
    assert len(past_uploads(desk.engine, EVERYWHERE, 1)) == 1


def test_an_undone_upload_stays_marked(desk: Desk) -> None:
    number = desk.load("suspensions", suspensions(ROW)).upload_id
    desk.undo(number)
    newest = past_uploads(desk.engine, EVERYWHERE, 1)[0]
    assert newest.undone_at is not None
    assert newest.undone_by == "tester"


def test_nothing_here_is_fictional(desk: Desk) -> None:
    assert not has_sample(desk.engine)


def test_headers_are_remembered_for_a_source_and_a_dataset(desk: Desk) -> None:
    remember_headers(desk.engine, "SIMS", "suspensions", {"why": "reason_1", "form": ""})
    remember_headers(desk.engine, "SIMS", "suspensions", {"why": "reason_2"})
    assert remembered_headers(desk.engine, "SIMS", "suspensions") == {"why": "reason_2", "form": ""}
    assert remembered_headers(desk.engine, "SIMS", "pupils") == {}
    assert remembered_headers(desk.engine, "Arbor", "suspensions") == {}


def test_headers_are_forgotten_one_by_one(desk: Desk) -> None:
    remember_headers(desk.engine, "SIMS", "suspensions", {"why": "reason_1", "form": ""})
    forget_headers(desk.engine, "SIMS", "suspensions", ["form", "other"])
    assert remembered_headers(desk.engine, "SIMS", "suspensions") == {"why": "reason_1"}


def test_a_question_is_kept_with_the_upload_that_wrote_its_row(desk: Desk) -> None:
    saturday = "P1,900001,2025-10-11,2025-10-13,2,SUSP,PP"
    first = desk.load("suspensions", suspensions(saturday), accept_queries=True).upload_id
    desk.load("suspensions", suspensions(saturday, ROW.replace("P1", "P2")), accept_queries=True)
    assert [query["upload_id"] for query in desk.rows(open_queries)] == [first]


def _report(desk: Desk, *rows: str) -> Report:
    return desk.check("suspensions", suspensions(*rows))


def test_faults_of_one_kind_stand_together_errors_and_the_most_frequent_first(desk: Desk) -> None:
    wrong = [f"P{number},900001,2025-10-06,2025-10-06,two,SUSP,PP" for number in range(7)]
    asked = "P8,900001,2025-10-11,2025-10-13,2,SUSP,PP"
    blank = "P9,900001,2025-10-06,2025-10-06,2,SUSP,"
    groups = grouped(_report(desk, asked, blank, *wrong))
    told = [(group.severity, group.column, group.code, group.rows, group.lines) for group in groups]
    assert told == [
        (Severity.ERROR, "sessions", "E-NUMBER", 7, (4, 5, 6, 7, 8)),
        (Severity.ERROR, "reason_1", "E-BLANK", 1, (3,)),
        (Severity.QUERY, "start_date", "Q-WEEKEND", 1, (2,)),
    ]


def test_of_different_sentences_the_first_line_gives_the_example(desk: Desk) -> None:
    groups = grouped(_report(desk, *(f"P1,99900{n},2025-10-06,2025-10-06,2,SUSP,PP" for n in (5, 4))))
    assert [(group.sentences, group.rows) for group in groups] == [(2, 2)]
    assert "999005" in groups[0].message


def test_rows_of_a_wrong_shape_are_grouped_too(desk: Desk) -> None:
    (group,) = grouped(_report(desk, "P1,900001", ROW))
    assert (group.rows, group.lines, group.column) == (1, (2,), None)


def test_issues_that_are_listed_group_as_those_of_a_report(desk: Desk) -> None:
    report = _report(desk, "P1,900001,2025-10-06,2025-10-06,two,SUSP,PP", "P2,900001,2025-10-06,2025-10-06,x,SUSP,PP")
    assert grouped_issues(report.issues(Severity.ERROR)) == grouped(report)
