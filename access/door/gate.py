"""The door: every request and websocket is looked at here, before Streamlit sees it.

In live mode nobody passes without a session, but to the pages of signing in, `/healthz` and the front end's own files.
In the demonstration nobody passes but from this very machine.
"""

import asyncio
import logging
import re
from collections.abc import Callable
from typing import Any
from urllib.parse import quote

from anyio.to_thread import run_sync
from starlette.datastructures import MutableHeaders
from starlette.requests import HTTPConnection, Request
from starlette.responses import JSONResponse, PlainTextResponse, RedirectResponse, Response
from starlette.routing import Route
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from access import audit
from access.door import tabs
from access.door.headers import protect
from access.door.local_path import local_path
from access.door.visitor import is_of_this_machine, is_our_host, is_our_origin
from access.identity import COOKIE, HEADER, as_role, as_session, role_named
from access.noting import moment
from access.roles import Permission, Role
from access.sign_in import pages as sign_in
from access.sign_in import sessions
from access.sign_in.sessions import Session
from data_model import logs
from data_model.settings import settings
from data_model.store import database

logger = logging.getLogger(__name__)

_OPEN = re.compile(
    r"/sign-in(/.*)?|/sign-out(/done)?|/healthz|/favicon\.png|/manifest\.json|/static/(js|css|media)/[^/]+"
)
_SIGN_IN = re.compile(r"/sign-(in|out)(/.*)?")
# Nobody needs these: metrics tell how many are here, and the agent's interface is another way in.
_NOBODYS = re.compile(r"/_stcore/(metrics|script-health-check|agent)(/.*)?")
_NOT_A_PAGE = re.compile(r"/(_stcore|media|component|app/static)(/.*)?")
_FILE = re.compile(r"/media(/.*)?", re.DOTALL)
_UPLOAD = re.compile(r"/_stcore/upload_file(/.*)?", re.DOTALL)
_ASKED_BY_ITSELF = frozenset({"/_stcore/health", "/_stcore/host-config"})
_WATCH = b'<script src="/sign-in/watch.js"></script></head>'
_POLICY_VIOLATION = 1008
_LOOK_EVERY = 5.0
"""Seconds between looks at whether the sessions of open tabs still stand: those ended here are closed at once."""


class Gate:
    """ASGI middleware that lets in whom it may, and tells the app who that is in a header that no browser can forge.

    `file_in` gives the address of the file that a message from the app to a tab hands over, if it does: in live mode a
    file is for the session of that tab alone. Its address is made from its content, so that it can be guessed.
    """

    def __init__(self, app: ASGIApp, file_in: Callable[[bytes], str | None] = lambda frame: None) -> None:
        self.app = app
        self._file_in = file_in
        self._watching: asyncio.Task[None] | None = None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request or websocket on with who asks, or answer it here."""
        if scope["type"] not in ("http", "websocket"):
            await self.app(scope, receive, send)
            return
        if scope["type"] == "websocket":
            await self._decide(scope, receive, send)
            return
        send = _Protected(scope["path"], send)
        try:
            await self._decide(scope, receive, send)
        except Exception as error:  # the server would log its message, which can quote what was typed
            reference = logs.refer_to(logger, "A request failed", error)
            if not send.started:
                sentence = f"Something went wrong. Try again, or tell whoever runs this dashboard: {reference}."
                await PlainTextResponse(sentence, 500)(scope, receive, send)

    async def _decide(self, scope: Scope, receive: Receive, send: Send) -> None:
        connection, path = HTTPConnection(scope), scope["path"]
        if _NOBODYS.fullmatch(path):
            await _refuse(connection, "This address is not served.", 404, receive, send)
        elif settings().is_live:
            await self._live(connection, receive, send)
        elif not is_of_this_machine(connection):
            sentence = (
                "The demonstration is for this computer alone, without a proxy: open it here, as localhost. "
                "Set OUTREACH_MODE=live to let others sign in."
            )
            await _refuse(connection, sentence, 403, receive, send)
        elif _SIGN_IN.fullmatch(path):
            await _refuse(connection, "There is no sign-in in the demonstration.", 404, receive, send)
        else:
            await self.app(_told(scope, as_role(connection.cookies.get(COOKIE))), receive, send)

    async def _live(self, connection: HTTPConnection, receive: Receive, send: Send) -> None:
        scope, path = connection.scope, connection.scope["path"]
        if not is_our_host(connection) and path != "/healthz":
            sentence = "This is not the address of this service. OUTREACH_PUBLIC_URL says what it is."
            await _refuse(connection, sentence, 421, receive, send)
            return
        if scope["type"] == "http" and _OPEN.fullmatch(path):
            await self.app(_unpacked(_told(scope, None)), receive, send)
            return
        token = connection.cookies.get(sessions.cookie_name())
        session = await run_sync(sessions.standing, database(), token, moment())
        if scope["type"] == "websocket":
            await self._websocket(connection, session, receive, send)
        elif session is None or session.step:
            await _ask_to_sign_in(connection, session, receive, send)
        else:
            await self._page(connection, session, receive, send)

    async def _page(self, connection: HTTPConnection, session: Session, receive: Receive, send: Send) -> None:
        scope = _told(connection.scope, as_session(session.session_id))
        if _FILE.fullmatch(scope["path"]) and not tabs.was_made_for(session.session_id, scope["path"]):
            sentence = "This file is not for you, or its page is closed. Go to the page and ask for it again."
            await _refuse(connection, sentence, 403, receive, send)
            return
        if _UPLOAD.fullmatch(scope["path"]) and not session.person.may(Permission.UPLOAD):
            # It would be kept in memory, whatever the page of who sent it does with it.
            await run_sync(audit.refused, database(), session.person, Permission.UPLOAD)
            await _refuse(connection, "Your role may not upload files.", 403, receive, send)
            return
        if scope["path"] not in _ASKED_BY_ITSELF:
            await run_sync(sessions.seen, database(), session, moment())
        if _is_page(connection):
            scope, send = _whole(scope), _with_watch(send)
        await self.app(scope, receive, send)

    async def _websocket(
        self, connection: HTTPConnection, session: Session | None, receive: Receive, send: Send
    ) -> None:
        if session is None or session.step or not is_our_origin(connection):
            await send({"type": "websocket.close", "code": _POLICY_VIOLATION})  # before accepting: the answer is 403
            return
        self._watch()
        with tabs.Tab(session.session_id) as tab:
            open_websocket = _Websocket(tab, receive, send, self._file_in)
            scope = _told(connection.scope, as_session(session.session_id))
            await self.app(scope, open_websocket.receive, open_websocket.send)

    def _watch(self) -> None:
        if self._watching is None or self._watching.done():
            self._watching = asyncio.create_task(_close_what_ended())


class _Websocket:
    """A websocket between the server and the app, closed towards both when its session ends."""

    def __init__(self, tab: tabs.Tab, receive: Receive, send: Send, file_in: Callable[[bytes], str | None]) -> None:
        self._tab, self._receive, self._send, self._file_in = tab, receive, send, file_in
        self._closed = False
        self._noted = moment()

    async def receive(self) -> Message:
        """The browser's next message, which counts as activity; or that it is gone, once the session ended."""
        coming = asyncio.ensure_future(self._receive())
        ended = asyncio.ensure_future(self._tab.ended.wait())
        try:
            await asyncio.wait({coming, ended}, return_when=asyncio.FIRST_COMPLETED)
            if self._tab.ended.is_set():
                await self._close()
                return {"type": "websocket.disconnect", "code": _POLICY_VIOLATION}
            message = coming.result()
        finally:
            coming.cancel()
            ended.cancel()
        if message["type"] == "websocket.receive":
            await self._note()
        return message

    async def send(self, message: Message) -> None:
        """Pass the app's message on, unless the session ended."""
        if not self._closed and not self._tab.ended.is_set():
            file = self._file_in(message.get("bytes") or b"")
            if file:
                self._tab.files.add(file)
            await self._send(message)

    async def _note(self) -> None:
        if moment() - self._noted >= sessions.SEEN_EVERY:
            self._noted = moment()
            await run_sync(sessions.seen_again, database(), self._tab.session_id, moment())

    async def _close(self) -> None:
        if not self._closed:
            self._closed = True
            await self._send({"type": "websocket.close", "code": _POLICY_VIOLATION})


async def _close_what_ended() -> None:
    """While any tab is open, close those whose sessions ended elsewhere: by time, or in another process."""
    while open_here := tabs.sessions():
        await asyncio.sleep(_LOOK_EVERY)
        stand = await run_sync(sessions.still_standing, database(), open_here, moment())
        sessions.close_tabs(open_here - stand)


def _told(scope: Scope, who: str | None) -> Scope:
    """The scope with the header that says who asks, in place of any that the browser sent."""
    scope = {**scope, "headers": list(scope["headers"])}
    headers = MutableHeaders(scope=scope)
    del headers[HEADER]
    if who:
        headers[HEADER] = who
    return scope


def _is_page(connection: HTTPConnection) -> bool:
    """Whether a browser opens a page, and does not fetch a part of one."""
    scope = connection.scope
    if scope["method"] not in ("GET", "HEAD") or _NOT_A_PAGE.fullmatch(scope["path"]):
        return False
    mode = connection.headers.get("sec-fetch-mode", "navigate")
    return mode == "navigate" and "text/html" in connection.headers.get("accept", "")


async def _ask_to_sign_in(connection: HTTPConnection, session: Session | None, receive: Receive, send: Send) -> None:
    if not _is_page(connection):
        await _refuse(connection, "Sign in first.", 401, receive, send)
        return
    query = connection.scope["query_string"].decode("latin-1")
    wanted = local_path(quote(connection.scope["path"]) + (f"?{query}" if query else ""))
    step = f"/{session.step}" if session and session.step else ""
    answer = RedirectResponse(f"/sign-in{step}?next={quote(wanted, safe='')}", 303)
    await answer(connection.scope, receive, send)


async def _refuse(connection: HTTPConnection, sentence: str, status: int, receive: Receive, send: Send) -> None:
    if connection.scope["type"] == "websocket":
        await send({"type": "websocket.close", "code": _POLICY_VIOLATION})
    else:
        await PlainTextResponse(sentence, status)(connection.scope, receive, send)


class _Protected:
    """Sends an answer on with what protects it, and knows whether it has begun to."""

    def __init__(self, path: str, send: Send) -> None:
        self._path, self._send = path, send
        self.started = False

    async def __call__(self, message: Message) -> None:
        """Pass a part of the answer on."""
        if message["type"] == "http.response.start":
            self.started = True
            message.setdefault("headers", [])
            protect(MutableHeaders(scope=message), self._path)
        await self._send(message)


def _unpacked(scope: Scope) -> Scope:
    """The request without what makes Streamlit compress the answer.

    Pages of signing in hold a second factor's key or recovery codes, and what the address said: packed together, their
    length would tell of the secret.
    """
    del MutableHeaders(scope=scope)["accept-encoding"]
    return scope


def _whole(scope: Scope) -> Scope:
    """The request without what makes an answer partial, packed or a mere "not changed"."""
    headers = MutableHeaders(scope=_unpacked(scope))
    for name in ("if-none-match", "if-modified-since", "range"):
        del headers[name]
    return scope


def _with_watch(send: Send) -> Send:
    """Put the script that takes the page away when the session ended into the page."""
    start: Message = {}
    body = bytearray()

    async def sending(message: Message) -> None:
        nonlocal start
        if message["type"] == "http.response.start" and _is_html(message):
            start = message
        elif message["type"] != "http.response.body" or not start:
            await send(message)
        else:
            body.extend(message.get("body", b""))
            if not message.get("more_body"):
                await _send_whole(start, bytes(body).replace(b"</head>", _WATCH, 1), send)

    return sending


async def _send_whole(start: Message, body: bytes, send: Send) -> None:
    headers = MutableHeaders(scope=start)
    for name in ("etag", "last-modified"):
        del headers[name]
    if body:
        headers["content-length"] = str(len(body))
    await send(start)
    await send({"type": "http.response.body", "body": body})


def _is_html(message: Message) -> bool:
    return message["status"] == 200 and MutableHeaders(scope=message).get("content-type", "").startswith("text/html")


def view_as(request: Request) -> Response:
    """Set the demonstration's cookie to a role and go on to the page in `next`; 404 where there is no such role."""
    if settings().is_live:
        return PlainTextResponse("This address is not served.", status_code=404)
    role = role_named(request.path_params["role"])
    if role is None:
        names = ", ".join(Role)
        return PlainTextResponse(f"There is no such role. The roles are {names}.", status_code=404)
    answer = RedirectResponse(local_path(request.query_params.get("next", "/")), status_code=303)
    answer.set_cookie(COOKIE, role, httponly=True, samesite="lax")
    return answer


def routes(health: Callable[[], dict[str, Any]]) -> list[Route]:
    """The routes beside Streamlit's own. `health` says whether the app can serve: what `data_model.health` returns."""

    def healthz(request: Request) -> Response:
        told = health()
        return JSONResponse(told, status_code=200 if told["status"] == "ok" else 503)

    return [Route("/healthz", healthz), Route("/as/{role}", view_as), *sign_in.routes()]
