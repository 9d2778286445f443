"""How this term's outreach hours could be shared out: a proposal, what each choice costs, and what a person decides."""

import streamlit as st

from access.roles import Permission
from analysis.sharing_hours import sentences
from analysis.sharing_hours.plan import Impossible
from analysis.sharing_hours.proposal import Choice, Proposal, propose
from analysis.sharing_hours.schools import NOT_FOR_YOU, WEEKS_LATELY, schools_to_share
from charts.ranges import ranges
from data_model.terms import Period
from ui import cached, deciding_hours, filters, opening, sharing_hours, show, text, who
from ui.opening import Place
from ui.show import Source

_HOURS = {
    "school_name": "School",
    "phase_name": "Phase",
    "hours": "Hours proposed",
    "next_count": "Expected in a year",
    "next_low80": "Expected: from",
    "next_high80": "Expected: to",
    "prevented": "Prevented",
    "prevented_low": "Prevented: from",
    "prevented_high": "Prevented: to",
    "hours_now": f"Hours in last {WEEKS_LATELY} weeks",
    "why_first": "Comes first",
    "district": "District",
}
_CHOICES = {
    "label": "Way to share the hours out",
    "prevented": "Suspensions prevented in a year",
    "prevented_low": "Range from",
    "prevented_high": "to",
    "cost": "Fewer than the first",
    "cost_low": "Fewer, from",
    "cost_high": "Fewer, to",
}
_UNIT = "Suspensions prevented in a year (line: the range)"


def allocation() -> None:
    """Draw the page."""
    who.require(Permission.ALLOCATION)
    st.title("Share out the hours", anchor=False)
    place = opening.place()
    if place is None:
        return
    if who.may(Permission.FULL_FIGURES):
        _propose(place)
    else:
        show.nothing(NOT_FOR_YOU)
    deciding_hours.earlier(place)


def _propose(place: Place) -> None:
    with st.columns(3)[0]:
        period = filters.period(place.periods)
    try:
        shared = cached.counted(schools_to_share, la=place.la, period=period)
        heading = st.container()
        found = propose(shared.rows, sharing_hours.plan(shared.rows))
    except Impossible as refused:
        show.nothing(str(refused))
        return
    with heading:
        st.header(text.plain(sentences.headline(found)), anchor=False)
        st.write(text.plain(f"{sentences.by_phase(found)} {sentences.promised(found)}"))
    source = _source(found, place)
    _costs(found, source)
    _schools(found, source, period)
    show.notes([*sentences.notes(found, shared.without_figures), *shared.notes])
    if place.now and who.may(Permission.DECIDE_ALLOCATION):
        deciding_hours.decide(found, place)


def _source(found: Proposal, place: Place) -> Source:
    own = place.source(["local" if place.now else "published"])
    return Source(f"{own.name}; {sentences.assumed(found.plan)}", own.as_at)


def _costs(found: Proposal, source: Source) -> None:
    show.finding(
        ranges(
            found.choices,
            label="label",
            value="prevented",
            low="prevented_low",
            high="prevented_high",
            unit=_UNIT,
            focus=Choice.PROPOSAL.label,
        ),
        found.choices,
        columns=_CHOICES,
        title=sentences.costs(found),
        source=source,
        name="hours-choices",
    )


def _schools(found: Proposal, source: Source, period: Period) -> None:
    st.header("Hours for each school", anchor=False)
    st.write(
        "Expected: what the school’s last three years, the latest counting most, lead one to expect in a year; it may "
        "be more or less than it had last year. Prevented: of these, if the assumption is right. "
        "Comes first: the authority has decided, in the schools file, that outreach goes there whatever its figures."
    )
    show.sortable(
        found.printed,
        columns=_HOURS,
        caption=f"Hours proposed for each school, from figures up to {period.label}",
        source=source,
        name="hours-proposed",
        links="key",
    )
