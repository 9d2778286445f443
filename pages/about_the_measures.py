"""What each figure counts and where it misleads: read from the definitions that the figures are worked out with."""

import pandas as pd
import streamlit as st

from access.roles import Permission
from analysis.measures import MEASURES, Measure
from analysis.outcomes.measures import OUTCOMES, Outcome
from ui import show, text, who
from ui.tables import day

_SUMMARY = {"name": "Measure", "plain": "What it says", "unit": "In"}
_FOLLOWED = {"label": "Measure", "plain": "What it says", "unit": "In"}


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
    st.header("What follows a child", anchor=False)
    followed = pd.DataFrame([{name: getattr(each, name) for name in _FOLLOWED} for each in OUTCOMES.values()])
    show.table(
        followed, columns=_FOLLOWED, caption="Measures of placements, cases, moves, calls and clocks", name="outcomes"
    )
    for each in OUTCOMES.values():
        _show_outcome(each)


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


def _show_outcome(each: Outcome) -> None:
    st.header(each.label, anchor=False)
    st.write(text.plain(each.plain))
    for heading, words in (
        ("How it is worked out", each.method),
        ("Read it with care", each.caveat),
        ("Told apart by", ", ".join(by.label.lower() for by in each.by) + "."),
        ("Few children", f"Nothing is said of fewer than {each.minimum} {each.of}.")
        if each.minimum > 1
        else ("Few children", "A count, so it is said of any number."),
    ):
        st.markdown(f"**{heading}.** {text.plain(words)}")
