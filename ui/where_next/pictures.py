"""The list as pictures: need beside outreach, how few schools, a map, and what chance explains."""

import streamlit as st

from analysis.targeting import list_sentences as sentences
from analysis.targeting import list_views as views
from charts.need_and_outreach import need_and_outreach
from charts.school_map import school_map
from charts.share_curve import share_curve
from ui import filters, show
from ui.where_next.asked import Asked, address
from ui.where_next.funnels import funnels

_FEW = {
    "What there is to gain": ("gain", "how_much", "suspensions above average"),
    "Suspensions": ("observed", "counted", "suspensions"),
}
_NUMBERS = {"how_high": "How high", "how_much": "How much", "how_sure": "How sure"}


def outreach(asked: Asked) -> None:
    """Show how much there is to gain at each school beside the outreach that it has."""
    rows = asked.rows
    in_full = rows["hours"].notna().any()
    if rows["outreach"].isna().all() and rows["open_cases"].isna().all():
        show.nothing("No outreach cases are loaded, so need cannot be shown beside outreach.")
        return
    show.finding(
        need_and_outreach(
            rows.assign(said=views.pointed_at(rows)),
            key="key",
            name="school_name",
            need="gain",
            outreach="hours" if in_full else "open_cases",
            unmet="unmet",
            high="high_need",
            said="said",
            across="hours of outreach in the year" if in_full else "outreach cases open",
            up="suspensions above average in a year",
            none="no outreach" if in_full else "no case open now",
        ),
        rows,
        columns={"school_name": "School", **asked.reply_column, **_NUMBERS, "outreach_words": "Outreach"},
        title=sentences.quadrant(rows),
        source=asked.place.local,
        name="need-and-outreach",
        links="key",
        leads_to=address(to_a_school=True),
        publish=asked.again,
    )
    st.caption(
        "High need: much higher or higher than the average of its phase. No outreach: no case open and no contact made "
        "in the year. Scales are of square roots, so that small schools can be told apart."
    )


def few_schools(asked: Asked) -> None:
    """Show how few schools make up most of what there is to gain, or of suspensions."""
    of, said, what = _FEW[filters.view(tuple(_FEW), "of")]
    table = views.running(asked.rows, of)
    show.finding(
        share_curve(table[of], of=what),
        table,
        columns={
            "school_name": "School",
            **asked.reply_column,
            said: _NUMBERS.get(said, "Suspensions"),
            "how_high": "How high",
            "total": "Of all",
            "percent": "Running share, %",
        },
        title=sentences.few_schools(table, what, of),
        source=asked.source,
        name="few-schools",
        links="key",
        leads_to=address(to_a_school=True),
        publish=lambda: views.running(asked.again(), of),
    )
    if len(table) < len(asked.rows):
        st.caption(
            f"Of the {len(table)} schools whose figures can be shown; {len(asked.rows) - len(table)} are hidden."
        )


def on_map(asked: Asked) -> None:
    """Show where the schools are."""
    rows = views.on_map(asked.rows)
    if rows["easting"].isna().all():
        show.nothing("There is no map: no school here has an easting and a northing in the schools file.")
        return
    show.finding(
        school_map(
            rows,
            name="school_name",
            value="steadied_ratio",
            band="mapped",
            said="how_high",
            bands=views.MAPPED,
            unit="how they stand to the average of their phase",
        ),
        rows,
        columns={
            "school_name": "School",
            **asked.reply_column,
            "standing": "Standing",
            **_NUMBERS,
            "district": "District",
        },
        title=sentences.where(rows),
        source=asked.source,
        name="where-next-map",
        links="key",
        leads_to=address(to_a_school=True),
        publish=lambda: views.on_map(asked.again()),
    )
    st.caption("Larger points are larger schools. Places are those in the schools file.")


def what_chance_explains(asked: Asked) -> None:
    """Show which schools lie further from the average than chance explains: all of a phase, whatever else is chosen."""
    funnels(asked.place, asked.period, asked.filters["phase"], leads_to=address(to_a_school=True))
