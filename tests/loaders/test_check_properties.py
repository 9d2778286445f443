"""Checking, thrown random files of every dataset: exact against a slow judge of single rows, and nothing written."""

import re
import unicodedata
from collections import Counter
from collections.abc import Mapping
from datetime import date
from typing import Any

import pytest
from desk import TODAY, Desk, fresh_desk, issues
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError
from random_files import FEW, RandomFile, files_of

from data_model.catalogue import DATASETS
from data_model.dataset import Column
from data_model.severity import Severity
from loaders import files
from loaders.dates import DateFormat
from loaders.issues import Unreadable
from loaders.report import Report

EVERY_DATASET = pytest.mark.parametrize("name", DATASETS)
HIDDEN = {*map(chr, [*range(0x200B, 0x2010), *range(0x202A, 0x202F)]), "\ufeff", "\xad"}


@pytest.fixture(scope="module")
def shared() -> Any:
    with fresh_desk() as desk:
        yield desk


def slow_value(column: Column, cell: str, dates: DateFormat) -> object:
    """What the row model is to be given for a filled cell, worked out for this cell alone."""
    if HIDDEN & set(cell):
        return object()
    text = unicodedata.normalize("NFC", cell.strip())
    if column.kind is date:
        return slow_day(column, text, dates)
    if column.codes:
        by_text = {str(code).lower(): code for code in column.codes} | {c.label.lower(): c for c in column.codes}
        return (column.codes.read_as() | by_text).get(text.lower(), object())
    return text


def slow_day(column: Column, text: str, dates: DateFormat) -> object:
    mark = "-" if dates is DateFormat.ISO else "/"
    parts = text.split(mark)
    if len(parts) != 3 or not all(part.isascii() and part.isdigit() for part in parts):
        return object()
    year, month, day = map(int, parts if dates is DateFormat.ISO else reversed(parts))
    if year < 1000:
        return object()
    found = date(year, month, day)
    return object() if column.is_event and found > TODAY else found


def judged_alone(file: RandomFile, row: tuple[str, ...]) -> tuple[dict[str, Any], set[str]]:
    """The typed cells of one row by the row model itself, and the columns whose cells it refuses."""
    cells = {name: cell for name, cell in zip(file.names, row, strict=True) if cell.strip()}
    given_cells = {name: slow_value(file.dataset.columns[name], cell, file.dates) for name, cell in cells.items()}
    try:
        return dict(file.dataset.row.model_validate(given_cells)), set()
    except ValidationError as problem:
        return {}, {str(fault["loc"][0]) for fault in problem.errors()}


def cell_faults(report: Report) -> set[tuple[int | None, str | None]]:
    """Line and column of each error that single cells have: rules and duplicates left out."""
    rules = {rule.code for rule in report.dataset.rules} | {"E-ROW-TWICE", "E-KEY-TWICE", "E-NO-SCHOOLS"}
    return {(issue.line, issue.column) for issue in report.issues(Severity.ERROR) if issue.code not in rules}


@EVERY_DATASET
@FEW
@given(data=st.data())
def test_judging_distinct_values_is_judging_every_row(shared: Desk, name: str, data: st.DataObject) -> None:
    file = data.draw(files_of(DATASETS[name], faulty=9))
    before = shared.path.read_bytes()
    report = shared.check(name, file.text)
    assert shared.path.read_bytes() == before, "checking writes nothing"
    assert report.rows == len(file.rows) == report.accepted + report.rejected
    assert report.table.lines.tolist() == file.lines
    alone = [judged_alone(file, row) for row in file.rows]
    faulty = {(line, column) for line, (_, refused) in zip(file.lines, alone, strict=True) for column in refused}
    assert cell_faults(report) == faulty
    for number, (cells, refused) in enumerate(alone):
        if not refused:
            found = {column: judged.values[judged.place[number]] for column, judged in report.columns.items()}
            assert found == {column: cells[column] for column in found}
    rejected_are_those_with_an_error(report, file)


def rejected_are_those_with_an_error(report: Report, file: RandomFile) -> None:
    lines = report.table.lines
    with_error = {issue.line for issue in report.issues(Severity.ERROR)}
    assert {int(line) for line in lines[report.rejected_rows]} == with_error
    with_query = {issue.line for issue in report.issues(Severity.QUERY)}
    assert {int(line) for line in lines[report.queried_rows]} == with_query - with_error
    for issue in issues(report):
        row = file.rows[file.lines.index(issue.line or 0)]
        assert issue.value is None or issue.value == row[file.names.index(issue.column or "")]


@EVERY_DATASET
@FEW
@given(data=st.data())
def test_the_order_of_rows_changes_nothing_but_line_numbers(shared: Desk, name: str, data: st.DataObject) -> None:
    file = data.draw(files_of(DATASETS[name]))
    other = file.with_rows(data.draw(st.permutations(file.rows)))
    assert told_by_row(shared, file) == told_by_row(shared, other)


def told_by_row(desk: Desk, file: RandomFile) -> Mapping[object, int]:
    """What is said of each row, the row by its cells; and the notes of the file: without the lines they name."""
    report = desk.check(file.dataset.name, file.text)
    said: Counter[object] = Counter(
        (file.rows[file.lines.index(issue.line or 0)], issue.column, issue.value, issue.code, _plain(issue.message))
        for issue in issues(report)
    )
    return said + Counter(map(_plain, report.notes))


def _plain(sentence: str) -> str:
    """The sentence without the numbers of the lines that it names."""
    return re.sub(r" \(lines? [^)]*\)|(?<=[Ll]ine )\d+", "", sentence)


@EVERY_DATASET
@FEW
@given(
    lines=st.lists(st.lists(st.text(max_size=8) | st.sampled_from(['"', '""', "\0", "a\rb"]), max_size=9), max_size=5),
    period=st.sampled_from(["", "202425-AUT", "202425"]),
)
def test_whatever_stands_below_the_header_is_told_in_sentences(
    shared: Desk, name: str, lines: list[list[str]], period: str
) -> None:
    text = "\n".join([",".join(DATASETS[name].columns), *map(",".join, lines)])
    checks_or_refuses(shared, name, text.encode("utf-8", "surrogatepass"), period)


@FEW
@given(content=st.binary(max_size=200), name=st.sampled_from([*DATASETS]))
def test_any_bytes_are_told_in_sentences(shared: Desk, name: str, content: bytes) -> None:
    checks_or_refuses(shared, name, content, "")


def checks_or_refuses(desk: Desk, name: str, content: bytes, period: str) -> None:
    try:
        checked = desk.checked(name, content, period=period)
    except Unreadable as problem:
        assert str(problem).endswith((".", "?"))
        return
    summary = files.summary(checked)
    assert summary["rows"] == summary["accepted"] + summary["rejected"]
    assert all(issue["message"] for issue in (*summary["errors"], *summary["queries"]))
