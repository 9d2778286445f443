"""A pupil erased: every row about them, wherever it is, and a mark that erases them again after an older backup.

The mark (a tombstone) is a keyed digest: it tells nobody whom it means, and finds the pupil where a row names them.
"""

import json
import os
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path

from sqlalchemy import Connection, Engine, delete, insert, select

from access import audit
from access.audit import Action
from access.keeping import pupil_rows
from access.keeping.pseudonyms import subjects_of
from access.noting import moment, noting, utc
from access.people import Person
from data_model import fingerprints
from data_model.catalogue import DATASETS
from data_model.retention import erasures
from data_model.settings import settings
from data_model.store import compact, reading, writing

FILE = "erasures.jsonl"


class NotErased(Exception):
    """Nothing was erased. The message is a sentence that says why and what to do."""


@dataclass(frozen=True)
class Tombstone:
    """A pupil who was erased, by keyed digest. The time is UTC, as text."""

    pupil: str
    erased_at: str
    erased_by: str
    reason: str

    @property
    def moment(self) -> datetime:
        """When."""
        return datetime.fromisoformat(self.erased_at)


def what_is_held(engine: Engine, reference: str) -> dict[str, int]:
    """How many rows about a pupil each table holds; empty where none does."""
    with reading(engine) as connection:
        return pupil_rows.held(connection, pupil_rows.references_of(connection, reference)).counts


def ask_what_is_held(engine: Engine, reference: str, who: Person | str) -> dict[str, int]:
    """What `what_is_held` says. The trail keeps who asked: that a child is known here says something of the child."""
    with noting(engine) as connection:
        subject = audit.subject_of_pupil(reference)
        audit.record_about(connection, who, Action.ASKED_WHAT_IS_HELD, [subject], subject)
    return what_is_held(engine, reference)


def erase(engine: Engine, reference: str, who: Person | str, reason: str) -> dict[str, int]:
    """Erase a pupil, and return how many rows went from each table. Raises NotErased where nothing is held on them."""
    if not reason.strip():
        raise NotErased("Say why: a request of the family, for example. The record of the erasure keeps the reason.")
    with writing(engine) as connection:
        found = pupil_rows.held(connection, pupil_rows.references_of(connection, reference))
        if not found.counts:
            raise NotErased("Nothing is held under this reference. Check it against the school's system.")
        by = who.name if isinstance(who, Person) else who
        subjects = sorted({*subjects_of(connection, list(found.references)), audit.subject_of_pupil(reference)})
        marks = [Tombstone(subject, moment().isoformat(), by, reason.strip()) for subject in subjects]
        _remove(connection, found)
        _mark(connection, marks)
        told = {"rows": sum(found.counts.values()), "tables": found.counts, "reason": reason.strip()}
        audit.record_about(connection, who, Action.ERASED, subjects, audit.subject_of_pupil(reference), told)
        # Before the commit: a mark too many erases nobody, and one too few would let a backup bring the pupil back.
        _write(tombstones_file(), marks)
    compact(engine)
    return found.counts


def replay_erasures(engine: Engine) -> int:
    """Erase again whoever was erased after the data in this database were backed up; returns how many rows went.

    What was uploaded after an erasure stays: somebody was asked then, and had a reason. Where there is nothing to do
    nothing is written.
    """
    marks = {mark.pupil: mark for mark in _read(tombstones_file())}
    with reading(engine) as connection:
        until = {row.pupil: utc(row.erased_at) for row in connection.execute(select(erasures))}
        forgotten = [mark for pupil, mark in marks.items() if pupil not in until]
        until |= {mark.pupil: mark.moment for mark in forgotten}
        due = list(_to_erase_again(connection, until))
    if not forgotten and not due:
        return 0
    with writing(engine) as connection:
        _mark(connection, forgotten)
        gone = 0
        for subject, found in _to_erase_again(connection, until):
            _remove(connection, found)
            gone += sum(found.counts.values())
            audit.record_about(connection, "the dashboard", Action.ERASED_AGAIN, [subject], subject, {"rows": gone})
    compact(engine)
    return gone


def _to_erase_again(connection: Connection, until: Mapping[str, datetime]) -> Iterator[tuple[str, pupil_rows.Held]]:
    """What is held on each erased pupil that was uploaded before the erasure, with what the audit trail calls them."""
    for stored, subject in _stored_references(connection) if until else ():
        if subject in until:
            found = pupil_rows.held(connection, {stored}, until[subject])
            if found.counts:
                yield subject, found


def tombstones_file() -> Path:
    """Where the marks are kept beside the backups: copy it wherever backups are copied."""
    return settings().backup_folder / FILE


def _remove(connection: Connection, found: pupil_rows.Held) -> None:
    pupil_rows.remove(connection, found)
    pupil_rows.forget_unused_references(connection)
    if found.counts:
        fingerprints.record_again(connection)


def _mark(connection: Connection, marks: Iterable[Tombstone]) -> None:
    for mark in marks:
        connection.execute(delete(erasures).where(erasures.c.pupil == mark.pupil))
        connection.execute(insert(erasures).values({**asdict(mark), "erased_at": mark.moment}))


def _stored_references(connection: Connection) -> list[tuple[str, str]]:
    """Every stored reference of a pupil, with what the audit trail calls them."""
    found = pupil_rows.written_references(connection)
    for dataset in DATASETS.values():
        for name in dataset.references:
            column = dataset.table.c[name]
            found |= set(connection.execute(select(column).where(column.is_not(None)).distinct()).scalars())
            found |= pupil_rows.replaced_references(connection, dataset, name)
    listed = sorted(found)
    return list(zip(listed, subjects_of(connection, listed), strict=True))


def _write(path: Path, marks: Iterable[Tombstone]) -> None:
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    with open(os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600), "a", encoding="utf-8") as file:  # noqa: PTH123
        file.writelines(f"{json.dumps(asdict(mark))}\n" for mark in marks)
        file.flush()
        os.fsync(file.fileno())


def _read(path: Path) -> list[Tombstone]:
    if not path.exists():
        return []
    return [Tombstone(**json.loads(line)) for line in path.read_text("utf-8").splitlines() if line.strip()]
