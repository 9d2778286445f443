"""One case: what must happen next, its facts and timeline, and what is written down about it."""

import streamlit as st

from access.roles import Permission
from analysis.caseload.one_case import one_case
from ui import children, opening, show, text, who
from ui.caseload import choosing, writing
from ui.caseload import one_case as shown
from ui.caseload.children_table import NO_CHILD


def case() -> None:
    """Draw the page."""
    who.require(Permission.CASE)
    st.title("Case", anchor=False)
    place = opening.place(deadlines=True)
    if place is None:
        return
    if place.now is None:
        show.nothing("Only published statistics are loaded: they say nothing of cases.")
        return
    show.link("Back to the caseload", "caseload")
    case_id = choosing.case_id(place)
    if case_id is None:
        st.write("Choose a case, or open one from the caseload.")
        return
    found = children.ask(one_case, case_id=case_id, on=place.today.isoformat())
    if found is None:
        show.nothing("There is no such case among those that you may see.")
        return
    about = [found.pupil_ref] if found.pupil_ref else []
    children.saw("Case", about)
    name = children.labels(about)[about[0]] if about else NO_CHILD
    st.subheader(text.plain(f"{name}, {found.school}"), anchor=False)
    shown.following(found)
    writing.write_down(found, place)
    shown.timeline(found, place)
    shown.facts(found, place)
