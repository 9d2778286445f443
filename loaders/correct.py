"""Faulty rows out, with what is wrong beside them, and mended cells back in.

A corrected file goes back through `read_file` like any other. Its first two columns (`CORRECTION_COLUMNS`) are ignored
there, and tell that its cells may carry an apostrophe that this module wrote: see `guarded`.
"""

import csv
import io
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from itertools import chain, takewhile

import numpy as np
import pandas as pd
import pyarrow as pa

from data_model.severity import Severity
from loaders.findings import Rows
from loaders.headers import CORRECTION_COLUMNS
from loaders.issues import Issue
from loaders.layout import normalise_header
from loaders.report import Report
from loaders.text_table import TextTable

DELETE_ME = "Delete this cell once the row is right"
"""Stands one cell beyond the header in a row of a wrong shape, so that the row is faulty until somebody has looked."""

_BYTE_ORDER_MARK = "\ufeff"  # without it Excel takes UTF-8 for cp1252
_CORRECTION_NAMES = frozenset(map(normalise_header, CORRECTION_COLUMNS))
# What a spreadsheet may take for the start of a formula (OWASP ASVS 5.0, 1.2.10), the full-width forms included, and
# the same after apostrophes: so no cell that was typed with one can be confused with a guarded cell.
_FORMULA = re.compile(r"'*\s*[=+\-@\t\r\n＝＋－＠]")
_NEGATIVE_NUMBER = re.compile(r"-\d+(\.\d+)?")


def guarded(cell: str) -> str:
    """The cell with an apostrophe before it, where a spreadsheet might run it as a formula; else as it is.

    A cell that has apostrophes before such a start gets one more, so `unguarded` gives back every cell exactly.
    Negative numbers stay plain.
    """
    return "'" + cell if _FORMULA.match(cell) and not _NEGATIVE_NUMBER.fullmatch(cell) else cell


def unguarded(cell: str) -> str:
    """The cell as it was before `guarded`."""
    return cell[1:] if cell.startswith("'") and _FORMULA.match(cell) else cell


def faulty_rows_csv(report: Report, *, with_queries: bool = False) -> str:
    """The rejected rows as a CSV to mend and drop back in; `with_queries` also the accepted ones that have a query.

    The columns are `line` (in the checked file), `what_to_put_right` and the file's own, cells as typed. Dropped back
    in unmended, each row has the faults of its own cells again; a fault that lies between rows needs the other rows
    in the file or saved.
    """
    chosen = report.rejected_rows | report.queried_rows if with_queries else report.rejected_rows
    return rows_csv(report.table, _messages_of(report, report.table.lines[chosen]))


def _messages_of(report: Report, lines: Rows) -> dict[int, list[str]]:
    last = int(lines[-1]) if len(lines) else 0
    places, headers = report.match.places, report.table.headers
    issues = chain.from_iterable(
        takewhile(lambda issue: (issue.line or 0) <= last, report.issues(severity))
        for severity in (Severity.ERROR, Severity.QUERY)
    )
    return messages_by_line(lines, issues, lambda column: headers[places[column]] if column in places else column)


def messages_by_line(lines: Rows, issues: Iterable[Issue], header_of: Callable[[str], str]) -> dict[int, list[str]]:
    """What `issues` say of the rows on these lines, each message led by the header that its column has in the file.

    What is said of the whole file, which rejects every row, comes after what is said of the row.
    """
    said: dict[int, list[str]] = {line: [] for line in lines.tolist()}
    of_file: list[str] = []
    for issue in issues:
        message = f"{header_of(issue.column)}: {issue.message}" if issue.column else issue.message
        if issue.line is None:
            of_file.append(message)
        elif issue.line in said:
            said[issue.line].append(message)
    return {line: messages + of_file for line, messages in said.items()}


def rows_csv(table: TextTable, messages: Mapping[int, Sequence[str]]) -> str:
    """The rows on the lines of `messages` as text for a CSV file: UTF-8's byte order mark, CRLF, cells guarded."""
    out = io.StringIO(newline="")
    out.write(_BYTE_ORDER_MARK)
    writer = csv.writer(out, lineterminator="\r\n")
    own = _own_columns(table)
    writer.writerow([*CORRECTION_COLUMNS, *(guarded(table.headers[column]) for column in own)])
    rows = np.flatnonzero(np.isin(table.lines, list(messages)))
    for row, cells in zip(rows, _cells(table, own, rows, guarded), strict=True):
        line = int(table.lines[row])
        marker = [DELETE_ME] if table.broken[row] else []
        writer.writerow([line, " | ".join(messages[line]), *cells, *marker])
    return out.getvalue()


def rows_frame(table: TextTable, messages: Mapping[int, Sequence[str]]) -> pd.DataFrame:
    """The rows on the lines of `messages`: `line`, `what_to_put_right` and the file's own columns, cells as typed."""
    own = _own_columns(table)
    rows = np.flatnonzero(np.isin(table.lines, list(messages)))
    lines = table.lines[rows].tolist()
    frame = pd.DataFrame(_cells(table, own, rows), columns=[table.headers[column] for column in own], dtype=object)
    frame.insert(0, CORRECTION_COLUMNS[0], lines)
    frame.insert(1, CORRECTION_COLUMNS[1], [" | ".join(messages[line]) for line in lines])
    return frame


def _own_columns(table: TextTable) -> list[int]:
    """The positions of the columns that the sender's own file had: not those of an earlier correction."""
    return [at for at, header in enumerate(table.headers) if normalise_header(header) not in _CORRECTION_NAMES]


def _cells(
    table: TextTable, columns: Sequence[int], rows: Rows, written: Callable[[str], str] = str
) -> list[tuple[str, ...]]:
    """The cells of these rows and columns, each distinct one put through `written` once."""
    found = []
    for column in (table.columns[at] for at in columns):
        used, place = np.unique(column.indices.to_numpy()[rows], return_inverse=True)
        cells = [written(cell) for cell in column.dictionary.take(pa.array(used)).to_pylist()]
        found.append(np.array([*cells, None], dtype=object)[place].tolist())
    return list(zip(*found, strict=True)) if found else [() for _ in rows]


def with_cells(table: TextTable, edits: Mapping[tuple[int, str], str]) -> TextTable:
    """The table with some cells replaced, named by the line and header of each; all else is untouched.

    Raises LookupError where there is no such line or header, and ValueError for a row of a wrong shape, which only the
    file itself can mend.
    """
    by_column: dict[int, dict[int, str]] = {}
    for (line, header), cell in edits.items():
        by_column.setdefault(_place(table, header), {})[_row(table, line)] = cell
    columns = list(table.columns)
    for column, cells in by_column.items():
        columns[column] = _replaced(columns[column], cells)
    return replace(table, columns=tuple(columns))


def _place(table: TextTable, header: str) -> int:
    if header not in table.headers:
        raise LookupError(f"The file has no column {header!r}.")
    return table.headers.index(header)


def _row(table: TextTable, line: int) -> int:
    row = int(np.searchsorted(table.lines, line))
    if row == len(table) or table.lines[row] != line:
        raise LookupError(f"No row starts on line {line}.")
    if table.broken[row]:
        raise ValueError(f"The row on line {line} has the wrong shape: mend it in the file, and load the file again.")
    return row


def _replaced(column: pa.DictionaryArray, cells: Mapping[int, str]) -> pa.DictionaryArray:
    """The column with the cells of some rows replaced."""
    indices = column.indices.to_numpy().copy()
    indices[list(cells)] = len(column.dictionary) + np.arange(len(cells), dtype=indices.dtype)
    values = pa.concat_arrays([column.dictionary, pa.array(cells.values(), pa.string())])
    return _encoded_anew(pa.DictionaryArray.from_arrays(pa.array(indices), values))


def _encoded_anew(column: pa.DictionaryArray) -> pa.DictionaryArray:
    """The same cells, each distinct value that still occurs said once: what a column's dictionary promises."""
    return column.dictionary_decode().dictionary_encode()


def without_guards(table: TextTable) -> TextTable:
    """A file of corrections with its headers and cells as they were before `guarded`; any other file as it is."""
    if not {normalise_header(header) for header in table.headers} >= _CORRECTION_NAMES:
        return table
    return replace(
        table,
        headers=tuple(map(unguarded, table.headers)),
        columns=tuple(map(_column_unguarded, table.columns)),
    )


def _column_unguarded(column: pa.DictionaryArray) -> pa.DictionaryArray:
    values = list(map(unguarded, column.dictionary.to_pylist()))
    return _encoded_anew(pa.DictionaryArray.from_arrays(column.indices, pa.array(values, pa.string())))
