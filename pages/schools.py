"""Every school: any measure and period, as a picture, on a map, and in a table to sort, filter and take away."""

from typing import Any

import pandas as pd
import streamlit as st

from access.roles import Permission
from analysis.every_school import figures, sentences
from analysis.every_school.figures import EverySchool, every_school
from analysis.measures import OUTREACH_COVERAGE, SUSPENSION_RATE
from charts.ranked_schools import ranked_schools
from charts.school_map import school_map
from charts.school_strips import school_strips
from charts.style import Chart
from ui import cached, filters, opening, show, text, who
from ui.opening import Place
from ui.show import Source

_EVERY_SCHOOL = {
    "school_name": "School",
    "phase_name": "Phase",
    "rate": "Rate",
    "count": "Count",
    "change": "Change of rate",
    "open_cases": "Outreach cases open",
    "headcount": "Pupils on roll",
    "note": "Note",
    "district": "District",
    "trust_name": "Trust",
    "out_of": "Out of",
}
_IN_NEED = {
    "school_name": "School",
    "band": "Outreach",
    "suspension_rate": "Suspensions per 100 pupils",
    "suspensions": "Suspensions",
    "pupils": "Pupils on roll",
    "note": "Note",
    "open_cases": "Outreach cases open",
    "phase_name": "Phase",
    "district": "District",
}


def schools() -> None:
    """Draw the page."""
    who.require(Permission.SCHOOLS)
    st.title("Schools", anchor=False)
    place = opening.place()
    if place is None:
        return
    asked = _asked(place)
    found = cached.counted(every_school, **asked)
    source = place.source(found.rows["source"])
    _picture(found, asked, source)
    if found.measure is OUTREACH_COVERAGE:
        _in_need(found, asked, source)
        _map(found, asked, source)
        return
    _map(found, asked, source)
    _table(found, asked, source)


def _asked(place: Place) -> dict[str, Any]:
    """What the user wants to see, as `every_school` asks for it."""
    columns = [*st.columns(3), *st.columns(3)]
    with columns[0]:
        measure = filters.measure()
    with columns[1]:
        period = filters.period(place.periods)
    with columns[2]:
        phase = filters.phase()
    with columns[3]:
        district = filters.one_of(
            "District", cached.counted(figures.districts, la=place.la), "district", "All districts"
        )
    with columns[4]:
        trust = filters.one_of("Trust", cached.counted(figures.trusts, la=place.la), "trust", "All trusts and none")
    asked = {"la": place.la, "measure": measure.id, "period": period, "phase": phase}
    return asked | {"district": district, "trust": trust}


def _picture(found: EverySchool, asked: dict[str, Any], source: Source) -> None:
    phase = asked["phase"]
    title = sentences.picture(found, phase)
    drawn = figures.drawn(found, phase)
    if drawn.empty or found.measure is OUTREACH_COVERAGE:
        st.header(text.plain(title), anchor=False)
        return
    show.finding(
        _strips(drawn, found) if phase is None else _ranked(drawn, found),
        drawn,
        columns=_columns(found),
        title=title,
        source=source,
        name="schools-picture",
        links="key",
        publish=lambda: figures.drawn(cached.counted(every_school, **asked), phase),
    )
    st.caption(text.plain(sentences.small(found.measure)))
    show.notes(found.notes)


def _strips(drawn: pd.DataFrame, found: EverySchool) -> Chart:
    return school_strips(
        drawn,
        name="school_name",
        value="rate",
        said="said",
        phase="phase_name",
        small="small",
        unit=found.measure.unit,
        withheld="withheld",
    )


def _ranked(drawn: pd.DataFrame, found: EverySchool) -> Chart:
    return ranked_schools(
        drawn,
        name="school_name",
        value="rate",
        count="count",
        out_of="out_of",
        small="small",
        unit=f"{found.measure.unit} (in brackets: count / out of)",
    )


def _map(found: EverySchool, asked: dict[str, Any], source: Source) -> None:
    if found.rows["easting"].isna().all():
        show.nothing("There is no map: no school here has an easting and a northing in the schools file.")
        return
    show.finding(
        school_map(
            found.rows,
            name="school_name",
            value="rate",
            band="band",
            said="said",
            bands=found.bands,
            unit="outreach" if found.measure is OUTREACH_COVERAGE else found.measure.unit,
        ),
        found.rows,
        columns={"school_name": "School", "band": "Standing"} | _columns(found) | {"district": "District"},
        title=sentences.where(found),
        source=source,
        name="schools-map",
        links="key",
        publish=lambda: cached.counted(every_school, **asked).rows,
    )
    st.caption(
        f"Larger points are larger schools; the largest marked “{found.bands[0]}” are named where there is room. "
        "Places are those in the schools file."
    )


def _in_need(found: EverySchool, asked: dict[str, Any], source: Source) -> None:
    def in_need() -> pd.DataFrame:
        suspensions = cached.counted(every_school, **asked | {"measure": SUSPENSION_RATE.id})
        return figures.in_need(cached.counted(every_school, **asked), suspensions)

    show.table(
        in_need(),
        columns=_IN_NEED,
        caption=f"Schools with the highest suspension rates of their phase in {found.period.label}: those without "
        "outreach first",
        source=source,
        name="highest-rate-schools",
        links="key",
        publish=in_need,
    )


def _table(found: EverySchool, asked: dict[str, Any], source: Source) -> None:
    st.header("Every school", anchor=False)
    st.write(
        text.plain(f"Rate: {found.measure.unit}. Click a heading to sort; search at the table’s top right corner.")
    )
    show.sortable(
        found.rows,
        columns=_EVERY_SCHOOL
        | {
            "count_before": f"Count in {found.before.period.label}",
            "out_of_before": f"Out of in {found.before.period.label}",
            "rate_before": f"Rate in {found.before.period.label}",
            "note_before": f"Note on {found.before.period.label}",
        },
        caption=f"{found.measure.name} of every school in {found.period.label}",
        source=source,
        name="schools",
        links="key",
        publish=lambda: cached.counted(every_school, **asked).rows,
    )


def _columns(found: EverySchool) -> show.Columns:
    measure = found.measure
    if measure is OUTREACH_COVERAGE:
        return {"phase_name": "Phase", "open_cases": "Outreach cases open", "headcount": "Pupils on roll"}
    out_of = {} if measure.out_of is SUSPENSION_RATE.out_of else {"out_of": "Out of"}
    return {
        "school_name": "School",
        "phase_name": "Phase",
        "rate": measure.unit[:1].upper() + measure.unit[1:],
        "count": "Count",
        **out_of,
        "headcount": "Pupils on roll",
        "note": "Note",
    }
