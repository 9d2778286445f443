"""A caseload sheet, one row for each child, loads as it comes: referrals and cases, nothing guessed in silence."""

import csv
import io
import json
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path

import pandas as pd
import pytest
from app_database import app_database
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Engine, Table, func, select
from typer.testing import CliRunner

from access.scope import EVERYWHERE
from data_model import uploads as records
from data_model.catalogue import DATASETS
from data_model.codes import CaseClose
from data_model.outreach import OUTREACH_CASES, OUTREACH_REFERRALS
from data_model.severity import Severity
from data_model.store import open_database, reading
from loaders.__main__ import cli
from loaders.caseload_sheet import SheetChecked, check_sheet, load_sheet, save_sheet, summary
from loaders.correct import with_cells
from loaders.files import load_table, read_file, sha256_of
from loaders.save import Consent, NotSaved, SomebodySaved
from loaders.school_names import comparable, find_schools
from loaders.sheet_headers import SheetMapping, meanings, recognise
from loaders.sheet_words import STILL_OPEN, WORDED, code_meant
from loaders.text_table import TextTable
from loaders.undo import undo
from loaders.upload_record import Sender

TODAY = date(2026, 2, 1)
HEADER = "Child ref,School,Referred,Started,Closed,Worker,Suspensions,Outcome,Consent\n"
WAITING = "P001,900001,2025-09-01,,,,2,,y\n"
OPEN = "P002,Lantern and Quill Academy,2025-09-02,2025-09-09,,W01,3,Ongoing,y\n"
CLOSED = "P003,900002,2025-09-03,2025-09-10,2025-12-01,W01,1,Goals achieved,verbal\n"
SCHOOLS = (
    "urn,laestab,school_name,phase,establishment_type_group\n"
    "900001,9992001,St Thimble's CE Primary School,primary,Local authority maintained schools\n"
    "900002,9994001,Lantern & Quill Academy,secondary,Academies\n"
    "900003,9992002,Bobbinmere Primary School,primary,Local authority maintained schools\n"
    "900004,9992003,Bobbinmere Primary School,primary,Academies\n"
)


def database_with_schools(folder: Path) -> Engine:
    opened = open_database(f"sqlite:///{folder}/test.db")
    load_table(
        opened, read_file(SCHOOLS.encode(), "schools.csv"), "0" * 64, DATASETS["schools"], Sender("test", EVERYWHERE)
    )
    return opened


@pytest.fixture
def engine(tmp_path: Path) -> Iterator[Engine]:
    opened = database_with_schools(tmp_path)
    yield opened
    opened.dispose()


@pytest.fixture(scope="module")
def unchanged_engine(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Engine]:
    """A database with schools that no test saves to."""
    opened = database_with_schools(tmp_path_factory.mktemp("sheet"))
    yield opened
    opened.dispose()


def table_of(text: str) -> TextTable:
    return read_file(text.encode(), "caseload.csv")


def check(engine: Engine, text: str, *, mapping: SheetMapping | None = None, agreed: str | None = None) -> SheetChecked:
    table = table_of(text)
    sha256 = sha256_of(text.encode())
    return check_sheet(
        engine, table, sha256, mapping or recognise(table), scope=EVERYWHERE, parent_agreement=agreed, today=TODAY
    )


def errors(checked: SheetChecked) -> list[tuple[int | None, str | None, str]]:
    return [(issue.line, issue.column, issue.code) for issue in checked.issues(Severity.ERROR)]


def saved_rows(engine: Engine, table: Table) -> list[dict[str, object]]:
    with reading(engine) as connection:
        rows = connection.execute(select(table).order_by(table.c.pupil_ref)).mappings()
        return [{name: cell for name, cell in row.items() if cell is not None} for row in rows]


def counts(engine: Engine) -> tuple[int, ...]:
    with reading(engine) as connection:
        tables = (OUTREACH_REFERRALS.table, OUTREACH_CASES.table, records.uploads)
        return tuple(connection.execute(select(func.count()).select_from(table)).scalar_one() for table in tables)


# --- the split ---


def test_each_row_becomes_a_referral_and_where_work_started_a_case(engine: Engine) -> None:
    checked = check(engine, HEADER + WAITING + OPEN + CLOSED)
    assert errors(checked) == []
    uploads = save_sheet(engine, checked, Sender("manager", EVERYWHERE))
    assert {name: upload.new for name, upload in uploads.items()} == {"outreach_referrals": 3, "outreach_cases": 2}
    waiting, opened, closed = saved_rows(engine, OUTREACH_REFERRALS.table)
    assert waiting | {"referral_id": ""} == {
        "referral_id": "",
        "received_date": date(2025, 9, 1),
        "urn": 900001,
        "pupil_ref": "P001",
        "susp_12w": 2,
        "parent_agreement": "y",
        "decision": "waiting",
        "upload_id": uploads["outreach_referrals"].upload_id,
    }
    assert (opened["urn"], opened["decision"]) == (900002, "accepted")
    assert closed["parent_agreement"] == "verbal"
    open_case, closed_case = saved_rows(engine, OUTREACH_CASES.table)
    assert open_case | {"case_id": "", "referral_id": ""} == {
        "case_id": "",
        "referral_id": "",
        "urn": 900002,
        "pupil_ref": "P002",
        "worker_ref": "W01",
        "start_date": date(2025, 9, 9),
        "upload_id": uploads["outreach_cases"].upload_id,
    }
    assert (closed_case["end_date"], closed_case["close_reason"]) == (date(2025, 12, 1), "goals_met")
    assert closed_case["referral_id"] == closed["referral_id"]
    assert str(closed_case["case_id"]).startswith("CS-")
    assert len(str(closed_case["case_id"])) == 15


def test_what_was_read_or_filled_in_is_said(unchanged_engine: Engine) -> None:
    text = HEADER + WAITING + OPEN + CLOSED + "P004,900001,,2025-09-11,,,,,y\nP005,900001,2025-09-12,,,,,moved,\n"
    assert check(unchanged_engine, text, agreed="n").notes == (
        "Read 'Child ref' as pupil_ref, 'School' as school, 'Referred' as received_date, 'Started' as start_date, "
        "'Closed' as end_date, 'Worker' as worker_ref, 'Suspensions' as susp_12w, 'Outcome' as close_reason, "
        "'Consent' as parent_agreement.",
        "Suspensions were taken as those in the 12 weeks before the referral.",
        "Schools were found by their names: 'Lantern and Quill Academy' is Lantern & Quill Academy (900002).",
        "Close reason: 'Ongoing' was read as blank in 1 row.",
        "Close reason: 'Goals achieved' was read as goals_met in 1 row.",
        "1 row without a date of referral took the start date for it.",
        "3 rows with a start date and no decision: the referral was accepted.",
        "1 row without a start date and a decision: the referral is waiting.",
        "1 row with an outcome but no start date: the outcome was not kept (line 6).",
        "1 row without the parents' agreement took the one answer for all: n.",
        "Dates were read as year-month-day, such as 2025-10-06.",
    )


def test_next_months_sheet_changes_the_same_rows_and_adds_no_others(engine: Engine) -> None:
    save_sheet(engine, check(engine, HEADER + WAITING + OPEN), Sender("manager", EVERYWHERE))
    later = (HEADER + WAITING + OPEN).replace("2025-09-01,,", "2025-09-01,2025-10-01,").replace("Ongoing", "")
    for day in ("2025-09-01", "2025-10-01", "2025-09-02", "2025-09-09"):  # another hand, another way to write dates
        later = later.replace(day, f"{day[8:]}/{day[5:7]}/{day[:4]}")
    later = later.replace("900001", "ST. THIMBLE’S C OF E PRIMARY").replace("P001", " P001 ")
    uploads = save_sheet(engine, check(engine, later), Sender("manager", EVERYWHERE))
    assert (uploads["outreach_referrals"].new, uploads["outreach_referrals"].changed) == (0, 1)
    assert (uploads["outreach_cases"].new, uploads["outreach_cases"].unchanged) == (1, 1)
    assert saved_rows(engine, OUTREACH_REFERRALS.table)[0]["decision"] == "accepted"


def test_the_sheets_own_identifiers_are_kept_where_it_has_them(engine: Engine) -> None:
    text = "UPN,School,Start,Case ID,Consent\nP001,900001,2025-09-01,C77,y\nP002,900001,2025-09-01,,y\n"
    save_sheet(engine, check(engine, text), Sender("manager", EVERYWHERE))
    first, second = saved_rows(engine, OUTREACH_CASES.table)
    assert first["case_id"] == "C77"
    assert str(second["case_id"]).startswith("CS-")


# --- what the columns mean ---


def test_headers_are_recognised_however_they_are_written() -> None:
    table = table_of(
        "PUPIL NAME,upn,School Name,Date of Referral,Start_Date,Date closed,Key worker,No of suspensions,DOB\n"
    )
    assert list(recognise(table).by_header.values()) == [
        *("child_name", "pupil_ref", "school", "received_date", "start_date", "end_date", "worker_ref", "susp_12w", ""),
    ]


@pytest.mark.parametrize(
    ("cells", "meaning"),
    [(("P001", "P002"), "pupil_ref"), (("Ann Example", "P002"), "child_name"), (("Ann",), "child_name")],
)
def test_a_column_called_child_is_read_if_it_holds_references(cells: tuple[str, ...], meaning: str) -> None:
    table = table_of("Child,School\n" + "".join(f"{cell},900001\n" for cell in cells))
    assert recognise(table).by_header["Child"] == meaning


def test_child_beside_a_reference_is_a_name() -> None:
    assert recognise(table_of("Child,UPN\nP1,P1\n")).by_header == {"Child": "child_name", "UPN": "pupil_ref"}


def test_what_a_user_confirmed_before_wins() -> None:
    found = recognise(table_of("Child ref,Status\nP1,x\n"), {"status": "close_reason", "childref": ""})
    assert found.by_header == {"Child ref": "", "Status": "close_reason"}


def test_every_meaning_that_is_proposed_can_be_chosen() -> None:
    table = table_of("School,Name,Ref,Referred,Started,Closed,Worker,Suspensions,Concern,Tier,Outcome,Consent,x\n")
    assert set(recognise(table).by_header.values()) <= set(meanings())


@pytest.mark.parametrize(
    ("header", "code", "words"),
    [
        ("Name,School,Referred", "E-NO-REFERENCE", "Names are never stored: add a column UPN"),
        ("School,Referred", "E-NO-REFERENCE", "No column says which child"),
        ("UPN,Referred", "E-COLUMN-MISSING", "which school a child is at"),
        ("UPN,School", "E-COLUMN-MISSING", "when a child was referred"),
        ("UPN,School,Start,Opened", "E-HEADER-TWICE", "'Start' and 'Opened' both mean start_date"),
        ("pupil_ref,urn,start_date,sessions,category,reason_1", "E-WRONG-DATASET", "Load it as suspensions."),
        ("case_id,start_date,pupil_ref", "E-WRONG-DATASET", "Load it as outreach_cases."),
    ],
)
def test_a_sheet_that_cannot_be_split_is_refused_in_a_sentence(
    engine: Engine, header: str, code: str, words: str
) -> None:
    checked = check(engine, f"{header}\n" + ",".join("x" for _ in header.split(",")) + "\n")
    (issue,) = checked.issues(Severity.ERROR)
    assert (issue.line, issue.code) == (None, code)
    assert words in issue.message
    assert (checked.rows, checked.accepted, checked.rejected) == (1, 0, 1)
    before = counts(engine)
    with pytest.raises(NotSaved):
        save_sheet(engine, checked, Sender("manager", EVERYWHERE), Consent(good_rows=True))
    assert counts(engine) == before


def test_names_beside_a_reference_are_neither_read_nor_stored(engine: Engine) -> None:
    text = "Name,UPN,School,Referred,Consent,Comments\nAnn Example,P001,900001,2025-09-01,y,Ann is well\n"
    checked = check(engine, text)
    assert "Children's names are never stored, so these were not read: Name." in checked.notes
    assert "Columns that referrals and cases do not have were ignored: Comments." in checked.notes
    save_sheet(engine, checked, Sender("manager", EVERYWHERE))
    assert "Ann" not in str(saved_rows(engine, OUTREACH_REFERRALS.table))


@pytest.mark.parametrize(
    ("cell", "code"), [("", "E-BLANK"), ("Ann", "E-NAME"), ("Ann Example", "E-NAME"), (" \u00a0", "E-BLANK")]
)
def test_a_row_without_a_reference_is_an_error_and_a_name_is_not_repeated(
    unchanged_engine: Engine, cell: str, code: str
) -> None:
    checked = check(unchanged_engine, HEADER + OPEN + OPEN.replace("P002", cell))
    own = [issue for issue in checked.issues(Severity.ERROR) if issue.line == 3 and issue.code != "E-PUPIL-REF-MIXED"]
    assert [(issue.column, issue.code) for issue in own] == [("pupil_ref", code)]
    assert not own[0].value
    assert checked.accepted == 1


# --- schools by name ---


@pytest.mark.parametrize(
    "typed",
    [
        "St Thimble's CE Primary School",
        "ST THIMBLES C OF E PRIMARY SCHOOL",
        "Saint  Thimble’s C.E. Primary",
        "St. Thimble's Church of England Primary School",
        " st thimble's cofe primary ",
    ],
)
def test_a_name_means_the_one_school_that_has_it(unchanged_engine: Engine, typed: str) -> None:
    checked = check(unchanged_engine, HEADER + WAITING.replace("900001", f'"{typed}"'))
    assert errors(checked) == []
    assert any("is St Thimble's CE Primary School (900001)." in note for note in checked.notes)


@pytest.mark.parametrize(
    ("typed", "question"),
    [
        ("Bobbinmere Primary", "2 loaded schools have this name. Write the URN instead, one of 900003, 900004."),
        ("Lantern Academy", "Closest: Lantern & Quill Academy (900002). Write the URN, or the name as in"),
        ("Zzz", "No loaded school has a name like it."),
        ("=cmd()", "No loaded school has a name like it."),
    ],
)
def test_a_name_that_is_not_certain_is_asked_about_once_on_its_line(
    unchanged_engine: Engine, typed: str, question: str
) -> None:
    checked = check(unchanged_engine, HEADER + WAITING + OPEN.replace("Lantern and Quill Academy", typed))
    (issue,) = checked.issues(Severity.ERROR)
    assert (issue.line, issue.column, issue.value, issue.code) == (3, "urn", typed, "E-SCHOOL-NAME")
    assert issue.message.startswith(f"Which school is {typed!r}? {question}")


def test_without_schools_one_error_says_to_load_them(tmp_path: Path) -> None:
    empty = open_database(f"sqlite:///{tmp_path}/empty.db")
    checked = check(empty, HEADER + WAITING + OPEN)
    assert (None, None, "E-NO-SCHOOLS") in errors(checked)
    assert checked.rejected == 2
    empty.dispose()


@given(st.text(st.sampled_from("aA bB'’.-&\t"), max_size=12))
def test_spelling_a_name_alike_twice_changes_nothing(name: str) -> None:
    assert comparable(comparable(name)) == comparable(name)


def test_names_of_nothing_but_marks_are_never_matched() -> None:
    schools = pd.DataFrame({"urn": [900001], "school_name": ["Larkfield School"]})
    assert find_schools(["--", "School"], schools).urns == {}


# --- words for codes ---


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("goals achieved", CaseClose.GOALS_MET),
        ("Closed - goals met", CaseClose.GOALS_MET),
        ("Moved out of area", CaseClose.MOVED),
        ("No capacity.", CaseClose.CAPACITY),
        ("PEX'd", CaseClose.PERMANENT_EXCLUSION),
        ("Parent withdrew", CaseClose.AGREEMENT_WITHDRAWN),
    ],
)
def test_common_words_for_an_outcome_are_read(typed: str, code: CaseClose) -> None:
    assert code_meant("close_reason", typed, may_go_on=False) == code


def test_codes_and_labels_stay_for_the_ordinary_check() -> None:
    for code in CaseClose:
        assert code_meant("close_reason", code.value, may_go_on=True) is None
        assert code_meant("close_reason", code.label.upper(), may_go_on=True) is None


def test_open_is_an_outcome_only_while_the_case_is(unchanged_engine: Engine) -> None:
    assert code_meant("close_reason", "Ongoing", may_go_on=True) == STILL_OPEN
    assert code_meant("close_reason", "Ongoing", may_go_on=False) is None
    checked = check(unchanged_engine, HEADER + CLOSED.replace("Goals achieved", "Ongoing"))
    assert (2, "close_reason", "E-CODE") in errors(checked)


@pytest.mark.parametrize("column", WORDED)
def test_words_that_nobody_knows_stay_as_typed(column: str) -> None:
    for cell in ("", " ", "who knows", "closed", "-"):
        assert code_meant(column, cell, may_go_on=True) is None


# --- faults ---


@pytest.mark.parametrize(
    ("row", "fault"),
    [
        ("P9,900001,,,,,,,y", (3, "received_date", "E-BLANK")),
        ("P9,900001,2025-09-01,,2025-10-01,,,moved,y", (3, "start_date", "E-BLANK")),
        ("P9,900001,2025-09-01,2025-09-02,2025-10-01,,,,y", (3, "end_date", "E-CLOSE-REASON-MISSING")),
        ("P9,900001,2025-09-01,2025-09-02,2025-09-01,,,moved,y", (3, "end_date", "E-END-DATE-BEFORE-START-DATE")),
        ("P9,900001,2025-09-01,,,,,,", (3, "pupil_ref", "E-AGREEMENT-MISSING")),
        ("P9,900001,2025-09-01,,,,many,,y", (3, "susp_12w", "E-NUMBER")),
        ("P9,900009,2025-09-01,,,,,,y", (3, "urn", "E-SCHOOL-UNKNOWN")),
        ("P9,90001,2025-09-01,,,,,,y", (3, "urn", "E-RANGE")),
        ("P9,900001,45123,,,,,,y", (3, "received_date", "E-DATE-SERIAL")),
        ("P9,900001,2025-09-01", (3, None, "E-ROW-SHORT")),
    ],
)
def test_a_fault_is_told_once_with_the_sheets_line_and_the_row_is_rejected_whole(
    engine: Engine, row: str, fault: tuple[int | None, str | None, str]
) -> None:
    checked = check(engine, f"{HEADER}{OPEN}{row}\n")
    assert errors(checked) == [fault]
    assert (checked.rows, checked.accepted, checked.rejected) == (2, 1, 1)
    before = counts(engine)
    with pytest.raises(NotSaved, match="1 row has an error"):
        save_sheet(engine, checked, Sender("manager", EVERYWHERE))
    assert counts(engine) == before
    save_sheet(engine, checked, Sender("manager", EVERYWHERE), Consent(good_rows=True))
    assert counts(engine) == (1, 1, before[2] + 2)


def test_the_same_child_twice_is_told_in_the_sheets_words(unchanged_engine: Engine) -> None:
    checked = check(unchanged_engine, HEADER + OPEN + OPEN.replace("W01", "W02") + WAITING + WAITING)
    messages = {(issue.line, issue.code): issue.message for issue in checked.issues(Severity.ERROR)}
    assert messages[2, "E-KEY-TWICE"] == (
        "Line 3 has the same child, school and date and says something else. Keep the right one."
    )
    assert messages[5, "E-ROW-TWICE"] == "This row is the same as line 4. Remove one of them."
    assert "CS-" not in str(checked.issues(Severity.ERROR))


def test_one_date_format_across_the_sheet(unchanged_engine: Engine) -> None:
    checked = check(unchanged_engine, HEADER + OPEN.replace("2025-09-09", "09/09/2025"))
    assert errors(checked) == [(None, None, "E-DATE-MIXED")]
    assert checked.accepted == 0
    american = check(unchanged_engine, HEADER + "P1,900001,03/04/2025,,,,,,y\nP2,900001,,09/13/2025,,,,,y\n")
    assert (None, None, "E-DATE-MONTH-FIRST") in errors(american)
    assert american.accepted == 0


def test_a_query_of_either_part_has_to_be_accepted(engine: Engine) -> None:
    temporary = "L79920012001A"
    checked = check(engine, HEADER + WAITING.replace("P001", temporary))
    assert [issue.code for issue in checked.issues(Severity.QUERY)] == ["Q-UPN-TEMPORARY"]
    with pytest.raises(NotSaved, match="open queries"):
        save_sheet(engine, checked, Sender("manager", EVERYWHERE))
    save_sheet(engine, checked, Sender("manager", EVERYWHERE), Consent(accept_queries=True))
    assert len(list(csv.reader(io.StringIO(checked.faulty_rows_csv(with_queries=True))))) == 2


CELL = st.sampled_from(
    [
        "",
        "P1",
        "900001",
        "2025-09-01",
        "01/09/2025",
        "09/13/2025",
        "moved",
        "Ongoing",
        "y",
        "=1",
        "Ann B",
        "\u200b",
        "45000",
    ]
)


@given(rows=st.lists(st.lists(CELL, min_size=7, max_size=9), max_size=5), agreed=st.sampled_from([None, "y", "maybe"]))
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_sheet_is_checked_row_by_row(unchanged_engine: Engine, rows: list[list[str]], agreed: str | None) -> None:
    text = HEADER + "".join(",".join(row) + "\n" for row in rows)
    checked = check(unchanged_engine, text, agreed=agreed)
    assert checked.rows == checked.accepted + checked.rejected
    faulty = {issue.line for issue in checked.issues(Severity.ERROR)}
    if None not in faulty:
        assert faulty == set(checked.table.lines[checked.referrals.report.rejected_rows].tolist())
    again = read_file(checked.faulty_rows_csv().encode(), "again.csv")
    assert len(again) == checked.rejected


# --- correcting and saving ---


def test_faulty_rows_go_out_under_the_sheets_own_headers_and_load_once_mended(engine: Engine) -> None:
    text = HEADER + WAITING + OPEN.replace("Lantern and Quill", "Lanten")
    checked = check(engine, text)
    out = checked.faulty_rows_csv()
    header, row = csv.reader(io.StringIO(out.removeprefix("\ufeff")))
    assert header == ["line", "what_to_put_right", *HEADER.strip().split(",")]
    assert row[:3] == ["3", "School: " + checked.issues(Severity.ERROR)[0].message, "P002"]
    save_sheet(engine, checked, Sender("manager", EVERYWHERE), Consent(good_rows=True))
    mended = check(engine, out.replace("Lanten Academy", "900002"))
    assert errors(mended) == []
    assert not any("what_to_put_right" in note for note in mended.notes)
    assert save_sheet(engine, mended, Sender("manager", EVERYWHERE))["outreach_cases"].new == 1


def test_what_is_not_in_a_sheet_of_corrections_is_not_gone(engine: Engine) -> None:
    again = OPEN.replace("P002", "P009")
    save_sheet(engine, check(engine, HEADER + OPEN + again), Sender("manager", EVERYWHERE))
    out = check(engine, HEADER + OPEN.replace("Lantern and Quill", "Lanten") + again).faulty_rows_csv()
    mended = check(engine, out.replace("Lanten Academy", "900002"))
    assert not mended.referrals.comparison.gone
    assert not mended.cases.comparison.gone


def test_cells_can_be_mended_in_the_table(engine: Engine) -> None:
    table = table_of(HEADER + OPEN.replace("Lantern and Quill Academy", "?"))
    mended = with_cells(table, {(2, "School"): "900002"})
    assert check_sheet(engine, mended, "2" * 64, recognise(mended), scope=EVERYWHERE, today=TODAY).rejected == 0


def test_both_parts_are_saved_or_neither(engine: Engine) -> None:
    checked = check(engine, HEADER + OPEN)
    with engine.begin() as connection:
        connection.exec_driver_sql(
            "CREATE TRIGGER no_cases BEFORE INSERT ON outreach_cases BEGIN SELECT RAISE(ABORT, 'full'); END"
        )
    before = counts(engine)
    with pytest.raises(Exception, match="full"):
        save_sheet(engine, checked, Sender("manager", EVERYWHERE))
    assert counts(engine) == before


def test_the_same_sheet_again_is_already_loaded(engine: Engine) -> None:
    text = HEADER + WAITING + OPEN
    first = save_sheet(engine, check(engine, text), Sender("manager", EVERYWHERE))
    again = check(engine, text)
    assert again.loaded_before == tuple(upload.upload_id for upload in first.values())
    with pytest.raises(NotSaved, match="already loaded, as uploads 2 and 3"):
        save_sheet(engine, again, Sender("manager", EVERYWHERE))


def test_a_part_that_was_undone_can_be_loaded_again(engine: Engine) -> None:
    text = HEADER + WAITING + OPEN
    first = save_sheet(engine, check(engine, text), Sender("manager", EVERYWHERE))
    undo(engine, first["outreach_cases"].upload_id, Sender("manager", EVERYWHERE))
    again = check(engine, text)
    assert again.loaded_before == ()
    uploads = save_sheet(engine, again, Sender("manager", EVERYWHERE))
    assert (uploads["outreach_cases"].new, uploads["outreach_referrals"].unchanged) == (1, 2)


def test_a_sheet_of_waiting_children_is_one_upload(engine: Engine) -> None:
    assert list(save_sheet(engine, check(engine, HEADER + WAITING), Sender("manager", EVERYWHERE))) == [
        "outreach_referrals"
    ]
    assert len(check(engine, HEADER + WAITING).loaded_before) == 1


def test_what_was_checked_before_somebody_saved_is_not_saved(engine: Engine) -> None:
    checked = check(engine, HEADER + OPEN)
    save_sheet(engine, check(engine, HEADER + WAITING), Sender("colleague", EVERYWHERE))
    with pytest.raises(SomebodySaved):
        save_sheet(engine, checked, Sender("manager", EVERYWHERE))
    table = table_of(HEADER + OPEN)
    _, uploads = load_sheet(engine, table, "3" * 64, recognise(table), Sender("manager", EVERYWHERE))
    assert uploads["outreach_cases"].new == 1


def test_a_sheet_without_rows_has_nothing_to_save(engine: Engine) -> None:
    checked = check(engine, HEADER)
    assert (checked.rows, errors(checked)) == (0, [])
    with pytest.raises(NotSaved, match="nil return"):
        save_sheet(engine, checked, Sender("manager", EVERYWHERE))


# --- the command line ---


@pytest.fixture
def run(tmp_path: Path) -> Iterator[Callable[..., tuple[int, dict[str, object]]]]:
    database_with_schools(tmp_path).dispose()

    def command(*words: str) -> tuple[int, dict[str, object]]:
        result = CliRunner().invoke(cli, [*words, "--json"])
        return result.exit_code, json.loads(result.stdout)

    with app_database(tmp_path / "test.db"):
        yield command


def test_the_command_line_checks_and_loads_a_sheet(
    run: Callable[..., tuple[int, dict[str, object]]], tmp_path: Path
) -> None:
    file = tmp_path / "sheet.csv"
    file.write_text((HEADER + WAITING + OPEN).replace(",y\n", ",\n"))
    code, found = run("check", "caseload_sheet", str(file))
    assert code == 1
    assert found["dataset"] == "caseload_sheet"
    assert (found["rows"], found["accepted"], found["rejected"]) == (2, 0, 2)
    code, _ = run("check", "caseload_sheet", str(file), "--parent-agreement", "y")
    assert code == 0
    code, found = run("load", "caseload_sheet", str(file), "--parent-agreement", "y")
    assert code == 0
    assert [upload["dataset"] for upload in found["uploads"]] == ["outreach_referrals", "outreach_cases"]
    code, found = run("load", "caseload_sheet", str(file), "--parent-agreement", "y")
    assert code == 0
    assert "Nothing was changed." in found["notes"][-1]
    code, found = run("check", "schools", str(file), "--parent-agreement", "y")
    assert (code, found["errors"][0]["code"]) == (2, "E-USAGE")
    code, found = run("load", "caseload_sheet", str(file), "--urn", "900001")
    assert (code, found["errors"][0]["code"]) == (2, "E-USAGE")


def test_a_summary_has_the_keys_that_every_check_has(unchanged_engine: Engine) -> None:
    keys = "dataset file encoding delimiter header_line rows accepted rejected errors queries notes"
    assert list(summary(check(unchanged_engine, HEADER + OPEN))) == keys.split()
