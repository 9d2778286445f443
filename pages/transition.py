"""Transition to Year 7: what is arranged for the children who need a plan, what is missing by when, and who settled."""

import streamlit as st

from access.roles import Permission
from analysis.transition import queries, sentences
from analysis.transition.steps import Step, days_of
from analysis.transition.views import ARRANGED, MISSING, Cohort
from charts.stacked_status import stacked_status
from data_model.casework_codes import Settled
from data_model.terms import year_label
from recording.thresholds import thresholds_in_force
from ui import cached, children, filters, opening, setting_transition_days, show, who
from ui.opening import Place

_STEPS = {"step": "Step", "arranged": "Arranged", "missing": "Missing", "due": "Due by", "standing": "How it stands"}
_SCHOOLS = {"school": "Receiving school", "children": "Children", "overdue": "With a step past its day"}
_MISSING = {
    "due_now": "Due this half term",
    **{str(step): f"Missing: {step.label[0].lower()}{step.label[1:]}" for step in Step},
    "settled": "Settled, of those recorded",
}
_SETTLED = {
    "entry": "Started Year 7 in",
    "children": "Children",
    **{str(each): each.label for each in Settled},
    "not_recorded": "Not recorded",
    "share": "Settled, of those recorded",
    "attendance": "Attendance in the autumn term",
}
_CHILDREN = {
    "child": "Child",
    "school": "Receiving school",
    "from_school": "Primary school",
    "need": "What the child needs",
    "overdue": "Past its day",
    "due_now": "Due this half term",
    "later": "Later",
    "settled": "After the first term",
}


def transition() -> None:
    """Draw the page."""
    who.require(Permission.TRANSITION)
    st.title(Permission.TRANSITION.label, anchor=False)
    place = opening.place(deadlines=True)
    if place is None:
        return
    if place.now is None:
        show.nothing(sentences.NONE_LOADED)
        return
    in_force = children.ask(lambda connection, scope: thresholds_in_force(connection, place.la))
    asked = {"la": place.la, "on": place.today.isoformat(), "days": days_of(in_force)}
    latest = cached.answer(queries.cohort, **asked)
    if latest is None or latest.nothing:
        show.nothing(latest.nothing if latest else sentences.PART_OF_IT)
        return
    year = _year(latest)
    found = cached.answer(queries.cohort, **asked, year=year)
    _arranged(found, place)
    setting_transition_days.change(place.la, found.year, asked["days"], in_force)
    if who.may(Permission.PUPIL_ROWS):
        _children(found, place, asked["days"])
    _how_settled(found, place)
    show.notes(sentences.notes())


def _year(latest: Cohort) -> str:
    years = {year_label(year): year for year in latest.years}
    with st.columns(3)[0]:
        chosen = filters.one_of("Start Year 7 in", list(years)[1:], "entry", year_label(latest.years[0]))
    return years[chosen] if chosen else latest.years[0]


def _arranged(found: Cohort, place: Place) -> None:
    if found.steps.empty:
        show.nothing(found.finding)
        return
    show.finding(
        stacked_status(
            found.drawn,
            category="step",
            status="status",
            count="count",
            statuses=(ARRANGED, MISSING),
            unit="children for whom each step is arranged, and for whom it is missing",
        ),
        found.steps,
        columns=_STEPS,
        title=found.finding,
        source=place.local,
        name="what-is-arranged",
    )
    full = who.may(Permission.FULL_FIGURES)
    show.table(
        found.schools,
        columns={**_SCHOOLS, **(_MISSING if full else {})},
        caption="What is missing, by receiving school",
        name="by-receiving-school",
        source=place.local,
    )


def _children(found: Cohort, place: Place, days: str) -> None:
    rows = children.ask(queries.children, la=place.la, on=place.today, days=days, year=found.year)
    references = list(rows["pupil_ref"])
    children.saw(Permission.TRANSITION.label, references)
    rows = rows.assign(child=rows["pupil_ref"].map(children.labels(references)).astype("object"))
    st.header("The children, those with the longest overdue step first", anchor=False)
    show.sortable(
        rows,
        columns=_CHILDREN,
        caption="Children who start Year 7 with a plan, and what is missing for each",
        source=place.local,
        name="children-in-transition",
        about=references,
    )
    if who.may(Permission.PUPIL):
        children.story_of_one(rows, "transition")


def _how_settled(found: Cohort, place: Place) -> None:
    st.header("How children settled by the end of their first term", anchor=False)
    if found.settled.empty:
        show.nothing("How children settled is not recorded yet.")
        return
    show.table(
        found.settled,
        columns=_SETTLED,
        caption="Children with a plan, by the year in which they started Year 7",
        name="how-they-settled",
        source=place.local,
    )
