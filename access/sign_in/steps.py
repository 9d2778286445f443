"""What the pages of signing in share: whose session it is, where it goes on, and forms that come from our own pages."""

from collections.abc import Callable, Mapping
from typing import Any
from urllib.parse import parse_qsl, quote

from anyio import CapacityLimiter
from anyio.to_thread import run_sync
from sqlalchemy import Connection, Row, select
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from access.door.local_path import local_path
from access.door.pages_before import message
from access.door.visitor import is_our_form
from access.noting import moment
from access.sign_in import sessions
from access.sign_in.sessions import Session, Started, Step
from data_model.accounts import accounts as table
from data_model.store import database, reading

Form = Mapping[str, str]
Shown = Callable[[Request], Response]
Taken = Callable[[Request, Form], Response]
_LARGEST_FORM = 16_384


def session_of(request: Request) -> Session | None:
    """The session that the browser's cookie opens."""
    return sessions.standing(database(), request.cookies.get(sessions.cookie_name()), moment())


def next_of(given: Mapping[str, str]) -> str:
    """The page that was wanted: one of ours, and none of signing in or out."""
    wanted = local_path(given.get("next", "/"))
    return "/" if wanted.startswith(("/sign-in", "/sign-out")) else wanted


def address_of_step(step: Step, onward: str) -> str:
    """The page of a step, which leads on to the page that was wanted."""
    return f"/sign-in/{step}?next={quote(onward, safe='')}"


def onward_to(step: Step | None, onward: str) -> Response:
    """The page of the step that is due, or the page that was wanted where none is."""
    return RedirectResponse(address_of_step(step, onward) if step else onward, 303)


def onward_or_back(session: Session | None, onward: str) -> Response:
    """The page of the step that is due; the first page for somebody who has no session, or whose session ended."""
    if session is None:
        return RedirectResponse(f"/sign-in?ended=1&next={quote(onward, safe='')}", 303)
    return onward_to(session.step, onward)


def lead(started: Started, onward: str) -> Response:
    """Where a session that has just begun leads."""
    session = sessions.standing(database(), started.token, moment())
    return onward_or_back(session, onward)


def with_cookie(answer: Response, started: Started) -> Response:
    """The answer, with the cookie of a session that has just begun."""
    answer.set_cookie(
        sessions.cookie_name(), started.token, path="/", secure=sessions.is_secure(), httponly=True, samesite="lax"
    )
    return answer


def sent_form(taken: Taken, at_once: CapacityLimiter) -> Callable[[Request], Any]:
    """An endpoint that takes a small form from our own pages, and does the work in a thread."""

    async def endpoint(request: Request) -> Response:
        if not is_our_form(request):
            return message("This form came from elsewhere", "Nothing was done. Start again from the dashboard.", 403)
        body = bytearray()
        async for part in request.stream():
            body += part
            if len(body) > _LARGEST_FORM:
                return message("This form is too large", "Nothing was done. Start again from the dashboard.", 413)
        form = dict(parse_qsl(body.decode("utf-8", "replace"), keep_blank_values=True))
        try:
            return await run_sync(taken, request, form, limiter=at_once)
        except sessions.Ended:
            return onward_or_back(None, next_of(form))

    return endpoint


def account_named(name: str) -> Row[Any] | None:
    """Somebody who may sign in with a password."""
    with reading(database()) as connection:
        return account_in(connection, name)


def account_in(connection: Connection, name: str) -> Row[Any] | None:
    """Within a transaction, somebody who may sign in with a password."""
    may = (table.c.sign_in_name == name) & table.c.disabled_at.is_(None) & table.c.password_hash.is_not(None)
    return connection.execute(select(table).where(may)).one_or_none()
