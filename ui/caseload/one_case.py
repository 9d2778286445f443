"""What is shown of one case: what must happen next, its facts and its timeline."""

import streamlit as st

from analysis.caseload.one_case import OneCase
from analysis.wording import counted
from data_model.terms import in_words
from ui import children, show, text
from ui.opening import Place
from ui.show import Source

_TIMELINE = {"day": "Day", "what": "What", "said": "What was said of it"}
_FACTS = {"name": "What", "said": "As it is recorded"}


def following(found: OneCase) -> None:
    """What must happen next on the case, the first due first."""
    st.header(text.plain(_headline(found)), anchor=False)
    lines = [
        f"* **{text.plain(row.what)}**: by {in_words(row.due)} ({text.plain(row.standing.lower())})"
        for row in found.following.itertuples()
    ]
    if lines:
        st.markdown("\n".join(lines))


def _headline(found: OneCase) -> str:
    if not found.is_open:
        return "This case is closed"
    late = int(found.following["late"].sum())
    return f"{counted(late, 'thing')} overdue on this case" if late else "Nothing is overdue on this case"


def facts(found: OneCase, place: Place) -> None:
    """What is recorded of the case, and the way to the child's whole story."""
    st.header("The case", anchor=False)
    if found.pupil_ref:
        children.story_button(found.pupil_ref, "The child’s whole story", key="story of this case")
    about = [found.pupil_ref] if found.pupil_ref else []
    show.table(
        found.facts,
        columns=_FACTS,
        caption="The case as it is recorded",
        source=Source("Outreach referrals, cases and contacts", place.now),
        name="case",
        about=about,
    )


def timeline(found: OneCase, place: Place) -> None:
    """What happened, the newest first."""
    st.header("What happened so far", anchor=False)
    show.table(
        found.timeline,
        columns=_TIMELINE,
        caption="The newest first",
        source=Source("Outreach referrals, cases and contacts", place.now),
        name="case-timeline",
        about=[found.pupil_ref] if found.pupil_ref else [],
    )
