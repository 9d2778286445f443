"""Who is affected: the finding is what analysis found, what cannot be said is said, and leaders see nothing small."""

import re

import pytest
from html_of import html_of
from places import LA, Build, DrawPage, headings, said, titles
from sqlalchemy import Engine

from access.roles import Role
from access.scope import Scope
from analysis import queries
from analysis.fairness.comparison import fairness
from analysis.fairness.queries import affected
from data_model.store import reading


@pytest.mark.parametrize("role", [Role.LEADER, Role.MANAGER, Role.PANEL, Role.STEWARD])
def test_it_says_the_finding_its_ranges_and_that_it_is_no_cause(
    draw_page: DrawPage, fictional_la: Engine, role: Role
) -> None:
    drawn = draw_page("fairness", role)
    assert not drawn.exception
    assert titles(drawn) == ["Who is affected"]
    scope = Scope(frozenset({LA}), full_figures=role in (Role.MANAGER, Role.STEWARD))
    with reading(fictional_la) as connection:
        counts = affected(connection, scope, LA)
        found = fairness(queries.records(connection, scope), counts, LA)
    assert headings(drawn) == [found.sentence]
    assert "(range " in found.sentence
    assert "This says who, not why." in said(drawn)
    assert "Care: not compared." in said(drawn)
    assert "not a cause" in said(drawn)


def test_leaders_see_no_small_group(draw_page: DrawPage, fictional_la: Engine) -> None:
    drawn = draw_page("fairness", Role.LEADER, years="2025/26")
    table = html_of(drawn)
    assert "[c]" in table
    assert not re.search(r"Too small to say: [1-4] ", table)
    assert [button.label for button in drawn.download_button] == ["Download as CSV"]


def test_one_year_and_one_phase_can_be_asked_for(draw_page: DrawPage, fictional_la: Engine) -> None:
    drawn = draw_page("fairness", Role.MANAGER, years="2024/25", phase="Secondary")
    assert "2024/25" in headings(drawn)[0]
    assert "Too small to say:" in html_of(drawn)


def test_without_rolls_it_says_what_it_needs(draw_page: DrawPage, build: Build) -> None:
    with build() as world:
        world.school()
        world.suspension(900001, "P1", "2024-10-01")
    drawn = draw_page("fairness", Role.MANAGER)
    assert "needs suspensions, and January headcounts" in said(drawn)
    assert not drawn.exception


def test_the_overview_has_a_control_chart_with_its_table_beside_it(draw_page: DrawPage, fictional_la: Engine) -> None:
    drawn = draw_page("overview", Role.MANAGER)
    assert "Over the terms" in headings(drawn)
    assert any("too few terms to say" in heading for heading in headings(drawn)), "three years are nine terms"
    assert "The latest terms beside what is usual for a term of that season" in html_of(drawn)
