"""Recording what a panel decides of a child: through the checks of every upload, with its reason, who and when.

A decision takes the child off the list, and with that out of a panel member's sight. Whoever decided finishes with what
they wrote themselves: it is kept by the panel's reference until the session ends, and says nothing of the child.
"""

from collections.abc import Mapping
from datetime import date
from typing import Any

import pandas as pd
import streamlit as st

from access.roles import Permission
from data_model.casework_codes import PanelDecision
from data_model.fair_access import FAP_DECISIONS
from data_model.names_in_text import seems_to_name_somebody
from data_model.store import database, reading
from data_model.terms import in_words
from loaders.entering import Entered, SomebodyElse, enter
from loaders.versions import Version, current
from recording.checking import NotRecorded
from ui import cached, show, telling, text, who
from ui.panel_meeting.meeting import Meeting

_TONIGHT = "what was decided in this session"
_AT_A_SCHOOL = "Allocated school"
_COLUMNS = {"fap_ref": "Panel’s reference", "words": "Decision", "school": "At", "reason": "Because"}


def form(meeting: Meeting, fap_ref: str, label: str, seen: Version | None = None) -> None:
    """A form for the decision of a child, or to put one right that was recorded tonight (`seen`)."""
    if not who.may(Permission.PANEL_DECIDE):
        return
    if meeting.on > date.today():
        st.write(f"The panel meets on {in_words(meeting.on)}: from that day on its decisions are recorded here.")
        return
    before = seen.cells if seen else {}
    names = _schools(meeting)
    with st.form("decide" if seen is None else "put right", border=True):
        st.subheader(text.plain(f"Decide: {label}" if seen is None else f"Put right: {label}"), anchor=False)
        left, middle, right = st.columns([2, 2, 1])
        with left:
            decision = st.selectbox(
                "Decision",
                list(PanelDecision),
                index=_place(list(PanelDecision), before.get("decision")),
                format_func=lambda each: each.label,
                placeholder="Choose",
            )
        with middle:
            urn = st.selectbox(
                _AT_A_SCHOOL,
                list(names),
                index=_place(list(map(str, names)), before.get("allocated_urn")),
                format_func=lambda each: names[each],
                placeholder="None",
            )
        with right:
            start = st.date_input("Starts on", _day(before.get("start_date")), format="DD/MM/YYYY")
        reason = st.text_area(
            "Because", before.get("reason", ""), max_chars=200, help="Why, in a sentence. Do not write names."
        )
        names_nobody = st.checkbox(telling.NAMES_NOBODY)
        accepted = st.checkbox("I have read what the checks ask, and it is right")
        if st.form_submit_button("Record the decision", type="primary"):
            who.require(Permission.PANEL_DECIDE)
            cells = {
                "fap_ref": fap_ref,
                "meeting_date": meeting.on.isoformat(),
                "decision": str(decision) if decision else "",
                "reason": reason.strip(),
                "allocated_urn": "" if urn is None else str(urn),
                "start_date": start.isoformat() if isinstance(start, date) else "",
            }
            telling.told(lambda: _recorded(cells, names, seen, names_nobody=names_nobody, accepted=accepted))


def decided(meeting: Meeting) -> None:
    """What was decided in this session, and, for those who still reach the child, a way to put it right."""
    own = [each for each in _kept() if each["on"] == meeting.on]
    if own:
        show.table(
            pd.DataFrame(own),
            columns=_COLUMNS,
            caption="Decided and recorded in this sitting",
            name="panel-decided",
        )
    if not who.may(Permission.PANEL_DECIDE) or not who.may(Permission.PUPIL_ROWS):
        if own:
            st.caption("A decision takes the child off your list. An outreach manager can put a slip right.")
        return
    with reading(database()) as connection:
        there = {
            each["fap_ref"]: current(connection, cached.scope(), FAP_DECISIONS, (each["fap_ref"], str(each["on"])))
            for each in own
        }
    found = {reference: version for reference, version in there.items() if version}
    if found:
        with st.expander("Put a decision right"):
            chosen = st.selectbox("Panel’s reference", list(found), key="put_right")
            form(meeting, chosen, chosen, found[chosen])


def _recorded(
    cells: Mapping[str, str], names: Mapping[int, str], seen: Version | None, *, names_nobody: bool, accepted: bool
) -> str:
    """Write the decision and say so. Raises NotRecorded with what to do where it was not written."""
    if not cells["decision"]:
        raise NotRecorded("Choose a decision.")
    if not cells["reason"]:
        raise NotRecorded("Write down why: a decision is recorded with its reason.")
    if not names_nobody and seems_to_name_somebody(pd.Series([cells["reason"]])).any():
        raise NotRecorded("The reason seems to name a person. Write what somebody is instead, or say that it does not.")
    try:
        made = enter(
            database(),
            FAP_DECISIONS,
            cells,
            who.person(),
            seen=seen.fingerprint if seen else None,
            accept_queries=accepted,
        )
    except SomebodyElse as other:
        theirs = other.theirs.cells.get("decision", "") if other.theirs else ""
        what = f" It stands as: {PanelDecision(theirs).label}." if theirs else ""
        raise NotRecorded(f"{other}{what} Load the page again, and decide whether yours is to stand.") from None
    _refuse(made)
    _keep(cells, names)
    return f"Recorded for {cells['fap_ref']}: {PanelDecision(cells['decision']).label}."


def _refuse(made: Entered) -> None:
    if made.saved is None:
        said = [made.reason, *(issue.message for issue in made.issues)]
        tick = "" if made.has_errors or not made.issues else " If it is right, tick that you have read this."
        raise NotRecorded(" ".join(filter(None, dict.fromkeys(said))) + tick)


def _keep(cells: Mapping[str, str], names: Mapping[int, str]) -> None:
    """Keep what somebody wrote themselves, so that they see what they recorded."""
    urn = cells["allocated_urn"]
    start = f", from {in_words(date.fromisoformat(cells['start_date']))}" if cells["start_date"] else ""
    row = {
        "fap_ref": cells["fap_ref"],
        "on": date.fromisoformat(cells["meeting_date"]),
        "words": PanelDecision(cells["decision"]).label,
        "school": (names[int(urn)] if urn else "No school") + start,
        "reason": cells["reason"],
    }
    st.session_state[_TONIGHT] = [*(each for each in _kept() if each["fap_ref"] != row["fap_ref"]), row]


def _kept() -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = st.session_state.get(_TONIGHT, [])
    return found


def _schools(meeting: Meeting) -> dict[int, str]:
    """The schools that a child can be placed at, by name."""
    rows = meeting.schools[meeting.schools["close_date"].isna()].sort_values("school_name")
    return {int(row.urn): str(row.school_name) for row in rows.itertuples()}


def _place(options: list[Any], value: str | None) -> int | None:
    return [str(each) for each in options].index(value) if value and value in map(str, options) else None


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None
