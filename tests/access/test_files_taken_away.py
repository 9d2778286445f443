"""Files that are made when a download button is pressed: for whom they are, and until when."""

from collections.abc import Callable

import pytest
import requests
from live import COOKIE, Live
from live_people import Insider, insider, marked_world, press, run, websocket
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from websockets.sync.client import ClientConnection

from access.roles import Role
from access.scope import Grant
from access.sign_in import accounts, sessions
from ui.files import file_in

OURS, OTHER = Grant(999), Grant(331)


@pytest.fixture(scope="module")
def world(live: Live) -> Live:
    marked_world(live.engine)
    return live


class Desk:
    """The page of all schools, drawn for somebody, and its download buttons."""

    def __init__(self, socket: ClientConnection) -> None:
        self._socket = socket
        first = run(socket)
        self._drawn = run(socket, page_hash=first.pages["schools"])
        self._drawn.streamlit_session = first.streamlit_session
        self.files = self._drawn.files

    def press(self, file: str) -> str:
        """Ask for a file; its address, or nothing where it was refused."""
        return press(self._socket, self._drawn, file)


def _status(live: Live, who: Insider, address: str) -> int:
    return requests.get(live.address + address, cookies={COOKIE: who.token}, timeout=30).status_code


def test_a_file_is_for_the_session_that_asked_for_it(world: Live) -> None:
    manager, leader = insider(world.engine, Role.MANAGER, OURS), insider(world.engine, Role.LEADER, OTHER)
    with websocket(world, manager.token) as socket, websocket(world, leader.token) as others:
        desk = Desk(socket)
        address = desk.press(desk.files[0])
        assert address.startswith("/media/")
        assert _status(world, manager, address) == 200
        Desk(others)
        assert _status(world, leader, address) == 403


def _demoted(live: Live, who: Insider) -> None:
    accounts.set_role(live.engine, "the test", who.account_id, Role.LEADER)


def _granted_nothing(live: Live, who: Insider) -> None:
    accounts.take_back(live.engine, "the test", who.account_id, OURS)


def _granted_more(live: Live, who: Insider) -> None:
    accounts.grant(live.engine, "the test", who.account_id, OTHER)


@pytest.mark.parametrize("change", [_demoted, _granted_nothing, _granted_more])
def test_a_page_drawn_for_other_rights_makes_no_more_files(
    world: Live, change: Callable[[Live, Insider], None]
) -> None:
    manager = insider(world.engine, Role.MANAGER, OURS)
    with websocket(world, manager.token) as socket:
        desk = Desk(socket)
        assert all(map(desk.press, desk.files))
        change(world, manager)
        assert not any(map(desk.press, desk.files))


def test_a_file_is_gone_with_its_session(world: Live) -> None:
    manager = insider(world.engine, Role.MANAGER, OURS)
    with websocket(world, manager.token) as socket:
        desk = Desk(socket)
        address = desk.press(desk.files[0])
        sessions.end(world.engine, manager.session_id)
        assert _status(world, manager, address) == 401


def test_a_part_of_an_authority_is_published_as_the_whole_is(world: Live) -> None:
    """What is hidden of it is decided on the whole authority (tests/analysis/test_two_people.py)."""
    for grant in (OURS, Grant(999, district="North")):
        manager = insider(world.engine, Role.MANAGER, grant)
        with websocket(world, manager.token) as socket:
            drawn = run(socket, page_hash=run(socket).pages["schools"])
        assert b"Download as CSV" in drawn.all
        assert b"Download for publication" in drawn.all


def test_words_that_look_like_an_address_hand_nothing_over() -> None:
    typed = ForwardMsg()
    typed.delta.new_element.markdown.body = "/media/0123.csv"
    assert file_in(typed.SerializeToString()) is None
    made = ForwardMsg()
    made.backend_operation_response.deferred_file.url = "/media/0123.csv"
    assert file_in(made.SerializeToString()) == "/media/0123.csv"
