"""The agenda: who is on the list, for how long, and by when a place is due."""

import pandas as pd
import streamlit as st

from analysis.panel_meeting import sentences
from ui import children, show, text
from ui.panel_meeting import deciding
from ui.panel_meeting.meeting import Meeting

PLACE = "Panel meeting"
"""What the audit trail calls where children were seen."""

_COLUMNS = {
    "who": "Child",
    "year_group": "Year",
    "school_name": "School",
    "asked_for": "Asked for",
    "waiting_days": "Days waiting",
    "limits_words": "Limits: place due, or others near",
    "deferred_words": "Before",
}
_SAYS_LITTLE = {"deferred_words": "New"}
"""Columns that are left out where every row says no more than this."""


def tonight(meeting: Meeting) -> None:
    """Show the list, and what was decided so far."""
    items = meeting.items
    st.header(text.plain(sentences.agenda(items, meeting.on)), anchor=False)
    deciding.said(meeting)
    if len(items):
        references = frozenset(items["pupil_ref"])
        children.saw(PLACE, references)
        items = items.assign(who=items["pupil_ref"].map(children.labels(references)))
        shown = items.assign(asked_for=_asked_for(items))
        show.table(
            shown,
            columns=_telling(shown),
            caption="The list: the nearest limit first, then the longest wait",
            name="panel-list",
            source=meeting.place.local,
            about=references,
        )
        st.caption(
            f"Category: School Admissions Code 2021, paragraph 3.17; a child on roll has none. {_spelt_out(items)} "
            "Days waiting are counted from the referral. A place is due 20 school days after it was agreed to consider "
            "the child."
        )
    deciding.decided(meeting)


def _asked_for(items: pd.DataFrame) -> pd.Series:
    """What is asked, with the letter of the category: the list of a projector has no room for its words."""
    if "category_words" not in items:
        return items["business_words"]
    letter = items["category_words"].str.partition(" ")[0]
    return items["business_words"].where(letter.eq("None"), items["business_words"] + " " + letter)


def _spelt_out(items: pd.DataFrame) -> str:
    """The words of the categories on the list."""
    words = sorted(set(items["category_words"]) - {"None"}) if "category_words" in items else []
    return text.plain(" ".join(f"{each}." for each in words))


def _telling(items: pd.DataFrame) -> dict[str, str]:
    """The columns that say something of somebody: a projector has no room for the others."""
    little = {name for name, word in _SAYS_LITTLE.items() if name not in items or items[name].eq(word).all()}
    return {name: heading for name, heading in _COLUMNS.items() if name not in little}
