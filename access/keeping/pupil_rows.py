"""Everything that the database holds on one pupil, wherever it is, as the declarations tell: to export and to erase."""

from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, delete, or_, select

from access.audit import subject_of_pupil
from data_model.about_pupils import WRITTEN_ABOUT_PUPILS, WrittenAbout
from data_model.catalogue import DATASETS
from data_model.columns import one_form
from data_model.dataset import Dataset
from data_model.pupils import PUPILS
from data_model.retention import pupil_identities
from data_model.uploads import open_queries, upload_changes, uploads

Row = dict[str, Any]


@dataclass
class Held:
    """What is held on a pupil: rows by dataset, what people wrote down by table, rows as they were before later
    uploads, and open queries."""

    references: frozenset[str]
    rows: dict[str, list[Row]] = field(default_factory=dict)
    written: dict[str, list[Row]] = field(default_factory=dict)
    changes: list[Row] = field(default_factory=list)
    queries: list[Row] = field(default_factory=list)

    @property
    def counts(self) -> dict[str, int]:
        """How many rows by table; tables without any are left out."""
        found = {name: len(rows) for name, rows in {**self.rows, **self.written}.items()}
        found |= {"upload_changes": len(self.changes), "open_queries": len(self.queries)}
        return {name: count for name, count in found.items() if count}


def references_of(connection: Connection, reference: str) -> frozenset[str]:
    """Every stored reference of the pupil whom somebody names by one: the reference, its pseudonyms, and the UPN or LA
    reference that a pupils file gives beside it."""
    kept = pupil_identities.c
    pseudonyms = connection.execute(select(kept.pupil_ref).where(kept.subject == subject_of_pupil(reference))).scalars()
    found = {one_form(reference), *pseudonyms}
    while True:
        rows = [*_rows(connection, PUPILS, found), *(row["before"] for row in _changes(connection, PUPILS, found))]
        more = {row[name] for row in rows for name in PUPILS.references if row.get(name)}
        if more <= found:
            return frozenset(found)
        found |= more


def held(connection: Connection, references: Collection[str], until: datetime | None = None) -> Held:
    """All that is held under these references; with `until`, without what was uploaded or written down later."""
    result = Held(frozenset(references))
    keys: dict[str, set[str]] = {}
    # What is followed comes first in the catalogue: contacts are about their case's pupil.
    for dataset in DATASETS.values():
        if dataset.about_pupils:
            followed = keys[dataset.follows.name] if dataset.follows else ()
            rows = list(_rows(connection, dataset, references, followed, until))
            changes = list(_changes(connection, dataset, references, followed, until))
            every = [*rows, *(change["before"] for change in changes)]
            keys[dataset.name] = {row[dataset.key[0]] for row in every}
            result.rows[dataset.name] = rows
            result.changes += changes
            result.queries += _queries(connection, dataset, every)
    for about in WRITTEN_ABOUT_PUPILS:
        result.written[about.table.name] = list(_written(connection, about, references, until))
    return result


def remove(connection: Connection, found: Held) -> None:
    """Delete all of it."""
    for name, rows in found.rows.items():
        table = DATASETS[name].table
        for row in rows:
            connection.execute(delete(table).where(*(column == row[column.name] for column in table.primary_key)))
    for about in WRITTEN_ABOUT_PUPILS:
        (key,) = about.table.primary_key
        numbers = [row[key.name] for row in found.written.get(about.table.name, ())]
        connection.execute(delete(about.table).where(key.in_(numbers)))
    changed = [row["change_id"] for row in found.changes]
    asked = [row["query_id"] for row in found.queries]
    connection.execute(delete(upload_changes).where(upload_changes.c.change_id.in_(changed)))
    connection.execute(delete(open_queries).where(open_queries.c.query_id.in_(asked)))


def forget_unused_references(connection: Connection) -> int:
    """Delete what is kept of pseudonyms that no row has any more; returns how many."""
    used: list[Select[Any]] = [select(about.pupil) for about in WRITTEN_ABOUT_PUPILS]
    for dataset in DATASETS.values():
        for name in dataset.references:
            used.append(select(dataset.table.c[name]).where(dataset.table.c[name].is_not(None)))
            before = _before(name)
            used.append(_changes_of(dataset).with_only_columns(before).where(before.is_not(None)))
    unused = [pupil_identities.c.pupil_ref.not_in(query) for query in used]
    return connection.execute(delete(pupil_identities).where(*unused)).rowcount


def written_references(connection: Connection) -> set[str]:
    """The references of the pupils about whom people wrote anything down."""
    return {
        reference
        for about in WRITTEN_ABOUT_PUPILS
        for reference in connection.execute(select(about.pupil).distinct()).scalars()
    }


def replaced_references(connection: Connection, dataset: Dataset, name: str) -> set[str]:
    """The references in a column of rows that later uploads replaced."""
    before = _before(name)
    query = _changes_of(dataset).with_only_columns(before).where(before.is_not(None))
    return set(connection.execute(query.distinct()).scalars())


def _written(
    connection: Connection, about: WrittenAbout, references: Collection[str], until: datetime | None
) -> Iterator[Row]:
    query = select(about.table).where(about.pupil.in_(references))
    if until is not None:
        query = query.where(about.table.c.recorded_at <= until)
    return (dict(row) for row in connection.execute(query).mappings())


def _rows(
    connection: Connection,
    dataset: Dataset,
    references: Collection[str],
    followed: Collection[str] = (),
    until: datetime | None = None,
) -> Iterator[Row]:
    named = _about(dataset, references, followed, lambda name: dataset.table.c[name])
    query = select(dataset.table).where(named, *_uploaded_by(dataset.table.c.upload_id, until))
    return (dict(row) for row in connection.execute(query).mappings())


def _changes(
    connection: Connection,
    dataset: Dataset,
    references: Collection[str],
    followed: Collection[str] = (),
    until: datetime | None = None,
) -> Iterator[Row]:
    named = _about(dataset, references, followed, _before)
    query = _changes_of(dataset).where(named, *_uploaded_by(upload_changes.c.replaced_upload_id, until))
    return ({**row, "dataset": dataset.name} for row in connection.execute(query).mappings())


def _about(
    dataset: Dataset, references: Collection[str], followed: Collection[str], cell: Callable[[str], ColumnElement[Any]]
) -> ColumnElement[bool]:
    """Whether a row of a dataset, of which `cell` gives a column's value, is about one of the pupils.

    `followed` are the keys of their rows that rows here may follow.
    """
    named = [cell(name).in_(references) for name in dataset.references]
    if dataset.follows and not dataset.pupil:
        named.append(cell(dataset.follows.key[0]).in_(followed))
    return or_(*named)


def _queries(connection: Connection, dataset: Dataset, rows: list[Row]) -> list[Row]:
    """The open queries about these rows, by their keys."""
    keys = {tuple(map(_plain, (row[name] for name in dataset.key))) for row in rows}
    if not keys:
        return []
    query = select(open_queries).join(uploads, uploads.c.upload_id == open_queries.c.upload_id)
    found = connection.execute(query.where(uploads.c.dataset == dataset.name)).mappings()
    return [{**row, "dataset": dataset.name} for row in found if tuple(row["key"]) in keys]


def _plain(value: Any) -> Any:
    return value.isoformat() if hasattr(value, "isoformat") else value


def _changes_of(dataset: Dataset) -> Select[Any]:
    brought = uploads.c.upload_id == upload_changes.c.upload_id
    return select(upload_changes).join(uploads, brought).where(uploads.c.dataset == dataset.name)


def _before(name: str) -> ColumnElement[Any]:
    found: ColumnElement[Any] = upload_changes.c.before[name].as_string()
    return found


def _uploaded_by(upload: ColumnElement[int], until: datetime | None) -> list[ColumnElement[bool]]:
    if until is None:
        return []
    return [upload.not_in(select(uploads.c.upload_id).where(uploads.c.uploaded_at > until))]
