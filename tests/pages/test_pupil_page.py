"""A pupil's story on its page: found by reference, opened from the session, noted in the audit trail."""

from datetime import date, timedelta

import pytest
from drawn_page import pieces
from number_rules import faults
from places import Build, DrawPage, headings, said
from sqlalchemy import Engine, select
from streamlit.testing.v1 import AppTest
from worlds import World

from access import audit
from access.audit import Action, subject_of_pupil
from access.roles import Role
from data_model.audit_trail import audit_pupils
from data_model.store import reading

SCHOOL = 900001
CHILD, OTHER = "C-1", "C-2"


def _fill(world: World) -> None:
    world.school(SCHOOL, "secondary", school_name="Lanternmere School")
    world.roll(SCHOOL, 500, census="AUT")
    world.suspension(SCHOOL, CHILD, "2024-10-01", 20)
    world.suspension(SCHOOL, CHILD, "2024-10-21", 2)
    world.suspension(SCHOOL, OTHER, "2024-10-02")
    for week, present in enumerate((10, 10, 9, 10, 8, 9, 7, 5, 6, 4)):
        monday = date(2024, 9, 2) + timedelta(weeks=week)
        world.save("attendance", pupil_ref=CHILD, urn=SCHOOL, week_start=monday, possible=10, present=present)


@pytest.fixture
def two_children(build: Build, empty_database: Engine) -> Engine:
    with build() as world:
        _fill(world)
    return empty_database


def open_story(drawn: AppTest, number: int = 0) -> AppTest:
    """Press the button of a child that is offered."""
    return drawn.button(key=f"child {number}").click().run()


def saw(engine: Engine) -> dict[str, set[str]]:
    """Which pupils the audit trail says were seen, by place."""
    found: dict[str, set[str]] = {}
    with reading(engine) as connection:
        for event in audit.events(engine, action=Action.SAW_PUPILS):
            query = select(audit_pupils.c.pupil).where(audit_pupils.c.event_id == event.event_id)
            found.setdefault(str(event.subject), set()).update(connection.scalars(query))
    return found


def test_a_child_is_found_opened_and_told(two_children: Engine, draw_page: DrawPage) -> None:
    drawn = draw_page("pupil", Role.MANAGER)
    assert "Choose a child" in said(drawn)
    assert headings(drawn) == []
    told = open_story(drawn)
    assert not told.exception
    assert headings(told)[0] == CHILD
    assert "Year group and roll are not recorded." in said(told)
    assert headings(told)[1] == "2 clocks need attention on 21 October 2024", "11 of 15 days; day 6 is not recorded"
    assert "Everything that happened, the newest first" in headings(told)
    tables = [html.proto.body for html in told.get("html") if "<table>" in html.proto.body]
    assert any("20 half days" in table for table in tables)
    assert not any(OTHER in table for table in tables)


def test_every_number_of_a_story_has_its_counts(two_children: Engine, draw_page: DrawPage) -> None:
    told = open_story(draw_page("pupil", Role.MANAGER))
    assert "Attended " in headings(told)[2]
    assert faults(pieces(told), about_schools=False) == []


def test_the_search_keeps_those_whose_reference_has_it(two_children: Engine, draw_page: DrawPage) -> None:
    drawn = draw_page("pupil", Role.MANAGER)
    drawn.text_input(key="child asked for").set_value("c-2").run()
    assert [button.label for button in drawn.button if button.key.startswith("child ")] == ["C\\-2"]
    drawn.text_input(key="child asked for").set_value("nobody").run()
    assert "No child whom you may see has that" in said(drawn)


def test_who_looked_is_in_the_audit_trail_before_anybody_is_shown(two_children: Engine, draw_page: DrawPage) -> None:
    drawn = draw_page("pupil", Role.MANAGER)
    assert "A pupil’s story" not in saw(two_children)
    open_story(drawn, 1)
    assert saw(two_children)["A pupil’s story"] == {subject_of_pupil(OTHER)}
    assert saw(two_children)["Finding a child"] == {subject_of_pupil(CHILD), subject_of_pupil(OTHER)}


def test_no_reference_is_in_the_address(two_children: Engine, draw_page: DrawPage) -> None:
    drawn = open_story(draw_page("pupil", Role.MANAGER))
    assert not any(CHILD in str(value) for value in drawn.query_params.values())


def test_a_panel_member_finds_nobody_who_is_not_on_a_list(two_children: Engine, draw_page: DrawPage) -> None:
    drawn = draw_page("pupil", Role.PANEL)
    assert "There is no child whom you may see." in said(drawn)
    drawn.session_state["the child whose story is open"] = CHILD
    drawn.run()
    assert "Nothing is recorded of this child that you may see." in said(drawn)
    assert CHILD not in str(saw(two_children))
    assert headings(drawn) == []


def test_children_whose_clock_is_near_are_offered_to_whoever_asks(two_children: Engine, draw_page: DrawPage) -> None:
    drawn = draw_page("pupil", Role.MANAGER)
    drawn.toggle[0].set_value(True).run()
    assert "15 days in a term, near." in said(drawn)
    assert saw(two_children)["Clocks that are near or late"] == {subject_of_pupil(CHILD)}
    told = drawn.button(key="due 0").click().run()
    assert headings(told)[0] == CHILD


@pytest.mark.parametrize("role", [Role.LEADER, Role.STEWARD, Role.ADMIN])
def test_other_roles_are_told_that_it_is_not_for_them(two_children: Engine, draw_page: DrawPage, role: Role) -> None:
    drawn = draw_page("pupil", role)
    assert [title.value for title in drawn.title] == ["Not available to you"]
    assert saw(two_children) == {}
