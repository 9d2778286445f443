"""What each figure counts and where it misleads: read from the definitions that the figures are worked out with."""

import pandas as pd
import streamlit as st

from access.roles import Permission
from analysis.measures import MEASURES, Measure
from ui import show, text, who
from ui.tables import day

_SUMMARY = {"name": "Measure", "plain": "What it says", "unit": "In"}


def about_the_measures() -> None:
    """Draw the page: every measure in a line, then each in full."""
    who.require(Permission.ABOUT_THE_MEASURES)
    st.title("About the measures", anchor=False)
    st.write(
        "Every figure in this dashboard is worked out in one place, by the definitions below. "
        "Where there is no headcount to divide by, it says so and shows no rate."
    )
    summary = pd.DataFrame([{name: getattr(measure, name) for name in _SUMMARY} for measure in MEASURES.values()])
    show.table(summary, columns=_SUMMARY, caption="Every measure, in the order of the pages", name="measures")
    for measure in MEASURES.values():
        _show(measure)


def _show(measure: Measure) -> None:
    st.header(measure.name, anchor=False)
    st.write(text.plain(measure.plain))
    for heading, words in (
        ("How it is worked out", measure.method),
        ("Read it with care", measure.caveat),
        ("Why it matters", measure.why_it_matters),
        ("Small schools", f"Below a count of {measure.minimum} a school’s rate says little: one child can move it."),
        ("Source", f"{measure.source}. Last reviewed on {day(measure.reviewed_on)}."),
    ):
        st.markdown(f"**{heading}.** {text.plain(words)}")
