"""What holds for every page and role: the permission table decides, and a page has one heading and no fault."""

import re
from itertools import product
from pathlib import Path

import pytest
from sqlalchemy import Engine
from streamlit.testing.v1 import AppTest

import pages
from access.roles import PAGES, Permission, Role, may
from ui.shell import PARTS, menu_headings, part_of, title_of

EVERY_PAGE_AND_ROLE = list(product(PAGES, Role))


def test_every_page_has_a_permission_and_every_permission_a_page() -> None:
    modules = {path.stem for path in Path(next(iter(pages.__path__))).glob("*.py")} - {"__init__"}
    assert modules == {each.removeprefix("page:") for each in Permission if each.startswith("page:")}


@pytest.mark.parametrize(("page", "role"), EVERY_PAGE_AND_ROLE)
def test_a_page_is_drawn_for_those_who_may_see_it_and_no_one_else(
    draw_page, empty_database: Engine, page: str, role: Role
) -> None:
    drawn: AppTest = draw_page(page, role)
    assert not drawn.exception
    assert [title.value for title in drawn.title] == [
        title_of(page) if may(role, PAGES[page]) else "Not available to you"
    ]
    if not may(role, PAGES[page]):
        assert len(drawn.main) == 2, "a refusal is a heading and a sentence"


@pytest.mark.parametrize("role", Role)
def test_the_first_page_of_a_role_is_one_that_it_may_see(draw_shell, empty_database: Engine, role: Role) -> None:
    drawn: AppTest = draw_shell(role)
    assert not drawn.exception
    first = next(page for page, permission in PAGES.items() if may(role, permission))
    assert [title.value for title in drawn.title] == [title_of(first)]


@pytest.mark.parametrize("role", Role)
def test_every_page_warns_and_offers_to_view_as_another_role(draw_shell, empty_database: Engine, role: Role) -> None:
    drawn: AppTest = draw_shell(role)
    assert "Do not load real children’s data" in drawn.warning[0].value
    switch = drawn.sidebar.get("html")[0].proto.body
    assert {other for other in Role if f'href="/as/{other}?next=%2F"' in switch} == set(Role) - {role}


@pytest.mark.parametrize("role", Role)
def test_each_part_of_the_menu_has_its_heading_above_its_first_page(role: Role) -> None:
    menu = [page for page, permission in PAGES.items() if may(role, permission)]
    written = dict(re.findall(r'li:nth-child\((\d+)\)::before { content: "([^"]+)"; }', menu_headings(role)))
    assert {menu[int(place) - 1]: part for place, part in written.items()} == {
        next(page for page in menu if part_of(page) == part): part for part in dict.fromkeys(map(part_of, menu))
    }


def test_the_parts_of_the_menu_follow_the_order_of_its_pages() -> None:
    assert list(dict.fromkeys(map(part_of, PAGES))) == list(PARTS.values())
