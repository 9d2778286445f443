"""Outreach and managed moves: it refuses or shows ranges, says what it does not show, and leaders see nothing small."""

import re

import pytest
from html_of import html_of
from places import DrawPage, headings, said, titles
from sqlalchemy import Engine

from access.roles import Role


@pytest.mark.parametrize("role", [Role.LEADER, Role.MANAGER, Role.PANEL])
def test_it_refuses_with_a_reason_and_says_what_it_does_not_show(
    draw_page: DrawPage, fictional_la: Engine, role: Role
) -> None:
    drawn = draw_page("moves_and_outreach", role)
    assert not drawn.exception
    assert titles(drawn) == ["Outreach and managed moves"]
    assert headings(drawn)[0].startswith("Not comparable: ")
    assert "does not show what would have happened otherwise" in said(drawn)
    assert "Off-site direction (27 pupils)" in html_of(drawn), "a group of its own"
    assert "They are never added up" in said(drawn)


@pytest.mark.parametrize("role", [Role.LEADER, Role.PANEL])
def test_who_may_not_see_small_numbers_sees_none(draw_page: DrawPage, fictional_la: Engine, role: Role) -> None:
    shown = html_of(draw_page("moves_and_outreach", role))
    assert "[c]" in shown
    assert not re.search(r">[1-4] of \d+", shown)
    assert "Which pupils are alike" not in shown


def test_managers_see_who_is_alike_and_how_many_moves_held(draw_page: DrawPage, fictional_la: Engine) -> None:
    drawn = draw_page("moves_and_outreach", Role.MANAGER)
    assert "Which pupils are alike" in html_of(drawn)
    assert "that are due held: the child was at the new school after 12 school weeks" in said(drawn)
