"""Who is suspended at the school, how often and for what, beside its phase."""

import pandas as pd
import streamlit as st

from analysis import school_profile
from analysis import school_sentences as sentences
from analysis import school_views as views
from charts.bar import bar
from charts.column_by_phase import column_by_phase
from data_model.terms import Period
from ui import cached, show
from ui.one_school.subject import Subject

_SHARES = {"share": "%", "phase_share": "% in its phase"}
_REPEATS = {
    "band": "Times suspended",
    "pupils": "Pupils",
    "suspensions": "Suspensions",
    "share_of_suspensions": "% of suspensions",
    "phase_share": "% in its phase",
}
_NEEDS = ("sen_provision", "special educational needs", ("K", "E"), "Pupils with SEN support or a plan")
_MEALS = ("fsm6", "free school meals", ("Y",), "Pupils eligible for free school meals in the last six years")


def suspended(subject: Subject, period: Period) -> None:
    """Show who was suspended in a period; where they are too few to say, say so."""
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
