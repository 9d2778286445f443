"""How a checked file differs from what is saved."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np
import numpy.typing as npt
from sqlalchemy import Connection, select

from data_model.dataset import Dataset
from data_model.schools import SCHOOLS
from data_model.store import among, current_version, stored_rows
from data_model.terms import Period
from loaders.reach import Reach
from loaders.report import Report
from loaders.sealing import opened

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

    `changed` pairs each row of the file with the saved row (`columns` of the table, then `upload_id`) it replaces. A
    row that moved to a key where another row was saved replaces both; the row that it was comes last. `taken` says
    that a new row has the key of one that the sender does not reach: it cannot be saved, and nothing more is told.
    """

    new: npt.NDArray[np.int64]
    changed: list[tuple[int, Stored]]
    unchanged: int
    gone: list[Stored]
    columns: tuple[str, ...]
    version: int
    taken: bool = False

    @property
    def changed_rows(self) -> int:
        """How many rows of the file replace something."""
        return len({row for row, _ in self.changed})

    @property
    def replaced(self) -> list[Stored]:
        """The saved rows that rows of the file replace."""
        return [before for _, before in self.changed]

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


def compare(connection: Connection, report: Report, reach: Reach, nil_schools: Collection[int] = ()) -> Comparison:
    """How the accepted rows of a file differ from what is saved and `reach` covers. Only the file's own columns count.

    Of a nil return, a file without rows, what is gone is all that is saved of `nil_schools` (none named: of every
    school) in its term.
    """
    columns = report.dataset.stored
    version = current_version(connection)
    if not report.rows:
        gone = _denied(connection, report, reach, nil_schools)
        return Comparison(np.array([], dtype=np.int64), [], 0, gone, columns, version)
    rows = np.flatnonzero(~report.rejected_rows)
    if not len(rows) or not _has_rows(connection, report.dataset):
        return Comparison(rows, [], 0, [], columns, version)
    keys = keys_of(report)
    saved, unreached = _saved_rows(connection, report, reach)
    own = [(columns.index(name), report.stored(name), report.columns[name].place) for name in report.columns]
    known_as = _known_as(report, saved, keys, columns, rows)
    known_as |= {row: key for row, key in report.table.instead_of.items() if key in saved}
    taken = set(known_as.values())
    new: list[int] = []
    changed: list[tuple[int, Stored]] = []
    unchanged = 0
    for row in rows.tolist():
        holder = saved.get(keys[row]) if keys[row] not in taken else None
        before = saved[known_as[row]] if row in known_as else holder
        if before is None:
            new.append(row)
        elif any(before[at] != values[place[row]] for at, values, place in own):
            if holder is not None and holder is not before:
                changed.append((row, holder))
            changed.append((row, before))
        else:
            unchanged += 1
    gone = _gone(report, saved, keys, taken, columns)
    is_taken = not unreached.isdisjoint(keys[row] for row in new)
    return Comparison(np.array(new, dtype=np.int64), changed, unchanged, gone, columns, version, is_taken)


def _has_rows(connection: Connection, dataset: Dataset) -> bool:
    return connection.execute(select(dataset.table.c[dataset.key[0]]).limit(1)).first() is not None


def keys_of(report: Report) -> list[Key]:
    """The natural key of every row of the file as it is stored, faulty rows included."""
    parts = []
    for name in report.dataset.key:
        values = np.array([*report.stored(name), None], dtype=object)[:-1]
        parts.append(values[report.columns[name].place])
    return list(zip(*parts, strict=True))


def _saved_rows(connection: Connection, report: Report, reach: Reach) -> tuple[dict[Key, Stored], set[Key]]:
    """The saved rows that the file may replace: those that share its first key value, its schools, or its other key.

    Those that the sender does not reach are left out: of them, the keys.
    """
    dataset = report.dataset
    names = [dataset.key[0]]
    if dataset.school and dataset.school in report.columns and dataset.dated and dataset.school != dataset.key[0]:
        names.append(dataset.school)
    if dataset.other_key and dataset.other_key in report.columns:
        names.append(dataset.other_key)
    found: dict[Key, Stored] = {}
    for name in names:
        for row in _rows_with(connection, report, name):
            found[key_of(dataset, dataset.stored, row)] = row
    own = dict(zip(found, reach.own(dataset, list(found.values()), dataset.stored), strict=True))
    return {key: row for key, row in found.items() if own[key]}, {key for key in found if not own[key]}


def _rows_with(connection: Connection, report: Report, name: str) -> Iterator[Stored]:
    """The saved rows of the file's source whose column has one of the file's values, as they are stored."""
    dataset = report.dataset
    values = [value for value in report.stored(name) if value is not None]
    values += [dict(zip(dataset.key, key, strict=True)).get(name) for key in report.table.instead_of.values()]
    text, parameters = among(connection, dataset.table.c[name], values)
    if dataset.by_source:
        text += f" AND source = '{report.source}'"
    return opened(dataset, dataset.stored, stored_rows(connection, dataset.table, dataset.stored, (text, parameters)))


def _denied(connection: Connection, report: Report, reach: Reach, nil_schools: Collection[int]) -> list[Stored]:
    """The saved rows that a nil return says never happened.

    Where schools of several local authorities are loaded, one for "every school" does not say whose: none is meant.
    """
    dataset, period = report.dataset, report.period
    if not period or not dataset.dated or not dataset.school:
        return []
    schools = set(nil_schools) or _only_authoritys_schools(connection)
    if not reach.is_everything:
        schools = schools & reach.schools() if nil_schools else reach.schools()
    first, last = period.bounds
    place = dataset.stored.index(dataset.school)
    text = f"{dataset.dated} BETWEEN '{first}' AND '{last}'"
    if dataset.by_source:
        text += f" AND source = '{report.source}'"
    saved = stored_rows(connection, dataset.table, dataset.stored, (text, ()))
    return [row for row in saved if row[place] in schools]


def _only_authoritys_schools(connection: Connection) -> set[int]:
    """The URNs of all schools that are loaded, if they are of one local authority; else none."""
    rows = connection.execute(select(SCHOOLS.table.c.urn, SCHOOLS.table.c.laestab)).all()
    return {urn for urn, _ in rows} if len({laestab // 10_000 for _, laestab in rows}) == 1 else set()


def key_of(dataset: Dataset, columns: Sequence[str], row: Stored) -> Key:
    """The natural key of a saved row, given as `columns`."""
    return tuple(row[columns.index(name)] for name in dataset.key)


def _known_as(
    report: Report,
    saved: dict[Key, Stored],
    keys: Sequence[Key],
    columns: Sequence[str],
    rows: npt.NDArray[np.int64],
) -> dict[int, Key]:
    """The key that each of these rows was saved under, for those that are known by their other key.

    Schools number their own records from 1: an identifier that is saved for another pupil at another school is not this
    row's.
    """
    dataset = report.dataset
    if not dataset.other_key or dataset.other_key not in report.columns:
        return {}
    at = columns.index(dataset.other_key)
    known: dict[Any, list[Key]] = {}
    for key, before in saved.items():
        known.setdefault(before[at], []).append(key)
    identifiers, places = report.stored(dataset.other_key), report.columns[dataset.other_key].place
    telling = [dataset.key.index(name) for name in (dataset.school, dataset.pupil) if name in dataset.key]
    found: dict[int, Key] = {}
    for row in rows.tolist():
        identifier, key = identifiers[places[row]], keys[row]
        same = [old for old in known.get(identifier, ()) if any(old[part] == key[part] for part in telling)]
        if identifier is not None and same:
            found[row] = key if key in same else same[0]
    return found


def _gone(
    report: Report, saved: dict[Key, Stored], keys: Sequence[Key], moved: set[Key], columns: Sequence[str]
) -> list[Stored]:
    """Saved rows of the file's own schools and terms that the file has no row for, faulty rows counted as there.

    A file of corrections is a part of another file, so what is not in it is not gone. Where a row's key cannot be read,
    any saved row of its school may be the one that is meant: none of them is gone.
    """
    school, day = report.dataset.school, report.dataset.dated
    if not school or not day or school not in report.columns or report.table.is_correction:
        return []
    unread = report.frame[school][_unread_keys(report, keys)]
    if unread.isna().any():
        return []
    doubtful = set(unread)
    own = report.periods.assign(school=report.frame[school]).dropna().astype(object)
    covered = {place for place in own.itertuples(index=False, name=None) if place[-1] not in doubtful}
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


def _unread_keys(report: Report, keys: Sequence[Key]) -> npt.NDArray[np.bool_]:
    """True for each row of a wrong shape, or whose key has a blank or faulty cell."""
    if not report.rejected:
        return report.table.broken
    return report.table.broken | np.array([None in key for key in keys], dtype=np.bool_)
