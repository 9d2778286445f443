"""The LA leader's page: how many, where, compared with what, and whether outreach is there."""

import pandas as pd
import streamlit as st

from access.roles import Permission
from analysis import beside_others as others
from analysis import breaks, queries
from analysis.comparators import comparators
from analysis.denominators import HEADLINE
from analysis.measures import OUTREACH_COVERAGE, SUSPENSION_RATE
from analysis.one_school.profile import REASONS_NOTE
from analysis.over_the_terms import over_the_terms
from analysis.over_time import over_time
from analysis.overview import figures, sentences, views
from analysis.what_for import sentences as what_for
from analysis.what_for.reasons import reasons
from analysis.what_for.year_groups import year_groups
from analysis.year_before import YearBefore, year_before
from charts.bar import bar
from charts.column_by_phase import column_by_phase
from charts.control_chart import control_chart
from charts.line_over_terms import line_over_terms
from charts.ranges import ranges
from charts.share_curve import share_curve
from charts.stacked_status import stacked_status
from data_model.terms import Period
from ui import cached, filters, opening, show, text, who
from ui.opening import Place
from ui.show import Source

_BY_PHASE = {
    "phase": "Phase",
    "count": "Suspensions",
    "count_before": "A year before",
    "out_of": "Pupils on roll",
    "out_of_before": "Pupils a year before",
    "rate": "Per 100 pupils",
    "rate_before": "Per 100 a year before",
    "note": "Note",
}
_FEW_SCHOOLS = {"school_name": "School", "count": "Suspensions", "total": "Of all", "percent": "Running share, %"}
_OVER_TIME = {
    "label": "Period",
    "series": "Source",
    "count": "Suspensions",
    "out_of": "Pupils on roll",
    "rate": "Per 100 pupils",
    "source": "Kind",
}
_TERMS = {
    "label": "Term",
    "rate": "Per 100 pupils",
    "usual": "Average",
    "usual_range": "Usual",
    "standing": "What that is",
    "note": "Note",
    "count": "Suspensions",
    "out_of": "Pupils on roll",
}
_LATEST_TERMS = {
    "label": "Term",
    "said": "Per 100 pupils (count / pupils)",
    "usual_range": "Usual",
    "standing": "What that is",
    "note": "Note",
}
_OTHERS = {
    "area": "Area",
    "period": "Period",
    "rate": "Per 100 pupils",
    "count": "Suspensions",
    "out_of": "Pupils on roll",
    "note": "Note",
    "source": "Source",
}
_EXCLUSIONS = {"phase": "Phase", "decided": "Decided"} | {str(s): label for s, label in views.STATUSES.items()}
_PLACEMENTS = {"tier": "Tier", "open": "Open", "started": "Started in the period"}
_COVERAGE = {"phase": "Phase", "count": "Had outreach", "out_of": "Highest-rate schools", "rate": "%"}

_REASONS = {
    "group": "Group of reasons",
    "reasons": "Reasons",
    "own_of": "Of all reasons",
    "share_words": "% of reasons (range)",
}
_YEAR_GROUPS = {
    "label": "Year group",
    "suspensions": "Suspensions",
    "on_roll": "Pupils on roll in January",
    "rate_words": "Per 100 pupils (range)",
}


def overview() -> None:
    """Draw the page."""
    who.require(Permission.OVERVIEW)
    st.title("Overview", anchor=False)
    place = opening.place()
    if place is None:
        return
    with st.columns(3)[0]:
        period = filters.period(place.periods)
    before = cached.counted(year_before, la=place.la, period=period)
    found = cached.counted(figures.headlines, la=place.la, period=period)
    source = place.source(found.rows["source"])
    _headlines(place, period, before, found)
    left, right = st.columns(2, gap="large")
    with left:
        _by_phase(place, period, before, source)
    with right:
        _over_time(place)
    if place.has_terms:
        _over_the_terms(place)
    if place.now:
        _what_for(place, Period(period.year))
    left, right = st.columns(2, gap="large")
    with left:
        _share(place, period, source)
    with right:
        _few_schools(place, period, source)
    left, right = st.columns(2, gap="large")
    with left:
        _beside_others(place, period)
    with right:
        _exclusions(place, period)
    left, right = st.columns(2, gap="large")
    with left:
        _placements(place, period, found)
    with right:
        _coverage(place, period)


def _headlines(place: Place, period: Period, before: YearBefore, found: figures.Headlines) -> None:
    tiles = views.tiles(found)
    st.header(text.plain(sentences.first(tiles, period, before)), anchor=False)
    _in_short(place, period)
    columns = [*st.columns(3), *st.columns(3)]
    for column, tile in zip(columns, tiles.itertuples(), strict=True):
        number, change, against = sentences.tile(tile.count, tile.count_before, before, tile.hidden)
        with column:
            show.metric(tile.label, number, change=change, against=against)
    heard = cached.counted(views.schools_heard_from, la=place.la, period=period)
    st.write(text.plain(sentences.heard_from(heard, period)))
    show.notes([sentences.how_compared(before), *found.notes])


def _in_short(place: Place, period: Period) -> None:
    """The page's answers before its pictures: concentrated or not, compared with England, and is outreach there."""
    beside, _ = _fairly_beside(place, period)
    said = (
        cached.counted(figures.share_curve, la=place.la, period=period).sentence,
        beside.sentence,
        sentences.coverage(cached.counted(views.coverage, la=place.la, period=period), period),
    )
    st.markdown("\n".join(f"* {text.plain(sentence)}" for sentence in said))


def _by_phase(place: Place, period: Period, before: YearBefore, source: Source) -> None:
    def asked() -> pd.DataFrame:
        return views.by_phase(cached.counted(figures.headlines, la=place.la, period=period), SUSPENSION_RATE.id)

    table = asked()
    parts = views.now_and_before(table, *sentences.two_series(period, before))
    show.finding(
        column_by_phase(parts, phase="phase", value="count", unit="suspensions", series="when"),
        table,
        columns=_BY_PHASE,
        title=sentences.by_phase(table),
        source=source,
        name="suspensions-by-phase",
        publish=asked,
    )
    st.caption("Totals are of primary, secondary and special schools. Alternative provision is counted apart.")


def _over_time(place: Place) -> None:
    def asked() -> pd.DataFrame:
        return cached.counted(over_time, la=place.la, measure=SUSPENSION_RATE.id, by_term=place.has_terms)

    table = asked()
    whole = views.whole(table)
    cut = breaks.breaks(whole["period"])
    show.finding(
        line_over_terms(
            whole,
            period="period",
            value="rate",
            series="series",
            unit=SUSPENSION_RATE.unit,
            breaks=cut,
        ),
        table,
        columns=_OVER_TIME,
        title=sentences.over_time(table, SUSPENSION_RATE.id),
        source=place.source(table["source"]),
        name="suspensions-over-time",
        publish=asked,
    )
    show.captions(breaks.notes(cut))


def _over_the_terms(place: Place) -> None:
    st.header("Over the terms", anchor=False)
    left, right = st.columns(2, gap="large")
    with left:
        phase = filters.phase()
        found = cached.counted(over_the_terms, la=place.la, phase=phase)
    if found.rows.empty:
        show.nothing(found.sentence)
        return

    def asked() -> pd.DataFrame:
        return cached.counted(over_the_terms, la=place.la, phase=phase).rows

    with left:
        show.finding(
            control_chart(
                found.rows,
                period="period",
                value="rate",
                usual="usual",
                low="low",
                high="high",
                flagged="flagged",
                small="small",
                unit=SUSPENSION_RATE.unit,
            ),
            found.rows,
            columns=_TERMS,
            title=found.sentence,
            source=place.source(found.rows["source"]),
            name="over-the-terms",
            publish=asked,
        )
        show.notes(found.notes)
    with right:
        show.table(
            found.rows.tail(6),
            columns=_LATEST_TERMS,
            caption="The latest terms beside what is usual for a term of that season",
            source=place.source(found.rows["source"]),
            name="latest-terms",
            publish=lambda: asked().tail(6),
        )


def _what_for(place: Place, year: Period) -> None:
    st.header(text.plain(f"What for, and who: {year.label}"), anchor=False)
    with st.columns(3)[0]:
        phase = filters.labelled_or_all("Schools of the phase", HEADLINE, "what_for", "All three phases")
    left, right = st.columns(2, gap="large")
    with left:
        _reasons(place, year, phase)
    with right:
        _year_groups(place, year, phase)
    st.caption(what_for.RANGES)


def _reasons(place: Place, year: Period, phase: str | None) -> None:
    def asked() -> pd.DataFrame:
        return cached.counted(reasons, la=place.la, year=year, phase=phase)

    table = asked()
    title = what_for.of_reasons(table, year)
    if table.empty:
        show.nothing(title)
        return
    show.finding(
        ranges(table, label="group", value="share", low="low", high="high", unit="% of reasons recorded (line: range)"),
        table,
        columns=_REASONS,
        title=title,
        source=place.local,
        name="reasons",
        publish=asked,
    )
    st.caption(REASONS_NOTE)


def _year_groups(place: Place, year: Period, phase: str | None) -> None:
    def asked() -> pd.DataFrame:
        return year_groups(cached.records(), cached.answer(queries.year_groups), place.la, year, phase)

    table = asked()
    title = what_for.of_year_groups(table, year)
    if table.empty:
        show.nothing(title)
        return
    unit = "suspensions per 100 pupils of the year group (line: range)"
    show.finding(
        ranges(table, label="label", value="rate", low="low", high="high", unit=unit, decimals=1),
        table,
        columns=_YEAR_GROUPS,
        title=title,
        source=place.local,
        name="year-groups",
        publish=asked,
    )


def _share(place: Place, period: Period, source: Source) -> None:
    curve = cached.counted(figures.share_curve, la=place.la, period=period)

    def asked() -> pd.DataFrame:
        most = len(cached.counted(figures.share_curve, la=place.la, period=period).rows)
        return cached.counted(views.few_schools, la=place.la, period=period, most=most)

    show.finding(
        share_curve(curve.rows["count"], of="suspensions", total=curve.total, schools=curve.schools),
        asked(),
        columns=_FEW_SCHOOLS,
        title=curve.sentence,
        source=source,
        name="share-of-suspensions",
        publish=asked,
        links="key",
    )


def _few_schools(place: Place, period: Period, source: Source) -> None:
    st.header("Which schools these are", anchor=False)

    def asked() -> pd.DataFrame:
        return cached.counted(views.few_schools, la=place.la, period=period, most=10)

    show.table(
        asked(),
        columns=_FEW_SCHOOLS,
        caption=f"The ten schools with the most suspensions in {period.label}",
        source=source,
        name="schools-with-most-suspensions",
        publish=asked,
        links="key",
    )
    show.link("Every school, with its rate and outreach", "schools", period=period.label)


def _beside_others(place: Place, period: Period) -> None:
    found, by_year = _fairly_beside(place, period)
    show.finding(
        bar(found.rows, label="name", value="rate", unit=SUSPENSION_RATE.unit, focus=found.own),
        found.rows,
        columns=_OTHERS,
        title=found.sentence,
        source=Source(found.sources),
        name="beside-others",
        publish=lambda: _fairly_beside(place, period)[0].rows,
    )
    if by_year and period.term:
        st.caption(f"Whole years: {period.term.label.lower()} terms are not published for England or other areas here.")


def _fairly_beside(place: Place, period: Period) -> tuple[others.BesideOthers, bool]:
    """The authority beside others for the period, and False; for its whole year, and True, if no term is published."""
    fair = cached.counted(others.fair_period, la=place.la, period=period)
    found = _beside(place, fair)
    if fair.term is None or not found.others_are_missing:
        return found, False
    return _beside(place, cached.counted(others.whole_year, la=place.la, period=period)), True


def _beside(place: Place, period: Period) -> others.BesideOthers:
    asked = {"la": place.la, "measure": SUSPENSION_RATE.id, "period": period}
    own, rest = cached.counted(others.own_figures, **asked), cached.answer(comparators, **asked)
    return others.beside_others(own, rest, SUSPENSION_RATE.id, period)


def _exclusions(place: Place, period: Period) -> None:
    def asked() -> pd.DataFrame:
        return views.with_phase_names(cached.counted(figures.exclusions_by_status, la=place.la, period=period))

    table = cached.counted(figures.exclusions_by_status, la=place.la, period=period)
    title = sentences.exclusions(table, period)
    if table.empty:
        show.nothing(title)
        return
    show.finding(
        stacked_status(
            views.exclusion_parts(table),
            category="phase",
            status="status",
            count="count",
            statuses=list(views.STATUSES.values()),
            unit="permanent exclusions that heads decided on",
        ),
        asked(),
        columns=_EXCLUSIONS,
        title=title,
        source=place.local,
        name="permanent-exclusions",
        publish=asked,
    )


def _placements(place: Place, period: Period, found: figures.Headlines) -> None:
    def asked() -> pd.DataFrame:
        return views.with_tier_names(cached.counted(figures.placements_by_tier, la=place.la, period=period))

    table = cached.counted(figures.placements_by_tier, la=place.la, period=period)
    title = sentences.placements(table, views.tiles(found), place.now, period)
    if table.empty:
        show.nothing(title)
        return
    show.finding(
        column_by_phase(views.placement_parts(table), phase="tier", value="count", unit="placements", series="what"),
        asked(),
        columns=_PLACEMENTS,
        title=title,
        source=place.source(["local"]),
        name="placements-by-tier",
        publish=asked,
    )


def _coverage(place: Place, period: Period) -> None:
    def asked() -> pd.DataFrame:
        return cached.counted(views.coverage, la=place.la, period=period)

    table = asked()
    title = sentences.coverage(table, period)
    if table.empty:
        show.nothing(title)
        return
    show.finding(
        stacked_status(
            views.coverage_parts(table),
            category="phase",
            status="reached",
            count="schools",
            statuses=list(views.REACHED),
            unit="schools in the highest fifth of their phase",
        ),
        table,
        columns=_COVERAGE,
        title=title,
        source=place.source(["local"]),
        name="outreach-coverage",
        publish=asked,
    )
    st.caption(sentences.OUTREACH_ELSEWHERE)
    show.link("Which of them had no outreach", "schools", period=period.label, measure=OUTREACH_COVERAGE.name)
