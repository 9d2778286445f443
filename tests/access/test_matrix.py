"""Every role, and nobody, against every page and permission: the one table decides, on whatever way somebody comes."""

from collections.abc import Iterator
from contextlib import ExitStack
from itertools import product
from pathlib import Path
from typing import Any

import pytest
from live import Live
from live_people import MARK, MARKS, OTHER_LA, OURS, THEIRS, Insider, marked_world, one_of_each, run, websocket
from streamlit.testing.v1 import AppTest
from websockets.exceptions import InvalidStatus

from access.command_line import who_runs
from access.identity import as_session
from access.roles import PAGES, PERMISSIONS, Permission, Role
from access.sign_in import accounts
from access.sign_in.accounts import Refused
from access.who_may_what import markdown
from ui.shell import title_of

REFUSED = "Not available to you"
SIGNED_OUT = "You are signed out"
EVERYBODY: tuple[Role | None, ...] = (*Role, None)
KINDS = ("hash", "name")
WAYS = [
    pytest.param(*way, marks=[pytest.mark.slow] if way[-1] == "name" else [])
    for way in product(EVERYBODY, PAGES, KINDS)
]
ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def insiders(live: Live) -> dict[Role, Insider]:
    """Somebody of each role, and records that are marked."""
    marked_world(live.engine)
    return one_of_each(live.engine)


@pytest.fixture(scope="module")
def hashes(live: Live, insiders: dict[Role, Insider]) -> dict[str, str]:
    """What the front end calls each page."""
    with websocket(live, insiders[Role.STEWARD].token) as socket:
        return run(socket).pages


def _heading(role: Role | None, permission: Permission, title: str) -> str:
    if role is None:
        return SIGNED_OUT
    return title if role in PERMISSIONS[permission] else REFUSED


def _draw(page: str) -> None:
    from ui.shell import function_of

    function_of(page)()


def _ask(permission: str) -> None:
    import streamlit as st

    from access.roles import Permission
    from ui import who

    who.require(Permission(permission))
    st.title(permission)


def _as(role: Role | None, insiders: dict[Role, Insider], function: Any, **asked: str) -> AppTest:
    drawn = AppTest.from_function(function, default_timeout=120, kwargs=asked)
    drawn.user = {"who": as_session(insiders[role].session_id if role else "nobody's")}
    return drawn.run()


@pytest.mark.parametrize(("role", "page"), [*product(EVERYBODY, PAGES)])
def test_a_page_by_its_function(insiders: dict[Role, Insider], live: Live, role: Role | None, page: str) -> None:
    drawn = _as(role, insiders, _draw, page=page)
    assert [title.value for title in drawn.title] == [_heading(role, PAGES[page], title_of(page))]
    assert not drawn.exception


@pytest.mark.parametrize(("role", "permission"), [*product(EVERYBODY, Permission)])
def test_an_action_by_its_permission(
    insiders: dict[Role, Insider], live: Live, role: Role | None, permission: Permission
) -> None:
    drawn = _as(role, insiders, _ask, permission=str(permission))
    assert [title.value for title in drawn.title] == [_heading(role, permission, str(permission))]


@pytest.mark.parametrize(("role", "permission"), [*product(EVERYBODY, Permission)])
def test_an_action_at_the_command_line(
    insiders: dict[Role, Insider], live: Live, role: Role | None, permission: Permission
) -> None:
    by = _name_of(live, insiders[role]) if role else None
    if role and role in PERMISSIONS[permission]:
        assert who_runs(by, permission).role is role
    else:
        with pytest.raises(Refused):
            who_runs(by, permission)


def _name_of(live: Live, insider: Insider) -> str:

    return next(each.sign_in_name for each in accounts.people(live.engine) if each.account_id == insider.account_id)


@pytest.fixture(scope="module")
def sockets(live: Live, insiders: dict[Role, Insider]) -> Iterator[dict[Role, Any]]:
    """A websocket of each role that stays open."""

    with ExitStack() as stack:
        yield {role: stack.enter_context(websocket(live, each.token)) for role, each in insiders.items()}


@pytest.mark.parametrize(("role", "page", "kind"), WAYS)
def test_a_page_by_a_raw_websocket(
    live: Live, sockets: dict[Role, Any], hashes: dict[str, str], role: Role | None, page: str, kind: str
) -> None:
    if role is None:
        with pytest.raises(InvalidStatus) as refused, websocket(live, None):
            pass
        assert refused.value.response.status_code == 403
        return
    asked = {"page_hash": hashes[page]} if kind == "hash" else {"page": page}
    sent = run(sockets[role], **asked)
    assert sent.headings == [_heading(role, PAGES[page], title_of(page))]
    if role not in PERMISSIONS[Permission.PUPIL_ROWS]:
        assert not any(mark.encode() in sent.all for mark in MARKS)
    assert f"{MARK}{THEIRS}".encode() not in sent.all


@pytest.mark.parametrize("page", ["overview", "schools", "school", "upload", "data_quality"])
@pytest.mark.parametrize(
    "role", [Role.STEWARD, *(pytest.param(role, marks=pytest.mark.slow) for role in Role if role is not Role.STEWARD)]
)
def test_another_authority_is_not_reached_by_any_address(
    sockets: dict[Role, Any], hashes: dict[str, str], role: Role, page: str
) -> None:
    for query in (f"school={THEIRS}", f"la={OTHER_LA}", f"school={OTHER_LA}0331", "measure=Suspension+rate&la=331"):
        sent = run(sockets[role], page_hash=hashes[page], query=query)
        assert f"Academy {THEIRS}".encode() not in sent.all
        assert f"{MARK}{THEIRS}".encode() not in sent.all


def test_the_records_are_there_to_be_seen(sockets: dict[Role, Any], hashes: dict[str, str]) -> None:
    assert f"{MARK}{OURS}".encode() in run(sockets[Role.STEWARD], page_hash=hashes["data_quality"]).all
    assert f"Academy {OURS}".encode() in run(sockets[Role.LEADER], page_hash=hashes["schools"]).all


def test_nothing_of_a_pupil_is_in_the_log(live: Live, sockets: dict[Role, Any]) -> None:
    log = live.log.read_text()
    assert not any(mark in log for mark in MARKS)
    assert "missing ScriptRunContext" not in log


def test_the_document_is_written_from_the_table() -> None:
    assert (ROOT / "docs" / "who-may-see-what.md").read_text("utf-8") == markdown()


def test_at_least_five_hundred_questions_were_asked_of_the_table() -> None:
    pages, permissions, everybody = len(PAGES), len(Permission), len(EVERYBODY)
    assert everybody * (pages + 2 * permissions + pages * len(KINDS)) >= 500
