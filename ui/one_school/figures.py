"""The school beside its phase: the figures of a period, and every measure over time."""

import pandas as pd
import streamlit as st

from analysis import breaks
from analysis.one_school import figures as school
from analysis.one_school import sentences, views
from charts.line_over_terms import line_over_terms
from data_model.terms import Period
from ui import cached, filters, show, text
from ui.one_school.subject import Subject

_OVER_TIME = {
    "label": "Period",
    "count": "Count",
    "out_of": "Out of",
    "rate": "Rate",
    "phase_count": "Its phase: count",
    "phase_out_of": "Its phase: out of",
    "phase_rate": "Its phase: rate",
    "note": "Note",
    "series": "Source",
    "source": "Kind",
}


def tiles(subject: Subject, period: Period) -> None:
    """Show the figures of a period beside those of the phase, and what is open now."""
    tiles = cached.counted(views.tiles, key=subject.key, period=period)
    st.header(text.plain(sentences.beside_phase(tiles, subject.phase, period)), anchor=False)
    columns = [*st.columns(3), *st.columns(3)]
    for column, (_, tile) in zip(columns, tiles.iterrows(), strict=True):
        number, against = sentences.tile(tile)
        with column:
            show.metric(tile["label"], number, against=against, explained=sentences.worked_out(tile))


def over_time(subject: Subject) -> None:
    """Show one measure over years or terms beside the phase, and on request all of them."""
    left, middle, _ = st.columns(3)
    with left:
        measure = filters.measure()
    with middle:
        by_term = filters.by_term()

    def asked() -> pd.DataFrame:
        return cached.counted(views.over_time, key=subject.key, by_term=by_term, measure=measure.id)

    table = asked()
    lines = views.lines(table, subject.name, subject.phase)
    title = sentences.over_time(table, measure)
    cut = breaks.breaks(lines["period"], cached.counted(school.became_academy, urn=subject.key))
    if lines["rate"].notna().any():
        show.finding(
            line_over_terms(
                lines, period="period", value="rate", series="line", unit=measure.unit, small="small", breaks=cut
            ),
            table,
            columns=_OVER_TIME,
            title=title,
            source=subject.place.source(table["source"]),
            name="school-over-time",
            publish=asked,
        )
        show.captions(breaks.notes(cut))
    else:
        show.nothing(title)
    if st.toggle("Show every measure as a table"):
        _every_measure(subject, by_term)


def _every_measure(subject: Subject, by_term: bool) -> None:
    def asked() -> pd.DataFrame:
        return views.every_measure(cached.counted(views.over_time, key=subject.key, by_term=by_term))

    table = asked()
    show.table(
        table,
        columns={"measure": "Measure"} | _OVER_TIME,
        caption=f"Every measure of {subject.name} by {'term' if by_term else 'year'}",
        source=subject.place.source(table["source"]),
        name="school-every-measure",
        publish=asked,
    )
