"""Recording how outreach hours are shared out: what was proposed, and what a person decided."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import pandas as pd
from sqlalchemy import Connection, Engine, Row, insert, select

from access import audit
from access.audit import Action
from access.noting import key_of, moment, noting, utc
from access.people import Person
from access.roles import Permission
from access.scope import Scope
from data_model.allocations import AllocationDecision, SchoolHours, allocation_decisions
from data_model.terms import in_words
from recording.allowing import refuse_unless_may, refuse_unreached, schools_reached
from recording.checking import NotRecorded, checked
from recording.withdrawing import Withdrawn, reason, sees_names, sees_words, standing, withdraw, withdrawn

_ROUNDING = 0.01
_COLUMNS = {"urn": "int64", "hours_proposed": "float64", "hours_decided": "float64"}


@dataclass(frozen=True, eq=False)
class Decision:
    """A decision as it was recorded. `rows` has `urn, hours_proposed` (missing where the reader has not full figures,
    which they were worked out from) and `hours_decided`, of the schools that the reader reaches; `out_of_reach` counts
    the others. `recorded_at` is UTC. `counts` is true of the newest that holds for its period."""

    decision_id: int
    la_code: int
    period: str
    hours: float
    assumptions: Mapping[str, Any] | None
    rows: pd.DataFrame
    out_of_reach: int
    decided_on: date
    decided_by: str | None
    recorded_at: datetime
    note: str | None
    counts: bool
    withdrawn: Withdrawn | None


def record_allocation(
    engine: Engine,
    person: Person,
    *,
    la_code: int,
    period: str,
    hours: float,
    assumptions: Mapping[str, Any],
    rows: Sequence[Mapping[str, Any]],
    decided_on: date,
    today: date,
    note: str | None = None,
    names_nobody: bool = False,
) -> int:
    """Record how `hours` are shared out among schools; returns the decision's number.

    `rows` hold `urn, hours_proposed, hours_decided`. Raises NotRecorded, and writes nothing, where the person may not
    or does not reach a school, more hours are decided than there are, or a value is wrong; SeemsToName where the note
    seems to name a person and nobody has said that it does not (`names_nobody`).
    """
    refuse_unless_may(person, Permission.DECIDE_ALLOCATION)
    given = {
        "la_code": la_code,
        "period": period,
        "hours": hours,
        "assumptions": dict(assumptions),
        "rows": _of_schools(rows),
        "decided_on": decided_on,
        "note": note,
    }
    decision = checked(AllocationDecision, given, names_nobody=names_nobody)
    _refuse_misfit(decision, today)
    with noting(engine) as connection:
        refuse_unreached(connection, person.scope, decision.la_code, [row.urn for row in decision.rows])
        row = {**decision.model_dump(), "recorded_by": person.name, "recorded_at": moment()}
        decision_id = key_of(connection.execute(insert(allocation_decisions).values(row)))
        told = {"la_code": decision.la_code, "period": decision.period, "schools": len(decision.rows)}
        audit.record(connection, person, Action.HOURS_DECIDED, f"decision {decision_id}", **told, hours=decision.hours)
    return decision_id


def _of_schools(rows: Sequence[Mapping[str, Any]]) -> list[SchoolHours]:
    found = []
    for number, row in enumerate(rows, start=1):
        try:
            found.append(checked(SchoolHours, row))
        except NotRecorded as fault:
            raise NotRecorded(f"Row {number}: {fault}") from None
    return found


def _refuse_misfit(decision: AllocationDecision, today: date) -> None:
    if len({row.urn for row in decision.rows}) < len(decision.rows):
        raise NotRecorded("A school is there twice. Take one out.")
    shared_out = sum(row.hours_decided for row in decision.rows)
    if shared_out > decision.hours + _ROUNDING:
        raise NotRecorded(
            f"The hours decided come to {shared_out:,.1f}, and there are {decision.hours:,.1f}. Take some out, or give "
            "more hours in all."
        )
    if decision.decided_on > today:
        raise NotRecorded(f"Decided on is after today ({in_words(today)}). Record it once it has been decided.")


def decisions_of(connection: Connection, scope: Scope, la_code: int) -> tuple[Decision, ...]:
    """The decisions of an LA about a school that the scope reaches, newest first, withdrawn ones too.

    Without full figures in the scope, what was proposed and assumed is left out: hidden counts could be told from it.
    """
    columns = allocation_decisions.c
    query = select(allocation_decisions).where(columns.la_code == la_code)
    rows = connection.execute(query.order_by(columns.decided_on.desc(), columns.decision_id.desc())).all()
    own = schools_reached(connection, scope, la_code)
    newest: dict[str, int] = {}
    for row in rows:
        if row.withdrawn_at is None:
            newest.setdefault(row.period, row.decision_id)
    found = (_decision(row, scope, own, newest.get(row.period) == row.decision_id) for row in rows)
    return tuple(decision for decision in found if len(decision.rows))


def withdraw_allocation(
    engine: Engine, person: Person, *, decision_id: int, why: str, names_nobody: bool = False
) -> None:
    """Mark a decision as withdrawn: it stays to be read, and the one before it counts again.

    Raises NotRecorded, and changes nothing, where the person may not, does not reach every school of it or gives no
    reason, or it is withdrawn already; SeemsToName where the reason seems to name a person.
    """
    refuse_unless_may(person, Permission.DECIDE_ALLOCATION)
    said = reason(why, names_nobody=names_nobody)
    with noting(engine) as connection:
        row = standing(connection, allocation_decisions, decision_id)
        refuse_unreached(connection, person.scope, row.la_code, [each["urn"] for each in row.rows])
        withdraw(connection, person, allocation_decisions, decision_id, said, Action.HOURS_WITHDRAWN)


def _decision(row: Row[Any], scope: Scope, own: frozenset[int], counts: bool) -> Decision:
    rows = pd.DataFrame([each for each in row.rows if each["urn"] in own], columns=list(_COLUMNS)).astype(_COLUMNS)
    return Decision(
        decision_id=row.decision_id,
        la_code=row.la_code,
        period=row.period,
        hours=row.hours,
        assumptions=row.assumptions if scope.full_figures else None,
        rows=rows if scope.full_figures else rows.assign(hours_proposed=float("nan")),
        out_of_reach=len(row.rows) - len(rows),
        decided_on=row.decided_on,
        decided_by=row.recorded_by if sees_names(scope) else None,
        recorded_at=utc(row.recorded_at),
        note=row.note if sees_words(scope) else None,
        counts=counts,
        withdrawn=withdrawn(row, scope),
    )
