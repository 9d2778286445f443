"""The door in live mode: what passes without a session, with another's, and when a session ends."""

import time
from collections.abc import Iterator
from contextlib import contextmanager

import pyotp
import pytest
import requests
from live import COOKIE, Live, Visitor
from live_people import insider
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from websockets.exceptions import ConnectionClosed, InvalidStatus
from websockets.sync.client import ClientConnection

from access import audit
from access.audit import Action
from access.identity import HEADER
from access.noting import moment
from access.roles import Permission, Role, may
from access.scope import Grant
from access.sign_in import accounts, sessions

NAMES = iter(range(1_000_000))


def _signed_in(live: Live, role: Role = Role.MANAGER) -> Visitor:
    secret, name = pyotp.random_base32(), f"person{next(NAMES)}@example.org"
    live.add(name, role, secret=secret)
    return live.visitor().sign_in(name, secret)


@pytest.fixture
def visitor(live: Live) -> Visitor:
    return _signed_in(live)


def _run(socket: ClientConnection) -> list[str]:
    """Run the script; the titles of the pages in the menu and the headings that came of it."""
    message = BackMsg()
    message.rerun_script.query_string = ""
    socket.send(message.SerializeToString())
    seen: list[str] = []
    while True:
        forward = ForwardMsg()
        forward.ParseFromString(socket.recv(timeout=60))  # type: ignore[arg-type]
        if forward.WhichOneof("type") == "navigation":
            seen += [page.page_name for page in forward.navigation.app_pages if not page.is_hidden]
        if forward.WhichOneof("type") == "delta" and forward.delta.new_element.WhichOneof("type") == "heading":
            seen.append(forward.delta.new_element.heading.body)
        if forward.WhichOneof("type") == "script_finished":
            return seen


@contextmanager
def _closed_within(socket: ClientConnection, seconds: float) -> Iterator[None]:
    yield
    started = time.monotonic()
    with pytest.raises(ConnectionClosed) as closed:
        while True:
            socket.recv(timeout=seconds)
    assert time.monotonic() - started < seconds
    assert closed.value.rcvd
    assert closed.value.rcvd.code == 1008


@pytest.mark.parametrize(
    "path",
    [
        "/media/0123.csv",
        "/_stcore/health",
        "/_stcore/host-config",
        "/_stcore/upload_file/a/b",
        "/_stcore/bidi-components/x",
        "/component/x/index.html",
        "/app/static/x",
        "/static/../media/0123.csv",
        "/media%2f0123.csv",
        "//media/0123.csv",
        "/index.html",
        "/static/js/../../index.html",
    ],
)
def test_nobody_gets_anything_without_signing_in(live: Live, path: str) -> None:
    import http.client

    connection = http.client.HTTPConnection(live.address.removeprefix("http://"), timeout=20)
    for method in ("GET", "PUT", "DELETE", "POST", "OPTIONS"):
        connection.request(method, path)
        answer = connection.getresponse()
        answer.read()
        assert answer.status == 401, (method, path)
    connection.close()


@pytest.mark.parametrize("path", ["/", "/upload", "/school?school=900001", "/nowhere", "/as/manager", "/index.html"])
def test_pages_lead_to_signing_in(live: Live, path: str) -> None:
    answer = live.visitor().open(path)
    assert answer.status_code == 303
    assert answer.headers["location"].startswith("/sign-in?next=%2F")


@pytest.mark.parametrize("path", ["/sign-in", "/sign-in/sign_in.css", "/sign-in/watch.js", "/healthz", "/favicon.png"])
def test_what_signing_in_needs_is_open(live: Live, path: str) -> None:
    assert live.visitor().open(path).status_code == 200


@pytest.mark.parametrize("path", ["/_stcore/metrics", "/_stcore/agent/openapi.json", "/_stcore/script-health-check"])
def test_what_nobody_needs_is_refused_to_all(live: Live, visitor: Visitor, path: str) -> None:
    assert visitor.open(path).status_code == 404
    assert live.visitor().open(path).status_code == 404


def test_nobody_can_look_as_another_role(live: Live, visitor: Visitor) -> None:
    assert visitor.open("/as/admin").status_code == 404
    assert live.visitor().open("/as/admin").status_code == 303


def test_a_websocket_without_a_session_is_refused(live: Live) -> None:
    with pytest.raises(InvalidStatus) as refused, live.visitor().websocket():
        pass
    assert refused.value.response.status_code == 403


@pytest.mark.parametrize("forged", ["session:%s", "demonstration:admin", "admin"])
def test_a_forged_header_opens_nothing(live: Live, visitor: Visitor, forged: str) -> None:
    session = sessions.standing(live.engine, visitor.token, moment())
    assert session
    header = {HEADER: forged.replace("%s", session.session_id)}
    with pytest.raises(InvalidStatus), live.visitor().websocket(**header):
        pass
    assert live.visitor().open("/", **header).status_code == 303


def test_a_forged_header_beside_a_session_changes_nothing(live: Live) -> None:
    leader = _signed_in(live, Role.LEADER)
    with leader.websocket(**{HEADER: "demonstration:admin"}) as socket:
        menu = _run(socket)
    assert "Upload" not in menu


@pytest.mark.parametrize("origin", ["https://evil.example", "http://127.0.0.1:1", ""])
def test_a_websocket_from_elsewhere_is_refused(live: Live, visitor: Visitor, origin: str) -> None:
    with pytest.raises(InvalidStatus) as refused, visitor.websocket(Origin=origin):
        pass
    assert refused.value.response.status_code == 403


@pytest.mark.parametrize("connected", [True, False], ids=["while its owner is connected", "after its owner left"])
def test_a_stolen_streamlit_session_is_of_no_use(live: Live, connected: bool) -> None:
    owner, thief = _signed_in(live, Role.MANAGER), _signed_in(live, Role.LEADER)
    with owner.websocket() as socket:
        assert "Upload" in _run(socket)
        stolen = _streamlit_session(live, owner)
        if connected:
            with thief.websocket(stolen) as other:
                assert "Upload" not in _run(other)
    if not connected:
        with thief.websocket(stolen) as other:
            assert "Upload" not in _run(other)


def _streamlit_session(live: Live, visitor: Visitor) -> str:
    with visitor.websocket() as socket:
        message = BackMsg()
        message.rerun_script.query_string = ""
        socket.send(message.SerializeToString())
        while True:
            forward = ForwardMsg()
            forward.ParseFromString(socket.recv(timeout=60))  # type: ignore[arg-type]
            if forward.WhichOneof("type") == "new_session":
                return forward.new_session.initialize.session_id


def test_signing_out_closes_every_tab_at_once(visitor: Visitor) -> None:
    with (
        visitor.websocket() as first,
        visitor.websocket() as second,
        _closed_within(first, 2),
        _closed_within(second, 2),
    ):
        visitor.send("/sign-out", {})


def test_ending_a_session_from_elsewhere_closes_its_tabs(live: Live, visitor: Visitor) -> None:
    """This process is not the server: it is the command line, as far as the server can tell."""
    session = sessions.standing(live.engine, visitor.token, moment())
    assert session
    with visitor.websocket() as socket, _closed_within(socket, 10):
        accounts.end_sessions(live.engine, "the test", session.account_id)
    with pytest.raises(InvalidStatus), visitor.websocket():
        pass


def test_a_session_that_stands_stays_open(visitor: Visitor) -> None:
    with visitor.websocket() as socket:
        _run(socket)
        time.sleep(6)  # longer than the gate waits between its looks
        assert _run(socket)


def test_somebody_without_any_grant_is_told_whom_to_ask(live: Live) -> None:
    secret = pyotp.random_base32()
    live.add("bare@example.org", Role.MANAGER, secret=secret, la_code=None)
    with live.visitor().sign_in("bare@example.org", secret).websocket() as socket:
        assert "You cannot see any data yet" in _run(socket)


def test_a_session_without_its_second_factor_opens_nothing(live: Live) -> None:
    live.add("half@example.org", secret=pyotp.random_base32())
    visitor = live.visitor()
    visitor.give_password("half@example.org")
    assert visitor.token
    with pytest.raises(InvalidStatus), visitor.websocket():
        pass
    assert visitor.http.get(f"{live.address}/media/0123.csv", timeout=10).status_code == 401


@pytest.mark.parametrize("role", list(Role))
def test_only_who_may_upload_sends_a_file(live: Live, role: Role) -> None:
    somebody = insider(live.engine, role, Grant(999))
    http = requests.Session()
    http.cookies.set(COOKIE, somebody.token)
    http.get(f"{live.address}/_stcore/health", timeout=10)
    for _ in range(3):
        answer = http.put(
            f"{live.address}/_stcore/upload_file/a/b",
            files={"file": ("x.csv", b"a,b")},
            headers={"X-Xsrftoken": http.cookies["_streamlit_xsrf"]},
            timeout=10,
        )
    refused = "Your role may not upload files."
    assert (answer.text == refused) is not may(role, Permission.UPLOAD), answer.text
    kept = [event for event in audit.events(live.engine, action=Action.REFUSED) if event.who.startswith(f"{role}-")]
    assert [event.subject for event in kept] == ([] if may(role, Permission.UPLOAD) else [Permission.UPLOAD])


def test_another_host_name_is_not_served(live: Live, visitor: Visitor) -> None:
    assert visitor.open("/", Host="evil.example").status_code == 421
    assert live.visitor().open("/sign-in", Host="evil.example").status_code == 421


def test_the_page_brings_the_script_that_takes_it_away(visitor: Visitor) -> None:
    page = visitor.open("/overview", **{"Accept-Encoding": "gzip", "If-None-Match": "x"})
    assert page.text.count('<script src="/sign-in/watch.js"></script></head>') == 1
    assert "etag" not in page.headers
    assert int(page.headers["content-length"]) == len(page.content)


def test_the_cookie_of_the_demonstration_means_nothing(live: Live) -> None:
    stranger = live.visitor()
    stranger.http.cookies.set("outreach_role", "manager")
    stranger.http.cookies.set(COOKIE, "x")
    assert stranger.open("/").status_code == 303
