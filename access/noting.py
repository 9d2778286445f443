"""Writing about accounts, sessions and what people record: the data version stays, for no figure changes by it."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Connection, CursorResult, Engine


@contextmanager
def noting(engine: Engine) -> Iterator[Connection]:
    """A transaction that holds the write lock from its start and is all or nothing. The data version stays."""
    with engine.connect().execution_options(purpose="writing") as connection, connection.begin():
        yield connection


def moment() -> datetime:
    """This moment, in UTC."""
    return datetime.now(UTC)


def utc(stored: datetime) -> datetime:
    """A stored time as UTC: SQLite gives it back without a zone, and everything is stored in UTC."""
    return stored if stored.tzinfo else stored.replace(tzinfo=UTC)


def key_of(added: CursorResult[Any]) -> int:
    """The number that the database gave to the one row that was added."""
    assert added.inserted_primary_key
    return int(added.inserted_primary_key[0])
