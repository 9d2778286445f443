"""Recording what a panel decides of a child: through the checks of every upload, with its reason, who and when.

A decision takes the child off the list, and with that out of a panel member's sight. Whoever decided finishes with what
they wrote themselves: it is kept by the panel's reference until the session ends, and says nothing of the child.
"""

from datetime import date
from typing import Any

import pandas as pd
import streamlit as st

from access.roles import Permission
from analysis.panel_meeting import queries as asked
from data_model.casework_codes import PanelDecision
from data_model.fair_access import FAP_DECISIONS
from data_model.terms import in_words
from loaders.versions import Texts, current
from ui import cached, children, show, text, who
from ui.entering.fields import Choices
from ui.entering.form import drop, entry_form, just_saved, unfinished
from ui.entering.past import versions
from ui.panel_meeting.meeting import Meeting

_TONIGHT = "what was decided in this session"
_DECIDE, _PUT_RIGHT = "decide", "put a decision right"
_ASKED = ("decision", "reason", "allocated_urn", "start_date", "share_weight", "refused", "refusal_ground")
_NEEDED = ("decision", "reason")
_COLUMNS = {"fap_ref": "Panel’s reference", "words": "Decision", "school": "At", "reason": "Because"}


def form(meeting: Meeting, fap_ref: str, label: str) -> None:
    """A form for the decision of a child on the list."""
    if not who.may(Permission.PANEL_DECIDE):
        return
    if meeting.on > date.today():
        st.write(f"The panel meets on {in_words(meeting.on)}: from that day on its decisions are recorded here.")
        return
    _form(meeting, {"fap_ref": fap_ref, "meeting_date": meeting.on.isoformat()}, label)


def left_the_list(meeting: Meeting) -> bool:
    """Whether somebody is writing of a child who is not on the list any more: then their form is drawn, whole."""
    writing = unfinished(_DECIDE)
    if writing is None or writing["fap_ref"] in set(meeting.items["fap_ref"]):
        return False
    reference = writing["fap_ref"]
    st.warning(
        text.plain(
            f"{reference} is not on this list any more: somebody decided while you were writing, or took the referral "
            "back. What you wrote is still here, and nothing of it is saved yet."
        )
    )
    if st.button("Drop what I wrote"):
        drop(_DECIDE)
        st.rerun()
    _form(meeting, writing, reference)
    return True


def said(meeting: Meeting) -> None:
    """Say what was recorded before the page was drawn anew."""
    for done in filter(None, [just_saved(_DECIDE), just_saved(_PUT_RIGHT)]):
        cells = done.cells[0]
        _keep(cells, meeting)
        st.success(
            text.plain(f"Recorded for {cells['fap_ref']}: {PanelDecision(cells['decision']).label}."),
            icon=":material/check:",
        )


def decided(meeting: Meeting) -> None:
    """What was decided in this session, and, for those who still reach the children, a way to put it right."""
    own = [each for each in _kept() if each["on"] == meeting.on]
    if own:
        show.table(
            pd.DataFrame(own),
            columns=_COLUMNS,
            caption="Decided and recorded in this sitting",
            name="panel-decided",
        )
        if not who.may(Permission.PUPIL_ROWS):
            st.caption("A decision takes the child off your list. An outreach manager can put a slip right.")
    every = cached.answer(asked.decisions, la=meeting.place.la, panel=meeting.panel.name)
    put_right(meeting, every[every["meeting_date"].eq(pd.Timestamp(meeting.on))])


def put_right(meeting: Meeting, rows: pd.DataFrame) -> None:
    """Let those who reach every child put one of these decisions right, whoever recorded it: what, of whom and when."""
    if rows.empty or not who.may(Permission.PANEL_DECIDE) or not who.may(Permission.PUPIL_ROWS):
        return
    days = {str(row.fap_ref): row.meeting_date.date().isoformat() for row in rows.itertuples()}
    with st.expander("Put a decision right, or record that the school refused"):
        chosen = st.selectbox("Panel’s reference", list(days), index=None, placeholder="Choose", key="put_right")
        if chosen is None:
            return
        row, among = (chosen, days[chosen]), _choices(meeting)
        entry_form(
            FAP_DECISIONS,
            ("fap_ref", "meeting_date", *_ASKED),
            key=_PUT_RIGHT,
            edit=children.ask(current, dataset=FAP_DECISIONS, key=row),
            submit="Save the correction",
            among={**among, "fap_ref": {each: each for each in [chosen, *meeting.items["fap_ref"]]}},
            needed=_NEEDED,
        )
        versions(FAP_DECISIONS, row, "past of a decision", among=among)


def _form(meeting: Meeting, about: Texts, label: str) -> None:
    st.subheader(text.plain(f"Decide: {label}"), anchor=False)
    entry_form(
        FAP_DECISIONS,
        _ASKED,
        about,
        _DECIDE,
        edit=children.ask(current, dataset=FAP_DECISIONS, key=(about["fap_ref"], about["meeting_date"])),
        submit="Record the decision",
        among=_choices(meeting),
        needed=_NEEDED,
    )


def _choices(meeting: Meeting) -> dict[str, Choices]:
    """The schools that a child can be placed at, by name."""
    rows = meeting.schools[meeting.schools["close_date"].isna()].sort_values("school_name")
    return {"allocated_urn": {str(row.urn): str(row.school_name) for row in rows.itertuples()}}


def _keep(cells: Texts, meeting: Meeting) -> None:
    """Keep what somebody wrote themselves, so that they see what they recorded."""
    day = cells.get("start_date")
    start = f", from {in_words(date.fromisoformat(day))}" if day else ""
    row = {
        "fap_ref": cells["fap_ref"],
        "on": date.fromisoformat(cells["meeting_date"]),
        "words": PanelDecision(cells["decision"]).label,
        "school": _choices(meeting)["allocated_urn"].get(cells.get("allocated_urn", ""), "No school") + start,
        "reason": cells["reason"],
    }
    st.session_state[_TONIGHT] = [*(each for each in _kept() if each["fap_ref"] != row["fap_ref"]), row]


def _kept() -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = st.session_state.get(_TONIGHT, [])
    return found
