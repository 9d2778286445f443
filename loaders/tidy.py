"""What exports put around the data and nobody means as data: blank rows, totals rows, columns without a name."""

import re
from dataclasses import replace

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from loaders.issues import Unreadable
from loaders.layout import Layout, clean_header, normalise_header
from loaders.parse import Parsed

_TOTALS = frozenset({"total", "totals", "grandtotal", "grandtotals"})
_TOTALS_WITHIN = 3
_NUMBER = re.compile(r"[-+£]?[\d,. ]*\d%?")


def without_blank_rows(parsed: Parsed) -> Parsed:
    """The rows with at least one cell that is not blank; columns with few distinct cells settle it soonest."""
    blank = np.flatnonzero(~parsed.broken)
    for column in sorted(parsed.columns, key=lambda column: len(column.dictionary)):
        if not len(blank):
            return parsed
        blank = blank[_blank_values(column)[_codes(column)[blank]]]
    return _rows_kept(parsed, np.delete(np.arange(len(parsed.lines)), blank)) if len(blank) else parsed


def without_totals(parsed: Parsed) -> tuple[Parsed, tuple[str, ...]]:
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

    Nor may another cell say total, or more than two others all be filled: in headcounts, "Total" is a characteristic
    that every school has a row for.
    """
    cells = [column[row].as_py().strip() for column in parsed.columns]
    label = next(index for index, cell in enumerate(cells) if cell)
    if normalise_header(cells[label]) not in _TOTALS:
        return False
    others = [cell for index, cell in enumerate(cells) if index != label]
    if any(normalise_header(cell) in _TOTALS for cell in others) or (len(others) > 2 and all(others)):
        return False
    words = sum(bool(cell) and not _NUMBER.fullmatch(cell) for cell in others)
    return 0 < len(others) >= words * 2 and not _says_total_before(parsed, label)


def _says_total_before(parsed: Parsed, column: int) -> bool:
    cells = parsed.columns[column]
    says = np.array([normalise_header(value) in _TOTALS for value in cells.dictionary.to_pylist()], dtype=np.bool_)
    return bool(says[_codes(cells)[:-_TOTALS_WITHIN]].any())


def named_columns(parsed: Parsed, layout: Layout) -> list[int]:
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
