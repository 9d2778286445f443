"""The audit trail: who did and saw what. Each event is sealed to the one before, with a key outside the database.

Whoever can write to the database can get past its triggers, and can do without a hash that anybody can make. So the
hashes are made with the secret key: what was changed, left out or put elsewhere cannot be sealed again without it.
"""

import json
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from itertools import groupby
from typing import Any

from sqlalchemy import ColumnElement, Connection, Engine, Row, Select, exists, insert, or_, select, update

from access.noting import moment, noting, utc
from access.people import Person
from access.seal import digest
from data_model.audit_trail import audit_events, audit_head, audit_pupils
from data_model.columns import one_form
from data_model.store import insert_rows, reading

_BEFORE_THE_FIRST = "0" * 64
_READ_AT_ONCE = 5_000
_REFUSED_AGAIN_AFTER = timedelta(minutes=1)


class Action(StrEnum):
    """What somebody did, in the words that people read: a verb in the past, as `mo@example.org signed in`."""

    SIGNED_IN = "signed in"
    SIGN_IN_REFUSED = "failed to sign in"
    SIGNED_OUT = "signed out"
    PASSWORD_REFUSED = "gave a wrong password"  # noqa: S105
    SECOND_FACTOR_REFUSED = "gave a wrong code"
    SECOND_FACTOR_SET_UP = "set up a second factor"
    SECOND_FACTOR_CHANGED = "changed the second factor"
    SECOND_FACTOR_RESET = "reset a second factor"
    RECOVERY_CODES_REPLACED = "made new recovery codes"
    RULES_ACCEPTED = "accepted the rules of use"
    PASSWORD_SET = "set a password"  # noqa: S105
    SESSIONS_ENDED = "ended sessions"
    ACCOUNT_CREATED = "created an account"
    ACCOUNT_DISABLED = "disabled an account"
    ACCOUNT_ENABLED = "enabled an account"
    ROLE_CHANGED = "changed a role"
    GRANTED = "granted reach"
    GRANT_TAKEN_BACK = "took reach back"
    SAW_PUPILS = "saw pupils"
    READ_AUDIT = "read the audit trail"
    SEARCHED = "looked up who saw a pupil"
    DOWNLOADED = "downloaded"
    UPLOADED = "uploaded"
    UNDID = "undid an upload"
    REMOVED_SAMPLE = "removed the fictional LA"
    REPORT_SENT = "recorded that a head was sent a report"
    REPORT_WITHDRAWN = "withdrew the record of a report"
    REPLY_RECORDED = "recorded a head's reply"
    REPLY_WITHDRAWN = "withdrew a head's reply"
    LIST_FROZEN = "froze a list"
    LIST_WITHDRAWN = "withdrew a list"
    HOURS_DECIDED = "recorded how hours are shared out"
    HOURS_WITHDRAWN = "withdrew how hours are shared out"
    THRESHOLDS_SET = "set thresholds"
    THRESHOLDS_WITHDRAWN = "withdrew thresholds"
    SUPPORT_DECIDED = "decided about a child without support"
    SUPPORT_WITHDRAWN = "withdrew a decision about a child without support"
    PURGED = "deleted what was past its time"
    ASKED_WHAT_IS_HELD = "asked what is held on a pupil"
    ERASED = "erased a pupil"
    ERASED_AGAIN = "erased pupils again"
    EXPORTED = "exported what is held on a pupil"
    CHANGED_PSEUDONYMS = "changed the pupils' pseudonyms"
    RESEALED = "sealed names and second factors with a new key"
    BACKED_UP = "made a backup"
    RESTORED = "restored a backup"
    REFUSED = "was refused"


@dataclass(frozen=True)
class Event:
    """One event. `at` is UTC; `detail` holds counts and names of things."""

    event_id: int
    at: datetime
    who: str
    action: str
    subject: str | None
    detail: Mapping[str, Any]


@dataclass(frozen=True)
class Head:
    """The newest event of a day: its number and its hash. All before it follow from the hash."""

    event_id: int
    hash: str


@dataclass(frozen=True)
class Fault:
    """Something in the trail that is not as it was written: at which event, and a sentence."""

    event_id: int
    sentence: str


def record(connection: Connection, who: Person | str, action: str, subject: str | None = None, **detail: Any) -> int:
    """Append an event inside the caller's writing transaction, whose lock keeps the chain one line; returns its number.

    `detail` holds counts and names of things, never a pupil's value. Raises ValueError for an action that is not among
    the actions.
    """
    return record_about(connection, who, action, (), subject, detail)


def record_about(
    connection: Connection,
    who: Person | str,
    action: str,
    pupils: Collection[str],
    subject: str | None = None,
    detail: Mapping[str, Any] | None = None,
) -> int:
    """Append an event about pupils, by their subjects (`subject_of_pupil`): as `record` does."""
    head = head_of(connection) or Head(0, _BEFORE_THE_FIRST)
    about = sorted(set(pupils))
    counted = {"pupils": len(about), "pupils_digest": _of_pupils(about)} if about else {}
    event: dict[str, Any] = {
        "event_id": head.event_id + 1,
        "at": moment(),
        "account_id": who.account_id if isinstance(who, Person) else None,
        "who": who.name if isinstance(who, Person) else who,
        "action": str(Action(action)),
        "subject": subject,
        "detail": json.loads(json.dumps({**(detail or {}), **counted}, default=str)),
        "previous_hash": head.hash,
    }
    hashed = _hash(event)
    connection.execute(insert(audit_events).values({**event, "hash": hashed}))
    insert_rows(connection, "audit_pupils", ("event_id", "pupil"), [(event["event_id"], pupil) for pupil in about])
    newest = {"event_id": event["event_id"], "hash": hashed}
    if not connection.execute(update(audit_head).values(newest)).rowcount:
        connection.execute(insert(audit_head).values(only=1, **newest))
    return int(event["event_id"])


def refused(engine: Engine, person: Person, what: str) -> None:
    """Record that somebody asked for what their role may not see or do: once a minute, however often they ask.

    Anybody who is signed in can ask a thousand times a second, and what is recorded once is kept for good.
    """
    recently = select(
        exists().where(
            audit_events.c.subject == what,
            audit_events.c.who == person.name,
            audit_events.c.action == Action.REFUSED,
            audit_events.c.at > moment() - _REFUSED_AGAIN_AFTER,
        )
    )
    with reading(engine) as connection:  # without the writers' lock, for which everybody else would wait
        if connection.execute(recently).scalar():
            return
    with noting(engine) as connection:
        if not connection.execute(recently).scalar():
            record(connection, person, Action.REFUSED, what)


def subject_of_pupil(reference: str) -> str:
    """What the trail calls the pupil of a reference as it was sent: a digest that nobody can make without our key."""
    return digest(one_form(reference), "pupil")


def head_of(connection: Connection) -> Head | None:
    """The newest event; None where nothing was written yet."""
    found = connection.execute(select(audit_head.c.event_id, audit_head.c.hash)).first()
    return Head(*found) if found else None


def verify(connection: Connection) -> list[Fault]:
    """What was changed, is missing or stands elsewhere than it was written; nothing, where all is as it was."""
    faults: list[Fault] = []
    expected = Head(0, _BEFORE_THE_FIRST)
    pupils = _pupils_by_event(connection)
    about = next(pupils, None)
    for row in _rows(connection):
        while about and about[0] < row.event_id:
            faults.append(Fault(about[0], f"Event {about[0]} is missing, but the pupils that it was about are there."))
            about = next(pupils, None)
        mine, about = (about[1], next(pupils, None)) if about and about[0] == row.event_id else ([], about)
        faults += _faults_of(row, expected, mine)
        expected = Head(row.event_id, row.hash)
    if about:
        faults.append(Fault(about[0], f"Event {about[0]} is missing, but the pupils that it was about are there."))
    return faults + _faults_at_the_end(head_of(connection), expected)


def _faults_of(row: Row[Any], before: Head, pupils: list[str]) -> Iterator[Fault]:
    number = row.event_id
    if number != before.event_id + 1:
        yield Fault(number, f"Before event {number}, events are missing: the one before it is {before.event_id}.")
    elif row.previous_hash != before.hash:
        yield Fault(number, f"Event {number} does not follow from the event before it.")
    if row.hash != _hash(row._asdict()):
        yield Fault(number, f"Event {number} is not as it was written.")
    if row.detail.get("pupils_digest") != (_of_pupils(pupils) if pupils else None):
        yield Fault(number, f"The pupils of event {number} are not those that were written.")


def _faults_at_the_end(head: Head | None, last: Head) -> list[Fault]:
    if (head or Head(0, _BEFORE_THE_FIRST)) == last:
        return []
    number = head.event_id if head else 0
    return [Fault(last.event_id, f"The trail ends with event {last.event_id}, and its head says {number}.")]


def compare_with_heads(connection: Connection, heads: Mapping[date, Head]) -> list[Fault]:
    """The heads of earlier days that the trail no longer has as they were: nobody who rewrote it could bring them."""
    faults = []
    for day, head in heads.items():
        query = select(audit_events.c.hash).where(audit_events.c.event_id == head.event_id)
        if connection.execute(query).scalar() != head.hash:
            sentence = (
                f"On {day} the newest event was {head.event_id}, and it is not there as it was then: the trail was "
                "rewritten, or an older backup restored."
            )
            faults.append(Fault(head.event_id, sentence))
    return faults


def _hash(event: Mapping[str, Any]) -> str:
    """The keyed hash of an event's canonical JSON, which holds its number and the hash of the one before."""
    said = {name: value for name, value in event.items() if name != "hash"}
    said["at"] = utc(event["at"]).astimezone(UTC).isoformat(timespec="microseconds")
    return digest(json.dumps(said, sort_keys=True, separators=(",", ":")), "audit event")


def _of_pupils(pupils: Sequence[str]) -> str:
    return digest(" ".join(sorted(pupils)), "audit pupils")


def _rows(connection: Connection) -> Iterator[Row[Any]]:
    query = select(audit_events).order_by(audit_events.c.event_id)
    yield from connection.execute(query.execution_options(yield_per=_READ_AT_ONCE))


def _pupils_by_event(connection: Connection) -> Iterator[tuple[int, list[str]]]:
    query = select(audit_pupils).order_by(audit_pupils.c.event_id, audit_pupils.c.pupil)
    rows = connection.execute(query.execution_options(yield_per=_READ_AT_ONCE))
    for event_id, group in groupby(rows, key=lambda row: row.event_id):
        yield event_id, [row.pupil for row in group]


# Reading


def events(
    engine: Engine,
    *,
    who: str | None = None,
    action: Action | None = None,
    first: date | None = None,
    last: date | None = None,
    limit: int = 1_000,
) -> list[Event]:
    """The newest events, at most `limit`: of a person, an action, and the days from `first` to `last` (UTC)."""
    columns = audit_events.c
    chosen: list[ColumnElement[bool]] = []
    chosen += [columns.who == who] if who else []
    chosen += [columns.action == str(action)] if action else []
    chosen += [columns.at >= _midnight(first)] if first else []
    chosen += [columns.at < _midnight(last + timedelta(days=1))] if last else []
    return _read(engine, select(audit_events).where(*chosen), limit)


def events_about(engine: Engine, reference: str, limit: int = 1_000) -> list[Event]:
    """The newest events about the pupil of a reference, at most `limit`: who saw, exported or erased them."""
    subject = subject_of_pupil(reference)
    named = exists().where(audit_pupils.c.event_id == audit_events.c.event_id, audit_pupils.c.pupil == subject)
    return _read(engine, select(audit_events).where(or_(audit_events.c.subject == subject, named)), limit)


def people_in(engine: Engine) -> list[str]:
    """Everybody who did anything, by name."""
    with reading(engine) as connection:
        return list(connection.execute(select(audit_events.c.who).distinct().order_by(audit_events.c.who)).scalars())


def _read(engine: Engine, query: Select[Any], limit: int) -> list[Event]:
    with reading(engine) as connection:
        rows = connection.execute(query.order_by(audit_events.c.event_id.desc()).limit(limit)).all()
    return [Event(row.event_id, row.at, row.who, row.action, row.subject, row.detail) for row in rows]


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), UTC)
