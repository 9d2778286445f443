"""Recording what was sent to a head, and what came back."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

import pandas as pd
from sqlalchemy import Connection, Engine, insert, select

from access import audit
from access.audit import Action
from access.noting import key_of, moment, noting
from access.people import Person
from access.roles import Permission
from access.scope import Scope
from data_model.right_of_reply import (
    DAYS_TO_REPLY,
    ReplyKind,
    SchoolReply,
    SchoolReport,
    school_replies,
    school_reports,
)
from data_model.school_days import Due, school_days_after
from data_model.term_dates import TERM_DATES
from data_model.terms import in_words
from recording.allowing import la_of_school, refuse_unless_may
from recording.checking import NotRecorded, checked
from recording.withdrawing import reason, standing, withdraw


@dataclass(frozen=True)
class Sent:
    """A report that was recorded as sent, and the last day on which the head may correct it."""

    report_id: int
    due: Due


def due_for(connection: Connection, scope: Scope, urn: int, sent_on: date) -> Due:
    """The last day on which a school's head may correct a report that is sent on a day: ten school days after it.

    Raises NotRecorded where the scope does not reach the school.
    """
    area = TERM_DATES.table.c.applies_to
    own = select(*(TERM_DATES.table.c[name] for name in TERM_DATES.columns)).where(
        area.in_([la_of_school(connection, scope, urn), urn])
    )
    rows = pd.DataFrame(connection.execute(own).all(), columns=list(TERM_DATES.columns))
    return school_days_after(sent_on, DAYS_TO_REPLY, rows, urn)


def send_report(
    engine: Engine, person: Person, *, urn: int, period: str, figures: Mapping[str, Any], sent_on: date, today: date
) -> Sent:
    """Record that a school's report was sent to its head. `figures` is the school's own row as it was sent.

    Raises NotRecorded, and writes nothing, where the person may not or does not reach the school, a value is wrong, or
    a report on the period is recorded as sent to the school on that day already.
    """
    refuse_unless_may(person, Permission.RECORD_REPLIES)
    given = {"urn": urn, "period": period, "figures": dict(figures), "sent_on": sent_on}
    report = checked(SchoolReport, given)
    if report.figures.get("urn", report.urn) != report.urn:
        raise NotRecorded("The figures are of another school: a report holds its own school's alone.")
    if report.sent_on > today:
        raise NotRecorded(f"Sent on is after today ({in_words(today)}). Record it once it has been sent.")
    with noting(engine) as connection:
        la_code = la_of_school(connection, person.scope, report.urn)
        due = due_for(connection, person.scope, report.urn, report.sent_on)
        _refuse_twice(connection, report)
        row = {**report.model_dump(), "la_code": la_code, "reply_due": due.day, "by_term_dates": due.by_term_dates}
        row |= {"recorded_by": person.name, "recorded_at": moment()}
        report_id = key_of(connection.execute(insert(school_reports).values(row)))
        told = {"urn": report.urn, "period": report.period, "sent_on": report.sent_on, "reply_due": due.day}
        audit.record(connection, person, Action.REPORT_SENT, f"report {report_id}", **told)
    return Sent(report_id, due)


def _refuse_twice(connection: Connection, report: SchoolReport) -> None:
    there = school_reports.c
    same = (there.urn == report.urn, there.period == report.period, there.sent_on == report.sent_on)
    if connection.execute(select(there.report_id).where(*same, there.withdrawn_at.is_(None))).first():
        raise NotRecorded(
            f"A report on this period is recorded as sent to this school on {in_words(report.sent_on)} already. "
            "Withdraw that record first if it is wrong."
        )


def record_reply(
    engine: Engine,
    person: Person,
    *,
    report_id: int,
    kind: ReplyKind | str,
    received_on: date,
    today: date,
    text: str | None = None,
    names_nobody: bool = False,
) -> int:
    """Record what came back on a report, or that nothing did; returns the reply's number.

    Raises NotRecorded, and writes nothing, where the person may not or does not reach the school, or a value is wrong;
    SeemsToName where the text seems to name a person and nobody has said that it does not (`names_nobody`).
    """
    refuse_unless_may(person, Permission.RECORD_REPLIES)
    given = {"kind": kind, "text": text, "received_on": received_on}
    reply = checked(SchoolReply, given, names_nobody=names_nobody)
    with noting(engine) as connection:
        report = standing(connection, school_reports, report_id)
        la_of_school(connection, person.scope, report.urn)
        _refuse_misfit(reply, report.sent_on, report.reply_due, today)
        row = {**reply.model_dump(), "report_id": report_id, "recorded_by": person.name, "recorded_at": moment()}
        reply_id = key_of(connection.execute(insert(school_replies).values(row)))
        told = {"urn": report.urn, "report": report_id, "kind": reply.kind, "received_on": reply.received_on}
        audit.record(connection, person, Action.REPLY_RECORDED, f"reply {reply_id}", **told)
    return reply_id


def _refuse_misfit(reply: SchoolReply, sent_on: date, due: date, today: date) -> None:
    if reply.kind.needs_words and not reply.text:
        raise NotRecorded(f"“{reply.kind.label}” needs what the head says. Write it down.")
    if reply.kind is ReplyKind.NO_REPLY and reply.text:
        raise NotRecorded("“No reply” takes no text. Choose what the head said, or take the text out.")
    if reply.kind is ReplyKind.NO_REPLY and reply.received_on <= due:
        raise NotRecorded(f"The head may reply until {in_words(due)}. Record “No reply” with a day after that.")
    if reply.received_on < sent_on:
        raise NotRecorded(f"Received on is before the report was sent ({in_words(sent_on)}). Correct it.")
    if reply.received_on > today:
        raise NotRecorded(f"Received on is after today ({in_words(today)}). Correct it.")


def withdraw_reply(engine: Engine, person: Person, *, reply_id: int, why: str, names_nobody: bool = False) -> None:
    """Withdraw a reply that was recorded wrongly: it stays to be read, marked, and no longer counts.

    Raises NotRecorded, and changes nothing, where the person may not, does not reach the school or gives no reason, or
    it is withdrawn already; SeemsToName where the reason seems to name a person.
    """
    refuse_unless_may(person, Permission.RECORD_REPLIES)
    said = reason(why, names_nobody=names_nobody)
    with noting(engine) as connection:
        reply = standing(connection, school_replies, reply_id)
        report = select(school_reports.c.urn).where(school_reports.c.report_id == reply.report_id)
        la_of_school(connection, person.scope, connection.execute(report).scalar_one())
        withdraw(connection, person, school_replies, reply_id, said, Action.REPLY_WITHDRAWN)


def withdraw_report(engine: Engine, person: Person, *, report_id: int, why: str, names_nobody: bool = False) -> None:
    """Withdraw the record of a report that was not sent as it says: with it, its replies no longer count.

    Raises as `withdraw_reply` does.
    """
    refuse_unless_may(person, Permission.RECORD_REPLIES)
    said = reason(why, names_nobody=names_nobody)
    with noting(engine) as connection:
        la_of_school(connection, person.scope, standing(connection, school_reports, report_id).urn)
        withdraw(connection, person, school_reports, report_id, said, Action.REPORT_WITHDRAWN)
