"""Reading the right of reply: where each school stands, and everything that was recorded, withdrawn notes too.

A scope reads of the schools that it reaches alone. Who wrote something down is told to scopes with workers' names, free
text to those with names, and the figures that were sent to those with full figures; the others find nothing there.
"""

from collections.abc import Iterable
from datetime import date
from typing import Any

import pandas as pd
from sqlalchemy import Connection, Select, select

from access.noting import utc
from access.reach import reached
from access.scope import Scope
from data_model.belonging import LA_CODE
from data_model.labelled import Labelled
from data_model.right_of_reply import ReplyKind, school_replies, school_reports
from data_model.schools import SCHOOLS
from data_model.terms import Period, in_words
from recording.withdrawing import sees_names, sees_words

_schools = SCHOOLS.table
_DAY, _MOMENT = "datetime64[s]", "datetime64[us, UTC]"
_WRITTEN = {
    "recorded_by": "str",
    "recorded_at": _MOMENT,
    "withdrawn_at": _MOMENT,
    "withdrawn_by": "str",
    "withdrawn_why": "str",
}
_REPORTS = {
    "report_id": "int64",
    "urn": "int64",
    "school_name": "str",
    "period": "str",
    "figures": "object",
    "sent_on": _DAY,
    "reply_due": _DAY,
    "by_term_dates": "bool",
    **_WRITTEN,
}
_REPLIES = {
    "reply_id": "int64",
    "report_id": "int64",
    "urn": "int64",
    "school_name": "str",
    "period": "str",
    "kind": "str",
    "kind_label": "str",
    "text": "str",
    "received_on": _DAY,
    **_WRITTEN,
}
_STATES = {
    "urn": "int64",
    "school_name": "str",
    "state": "str",
    "state_words": "str",
    "may_go_to_panel": "bool",
    "report_id": "Int64",
    "sent_on": _DAY,
    "reply_due": _DAY,
    "by_term_dates": "boolean",
    "reply_id": "Int64",
    "reply_kind": "str",
    "received_on": _DAY,
}


class State(Labelled):
    """Where a school stands in its right of reply."""

    NOT_SENT = "not_sent", "Not sent"
    DUE = "due", "Sent"
    REPLIED = "replied", "Replied"
    CONTESTED = "contested", "Contested"
    OVERDUE = "overdue", "No reply in time"


def states_of(connection: Connection, scope: Scope, la_code: int, period: str, today: date) -> pd.DataFrame:
    """Where every school that the scope reaches in an LA stands with its report on a period, by the school's name.

    Columns: `urn, school_name, state` (of `State`), `state_words` (such as `Sent: reply due by 20 October 2025`),
    `may_go_to_panel`, `report_id, sent_on, reply_due, by_term_dates` (false: weekdays were counted), `reply_id,
    reply_kind` (of `ReplyKind`), `received_on`. The newest report counts, and the newest reply to it; none that was
    withdrawn does. A school may go to a panel once its head has replied, or the last day for it is past.
    """
    schools = select(_schools.c.urn, _schools.c.school_name).where(reached(scope), LA_CODE.in_([la_code]))
    about = str(Period.parse(period))
    reports = _latest(reports_of(connection, scope, la_code), "sent_on", "report_id", "urn", about)
    replies = _latest(replies_of(connection, scope, la_code), "received_on", "reply_id", "report_id", about)
    found = pd.DataFrame(connection.execute(schools.order_by(_schools.c.school_name, _schools.c.urn)).all())
    found = found.reindex(columns=["urn", "school_name"]).astype({"urn": "int64"})
    found = found.merge(reports[["urn", "report_id", "sent_on", "reply_due", "by_term_dates"]], on="urn", how="left")
    replies = replies[["report_id", "reply_id", "kind", "received_on"]].rename(columns={"kind": "reply_kind"})
    found = found.merge(replies, on="report_id", how="left")
    states = [_state(row, today) for row in found.to_dict("records")]
    return _frame([row | state for row, state in zip(found.to_dict("records"), states, strict=True)], _STATES)


def reports_of(connection: Connection, scope: Scope, la_code: int) -> pd.DataFrame:
    """Every report that was recorded as sent to a school that the scope reaches in an LA, newest first.

    Columns: `report_id, urn, school_name, period, figures` (a dictionary, or None), `sent_on, reply_due, by_term_dates,
    recorded_by, recorded_at` (UTC), `withdrawn_at` (missing while it holds), `withdrawn_by, withdrawn_why`.
    """
    query = select(school_reports, _schools.c.school_name).order_by(
        school_reports.c.sent_on.desc(), school_reports.c.report_id.desc()
    )
    rows = _read(connection, query, scope, la_code)
    hidden = {} if scope.full_figures else {"figures": None}
    return _frame([row | hidden for row in rows], _REPORTS)


def replies_of(connection: Connection, scope: Scope, la_code: int) -> pd.DataFrame:
    """Every reply that was recorded for a school that the scope reaches in an LA, newest first.

    Columns: `reply_id, report_id, urn, school_name, period` (of the report), `kind, kind_label, text` (missing where
    there is none, or the scope may not read it), `received_on, recorded_by, recorded_at` (UTC), `withdrawn_at` (missing
    while it holds), `withdrawn_by, withdrawn_why`.
    """
    of_report = school_replies.c.report_id == school_reports.c.report_id
    query = (
        select(school_replies, school_reports.c.urn, school_reports.c.period, _schools.c.school_name)
        .select_from(school_replies.join(school_reports, of_report))
        .order_by(school_replies.c.received_on.desc(), school_replies.c.reply_id.desc())
    )
    hidden = {} if sees_words(scope) else {"text": None}
    rows = _read(connection, query, scope, la_code)
    return _frame([row | {"kind_label": ReplyKind(row["kind"]).label} | hidden for row in rows], _REPLIES)


def _read(connection: Connection, query: Select[Any], scope: Scope, la_code: int) -> list[dict[str, Any]]:
    """The rows of reports or replies of the schools that are reached in an LA, without what the scope may not read."""
    own = query.join(_schools, _schools.c.urn == school_reports.c.urn).where(reached(scope), LA_CODE.in_([la_code]))
    hidden = {} if sees_names(scope) else {"recorded_by": None, "withdrawn_by": None}
    hidden |= {} if sees_words(scope) else {"withdrawn_why": None}
    return [{**row, **hidden} for row in connection.execute(own).mappings()]


def _latest(rows: pd.DataFrame, day: str, number: str, of: str, period: str) -> pd.DataFrame:
    """The newest row of each `of` about a period, of those that hold."""
    hold = rows[rows["withdrawn_at"].isna() & (rows["period"] == period)]
    return hold.sort_values([day, number]).drop_duplicates(of, keep="last")


def _state(row: dict[str, Any], today: date) -> dict[str, Any]:
    state, words = _state_in_words(row, today)
    replied = state in (State.REPLIED, State.CONTESTED)
    return {"state": str(state), "state_words": words, "may_go_to_panel": replied or state is State.OVERDUE}


def _state_in_words(row: dict[str, Any], today: date) -> tuple[State, str]:
    if pd.isna(row["report_id"]):
        return State.NOT_SENT, State.NOT_SENT.label
    kind = None if pd.isna(row["reply_kind"]) else ReplyKind(row["reply_kind"])
    if kind and kind is not ReplyKind.NO_REPLY:
        return (State.CONTESTED if kind.is_contested else State.REPLIED), f"{kind.label}, {_on(row['received_on'])}"
    due = f"{_on(row['reply_due'])}{'' if row['by_term_dates'] else ' (weekdays counted: no term dates are loaded)'}"
    if today > row["reply_due"].date():
        return State.OVERDUE, f"No reply by {due}"
    return State.DUE, f"Sent: reply due by {due}"


def _on(day: pd.Timestamp) -> str:
    return in_words(day.date())


def _frame(rows: Iterable[dict[str, Any]], kinds: dict[str, str]) -> pd.DataFrame:
    """The rows as a frame of these columns, each of its kind."""
    cells = [{name: _plain(row[name]) for name in kinds} for row in rows]
    frame = pd.DataFrame(cells, columns=list(kinds), dtype=object)
    return pd.DataFrame({name: _column(frame[name], kind) for name, kind in kinds.items()})


def _plain(cell: Any) -> Any:
    return utc(cell) if hasattr(cell, "tzinfo") and not isinstance(cell, pd.Timestamp) else cell


def _column(cells: pd.Series, kind: str) -> pd.Series:
    if kind == _MOMENT:
        return pd.to_datetime(cells, utc=True).astype(kind)
    return pd.to_datetime(cells).astype(kind) if kind == _DAY else cells.astype(kind)
