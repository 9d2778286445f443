"""Widget messages that a page never offered: none is taken for more than the role may do."""

from collections.abc import Iterator
from contextlib import ExitStack
from typing import Any

import pytest
from live import Live
from live_people import Insider, Sent, insider, marked_world, one_of_each, run, websocket
from sqlalchemy import select
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from streamlit.proto.WidgetStates_pb2 import WidgetState

from access.roles import Role
from access.scope import Grant
from access.sign_in import accounts as people
from data_model.accounts import accounts, grants
from data_model.store import TABLES, reading

LOOSE = ("sign_in_sessions", "audit_events", "audit_head", "audit_pupils")
"""What any visit may write."""


@pytest.fixture(scope="module")
def insiders(live: Live) -> dict[Role, Insider]:
    """Somebody of each role, and records that are marked."""
    marked_world(live.engine)
    return one_of_each(live.engine)


@pytest.fixture(scope="module")
def sockets(live: Live, insiders: dict[Role, Insider]) -> Iterator[dict[Role, Any]]:
    """A websocket of each role that stays open."""
    with ExitStack() as stack:
        yield {role: stack.enter_context(websocket(live, each.token)) for role, each in insiders.items()}


def everything(live: Live) -> dict[str, list[tuple[Any, ...]]]:
    """All that is kept, but what any visit may write."""
    with reading(live.engine) as connection:
        return {
            name: [tuple(row) for row in connection.execute(select(table))]
            for name, table in TABLES.items()
            if name not in LOOSE
        }


def widgets_of(sent: Sent) -> dict[str, str]:
    """The widgets of a page, and what kind each is."""
    found: dict[str, str] = {}
    for frame in sent.frames:
        forward = ForwardMsg()
        forward.ParseFromString(frame)
        if forward.WhichOneof("type") == "delta" and forward.delta.WhichOneof("type") == "new_element":
            kind = forward.delta.new_element.WhichOneof("type")
            element = getattr(forward.delta.new_element, kind) if kind else None
            if kind and getattr(element, "id", ""):
                found[element.id] = kind
    return found


def forged(widget: str, kind: str) -> list[WidgetState]:
    """Values that no page offers for a widget."""
    states = [WidgetState(id=widget, trigger_value=True), WidgetState(id=widget, string_value="' OR 1=1 --")]
    states += [WidgetState(id=widget, int_value=10**12), WidgetState(id=widget, bool_value=True)]
    if kind == "dataframe":
        edits = '{"edited_rows": {"0": {"urn": 900331}}, "added_rows": [{"urn": 1}], "deleted_rows": [0]}'
        states.append(WidgetState(id=widget, string_value=edits))
    return states


PRIVILEGED = (
    ("people", Role.ADMIN),
    ("audit", Role.ADMIN),
    ("retention", Role.ADMIN),
    ("upload", Role.STEWARD),
    ("data_quality", Role.STEWARD),
)


def test_no_widget_of_a_page_that_is_not_for_them_does_anything(live: Live, sockets: dict[Role, Any]) -> None:
    sent_so_far = 0
    for page, owner in PRIVILEGED:
        own = run(sockets[owner])
        page_hash = own.pages[page]
        widgets = widgets_of(run(sockets[owner], page_hash=page_hash))
        before = everything(live)
        for role in Role:
            if role is owner or (page in ("upload", "data_quality") and role is Role.MANAGER):
                continue
            for widget, kind in widgets.items():
                for state in forged(widget, kind):
                    answer = run(sockets[role], page_hash=page_hash, widgets=[state])
                    assert answer.headings == ["Not available to you"]
                    sent_so_far += 1
        assert everything(live) == before
    assert sent_so_far >= 100


@pytest.mark.slow
def test_options_that_a_page_does_not_offer_change_and_show_nothing(live: Live, sockets: dict[Role, Any]) -> None:
    pages = run(sockets[Role.LEADER]).pages
    for page in ("overview", "schools", "school"):
        widgets = widgets_of(run(sockets[Role.LEADER], page_hash=pages[page]))
        before = everything(live)
        for widget, kind in widgets.items():
            for state in forged(widget, kind):
                answer = run(sockets[Role.LEADER], page_hash=pages[page], widgets=[state])
                assert b"CANARY" not in answer.all
                assert b"Academy 900331" not in answer.all
        assert everything(live) == before


def test_a_right_that_was_taken_away_is_gone_at_the_next_message(live: Live) -> None:
    somebody = insider(live.engine, Role.ADMIN)
    with websocket(live, somebody.token) as socket:
        page_hash = run(socket).pages["people"]
        widgets = widgets_of(run(socket, page_hash=page_hash))
        people.set_role(live.engine, "the test", somebody.account_id, Role.LEADER)
        people.grant(live.engine, "the test", somebody.account_id, Grant(999))
        before = _rights(live)
        for widget, kind in widgets.items():
            for state in forged(widget, kind):
                # A value of a wrong kind for a widget that was drawn before ends the run before anything is drawn.
                assert run(socket, page_hash=page_hash, widgets=[state]).headings in (["Not available to you"], [])
    with websocket(live, somebody.token) as socket:
        assert run(socket, page_hash=page_hash).headings == ["Not available to you"]
    assert _rights(live) == before


def _rights(live: Live) -> list[tuple[Any, ...]]:
    with reading(live.engine) as connection:
        return [tuple(row) for table in (accounts, grants) for row in connection.execute(select(table))]
