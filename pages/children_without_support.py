"""Children without support: whom facts point out and nobody supports, and what is decided of each."""

from datetime import date

import pandas as pd
import streamlit as st

from access.roles import Permission
from analysis.casework import queries, sentences, views
from analysis.casework.queries import Children
from analysis.casework.views import Chosen, Standing
from analysis.casework.without_support import Fact
from data_model.thresholds import Thresholds
from recording.support_decisions import support_decisions_of
from recording.thresholds import thresholds_in_force
from ui import cached, children, deciding_support, filters, opening, setting_thresholds, show, text, who
from ui.opening import Place

_LIST, _AVOIDING, _THRESHOLDS = "Without support", "Avoiding school", "Thresholds"
_WITHOUT = {
    "child": "Child",
    "school_name": "School",
    "decision_words": "Decision",
    "last_happened": "Happened last",
    "suspensions": "Suspensions",
    "days_lost": "Days lost",
    "considered_words": "Exclusion considered",
    "attendance_words": "Attendance",
    "beside": "Beside outreach",
    "last_case": "Last case ended",
}
_FACTS = {"fact": "Fact", "meaning": "What it means", "children": "Children"}
_AWAY = {
    "child": "Child",
    "school_name": "School",
    "decision_words": "Decision",
    "attendance_words": "Attended lately",
    "before_words": "Attended before",
    "support": "Support",
    "weeks_absent": "Weeks away altogether",
    "weeks_in_part": "Weeks in part",
    "absent": "Half days absent",
    "authorised": "Of these authorised",
    "suspended": "Half days suspended, left out",
}


def children_without_support() -> None:
    """Draw the page."""
    who.require(Permission.CHILDREN_WITHOUT_SUPPORT)
    st.title("Children without support", anchor=False)
    place = opening.place()
    if place is None:
        return
    if place.now is None:
        show.nothing("No records of single children are loaded: only published statistics.")
        return
    la = place.la
    found = cached.answer(queries.children, la=la)
    thresholds = children.ask(lambda connection, scope: thresholds_in_force(connection, la))
    view = filters.view([_LIST, _AVOIDING, _THRESHOLDS])
    if view == _LIST:
        _without(found, place, place.now, thresholds)
    elif view == _AVOIDING:
        _avoiding(found, place, place.now, thresholds)
    else:
        setting_thresholds.change(found, place, place.now, thresholds)


def _without(found: Children, place: Place, on: date, thresholds: Thresholds) -> None:
    decisions = children.ask(support_decisions_of, la_code=place.la)
    every = views.with_decisions(views.listing(found, on, thresholds), decisions, place.today)
    rows = _named(views.of_choice(every, _chosen(every)))
    st.header(text.plain(sentences.headline(rows)), anchor=False)
    st.write(text.plain(sentences.pointed_out(rows, thresholds)))
    if new := sentences.what_is_new(rows):
        st.warning(text.plain(new), icon=":material/notifications:")
    _list(rows, place, on)
    if not rows.empty:
        deciding_support.decide(rows, decisions, on, place.today)
    show.table(
        views.by_fact(every, sentences.facts(thresholds, on)),
        columns=_FACTS,
        caption="What points a child out, by the authority’s thresholds",
        source=place.local,
        name="facts",
    )
    left = views.gone(decisions, found.references)
    show.notes(sentences.notes(thresholds, whole=found.whole, gone=left))


def _chosen(rows: pd.DataFrame) -> Chosen:
    columns = st.columns(4)
    with columns[0]:
        standing = filters.labelled_or_all("Decision", tuple(Standing), "standing", "All")
    with columns[1]:
        fact = filters.labelled_or_all("Fact", tuple(Fact), "fact", "Any fact")
    with columns[2]:
        phase = filters.phase()
    with columns[3]:
        school = filters.one_of("School", sorted(set(rows["school_name"])), "of_school", "All schools")
    return Chosen(fact=fact, phase=phase, school=school, standing=standing)


def _named(rows: pd.DataFrame) -> pd.DataFrame:
    """The rows with what each child is called. Whoever is here sees them now, which the audit trail keeps."""
    children.saw("Children without support", list(rows["pupil_ref"]))
    return rows.assign(child=rows["pupil_ref"].map(children.labels(list(rows["pupil_ref"]))).astype("object"))


def _list(rows: pd.DataFrame, place: Place, on: date) -> None:
    show.sortable(
        rows.assign(last_happened=rows["last_happened"].dt.date),
        columns=_WITHOUT,
        caption="Children without an open case, those to whom something happened last first",
        source=place.local,
        name="children-without-support",
        about=list(rows["pupil_ref"]),
    )


def _avoiding(found: Children, place: Place, on: date, thresholds: Thresholds) -> None:
    decisions = children.ask(support_decisions_of, la_code=place.la)
    every = views.with_decisions(views.avoiding(found, on, thresholds), decisions, place.today)
    left, middle, _ = st.columns(3)
    with left:
        phase = filters.phase()
    with middle:
        school = filters.one_of("School", sorted(set(every["school_name"])), "of_school", "All schools")
    rows = _named(views.of_choice(every, Chosen(phase=phase, school=school)))
    st.header(text.plain(sentences.avoiding(rows, thresholds)), anchor=False)
    st.write(sentences.AVOIDING)
    show.sortable(
        rows,
        columns=_AWAY,
        caption="Children whose attendance is low for other reasons than suspension, lowest first",
        source=place.local,
        name="avoiding-school",
        about=list(rows["pupil_ref"]),
    )
    unsupported = rows[~rows["has_case"]].reset_index(drop=True)
    if not unsupported.empty:
        deciding_support.decide(unsupported, decisions, on, place.today)
