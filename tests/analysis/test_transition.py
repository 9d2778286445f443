"""Transition, worked out by hand: which step is due when and missing for whom, who settled, and what is hidden."""

from datetime import date, timedelta
from typing import Any

import pandas as pd
import pytest
from worlds import LA, World

from access.scope import OutOfScope, Scope
from analysis.transition.queries import children, cohort
from analysis.transition.steps import Step, days_of, due_days, end_of_half_term, is_over, year_of_steps
from analysis.transition.views import Cohort
from data_model.school_days import SchoolDays
from data_model.thresholds import USUAL

DAYS = days_of(USUAL)
PRIMARY, SECONDARY, OTHER = 900001, 900021, 900022
DONE: dict[str, Any] = {
    "to_urn": SECONDARY,
    "plan_date": date(2026, 5, 4),
    "told_date": date(2026, 5, 20),
    "visits": 2,
    "key_adult": "Y",
    "need": "enhanced",
}


def _child(world: World, name: str, year: str = "202627", **cells: Any) -> None:
    given = {"from_urn": PRIMARY, "identified_date": date(int(year[:4]), 2, 2)}
    world.save("transitions", pupil_ref=name, academic_year=year, **(given | cells))


def _schools(world: World) -> None:
    world.school(PRIMARY)
    world.school(SECONDARY, "secondary", school_name="Larkfield School")
    world.school(OTHER, "secondary", school_name="Oakbank School")


def _asked(world: World, on: str, *, full: bool = True, year: str | None = None) -> Cohort:
    found = cohort(world.connection, Scope(frozenset({LA}), full_figures=full), LA, on, DAYS, year)
    assert found is not None
    return found


def test_the_days_by_which_steps_are_due() -> None:
    due = due_days("202627", DAYS)
    assert due[Step.SCHOOL] == date(2026, 3, 31)
    assert due[Step.END_OF_TERM] == date(2027, 1, 15)
    assert not is_over(due, date(2027, 1, 15))
    assert is_over(due, date(2027, 1, 16))


def test_an_authority_sets_its_own_days(world: World) -> None:
    _schools(world)
    _child(world, "P1", **DONE | {"plan_date": None})
    days = days_of(USUAL.model_copy(update={"transition_plan": "06-20"}))
    found = cohort(world.connection, Scope(frozenset({LA}), full_figures=True), LA, "2026-06-04", days)
    assert found is not None
    plan = found.steps.set_index("step").loc["Plan"]
    assert (plan["due"], plan["standing"]) == (date(2026, 6, 20), "Due this half term")
    usual = _asked(world, "2026-06-04").steps.set_index("step").loc["Plan"]
    assert (usual["due"], usual["standing"]) == (date(2026, 5, 31), "Overdue")


def test_a_half_term_ends_before_a_holiday_and_not_before_a_bank_holiday() -> None:
    given = {"applies_to": LA, "academic_year": "202526", "term": "SUM"}
    dates = {"first_day": "2026-04-13", "last_day": "2026-07-17", "closures": "2026-05-04;2026-05-25/2026-05-29"}
    frame = pd.DataFrame([given | dates]).astype({"first_day": "datetime64[s]", "last_day": "datetime64[s]"})
    days = SchoolDays.of(frame)
    assert end_of_half_term(days, date(2026, 4, 30)) == date(2026, 5, 22)
    assert end_of_half_term(days, date(2026, 5, 27)) == date(2026, 7, 17)  # a holiday belongs to what follows


def test_what_is_missing_is_overdue_due_or_later_by_its_day(world: World) -> None:
    _schools(world)
    _child(world, "P1", **DONE)
    _child(world, "P2", **DONE | {"told_date": None, "to_urn": OTHER})
    _child(world, "P3", **DONE | {"to_urn": None, "visits": 0, "need": "usual"})
    # Without term dates a half term is as long as sixty weekdays: from Thursday 4 June to 26 August.
    found = _asked(world, "2026-06-04")
    steps = found.steps.set_index("step")[["arranged", "missing", "standing"]]
    assert steps.loc["Receiving school"].tolist() == [2, 1, "Overdue"]
    assert steps.loc["Plan"].tolist() == [3, 0, "Done for all"]
    assert steps.loc["Word to the receiving school"].tolist() == [2, 1, "Due this half term"]
    assert steps.loc["Visit to the new school"].tolist() == [2, 0, "Done for all"], "the usual needs no visit"
    assert steps.loc["Look after half a term"].tolist() == [0, 3, "Later"]
    schools = found.schools.set_index("school")
    assert schools["children"].to_dict() == {
        "Larkfield School": 1,
        "Oakbank School": 1,
        "Receiving school not known": 1,
    }
    assert schools["overdue"].tolist() == [0, 0, 1]
    assert schools["due_now"].tolist() == [0, 1, 0]
    assert found.finding.startswith("3 children start Year 7 in 2026/27 with a plan to make: for 1 a step is overdue")


def test_children_come_by_their_longest_overdue_step_to_who_may_see_them(world: World) -> None:
    _schools(world)
    _child(world, "P1", **DONE)
    _child(world, "P2", **DONE | {"plan_date": None})
    _child(world, "P3", **DONE | {"to_urn": None})
    _child(world, "P4", "202526", **DONE)
    scope = Scope(frozenset({LA}), pupil_rows=True, full_figures=True)
    found = children(world.connection, scope, LA, date(2026, 6, 4), DAYS, "202627")
    assert found["pupil_ref"].tolist() == ["P3", "P2", "P1"]
    assert found["overdue"].tolist() == ["receiving school", "plan", ""]
    with pytest.raises(OutOfScope):
        children(world.connection, Scope(frozenset({LA})), LA, date(2026, 6, 4), DAYS, "202627")


def test_who_settled_is_told_of_those_recorded_with_a_range(world: World) -> None:
    _schools(world)
    for place, settled in enumerate(["settled"] * 7 + ["some_concern"] * 2 + ["not_settled"] + [None] * 2):
        _child(
            world, f"P{place}", "202526", **DONE, started="Y", settled=settled, autumn_attendance_pct=90.0 + place % 2
        )
    found = _asked(world, "2026-06-04")
    row = found.settled.iloc[0]
    assert (row["children"], row["settled"], row["some_concern"], row["not_settled"], row["not_recorded"]) == (
        12,
        7,
        2,
        1,
        2,
    )
    assert row["share"] == "7 of 10: 70% (40% to 89%)"
    assert row["attendance"].startswith("90.5% (")
    assert row["attendance"].endswith(", 12 children")
    assert "7 of the 10 of whom it is recorded were settled" in found.finding


def test_small_numbers_are_hidden_and_few_children_not_told_at_all(world: World) -> None:
    _schools(world)
    for place in range(12):
        _child(
            world,
            f"P{place}",
            **DONE | {"to_urn": SECONDARY if place < 10 else OTHER, "key_adult": "N" if place < 2 else "Y"},
        )
    found = _asked(world, "2026-07-10", full=False)
    steps = found.steps.set_index("step")
    assert pd.isna(steps.loc["Key adult", "missing"])
    assert pd.isna(steps.loc["Key adult", "arranged"])
    assert steps.loc["Plan", "arranged"] == 12
    assert found.schools["children"].isna().all(), "ten of twelve would tell the two"
    assert "is hidden" in found.finding
    _child(world, "P20", "202728", **DONE)
    assert "Too few children" in _asked(world, "2027-07-10", full=False, year="202728").finding


def test_what_one_table_hides_no_other_says(world: World) -> None:
    _schools(world)
    for place in range(20):
        school = SECONDARY if place < 12 else OTHER if place < 14 else None
        _child(world, f"P{place}", **DONE | {"to_urn": school})
    found = _asked(world, "2026-03-02", full=False)
    assert found.schools.set_index("school")["children"].isna().sum() == 2, "two at a school, and six to hide them"
    steps = found.steps.set_index("step")
    assert pd.isna(steps.loc["Receiving school", "missing"]), "six without a school: twelve and six of twenty leave two"
    assert steps.loc["Plan", "arranged"] == 20


def test_the_one_step_that_is_overdue_says_no_number_that_the_schools_hide(world: World) -> None:
    _schools(world)
    for place in range(20):
        late = place < 6
        _child(
            world,
            f"P{place}",
            **DONE | {"to_urn": SECONDARY if place < 8 else OTHER, "plan_date": None if late else date(2026, 5, 4)},
        )
    full = _asked(world, "2026-06-04").steps.set_index("step")
    assert full.loc["Plan", ["arranged", "missing"]].tolist() == [14, 6], "neither is small"
    found = _asked(world, "2026-06-04", full=False)
    assert "for how many a step is overdue is hidden" in found.finding
    plan = found.steps.set_index("step").loc["Plan"]
    assert plan[["arranged", "missing"]].isna().all(), "all six are at one school, where two of eight are not overdue"


def test_how_many_is_looked_after_is_said_where_it_is_told_who_settled(world: World) -> None:
    _schools(world)
    for place in range(20):
        settled = "settled" if place < 12 else "some_concern" if place < 18 else None
        _child(world, f"P{place}", **DONE | {"started": "Y", "settled_half_term": "settled", "settled": settled})
    found = _asked(world, "2027-02-01", full=False)
    assert pd.isna(found.settled["not_recorded"].iloc[0])
    last = found.steps.set_index("step").loc["Look after the first term"]
    assert pd.isna(last["arranged"]), "eighteen of twenty were"


def test_a_leader_of_a_part_is_told_nothing(world: World) -> None:
    _schools(world)
    assert cohort(world.connection, Scope(districts=frozenset({(LA, "North")})), LA, "2026-06-04", DAYS) is None


def test_every_day_that_can_be_chosen_for_a_step_is_the_day_on_which_it_falls_due() -> None:
    first, last = year_of_steps("202627")
    day = first
    while day <= last:
        days = " ".join([f"{day:%m-%d}"] * len(Step))
        assert set(due_days("202627", days).values()) == {day}
        day += timedelta(days=1)
    assert (first, last) == (date(2026, 2, 1), date(2027, 1, 31))
