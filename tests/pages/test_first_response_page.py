"""First response on the page: what a leader is not shown, a call that is logged, and one that is followed up."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import date

import pytest
from drawn_page import pieces
from places import DrawPage, said
from sqlalchemy import Engine, select
from streamlit.testing.v1 import AppTest
from worlds import World

from access.roles import Role
from data_model.first_response import FIRST_RESPONSE
from data_model.store import reading
from data_model.uploads import uploads

Build = Callable[[], AbstractContextManager[World]]
_TABLE = FIRST_RESPONSE.table
CONSIDERED, LOG = "Heads considering permanent exclusion", "Log a call"


@pytest.fixture
def line(build: Build) -> None:
    """Thirty calls of one autumn, three of them from heads who considered exclusion, about a pupil each."""
    with build() as world:
        world.school(900001, "secondary", district="North", school_name="Quillbrook High School")
        world.roll(900001, 500, census="AUT")
        world.suspension(900001, "P1", "2025-12-01")
        world.sent("suspensions", [900001], "202526", "AUT")
        upload = world.sent("first_response", [], "202526", "AUT")
        for number in range(30):
            considered = {"kind": "pex_considered", "pupil_ref": f"P00{number}"} if number < 3 else {"kind": "advice"}
            world.save(
                "first_response",
                call_id=f"L{number}",
                received_date=date(2025, 9, 8),
                answered_date=date(2025, 9, 8),
                channel="phone",
                urn=900001,
                worker_ref="Wren Ashdown",
                theme="SEMH",
                became="nothing",
                **considered,
            )
        world.connection.execute(_TABLE.update().values(upload_id=upload))


def press(page: AppTest, label: str) -> AppTest:
    return next(button for button in page.button if button.label == label).click().run()


def field(page: AppTest, label: str) -> object:
    every = [*page.selectbox, *page.text_input, *page.date_input]
    return next(each for each in every if each.label == label)


def calls(engine: Engine) -> list[dict[str, object]]:
    with reading(engine) as connection:
        return [dict(row) for row in connection.execute(select(_TABLE)).mappings()]


@pytest.mark.parametrize("view", ["Calls", CONSIDERED, LOG])
def test_a_leader_sees_neither_children_nor_workers_nor_a_form(line: None, draw_page: DrawPage, view: str) -> None:
    page = draw_page("first_response", Role.LEADER, view=view)
    words = repr(list(pieces(page))) + said(page)
    assert not page.exception and "Ashdown" not in words and "P001" not in words
    assert not page.text_input and LOG not in [button.label for button in page.button]
    assert "Quillbrook" not in words


@pytest.mark.parametrize("view", ["Calls", CONSIDERED, LOG])
def test_nobody_is_shown_a_child(line: None, draw_page: DrawPage, view: str) -> None:
    page = draw_page("first_response", Role.MANAGER, view=view)
    assert not page.exception and "P001" not in repr(list(pieces(page))) + said(page)


def test_a_manager_logs_a_call(line: None, empty_database: Engine, draw_page: DrawPage) -> None:
    page = draw_page("first_response", Role.MANAGER, view=LOG)
    field(page, "School").set_value("900001")  # type: ignore[attr-defined]
    field(page, "Kind of call").set_value("advice")  # type: ignore[attr-defined]
    field(page, "Minutes spent").input("25")  # type: ignore[attr-defined]
    page = press(page, "Log the call")
    assert [each.value for each in page.success] == ["The call is logged."], [each.value for each in page.error]
    (logged,) = (call for call in calls(empty_database) if call["minutes"] == 25)
    assert (logged["urn"], logged["received_date"], logged["pupil_ref"]) == (900001, date(2025, 12, 1), None), (
        "the last day of the data"
    )
    with reading(empty_database) as connection:
        newest = connection.execute(select(uploads).order_by(uploads.c.upload_id.desc())).first()
    assert newest and newest.file_name == "Typed on the page"


def test_where_a_child_was_is_asked_and_recorded(line: None, empty_database: Engine, draw_page: DrawPage) -> None:
    page = draw_page("first_response", Role.MANAGER, view=CONSIDERED)
    chosen = next(box for box in page.selectbox if box.label == "Call that the school answered for")
    assert len(chosen.options) == 3
    page = chosen.set_value("L1").run()
    field(page, "Where the child was 5 school days later").set_value("in_school")  # type: ignore[attr-defined]
    field(page, "Where the child was 20 school days later").set_value("ap")  # type: ignore[attr-defined]
    page = press(page, "Save")
    (call,) = (call for call in calls(empty_database) if call["call_id"] == "L1")
    assert (call["whereabouts_5"], call["whereabouts_20"], call["pupil_ref"]) == ("in_school", "ap", "P001")
