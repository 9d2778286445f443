"""Faulty rows go out as typed with what is wrong beside them; mended they load, unmended they are faulty again."""

import csv
import io
from collections import Counter
from collections.abc import Iterator
from datetime import date

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import HealthCheck, assume, example, given, settings
from hypothesis import strategies as st
from sqlalchemy import Engine, select

from access.scope import EVERYWHERE
from data_model.catalogue import DATASETS
from data_model.severity import Severity
from data_model.store import open_database, reading
from loaders.correct import (
    DELETE_ME,
    faulty_rows_csv,
    guarded,
    unguarded,
    with_cells,
    without_guards,
)
from loaders.files import check_table, load_table, read_file
from loaders.headers import CORRECTION_COLUMNS, known_names
from loaders.layout import normalise_header
from loaders.report import Report
from loaders.text_table import TextTable
from loaders.upload_record import Sender

TODAY = date(2025, 12, 1)
SUSPENSIONS = DATASETS["suspensions"]
HEADER = "pupil_ref,urn,Start Date,sessions,category,reason_1,suspension_id\r\n"
GOOD = "P000001,900001,2025-10-06,2,SUSP,DB,X1\r\n"
SCHOOLS = (
    "urn,laestab,school_name,phase,establishment_type_group\n"
    "900001,9992001,Lanternmere Primary School,primary,Local authority maintained schools\n"
)


@pytest.fixture(scope="module")
def engine(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Engine]:
    opened = open_database(f"sqlite:///{tmp_path_factory.mktemp('correct')}/test.db")
    load_table(
        opened, read_file(SCHOOLS.encode(), "schools.csv"), "0" * 64, DATASETS["schools"], Sender("test", EVERYWHERE)
    )
    yield opened
    opened.dispose()


def table_of(text: str) -> TextTable:
    return read_file(text.encode(), "file.csv")


def checked(engine: Engine, table: TextTable) -> Report:
    return check_table(engine, table, "", SUSPENSIONS, scope=EVERYWHERE, today=TODAY).report


def checked_text(engine: Engine, text: str) -> Report:
    return checked(engine, table_of(text))


def rows_of(text: str) -> list[list[str]]:
    return list(csv.reader(io.StringIO(text.removeprefix("\ufeff"), newline="")))


def cells_of(table: TextTable) -> list[tuple[str, ...]]:
    return list(zip(*(column.to_pylist() for column in table.columns), strict=True))


def faults(report: Report) -> Counter[tuple[str | None, str | None, str]]:
    return Counter((issue.column, issue.value, issue.code) for issue in report.issues(Severity.ERROR))


# --- the CSV of faulty rows ---


def test_only_faulty_rows_go_out_as_typed_with_all_messages_beside_them(engine: Engine) -> None:
    text = HEADER + GOOD + " P000002 ,900001,45123,two,SUSP,DB,X2\r\n"
    assert faulty_rows_csv(checked_text(engine, text)) == (
        "\ufeffline,what_to_put_right,pupil_ref,urn,Start Date,sessions,category,reason_1,suspension_id\r\n"
        "3,\"Start Date: Start date is a spreadsheet's day number: 45123 is 16 July 2023. "
        "Format the column as a date and export again. | "
        'sessions: Sessions must be a whole number, such as 3.",'
        " P000002 ,900001,45123,two,SUSP,DB,X2\r\n"
    )


def test_a_file_without_faults_gives_the_header_alone(engine: Engine) -> None:
    assert len(rows_of(faulty_rows_csv(checked_text(engine, HEADER + GOOD)))) == 1


def test_queried_rows_come_along_if_asked_for(engine: Engine) -> None:
    report = checked_text(engine, HEADER + GOOD + "P000002,900001,2025-10-04,2,SUSP,DB,X2\r\n")
    assert report.rejected == 0
    assert len(rows_of(faulty_rows_csv(report))) == 1
    _, queried = rows_of(faulty_rows_csv(report, with_queries=True))
    assert queried[0] == "3"
    assert queried[1].startswith("Start Date: 4 October 2025 is a Saturday")


def test_a_fault_of_the_whole_file_sends_out_every_row_and_says_so(engine: Engine) -> None:
    _, first, second = rows_of(
        faulty_rows_csv(checked_text(engine, HEADER + GOOD + GOOD.replace("2025-10-06", "07/10/2025")))
    )
    assert first[1].endswith("Write all dates of the file in one format.")
    assert "two formats" in second[1]


def test_rows_of_a_wrong_shape_stay_faulty_until_somebody_has_looked(engine: Engine) -> None:
    text = HEADER + GOOD + "P2,900001,2025-10-06,2,SUSP\r\nP3,900001,2025-10-06,2,SUSP,DB,X3,Y\r\n"
    out = faulty_rows_csv(checked_text(engine, text))
    _, short, long = rows_of(out)
    assert short[-3:] == ["", "", DELETE_ME]
    assert long[-2:] == ["X3,Y", DELETE_ME]
    again = checked_text(engine, out)
    assert again.rejected == 2
    assert checked_text(engine, out.replace(f",{DELETE_ME}", "")).table.issues == ()


def test_a_correction_of_a_correction_has_the_two_columns_once(engine: Engine) -> None:
    out = faulty_rows_csv(checked_text(engine, HEADER + GOOD.replace("SUSP", "X")))
    header, row = rows_of(faulty_rows_csv(checked_text(engine, out)))
    assert header.count("line") == header.count("what_to_put_right") == 1
    assert row[0] == "2"


def test_a_mended_file_loads(engine: Engine) -> None:
    text = HEADER + GOOD + "P000003,900001,2025-10-07,two,SUSP,DB,=X3\r\n"
    mended = faulty_rows_csv(checked_text(engine, text)).replace("two", "2")
    checked_before, saved = load_table(engine, table_of(mended), "1" * 64, SUSPENSIONS, Sender("test", EVERYWHERE))
    assert (saved.new, checked_before.report.rejected) == (1, 0)
    with reading(engine) as connection:
        assert connection.execute(select(SUSPENSIONS.table.c.suspension_id)).scalars().all() == ["=X3"]


def test_no_dataset_has_a_column_that_corrections_would_hide() -> None:
    for dataset in DATASETS.values():
        assert not set(map(normalise_header, CORRECTION_COLUMNS)) & set(known_names(dataset))


# --- guards against formulas ---


@pytest.mark.parametrize(
    ("cell", "written"),
    [
        ("=1+1", "'=1+1"),
        ('=HYPERLINK("http://x","y")', '\'=HYPERLINK("http://x","y")'),
        ("@SUM(A1)", "'@SUM(A1)"),
        ("+447700900000", "'+447700900000"),
        ("-2+3", "'-2+3"),
        ("\t=1", "'\t=1"),
        ("＝1", "'＝1"),
        ("'=1", "''=1"),
        ("-2.5", "-2.5"),
        ("2025-10-06", "2025-10-06"),
        ("O'Brien", "O'Brien"),
        ("'quoted'", "'quoted'"),
        ("", ""),
    ],
)
def test_what_a_spreadsheet_would_run_is_guarded(cell: str, written: str) -> None:
    assert guarded(cell) == written
    assert unguarded(written) == cell


FORMULA_LIKE = st.text(st.sampled_from("'=+-@＝＋－＠ \t\r\n12.a\xa0"), max_size=6)


@given(st.one_of(st.text(), FORMULA_LIKE))
def test_guarding_loses_nothing(cell: str) -> None:
    assert unguarded(guarded(cell)) == cell


@given(FORMULA_LIKE)
def test_nothing_that_is_written_starts_a_formula(cell: str) -> None:
    written = guarded(cell).lstrip()
    assert not written.startswith(tuple("=+@＝＋－＠")) and (
        written[:1] != "-" or float(written) < 0 or written == "-0"
    )


def test_apostrophes_are_taken_off_in_files_of_corrections_alone() -> None:
    ordinary = table_of("pupil_ref,urn\nP1,'=1\n")
    assert cells_of(ordinary) == [("P1", "'=1")]
    corrected = table_of("line,what_to_put_right,pupil_ref,urn\n2,x,'=1,=1\n3,x,''=1,'Tis\n")
    assert cells_of(corrected) == [("2", "x", "=1", "=1"), ("3", "x", "'=1", "'Tis")]
    assert all(len(set(column.dictionary.to_pylist())) == len(column.dictionary) for column in corrected.columns)
    assert without_guards(ordinary) is ordinary


# --- out and back, thrown many files ---

CELL = st.one_of(
    FORMULA_LIKE,
    st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=8),
    st.sampled_from(
        ["900001", "P000001", "SUSP", "DB", "2025-10-06", "06/10/2025", "45123", "2", "", '"', ",,", "x\ny"]
    ),
)
ROW = st.lists(CELL, min_size=7, max_size=7)


def written(rows: list[list[str]]) -> str:
    out = io.StringIO(newline="")
    csv.writer(out, lineterminator="\r\n").writerows(rows)
    return HEADER + out.getvalue()


@given(rows=st.lists(ROW, max_size=5))
@example(rows=[["P1", "x", "2025-10-06", "2", "SUSP", "DB", "'=1"]])
@example(rows=[["=1", "'=1", "''=1", "@", "-1", "-", "\t"]])
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_unmended_rows_come_back_as_typed_and_as_faulty(engine: Engine, rows: list[list[str]]) -> None:
    before = checked_text(engine, written(rows))
    assume(not before.table.issues)  # a swallowed row: its cells are not to be trusted, and its shape is tested above
    again = checked_text(engine, faulty_rows_csv(before))
    assert [row[2:] for row in cells_of(again.table)] == [
        row for row, faulty in zip(cells_of(before.table), before.rejected_rows, strict=True) if faulty
    ]
    between_rows = {"E-ROW-TWICE", "E-KEY-TWICE", "E-PUPIL-REF-MIXED"}
    own = Counter({fault: count for fault, count in faults(before).items() if fault[2] not in between_rows})
    assert own <= faults(again)


@given(st.lists(st.lists(CELL, min_size=1, max_size=10), max_size=6))
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_rows_of_any_shape_come_back_one_for_one(engine: Engine, rows: list[list[str]]) -> None:
    before = checked_text(engine, written(rows))
    again = checked_text(engine, faulty_rows_csv(before))
    assert again.rows == before.rejected
    assert int(again.table.broken.sum()) == int(before.table.broken.sum())


# --- cells mended in the page ---


def test_cells_are_replaced_and_nothing_else_is_touched(engine: Engine) -> None:
    before = table_of(HEADER + GOOD + GOOD.replace("SUSP", "wrong"))
    after = with_cells(before, {(3, "category"): "SUSP", (3, "Start Date"): "2025-10-08", (2, "sessions"): "4"})
    assert cells_of(after) == [
        ("P000001", "900001", "2025-10-06", "4", "SUSP", "DB", "X1"),
        ("P000001", "900001", "2025-10-08", "2", "SUSP", "DB", "X1"),
    ]
    assert cells_of(before)[1][4] == "wrong"
    assert after.columns[0] is before.columns[0]
    assert after.lines is before.lines


def test_a_value_that_was_mended_everywhere_is_forgotten(engine: Engine) -> None:
    before = table_of(HEADER + GOOD + GOOD.replace("2025-10-06", "13/25/2025").replace("X1", "X2"))
    assert checked(engine, before).file_issues
    mended = with_cells(before, {(3, "Start Date"): "2025-10-09"})
    assert not checked(engine, mended).file_issues
    assert mended.columns[2].dictionary.to_pylist() == ["2025-10-06", "2025-10-09"]


def test_a_cell_that_is_not_there_or_not_to_be_trusted_is_refused() -> None:
    table = table_of(HEADER + GOOD + "P2,900001\r\n")
    for line, header in ((9, "urn"), (1, "urn"), (2, "surname")):
        with pytest.raises(LookupError):
            with_cells(table, {(line, header): "x"})
    with pytest.raises(ValueError, match="line 3 has the wrong shape"):
        with_cells(table, {(3, "urn"): "x"})


@given(
    cells=st.lists(st.sampled_from(["a", "b", ""]), min_size=1, max_size=8),
    edits=st.dictionaries(st.integers(0, 7), st.sampled_from(["a", "c", "", "'=1"])),
)
def test_mending_is_what_a_loop_over_the_cells_would_do(cells: list[str], edits: dict[int, str]) -> None:
    lines = np.arange(2, 2 + len(cells), dtype=np.int64)
    column = pa.array(cells).dictionary_encode()
    table = TextTable("f.csv", ("h",), (column,), lines, np.zeros(len(cells), dtype=np.bool_), "utf-8", ",", 1)
    wanted = {row: cell for row, cell in edits.items() if row < len(cells)}
    after = with_cells(table, {(row + 2, "h"): cell for row, cell in wanted.items()}).columns[0]
    assert after.to_pylist() == [wanted.get(row, cell) for row, cell in enumerate(cells)]
    assert sorted(after.dictionary.to_pylist()) == sorted(set(after.to_pylist()))
    assert after.indices.type == pa.int32()
