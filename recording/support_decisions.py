"""Deciding about a child without support: who gets what, why, and when somebody looks again. Never edited."""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

import pandas as pd
from sqlalchemy import Connection, Engine, Row, insert, select

from access import audit
from access.audit import Action
from access.keeping.pseudonyms import subjects_of
from access.noting import key_of, moment, noting, utc
from access.people import Person
from access.reach import pupils_in, reached
from access.roles import Permission
from access.scope import OutOfScope, Scope
from data_model.belonging import LA_CODE
from data_model.schools import SCHOOLS
from data_model.support_decisions import MOST_DAYS_AHEAD, SupportChoice, SupportDecision, support_decisions
from data_model.terms import in_words
from recording.allowing import la_of_child, refuse_unknown_child, refuse_unless_may
from recording.checking import NotRecorded, checked
from recording.withdrawing import reason as checked_reason
from recording.withdrawing import sees_names, sees_words, standing, withdraw

_schools = SCHOOLS.table
_READ = (
    *("support_id", "pupil_ref", "urn", "decision", "reason", "look_again", "facts", "suspensions", "last_happened"),
    *("decided_by", "decided_at", "withdrawn_at", "withdrawn_by", "withdrawn_why"),
)


def decide_support(
    engine: Engine,
    person: Person,
    *,
    pupil_ref: str,
    urn: int,
    decision: SupportChoice | str,
    today: date,
    reason: str | None = None,
    look_again: date | None = None,
    facts: Sequence[str] = (),
    suspensions: int = 0,
    last_happened: date | None = None,
    names_nobody: bool = False,
) -> int:
    """Record what is decided of a child, beside what is known of them; returns the decision's number.

    Raises NotRecorded, and writes nothing, where the person may not or does not reach the child, a value is wrong, or
    “not now” has no reason and no day to look again; SeemsToName where the reason seems to name a person and nobody has
    said that it does not (`names_nobody`).
    """
    refuse_unless_may(person, Permission.DECIDE_SUPPORT)
    given = {"pupil_ref": pupil_ref, "urn": urn, "decision": decision, "reason": reason, "look_again": look_again}
    given |= {"facts": tuple(facts), "suspensions": suspensions, "last_happened": last_happened}
    decided = checked(SupportDecision, given, names_nobody=names_nobody)
    _refuse_misfit(decided, today)
    with noting(engine) as connection:
        la_code = la_of_child(connection, person.scope, decided.pupil_ref, decided.urn)
        refuse_unknown_child(connection, decided.pupil_ref)
        row = {**decided.model_dump(), "facts": list(decided.facts), "la_code": la_code}
        row |= {"recorded_by": person.name, "recorded_at": moment()}
        support_id = key_of(connection.execute(insert(support_decisions).values(row)))
        told = {"urn": decided.urn, "decision": decided.decision, "look_again": decided.look_again}
        pupils = subjects_of(connection, [decided.pupil_ref])
        audit.record_about(connection, person, Action.SUPPORT_DECIDED, pupils, f"support {support_id}", told)
    return support_id


def _refuse_misfit(decided: SupportDecision, today: date) -> None:
    if decided.decision.needs_reason and not decided.reason:
        raise NotRecorded(f"“{decided.decision.label}” needs a reason. Write why.")
    if decided.decision.needs_reason and decided.look_again is None:
        raise NotRecorded(f"“{decided.decision.label}” needs a day to look again. Choose one.")
    if decided.look_again is None:
        return
    if decided.look_again <= today:
        raise NotRecorded(f"Look again on must be after today ({in_words(today)}). Choose a later day.")
    latest = today + timedelta(days=MOST_DAYS_AHEAD)
    if decided.look_again > latest:
        raise NotRecorded(f"Look again on must not be after {in_words(latest)}. Choose an earlier day.")


def withdraw_support(engine: Engine, person: Person, *, support_id: int, why: str, names_nobody: bool = False) -> None:
    """Mark a decision as withdrawn: it stays to be read, and the one before it counts again.

    Raises NotRecorded, and changes nothing, where the person may not, does not reach the child or gives no reason, or
    it is withdrawn already; SeemsToName where the reason seems to name a person.
    """
    refuse_unless_may(person, Permission.DECIDE_SUPPORT)
    said = checked_reason(why, names_nobody=names_nobody)
    with noting(engine) as connection:
        row = standing(connection, support_decisions, support_id)
        la_of_child(connection, person.scope, row.pupil_ref, row.urn)
        pupils = subjects_of(connection, [row.pupil_ref])
        withdraw(connection, person, support_decisions, support_id, said, Action.SUPPORT_WITHDRAWN, pupils)


def support_decisions_of(connection: Connection, scope: Scope, la_code: int) -> pd.DataFrame:
    """The decisions about children of an authority whom the scope reaches, newest first, withdrawn ones too.

    Columns: `support_id, pupil_ref, urn, decision, reason, look_again, facts` (a tuple), `suspensions, last_happened,
    decided_by, decided_at` (UTC), `withdrawn_at` (missing while it holds), `withdrawn_by, withdrawn_why`. Who is told
    to scopes with workers' names, what was written to those with free text. Raises OutOfScope where the scope has no
    rows about pupils.
    """
    if not scope.pupil_rows:
        raise OutOfScope("These decisions are about single pupils, and you may not see pupils’ rows.")
    columns = support_decisions.c
    source = support_decisions.join(_schools, _schools.c.urn == columns.urn)
    query = select(support_decisions).select_from(source)
    query = query.where(LA_CODE.in_([la_code]), reached(scope), pupils_in(scope, columns.pupil_ref, columns.urn))
    rows = connection.execute(query.order_by(columns.support_id.desc())).all()
    return pd.DataFrame([_read(row, scope) for row in rows], columns=list(_READ)).astype({"decision": "str"})


def _read(row: Row[Any], scope: Scope) -> dict[str, Any]:
    names, words = sees_names(scope), sees_words(scope)
    return {
        "support_id": row.support_id,
        "pupil_ref": row.pupil_ref,
        "urn": row.urn,
        "decision": row.decision,
        "reason": row.reason if words else None,
        "look_again": row.look_again,
        "facts": tuple(row.facts or ()),
        "suspensions": row.suspensions or 0,
        "last_happened": row.last_happened,
        "decided_by": row.recorded_by if names else None,
        "decided_at": utc(row.recorded_at),
        "withdrawn_at": utc(row.withdrawn_at) if row.withdrawn_at else None,
        "withdrawn_by": row.withdrawn_by if names else None,
        "withdrawn_why": row.withdrawn_why if words else None,
    }
