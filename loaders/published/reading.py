"""What a published file was read as: the rows to keep, and what is said about the others."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
from sqlalchemy import Column, Date, Table

from data_model.severity import Severity
from loaders.issues import Issue
from loaders.published.cells import Cells, LeftOut, Rows, Wrong, text_cells
from loaders.text_table import TextTable


@dataclass(frozen=True)
class Reading:
    """The rows of a file that are to be kept in `table`: `columns` in the table's order, `rows` in the key's.

    `rejected` is how many rows of the file have an error; every other row is accepted, whether it is kept or one that
    the notes say was left out. `periods` are the years and terms that the kept rows are for.
    """

    table: Table
    columns: Mapping[str, Cells]
    rows: npt.NDArray[np.int64]
    rejected: int
    issues: tuple[Issue, ...]
    notes: tuple[str, ...]
    periods: tuple[str, ...]

    def batches(self, size: int) -> Iterator[list[tuple[object, ...]]]:
        """The kept rows as tuples in the order of `columns`, so many at a time."""
        for start in range(0, len(self.rows), size):
            rows = self.rows[start : start + size]
            yield list(zip(*(cells.take(rows) for cells in self.columns.values()), strict=True))


class Sieve:
    """Sorts the rows of a file into kept, left out and rejected while its columns are read."""

    def __init__(self, table: TextTable) -> None:
        self.table = table
        self.issues: list[Issue] = list(table.issues)
        self.notes: list[str] = []
        self._rejected: Rows = table.broken.copy()
        self._left_out: Rows = np.zeros(len(table), dtype=np.bool_)
        self._why: Counter[str] = Counter()

    @property
    def kept(self) -> Rows:
        """The rows that are neither rejected nor left out so far."""
        kept: Rows = ~self._rejected & ~self._left_out
        return kept

    def text(self, place: int) -> Cells:
        """The column at this place of the file, as text."""
        return text_cells(self.table.columns[place])

    def leave_out(self, cells: Cells) -> None:
        """Leave out the rows that hold a LeftOut, and count why."""
        for why in {value.why for value in cells.values if isinstance(value, LeftOut)}:
            self.leave_out_rows(cells.are(LeftOut(why)), why)

    def leave_out_rows(self, rows: Rows, why: str) -> None:
        """Leave out these rows of those still kept, and count why."""
        found = rows & self.kept
        self._why[why] += int(found.sum())
        self._left_out |= found

    def reject_wrong(self, cells: Cells, typed: Cells, column: str, meant: Rows | None = None) -> None:
        """An issue for each cell of the kept rows (of those `meant`) that is Wrong; where it is an error, reject it.

        `typed` is the column as it stands in the file, `column` our name for it.
        """
        rows = self.kept if meant is None else self.kept & meant
        for wrong in {value for value in cells.values if isinstance(value, Wrong)}:
            found = rows & cells.are(wrong)
            if wrong.severity is Severity.ERROR:
                self.reject(found, typed, column, wrong.code, wrong.message)
            else:
                self._say(found, typed, column, wrong)

    def reject(self, rows: Rows, typed: Cells, column: str, code: str, message: str) -> None:
        """Reject these rows of those still kept, with an error for each that shows its cell of `typed`."""
        found = rows & self.kept
        self._say(found, typed, column, Wrong(code, message))
        self._rejected |= found

    def _say(self, rows: Rows, typed: Cells, column: str, wrong: Wrong) -> None:
        at = np.flatnonzero(rows)
        lines = self.table.lines[at].tolist()
        self.issues.extend(
            Issue(line, column, text, wrong.code, wrong.severity, wrong.message)
            for line, text in zip(lines, typed.take(at), strict=True)
        )

    def reading(
        self, table: Table, columns: Mapping[str, Cells], rows: npt.NDArray[np.int64], periods: tuple[str, ...] = ()
    ) -> Reading:
        """The finished reading, with these rows kept: issues by line, those of the whole file last."""
        issues = sorted(self.issues, key=lambda issue: (issue.line is None, issue.line or 0))
        stored = {
            column.name: _stored(column, columns[column.name]) for column in table.columns if column.name in columns
        }
        return Reading(table, stored, rows, int(self._rejected.sum()), tuple(issues), self._notes(), periods)

    def reading_of(self, table: Table, rows: Sequence[tuple[Any, ...]]) -> Reading:
        """The finished reading where the rows to keep are not those of the file: tuples in the table's order."""
        names = [column.name for column in table.columns if column.name != "upload_id"]
        order = np.arange(len(rows))
        columns = {name: Cells(order.astype(np.int32), [row[at] for row in rows]) for at, name in enumerate(names)}
        return self.reading(table, columns, order)

    def _notes(self) -> tuple[str, ...]:
        left_out = [f"{_rows(count)} left out: {why}." for why, count in self._why.items() if count]
        return (*self.table.notes, *self.notes, *left_out)


def _stored(column: Column[Any], cells: Cells) -> Cells:
    """Dates as ISO text, which is what the driver is given."""
    dated = isinstance(column.type, Date)
    return cells.map(lambda value: value and value.isoformat()) if dated else cells


def in_key_order(sieve: Sieve, key: Sequence[Cells]) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]]:
    """The kept rows in the order of their key, without those that repeat the key of an earlier line; and those.

    Both are row numbers.
    """
    rows = np.flatnonzero(sieve.kept)
    ranks = [cells.ranks()[rows] for cells in key]
    order = np.lexsort((rows, *reversed(ranks)))
    repeats = np.zeros(len(rows), dtype=np.bool_)
    repeats[1:] = True
    for rank in ranks:
        ordered = rank[order]
        repeats[1:] &= ordered[1:] == ordered[:-1]
    return rows[order][~repeats], rows[order][repeats]


def refuse_repeats(sieve: Sieve, key: Sequence[Cells], typed: Cells, column: str, message: str) -> None:
    """Reject each row that repeats the key of an earlier line, with an error under `column`."""
    _, repeats = in_key_order(sieve, key)
    rows = np.zeros(len(sieve.table), dtype=np.bool_)
    rows[repeats] = True
    sieve.reject(rows, typed, column, "E-ROW-TWICE", message)


def _rows(count: int) -> str:
    return "1 row was" if count == 1 else f"{count:,} rows were"
