"""What a person decides of one child without support: what is known, a form, and what was decided before."""

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

import pandas as pd
import streamlit as st

from access.roles import Permission
from analysis.casework import sentences
from analysis.casework.views import Standing
from analysis.casework.without_support import Fact
from data_model.store import database
from data_model.support_decisions import MOST_DAYS_AHEAD, SupportChoice
from recording.support_decisions import decide_support, withdraw_support
from ui import children, clock, tables, telling, text, who

_SOON = timedelta(days=28)


def decide(rows: pd.DataFrame, decisions: pd.DataFrame, on: date, today: date) -> None:
    """One child of the list, whom somebody chooses: the facts, a form to decide, and the decisions before."""
    st.header("Decide about a child", anchor=False)
    telling.said()
    row = _child(rows)
    _known(row, on)
    children.story_button(row["pupil_ref"], "Open the child’s story", "story of the child to decide about")
    if who.may(Permission.DECIDE_SUPPORT):
        _form(row, today)
    _earlier(decisions[decisions["pupil_ref"].eq(row["pupil_ref"])])


def _child(rows: pd.DataFrame) -> dict[str, Any]:
    """The child who was chosen: at first the first of whom somebody has to decide."""
    first = int(rows["to_decide"].to_numpy().argmax())
    names = [f"{child}, {school}" for child, school in zip(rows["child"], rows["school_name"], strict=True)]
    # By place and not by reference: what is chosen travels to the browser and back.
    place = st.selectbox(
        "Child",
        range(len(rows)),
        index=first,
        format_func=names.__getitem__,
        help="In the order of the list: the first of whom nobody has decided yet",
    )
    found: dict[str, Any] = rows.iloc[place].to_dict()
    return found


def _known(row: Mapping[str, Any], on: date) -> None:
    if row["standing"] != Standing.UNDECIDED:
        st.markdown(text.plain(f"{row['decision_words']}."))
    st.markdown("\n".join(f"* {text.plain(each)}" for each in sentences.of_child(row, on)))


def _form(row: Mapping[str, Any], today: date) -> None:
    # Another child is another form: what was typed about one is not kept for the next.
    with st.form(f"decide about a child {row['pupil']}", border=True, clear_on_submit=False):
        left, right = st.columns(2)
        with left:
            decision = st.radio("Decision", tuple(SupportChoice), format_func=lambda choice: choice.label)
        with right:
            tomorrow, latest = today + timedelta(days=1), today + timedelta(days=MOST_DAYS_AHEAD)
            look_again = st.date_input(
                "Look again on", today + _SOON, min_value=tomorrow, max_value=latest, format="DD/MM/YYYY"
            )
        reason = st.text_area("Reason: needed for “Not now”. Write no names", max_chars=2_000)
        names_nobody = st.checkbox(telling.NAMES_NOBODY)
        if st.form_submit_button("Record the decision", type="primary"):
            who.require(Permission.DECIDE_SUPPORT)
            given = {"decision": decision, "look_again": look_again, "reason": reason, "names_nobody": names_nobody}
            telling.told(lambda: _decided(row, given, today))


def _decided(row: Mapping[str, Any], given: Mapping[str, Any], today: date) -> str:
    happened = row["last_happened"]
    decide_support(
        database(),
        who.person(),
        pupil_ref=row["pupil_ref"],
        urn=int(row["urn"]),
        facts=[str(fact) for fact in Fact if row[fact]],
        suspensions=int(row["suspensions"]),
        last_happened=happened.date() if pd.notna(happened) else None,
        today=today,
        **given,
    )
    return f"The decision was recorded: {given['decision'].label}. It can be withdrawn, not erased."


def _earlier(decisions: pd.DataFrame) -> None:
    """The decisions about one child, the newest first."""
    if decisions.empty:
        return
    st.subheader("Decided before", anchor=False)
    told = decisions.astype(object)  # a reason that is missing beside others is NaN, which is no word
    for decision in told.where(told.notna(), None).to_dict("records"):
        _one(decision)


def _one(decision: Mapping[str, Any]) -> None:
    by = f" by {decision['decided_by']}" if decision["decided_by"] else ""
    said = [f"{SupportChoice(decision['decision']).label}, {clock.day(decision['decided_at'])}{by}."]
    said += [decision["reason"]] if decision["reason"] else []
    said += [f"Look again on {tables.day(decision['look_again'])}."] if pd.notna(decision["look_again"]) else []
    withdrawn = pd.notna(decision["withdrawn_at"])
    said += [f"Withdrawn on {clock.day(decision['withdrawn_at'])}: {decision['withdrawn_why']}"] if withdrawn else []
    st.markdown(text.plain(" ".join(said)))
    if not withdrawn and who.may(Permission.DECIDE_SUPPORT):
        _withdraw(decision["support_id"])


def _withdraw(number: int) -> None:
    with (
        st.expander("Withdraw this decision", key=f"withdraw support {number}"),
        st.form(f"withdraw {number}", border=False),
    ):
        why = st.text_input("Why it no longer holds", max_chars=500)
        names_nobody = st.checkbox(telling.NAMES_NOBODY)
        if st.form_submit_button("Withdraw the decision"):
            who.require(Permission.DECIDE_SUPPORT)

            def withdrawn() -> str:
                withdraw_support(database(), who.person(), support_id=number, why=why, names_nobody=names_nobody)
                return "The decision was withdrawn. It stays here to be read."

            telling.told(withdrawn)
