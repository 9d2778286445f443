"""Recording what a panel decides of a child: through the checks of every upload, with its reason, who and when.

A decision takes the child off the list, and with that out of a panel member's sight. Whoever decided finishes with what
they wrote themselves: it is kept by the panel's reference until the session ends, and says nothing of the child. It is
shown while the decision stands.
"""

from datetime import date

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
from ui.entering.form import drop, entry_form, just_saved, put_by, unfinished
from ui.entering.past import versions
from ui.panel_meeting.meeting import Meeting

_TONIGHT = "what was decided in this session"
_WHERE = "the place and the panel of the decision that is being written"
_BACK = "the child whose decision is gone back to"
_DECIDE, _PUT_RIGHT = "decide", "put a decision right"
_ASKED = ("decision", "reason", "allocated_urn", "start_date", "share_weight", "refused", "refusal_ground")
_NEEDED = ("decision", "reason")
_PLACED = ("decision", "allocated_urn", "start_date")
_COLUMNS = {"fap_ref": "Panel’s reference", "words": "Decision", "school": "At", "reason": "Because"}


def form(meeting: Meeting, fap_ref: str, label: str) -> None:
    """A form for the decision of a child on the list."""
    if not who.may(Permission.PANEL_DECIDE):
        return
    if meeting.on > meeting.place.today:
        st.write(f"The panel meets on {in_words(meeting.on)}: from that day on its decisions are recorded here.")
        return
    about, writing = {"fap_ref": fap_ref, "meeting_date": meeting.on.isoformat()}, unfinished(_DECIDE)
    if writing is None or writing == about:
        _form(meeting, about, label)
    elif not _is_of_another_meeting(meeting, writing):
        _not_finished(meeting, writing)


def left_the_list(meeting: Meeting) -> bool:
    """Whether somebody is writing of a child who is not on the list any more: then their form is drawn, whole.

    Where they are writing for another meeting than the one on the screen, that is said, and what they wrote is kept.
    """
    writing = unfinished(_DECIDE)
    if writing and _is_of_another_meeting(meeting, writing):
        _not_finished(meeting, writing)
        return False
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


def gone_back_to() -> str | None:
    """The panel's reference of the child to whose decision somebody has just gone back."""
    found: str | None = st.session_state.pop(_BACK, None)
    return found


def said(meeting: Meeting) -> None:
    """Say what was recorded before the page was drawn anew."""
    for done in filter(None, [just_saved(_DECIDE), just_saved(_PUT_RIGHT)]):
        cells = done.cells[0]
        _keep(cells)
        st.success(
            text.plain(f"Recorded for {cells['fap_ref']}: {PanelDecision(cells['decision']).label}."),
            icon=":material/check:",
        )


def decided(meeting: Meeting) -> None:
    """What was decided in this session and stands, and, for who still reaches the children, a way to put it right."""
    every = cached.answer(asked.decisions, la=meeting.place.la, panel=meeting.panel.name)
    every = every[every["meeting_date"].eq(pd.Timestamp(meeting.on))]
    if own := _of_this_session(meeting, every):
        show.table(
            pd.DataFrame(own),
            columns=_COLUMNS,
            caption="Decided and recorded in this sitting",
            name="panel-decided",
        )
        if not who.may(Permission.PUPIL_ROWS):
            st.caption("A decision takes the child off your list. An outreach manager can put a slip right.")
    put_right(meeting, every)


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


def _is_of_another_meeting(meeting: Meeting, writing: Texts) -> bool:
    """Whether an unfinished decision is for another day, or another panel than one whose list the child is on."""
    if writing["meeting_date"] != meeting.on.isoformat():
        return True
    place, panel = st.session_state[_WHERE]
    is_here = (place.la, panel) == (meeting.place.la, meeting.panel)
    return not is_here and writing["fap_ref"] not in set(meeting.items["fap_ref"])


def _not_finished(meeting: Meeting, writing: Texts) -> None:
    """Say what is not finished, keep it, and offer the way back to it."""
    put_by(_DECIDE)
    place, panel = st.session_state[_WHERE]
    day = date.fromisoformat(writing["meeting_date"])
    st.warning(
        text.plain(
            f"You have not finished the decision of {writing['fap_ref']} for the panel of {in_words(day)}, "
            f"{place.name}: {panel.label}. What you wrote is kept, and nothing of it is saved yet. Go back to it, or "
            "drop it, and then write of another child."
        )
    )

    def go_back() -> None:
        st.session_state.update({"meeting_panel": panel, "meeting_on": day, _BACK: writing["fap_ref"]})
        if place.la != meeting.place.la:
            st.session_state["la"] = place.la

    left, right, _ = st.columns([1, 1, 2])
    left.button("Go back to it", on_click=go_back)
    right.button("Drop what I wrote", on_click=drop, args=(_DECIDE,))


def _form(meeting: Meeting, about: Texts, label: str) -> None:
    st.session_state[_WHERE] = meeting.place, meeting.panel
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


def _keep(cells: Texts) -> None:
    """Keep what somebody wrote themselves, so that they see what they recorded."""
    row = cells["fap_ref"], cells["meeting_date"]
    st.session_state[_TONIGHT] = {**{each: kept for each, kept in _kept().items() if each != row}, row: cells}


def _kept() -> dict[tuple[str, str], Texts]:
    found: dict[tuple[str, str], Texts] = st.session_state.get(_TONIGHT, {})
    return found


def _of_this_session(meeting: Meeting, rows: pd.DataFrame) -> list[dict[str, str]]:
    """What was recorded in this session of these decisions, in the words that stand; `rows` are of one meeting.

    Who does not reach the child any more reads what they wrote themselves, unless it was corrected since.
    """
    stand, found = {str(row["fap_ref"]): row for row in rows.to_dict("records")}, []
    for (fap_ref, day), wrote in _kept().items():
        if day != meeting.on.isoformat() or fap_ref not in stand:
            continue
        now = children.ask(current, dataset=FAP_DECISIONS, key=(fap_ref, day))
        if now or all(wrote.get(name, "") == _as_typed(stand[fap_ref][name]) for name in _PLACED):
            found.append(_in_words(meeting, now.cells if now else wrote))
        else:
            found.append({"fap_ref": fap_ref, "words": "Corrected since by somebody else", "school": "", "reason": ""})
    return found


def _as_typed(value: object) -> str:
    """A cell of `asked.decisions` as a form gives it back."""
    if pd.isna(value):
        return ""
    return value.date().isoformat() if isinstance(value, pd.Timestamp) else str(value)


def _in_words(meeting: Meeting, cells: Texts) -> dict[str, str]:
    urn, day, decision = (cells.get(name, "") for name in ("allocated_urn", "start_date", "decision"))
    names = dict(zip(meeting.schools["urn"].astype("str"), meeting.schools["school_name"].astype("str"), strict=True))
    start = f", from {in_words(date.fromisoformat(day))}" if day else ""
    return {
        "fap_ref": cells["fap_ref"],
        "words": PanelDecision(decision).label if decision else "None",
        "school": (names.get(urn, urn) if urn else "No school") + start,
        "reason": cells.get("reason", ""),
    }
