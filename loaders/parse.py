"""The lines below the header -> columns of text. Two ways to one answer: fast for tidy files, exact for any."""

import codecs
import re
from array import array
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.csv

from data_model.severity import Severity
from loaders.decode import has_lone_returns, line_ends
from loaders.issues import Issue, Unreadable
from loaders.layout import DELIMITERS, Layout
from loaders.records import Record, records, text_lines

_BATCH_ROWS = 1_000  # at 50,000 the garbage collector and cache misses take half of the time
_BLOCK_BYTES = 4 << 20
_THREADS = 2
_MANY_BROKEN = 10_000
_LINE_END = re.compile(r"\r\n|\n|\r")


@dataclass(frozen=True)
class Parsed:
    """The rows below the header, as in TextTable, with a column for every header cell, blank ones too."""

    columns: tuple[pa.DictionaryArray, ...]
    lines: npt.NDArray[np.int64]
    broken: npt.NDArray[np.bool_]
    issues: tuple[Issue, ...] = ()


def parse(utf8: bytes, layout: Layout) -> Parsed:
    """The rows below the header. Wholly blank lines may be among them; rows of a wrong shape are marked as broken."""
    return parse_fast(utf8, layout) or parse_exactly(utf8, layout)


def parse_fast(utf8: bytes, layout: Layout) -> Parsed | None:
    """What parse_exactly returns, several times faster; None unless each line is plainly one row of the right width."""
    start = layout.data_start
    if utf8.find(b'"', start) >= 0 or has_lone_returns(utf8, start):
        return None
    if utf8.startswith(codecs.BOM_UTF8, start):  # text here, but pyarrow would take it for a mark and drop it
        return None
    try:
        table = _arrow_table(utf8, layout)
    except pa.ArrowInvalid:  # a row of another width, or no rows at all
        return None
    lines = _filled_lines(utf8, start, table.num_rows) + layout.data_line
    if len(lines) != table.num_rows:
        return None
    cells = table.columns
    del table  # so that each column's text is freed once it is encoded
    return Parsed(_encoded(cells), lines, np.zeros(len(lines), dtype=np.bool_))


def parse_exactly(utf8: bytes, layout: Layout) -> Parsed:
    """Every row by Python's own CSV reader: quoted cells, line breaks in cells, rows of a wrong width."""
    width = len(layout.cells)
    cells_by_column: list[list[pa.StringArray]] = [[] for _ in range(width)]
    rows: list[list[str]] = []
    lines, broken, issues = array("q"), [], []
    for record in records(text_lines(utf8, layout.data_start), layout.delimiter, layout.data_line):
        line, last_line, cells, whole = record
        if len(cells) != width or line != last_line or not whole:
            if whole and not any(cell.strip() for cell in cells):
                continue
            issue = _fault(record, layout)
            if issue:
                broken.append(len(lines))
                issues.append(issue)
                _refuse_most_broken(len(issues), len(lines))
            cells = _fitted(cells, layout)
        rows.append(cells)
        lines.append(line)
        if len(rows) == _BATCH_ROWS:
            _move(rows, cells_by_column)
    _move(rows, cells_by_column)
    columns = [pa.chunked_array(cells, pa.string()) for cells in cells_by_column]
    is_broken = np.zeros(len(lines), dtype=np.bool_)
    is_broken[broken] = True
    return Parsed(_encoded(columns), np.array(lines, dtype=np.int64), is_broken, tuple(issues))


def _arrow_table(utf8: bytes, layout: Layout) -> pa.Table:
    names = [str(position) for position in range(len(layout.cells))]
    return pyarrow.csv.read_csv(
        pa.BufferReader(pa.py_buffer(utf8).slice(layout.data_start)),
        read_options=pyarrow.csv.ReadOptions(column_names=names, block_size=_BLOCK_BYTES),
        parse_options=pyarrow.csv.ParseOptions(delimiter=layout.delimiter, quote_char=False, escape_char=False),
        convert_options=pyarrow.csv.ConvertOptions(
            column_types=dict.fromkeys(names, pa.string()), strings_can_be_null=False, check_utf8=False
        ),
    )


def _filled_lines(utf8: bytes, start: int, rows: int) -> npt.NDArray[np.int64]:
    """The offsets from the first data line of the lines that are not empty: as a rule there are `rows` of them."""
    if line_ends(utf8, start) + (not utf8.endswith(b"\n")) == rows:
        return np.arange(rows, dtype=np.int64)
    content = np.frombuffer(utf8, dtype=np.uint8, offset=start)
    ends = np.append(np.flatnonzero(content == ord("\n")), len(content))
    starts = np.append(0, ends[:-1] + 1)
    after_return = (ends - starts == 1) & (content[np.minimum(starts, len(content) - 1)] == ord("\r"))
    return np.flatnonzero((ends > starts) & ~after_return).astype(np.int64)


def _move(rows: list[list[str]], cells_by_column: list[list[pa.StringArray]]) -> None:
    """Move all rows to the ends of the columns."""
    for cells, column in zip(zip(*rows, strict=True), cells_by_column, strict=False):
        column.append(pa.array(cells, pa.string()))
    rows.clear()


def _encoded(columns: list[pa.ChunkedArray]) -> tuple[pa.DictionaryArray, ...]:
    """Each column with its distinct values said once, in the order that they first occur in; empties `columns`."""
    columns.reverse()
    with ThreadPoolExecutor(_THREADS) as threads:
        encoding = [threads.submit(_encoded_column, columns.pop()) for _ in range(len(columns))]
        return tuple(column.result() for column in encoding)


def _encoded_column(cells: pa.ChunkedArray) -> pa.DictionaryArray:
    return cells.dictionary_encode().combine_chunks()


def _fitted(cells: list[str], layout: Layout) -> list[str]:
    """The cells padded or cut to the header's width; text beyond it is kept, in the last named column."""
    width, named = len(layout.cells), layout.named_width
    if any(cell.strip() for cell in cells[width:]):
        cells = [*cells[: named - 1], layout.delimiter.join(cells[named - 1 :])]
    return [*cells[:width], *[""] * (width - len(cells))]


def _fault(record: Record, layout: Layout) -> Issue | None:
    """What is wrong with the shape of a record, if anything: extra cells at the end may all be blank."""
    if not record.whole or _swallows_rows(record.cells, layout):
        return _row_issue(record, "E-QUOTE", _quote_message(record))
    filled = next((index for index in range(len(record.cells), 0, -1) if record.cells[index - 1].strip()), 0)
    cells, headers = len(record.cells), layout.named_width
    if filled > len(layout.cells):
        mark = DELIMITERS[layout.delimiter]
        message = f"This row has {filled} cells but the header has {headers}, likely because of a {mark} in a cell"
        advice = f'put quotation marks (") around that cell, or take the {mark} out'
        return _row_issue(record, "E-ROW-LONG", f"{message}: {advice}.")
    if cells < headers:
        message = (
            f"This row has {cells} cells but the header has {headers}: add what is missing, or an empty cell for it."
        )
        return _row_issue(record, "E-ROW-SHORT", message.replace("1 cells", "1 cell") if cells == 1 else message)
    return None


def _refuse_most_broken(broken: int, rows: int) -> None:
    """One sentence instead of a million alike: they are the header's fault."""
    if broken > _MANY_BROKEN and broken * 2 > rows:
        message = (
            "Most rows do not have as many cells as the header: check that each column has one name in the header."
        )
        raise Unreadable("E-ROWS", message)


def _swallows_rows(cells: list[str], layout: Layout) -> bool:
    """Whether a cell with line breaks holds a line with as many delimiters as a whole row has."""
    enough = max(1, layout.named_width - 1)
    continuations = (line for cell in cells for line in _LINE_END.split(cell)[1:])
    return any(line.count(layout.delimiter) >= enough for line in continuations)


def _quote_message(record: Record) -> str:
    if record.line == record.last_line:
        fault = 'A quotation mark (") is not closed where its cell ends'
        return f"{fault}: take it out, or double it if it belongs to the text."
    fault = f'A quotation mark (") opened on line {record.line} swallows the rows down to line {record.last_line}'
    return f"{fault}: take it out, or close it on its own line."


def _row_issue(record: Record, code: str, message: str) -> Issue:
    return Issue(record.line, None, None, code, Severity.ERROR, message)
