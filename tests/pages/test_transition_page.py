"""Transition: managers see what is missing and for whom; leaders see counts, none small, and no child."""

import re
from datetime import date

import pytest
from html_of import html_of
from places import Build, DrawPage, headings, said
from sqlalchemy import Engine, select

from access.roles import Role
from data_model.audit_trail import audit_events
from data_model.store import reading
from data_model.transitions import TRANSITIONS

_table = TRANSITIONS.table


def _references(engine: Engine) -> set[str]:
    with reading(engine) as connection:
        return set(connection.scalars(select(_table.c.pupil_ref)))


def test_a_manager_sees_what_is_missing_and_the_children(draw_page: DrawPage, fictional_la: Engine) -> None:
    drawn = draw_page("transition", Role.MANAGER)
    assert not drawn.exception
    assert headings(drawn)[0].startswith("11 children start Year 7 in 2026/27 with a plan to make: ")
    assert "The children, those with the longest overdue step first" in headings(drawn)
    assert any(reference in html_of(drawn) for reference in _references(fictional_la))
    with reading(fictional_la) as connection:
        subjects = connection.scalars(select(audit_events.c.subject)).all()
    assert "Transition" in subjects


@pytest.mark.parametrize("address", [{}, {"entry": "2025/26"}], ids=["coming", "settled"])
def test_a_leader_sees_no_child_and_nothing_small(
    draw_page: DrawPage, fictional_la: Engine, address: dict[str, str]
) -> None:
    drawn = draw_page("transition", Role.LEADER, **address)
    assert not drawn.exception
    shown = html_of(drawn) + said(drawn) + "".join(headings(drawn))
    assert not any(reference in shown for reference in _references(fictional_la))
    assert "The children" not in "".join(headings(drawn))
    assert "[c]" in shown
    assert not re.search(r"<td[^>]*>[1-4]</td>", shown)
    assert not re.search(r"\b[1-4] of (?:the )?\d", shown)


def test_a_manager_opens_a_childs_story_from_the_list(draw_page: DrawPage, fictional_la: Engine) -> None:
    drawn = draw_page("transition", Role.MANAGER)
    drawn.selectbox(key="transition child").select_index(0).run()
    assert not drawn.exception
    assert [button.label for button in drawn.button if button.label.startswith("Open the story of ")]
    assert not [box for box in draw_page("transition", Role.LEADER).selectbox if box.key == "transition child"]


def test_the_authority_sets_the_days_by_which_steps_are_due(
    build: Build, empty_database: Engine, draw_page: DrawPage
) -> None:
    with build() as world:
        world.school(900001)
        world.suspension(900001, "P9", "2026-06-04")
        identified = {"identified_date": date(2026, 2, 2), "from_urn": 900001}
        world.save("transitions", pupil_ref="P1", academic_year="202627", **identified)
    drawn = draw_page("transition", Role.MANAGER)
    assert "31 May 2026" in html_of(drawn)
    drawn.date_input(key="day of plan 202627").set_value(date(2026, 6, 20))
    next(button for button in drawn.button if button.label == "Set these days").click().run()
    assert not drawn.exception and not drawn.error
    drawn = draw_page("transition", Role.MANAGER)
    assert "20 June 2026" in html_of(drawn) and "31 May 2026" not in html_of(drawn)
    assert not [button for button in draw_page("transition", Role.LEADER).button if button.label == "Set these days"]


def test_a_year_that_is_over_says_who_settled(draw_page: DrawPage, fictional_la: Engine) -> None:
    drawn = draw_page("transition", Role.MANAGER, entry="2025/26")
    expected = "8 children started Year 7 in 2025/26 with a plan: 7 of the 8 of whom it is recorded were settled"
    assert headings(drawn)[0].startswith(expected)
