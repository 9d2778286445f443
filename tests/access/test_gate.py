"""The door: who is asking, and where a link may lead."""

import asyncio
import json
from typing import Any

import pytest
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import PlainTextResponse
from starlette.routing import Route

from access.door.gate import Gate, local_path, routes
from access.identity import COOKIE, HEADER, role_in, role_named, session_in
from access.roles import Role


async def _who(request: Request) -> PlainTextResponse:
    return PlainTextResponse(",".join(request.headers.getlist(HEADER)))


def _answer(
    path: str, headers: dict[str, str] | None = None, query: str = "", up: bool = True, client: str = "127.0.0.1"
) -> dict[str, Any]:
    """What the app behind the gate answers: `status`, `headers`, `body`."""
    app = Starlette(
        routes=[Route("/who", _who), *routes(lambda: {"status": "ok" if up else "down"})], middleware=[Middleware(Gate)]
    )
    scope = {
        "type": "http",
        "method": "GET",
        "path": path,
        "query_string": query.encode(),
        "client": (client, 50_000),
        "headers": [
            (name.lower().encode(), value.encode())
            for name, value in ({"host": "127.0.0.1:8501"} | (headers or {})).items()
        ],
    }
    sent: list[Any] = []

    async def receive() -> Any:
        return {"type": "http.request", "body": b"", "more_body": False}

    async def send(message: Any) -> None:
        sent.append(message)

    asyncio.run(app(scope, receive, send))
    names = {name.decode(): value.decode() for name, value in sent[0]["headers"]}
    return {"status": sent[0]["status"], "headers": names, "body": b"".join(m.get("body", b"") for m in sent).decode()}


@pytest.mark.parametrize(
    ("cookie", "role"),
    [
        ("", Role.LEADER),
        (f"{COOKIE}=manager", Role.MANAGER),
        (f"other=1; {COOKIE}=steward", Role.STEWARD),
        (f'other={{"a": "b c"}}; {COOKIE}=panel', Role.PANEL),
        (f"{COOKIE}=root", Role.LEADER),
        (f"{COOKIE}=", Role.LEADER),
        ("\x00; =;;", Role.LEADER),
    ],
)
def test_the_cookie_says_who_is_asking(cookie: str, role: Role) -> None:
    assert _answer("/who", {"cookie": cookie})["body"] == f"demonstration:{role}"


def test_a_browser_cannot_say_it_in_the_header() -> None:
    assert _answer("/who", {HEADER: "demonstration:admin"})["body"] == f"demonstration:{Role.LEADER}"


@pytest.mark.parametrize("host", ["127.0.0.1:8501", "localhost:8501", "[::1]:8501"])
@pytest.mark.parametrize("client", ["127.0.0.1", "::1"])
def test_the_demonstration_is_for_whoever_is_at_this_computer(host: str, client: str) -> None:
    assert _answer("/who", {"host": host}, client=client)["status"] == 200


@pytest.mark.parametrize(
    "headers",
    [
        {"X-Forwarded-For": "127.0.0.1"},
        {"X-Forwarded-For": ""},
        {"X-Forwarded-Host": "127.0.0.1:8501"},
        {"X-Forwarded-Proto": "http"},
        {"Forwarded": "for=127.0.0.1"},
        {"X-Real-IP": "127.0.0.1"},
        {"Via": "1.1 proxy"},
        {"host": "outreach.example.gov.uk"},
        {"host": "127.0.0.1.evil.example:8501"},
        {"host": ""},
        {"host": "["},
    ],
    ids=str,
)
def test_the_demonstration_is_refused_through_a_proxy_and_under_another_name(headers: dict[str, str]) -> None:
    refused = _answer("/who", headers)
    assert refused["status"] == 403
    assert "without a proxy" in refused["body"]


def test_the_demonstration_is_refused_to_another_computer() -> None:
    assert _answer("/who", client="192.0.2.7")["status"] == 403


@pytest.mark.parametrize("role", Role)
def test_view_as_sets_a_cookie_that_scripts_cannot_read(role: Role) -> None:
    answer = _answer(f"/as/{role}", query="next=/school%3Fschool%3D900001")
    assert answer["status"] == 303
    assert answer["headers"]["location"] == "/school?school=900001"
    cookie = answer["headers"]["set-cookie"]
    assert cookie.startswith(f"{COOKIE}={role};")
    assert "HttpOnly" in cookie
    assert "SameSite=lax" in cookie


def test_view_as_a_role_that_does_not_exist() -> None:
    answer = _answer("/as/root")
    assert answer["status"] == 404
    assert "set-cookie" not in answer["headers"]
    assert answer["body"] == "There is no such role. The roles are leader, manager, panel, steward, admin."


@pytest.mark.parametrize("path", ["/", "/upload", "/school?school=900001&year=2024/25", "/schools?measure=Days%20lost"])
def test_a_link_leads_to_a_page_of_this_app(path: str) -> None:
    assert local_path(path) == path


@pytest.mark.parametrize(
    "path",
    [
        "",
        "upload",
        "https://evil.example",
        "//evil.example",
        "/\\evil.example",
        "/\t/evil.example",
        "/a\\b",
        "/\n/evil.example",
        "javascript:alert(1)",
        "/upload\r\nset-cookie: a=b",
    ],
)
def test_a_link_never_leads_elsewhere(path: str) -> None:
    assert local_path(path) == "/"


def test_healthz_answers_whether_the_app_is_up() -> None:
    up, down = _answer("/healthz"), _answer("/healthz", up=False)
    assert (up["status"], json.loads(up["body"])) == (200, {"status": "ok"})
    assert (down["status"], json.loads(down["body"])) == (503, {"status": "down"})


def test_roles_by_name() -> None:
    assert role_named("panel") is Role.PANEL
    assert role_named("Panel ") is None
    assert role_named(None) is None
    assert role_named(["manager"]) is None


def test_what_the_gate_tells_is_read_as_nothing_else() -> None:
    assert role_in("demonstration:panel") is Role.PANEL
    assert session_in("session:abc") == "abc"
    assert session_in("demonstration:panel") is role_in("session:panel") is role_in("panel") is role_in(None) is None
