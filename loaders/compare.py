"""How a checked file differs from what is saved."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np
import numpy.typing as npt
from sqlalchemy import Connection, select

from data_model.dataset import Dataset
from data_model.store import current_version, insert_rows
from data_model.terms import Period
from loaders.check import Report

Key = tuple[Any, ...]
Stored = tuple[Any, ...]


@dataclass(frozen=True)
class Change:
    """One cell that saving would change, named by its row's key."""

    key: Key
    column: str
    before: Any
    after: Any


@dataclass(frozen=True)
class Comparison:
    """What saving would do: rows by their place in the file, and saved rows that the file no longer has.

    `changed` pairs each row of the file with the saved row (`columns` of the table, then `upload_id`) it replaces.
    """

    new: npt.NDArray[np.int64]
    changed: list[tuple[int, Stored]]
    unchanged: int
    gone: list[Stored]
    columns: tuple[str, ...]
    version: int

    def changes(self, report: Report, limit: int = 500) -> list[Change]:
        """The cells that would change, at most `limit`."""
        found: list[Change] = []
        for row, saved in self.changed:
            before = dict(zip(self.columns, saved, strict=False))
            after = {name: report.stored(name)[report.columns[name].place[row]] for name in report.columns}
            key = tuple(before[name] for name in report.dataset.key)
            found += [Change(key, name, before[name], after[name]) for name in after if before[name] != after[name]]
            if len(found) >= limit:
                break
        return found[:limit]


def compare(connection: Connection, report: Report) -> Comparison:
    """How the accepted rows of a file differ from what is saved. Only the file's own columns are compared."""
    columns = (*report.dataset.columns, "upload_id")
    version = current_version(connection)
    rows = np.flatnonzero(~report.rejected_rows)
    if not len(rows) or not _has_rows(connection, report.dataset):
        return Comparison(rows, [], 0, [], columns, version)
    keys = keys_of(report)
    saved = _saved_rows(connection, report)
    own = [(columns.index(name), report.stored(name), report.columns[name].place) for name in report.columns]
    by_other_key = _by_other_key(report.dataset, saved, columns)
    new: list[int] = []
    changed: list[tuple[int, Stored]] = []
    for row in rows.tolist():
        before = saved.get(keys[row]) or by_other_key.get(_other_key(report, row))
        if before is None:
            new.append(row)
        elif any(before[at] != values[place[row]] for at, values, place in own):
            changed.append((row, before))
    unchanged = len(rows) - len(new) - len(changed)
    moved = {key_of(report.dataset, columns, before) for _, before in changed}
    gone = _gone(report, saved, keys, moved, columns)
    return Comparison(np.array(new, dtype=np.int64), changed, unchanged, gone, columns, version)


def _has_rows(connection: Connection, dataset: Dataset) -> bool:
    return connection.execute(select(dataset.table.c[dataset.key[0]]).limit(1)).first() is not None


def keys_of(report: Report) -> list[Key]:
    """The natural key of every row of the file as it is stored, faulty rows included."""
    parts = []
    for name in report.dataset.key:
        values = np.array([*report.stored(name), None], dtype=object)[:-1]
        parts.append(values[report.columns[name].place])
    return list(zip(*parts, strict=True))


def _saved_rows(connection: Connection, report: Report) -> dict[Key, Stored]:
    """The saved rows that the file may replace: those that share its first key value, its schools, or its other key."""
    dataset = report.dataset
    columns = (*dataset.columns, "upload_id")
    names = [dataset.key[0]]
    if dataset.school and dataset.school in report.columns and dataset.dated and dataset.school != dataset.key[0]:
        names.append(dataset.school)
    if dataset.other_key and dataset.other_key in report.columns:
        names.append(dataset.other_key)
    found: dict[Key, Stored] = {}
    for name in names:
        for row in _rows_with(connection, dataset, columns, name, report.stored(name)):
            found[key_of(dataset, columns, row)] = row
    return found


def _rows_with(
    connection: Connection, dataset: Dataset, columns: Sequence[str], name: str, values: Sequence[Any]
) -> Iterator[Stored]:
    """The saved rows whose column has one of these values, as they are stored."""
    wanted = [value for value in values if value is not None]
    connection.exec_driver_sql("CREATE TEMPORARY TABLE IF NOT EXISTS wanted (value PRIMARY KEY)")
    connection.exec_driver_sql("DELETE FROM wanted")
    insert_rows(connection, "wanted", ["value"], [(value,) for value in wanted])
    listed = ", ".join(f"saved.{column}" for column in columns)
    query = f"SELECT {listed} FROM {dataset.name} AS saved JOIN wanted ON saved.{name} = wanted.value"  # noqa: S608
    for row in connection.exec_driver_sql(query):
        yield tuple(row)


def key_of(dataset: Dataset, columns: Sequence[str], row: Stored) -> Key:
    return tuple(row[columns.index(name)] for name in dataset.key)


def _by_other_key(dataset: Dataset, saved: dict[Key, Stored], columns: Sequence[str]) -> dict[Any, Stored]:
    if not dataset.other_key:
        return {}
    at = columns.index(dataset.other_key)
    return {row[at]: row for row in saved.values() if row[at] is not None}


def _other_key(report: Report, row: int) -> Any:
    column = report.columns.get(report.dataset.other_key or "")
    return column.values[column.place[row]] if column else None


def _gone(
    report: Report, saved: dict[Key, Stored], keys: Sequence[Key], moved: set[Key], columns: Sequence[str]
) -> list[Stored]:
    """Saved rows of the file's own schools and terms that the file has no row for, faulty rows counted as there."""
    school, day = report.dataset.school, report.dataset.dated
    if not school or not day or school not in report.columns:
        return []
    own = report.periods.assign(school=report.frame[school]).dropna().astype(object)
    covered = set(own.itertuples(index=False, name=None))
    school_at, day_at = columns.index(school), columns.index(day)
    in_file = set(keys) | moved
    gone = []
    for key, row in saved.items():
        if key in in_file or row[school_at] is None:
            continue
        period = Period.of(date.fromisoformat(str(row[day_at])))
        if (period.year, str(period.term), row[school_at]) in covered:
            gone.append(row)
    return gone
