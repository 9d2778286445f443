"""The right of reply: the report for a school's head, when it was sent, and what came back."""

from datetime import date

import pandas as pd
import streamlit as st

from access.roles import Permission
from analysis.targeting.changes import KEPT
from analysis.targeting.why import Why
from data_model.right_of_reply import ReplyKind
from data_model.store import database, reading
from data_model.terms import Period
from recording.replies import State, replies_of, reports_of
from recording.right_of_reply import due_for, record_reply, send_report, withdraw_reply, withdraw_report
from reports.school_report import Figure, SchoolReport, school_report
from ui import cached, clock, show, tables, telling, text, trail, who
from ui.opening import Place
from ui.where_next import replies

_HISTORY = {
    "what": "What",
    "day": "Day",
    "text": "What the head says",
    "recorded_by": "Recorded by",
    "state": "Holds",
}
_HISTORY_UNSIGNED = {name: heading for name, heading in _HISTORY.items() if name != "recorded_by"}
_HOW_TO_ANSWER = (
    "Answer whoever sent you this report. Say which figure is wrong and what it should be, or what should be known of "
    "it. Please name no pupil.",
)


def right_of_reply(found: Why, place: Place, period: Period) -> None:
    """Show where the school stands in its right of reply, and let a manager record what happens."""
    urn = int(found.row["key"])
    st.header("Right of reply", anchor=False)
    known = replies.states(place.la, period)
    state = known[known["urn"].eq(urn)].iloc[0]
    st.markdown(f"**{text.plain(_standing(state, period))}**")
    _history(urn, place, period)
    if not who.may(Permission.RECORD_REPLIES):
        return
    _report(found, place, period)
    left, right = st.columns(2, gap="large")
    with left:
        _sent(found, period)
    with right:
        if pd.notna(state["report_id"]):
            _came_back(int(state["report_id"]))
    _take_back(urn, place, period)


def _standing(state: "pd.Series", period: Period) -> str:
    panel = "It may go to the panel." if state["may_go_to_panel"] else "It may not go to the panel yet."
    if state["state"] == str(State.NOT_SENT):
        return f"The report on {period.label} was not sent to the head. {panel}"
    return f"{state['state_words']}. {panel}"


def _of_period(rows: pd.DataFrame, urn: int, period: Period) -> pd.DataFrame:
    return rows[rows["urn"].eq(urn) & rows["period"].eq(str(period))]


def _recorded(urn: int, place: Place, period: Period) -> tuple[pd.DataFrame, pd.DataFrame]:
    with reading(database()) as connection:
        scope = cached.scope()
        both = reports_of(connection, scope, place.la), replies_of(connection, scope, place.la)
    sent, came = (_of_period(each, urn, period) for each in both)
    return sent, came


def _history(urn: int, place: Place, period: Period) -> None:
    sent, came = _recorded(urn, place, period)
    if sent.empty:
        return
    parts = [
        sent.assign(what="Report sent to the head", day=sent["sent_on"], text=""),
        came.assign(what=came["kind_label"], day=came["received_on"], text=came["text"].fillna("")),
    ]
    rows = pd.concat([part for part in parts if len(part)], ignore_index=True)
    gone = set(sent.loc[sent["withdrawn_at"].notna(), "report_id"])
    rows = rows.assign(day=rows["day"].dt.date, state=[_holds(row, gone) for row in rows.to_dict("records")])
    columns = _HISTORY if who.may(Permission.STAFF) else _HISTORY_UNSIGNED
    show.table(
        rows.sort_values(["day", "recorded_at"], kind="stable"),
        columns=columns,
        caption=f"What was sent and what came back, {period.label}",
        name="right-of-reply",
    )


def _holds(row: dict[str, object], reports_withdrawn: set[int]) -> str:
    when = row["withdrawn_at"]
    if not isinstance(when, pd.Timestamp) or pd.isna(when):
        return "No: the report that it answers was withdrawn" if row["report_id"] in reports_withdrawn else "Yes"
    why = f": {row['withdrawn_why']}" if isinstance(row["withdrawn_why"], str) else ""
    return f"Withdrawn on {clock.day(when.to_pydatetime())}{why}"


def _report(found: Why, place: Place, period: Period) -> None:
    """The file for the head, made when its button is pressed. It holds this school's figures and no other's."""
    if not found.figures:
        return
    person, check, scope = who.person(), who.unless_changed(), cached.scope()
    urn = int(found.row["key"])

    def made() -> bytes:
        check()
        with reading(database()) as connection:
            due = due_for(connection, scope, urn, date.today())
        trail.downloaded(person, f"report-{urn}.html", rows=1, kind="report for the head")
        return school_report(_for_the_head(found, place, period, due.day)).encode()

    st.download_button(
        "Download the report for the head", made, f"report-{urn}.html", "text/html", on_click="ignore", key="report"
    )
    st.caption("No other school is in it. The day to answer by is ten school days from today.")


def _for_the_head(found: Why, place: Place, period: Period, due: date) -> SchoolReport:
    return SchoolReport(
        school_name=str(found.row["school_name"]),
        authority_name=place.name,
        period_label=period.label,
        sentences=(*found.sentences, *found.drivers, *found.cautions),
        figures=[Figure(each.name, f"{each.number} {each.of}", each.worked_out) for each in found.figures],
        reply_due=due,
        how_to_answer=_HOW_TO_ANSWER,
    )


def _sent(found: Why, period: Period) -> None:
    with st.form("sent", border=False):
        st.subheader("Record that it was sent", anchor=False)
        sent_on = st.date_input("Sent on", "today", format="DD/MM/YYYY")
        if st.form_submit_button("Record as sent"):
            who.require(Permission.RECORD_REPLIES)
            row = found.row
            figures = {name: row[name] for name in KEPT if pd.notna(row[name])} | {"urn": int(row["key"])}

            def recorded() -> str:
                sent = send_report(
                    database(),
                    who.person(),
                    urn=int(row["key"]),
                    period=str(period),
                    figures=figures,
                    sent_on=sent_on,
                    today=date.today(),
                )
                return f"Recorded. The head may reply until {tables.day(sent.due.day)}."

            telling.told(recorded)


def _came_back(report_id: int) -> None:
    with st.form("came back", border=False):
        st.subheader("Record the reply", anchor=False)
        kind = st.selectbox("What came back", tuple(ReplyKind), format_func=lambda each: each.label)
        said = st.text_area("What the head says", max_chars=2_000, help="Shown to the panel. Name nobody.")
        received_on = st.date_input("Received on", "today", format="DD/MM/YYYY")
        names_nobody = st.checkbox(telling.NAMES_NOBODY)
        if st.form_submit_button("Record the reply"):
            who.require(Permission.RECORD_REPLIES)

            def recorded() -> str:
                record_reply(
                    database(),
                    who.person(),
                    report_id=report_id,
                    kind=kind,
                    received_on=received_on,
                    today=date.today(),
                    text=said,
                    names_nobody=names_nobody,
                )
                return "The reply was recorded, and stands beside the school on the list."

            telling.told(recorded)


def _take_back(urn: int, place: Place, period: Period) -> None:
    sent, came = _recorded(urn, place, period)
    standing = {
        **{("reply", int(row.reply_id)): _named(row.kind_label, row.received_on) for row in _hold(came).itertuples()},
        **{("report", int(row.report_id)): _named("Report sent", row.sent_on) for row in _hold(sent).itertuples()},
    }
    if not standing:
        return
    with st.expander("Withdraw what was recorded wrongly", key="withdraw"), st.form("withdraw", border=False):
        chosen = st.selectbox("What to withdraw", list(standing), format_func=lambda each: standing[each])
        why = st.text_input("Why", max_chars=500)
        names_nobody = st.checkbox(telling.NAMES_NOBODY)
        if st.form_submit_button("Withdraw it"):
            who.require(Permission.RECORD_REPLIES)

            def withdrawn() -> str:
                kind, number = chosen
                given = {"why": why, "names_nobody": names_nobody}
                if kind == "reply":
                    withdraw_reply(database(), who.person(), reply_id=number, **given)
                else:
                    withdraw_report(database(), who.person(), report_id=number, **given)
                return "It was withdrawn. It stays here to be read."

            telling.told(withdrawn)


def _hold(rows: pd.DataFrame) -> pd.DataFrame:
    return rows[rows["withdrawn_at"].isna()]


def _named(what: str, day: pd.Timestamp) -> str:
    return f"{what}, {tables.day(day.date())}"
