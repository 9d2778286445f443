"""Bytes -> a table of text, exactly as typed, or one sentence on why they are not one."""

import re
from collections.abc import Collection
from dataclasses import replace
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from loaders.decode import Text, decode, refuse_long_lines
from loaders.issues import Unreadable
from loaders.layout import Layout, clean_header, find_layout, normalise_header
from loaders.not_a_csv import refuse_other_formats
from loaders.parse import Parsed, parse
from loaders.text_table import TextTable

__all__ = ["normalise_header", "read"]

_TOTALS = frozenset({"total", "totals", "grandtotal", "grandtotals"})
_TOTALS_WITHIN = 3
_NUMBER = re.compile(r"[-+£]?[\d,. ]*\d%?")
_MEGABYTE = 1_000_000


def read(
    content: bytes | Path,
    name: str,
    *,
    known_headers: Collection[str] = (),
    max_bytes: int | None = None,
    repeated_headers: bool = False,
) -> TextTable:
    """The cells of a CSV as text, with the file line of each row; `name` is what the sender calls the file.

    `known_headers`, in the form of normalise_header, help to find the header under title lines. A header that
    occurs twice is refused, unless `repeated_headers` (DfE's statistical neighbours have one). Rows of a wrong shape
    are kept and marked, with an issue each. Raises Unreadable, whose code is one of: E-NO-FILE, E-EMPTY, E-TOO-LARGE,
    E-NOT-CSV, E-NUL, E-ENCODING, E-LINE-LONG, E-TOO-WIDE, E-NO-HEADER, E-QUOTE (at the header), E-HEADER-TWICE,
    E-HEADER-BLANK.
    """
    text = _text(content, max_bytes)
    layout = find_layout(text.utf8, known_headers, repeated_headers=repeated_headers)
    parsed = _without_blank_rows(parse(text.utf8, layout))
    parsed, totals_notes = _without_totals(parsed)
    named = _named_columns(parsed, layout)
    return TextTable(
        name=name,
        headers=tuple(clean_header(layout.cells[column]) for column in named),
        columns=tuple(parsed.columns[column] for column in named),
        lines=parsed.lines,
        broken=parsed.broken,
        encoding=text.encoding,
        delimiter=layout.delimiter,
        header_line=layout.header_line,
        issues=parsed.issues,
        notes=(*text.notes, *layout.notes, *totals_notes),
    )


def _text(content: bytes | Path, max_bytes: int | None) -> Text:
    content = _bytes(content, max_bytes)
    refuse_other_formats(content)
    text = decode(content)
    refuse_long_lines(text.utf8)
    return text


def _bytes(content: bytes | Path, max_bytes: int | None) -> bytes:
    """The file's bytes; its size is looked at before any is read."""
    try:
        size = content.stat().st_size if isinstance(content, Path) else len(content)
        if max_bytes is not None and size > max_bytes:
            raise _too_large(size, max_bytes)
        return content.read_bytes() if isinstance(content, Path) else content
    except OSError:
        message = "The file cannot be opened: check its name, and that you may read it."
        raise Unreadable("E-NO-FILE", message) from None


def _too_large(size: int, max_bytes: int) -> Unreadable:
    sizes = f"The file has {size / _MEGABYTE:,.1f} MB and at most {max_bytes / _MEGABYTE:,.1f} MB are taken here"
    return Unreadable("E-TOO-LARGE", f"{sizes}: send it in parts, such as a year at a time, or use the command line.")


def _without_blank_rows(parsed: Parsed) -> Parsed:
    """The rows with at least one cell that is not blank; columns with few distinct cells settle it soonest."""
    blank = np.flatnonzero(~parsed.broken)
    for column in sorted(parsed.columns, key=lambda column: len(column.dictionary)):
        if not len(blank):
            return parsed
        blank = blank[_blank_values(column)[_codes(column)[blank]]]
    return _rows_kept(parsed, np.delete(np.arange(len(parsed.lines)), blank)) if len(blank) else parsed


def _without_totals(parsed: Parsed) -> tuple[Parsed, tuple[str, ...]]:
    """Without the totals rows among the last three rows, and a note for each."""
    last = range(max(0, len(parsed.lines) - _TOTALS_WITHIN), len(parsed.lines))
    totals = [row for row in last if _is_totals_row(parsed, row)]
    if not totals:
        return parsed, ()
    kept = np.delete(np.arange(len(parsed.lines)), totals)
    notes = tuple(f"The totals row on line {parsed.lines[row]} was left out." for row in totals)
    return _rows_kept(parsed, kept), notes


def _is_totals_row(parsed: Parsed, row: int) -> bool:
    """Whether the row's first cell says total, most others are blank or numbers, and no earlier row says so there.

    That last guards data: in headcounts, "Total" is a characteristic that every school has a row for.
    """
    cells = [column[row].as_py().strip() for column in parsed.columns]
    label = next(index for index, cell in enumerate(cells) if cell)
    if normalise_header(cells[label]) not in _TOTALS:
        return False
    others = [cell for index, cell in enumerate(cells) if index != label]
    words = sum(bool(cell) and not _NUMBER.fullmatch(cell) for cell in others)
    return words * 2 <= len(others) and not _says_total_before(parsed, label)


def _says_total_before(parsed: Parsed, column: int) -> bool:
    cells = parsed.columns[column]
    says = np.array([normalise_header(value) in _TOTALS for value in cells.dictionary.to_pylist()], dtype=np.bool_)
    return bool(says[_codes(cells)[:-_TOTALS_WITHIN]].any())


def _named_columns(parsed: Parsed, layout: Layout) -> list[int]:
    """The positions of the columns with a name. One without is left out if it is empty, else refused."""
    named = []
    for position, header in enumerate(layout.cells):
        if clean_header(header):
            named.append(position)
            continue
        column = parsed.columns[position]
        filled = np.flatnonzero(~parsed.broken & ~_blank_values(column)[_codes(column)])
        if len(filled):
            where = f"Column {position + 1} has no name but holds text on line {parsed.lines[filled[0]]}"
            message = f"{where}: name it in the header (line {layout.header_line}), or clear it."
            raise Unreadable("E-HEADER-BLANK", message)
    return named


def _rows_kept(parsed: Parsed, kept: npt.NDArray[np.int64]) -> Parsed:
    lines = parsed.lines[kept]
    remaining = set(lines[parsed.broken[kept]].tolist())
    return replace(
        parsed,
        columns=tuple(_cells_kept(column, kept) for column in parsed.columns),
        lines=lines,
        broken=parsed.broken[kept],
        issues=tuple(issue for issue in parsed.issues if issue.line in remaining),
    )


def _cells_kept(column: pa.DictionaryArray, kept: npt.NDArray[np.int64]) -> pa.DictionaryArray:
    """The kept cells, and of the distinct values only those that still occur: each is judged once, later."""
    codes = _codes(column)[kept]
    used = np.zeros(len(column.dictionary), dtype=np.bool_)
    used[codes] = True
    renumbered = np.cumsum(used, dtype=np.int32) - np.int32(1)
    return pa.DictionaryArray.from_arrays(pa.array(renumbered[codes]), column.dictionary.filter(pa.array(used)))


def _codes(column: pa.DictionaryArray) -> npt.NDArray[np.int32]:
    codes: npt.NDArray[np.int32] = column.indices.to_numpy()
    return codes


def _blank_values(column: pa.DictionaryArray) -> npt.NDArray[np.bool_]:
    """Which of a column's distinct values are blank: nothing but spaces of any kind, or nothing."""
    return np.array([not value.strip() for value in column.dictionary.to_pylist()], dtype=np.bool_)
