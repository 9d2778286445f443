"""What somebody sets before hours are shared out: the hours, the floors, and what is assumed."""

import pandas as pd
import streamlit as st

from analysis.denominators import HEADLINE
from analysis.sharing_hours.plan import Assumption, Floor, Kind, Plan
from analysis.sharing_hours.schools import WEEKS_LATELY
from analysis.sharing_hours.sentences import ASSUMPTION

_HOURS, _VISIT = 600.0, 3.0
_USUAL = Assumption()


def plan(schools: pd.DataFrame) -> Plan:
    """The plan that the user set, to be carried out for `schools` (see `schools_to_share`)."""
    hours, visit, most = st.columns(3)
    with hours:
        given = st.number_input("Hours to share out this term", 0.0, 1e6, _HOURS, 10.0, key="hours", format="%g")
    with visit:
        each = st.number_input("Hours of one visit", 0.0, 100.0, _VISIT, 0.5, key="visit", format="%g")
    with most:
        ceiling = st.number_input(
            "Most hours for one school", 0.0, 1e6, None, 10.0, key="ceiling", format="%g", placeholder="No limit"
        )
    with st.expander("Floors: hours that the authority keeps for a phase or a district"):
        floors = (*_phases(schools), *_districts(schools))
    with st.expander("What is assumed of outreach: an assumption, not evidence"):
        assumption, on_top = _assumption(), _on_top(schools)
    return Plan(float(given), float(each), floors, ceiling, on_top, assumption)


def _phases(schools: pd.DataFrame) -> list[Floor]:
    there = set(schools["phase"])
    return _floors(Kind.PHASE, {str(phase): f"{phase.label} schools" for phase in HEADLINE if phase in there})


def _districts(schools: pd.DataFrame) -> list[Floor]:
    names = sorted(map(str, schools["district"].dropna().unique()))
    return _floors(Kind.DISTRICT, {name: f"Schools in {name}" for name in names})


def _floors(kind: Kind, labels: dict[str, str]) -> list[Floor]:
    columns = st.columns(3)
    found = []
    for place, (name, label) in enumerate(labels.items()):
        with columns[place % len(columns)]:
            percent = st.number_input(f"{label}: at least, % of the hours", 0, 100, 0, 5, key=f"floor {kind} {name}")
        if percent:
            found.append(Floor(kind, name, percent / 100))
    return found


def _assumption() -> Assumption:
    st.write(ASSUMPTION)
    left, right = st.columns(2)
    with left:
        low, high = st.slider(
            "However long outreach stays, it could prevent so many % of a school’s suspensions in a year",
            5,
            80,
            (round(100 * _USUAL.low), round(100 * _USUAL.high)),
            5,
            key="prevents",
        )
        st.caption(f"Worked out with the middle, {(low + high) / 2:g}%; the ends make the ranges.")
    with right:
        half = st.slider("Hours in a term that reach half of that", 10, 200, round(_USUAL.half), 10, key="half")
        st.caption(f"{half} hours are about {half / 12:.0f} a week. Twice as many reach three quarters.")
    return Assumption((low + high) / 200, low / 100, high / 100, float(half))


def _on_top(schools: pd.DataFrame) -> bool:
    if schools["hours_now"].fillna(0).eq(0).all():
        return False
    return st.toggle(
        f"Count the hours that schools had in the last {WEEKS_LATELY} weeks as there already", key="on_top"
    )
