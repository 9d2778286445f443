"""Hours shared out: the best that can be done under the assumption, floors kept, and impossible plans refused."""

from dataclasses import replace
from itertools import product
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from scipy.optimize import LinearConstraint, milp

from analysis.sharing_hours.plan import Assumption, Floor, Impossible, Kind, Plan
from analysis.sharing_hours.proposal import Choice, in_proportion, propose, total
from analysis.sharing_hours.share_out import share_out

PHASES = ("primary", "secondary", "special")
DISTRICTS = ("North", "South")


def schools(*counts: float, **columns: Any) -> pd.DataFrame:
    """Schools that have so many suspensions expected, primaries and secondaries by turns, in two districts."""
    number = len(counts)
    given = {
        "key": range(900001, 900001 + number),
        "phase": [PHASES[place % 2] for place in range(number)],
        "district": [DISTRICTS[place // 2 % 2] for place in range(number)],
        "next_count": np.array(counts, dtype=float),
        "next_expected": np.array(counts, dtype=float),
        "low80": 0.5,
        "high80": 1.8,
        "observed": np.array(counts, dtype=float),
        "pupils": 100.0,
        "first": False,
        "hours_now": 0.0,
    }
    return pd.DataFrame(given | columns)


def worth(frame: pd.DataFrame, plan: Plan, hours: Any) -> float:
    """What hours prevent at all schools, worked out the slow way."""
    total = 0.0
    for count, now, each in zip(frame["next_count"], frame["hours_now"], hours, strict=True):
        start = now if plan.on_top else 0.0
        half = plan.assumption.half
        total += count * (2 ** (-start / half) - 2 ** (-(start + each) / half))
    return float(total)


def by_trying_all(frame: pd.DataFrame, plan: Plan) -> float | None:
    """The most that whole visits can prevent, out of every way to give them; None where no way keeps the floors."""
    each = range(plan.visits_a_school + 1)
    ways = np.array(list(product(each, repeat=len(frame))))
    by_visits = [[worth(frame.iloc[[school]], plan, [n * plan.visit]) for n in each] for school in range(len(frame))]
    kept = (ways.sum(axis=1) <= plan.visits) & (ways[:, frame["first"]] >= 1).all(axis=1)
    for floor in plan.floors:
        least = np.ceil(floor.share * plan.hours / plan.visit - 1e-9)
        kept &= ways[:, frame[floor.kind].eq(floor.name)].sum(axis=1) >= least
    totals = sum(np.array(own)[ways[:, school]] for school, own in enumerate(by_visits))
    return float(totals[kept].max()) if kept.any() else None


FLOORS = st.lists(
    st.tuples(
        st.sampled_from(
            [(Kind.PHASE, "primary"), (Kind.PHASE, "secondary"), *((Kind.DISTRICT, it) for it in DISTRICTS)]
        ),
        st.sampled_from([0.2, 0.25, 0.4, 0.5]),
    ),
    max_size=3,
    unique_by=lambda pair: pair[0],
).map(lambda pairs: tuple(Floor(kind, name, share) for (kind, name), share in pairs))


@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(
    counts=st.lists(st.integers(0, 60), min_size=4, max_size=4),
    first=st.lists(st.booleans(), min_size=4, max_size=4),
    now=st.lists(st.sampled_from([0.0, 3.0, 20.0]), min_size=4, max_size=4),
    floors=FLOORS,
    ceiling=st.sampled_from([None, 4.0, 6.0]),
    half=st.sampled_from([2.0, 10.0]),
    on_top=st.booleans(),
)
def test_no_other_way_to_give_the_visits_prevents_more(
    counts: list[int],
    first: list[bool],
    now: list[float],
    floors: tuple[Floor, ...],
    ceiling: float | None,
    half: float,
    on_top: bool,
) -> None:
    frame = schools(*counts, first=first, hours_now=now)
    plan = Plan(10, 2, floors, ceiling, on_top, Assumption(half=half))
    best = by_trying_all(frame, plan)
    try:
        hours = share_out(frame, plan)
    except Impossible:
        assert best is None
        return
    if best is None:
        assert len({floor.kind for floor in floors}) < len(floors), "what rounding up made too much is not refused"
        return
    assert worth(frame, plan, hours) == pytest.approx(best, rel=1e-9, abs=1e-12)
    assert hours.sum() <= plan.hours


@pytest.mark.parametrize("crossing", [False, True], ids=["phases", "phases and districts"])
def test_a_solver_of_integer_programmes_finds_nothing_better(crossing: bool) -> None:
    rng = np.random.default_rng(22)
    frame = schools(*rng.gamma(1.2, 20, size=40))
    frame["phase"], frame["district"] = rng.choice(PHASES, 40), rng.choice(DISTRICTS, 40)
    floors = (Floor(Kind.PHASE, "special", 0.4), Floor(Kind.PHASE, "primary", 0.3))
    floors += (Floor(Kind.DISTRICT, "South", 0.65),) if crossing else ()
    plan = Plan(120, 3, floors, ceiling=30)
    by_visit = [
        worth(frame.iloc[[school]], plan, [visit * 3 + 3]) - worth(frame.iloc[[school]], plan, [visit * 3])
        for school in range(40)
        for visit in range(10)
    ]
    school = np.repeat(np.arange(40), 10)
    rules = [LinearConstraint(np.ones((1, 400)), ub=40)]
    for floor in floors:
        of = frame[floor.kind].eq(floor.name).to_numpy()[school].astype(float)
        rules.append(LinearConstraint(of[None], lb=floor.share * 40))
    found = milp(-np.array(by_visit), integrality=np.ones(400), bounds=(0, 1), constraints=rules)
    assert found.success
    assert worth(frame, plan, share_out(frame, plan)) == pytest.approx(-found.fun, rel=1e-9)


def test_each_visit_goes_where_it_prevents_most() -> None:
    # Half of what can be is prevented by 3 hours: 40, 20 and 10 at the first school, 15 and 7.5 at the second.
    hours = share_out(schools(80, 30), Plan(12, 3, assumption=Assumption(half=3)))
    assert hours.tolist() == [9, 3]


def test_a_floor_keeps_its_share_and_costs_what_it_costs() -> None:
    frame = schools(1, 100, 2, 80)
    plan = Plan(60, 3, (Floor(Kind.PHASE, "primary", 0.5),))
    found = propose(frame, plan)
    assert found.rows.groupby("phase")["hours"].sum().to_dict() == {"primary": 30, "secondary": 30}
    freely, proposal = found.choices.set_index("choice").loc[["freely", "proposal"]].to_dict("records")
    assert freely["cost"] == freely["cost_low"] == freely["cost_high"] == 0
    assert proposal["cost"] == pytest.approx(freely["prevented"] - proposal["prevented"])
    assert 0 < proposal["cost_low"] < proposal["cost"] < proposal["cost_high"]
    assert proposal["of_best"] == pytest.approx(proposal["prevented"] / freely["prevented"])


def test_a_school_that_comes_first_gets_a_visit_whatever_the_figures_say() -> None:
    assert share_out(schools(500, 0, first=[False, True]), Plan(9)).tolist() == [6, 3]


def test_hours_that_a_school_has_already_count_where_they_are_asked_to() -> None:
    frame = schools(50, 40, hours_now=[60.0, np.nan])
    assert share_out(frame, Plan(3)).tolist() == [3, 0]
    assert share_out(frame, Plan(3, on_top=True)).tolist() == [0, 3]


def test_nobody_gets_more_than_the_ceiling_and_what_is_left_is_said() -> None:
    found = propose(schools(50, 40), Plan(20, 3, ceiling=7))
    assert found.rows["hours"].tolist() == [6, 6]
    assert found.left_over == 8


def test_floors_of_all_the_hours_that_whole_visits_cannot_keep_are_kept_as_nearly_as_can_be() -> None:
    floors = tuple(Floor(Kind.PHASE, phase, share) for phase, share in zip(PHASES, (0.4, 0.4, 0.2), strict=True))
    frame = schools(5, 50, 10).assign(phase=PHASES)
    hours = dict(zip(PHASES, share_out(frame, Plan(100, 3, floors)), strict=True))
    assert hours == {"primary": 39, "secondary": 39, "special": 21}


def test_ranges_are_those_of_the_ratios_and_of_the_assumption() -> None:
    assumed = Assumption(most=0.25, low=0.1, high=0.4, half=3)
    found = propose(schools(80, next_expected=40.0, low80=1.5, high80=2.75), Plan(3, 3, assumption=assumed))
    (row,) = found.rows.to_dict("records")
    assert (row["prevented_low"], row["prevented"], row["prevented_high"]) == pytest.approx((3, 10, 22))


def test_errors_of_many_schools_partly_cancel_out() -> None:
    frame, plan = schools(*[40.0] * 4), Plan(12, 3, assumption=Assumption(low=0.25, high=0.25, half=3))
    low, central, high = total(frame, plan, np.full(4, 3.0))
    assert central == pytest.approx(4 * 40 * 0.5 * 0.25)
    assert central - low == pytest.approx(2 * (40 - 20) * 0.5 * 0.25)
    assert high - central == pytest.approx(2 * (72 - 40) * 0.5 * 0.25)
    # Taking hours from one school to give them to another: the range of the difference reaches to both sides.
    low, central, high = total(frame, plan, np.array([3.0, 0, 0, 0]), np.array([0, 3.0, 0, 0]))
    assert (low < 0 < high) and central == pytest.approx(0)


def test_other_ways_share_out_all_the_hours() -> None:
    frame, plan = schools(80, 10, 0, 30), Plan(200)
    assert in_proportion(frame, plan).sum() == pytest.approx(200)
    choices = propose(frame, plan).choices
    assert choices["choice"].tolist() == list(map(str, Choice))
    assert choices["prevented"].max() == choices["prevented"].iloc[0]


@pytest.mark.parametrize(
    ("plan", "sentence"),
    [
        (Plan(0), "There are no hours to share out: give a number above 0."),
        (Plan(float("nan")), "There are no hours to share out: give a number above 0."),
        (Plan(float("inf")), "There are no hours to share out: give a number above 0."),
        (Plan(2), "2 hours are less than one visit of 3 hours."),
        (Plan(9, visit=0), "A visit takes some time: give a number of hours above 0."),
        (Plan(9, visit=1e-9), "That is more than 200,000 visits: give fewer hours or longer visits."),
        (Plan(9, ceiling=2), "The most for one school is less than one visit of 3 hours: nobody would get any."),
        (
            Plan(9, floors=(Floor(Kind.PHASE, "primary", 1.2),)),
            "The floor for primary schools is not a share above 0% and up to 100%.",
        ),
        (
            Plan(9, floors=(Floor(Kind.PHASE, "primary", 0.7), Floor(Kind.PHASE, "secondary", 0.6))),
            "The floors for phases come to 130% of the hours: 100% is all there is.",
        ),
        (Plan(9, floors=(Floor(Kind.PHASE, "primary", 0.1),) * 2), "Two floors are for the same phase."),
        (
            Plan(9, floors=(Floor(Kind.PHASE, "special", 0.1),)),
            "No hours can be kept for special schools: there are none with figures.",
        ),
        (
            Plan(9, floors=(Floor(Kind.DISTRICT, "Mars", 0.1),)),
            "No hours can be kept for schools in Mars: there are none with figures.",
        ),
        (
            Plan(30, floors=(Floor(Kind.PHASE, "primary", 0.8),), ceiling=9),
            "The floor for primary schools is 24 hours, and with the ceiling they can have 18 at most.",
        ),
        (
            Plan(9, assumption=Assumption(most=0.5)),
            "What outreach could prevent is a share above 0% and up to 100%, and lies within its own range.",
        ),
        (Plan(9, assumption=Assumption(half=0)), "Outreach takes some hours to work: give a number above 0."),
    ],
)
def test_what_cannot_be_is_refused_in_a_sentence(plan: Plan, sentence: str) -> None:
    with pytest.raises(Impossible) as refused:
        share_out(schools(5, 50, 10, 20), plan)
    assert str(refused.value) == sentence


@pytest.mark.parametrize(
    ("plan", "first"),
    [
        (Plan(9, floors=(Floor(Kind.PHASE, "primary", 0.9),)), [False, True, False, False]),
        (Plan(9, floors=(Floor(Kind.PHASE, "primary", 1.0), Floor(Kind.DISTRICT, "North", 0.9))), [False, True] * 2),
    ],
)
def test_floors_and_schools_that_come_first_may_be_too_much_together(plan: Plan, first: list[bool]) -> None:
    with pytest.raises(Impossible, match="cannot all be had with these hours: lower one"):
        share_out(schools(5, 50, 10, 20, first=first), plan)


def test_more_schools_that_come_first_than_visits_are_refused() -> None:
    with pytest.raises(Impossible) as refused:
        share_out(schools(5, 50, 10, 20, first=True), Plan(9))
    assert str(refused.value) == "4 schools come first and need a visit each: that is 12 hours, and there are 9."


def test_nothing_is_shared_out_among_no_schools() -> None:
    with pytest.raises(Impossible, match="There is no school with figures"):
        share_out(schools(), Plan(9))


def test_a_table_prints_whole_suspensions_and_half_hours() -> None:
    frame = schools(40.4, 12.2, 3.3, 2.0, 0.6, next_low80=1.2, next_high80=9.7)
    found = propose(frame, Plan(30))
    rows = replace(found, rows=found.rows.assign(hours_now=[468.7, 0.2, 1.3, np.nan, 2.0])).printed
    assert rows["hours_now"].dropna().tolist() == [468.5, 0.0, 1.5, 2.0]
    for name in ("next_count", "next_low80", "next_high80"):
        assert (rows[name] % 1).eq(0).all(), name
