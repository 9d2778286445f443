"""A fingerprint of the rows that each upload brought: what tells a changed value apart from the one that was saved.

SQLite's own check finds a broken page and not a flipped letter inside a cell. A fingerprint is the number of rows and the
sum of their digests, so that it does not hang on the order of rows. It is over what an upload brought: its rows that
stand, and those that later uploads have replaced since, which the journal of changes keeps.
"""

import hashlib
from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
from sqlalchemy import Connection, Table, select, update

from data_model.catalogue import DATASETS
from data_model.metadata import metadata
from data_model.store import stored_rows
from data_model.uploads import upload_changes, uploads

_BATCH = 20_000
_REMEMBERED = 100_000
_RECORDS = {"uploads", "upload_changes", "upload_schools", "open_queries"}
_EVERY_ROW = ("1 = 1", ())

Words = npt.NDArray[np.uint64]


class _Digests(dict[Any, int]):
    """The digest of each value of one column, worked out when it is first met. A missing value counts as nothing.

    That is why a column that a later version adds leaves the fingerprints of older uploads as they are.
    """

    def __init__(self, name: str) -> None:
        super().__init__({None: 0})
        self.name = name

    def __missing__(self, value: Any) -> int:
        if len(self) > _REMEMBERED:
            self.clear()
            self[None] = 0
        text = value if isinstance(value, str) else repr(float(value) + 0.0)
        digest = hashlib.blake2b(f"{self.name}={text}".encode(), digest_size=8).digest()
        return self.setdefault(value, int.from_bytes(digest, "big"))


class Fingerprint:
    """Grows as rows are added. `str()` is what is stored: the number of rows and 64 bits."""

    def __init__(self) -> None:
        self.rows = 0
        self._sum = 0
        self._digests: dict[str, _Digests] = {}

    def add(self, names: Sequence[str], columns: Sequence[Sequence[Any]]) -> None:
        """Add rows, given as a sequence of stored values for each of these columns."""
        count = len(columns[0])
        words: Words = np.zeros(count, dtype=np.uint64)
        for name, column in zip(names, columns, strict=True):
            digests = self._digests.setdefault(name, _Digests(name))
            words += np.fromiter(map(digests.__getitem__, column), dtype=np.uint64, count=count)
        self.rows += count
        self._sum = (self._sum + int(_stirred(words).sum(dtype=np.uint64))) % 2**64

    def __str__(self) -> str:
        return f"{self.rows} {self._sum:016x}"


def _stirred(words: Words) -> Words:
    """Each row's word mixed (splitmix64), so that two rows that swap a value do not cancel out."""
    words = (words ^ (words >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    words = (words ^ (words >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return words ^ (words >> np.uint64(31))


def record(connection: Connection, upload_id: int, fingerprint: Fingerprint) -> None:
    """Keep the fingerprint of what an upload brought."""
    connection.execute(update(uploads).where(uploads.c.upload_id == upload_id).values(fingerprint=str(fingerprint)))


def recorded(connection: Connection) -> dict[int, str | None]:
    """The fingerprint of each upload that stands as it was when it was saved; None where it was saved without one."""
    query = select(uploads.c.upload_id, uploads.c.fingerprint).where(uploads.c.undone_at.is_(None))
    return {row.upload_id: row.fingerprint for row in connection.execute(query.order_by(uploads.c.upload_id))}


def present(connection: Connection) -> dict[int, str]:
    """The fingerprint of each upload's rows as they are in the database now. Reads every row: 10 s for a million."""
    found: dict[int, Fingerprint] = {}
    for table in tables():
        for upload_id, names, columns in _rows_of(connection, table):
            found.setdefault(upload_id, Fingerprint()).add(names, columns)
    for upload_id, names, columns in _replaced(connection):
        found.setdefault(upload_id, Fingerprint()).add(names, columns)
    nothing = str(Fingerprint())
    return {upload_id: str(found.get(upload_id, nothing)) for upload_id in {*recorded(connection), *found}}


def record_again(connection: Connection, *, only_missing: bool = False) -> None:
    """Keep the fingerprints of what is there now, for who has rightly changed or removed rows outside an upload.

    With `only_missing`, those of the uploads alone that an older version saved without one.
    """
    now = present(connection)
    for upload_id, known in recorded(connection).items():
        if known is None or not only_missing:
            connection.execute(
                update(uploads).where(uploads.c.upload_id == upload_id).values(fingerprint=now[upload_id])
            )


def record_published(connection: Connection, table: Table, upload_id: int, *, replaced_others: bool) -> None:
    """Keep the fingerprint of a file of published figures, and anew those of the uploads that it took rows from."""
    own = _EVERY_ROW if replaced_others else (f"upload_id = {int(upload_id)}", ())
    found = {upload_id: Fingerprint()}
    for other, names, columns in _rows_of(connection, table, own):
        found.setdefault(other, Fingerprint()).add(names, columns)
    for other, fingerprint in found.items():
        record(connection, other, fingerprint)


def tables() -> list[Table]:
    """The tables whose rows say which upload brought them."""
    return [table for table in metadata.sorted_tables if "upload_id" in table.columns and table.name not in _RECORDS]


Part = tuple[int, Sequence[str], Sequence[Sequence[Any]]]


def _rows_of(connection: Connection, table: Table, where: tuple[str, tuple[Any, ...]] = _EVERY_ROW) -> Iterator[Part]:
    names = [column.name for column in table.columns if column.name != "upload_id"]
    parts: dict[int, list[tuple[Any, ...]]] = {}
    for *row, upload_id in stored_rows(connection, table, [*names, "upload_id"], where):
        part = parts.setdefault(upload_id, [])
        part.append(tuple(row))
        if len(part) >= _BATCH:
            yield upload_id, names, list(zip(*parts.pop(upload_id), strict=True))
    for upload_id, part in parts.items():
        yield upload_id, names, list(zip(*part, strict=True))


def _replaced(connection: Connection) -> Iterator[Part]:
    """The rows that later uploads replaced or removed, by the upload that brought them and that stands."""
    changes = upload_changes.c
    brought = uploads.c.upload_id == changes.replaced_upload_id
    query = select(changes.replaced_upload_id, uploads.c.dataset, changes.before).join_from(
        upload_changes, uploads, brought
    )
    query = query.where(uploads.c.undone_at.is_(None))
    parts: dict[tuple[int, str], list[dict[str, Any]]] = {}
    for upload_id, dataset, before in connection.execute(query):
        parts.setdefault((upload_id, dataset), []).append(before)
    for (upload_id, dataset), rows in parts.items():
        names = DATASETS[dataset].stored[:-1] if dataset in DATASETS else DATASETS["schools"].stored[:-1]
        yield upload_id, names, [[row.get(name) for row in rows] for name in names]
