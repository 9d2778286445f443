"""Children without support: who is listed, what is decided of them, what is new since, and who may see none of it."""

import pytest
from places import Build, DrawPage, headings
from sqlalchemy import Engine

from access.roles import Role

PAGE = "children_without_support"


@pytest.fixture
def small_la(build: Build, empty_database: Engine) -> Engine:
    """A child suspended three times, one with an open case, and one whose case is over."""
    with build() as world:
        school = world.school(900002, phase="secondary", school_name="Quillbrook High School")
        for pupil in ("P000101", "P000202", "P000303"):
            for day in ("2025-09-22", "2025-10-06", "2025-11-10"):
                world.suspension(school, pupil, day, source="notified")
        world.case(school, "2025-10-13", pupil_ref="P000202")
        world.case(school, "2025-03-03", "2025-07-04", pupil_ref="P000303", close_reason="planned")
    return empty_database


def grid(drawn: object, number: int = 0) -> dict[str, list[object]]:
    return drawn.dataframe[number].value.to_dict("list")


def test_a_child_with_an_open_case_is_not_listed(draw_page: DrawPage, small_la: Engine) -> None:
    drawn = draw_page(PAGE, Role.MANAGER)
    assert not drawn.exception
    assert headings(drawn)[0] == "2 children without an open case: 2 to decide about"
    assert {child.split("(")[-1].rstrip(")") for child in grid(drawn)["Child"]} == {"P000101", "P000303"}
