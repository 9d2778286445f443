"""Where next: the schools that an outreach manager takes to a meeting, how high, how much and how sure; and why."""

import streamlit as st

from access.roles import Permission
from ui import filters, opening, telling, who
from ui.where_next import frozen, pictures, the_list
from ui.where_next.asked import asked, school_in_address
from ui.where_next.one_school import one_school

_VIEWS = {
    "List": the_list.every_school,
    "Need and outreach": pictures.outreach,
    "How few schools": pictures.few_schools,
    "Map": pictures.on_map,
    "What chance explains": pictures.what_chance_explains,
}
_FULL = {"What changed": frozen.what_changed}
"""Frozen lists hold full figures."""


def targeting() -> None:
    """Draw the page: the list, or why the school that the address names is where it is."""
    who.require(Permission.TARGETING)
    st.title("Where next", anchor=False)
    place = opening.place()
    if place is None:
        return
    telling.said()
    key = school_in_address()
    if key is not None:
        one_school(place, key)
        return
    found = asked(place)
    if found is None:
        return
    the_list.finding(found)
    parts = _VIEWS | (_FULL if who.may(Permission.FULL_FIGURES) else {})
    parts[filters.view(tuple(parts))](found)
