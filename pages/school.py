"""One school: everything that is known of it, beside its phase. The address `?school=` names it."""

from dataclasses import dataclass

import pandas as pd
import streamlit as st

from access.roles import Permission
from analysis import choices, school_context, school_profile
from analysis import school_sentences as sentences
from analysis import school_views as views
from analysis.overview_views import PHASES, STATUSES, with_tier_names
from charts.bar import bar
from charts.column_by_phase import column_by_phase
from charts.line_over_terms import line_over_terms
from charts.stacked_status import stacked_status
from data_model.terms import Period
from ui import cached, filters, opening, show, text, who
from ui.opening import Place
from ui.show import Source

_OVER_TIME = {
    "label": "Period",
    "count": "Count",
    "out_of": "Out of",
    "rate": "Rate",
    "phase_rate": "Its phase",
    "note": "Note",
    "series": "Source",
    "source": "Kind",
}
_SHARES = {"share": "%", "phase_share": "% in its phase"}
_REPEATS = {
    "band": "Times suspended",
    "pupils": "Pupils",
    "suspensions": "Suspensions",
    "share_of_suspensions": "% of suspensions",
    "phase_share": "% in its phase",
}
_OUTREACH = {
    "label": "Term",
    "referrals": "Referrals",
    "cases_started": "Cases started",
    "cases_open": "Cases open at the end",
    "cases_closed": "Cases closed",
    "contacts": "Contacts",
    "hours": "Hours",
}
_NEEDS = ("sen_provision", "special educational needs", ("K", "E"), "Pupils with SEN support or a plan")
_MEALS = ("fsm6", "free school meals", ("Y",), "Pupils eligible for free school meals in the last six years")


@dataclass(frozen=True)
class Subject:
    """The school that the page is about: its URN (or LAESTAB where none is known), name, phase in words, and LA."""

    key: int
    name: str
    phase: str
    place: Place


def school() -> None:
    """Draw the page of the school that the address names, or ask for one."""
    who.require(Permission.SCHOOL)
    heading = st.empty()
    heading.title("School", anchor=False)
    schools = cached.counted(choices.schools)
    if schools.empty:
        opening.place()
        return
    key = filters.school(schools)
    if key is None:
        st.write("Choose a school to see its figures beside those of its phase.")
        return
    row = schools.set_index("key").loc[key]
    heading.title(text.plain(row["school_name"]), anchor=False)
    place = opening.place(int(row["la_code"]))
    if place is None:
        return
    subject = Subject(int(key), row["school_name"], PHASES[row["phase"]], place)
    st.write(text.plain(_context(schools, row, subject.key)))
    with st.columns(3)[0]:
        period = filters.period(place.periods)
    _tiles(subject, period)
    _over_time(subject)
    if row["registered"]:
        _own_records(subject, period)
    else:
        show.nothing("Nothing else is known of this school: the authority’s own records of it are not loaded.")


def _own_records(subject: Subject, period: Period) -> None:
    _suspended(subject, period)
    left, right = st.columns(2, gap="large")
    with left:
        _exclusions(subject)
    with right:
        _placements(subject, period)
    _outreach(subject)
    _sent(subject)
    _reconciled(subject)


def _context(schools: pd.DataFrame, row: pd.Series, key: int) -> str:
    if row["registered"]:
        return cached.counted(school_context.context, urn=key)
    return school_context.published_context(schools, key)


def _tiles(subject: Subject, period: Period) -> None:
    tiles = cached.counted(views.tiles, key=subject.key, period=period)
    st.header(f"{period.label}, beside all {subject.phase.lower()} schools", anchor=False)
    columns = [*st.columns(3), *st.columns(3)]
    for column, (_, tile) in zip(columns, tiles.iterrows(), strict=True):
        number, change, against = sentences.tile(tile)
        with column:
            show.metric(tile["label"], number, change=change, against=against)


def _over_time(subject: Subject) -> None:
    left, middle, _ = st.columns(3)
    with left:
        measure = filters.measure()
    with middle:
        by_term = filters.by_term()
    table = cached.counted(views.over_time, key=subject.key, by_term=by_term, measure=measure.id)
    lines = views.lines(table, subject.name, subject.phase)
    title = sentences.over_time(table, measure)
    if lines["rate"].notna().any():
        show.finding(
            line_over_terms(lines, period="period", value="rate", series="line", unit=measure.unit),
            table,
            columns=_OVER_TIME,
            title=title,
            source=subject.place.source(table["source"]),
            name="school-over-time",
        )
    else:
        show.nothing(title)
    if st.toggle("Show every measure as a table"):
        _every_measure(subject, by_term)


def _every_measure(subject: Subject, by_term: bool) -> None:
    table = views.every_measure(cached.counted(views.over_time, key=subject.key, by_term=by_term))
    show.table(
        table,
        columns={"measure": "Measure"} | _OVER_TIME,
        caption=f"Every measure of {subject.name} by {'term' if by_term else 'year'}",
        source=subject.place.source(table["source"]),
        name="school-every-measure",
    )


def _suspended(subject: Subject, period: Period) -> None:
    bands = cached.counted(school_profile.repeat_bands, urn=subject.key, period=period)
    few = sentences.too_few(bands["suspensions"].sum(), period)
    if few:
        show.nothing(few)
        return
    _repeats(subject, bands)
    left, right = st.columns(2, gap="large")
    with left:
        _year_groups(subject, period)
    with right:
        _reasons(subject, period)
    left, right = st.columns(2, gap="large")
    with left:
        _pupils_with(subject, period, *_NEEDS)
    with right:
        _pupils_with(subject, period, *_MEALS)


def _repeats(subject: Subject, bands: pd.DataFrame) -> None:
    parts = views.beside_phase(bands, "band", "share_of_suspensions", subject.name, subject.phase)
    show.finding(
        column_by_phase(
            parts,
            phase="label",
            value="percent",
            unit="% of suspensions, by how often their pupil was suspended",
            series="who",
        ),
        views.in_percent(bands),
        columns=_REPEATS,
        title=sentences.repeats(bands),
        source=subject.place.local,
        name="school-repeats",
    )


def _reasons(subject: Subject, period: Period) -> None:
    table = cached.counted(school_profile.reasons, urn=subject.key, period=period)
    shares = views.in_percent(table)
    show.finding(
        bar(views.recorded(shares), label="group", value="share", unit="% of the reasons recorded", most=10),
        shares,
        columns={"group": "Reason", "reasons": "Times recorded"} | _SHARES,
        title=sentences.most_of(table, "group", "reasons", "reasons recorded"),
        source=subject.place.local,
        name="school-reasons",
    )
    st.caption(school_profile.REASONS_NOTE)


def _year_groups(subject: Subject, period: Period) -> None:
    table = cached.counted(school_profile.breakdown, urn=subject.key, period=period, column="ncyg")
    title = sentences.most_of(table, "label", "suspensions", "suspensions")
    _breakdown(subject, table, "year group", title, "school-by-year-group")


def _pupils_with(subject: Subject, period: Period, column: str, what: str, values: tuple[str, ...], whom: str) -> None:
    table = cached.counted(school_profile.breakdown, urn=subject.key, period=period, column=column)
    _breakdown(subject, table, what, sentences.of_those(table, values, whom), f"school-by-{column}")


def _breakdown(subject: Subject, table: pd.DataFrame, what: str, title: str, name: str) -> None:
    show.finding(
        column_by_phase(
            views.beside_phase(table, "label", "share", subject.name, subject.phase),
            phase="label",
            value="percent",
            unit=f"% of suspensions by {what}",
            series="who",
        ),
        views.in_percent(table),
        columns={"label": what.capitalize(), "suspensions": "Suspensions", "pupils": "Pupils"} | _SHARES,
        title=title,
        source=subject.place.local,
        name=name,
    )


def _exclusions(subject: Subject) -> None:
    table = cached.counted(views.exclusions, urn=subject.key)
    if table.empty:
        show.nothing(sentences.exclusions(table))
        return
    show.finding(
        stacked_status(
            table,
            category="year",
            status="status",
            count="count",
            statuses=list(STATUSES.values()),
            unit="permanent exclusions that the head decided on",
        ),
        table,
        columns={"year": "Year", "status": "Where it stands", "count": "Permanent exclusions"},
        title=sentences.exclusions(table),
        source=subject.place.local,
        name="school-exclusions",
    )


def _placements(subject: Subject, period: Period) -> None:
    table = cached.counted(school_profile.placements, urn=subject.key, period=period)
    ends = cached.counted(school_profile.placement_ends, urn=subject.key, period=period)
    if table.empty:
        show.nothing(sentences.placements(table, period))
        return
    st.header(text.plain(sentences.placements(table, period)), anchor=False)
    show.table(
        with_tier_names(table),
        columns={"tier": "Tier", "open": "Open", "started": "Started", "ended": "Ended"},
        caption=f"Alternative provision placements from this school, {period.label}",
        source=subject.place.local,
        name="school-placements",
    )
    if len(ends):
        show.table(
            ends,
            columns={"label": "How they ended", "placements": "Placements"},
            caption=f"How placements ended in {period.label}",
            source=subject.place.local,
            name="school-placement-ends",
        )


def _outreach(subject: Subject) -> None:
    table = cached.counted(views.outreach_by_term, urn=subject.key)
    title = sentences.outreach(table)
    if table.empty or not table["contacts"].any():
        show.nothing(title)
        return
    show.finding(
        line_over_terms(
            table.assign(line="Contacts"), period="period", value="contacts", series="line", unit="contacts"
        ),
        table,
        columns=_OUTREACH,
        title=title,
        source=subject.place.local,
        name="school-outreach",
    )


def _sent(subject: Subject) -> None:
    every = cached.counted(views.sent, la=subject.place.la)
    own = every[every["urn"].eq(subject.key)]
    if own.empty:
        show.nothing(sentences.sent(own))
        return
    table = views.sent_by_dataset(own)
    st.header(text.plain(sentences.sent(own)), anchor=False)
    show.table(
        table,
        columns={"dataset": "Dataset"} | {label: label for label in own["label"].unique()},
        caption="What this school sent. “Nothing” is not sent, or nothing to send",
        source=subject.place.local,
        name="school-sent",
    )


def _reconciled(subject: Subject) -> None:
    table = cached.counted(views.reconciled, urn=subject.key)
    if table.empty:
        show.nothing(sentences.reconciled(table))
        return
    st.header(text.plain(sentences.reconciled(table)), anchor=False)
    show.table(
        table,
        columns={
            "label": "Period",
            "measure": "Counted",
            "local": "Notified to the authority",
            "published": "Published by DfE",
            "difference": "Difference",
        },
        caption="Notified and published figures side by side",
        source=Source("Notified to the authority; DfE, as published", subject.place.now),
        name="school-reconciled",
    )
