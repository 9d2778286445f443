"""Children without support: who is listed, what is decided of them, what is new since, and who may see none of it."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from places import Build, DrawPage, headings, said
from sqlalchemy import Engine
from streamlit.testing.v1 import AppTest

from access import audit
from access.audit import Action
from access.roles import Role
from data_model.store import reading
from data_model.support_decisions import SupportChoice, support_decisions
from data_model.thresholds import thresholds_set

PAGE = "children_without_support"
pytestmark = pytest.mark.both_databases
NEXT_MONTH = date(2025, 11, 12) + timedelta(days=28)
"""The demonstration's today is the last day of its data."""


@pytest.fixture
def small_la(build: Build, empty_database: Engine) -> Engine:
    """Two children suspended three times, one of them with a case that is over; and one with an open case."""
    with build() as world:
        school = world.school(900002, phase="secondary", school_name="Quillbrook High School")
        other = world.school(900001, school_name="Lanternmere Primary School")
        for pupil, urn in (("P000101", school), ("P000202", school), ("P000303", other)):
            for day in ("2025-09-22", "2025-10-06", "2025-11-10"):
                world.suspension(urn, pupil, day, source="notified")
        world.case(school, "2025-10-13", pupil_ref="P000202")
        world.case(other, "2025-03-03", "2025-07-04", pupil_ref="P000303", close_reason="planned")
        world.suspension(other, "P000303", "2025-11-12", source="notified")
    return empty_database


def grid(drawn: AppTest) -> dict[str, list[Any]]:
    return drawn.dataframe[0].value.to_dict("list")


def listed(drawn: AppTest) -> list[str]:
    return [child.split("(")[-1].rstrip(")") for child in grid(drawn)["Child"]]


def button(drawn: AppTest, label: str) -> Any:
    (found,) = [each for each in drawn.button if each.label == label]
    return found


def rows(engine: Engine, table: Any) -> list[Any]:
    with reading(engine) as connection:
        return list(connection.execute(table.select()).mappings())


def decide(
    drawn: AppTest, decision: SupportChoice = SupportChoice.NOT_NOW, reason: str = "The school has a plan of its own."
) -> AppTest:
    drawn.radio[0].set_value(decision)
    drawn.text_area[0].set_value(reason)
    return button(drawn, "Record the decision").click().run()


def test_a_child_with_an_open_case_is_not_listed(draw_page: DrawPage, small_la: Engine) -> None:
    drawn = draw_page(PAGE, Role.MANAGER)
    assert not drawn.exception
    assert headings(drawn)[0] == "2 children without an open case: 2 to decide about"
    assert listed(drawn) == ["P000303", "P000101"], "in the order of what happened last"
    assert grid(drawn)["Suspensions"] == [4, 3]
    assert grid(drawn)["Last case ended"] == ["4 July 2025", "none"]
    assert "2 suspended 3 times or more" in said(drawn)


def test_whoever_is_here_is_noted_before_a_child_is_shown(draw_page: DrawPage, small_la: Engine) -> None:
    draw_page(PAGE, Role.MANAGER)
    (event,) = audit.events(small_la, action=Action.SAW_PUPILS)
    assert (event.subject, event.detail["pupils"]) == ("Children without support", 2)
    assert audit.events_about(small_la, "P000202") == []


@pytest.mark.parametrize("role", [Role.LEADER, Role.PANEL, Role.STEWARD, Role.ADMIN])
def test_nobody_else_sees_a_child(draw_page: DrawPage, small_la: Engine, role: Role) -> None:
    drawn = draw_page(PAGE, role)
    assert [title.value for title in drawn.title] == ["Not available to you"]
    assert len(drawn.dataframe) == 0
    assert audit.events(small_la, action=Action.SAW_PUPILS) == []


def test_a_decision_is_recorded_and_shown_and_the_next_child_comes(draw_page: DrawPage, small_la: Engine) -> None:
    drawn = decide(draw_page(PAGE, Role.MANAGER))
    assert not drawn.exception
    assert not drawn.error
    (kept,) = rows(small_la, support_decisions)
    assert (kept["pupil_ref"], kept["urn"], kept["decision"]) == ("P000303", 900001, "not_now")
    assert (kept["suspensions"], kept["last_happened"]) == (4, date(2025, 11, 12))
    assert kept["look_again"] == NEXT_MONTH
    assert headings(drawn)[0] == "2 children without an open case: 1 to decide about"
    assert grid(drawn)["Decision"][0].startswith("Not now, ")
    assert grid(drawn)["Decision"][1] == "No decision yet"
    (child,) = [each for each in drawn.selectbox if each.label == "Child"]
    assert child.index == 1, "the first of whom nobody has decided"


def test_not_now_needs_a_reason(draw_page: DrawPage, small_la: Engine) -> None:
    drawn = decide(draw_page(PAGE, Role.MANAGER), reason=" ")
    assert "needs a reason" in drawn.error[0].value
    assert rows(small_la, support_decisions) == []


def test_what_is_new_since_the_decision_stands_out_in_words(
    draw_page: DrawPage, small_la: Engine, build: Build
) -> None:
    decide(draw_page(PAGE, Role.MANAGER))
    with build() as world:
        world.suspension(900001, "P000303", "2025-11-20", source="notified")
    drawn = draw_page(PAGE, Role.MANAGER)
    assert "New since the decision: 1 child." in drawn.warning[0].value.replace("\\", "")
    new = "New since the decision: 1 more suspension, the last on 20 November 2025. Before: Not now, "
    assert grid(drawn)["Decision"][0].startswith(new)
    assert headings(drawn)[0] == "2 children without an open case: 2 to decide about"


def test_the_list_is_filtered_by_what_is_chosen(draw_page: DrawPage, small_la: Engine) -> None:
    decide(draw_page(PAGE, Role.MANAGER))
    chosen: Callable[..., AppTest] = lambda **address: draw_page(PAGE, Role.MANAGER, **address)  # noqa: E731
    assert listed(chosen(standing="Decided")) == ["P000303"]
    assert listed(chosen(standing="No decision yet")) == ["P000101"]
    assert listed(chosen(phase="Primary")) == ["P000303"]
    assert listed(chosen(of_school="Quillbrook High School")) == ["P000101"]
    none = chosen(fact="Permanent exclusion being considered")
    assert headings(none)[0] == "No child is listed for this choice"
    assert not none.exception


def test_a_decision_is_withdrawn_and_stays_to_be_read(draw_page: DrawPage, small_la: Engine) -> None:
    drawn = decide(draw_page(PAGE, Role.MANAGER))
    drawn = next(each for each in drawn.selectbox if each.label == "Child").select_index(0).run()
    why = next(each for each in drawn.text_input if each.label == "Why it no longer holds")
    why.set_value("Recorded for the wrong child")
    drawn = button(drawn, "Withdraw the decision").click().run()
    assert not drawn.exception
    (kept,) = rows(small_la, support_decisions)
    assert kept["withdrawn_why"] == "Recorded for the wrong child"
    assert headings(drawn)[0] == "2 children without an open case: 2 to decide about"


def test_a_decision_without_a_reason_can_be_read_beside_one_with(draw_page: DrawPage, small_la: Engine) -> None:
    drawn = decide(draw_page(PAGE, Role.MANAGER))
    drawn = decide(drawn, SupportChoice.SCHOOL_REFERS, reason="")
    assert not drawn.exception
    for child in (0, 1):
        (picker,) = [each for each in drawn.selectbox if each.label == "Child"]
        drawn = picker.select_index(child).run()
        assert not drawn.exception
        assert "Decided before" in [heading.value for heading in drawn.subheader]
        assert ("The school has a plan of its own." in said(drawn)) == (child == 0)
        assert "nan" not in said(drawn)
        assert "Something went wrong" not in "".join(each.value for each in drawn.error)


def test_the_thresholds_say_what_they_would_change_before_they_are_set(draw_page: DrawPage, small_la: Engine) -> None:
    drawn = draw_page(PAGE, Role.MANAGER, view="Thresholds")
    assert not drawn.exception
    assert "2 children would be listed, as now." in said(drawn)
    for field in drawn.number_input:
        if field.label.startswith("Suspensions: "):
            field.set_value(4)
    drawn = drawn.run()
    assert "1 child would be listed instead of 2." in said(drawn)
    assert rows(small_la, thresholds_set) == []
    drawn = button(drawn, "Set these thresholds").click().run()
    (kept,) = rows(small_la, thresholds_set)
    assert (kept["some_suspensions"], kept["many_suspensions"]) == (4, 4)
    assert "In force: set on" in " ".join(each.label for each in drawn.expander).replace("\\", "")
    assert listed(draw_page(PAGE, Role.MANAGER)) == ["P000303"]


def test_thresholds_that_contradict_each_other_are_refused(draw_page: DrawPage, small_la: Engine) -> None:
    drawn = draw_page(PAGE, Role.MANAGER, view="Thresholds")
    drawn.number_input[0].set_value(5)
    drawn = button(drawn.run(), "Set these thresholds").click().run()
    assert "cannot be fewer than some" in drawn.error[0].value
    assert rows(small_la, thresholds_set) == []


def test_who_avoids_school_is_told_apart(draw_page: DrawPage, small_la: Engine, build: Build) -> None:
    with build() as world:
        for week in range(8):
            day = date(2025, 9, 15) + timedelta(weeks=week)
            known = {"possible": 10, "present": 4, "authorised": 5, "unauthorised": 1}
            world.save("attendance", pupil_ref="P000404", urn=900002, week_start=day, **known)
    drawn = draw_page(PAGE, Role.MANAGER, view="Avoiding school")
    assert not drawn.exception
    assert listed(drawn) == ["P000404"]
    assert grid(drawn)["Attended lately"] == ["16 of 40 half days (40%)"]
    assert "no finding that a child has emotionally based school avoidance" in said(drawn)
    assert audit.events_about(small_la, "P000404")
    drawn = decide(drawn)
    assert not drawn.exception and not drawn.error
    (kept,) = rows(small_la, support_decisions)
    assert (kept["pupil_ref"], kept["urn"], kept["suspensions"], kept["facts"]) == ("P000404", 900002, 0, [])
    assert grid(drawn)["Decision"][0].startswith("Not now, ")


def test_published_statistics_alone_list_nobody(draw_page: DrawPage, published_only: Engine) -> None:
    drawn = draw_page(PAGE, Role.MANAGER)
    assert not drawn.exception
    assert "only published statistics" in said(drawn)
