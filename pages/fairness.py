"""Who is suspended more often: groups of pupils beside all other pupils, with ranges, in an authority or phase."""

from typing import Any

import pandas as pd
import streamlit as st

from access.roles import Permission
from analysis.fairness import comparison as figures
from analysis.fairness import sentences
from analysis.fairness.comparison import Fairness
from analysis.fairness.queries import affected
from charts.forest import forest
from data_model.terms import year_label
from ui import cached, filters, opening, show, text, who
from ui.opening import Place

_GROUPS = {
    "group": "Group",
    "suspended": "Pupils suspended",
    "on_roll": "Pupils on roll",
    "rate": "Of the group, %",
    "others_words": "Of all others",
    "ratio": "Times as likely",
    "low": "Range from",
    "high": "to",
    "standing": "What that says",
    "title": "By",
}


def fairness() -> None:
    """Draw the page."""
    who.require(Permission.FAIRNESS)
    st.title(Permission.FAIRNESS.label, anchor=False)
    place = opening.place()
    if place is None:
        return
    asked = _asked(place)
    found = _found(asked)
    if found.rows.empty:
        show.nothing(found.sentence)
        return
    _picture(found, asked, place)
    for refusal in found.refused:
        show.nothing(refusal)
    show.notes(found.notes)


def _asked(place: Place) -> dict[str, Any]:
    """What the user wants to see, as `figures.fairness` asks for it."""
    counts = cached.answer(affected, la=place.la)
    years = {year_label(year): year for year in (figures.years_known(counts) if counts else [])}
    left, middle, _ = st.columns(3)
    with left:
        phase = filters.phase()
    with middle:
        chosen = filters.one_of("Years", list(years), "years", "The latest three together")
    return {"la": place.la, "year": years[chosen] if chosen else None, "phase": phase}


def _found(asked: dict[str, Any]) -> Fairness:
    return figures.fairness(cached.records(), cached.answer(affected, la=asked["la"]), **asked)


def _picture(found: Fairness, asked: dict[str, Any], place: Place) -> None:
    def rows() -> pd.DataFrame:
        return _found(asked).rows

    show.finding(
        forest(
            figures.drawn(found.rows),
            label="group",
            section="title",
            ratio="ratio",
            low="low",
            high="high",
            clear="clear",
            unit="times as likely to be suspended in a year as all other pupils, with the range",
        ),
        found.rows,
        columns=_GROUPS,
        title=found.sentence,
        source=place.local,
        name="who-is-affected",
        publish=rows,
    )
    st.caption(text.plain(sentences.how_to_read(found.rows)))
