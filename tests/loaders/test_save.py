"""Saving: one transaction, with a record of it; the same file again; corrected files; nil returns; taking back."""

import hashlib
from datetime import UTC, datetime
from typing import Any

import pytest
from desk import SUSPENSION_HEADER, Desk, suspensions

from access.scope import EVERYWHERE
from data_model import uploads as records
from data_model.catalogue import DATASETS
from data_model.codes import Source
from loaders import files
from loaders.compare import Comparison
from loaders.correct import faulty_rows_csv
from loaders.save import NotSaved
from loaders.undo import remove_sample
from loaders.upload_record import Sender

pytestmark = pytest.mark.both_databases

HEADER = "suspension_id,pupil_ref,urn,start_date,sessions,category,reason_1,ncyg"
A = suspensions(
    "S1,P1,900001,2025-09-15,4,SUSP,DB,8",
    "S2,P2,900001,2025-10-06,2,SUSP,PP,9",
    "S3,P3,900001,2025-03-03,2,SUSP,PP,9",
    header=HEADER,
)
CORRECTED = A.replace("15,4,SUSP", "15,5,SUSP")


def cells(desk: Desk, column: str) -> dict[str, Any]:
    """A column of the saved suspensions, by suspension ID."""
    return {row["suspension_id"]: row[column] for row in desk.rows("suspensions")}


def differences(desk: Desk, text: str) -> Comparison:
    return desk.checked("suspensions", text).comparison


def test_the_record_of_an_upload(desk: Desk) -> None:
    text = A + "S4,P4,900001,2025-10-07,0,SUSP,DB,8\nS5,P5,900001,2025-10-04,2,SUSP,DB,8\n"
    before = datetime.now(UTC)
    saved = desk.load("suspensions", text, good_rows=True, accept_queries=True, source=Source.CENSUS)
    upload = desk.uploads()[-1]
    assert before <= upload.pop("uploaded_at").replace(tzinfo=UTC) <= datetime.now(UTC)
    upload.pop("fingerprint")
    assert upload == {
        "upload_id": saved.upload_id,
        "dataset": "suspensions",
        "source": "census",
        "file_name": "suspensions.csv",
        "sha256": hashlib.sha256(text.encode()).hexdigest(),
        "uploaded_by": "tester",
        "period": "202425-SPR 202526-AUT",
        "rows_accepted": 4,
        "rows_rejected": 1,
        "rows_queried": 1,
        "rows_new": 4,
        "rows_changed": 0,
        "rows_removed": 0,
        "undone_at": None,
        "undone_by": None,
        "is_sample": False,
    }


def test_what_each_school_sent_for_each_term_is_recorded(desk: Desk) -> None:
    saved = desk.load("suspensions", A)
    mine = [row for row in desk.rows(records.upload_schools) if row["upload_id"] == saved.upload_id]
    assert [(row["urn"], row["academic_year"], row["term"], row["rows"]) for row in mine] == [
        (900001, "202425", "SPR", 1),
        (900001, "202526", "AUT", 2),
    ]


def test_accepted_queries_are_kept_with_their_rows(desk: Desk) -> None:
    saved = desk.load("suspensions", suspensions("P1,900001,2025-10-04,,2,SUSP,DB"), accept_queries=True)
    (query,) = desk.rows(records.open_queries)
    assert (query["upload_id"], query["urn"], query["line"], query["column_name"], query["code"]) == (
        saved.upload_id,
        900001,
        2,
        "start_date",
        "Q-WEEKEND",
    )
    assert query["key"] == [900001, "2025-10-04", "P1"]
    desk.undo(saved.upload_id)
    assert desk.rows(records.open_queries) == []


@pytest.mark.parametrize(
    ("row", "choices"),
    [
        ("P9,900001,2025-10-07,,0,SUSP,DB", {}),
        ("P9,900001,2025-10-07,,0,SUSP,DB", {"accept_queries": True}),
        ("P9,900001,2025-10-04,,2,SUSP,DB", {}),
        ("P9,900001,2025-10-04,,2,SUSP,DB", {"good_rows": True}),
    ],
)
def test_an_error_or_an_open_query_saves_nothing(desk: Desk, row: str, choices: dict[str, bool]) -> None:
    before, uploads = desk.digest(), desk.uploads()
    with pytest.raises(NotSaved):
        desk.load("suspensions", suspensions("P1,900001,2025-10-06,,2,SUSP,DB", row), **choices)
    assert (desk.digest(), desk.uploads()) == (before, uploads)


def test_a_query_on_a_row_that_is_not_saved_needs_no_answer(desk: Desk) -> None:
    text = suspensions("P1,900001,2025-10-06,,2,SUSP,DB", "P2,900001,2025-10-04,,0,SUSP,DB")
    assert desk.load("suspensions", text, good_rows=True).new == 1


def test_a_file_without_a_good_row_saves_nothing(desk: Desk) -> None:
    with pytest.raises(NotSaved, match="Every row has an error"):
        desk.load("suspensions", suspensions("P2,900001,2025-10-04,,0,SUSP,DB"), good_rows=True)


def test_a_fault_of_the_whole_file_saves_nothing_whatever_is_chosen(desk: Desk) -> None:
    mixed = suspensions("P1,900001,2025-10-06,,2,SUSP,DB", "P2,900001,06/10/2025,,2,SUSP,DB")
    with pytest.raises(NotSaved, match="two formats"):
        desk.load("suspensions", mixed, good_rows=True, accept_queries=True)


def test_the_same_file_again_is_already_loaded(desk: Desk) -> None:
    first = desk.load("suspensions", A)
    assert desk.checked("suspensions", A).loaded_before == first.upload_id
    before, uploads = desk.digest(), desk.uploads()
    with pytest.raises(NotSaved, match=f"already loaded, as upload {first.upload_id}"):
        desk.load("suspensions", A)
    assert (desk.digest(), desk.uploads()) == (before, uploads)


def test_the_same_file_is_not_loaded_before_where_it_would_change_something(desk: Desk) -> None:
    desk.load("suspensions", A)
    desk.load("suspensions", CORRECTED)
    assert desk.checked("suspensions", A).loaded_before is None
    assert desk.load("suspensions", A).changed == 1
    assert cells(desk, "sessions")["S1"] == 4


def test_rows_that_were_left_out_load_from_the_same_file_once_they_are_good(desk: Desk) -> None:
    text = suspensions("P1,900001,2025-10-06,,2,SUSP,DB", "P2,900004,2025-10-06,,2,SUSP,DB")
    assert desk.load("suspensions", text, good_rows=True).new == 1
    desk.load("schools", "urn,laestab,school_name,phase,establishment_type_group\n900004,9992004,D,primary,Academies\n")
    again = desk.load("suspensions", text)
    assert (again.new, again.unchanged) == (1, 1)


def test_an_undone_file_may_be_loaded_again(desk: Desk) -> None:
    desk.undo(desk.load("suspensions", A).upload_id)
    assert desk.load("suspensions", A).new == 3


def test_a_corrected_file_supersedes_row_by_row(desk: Desk) -> None:
    first = desk.load("suspensions", A)
    found = differences(desk, CORRECTED)
    (change,) = found.changes(desk.check("suspensions", CORRECTED))
    assert (change.column, change.before, change.after) == ("sessions", 4, 5)
    assert change.key == (900001, "2025-09-15", "P1")
    second = desk.load("suspensions", CORRECTED)
    assert (second.new, second.changed, second.unchanged, second.gone) == (0, 1, 2, 0)
    assert cells(desk, "upload_id") == {"S1": second.upload_id, "S2": first.upload_id, "S3": first.upload_id}


def test_a_corrected_file_is_not_held_against_the_rows_that_it_replaces(desk: Desk) -> None:
    """The rows that a file replaces do not count towards overlaps, totals and repeats."""
    long = suspensions(
        "P1,900001,2025-09-15,2025-10-03,30,SUSP,DB,2025-09-22", header=f"{SUSPENSION_HEADER},day6_start"
    )
    desk.load("suspensions", long)
    report = desk.check("suspensions", long.replace(",DB,", ",PP,"))
    assert (report.accepted, report.queried_rows.sum()) == (1, 0)
    excluded = "pex_id,pupil_ref,urn,head_decision_date,review_outcome\nX1,P9,900001,2025-10-06,\n"
    desk.load("permanent_exclusions", excluded)
    desk.load("permanent_exclusions", excluded.replace("06,\n", "06,ANO\n"))
    assert desk.rows("permanent_exclusions")[0]["review_outcome"] == "ANO"


def test_columns_that_a_file_does_not_have_keep_what_is_saved(desk: Desk) -> None:
    desk.load("suspensions", A)
    without = suspensions("P1,900001,2025-09-15,,6,SUSP,PA")
    assert desk.load("suspensions", without).changed == 1
    row = next(row for row in desk.rows("suspensions") if row["pupil_ref"] == "P1")
    assert (row["sessions"], row["reason_1"], row["ncyg"], row["suspension_id"]) == (6, "PA", "8", "S1")


def test_a_blank_cell_of_a_column_that_the_file_has_clears_what_is_saved(desk: Desk) -> None:
    desk.load("suspensions", A)
    desk.load("suspensions", A.replace("DB,8", "DB,"))
    assert cells(desk, "ncyg") == {"S1": None, "S2": "9", "S3": "9"}


# --- rows that are gone ---


def test_gone_rows_stay_unless_removed(desk: Desk) -> None:
    desk.load("suspensions", A)
    fewer = suspensions("S1,P1,900001,2025-09-15,4,SUSP,DB,8", header=HEADER)
    saved = desk.load("suspensions", fewer)
    assert (saved.unchanged, saved.removed, saved.gone) == (1, 0, 1)
    assert set(cells(desk, "urn")) == {"S1", "S2", "S3"}
    removed = desk.load("suspensions", fewer, remove_gone=True)
    assert (removed.removed, removed.gone) == (1, 0)
    assert set(cells(desk, "urn")) == {"S1", "S3"}, "another term's row is not gone"
    desk.undo(removed.upload_id)
    assert set(cells(desk, "urn")) == {"S1", "S2", "S3"}


def test_what_is_not_in_a_file_of_corrections_is_not_gone(desk: Desk) -> None:
    desk.load("suspensions", A)
    faulty = desk.check("suspensions", A.replace("15,4,SUSP", "15,four,SUSP"))
    mended = faulty_rows_csv(faulty).replace("four", "5")
    assert any("saved rows that are not in it stay" in note for note in desk.check("suspensions", mended).notes)
    saved = desk.load("suspensions", mended, remove_gone=True)
    assert (saved.changed, saved.removed, saved.gone) == (1, 0, 0)
    assert len(desk.rows("suspensions")) == 3


def test_another_schools_rows_are_never_gone(desk: Desk) -> None:
    desk.load("suspensions", A)
    other = suspensions("S9,P9,900002,2025-09-15,4,SUSP,DB,8", header=HEADER)
    assert desk.load("suspensions", other, remove_gone=True).removed == 0


@pytest.mark.parametrize("row", ["S2,P2,900001,2025-13-06,2,SUSP,PP,9", "S2,P2,900001", "S2,P 2,900001,,2,SUSP,PP,9"])
def test_a_row_that_cannot_be_read_may_be_the_one_that_seems_gone(desk: Desk, row: str) -> None:
    desk.load("suspensions", A)
    text = suspensions("S1,P1,900001,2025-09-15,4,SUSP,DB,8", row, header=HEADER)
    desk.load("suspensions", text, good_rows=True, remove_gone=True)
    assert set(cells(desk, "urn")) == {"S1", "S2", "S3"}


# --- rows that moved ---


def test_a_row_whose_identifier_is_known_is_the_same_row_under_another_key(desk: Desk) -> None:
    first = desk.load("suspensions", A)
    before = desk.digest()
    moved = A.replace("P1,900001,2025-09-15", "P1,900002,2025-09-16")
    saved = desk.load("suspensions", moved)
    assert (saved.new, saved.changed, saved.gone) == (0, 1, 0)
    assert cells(desk, "urn") == {"S1": 900002, "S2": 900001, "S3": 900001}
    assert len(desk.rows("suspensions")) == 3
    desk.undo(saved.upload_id)
    assert desk.digest() == before
    desk.undo(first.upload_id)
    assert desk.rows("suspensions") == []


def test_two_rows_that_change_places(desk: Desk) -> None:
    desk.load("suspensions", A)
    before = desk.digest()
    swapped = A.replace("S1,", "Sx,").replace("S2,", "S1,").replace("Sx,", "S2,")
    saved = desk.load("suspensions", swapped)
    assert len(desk.rows("suspensions")) == 3
    desk.undo(saved.upload_id)
    assert desk.digest() == before


def test_rows_that_move_along_by_one(desk: Desk) -> None:
    """S1 takes the day that S2 had, and S2 another: two rows are replaced by two."""
    desk.load(
        "suspensions",
        suspensions("S1,P1,900001,2025-09-15,4,SUSP,DB,8", "S2,P1,900001,2025-09-22,2,SUSP,DB,8", header=HEADER),
    )
    before = desk.digest()
    along = suspensions("S1,P1,900001,2025-09-22,4,SUSP,DB,8", "S2,P1,900001,2025-09-29,2,SUSP,DB,8", header=HEADER)
    saved = desk.load("suspensions", along)
    assert (saved.new, saved.changed) == (0, 2)
    assert {key: str(day) for key, day in cells(desk, "start_date").items()} == {"S1": "2025-09-22", "S2": "2025-09-29"}
    desk.undo(saved.upload_id)
    assert desk.digest() == before


def test_a_row_that_moves_onto_another_replaces_both(desk: Desk) -> None:
    desk.load(
        "suspensions",
        suspensions("S1,P1,900001,2025-09-15,4,SUSP,DB,8", "S2,P1,900001,2025-09-22,2,SUSP,DB,9", header=HEADER),
    )
    before = desk.digest()
    onto = suspensions(
        "S1,P1,900001,2025-09-22,4,SUSP,DB", header="suspension_id,pupil_ref,urn,start_date,sessions,category,reason_1"
    )
    saved = desk.load("suspensions", onto)
    assert (saved.changed, saved.unchanged, saved.new) == (1, 0, 0)
    assert cells(desk, "ncyg") == {"S1": "8"}, "what the file does not say is as it was in the same record"
    desk.undo(saved.upload_id)
    assert desk.digest() == before


def test_schools_that_number_their_records_alike_do_not_take_each_others(desk: Desk) -> None:
    desk.load("suspensions", A)
    other = suspensions("S1,P9,900002,2025-11-03,4,SUSP,DB,8", header=HEADER)
    assert desk.load("suspensions", other).new == 1
    assert len(desk.rows("suspensions")) == 4
    assert desk.load("suspensions", other.replace("4,SUSP", "6,SUSP")).changed == 1
    assert sorted(row["sessions"] for row in desk.rows("suspensions") if row["suspension_id"] == "S1") == [4, 6]


# --- two sources ---


def test_records_of_two_sources_stand_side_by_side(desk: Desk) -> None:
    notified = desk.load("suspensions", A)
    before = desk.digest()
    with pytest.raises(NotSaved, match="already loaded"):
        desk.load("suspensions", A)
    census = desk.load("suspensions", CORRECTED, source=Source.CENSUS)
    assert (census.new, census.changed, census.gone) == (3, 0, 0)
    assert len(desk.rows("suspensions")) == 6
    again = desk.load("suspensions", CORRECTED.replace("5,SUSP", "6,SUSP"), source=Source.CENSUS)
    assert again.changed == 1
    assert {row["sessions"] for row in desk.rows("suspensions") if row["upload_id"] == notified.upload_id} == {4, 2}
    desk.undo(again.upload_id)
    desk.undo(census.upload_id)
    assert desk.digest() == before


def test_the_same_file_from_another_source_is_another_upload(desk: Desk) -> None:
    desk.load("suspensions", A)
    assert desk.load("suspensions", A, source=Source.CENSUS).new == 3
    desk.load("suspensions", NOTHING, period="202425-SUM")
    desk.load("suspensions", NOTHING, period="202425-SUM", source=Source.CENSUS)


def test_a_file_is_loaded_as_the_upload_of_its_own_source(desk: Desk) -> None:
    notified = desk.load("suspensions", A)
    desk.load("suspensions", A, source=Source.CENSUS)
    assert desk.checked("suspensions", A).loaded_before == notified.upload_id


# --- nil returns ---

NOTHING = suspensions()


def nil_returns(desk: Desk) -> list[tuple[int, str, str]]:
    return [
        (row["urn"], row["academic_year"], row["term"]) for row in desk.rows(records.upload_schools) if not row["rows"]
    ]


def test_a_nil_return_needs_a_period(desk: Desk) -> None:
    with pytest.raises(NotSaved, match="say for which term"):
        desk.load("suspensions", NOTHING)


def test_a_nil_return_is_recorded_for_its_schools_and_term(desk: Desk) -> None:
    desk.load("suspensions", NOTHING, period="202526-AUT", nil_schools=[900001, 900002])
    assert nil_returns(desk) == [(900001, "202526", "AUT"), (900002, "202526", "AUT")]
    assert desk.uploads()[-1]["period"] == "202526-AUT"


def test_the_header_alone_is_one_file_and_many_nil_returns(desk: Desk) -> None:
    desk.load("suspensions", NOTHING, period="202526-AUT", nil_schools=[900001])
    desk.load("suspensions", NOTHING, period="202526-AUT", nil_schools=[900002])
    desk.load("suspensions", NOTHING, period="202425-SUM")
    with pytest.raises(NotSaved, match="already loaded"):
        desk.load("suspensions", NOTHING, period="202425-SUM")
    with pytest.raises(NotSaved, match="already loaded"):
        desk.load("suspensions", NOTHING, period="202526-AUT", nil_schools=[900002])
    assert nil_returns(desk) == [(900001, "202526", "AUT"), (900002, "202526", "AUT"), (0, "202425", "SUM")]


def test_a_nil_return_for_a_year_is_one_for_each_term(desk: Desk) -> None:
    desk.load("suspensions", NOTHING, period="202425", nil_schools=[900001])
    assert nil_returns(desk) == [(900001, "202425", term) for term in ("AUT", "SPR", "SUM")]


def test_a_nil_return_for_a_school_that_is_not_loaded_is_refused(desk: Desk) -> None:
    with pytest.raises(NotSaved, match="No school with URN 900009"):
        desk.load("suspensions", NOTHING, period="202526-AUT", nil_schools=[900009])


def test_schools_are_named_for_a_nil_return_alone(desk: Desk) -> None:
    with pytest.raises(NotSaved, match="this file has rows"):
        desk.load("suspensions", A, nil_schools=[900001])


def test_the_saved_rows_that_a_nil_return_denies_stay_unless_removed(desk: Desk) -> None:
    desk.load("suspensions", A)
    desk.load("suspensions", A, source=Source.CENSUS)
    before = desk.digest()
    stayed = desk.load("suspensions", NOTHING, period="202526-AUT", nil_schools=[900001])
    assert (stayed.gone, stayed.removed) == (2, 0)
    assert desk.digest() == before
    removed = desk.load("suspensions", NOTHING, period="202526-AUT", nil_schools=[900001], remove_gone=True)
    assert (removed.gone, removed.removed) == (0, 2)
    assert sorted((row["source"], row["suspension_id"]) for row in desk.rows("suspensions")) == [
        ("census", "S1"),
        ("census", "S2"),
        ("census", "S3"),
        ("notified", "S3"),
    ]
    desk.undo(removed.upload_id)
    assert desk.digest() == before


def test_a_nil_return_denies_nothing_of_other_schools_and_terms(desk: Desk) -> None:
    desk.load("suspensions", A)
    assert desk.load("suspensions", NOTHING, period="202526-AUT", nil_schools=[900002], remove_gone=True).removed == 0
    assert desk.load("suspensions", NOTHING, period="202425-AUT", remove_gone=True).removed == 0
    assert desk.load("suspensions", NOTHING, period="202425", remove_gone=True).removed == 1


def test_a_nil_return_for_every_school_does_not_say_of_which_of_two_authorities(desk: Desk) -> None:
    desk.load("suspensions", A)
    other = "urn,laestab,school_name,phase,establishment_type_group\n900009,3304009,Ferndale School,primary,Academies\n"
    desk.load("schools", other, accept_queries=True)
    assert desk.load("suspensions", NOTHING, period="202526-AUT", remove_gone=True).removed == 0


# --- taking back ---


def test_undoing_is_recorded_and_done_once(desk: Desk) -> None:
    saved = desk.load("suspensions", A)
    assert desk.undo(saved.upload_id) == 3
    upload = desk.uploads()[-1]
    assert upload["undone_at"] is not None
    assert upload["undone_by"] == "tester"
    with pytest.raises(NotSaved, match="undone already"):
        desk.undo(saved.upload_id)
    with pytest.raises(NotSaved, match="no upload 99"):
        desk.undo(99)


def test_an_upload_that_a_later_one_superseded_says_so_and_is_undone_after_it(desk: Desk) -> None:
    start = desk.digest()
    first = desk.load("suspensions", A)
    after_first = desk.digest()
    second = desk.load("suspensions", CORRECTED)
    after_second = desk.digest()
    with pytest.raises(NotSaved, match=rf"later upload \({second.upload_id}\).*Undo that one first"):
        desk.undo(first.upload_id)
    assert desk.digest() == after_second
    desk.undo(second.upload_id)
    assert desk.digest() == after_first
    desk.undo(first.upload_id)
    assert desk.digest() == start


def test_rows_that_came_back_later_block_the_undoing_of_their_removal(desk: Desk) -> None:
    desk.load("suspensions", A)
    fewer = suspensions("S1,P1,900001,2025-09-15,4,SUSP,DB,8", header=HEADER)
    removal = desk.load("suspensions", fewer, remove_gone=True)
    back = desk.load("suspensions", A)
    assert back.new == 1
    with pytest.raises(NotSaved, match=rf"later upload \({back.upload_id}\)"):
        desk.undo(removal.upload_id)


def test_the_fictional_la_goes_without_a_trace_and_nothing_else_does(desk: Desk) -> None:
    sent = suspensions("P1,900001,2025-10-06,,2,SUSP,DB").encode()
    table = files.read_file(sent, "sample.csv")
    files.load_table(
        desk.engine,
        table,
        files.sha256_of(sent),
        DATASETS["suspensions"],
        Sender("sample", EVERYWHERE, "the fictional LA", is_sample=True),
    )
    own = desk.load("suspensions", suspensions("P1,900001,2025-10-06,,4,SUSP,DB", "P2,900001,2025-10-06,,4,SUSP,DB"))
    remove_sample(desk.engine, "the test")
    assert {row["pupil_ref"] for row in desk.rows("suspensions")} == {"P1", "P2"}
    assert not [upload for upload in desk.uploads() if upload["is_sample"]]
    desk.undo(own.upload_id)
    assert desk.rows("suspensions") == []
