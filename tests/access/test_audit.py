"""The audit trail: only added to, one line, and nothing in it can be changed without being found."""

import ast
import random
import threading
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from app_database import app_database
from desk import NewDatabase, newest_schema
from sqlalchemy import Connection, Engine, delete, func, insert, select, text, update
from sqlalchemy.exc import DBAPIError

from access import audit
from access.audit import Action, Head
from access.noting import noting
from access.people import Person
from access.roles import Role
from data_model.audit_trail import audit_events, audit_pupils
from data_model.store import current_version, is_postgresql, reading

ROOT = Path(__file__).parents[2]
pytestmark = pytest.mark.both_databases


@pytest.fixture
def engine(new_database: NewDatabase) -> Iterator[Engine]:
    with app_database(new_database(newest_schema)) as opened:
        yield opened


def fill(engine: Engine, events: int) -> None:
    with noting(engine) as connection:
        for number in range(events):
            pupils = [audit.subject_of_pupil(f"P{number}{each}") for each in range(number % 4)]
            audit.record_about(
                connection, f"person {number % 3}", Action.SAW_PUPILS, pupils, f"page {number}", {"n": 1}
            )


def faults(engine: Engine) -> list[audit.Fault]:
    with reading(engine) as connection:
        return audit.verify(connection)


def drop_triggers(connection: Connection) -> None:
    for table in ("audit_events", "audit_pupils"):
        if is_postgresql(connection):
            connection.execute(text(f"ALTER TABLE {table} DISABLE TRIGGER USER"))
        else:
            for action in ("update", "delete"):
                connection.execute(text(f"DROP TRIGGER {table}_no_{action}"))


def test_what_was_written_is_whole(engine: Engine) -> None:
    assert faults(engine) == []
    fill(engine, 40)
    assert faults(engine) == []


@pytest.mark.parametrize("statement", ["UPDATE {} SET event_id = 99", "DELETE FROM {}"])
@pytest.mark.parametrize("table", ["audit_events", "audit_pupils"])
def test_the_database_refuses_to_change_or_delete_it(engine: Engine, table: str, statement: str) -> None:
    fill(engine, 3)
    with pytest.raises(DBAPIError, match="only added to"), noting(engine) as connection:
        connection.execute(text(statement.format(table)))
    assert faults(engine) == []


CHANGES: dict[str, Any] = {
    "who": "somebody else",
    "action": str(Action.SIGNED_IN),
    "subject": "another",
    "detail": {"n": 2},
    "account_id": 7,
    "previous_hash": "1" * 64,
    "hash": "2" * 64,
}


def tamper(connection: Connection, chance: random.Random, count: int) -> str:
    """Change, remove, add or move one row, as somebody would who can write to the database."""
    number = chance.randint(1, count)
    one = audit_events.c.event_id == number
    match chance.choice(["change", "later", "remove", "move", "swap", "pupil", "no pupil"]):
        case "change":
            name = chance.choice(list(CHANGES))
            connection.execute(update(audit_events).where(one).values({name: CHANGES[name]}))
        case "later":
            at = connection.execute(select(audit_events.c.at).where(one)).scalar_one()
            connection.execute(update(audit_events).where(one).values(at=at.replace(year=2020)))
        case "remove":
            connection.execute(delete(audit_pupils).where(audit_pupils.c.event_id == number))
            connection.execute(delete(audit_events).where(one))
        case "move":
            connection.execute(delete(audit_pupils).where(audit_pupils.c.event_id == number))
            connection.execute(update(audit_events).where(one).values(event_id=count + 5))
        case "swap":
            other = number % count + 1
            rows = dict.fromkeys((number, other))
            for each in rows:
                query = select(audit_events).where(audit_events.c.event_id == each)
                rows[each] = connection.execute(query).mappings().one()
            for here, there in ((number, other), (other, number)):
                values = {name: rows[there][name] for name in ("at", "who", "subject", "detail")}
                connection.execute(update(audit_events).where(audit_events.c.event_id == here).values(values))
        case "pupil":
            connection.execute(insert(audit_pupils).values(event_id=number, pupil="3" * 64))
        case "no pupil":
            with_pupils = connection.execute(select(func.max(audit_pupils.c.event_id))).scalar_one()
            connection.execute(delete(audit_pupils).where(audit_pupils.c.event_id == with_pupils))
    return str(number)


def test_a_tampered_row_is_found_a_thousand_times_of_a_thousand(engine: Engine) -> None:
    count, chance = 12, random.Random(3)
    fill(engine, count)
    found = 0
    with engine.connect().execution_options(purpose="writing") as connection, connection.begin():
        drop_triggers(connection)
        for _ in range(1_000):
            attempt = connection.begin_nested()
            tamper(connection, chance, count)
            found += bool(audit.verify(connection))
            attempt.rollback()
        assert audit.verify(connection) == []
    assert found == 1_000


def test_the_last_event_cannot_go_unnoticed(engine: Engine) -> None:
    fill(engine, 2)
    with noting(engine) as connection:
        drop_triggers(connection)
        connection.execute(delete(audit_pupils))
        connection.execute(delete(audit_events).where(audit_events.c.event_id == 2))
    assert [fault.sentence for fault in faults(engine)] == ["The trail ends with event 1, and its head says 2."]


def test_a_trail_rewritten_whole_is_found_by_the_heads_of_earlier_days(engine: Engine) -> None:
    fill(engine, 5)
    with reading(engine) as connection:
        head = audit.head_of(connection)
        assert head
        assert audit.compare_with_heads(connection, {date(2026, 11, 1): head}) == []
        other = {date(2026, 11, 2): Head(head.event_id, "9" * 64), date(2026, 11, 3): Head(77, head.hash)}
        assert [fault.event_id for fault in audit.compare_with_heads(connection, other)] == [5, 77]


def test_writers_at_once_make_one_chain(engine: Engine) -> None:
    def write() -> None:
        for _ in range(10):
            with noting(engine) as connection:
                audit.record(connection, "somebody", Action.SIGNED_IN)

    writers = [threading.Thread(target=write) for _ in range(4)]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join()
    assert faults(engine) == []
    assert len(audit.events(engine)) == 40


def test_an_event_that_is_rolled_back_leaves_no_gap(engine: Engine) -> None:
    fill(engine, 1)
    with pytest.raises(RuntimeError), noting(engine) as connection:
        audit.record(connection, "somebody", Action.SIGNED_IN)
        raise RuntimeError
    fill(engine, 1)
    assert [event.event_id for event in audit.events(engine)] == [2, 1]
    assert faults(engine) == []


def test_an_event_leaves_the_data_version_alone(engine: Engine) -> None:
    with reading(engine) as connection:
        before = current_version(connection)
    fill(engine, 1)
    with reading(engine) as connection:
        assert current_version(connection) == before


def test_who_saw_a_pupil_is_found_by_the_reference_and_not_kept_under_it(engine: Engine) -> None:
    fill(engine, 4)
    with noting(engine) as connection:
        seen = [audit.subject_of_pupil(reference) for reference in ("H801200001001", "P7")]
        audit.record_about(connection, "mo@example.org", Action.SAW_PUPILS, seen, "data quality")
    (event,) = audit.events_about(engine, " h801200001001 ")
    assert (event.who, event.detail["pupils"]) == ("mo@example.org", 2)
    assert audit.events_about(engine, "H801200001002") == []
    with reading(engine) as connection:
        kept = [*connection.execute(select(audit_events)), *connection.execute(select(audit_pupils))]
    assert "H801200001001" not in repr(kept)


def test_events_are_chosen_by_person_action_and_day(engine: Engine) -> None:
    fill(engine, 6)
    assert {event.who for event in audit.events(engine, who="person 1")} == {"person 1"}
    assert audit.events(engine, action=Action.SIGNED_IN) == []
    today = audit.events(engine)[0].at.date()
    assert len(audit.events(engine, first=today, last=today)) == 6
    assert audit.events(engine, last=date(2020, 1, 1)) == []


def test_a_flood_of_refusals_is_one_event_a_minute_for_each_person_and_thing(
    engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    mo, flo = (
        Person(number, f"{name}@example.org", Role.LEADER, frozenset()) for number, name in ((1, "mo"), (2, "flo"))
    )

    def ask() -> None:
        for _ in range(25):
            for person, what in ((mo, "page:people"), (mo, "page:upload"), (flo, "page:people")):
                audit.refused(engine, person, what)

    floods = [threading.Thread(target=ask) for _ in range(4)]
    for flood in floods:
        flood.start()
    for flood in floods:
        flood.join()
    told = sorted((event.who, event.subject) for event in audit.events(engine, action=Action.REFUSED))
    assert told == [(flo.name, "page:people"), (mo.name, "page:people"), (mo.name, "page:upload")]
    monkeypatch.setattr(audit, "_REFUSED_AGAIN_AFTER", timedelta())  # as if a minute had passed
    audit.refused(engine, mo, "page:people")
    assert len(audit.events(engine, action=Action.REFUSED)) == 4
    assert faults(engine) == []


def test_an_action_is_one_of_those_that_have_words(engine: Engine) -> None:
    with pytest.raises(ValueError, match="looked around"), noting(engine) as connection:
        audit.record(connection, "somebody", "looked around")


def test_every_call_names_one_of_the_actions() -> None:
    """By its word; a member of Action is checked by the type checker."""
    named = [
        call.args[2].value
        for folder in ("access", "loaders", "ui", "pages", "data_model")
        for path in (ROOT / folder).rglob("*.py")
        for call in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(call, ast.Call)
        and ast.unparse(call.func) == "audit.record"
        and isinstance(call.args[2], ast.Constant)
    ]
    assert set(named) <= set(Action)
