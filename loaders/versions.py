"""One row as it stands and as it was before: what somebody edits on a page, and who wrote each version of it."""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import ColumnElement, Connection, String, and_, cast, select

from access.noting import utc
from access.reach import columns_in, of_area, of_school, pupils_in
from access.roles import Permission
from access.scope import OutOfScope, Scope
from access.seal import digest
from data_model import uploads as records
from data_model.belonging import LA_CODE, pupil_of, school_of
from data_model.codes import Source
from data_model.dataset import Dataset
from data_model.schools import SCHOOLS
from loaders.reach import Reach

Texts = Mapping[str, str]
"""A row's cells by column as somebody would type them: days as 2025-10-06, codes by themselves, blank ones empty."""


@dataclass(frozen=True)
class Version:
    """A row as an upload wrote it. `cells` are those that the asker may read.

    `fingerprint` changes whenever the row does: an edit names the one that it was made from. `changed_at` is UTC;
    `changed_by` is None for those who are not told who did what. `file_name` says how it came. `undone_at` (UTC) is
    None, or when it was undone; `undone_by` then says by whom, to those who are told.
    """

    cells: Texts
    fingerprint: str
    upload_id: int
    changed_by: str | None
    changed_at: datetime
    file_name: str
    undone_at: datetime | None = None
    undone_by: str | None = None

    def is_made_from(self, earlier: "Version") -> bool:
        """Whether an earlier version still stood when this one was written."""
        return earlier.undone_at is None or earlier.undone_at > self.changed_at


def key_in(dataset: Dataset, cells: Texts) -> tuple[str, ...]:
    """The natural key of a row, out of its cells."""
    return tuple(cells.get(name, "") for name in dataset.key)


def current(connection: Connection, scope: Scope, dataset: Dataset, key: Sequence[str]) -> Version | None:
    """The row of a natural key as it stands; None where there is none that the scope reaches.

    Raises OutOfScope where rows are about pupils and the scope has none of those.
    """
    row = stored_row(connection, scope, dataset, key)
    return _version(connection, scope, dataset, row) if row else None


def history(connection: Connection, scope: Scope, dataset: Dataset, key: Sequence[str]) -> tuple[Version, ...]:
    """Every version of the row of a natural key, the newest first, and those that were typed and undone among them.

    Where somebody put another key right, what stood under that one comes before.

    Versions of schools, or about pupils, whom the scope does not reach are left out. Raises OutOfScope as `current`
    does.
    """
    now = stored_row(connection, scope, dataset, key)
    earlier = _replaced(connection, dataset, key, {now["upload_id"]} if now else set())
    before = [row for row in earlier if _is_reached(connection, scope, dataset, row, now)]
    rows = sorted([*([now] if now else []), *before], key=lambda row: int(row["upload_id"]), reverse=True)
    return tuple(_version(connection, scope, dataset, row) for row in rows)


def taken_back(connection: Connection, scope: Scope, dataset: Dataset, column: str, cell: str) -> tuple[Version, ...]:
    """Typed rows with this cell of which nothing stands any more: of each its last version, the newest undone first.

    Raises OutOfScope as `current` does.
    """
    changes, uploads = records.upload_changes.c, records.uploads.c
    query = (
        select(changes.before)
        .join(records.uploads, uploads.upload_id == changes.upload_id)
        .where(uploads.dataset == dataset.name, uploads.undone_at.is_not(None))
        .where(changes.before[column].as_string() == cell)
        .order_by(uploads.undone_at.desc())
    )
    found: dict[tuple[str, ...], Version] = {}
    for before in connection.execute(query).scalars():
        key = key_in(dataset, texts_of(dataset, before))
        if key not in found and not is_there(connection, dataset, key):
            versions = history(connection, scope, dataset, key)
            # What went to another before it was taken back is theirs to put back.
            found |= {key: versions[0]} if versions and versions[0].cells.get(column) == cell else {}
    return tuple(found.values())


def stored_row(connection: Connection, scope: Scope, dataset: Dataset, key: Sequence[str]) -> dict[str, Any] | None:
    """The whole row of a key, days as ISO text, if the scope reaches it. Raises OutOfScope as `current` does."""
    if dataset.about_pupils and not (scope.pupil_rows or scope.panels):
        raise OutOfScope("These rows are about single pupils, and you may not see pupils’ rows.")
    wanted = _is_row(dataset, key)
    if wanted is None:
        return None
    pupil, (source, urn) = pupil_of(dataset), school_of(dataset)
    if dataset.area:
        reached = of_area(scope, dataset.table.c[dataset.area])
    else:
        source = source.outerjoin(SCHOOLS.table, SCHOOLS.table.c.urn == urn)
        reached = of_school(connection, scope, LA_CODE.is_(None))
    if pupil is not None:
        reached = and_(reached, pupils_in(scope, pupil, urn))
    query = select(*(dataset.table.c[name] for name in dataset.stored)).select_from(source).where(wanted, reached)
    found = connection.execute(query).mappings().first()
    return {name: _stored(value) for name, value in found.items()} if found else None


def is_there(connection: Connection, dataset: Dataset, key: Sequence[str]) -> bool:
    """Whether there is a row of a natural key, whoever reaches it."""
    wanted = _is_row(dataset, key)
    if wanted is None:
        return False
    return connection.execute(select(dataset.table.c[dataset.key[0]]).where(wanted)).first() is not None


def texts_of(dataset: Dataset, row: Mapping[str, Any]) -> dict[str, str]:
    """A stored row's cells as somebody would type them."""
    return {name: _text(row[name]) for name in dataset.columns}


def fingerprint_of(dataset: Dataset, row: Mapping[str, Any]) -> str:
    """What an edit names a whole stored row by. It cannot be worked out without the secret key."""
    return digest(json.dumps([dataset.name, row["upload_id"], texts_of(dataset, row)], sort_keys=True), "row")


def _version(connection: Connection, scope: Scope, dataset: Dataset, row: Mapping[str, Any]) -> Version:
    uploads = records.uploads.c
    query = select(uploads.uploaded_by, uploads.uploaded_at, uploads.file_name, uploads.undone_at, uploads.undone_by)
    by, at, file_name, undone_at, undone_by = connection.execute(
        query.where(uploads.upload_id == row["upload_id"])
    ).one()
    texts, is_told = texts_of(dataset, row), Permission.STAFF in scope.columns
    return Version(
        cells={name: texts[name] for name in columns_in(scope, dataset)},
        fingerprint=fingerprint_of(dataset, row),
        upload_id=row["upload_id"],
        changed_by=by if is_told else None,
        changed_at=utc(at),
        file_name=file_name,
        undone_at=utc(undone_at) if undone_at else None,
        undone_by=undone_by if is_told else None,
    )


def stored_key(dataset: Dataset, key: Sequence[str]) -> tuple[Any, ...]:
    """A natural key as the database has it, days as ISO text. Raises ValueError where no row can have it."""
    return tuple(_stored(_typed(dataset, name, text)) for name, text in zip(dataset.key, key, strict=True))


def _is_row(dataset: Dataset, key: Sequence[str]) -> ColumnElement[bool] | None:
    """True of the row of a natural key; None where no row can have it."""
    assert len(key) == len(dataset.key), f"the key of {dataset.name} is {dataset.key}"
    try:
        typed = [_typed(dataset, name, text) for name, text in zip(dataset.key, key, strict=True)]
    except ValueError:
        return None
    matches = [dataset.table.c[name] == value for name, value in zip(dataset.key, typed, strict=True)]
    matches += [dataset.table.c.source == str(Source.NOTIFIED)] if dataset.by_source else []
    return and_(*matches)


def _replaced(
    connection: Connection, dataset: Dataset, key: Sequence[str], wrote: set[int]
) -> Iterator[dict[str, Any]]:
    """The rows of this key that uploads replaced or removed, or that were typed and undone, as they were; and those of
    another key in whose place they came, as far as they came before. `wrote` are the uploads that wrote the row as it
    stands."""
    changes, uploads = records.upload_changes.c, records.uploads.c
    journal = records.upload_changes.join(records.uploads, uploads.upload_id == changes.upload_id)
    own = select(changes.before).select_from(journal).where(uploads.dataset == dataset.name)
    moved = own.with_only_columns(cast(changes.key, String), uploads.upload_id)
    moved = moved.where(uploads.file_name == records.TYPED, uploads.rows_accepted == 1)
    try:
        waiting: dict[str, int | None] = {json.dumps(stored_key(dataset, key)): None}
    except ValueError:
        return
    seen: set[str] = set()
    while waiting:
        one, until = waiting.popitem()
        seen.add(one)
        for before in connection.execute(own.where(cast(changes.key, String) == one)).scalars():
            if until is None or before["upload_id"] < until:
                wrote = {*wrote, before["upload_id"]}
                yield {name: before.get(name) for name in dataset.stored}
        left = connection.execute(moved.where(uploads.upload_id.in_(wrote)))
        waiting |= {another: upload for another, upload in left if another not in seen}


def _is_reached(
    connection: Connection, scope: Scope, dataset: Dataset, row: Mapping[str, Any], now: Mapping[str, Any] | None
) -> bool:
    """Whether an earlier version is of a school that the scope reaches, and about a pupil whose row it reaches now."""
    if not Reach(connection, scope).own(dataset, [tuple(row.values())], tuple(row))[0]:
        return False
    if not dataset.about_pupils or scope.sees_every_pupil:
        return True
    telling = dataset.pupil or (dataset.follows.key[0] if dataset.follows else dataset.key[0])
    return now is not None and row[telling] == now[telling]


def _typed(dataset: Dataset, name: str, text: str) -> Any:
    """A key's cell as the database holds it. Raises ValueError where it cannot be one."""
    kind = dataset.columns[name].kind
    if issubclass(kind, date):
        return date.fromisoformat(text)
    return int(text) if kind is int else text


def _stored(value: Any) -> Any:
    return value.isoformat() if isinstance(value, date) else value


def _text(value: Any) -> str:
    if isinstance(value, float):
        return f"{Decimal(repr(value)):f}".removesuffix(".0")
    return "" if value is None else str(value)
