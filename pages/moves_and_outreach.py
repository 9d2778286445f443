"""Outreach and managed moves: who the pupils were, what followed, and whether the two can be compared at all."""

import streamlit as st

from access.roles import Permission
from analysis.moves_and_outreach import sentences
from analysis.moves_and_outreach.follow_up import HORIZONS
from analysis.moves_and_outreach.queries import moves_and_outreach as found_for
from analysis.moves_and_outreach.views import Picture
from charts.compared_curves import compared_curves
from ui import cached, opening, show, text, who
from ui.opening import Place

_CURVES = {
    "group": "Group",
    "weeks": "School weeks",
    "share": "Without a new suspension, %",
    "low": "Range from",
    "high": "to",
    "followed": "Pupils still followed",
}
_DIFFERENCES = {
    "outcome": "After 12 school weeks",
    "points": "Moved less outreach, points",
    "low": "Range from",
    "high": "to",
    "compared": "Pupils compared",
    "standing": "What that says",
}
_KINDS = {
    "phase": "Phase",
    "band": "Suspensions in the year before",
    "lately": "And in the 12 weeks before",
    "outreach": "Outreach",
    "moved": "Managed move",
    "standing": "Compared",
}


def moves_and_outreach() -> None:
    """Draw the page."""
    who.require(Permission.MOVES_AND_OUTREACH)
    st.title(Permission.MOVES_AND_OUTREACH.label, anchor=False)
    place = opening.place()
    if place is None:
        return
    found = cached.answer(found_for, la=place.la)
    if found is None or found.nothing:
        show.nothing(found.nothing if found else sentences.PART_OF_IT)
        return
    st.markdown(text.plain(sentences.NOT_OTHERWISE))
    _what_followed(found, place)
    st.header("How many managed moves held", anchor=False)
    st.markdown(text.plain(found.held))
    _whether_alike(found, place)
    show.notes(found.notes)


def _what_followed(found: Picture, place: Place) -> None:
    chart = compared_curves(
        found.curves,
        group="group",
        time="weeks",
        share="share",
        low="low",
        high="high",
        followed="followed",
        unit="pupils without a new suspension or permanent exclusion since the start",
        times=HORIZONS,
        time_unit="school weeks",
    )
    name = "what-followed"
    show.finding(chart, found.curves, columns=_CURVES, title=found.finding, source=place.local, name=name)
    st.caption(text.plain(found.how_to_read))
    groups = dict(found.headings)
    show.table(
        found.outcomes,
        columns={"outcome": "What followed", "after": "After", **groups},
        caption="What followed in each group, of those for whom that time is over",
        name="outcomes",
        source=place.local,
    )
    if found.differences["points"].isna().all():
        show.captions(dict.fromkeys(found.differences["standing"]))
        return
    show.table(
        found.differences,
        columns=_DIFFERENCES,
        caption="Pupils who moved beside pupils like them with outreach",
        name="differences",
        source=place.local,
    )


def _whether_alike(found: Picture, place: Place) -> None:
    st.header("Who the pupils were", anchor=False)
    groups = dict(found.headings)
    show.table(
        found.case_mix,
        columns={"title": "At the start", "value": "Of whom", **groups},
        caption="What was known of the pupils of each group when it began",
        name="who-they-were",
        source=place.local,
    )
    if len(found.kinds):
        show.table(
            found.kinds,
            columns=_KINDS,
            caption="Which pupils are alike: those of one phase, suspended about as often and as lately",
            name="who-is-alike",
            source=place.local,
        )
