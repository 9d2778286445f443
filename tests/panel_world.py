"""What is written down about schools: two of one authority in two districts, one of another, and who writes."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from desk import newest_schema
from sqlalchemy import Engine, Table, select
from worlds import World

from access.people import Person
from access.roles import Permission, Role
from access.scope import Grant
from data_model.allocations import allocation_decisions
from data_model.audit_trail import audit_events
from data_model.frozen_lists import frozen_lists
from data_model.right_of_reply import school_replies, school_reports
from data_model.store import connect, reading, writing
from data_model.support_decisions import support_decisions
from data_model.thresholds import USUAL, thresholds_set
from recording import allocations, right_of_reply, thresholds
from recording import frozen_lists as lists
from recording import support_decisions as support

OURS, OTHERS = 999, 331
NORTH, SOUTH, THEIRS = 900001, 900002, 900331
CHILD, OTHER_CHILD = "P000101", "P000202"
"""One suspended in the north, and one in the south, whom the LA’s team supported before."""
SENT_ON, DUE, TODAY = date(2025, 10, 17), date(2025, 11, 7), date(2025, 12, 1)
"""Ten school days from a Friday, with half term's five days off between."""
TABLES = (school_reports, school_replies, frozen_lists, allocation_decisions, thresholds_set, support_decisions)


def two_authorities(url: str) -> None:
    """The schools, and the term dates of our authority alone, into the empty database at `url`."""
    newest_schema(url)
    engine = connect(url)
    with writing(engine) as connection:
        world = World(connection)
        world.school(NORTH, la=OURS, district="North", school_name="Lanternmere Primary School")
        world.school(SOUTH, la=OURS, district="South", school_name="Quillbrook High School", phase="secondary")
        world.school(THEIRS, la=OTHERS, district="North", school_name="Farrow School")
        world.suspension(NORTH, CHILD, "2025-10-06", status=None)
        world.suspension(SOUTH, OTHER_CHILD, "2025-10-07", status=None)
        past = {"provider_type": "la_team", "close_reason": "planned"}
        world.case(SOUTH, "2025-03-03", "2025-07-04", pupil_ref=OTHER_CHILD, **past)
        for term, first, last, closures in (
            ("AUT", date(2025, 9, 2), date(2025, 12, 19), "2025-10-27/2025-10-31"),
            ("SPR", date(2026, 1, 5), date(2026, 3, 27), "2026-02-16/2026-02-20"),
        ):
            days = {"first_day": first, "last_day": last, "closures": closures}
            world.save("term_dates", applies_to=OURS, academic_year="202526", term=term, **days)
    engine.dispose()


def person(role: Role = Role.MANAGER, *granted: Grant) -> Person:
    """Somebody who reaches our authority, or what is granted."""
    return Person(None, f"{role}@example.org", role, frozenset(granted or {Grant(OURS)}))


MANAGER, LEADER, STEWARD = person(), person(Role.LEADER), person(Role.STEWARD)
PANEL = person(Role.PANEL, Grant(OURS, panel="primary"))
NORTHERNER = person(Role.MANAGER, Grant(OURS, district="North"))
STRANGER = person(Role.MANAGER, Grant(OTHERS))
NOBODY = replace(MANAGER, grants=frozenset())


def send(engine: Engine, by: Person = MANAGER, **given: Any) -> right_of_reply.Sent:
    """A report that is sent."""
    usual = {"urn": NORTH, "period": "202526-AUT", "figures": {"urn": NORTH, "observed": 3}, "sent_on": SENT_ON}
    return right_of_reply.send_report(engine, by, **{**usual, "today": TODAY, **given})


def reply(engine: Engine, report_id: int, by: Person = MANAGER, **given: Any) -> int:
    """A reply that came."""
    usual = {"kind": "census_error", "text": "Two of these were at another school.", "received_on": date(2025, 10, 20)}
    return right_of_reply.record_reply(engine, by, **{**usual, "report_id": report_id, "today": TODAY, **given})


def freeze(engine: Engine, by: Person = MANAGER, **given: Any) -> int:
    """A list that is frozen."""
    question = {"period": "202526-AUT", "phase": None, "filters": {"district": ["North"]}, "order": "most to gain"}
    rows = [{"urn": NORTH, "observed": 3, "gain": 1.5}, {"urn": SOUTH, "observed": 40, "gain": None}]
    usual = {"la_code": OURS, "name": "Panel of March", "question": question, "rows": rows, "data_version": 1}
    return lists.freeze_list(engine, by, **{**usual, **given})


def decide(engine: Engine, by: Person = MANAGER, **given: Any) -> int:
    """Hours that are shared out."""
    rows = [
        {"urn": NORTH, "hours_proposed": 30, "hours_decided": 20.5},
        {"urn": SOUTH, "hours_proposed": 70, "hours_decided": 60},
    ]
    usual = {"la_code": OURS, "period": "202526-AUT", "hours": 100, "assumptions": {"floor_primary": 0.2}, "rows": rows}
    usual |= {"decided_on": date(2025, 11, 20), "today": TODAY}
    return allocations.record_allocation(engine, by, **{**usual, **given})


def set_thresholds(engine: Engine, by: Person = MANAGER, **given: Any) -> int:
    """Thresholds that are set."""
    usual = {"la_code": OURS, "values": {**USUAL.model_dump(), "days_lost": 8.5}, "note": "As the schools asked."}
    return thresholds.set_thresholds(engine, by, **{**usual, **given})


def decide_support(engine: Engine, by: Person = MANAGER, **given: Any) -> int:
    """What is decided of a child."""
    usual = {"pupil_ref": CHILD, "urn": NORTH, "decision": "not_now", "reason": "The school has a plan of its own."}
    usual |= {"look_again": date(2026, 1, 12), "today": TODAY}
    usual |= {"facts": ("some_suspensions",), "suspensions": 2, "last_happened": date(2025, 10, 6)}
    return support.decide_support(engine, by, **{**usual, **given})


@dataclass(frozen=True)
class Write:
    """Something that can be written: what allows it, what comes before it, and the write itself."""

    name: str
    permission: Permission
    before: Callable[[Engine], int]
    write: Callable[[Engine, Person, int], object]


WHY = {"why": "Recorded for the wrong school"}
WRITES = (
    Write("send_report", Permission.RECORD_REPLIES, lambda engine: 0, lambda engine, by, _: send(engine, by)),
    Write(
        "record_reply",
        Permission.RECORD_REPLIES,
        lambda engine: send(engine).report_id,
        lambda engine, by, number: reply(engine, number, by),
    ),
    Write(
        "withdraw_reply",
        Permission.RECORD_REPLIES,
        lambda engine: reply(engine, send(engine).report_id),
        lambda engine, by, number: right_of_reply.withdraw_reply(engine, by, reply_id=number, **WHY),
    ),
    Write(
        "withdraw_report",
        Permission.RECORD_REPLIES,
        lambda engine: send(engine).report_id,
        lambda engine, by, number: right_of_reply.withdraw_report(engine, by, report_id=number, **WHY),
    ),
    Write("freeze_list", Permission.FREEZE_LISTS, lambda engine: 0, lambda engine, by, _: freeze(engine, by)),
    Write(
        "withdraw_list",
        Permission.FREEZE_LISTS,
        freeze,
        lambda engine, by, number: lists.withdraw_list(engine, by, list_id=number, **WHY),
    ),
    Write(
        "record_allocation", Permission.DECIDE_ALLOCATION, lambda engine: 0, lambda engine, by, _: decide(engine, by)
    ),
    Write(
        "withdraw_allocation",
        Permission.DECIDE_ALLOCATION,
        decide,
        lambda engine, by, number: allocations.withdraw_allocation(engine, by, decision_id=number, **WHY),
    ),
    Write(
        "set_thresholds", Permission.SET_THRESHOLDS, lambda engine: 0, lambda engine, by, _: set_thresholds(engine, by)
    ),
    Write(
        "withdraw_thresholds",
        Permission.SET_THRESHOLDS,
        set_thresholds,
        lambda engine, by, number: thresholds.withdraw_thresholds(engine, by, thresholds_id=number, **WHY),
    ),
    Write(
        "decide_support", Permission.DECIDE_SUPPORT, lambda engine: 0, lambda engine, by, _: decide_support(engine, by)
    ),
    Write(
        "withdraw_support",
        Permission.DECIDE_SUPPORT,
        decide_support,
        lambda engine, by, number: support.withdraw_support(engine, by, support_id=number, **WHY),
    ),
)
"""Every function that writes."""


def everything(engine: Engine) -> dict[str, list[tuple[Any, ...]]]:
    """All that was written down, and the audit trail."""
    with reading(engine) as connection:
        return {table.name: connection.execute(select(table)).all() for table in (*TABLES, audit_events)}  # type: ignore[misc]


def rows(engine: Engine, table: Table) -> list[Mapping[str, Any]]:
    """The rows of a table, in the order of their key."""
    with reading(engine) as connection:
        return [dict(row) for row in connection.execute(select(table).order_by(*table.primary_key)).mappings()]
