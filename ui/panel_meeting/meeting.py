"""Which panel meets, and when."""

from dataclasses import dataclass
from datetime import date, timedelta

import pandas as pd
import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from analysis import queries
from analysis.panel.schools import Panel, panels
from analysis.panel_meeting import queries as asked
from ui import cached, children
from ui.opening import Place

_AHEAD = timedelta(days=92)
"""How far ahead a meeting may lie: its pack goes out before it."""


@dataclass(frozen=True, eq=False)
class Meeting:
    """A panel's meeting: `items` is its list (`agenda`), and `schools` are those that the panel's members reach."""

    place: Place
    panel: Panel
    on: date
    items: pd.DataFrame
    schools: pd.DataFrame
    beside: DeltaGenerator


def choose(place: Place) -> Meeting:
    """The meeting that the user chose: of a panel that is theirs, today unless they chose another day."""
    schools = cached.answer(queries.schools)
    schools = schools[schools["la_code"].eq(place.la)]
    own = frozenset(grant.panel for grant in cached.scope().panels if grant.panel)
    left, right, beside = st.columns([3, 2, 3])
    with left:
        panel: Panel = st.selectbox(
            "Panel",
            panels(schools, own),
            format_func=lambda panel: panel.label,
            key="meeting_panel",
            bind="query-params",
        )
    with right:
        on = st.date_input(
            "Meeting on", place.today, format="DD/MM/YYYY", key="meeting_on", max_value=place.today + _AHEAD
        )
    assert isinstance(on, date)
    items = children.ask(asked.agenda, la=place.la, panel=panel.name, on=on)
    return Meeting(place, panel, on, items, schools, beside)
