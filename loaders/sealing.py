"""Cells that are encrypted in the database: opened where rows are compared, sealed again where they are written."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any

from sqlalchemy import Connection, select

from access.seal import Unsealable, seal, unseal
from data_model.dataset import Dataset

_KEY = (
    "Names are saved here that were encrypted with another OUTREACH_SECRET_KEY, so these rows cannot be compared with "
    "them. Ask your administrator to put that key back."
)


Cells = tuple[Any, ...]


def sealed_cells(dataset: Dataset, column: str, cells: list[Any]) -> list[Any]:
    """The cells of a column as they go into the database: encrypted where the column is sealed."""
    return [_turned(seal, dataset, cell) for cell in cells] if column in dataset.sealed else cells


def sealed(dataset: Dataset, columns: Sequence[str], rows: Sequence[Cells]) -> Sequence[Cells]:
    """The rows with the cells of sealed columns encrypted."""
    return list(_rows(seal, dataset, columns, rows)) if dataset.sealed else rows


def opened(dataset: Dataset, columns: Sequence[str], rows: Iterator[Cells]) -> Iterator[Cells]:
    """The rows with the cells of sealed columns as they were sent. Raises Unsealable where another key sealed them."""
    return _rows(unseal, dataset, columns, rows) if dataset.sealed else rows


def fault(connection: Connection, dataset: Dataset) -> str | None:
    """Why rows cannot be saved beside those that are there: a sentence where the secret key is another one."""
    for name in dataset.sealed:
        column = dataset.table.c[name]
        for cell in connection.scalars(select(column).where(column.is_not(None)).limit(1)):
            try:
                unseal(cell, dataset.name)
            except Unsealable:
                return _KEY
    return None


def _rows(
    turn: Callable[[str, str], str], dataset: Dataset, columns: Sequence[str], rows: Iterable[Cells]
) -> Iterator[Cells]:
    turned = [name in dataset.sealed for name in columns]
    for row in rows:
        yield tuple(_turned(turn, dataset, cell) if own else cell for cell, own in zip(row, turned, strict=True))


def _turned(turn: Callable[[str, str], str], dataset: Dataset, cell: str | None) -> str | None:
    return None if cell is None else turn(cell, dataset.name)
