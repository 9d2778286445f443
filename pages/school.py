"""One school: everything that is known of it, beside its phase. The address `?school=` names it."""

import pandas as pd
import streamlit as st

from access.roles import Permission
from analysis import choices
from analysis.one_school import context as school_context
from analysis.overview.views import PHASES
from data_model.terms import Period
from ui import cached, filters, opening, show, text, who
from ui.one_school import figures, files, support, suspended
from ui.one_school.subject import Subject
from ui.where_next import replies


def school() -> None:
    """Draw the page of the school that the address names, or ask for one."""
    who.require(Permission.SCHOOL)
    heading = st.empty()
    heading.title("School", anchor=False)
    schools = cached.counted(choices.schools)
    if schools.empty:
        opening.place()
        return
    left, right = st.columns([2, 1])
    with left:
        key = filters.school(schools)
    if key is None:
        st.write("Choose a school to see its figures beside those of its phase.")
        return
    row = schools.set_index("key").loc[key]
    heading.title(text.plain(row["school_name"]), anchor=False)
    place = opening.place(int(row["la_code"]))
    if place is None:
        return
    with right:
        period = filters.period(place.periods)
    if not who.may(Permission.SCHOOLS_UNSEEN_BY_HEADS):
        held_back = replies.not_before_panel(int(key), place.la, period)
        if held_back:
            show.nothing(held_back)
            return
    subject = Subject(int(key), row["school_name"], PHASES[row["phase"]], place)
    figures.tiles(subject, period)
    st.write(text.plain(_context(schools, row, subject.key)))
    figures.over_time(subject)
    if row["registered"]:
        _own_records(subject, period)
    else:
        show.nothing("Nothing else is known of this school: the authority’s own records of it are not loaded.")


def _own_records(subject: Subject, period: Period) -> None:
    reply = replies.of_school(subject.key, subject.place.la, period)
    if reply:
        st.markdown(f"**The head’s right of reply, {period.label}:** {text.plain(reply)}.")
    suspended.suspended(subject, period)
    left, right = st.columns(2, gap="large")
    with left:
        support.exclusions(subject)
    with right:
        support.placements(subject, period)
    support.outreach(subject)
    files.sent(subject)
    files.reconciled(subject)


def _context(schools: pd.DataFrame, row: pd.Series, key: int) -> str:
    if row["registered"]:
        return cached.counted(school_context.context, urn=key)
    return school_context.published_context(schools, key)
