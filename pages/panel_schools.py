"""The schools before a Fair Access Panel, for a projector: by name, each figure with its range, and no rank."""

import pandas as pd
import streamlit as st

from access.roles import Permission
from analysis import queries
from analysis.panel import clocks as limits
from analysis.panel import fair_share as shares
from analysis.panel import places as room
from analysis.panel import schools as panel_schools_of
from analysis.panel.schools import Panel
from analysis.targeting import list_views
from analysis.targeting.beside import list_with_context
from analysis.targeting.where_next import WhereNext
from data_model.settings import settings
from data_model.terms import Period
from data_model.today import not_known_since
from ui import cached, filters, opening, show, text, who
from ui.opening import Place
from ui.where_next import replies

_STANDING = {
    "school_name": "School",
    "standing": "Standing",
    "how_high": "Times the average",
    "how_much": "Above the average, a year",
    "how_sure": "Sure",
    "reply": "Head’s reply",
}
_SHARES = {
    "school_name": "School",
    "taken": "Pupils taken",
    "share_words": "Share of all taken (range)",
    "roll_words": "Share of pupils on roll",
    "says": "What that says",
}
_ROOM = {"school_name": "School", "room_words": "Room in the school", "year_groups": "Pupils by year group"}
_HOW_TO_READ = (
    "Average: of schools of the same size and phase here. In brackets: the range that holds 8 times in 10. Sure: the "
    "chance of being above that average next year."
)
_CLOCKS = {"school_name": "School"} | {clock.column: clock.label for clock in limits.CLOCKS}


def panel_schools() -> None:
    """Draw the page."""
    who.require(Permission.PANEL_SCHOOLS)
    st.title("Schools before the panel", anchor=False)
    place = opening.place()
    if place is None:
        return
    left, right = st.columns(2)
    with left:
        period = filters.period(place.periods)
    found = cached.counted(list_with_context, la=place.la, period=period)
    if found is None or found.rows.empty:
        show.nothing(f"No suspensions are loaded for {period.label}.")
        return
    with right:
        panel = _panel(found.rows)
    # A projector is read from the back of a room.
    st.html('<div class="projector"></div>')
    rows = _standing(found, panel, place, period)
    _shares(rows, panel, place)
    _room(rows, place)
    _clocks(rows, place)


def _panel(rows: pd.DataFrame) -> Panel:
    own = frozenset(grant.panel for grant in cached.scope().panels if grant.panel)
    found = panel_schools_of.panels(rows, own)
    chosen: Panel = st.selectbox(
        "Panel", found, format_func=lambda panel: panel.label, key="panel", bind="query-params"
    )
    return chosen


def _standing(found: WhereNext, panel: Panel, place: Place, period: Period) -> pd.DataFrame:
    def asked() -> pd.DataFrame:
        again = cached.counted(list_with_context, la=place.la, period=period)
        return replies.before_panel(panel.of(list_views.in_words(again.rows)), place.la, period)

    rows = asked()
    st.header(text.plain(panel_schools_of.finding(rows, panel)), anchor=False)
    st.write(text.plain(panel_schools_of.ready(rows)))
    show.table(
        rows,
        columns=_STANDING,
        caption=f"{panel.label} by name, suspensions of {found.window}",
        source=place.source(["published" if found.published else "local"]),
        name="panel-schools",
        publish=asked,
    )
    st.caption(_HOW_TO_READ)
    show.captions([found.averages])
    ready = rows[rows["may_go_to_panel"]]
    if len(ready):
        st.write("The pages of the schools whose heads have had their say:")
        for row in ready.itertuples():
            show.link(str(row.school_name), "school", school=str(row.key), period=period.label)
    show.notes(found.notes)
    return rows


def _shares(rows: pd.DataFrame, panel: Panel, place: Place) -> None:
    st.header("Fair share", anchor=False)

    def asked() -> pd.DataFrame:
        again = cached.counted(shares.fair_share, la=place.la)
        return again.rows[again.rows["key"].isin(rows["key"])].sort_values("school_name", kind="stable")

    found = cached.counted(shares.fair_share, la=place.la)
    if found is None:
        show.nothing("No placements in alternative provision are loaded, so nothing says who took whom.")
        return
    own = asked()
    st.write(text.plain(shares.finding(found, own)))
    if len(own):
        show.table(
            own,
            columns=_SHARES,
            caption="Pupils who left alternative provision for a school that was new to them, in three years. In "
            "brackets: the range that holds 19 times in 20",
            source=place.local,
            name="panel-fair-share",
            publish=asked,
        )
        st.caption("Of twenty schools that each take their share, about one stands out by chance alone.")


def _room(rows: pd.DataFrame, place: Place) -> None:
    st.header("Room", anchor=False)

    def asked() -> pd.DataFrame:
        whole = cached.counted(room.places, la=place.la)
        threshold = settings().small_number if cached.hides_small_numbers() else None
        known = room.with_year_groups(whole, cached.answer(queries.year_groups), threshold)
        return rows[["key", "school_name"]].merge(known, on="key")

    if room.is_nothing_known(asked()):
        show.nothing(room.NONE_KNOWN)
        return
    st.write("Places are those of the whole school: how many each year group has is in no file that is loaded.")
    show.table(
        asked(),
        columns=_ROOM,
        caption="Places and pupils at the latest headcount",
        source=place.local,
        name="panel-room",
        publish=asked,
    )


def _clocks(rows: pd.DataFrame, place: Place) -> None:
    st.header("Limits set by law that are near", anchor=False)

    def asked() -> pd.DataFrame:
        again = cached.counted(limits.clocks, la=place.la, day=place.today.isoformat())
        return rows[["key", "school_name"]].merge(again.rows, on="key")

    found = cached.counted(limits.clocks, la=place.la, day=place.today.isoformat())
    if found is None:
        show.nothing("Only published statistics are loaded: they say nothing of single pupils’ limits.")
        return
    st.write(text.plain(limits.finding(found, asked())))
    if since := not_known_since(place.now, place.today):
        st.write(since)
    show.table(
        asked(),
        columns=_CLOCKS,
        caption="How many pupils each limit is near for",
        source=place.local,
        name="panel-limits",
        publish=asked,
    )
