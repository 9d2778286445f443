"""A panel's meeting, for a projector: tonight's list, each child on one screen, and a decision that is recorded."""

import streamlit as st

from access.roles import Permission
from access.scope import OutOfScope
from ui import filters, opening, show, who
from ui.panel_meeting import child, elsewhere, meeting, pack, tonight

_PARTS = {
    "Tonight": tonight.tonight,
    "A child": child.child,
    "Schools and places": elsewhere.schools_and_places,
    "Last time": elsewhere.last_time,
    "Print": pack.pack,
}


def panel_meeting() -> None:
    """Draw the page."""
    who.require(Permission.PANEL_MEETING)
    st.title("Panel meeting", anchor=False)
    place = opening.place(deadlines=True)
    if place is None:
        return
    # A projector is read from the back of a room.
    st.html('<div class="projector"></div>')
    try:
        found = meeting.choose(place)
    except OutOfScope:
        show.nothing(
            "No panel’s list is open to your account. Ask the administrator of this dashboard to grant you your panel."
        )
        return
    _PARTS[filters.view(tuple(_PARTS), key="part")](found)
