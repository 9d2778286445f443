"""Transition: managers see what is missing and for whom; leaders see counts, none small, and no child."""

import re

import pytest
from html_of import html_of
from places import DrawPage, headings, said
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


def test_a_year_that_is_over_says_who_settled(draw_page: DrawPage, fictional_la: Engine) -> None:
    drawn = draw_page("transition", Role.MANAGER, entry="2025/26")
    expected = "8 children started Year 7 in 2025/26 with a plan: 7 of the 8 of whom it is recorded were settled"
    assert headings(drawn)[0].startswith(expected)
