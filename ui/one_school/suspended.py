"""Who is suspended at the school, how often and for what, beside its phase."""

import pandas as pd
import streamlit as st

from analysis.one_school import profile as school_profile
from analysis.one_school import sentences, views
from charts.bar import bar
from charts.column_by_phase import column_by_phase
from data_model.terms import Period
from ui import cached, show, text
from ui.one_school.subject import Subject

_SHARES = {"own_of": "Of all", "share": "%", "phase_share": "% in its phase", "phase_of": "Of all in its phase"}
_REPEATS = {
    "band": "Times suspended",
    "pupils": "Pupils",
    "suspensions": "Suspensions",
    "own_of": "Of all",
    "share_of_suspensions": "% of suspensions",
    "phase_share": "% in its phase",
    "phase_of": "Of all in its phase",
}
_NEEDS = ("sen_provision", "special educational needs", ("K", "E"), "Pupils with SEN support or a plan")
_MEALS = ("fsm6", "free school meals", ("Y",), "Pupils eligible for free school meals in the last six years")


def suspended(subject: Subject, period: Period) -> None:
    """Show who was suspended in a period; where they are too few to say, say so."""
    if cached.hides_small_numbers():
        _of_year(subject, Period(period.year))
        return
    bands = cached.counted(school_profile.repeat_bands, urn=subject.key, period=period)
    few = sentences.too_few(bands["suspensions"].sum(), period)
    if few:
        show.nothing(few)
        return
    _repeats(subject, bands)
    _who_and_why(subject, period)


def _of_year(subject: Subject, year: Period) -> None:
    """What can be shown where small numbers are hidden: whole years, since terms would give each other away."""
    groups = cached.counted(school_profile.breakdown, urn=subject.key, period=year, column="ncyg")
    if groups["suspensions"].fillna(0).sum() == 0:
        show.nothing(sentences.none_or_too_few(groups, year))
        return
    st.caption(text.plain(sentences.whole_year(year)))
    _who_and_why(subject, year)


def _who_and_why(subject: Subject, period: Period) -> None:
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
    def asked() -> pd.DataFrame:
        return views.in_percent(cached.counted(school_profile.reasons, urn=subject.key, period=period))

    table = cached.counted(school_profile.reasons, urn=subject.key, period=period)
    shares = asked()
    show.finding(
        bar(views.recorded(shares), label="group", value="share", unit="% of the reasons recorded", most=10),
        shares,
        columns={"group": "Reason", "reasons": "Times recorded"} | _SHARES,
        title=sentences.most_of(table, "group", "reasons", "reasons recorded"),
        source=subject.place.local,
        name="school-reasons",
        publish=asked,
    )
    st.caption(school_profile.REASONS_NOTE)


def _year_groups(subject: Subject, period: Period) -> None:
    table = cached.counted(school_profile.breakdown, urn=subject.key, period=period, column="ncyg")
    title = sentences.most_of(table, "label", "suspensions", "suspensions")
    _breakdown(subject, period, "ncyg", table, "year group", title, "school-by-year-group")


def _pupils_with(subject: Subject, period: Period, column: str, what: str, values: tuple[str, ...], whom: str) -> None:
    table = cached.counted(school_profile.breakdown, urn=subject.key, period=period, column=column)
    _breakdown(subject, period, column, table, what, sentences.of_those(table, values, whom), f"school-by-{column}")


def _breakdown(
    subject: Subject, period: Period, column: str, table: pd.DataFrame, what: str, title: str, name: str
) -> None:
    def asked() -> pd.DataFrame:
        found = cached.counted(school_profile.breakdown, urn=subject.key, period=period, column=column)
        return views.in_percent(found)

    show.finding(
        column_by_phase(
            views.beside_phase(table, "label", "share", subject.name, subject.phase),
            phase="label",
            value="percent",
            unit=f"% of suspensions by {what}",
            series="who",
        ),
        asked(),
        columns={"label": what.capitalize(), "suspensions": "Suspensions", "pupils": "Pupils"} | _SHARES,
        title=title,
        source=subject.place.local,
        name=name,
        publish=asked,
    )
