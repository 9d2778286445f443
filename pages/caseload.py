"""The caseload: what must happen this week and who does it, who is waiting, and who has room for more."""

import streamlit as st

from access.roles import Permission
from analysis.caseload import sentences, views
from ui import cached, children, opening, show, who
from ui.caseload import lists


def caseload() -> None:
    """Draw the page."""
    who.require(Permission.CASELOAD)
    st.title("Caseload", anchor=False)
    place = opening.place(deadlines=True)
    if place is None:
        return
    if place.now is None:
        show.nothing("Only published statistics are loaded: they say nothing of cases.")
        return
    found = cached.answer(views.caseload, la=place.la, on=place.today.isoformat())
    children.saw("Caseload", found.pupils)
    lists.this_week(found, place)
    lists.waiting(found, place)
    lists.decide(found, place)
    lists.workers(found, place)
    lists.ending(found, place)
    lists.reasons(found, place)
    show.notes(sentences.notes(found))
