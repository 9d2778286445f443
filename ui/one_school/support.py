"""What became of the children: permanent exclusions, alternative provision and outreach."""

import pandas as pd
import streamlit as st

from analysis.one_school import profile as school_profile
from analysis.one_school import sentences, views
from analysis.overview.views import STATUSES, with_tier_names
from charts.line_over_terms import line_over_terms
from charts.stacked_status import stacked_status
from data_model.terms import Period
from ui import cached, show, text
from ui.one_school.subject import Subject

_OUTREACH = {
    "label": "Term",
    "referrals": "Referrals",
    "cases_started": "Cases started",
    "cases_open": "Cases open at the end",
    "cases_closed": "Cases closed",
    "contacts": "Contacts",
    "hours": "Hours",
}


def exclusions(subject: Subject) -> None:
    """Show the permanent exclusions by year and where they stand."""
    table = cached.counted(views.exclusions, urn=subject.key)
    if cached.hides_small_numbers():
        show.nothing(sentences.NOT_SPLIT)
        return
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


def placements(subject: Subject, period: Period) -> None:
    """Show how many pupils of the school are in alternative provision, and how placements ended."""

    def asked() -> pd.DataFrame:
        return with_tier_names(cached.counted(school_profile.placements, urn=subject.key, period=period))

    table = cached.counted(school_profile.placements, urn=subject.key, period=period)
    ends = cached.counted(school_profile.placement_ends, urn=subject.key, period=period)
    if table.empty:
        show.nothing(sentences.placements(table, period))
        return
    st.header(text.plain(sentences.placements(table, period)), anchor=False)
    show.table(
        asked(),
        columns={"tier": "Tier", "open": "Open", "started": "Started", "ended": "Ended"},
        caption=f"Alternative provision placements from this school, {period.label}",
        source=subject.place.source(["local"]),
        name="school-placements",
        publish=asked,
    )
    if len(ends):
        show.table(
            ends,
            columns={"label": "How they ended", "placements": "Placements"},
            caption=f"How placements ended in {period.label}",
            source=subject.place.source(["local"]),
            name="school-placement-ends",
        )


def outreach(subject: Subject) -> None:
    """Show what outreach did at the school, term by term."""

    def asked() -> pd.DataFrame:
        return cached.counted(views.outreach_by_term, urn=subject.key)

    table = asked()
    title = sentences.outreach(table)
    if cached.hides_small_numbers() and not table.empty:
        _cases_open(subject, table, title)
        return
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
        source=subject.place.source(["local"]),
        name="school-outreach",
        publish=asked,
    )


def _cases_open(subject: Subject, table: pd.DataFrame, title: str) -> None:
    st.header(text.plain(title), anchor=False)
    show.table(
        table,
        columns={"label": "Term", "cases_open": "Cases open at the end"},
        caption="Outreach cases at this school",
        source=subject.place.local,
        name="school-outreach",
    )
