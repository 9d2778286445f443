"""Choosing which case to look at: by child, school and worker, and never through an address."""

import streamlit as st

from analysis.caseload import views
from ui import cached, children
from ui.caseload import opened
from ui.caseload.children_table import labelled, references
from ui.opening import Place

_PICKED = "picked case"


def case_id(place: Place) -> str | None:
    """The case that was opened from a list or is chosen here; None without one."""
    left, right = st.columns([3, 1], vertical_alignment="bottom")
    with right:
        closed_too = st.toggle("Closed cases too")
    words = cases(place, closed_too=closed_too)
    # A case that was just closed stays on the screen: whether it may be seen is for the query to say.
    chosen = opened.chosen()
    if chosen and chosen not in words:
        words[chosen] = "The case that was open"
    st.session_state[_PICKED] = chosen
    with left:
        picked: str | None = st.selectbox(
            "Case",
            list(words),
            format_func=words.__getitem__,
            index=None,
            key=_PICKED,
            placeholder="Choose a case, or type a school or a worker",
            on_change=lambda: opened.choose(st.session_state[_PICKED]),
        )
    return picked


def cases(place: Place, *, closed_too: bool) -> dict[str, str]:
    """What each case is called where one is chosen. Whoever is here sees the children, which the audit trail keeps."""
    found = cached.answer(views.cases_to_open, la=place.la, on=place.today.isoformat(), closed_too=closed_too)
    children.saw("Cases to open", references(found))
    rows = labelled(found).itertuples()
    return {str(row.case_id): f"{row.child}, {row.school}, {row.worker}" for row in rows}
