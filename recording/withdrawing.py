"""Taking back what was written down: it is marked with who, when and why, and stays to be read."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, Table, select, update

from access import audit
from access.audit import Action
from access.noting import moment, utc
from access.people import Person
from access.roles import Permission
from access.scope import Scope
from data_model.written import Withdrawal
from recording.checking import NotRecorded, checked


@dataclass(frozen=True)
class Withdrawn:
    """When something was withdrawn (UTC), by whom and why: who and why where the scope may read them."""

    at: datetime
    by: str | None
    why: str | None


def standing(connection: Connection, table: Table, number: int) -> Row[Any]:
    """The row of that number. Raises NotRecorded where there is none, or it is withdrawn."""
    (key,) = table.primary_key
    row = connection.execute(select(table).where(key == number)).first()
    if row is None:
        raise NotRecorded("This is not there: it may be past its time. Load the page again.")
    if row.withdrawn_at is not None:
        raise NotRecorded("This was withdrawn already. Load the page again.")
    return row


def reason(why: str, *, names_nobody: bool) -> str:
    """The reason as it is kept. Raises NotRecorded where there is none, SeemsToName where it seems to name a person."""
    return checked(Withdrawal, {"why": why}, names_nobody=names_nobody).why


def withdraw(
    connection: Connection,
    person: Person,
    table: Table,
    number: int,
    why: str,
    action: Action,
    pupils: Collection[str] = (),
) -> None:
    """Mark a row as withdrawn, with its event; `pupils` are those whom it is about, as the audit trail calls them."""
    (key,) = table.primary_key
    marks = {"withdrawn_at": moment(), "withdrawn_by": person.name, "withdrawn_why": why}
    connection.execute(update(table).where(key == number).values(marks))
    audit.record_about(connection, person, action, pupils, f"{key.name.removesuffix('_id')} {number}")


def withdrawn(row: Row[Any], scope: Scope) -> Withdrawn | None:
    """What is told of a row's withdrawal; None where it holds."""
    if row.withdrawn_at is None:
        return None
    by = row.withdrawn_by if sees_names(scope) else None
    return Withdrawn(utc(row.withdrawn_at), by, row.withdrawn_why if sees_words(scope) else None)


def sees_names(scope: Scope) -> bool:
    """Whether the scope may read which member of staff wrote something down."""
    return Permission.STAFF in scope.columns


def sees_words(scope: Scope) -> bool:
    """Whether the scope may read free text, which can name people whatever was asked of its writer."""
    return Permission.NAMES in scope.columns
