"""What is past its time, counted and deleted, as `data_model/retention_schedule.py` says."""

from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any

from sqlalchemy import Column, ColumnElement, CompoundSelect, Connection, Date, Engine, delete, func, or_, select, union

from access import audit
from access.audit import Action
from access.keeping.pupil_rows import forget_unused_references
from access.people import Person
from data_model import fingerprints
from data_model.about_pupils import WRITTEN_ABOUT_PUPILS
from data_model.catalogue import DATASETS
from data_model.dataset import Dataset
from data_model.retention_schedule import KEPT_FOR, SCHEDULE, Keeping
from data_model.store import TABLES, compact, writing
from data_model.uploads import open_queries, upload_changes, uploads

_PARTS = 500


@dataclass(frozen=True)
class Purged:
    """How many rows of each table went, or would: tables without any are left out."""

    rows: dict[str, int]

    @property
    def total(self) -> int:
        """How many in all."""
        return sum(self.rows.values())


class _TakenBack(Exception):
    """Ends a dry run: what was deleted is put back by the database."""


def dry_run(engine: Engine, today: date) -> Purged:
    """What would go today. It is deleted and taken back, so what is counted is what goes."""
    try:
        with writing(engine) as connection:
            purged = _purge(connection, today)
            raise _TakenBack
    except _TakenBack:
        return purged


def purge(engine: Engine, who: Person | str, today: date) -> Purged:
    """Delete what is past its time today, in one transaction with its event, and return how many rows went."""
    with writing(engine) as connection:
        purged = _purge(connection, today)
        if purged.total:
            fingerprints.record_again(connection)
            audit.record(connection, who, Action.PURGED, None, rows=purged.total, tables=purged.rows)
    if purged.total:
        compact(engine)
    return purged


def _purge(connection: Connection, today: date) -> Purged:
    gone = {"upload_changes": 0, "open_queries": 0}
    for keeping in SCHEDULE:
        if keeping.months is None:
            continue
        table, due = TABLES[keeping.table], _due(keeping, today)
        if dataset := DATASETS.get(keeping.table):
            gone["open_queries"] += _forget_questions(connection, dataset, due)
            gone["upload_changes"] += _forget_changes(connection, dataset, keeping, today)
        gone[keeping.table] = connection.execute(delete(table).where(*due)).rowcount
    gone["pupil_identities"] = forget_unused_references(connection)
    return Purged({table: rows for table, rows in gone.items() if rows})


def _due(keeping: Keeping, today: date) -> list[ColumnElement[bool]]:
    """What a row must meet to go."""
    table, cutoff = TABLES[keeping.table], keeping.cutoff(today)
    columns = [table.c[name] for name in keeping.starts]
    due: list[ColumnElement[bool]] = []
    if columns:
        started = func.coalesce(*columns) if len(columns) > 1 else columns[0]
        due.append(started < _as_stored(columns[0], cutoff))
    if keeping.stays_with:
        name, other = keeping.stays_with
        there = select(TABLES[other].c[name]).where(TABLES[other].c[name].is_not(None))
        due.append(or_(table.c[name].is_(None), table.c[name].not_in(there)))
    if keeping.until_silent:
        due.append(table.c.pupil_ref.not_in(_heard_of_since(keeping, cutoff)))
    return due


def _as_stored(column: Column[Any], day: date) -> date | datetime:
    return day if isinstance(column.type, Date) else datetime.combine(day, time())


def _heard_of_since(keeping: Keeping, cutoff: date) -> CompoundSelect[Any]:
    """The pupils of whom anything is dated on the cutoff or later, or is still kept though it is older."""
    own = TABLES[keeping.table]
    kept = [select(own.c.pupil_ref).where(own.c[name] >= cutoff) for name in keeping.starts[:1]]
    for dataset in DATASETS.values():
        if dataset.pupil and dataset.table is not own and KEPT_FOR[dataset.name].starts:
            pupil = dataset.table.c[dataset.pupil]
            kept.append(select(pupil).where(pupil.is_not(None)))
    kept += [select(about.pupil) for about in WRITTEN_ABOUT_PUPILS]
    return union(*kept)


def _forget_questions(connection: Connection, dataset: Dataset, due: list[ColumnElement[bool]]) -> int:
    """Delete the open queries about the rows that are due."""
    asked = select(open_queries.c.query_id, open_queries.c.key).join(
        uploads, uploads.c.upload_id == open_queries.c.upload_id
    )
    by_key: dict[tuple[Any, ...], list[int]] = {}
    for query_id, key in connection.execute(asked.where(uploads.c.dataset == dataset.name)):
        by_key.setdefault(tuple(key), []).append(query_id)
    if not by_key:
        return 0
    columns = [dataset.table.c[name] for name in dataset.key]
    doomed: list[int] = []
    for row in connection.execute(select(*columns).where(*due)):
        doomed += by_key.get(tuple(str(value) if isinstance(value, date) else value for value in row), ())
    return _delete_by_number(connection, open_queries.c.query_id, doomed)


def _forget_changes(connection: Connection, dataset: Dataset, keeping: Keeping, today: date) -> int:
    """Delete the rows that later uploads replaced, and that would be past their time had they stayed."""
    query = select(upload_changes.c.change_id, upload_changes.c.before).join(
        uploads, uploads.c.upload_id == upload_changes.c.upload_id
    )
    cutoff = str(keeping.cutoff(today))
    doomed = []
    if not keeping.starts:
        pupil = upload_changes.c.before["pupil_ref"].as_string()
        silent = pupil.not_in(_heard_of_since(keeping, keeping.cutoff(today)))
        changes = query.where(uploads.c.dataset == dataset.name, silent)
        return _delete_by_number(connection, upload_changes.c.change_id, list(connection.scalars(changes)))
    # One that has no such date is an open one as it was before it was closed: its first day tells.
    names = dict.fromkeys([*keeping.starts, *([dataset.dated] if dataset.dated else ())])
    for change_id, before in connection.execute(query.where(uploads.c.dataset == dataset.name)):
        started = next((before[name] for name in names if before.get(name)), None)
        if started is not None and started < cutoff:
            doomed.append(change_id)
    return _delete_by_number(connection, upload_changes.c.change_id, doomed)


def _delete_by_number(connection: Connection, column: Column[int], numbers: list[int]) -> int:
    for start in range(0, len(numbers), _PARTS):
        connection.execute(delete(column.table).where(column.in_(numbers[start : start + _PARTS])))
    return len(numbers)
