"""What a person decides about the hours that were proposed: changed school by school, recorded, listed, withdrawn."""

from collections.abc import Mapping
from datetime import date, timedelta
from itertools import islice
from typing import Any
from zlib import crc32

import pandas as pd
import streamlit as st

from access.roles import Permission
from analysis import choices
from analysis.sharing_hours.proposal import Choice, Proposal
from analysis.wording import amount, counted
from data_model.store import database, reading
from data_model.terms import Period, terms_between
from recording.allocations import Decision, decisions_of, record_allocation, withdraw_allocation
from ui import cached, clock, show, tables, telling, text, who
from ui.opening import Place

_DECIDED = "Hours decided"
_EDITED = {"school_name": "School", "phase_name": "Phase", "hours": "Hours proposed", "decided": _DECIDED}
_EARLIER = {"school_name": "School", "hours_decided": _DECIDED}
_EARLIER_IN_FULL = _EARLIER | {"hours_proposed": "Hours proposed"}
_MOST = 100_000.0
_TERMS_AHEAD, _MOST_TERMS = timedelta(days=400), 12
"""How far ahead hours are decided, about a year, and how many terms are offered."""


def decide(found: Proposal, place: Place) -> None:
    """A form to change the hours of each school and to record what was decided."""
    st.header("Decide", anchor=False)
    st.write(
        "Type over the hours decided where you know better. What you record is kept with what was proposed: "
        "it can be withdrawn, not erased."
    )
    rows = found.rows[["urn", "school_name", "phase_name", "hours"]].assign(decided=found.rows["hours"])
    # Another proposal is another editor: what was typed over the one before is not laid over this.
    key = f"decided {crc32(repr(rows.values.tolist()).encode())}"
    with st.form("decide", border=False):
        _editor(rows, key)
        left, right = st.columns(2)
        with left:
            period = st.selectbox("For the term", _terms(place), format_func=lambda term: term.label)
        with right:
            decided_on = st.date_input("Decided on", "today", format="DD/MM/YYYY")
        note = st.text_area("Note: why, and what differs from the proposal", max_chars=2_000)
        names_nobody = st.checkbox(telling.NAMES_NOBODY)
        if st.form_submit_button("Record the decision", type="primary"):
            who.require(Permission.DECIDE_ALLOCATION)
            given = {"period": str(period), "decided_on": decided_on, "note": note, "names_nobody": names_nobody}
            decided = rows.assign(decided=with_edits(rows["decided"], st.session_state.get(key, {})))
            telling.told(lambda: _recorded(found, place, decided, given))


def _editor(rows: pd.DataFrame, key: str) -> None:
    """The grid. What it returns is not trusted: `with_edits` reads what was typed."""
    shown = rows[list(_EDITED)].rename(columns=_EDITED)
    st.data_editor(
        shown,
        key=key,
        hide_index=True,
        disabled=[heading for heading in shown if heading != _DECIDED],
        column_config={
            "Hours proposed": st.column_config.NumberColumn(format="%.1f"),
            _DECIDED: st.column_config.NumberColumn(format="%.1f", min_value=0.0, max_value=_MOST, required=True),
        },
        height=420 if len(shown) > 10 else "content",
        alt="Hours proposed and decided of each school: the hours decided can be typed over",
    )


def with_edits(hours: pd.Series, state: Mapping[str, Any]) -> pd.Series:
    """The hours with those that an editor's state changes: other columns, other rows and other values are ignored."""
    changed = hours.astype("float64").copy()
    for place, cells in state.get("edited_rows", {}).items():
        value = cells.get(_DECIDED)
        if not isinstance(place, int) or not 0 <= place < len(changed) or isinstance(value, bool):
            continue
        if isinstance(value, int | float) and 0 <= value <= _MOST:
            changed.iloc[place] = float(value)
    return changed


def _terms(place: Place) -> list[Period]:
    """The terms that hours may be for, that of today first."""
    today = date.today()
    start = min(today, place.now or today)
    terms = list(islice(terms_between(start, today + _TERMS_AHEAD), _MOST_TERMS))
    now = Period.of(today)
    return sorted(terms, key=lambda term: (term < now, term))


def _recorded(found: Proposal, place: Place, rows: pd.DataFrame, given: Mapping[str, Any]) -> str:
    some = rows[rows["hours"].gt(0) | rows["decided"].gt(0)]
    record_allocation(
        database(),
        who.person(),
        la_code=place.la,
        hours=found.plan.hours,
        assumptions=_assumed(found),
        rows=[
            {"urn": int(row.urn), "hours_proposed": row.hours, "hours_decided": row.decided}
            for row in some.itertuples()
        ],
        today=date.today(),
        **given,
    )
    return f"The decision was recorded: {counted(some['decided'].sum(), 'hour')} for {len(some)} schools."


def _assumed(found: Proposal) -> dict[str, Any]:
    """The plan behind a proposal, as it is kept."""
    plan, assumed = found.plan, found.plan.assumption
    proposal = found.choices.set_index("choice").loc[str(Choice.PROPOSAL)]
    return {
        "hours_of_a_visit": plan.visit,
        "most_hours_a_school": plan.ceiling,
        "hours_now_count": plan.on_top,
        "floors": [f"{floor.kind} {floor.name}: {100 * floor.share:g}%" for floor in plan.floors],
        "prevents_at_most_percent": [round(100 * each, 1) for each in (assumed.low, assumed.most, assumed.high)],
        "hours_for_half_of_it": assumed.half,
        "prevented_low_to_high": [round(float(proposal[f"prevented{end}"]), 1) for end in ("_low", "", "_high")],
    }


def earlier(place: Place) -> None:
    """The decisions that were recorded, the newest first, each with its hours and what became of it."""
    st.header("Decided before", anchor=False)
    telling.said()
    with reading(database()) as connection:
        found = decisions_of(connection, cached.scope(), place.la)
    if not found:
        show.nothing("No decision about hours is recorded yet.")
    names = cached.counted(choices.schools, la=place.la).set_index("key")["school_name"] if found else pd.Series()
    for decision in found:
        with st.expander(text.plain(_headline(decision)), key=f"decision {decision.decision_id}"):
            _decision(decision, names)


def _headline(decision: Decision) -> str:
    shared = counted(decision.rows["hours_decided"].sum(), "hour")
    state = "Withdrawn: " if decision.withdrawn else "" if decision.counts else "Replaced by a later one: "
    when = f"{Period.parse(decision.period).label}: {shared} for {counted(len(decision.rows), 'school')}"
    return f"{state}{when}, decided on {tables.day(decision.decided_on)}"


def _decision(decision: Decision, names: pd.Series) -> None:
    if decision.withdrawn:
        why = f": {decision.withdrawn.why}" if decision.withdrawn.why else ""
        st.write(text.plain(f"Withdrawn on {clock.day(decision.withdrawn.at)}{why}"))
    said = [f"Of {amount(decision.hours)} hours that there were."]
    said += [f"Recorded by {decision.decided_by}."] if decision.decided_by else []
    said += [decision.note] if decision.note else []
    said += [f"{counted(decision.out_of_reach, 'school')} of it you do not reach."] if decision.out_of_reach else []
    st.write(text.plain(" ".join(said)))
    rows = decision.rows.assign(school_name=decision.rows["urn"].map(names).fillna(decision.rows["urn"].astype("str")))
    show.table(
        rows.sort_values("hours_decided", ascending=False, kind="stable"),
        columns=_EARLIER if decision.assumptions is None else _EARLIER_IN_FULL,
        caption="Hours of each school",
        name=f"decided-hours-{decision.decision_id}",
    )
    if decision.withdrawn is None and who.may(Permission.DECIDE_ALLOCATION):
        _withdraw(decision.decision_id)


def _withdraw(number: int) -> None:
    with st.form(f"withdraw {number}", border=False):
        why = st.text_input("Why it no longer holds", max_chars=500)
        names_nobody = st.checkbox(telling.NAMES_NOBODY)
        if st.form_submit_button("Withdraw this decision"):
            who.require(Permission.DECIDE_ALLOCATION)

            def withdrawn() -> str:
                withdraw_allocation(database(), who.person(), decision_id=number, why=why, names_nobody=names_nobody)
                return "The decision was withdrawn. It stays here to be read."

            telling.told(withdrawn)
