"""What holds of everything that is written down: who may, one event each, refusals that leave nothing, no editing."""

import inspect
from itertools import product
from types import ModuleType

import pytest
from panel_world import (
    CHILD,
    MANAGER,
    NOBODY,
    STRANGER,
    TABLES,
    WRITES,
    Write,
    decide,
    decide_support,
    everything,
    freeze,
    person,
    reply,
    rows,
    send,
    set_thresholds,
)
from sqlalchemy import Engine, Table, update
from sqlalchemy.exc import DatabaseError

from access import audit
from access.people import Person
from access.roles import PERMISSIONS, Permission, Role
from data_model.store import current_version, reading, writing
from recording import allocations, frozen_lists, right_of_reply, support_decisions, thresholds
from recording.checking import NotRecorded

pytestmark = pytest.mark.both_databases
EVERY_WRITE = pytest.mark.parametrize("write", WRITES, ids=lambda write: write.name)


def test_every_function_that_writes_is_tried_here() -> None:
    modules: tuple[ModuleType, ...] = (allocations, frozen_lists, right_of_reply, support_decisions, thresholds)
    writing_ones = {
        name
        for module in modules
        for name, function in inspect.getmembers(module, inspect.isfunction)
        if function.__module__ == module.__name__ and "person" in inspect.signature(function).parameters
    }
    assert writing_ones == {write.name for write in WRITES}


@pytest.mark.parametrize(
    ("write", "role"), [*product(WRITES, Role)], ids=lambda part: part.name if isinstance(part, Write) else str(part)
)
def test_the_permission_table_decides(engine: Engine, write: Write, role: Role) -> None:
    number = write.before(engine)
    before = everything(engine)
    if role in PERMISSIONS[write.permission]:
        write.write(engine, person(role), number)
        assert everything(engine) != before
        return
    with pytest.raises(NotRecorded, match=f"As {role.label} you may not do this"):
        write.write(engine, person(role), number)
    assert everything(engine) == before


@EVERY_WRITE
@pytest.mark.parametrize("by", [STRANGER, NOBODY], ids=["another authority", "nothing granted"])
def test_a_school_that_is_not_reached_is_refused(engine: Engine, write: Write, by: Person) -> None:
    number = write.before(engine)
    before = everything(engine)
    with pytest.raises(NotRecorded, match="not among those that you reach"):
        write.write(engine, by, number)
    assert everything(engine) == before


@EVERY_WRITE
def test_one_event_says_who_did_it_and_no_value(engine: Engine, write: Write) -> None:
    number = write.before(engine)
    before = len(audit.events(engine))
    write.write(engine, MANAGER, number)
    newest, *older = audit.events(engine)
    assert len(older) == before
    assert newest.who == MANAGER.name
    assert newest.subject and newest.subject.split()[0] in (
        "report",
        "reply",
        "list",
        "decision",
        "thresholds",
        "support",
    )
    said = repr(newest.detail)
    assert not any(
        value in said
        for value in ("another school", "observed", "Recorded for", "Panel of March", CHILD, "plan of its own")
    )
    with reading(engine) as connection:
        assert audit.verify(connection) == []


@EVERY_WRITE
def test_no_figure_changes_so_the_data_version_stays(engine: Engine, write: Write) -> None:
    number = write.before(engine)
    with reading(engine) as connection:
        before = current_version(connection)
    write.write(engine, MANAGER, number)
    with reading(engine) as connection:
        assert current_version(connection) == before


@pytest.mark.parametrize(
    "write", [each for each in WRITES if each.name.startswith("withdraw")], ids=lambda write: write.name
)
def test_what_is_withdrawn_stays_and_is_not_withdrawn_twice(engine: Engine, write: Write) -> None:
    number = write.before(engine)
    written = {table.name: len(rows(engine, table)) for table in TABLES}
    write.write(engine, MANAGER, number)
    assert {table.name: len(rows(engine, table)) for table in TABLES} == written
    marks = [row for table in TABLES for row in rows(engine, table) if row["withdrawn_at"]]
    assert [(row["withdrawn_by"], row["withdrawn_why"]) for row in marks] == [
        (MANAGER.name, "Recorded for the wrong school")
    ]
    before = everything(engine)
    with pytest.raises(NotRecorded, match="withdrawn already"):
        write.write(engine, MANAGER, number)
    with pytest.raises(NotRecorded, match="not there"):
        write.write(engine, MANAGER, number + 1)
    assert everything(engine) == before


@pytest.mark.parametrize("table", TABLES, ids=lambda table: table.name)
def test_the_database_itself_refuses_an_edit(engine: Engine, table: Table) -> None:
    reply(engine, send(engine).report_id)
    freeze(engine)
    decide(engine)
    set_thresholds(engine)
    decide_support(engine)
    (row,) = rows(engine, table)
    (key,) = table.primary_key
    # Whom a row is about is another pseudonym when the key is changed.
    may_change = {"withdrawn_at", "withdrawn_by", "withdrawn_why", "pupil_ref", key.name}
    for name in (column.name for column in table.columns if column.name not in may_change):
        with pytest.raises(DatabaseError, match="withdrawn, not edited"), writing(engine) as connection:
            connection.execute(update(table).values({name: row[name]}))
    assert rows(engine, table) == [row]


def test_each_permission_to_record_has_a_function() -> None:
    recorded = {Permission.RECORD_REPLIES, Permission.FREEZE_LISTS, Permission.DECIDE_ALLOCATION}
    recorded |= {Permission.SET_THRESHOLDS, Permission.DECIDE_SUPPORT}
    assert {write.permission for write in WRITES} == recorded
