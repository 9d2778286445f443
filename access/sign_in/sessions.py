"""Sign-in sessions: rows in the database that a cookie points at. Ending the row ends the session, in every tab."""

import secrets
from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from hashlib import sha256
from typing import Any

from sqlalchemy import ColumnElement, Connection, Engine, Row, Select, insert, select, update

from access.door import tabs
from access.identity import role_named
from access.noting import moment, noting, utc
from access.people import Person
from access.roles import Role
from access.scope import Grant
from data_model.accounts import accounts, grants
from data_model.accounts import sign_in_sessions as table
from data_model.settings import settings
from data_model.store import reading

IDLE = timedelta(minutes=30)
LONGEST = timedelta(hours=8)
HALF_WAY = timedelta(minutes=10)
"""How long somebody may take between the password and the second factor."""
SEEN_EVERY = timedelta(minutes=1)


class Step(StrEnum):
    """What is still to do before somebody is signed in: the name of the page that asks for it."""

    CODE = "code"
    ENROL = "enrol"
    PASSWORD = "password"  # noqa: S105
    RULES = "rules"


class Ended(Exception):
    """The session ended, or was led on elsewhere, while something was done in it. Nothing was done."""


@dataclass(frozen=True)
class Session:
    """A session that stands. Somebody is signed in when no `step` is left."""

    session_id: str
    account_id: int
    sign_in_name: str
    role: Role
    step: Step | None
    signed_in_at: datetime
    last_seen_at: datetime
    ends_at: datetime
    provider_token: str | None

    @property
    def person(self) -> Person:
        """Whose it is, as somebody who acts; without what they were granted, so that it reaches nothing."""
        return Person(self.account_id, self.sign_in_name, self.role, frozenset())

    def seconds_left(self, now: datetime) -> int:
        """How long it still stands if nothing happens."""
        return max(0, int((self.ends_at - now).total_seconds()))


@dataclass(frozen=True)
class Started:
    """A new session, and the token that only the cookie holds."""

    session_id: str
    token: str


def cookie_name() -> str:
    """The name of the cookie that opens a session."""
    return for_this_host("outreach_session")


def for_this_host(cookie: str) -> str:
    """The name of a cookie. Behind TLS it makes browsers insist on Secure, on this host alone and on every path."""
    return f"__Host-{cookie}" if is_secure() else cookie


def is_secure() -> bool:
    """Whether people reach the app through TLS."""
    return settings().public_url.startswith("https://")


def start(
    connection: Connection,
    account_id: int,
    now: datetime,
    *,
    is_complete: bool,
    provider_token: str | None = None,
    signed_in_at: datetime | None = None,
) -> Started:
    """Add a session. Its token is 256 random bits, of which only the SHA-256 is kept.

    `signed_in_at`, now unless it is given, is when the longest time that it may last began.
    """
    started = Started(secrets.token_hex(16), secrets.token_urlsafe(32))
    row = {
        "session_id": started.session_id,
        "token_hash": _hash(started.token),
        "account_id": account_id,
        "is_complete": is_complete,
        "created_at": signed_in_at or now,
        "last_seen_at": now,
        "provider_token": provider_token,
    }
    connection.execute(insert(table).values(row))
    return started


def hold(connection: Connection, session: Session, now: datetime) -> None:
    """Within a writing transaction, make sure that a session still stands as it did when it was looked at.

    Until the transaction ends nobody can change that: writers follow one another. Raises Ended where it does not.
    """
    row = connection.execute(_sessions().where(named(session.session_id))).one()
    present = _session(row, now)
    if present is None or present.step is not session.step:
        raise Ended


def renew(connection: Connection, session: Session, now: datetime) -> tuple[Started, list[str]]:
    """Within a writing transaction, end every session of an account and start one in the place of `session`.

    It is over when that would have been over. Returns it, and the names of those that ended: call `close_tabs` after
    the transaction. Raises Ended where `session` does not stand any more.
    """
    hold(connection, session, now)
    ended = end_in(connection, of_account(session.account_id), now)
    return start(connection, session.account_id, now, is_complete=True, signed_in_at=session.signed_in_at), ended


def standing(engine: Engine, token: str | None, now: datetime) -> Session | None:
    """The session that a cookie's token opens; None where it opens none, or one that ended."""
    if not token:
        return None
    with reading(engine) as connection:
        row = connection.execute(_sessions().where(table.c.token_hash == _hash(token))).one_or_none()
    return _session(row, now) if row else None


def person_of(engine: Engine, session_id: str, now: datetime) -> Person | None:
    """Who is signed in with a session, and what they were granted; None where the session ended or lacks a step."""
    with reading(engine) as connection:
        row = connection.execute(_sessions().where(table.c.session_id == session_id)).one_or_none()
        session = _session(row, now) if row else None
        if session is None or session.step:
            return None
        granted = select(grants.c.la_code, grants.c.district, grants.c.service, grants.c.panel)
        rows = connection.execute(granted.where(grants.c.account_id == session.account_id))
        return replace(session.person, grants=frozenset(Grant(*each) for each in rows))


def still_standing(engine: Engine, session_ids: Collection[str], now: datetime) -> frozenset[str]:
    """Those of the sessions in which somebody is signed in."""
    with reading(engine) as connection:
        rows = connection.execute(_sessions().where(table.c.session_id.in_(session_ids))).all()
    found = (_session(row, now) for row in rows)
    return frozenset(session.session_id for session in found if session and not session.step)


def seen(engine: Engine, session: Session, now: datetime) -> None:
    """Note that something happened in a session: written at most once a minute."""
    if now - session.last_seen_at >= SEEN_EVERY:
        seen_again(engine, session.session_id, now)


def seen_again(engine: Engine, session_id: str, now: datetime) -> None:
    """Note that something happened in a session, if it still stands."""
    with noting(engine) as connection:
        stands = (table.c.session_id == session_id) & table.c.ended_at.is_(None) & (table.c.last_seen_at > now - IDLE)
        connection.execute(update(table).where(stands).values(last_seen_at=now))


def end(engine: Engine, session_id: str) -> None:
    """End a session and close its tabs."""
    _end(engine, table.c.session_id == session_id)


def end_all(engine: Engine, account_id: int) -> None:
    """End every session of an account and close its tabs."""
    _end(engine, table.c.account_id == account_id)


def end_in(connection: Connection, which: ColumnElement[bool], now: datetime) -> list[str]:
    """End sessions within a transaction; return their names. Call `close_tabs` after it."""
    still = which & table.c.ended_at.is_(None)
    names = connection.execute(select(table.c.session_id).where(still)).scalars().all()
    connection.execute(update(table).where(still).values(ended_at=now, provider_token=None))
    return list(names)


def of_account(account_id: int) -> ColumnElement[bool]:
    """Which sessions are an account's."""
    return table.c.account_id == account_id


def named(session_id: str) -> ColumnElement[bool]:
    """Which session has this name."""
    return table.c.session_id == session_id


def close_tabs(session_ids: Iterable[str]) -> None:
    """Close the tabs of sessions that ended."""
    for session_id in session_ids:
        tabs.close(session_id)


def _end(engine: Engine, which: ColumnElement[bool]) -> None:
    with noting(engine) as connection:
        names = end_in(connection, which, moment())
    close_tabs(names)


def _sessions() -> Select[Any]:
    of = accounts.c
    about = (of.sign_in_name, of.role, of.disabled_at, of.accepted_use_at)
    steps = (of.second_factor, of.password_hash, of.password_set_at)
    return select(table, *about, *steps).join(accounts, of.account_id == table.c.account_id)


def _session(row: Row[Any], now: datetime) -> Session | None:
    created, last_seen = utc(row.created_at), utc(row.last_seen_at)
    ends = min(created + LONGEST, last_seen + IDLE) if row.is_complete else created + HALF_WAY
    role = role_named(row.role)
    if row.ended_at or row.disabled_at or role is None or now >= ends:
        return None
    return Session(
        row.session_id,
        row.account_id,
        row.sign_in_name,
        role,
        _step(row),
        created,
        last_seen,
        ends,
        row.provider_token,
    )


def _step(row: Row[Any]) -> Step | None:
    if not row.is_complete:
        return Step.CODE if row.second_factor else Step.ENROL
    if row.password_hash and not row.password_set_at:
        return Step.PASSWORD
    return None if row.accepted_use_at else Step.RULES


def _hash(token: str) -> str:
    return sha256(token.encode()).hexdigest()
