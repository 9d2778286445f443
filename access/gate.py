"""The door: plain HTTP routes, and who is asking, settled before Streamlit sees a request."""

import re
from collections.abc import Callable

from starlette.datastructures import MutableHeaders
from starlette.requests import HTTPConnection, Request
from starlette.responses import JSONResponse, PlainTextResponse, RedirectResponse, Response
from starlette.routing import Route
from starlette.types import ASGIApp, Receive, Scope, Send

from access.identity import COOKIE, HEADER, as_role, role_named
from access.roles import Role

# One slash, then neither a second one nor a backslash, and nothing that a browser would drop: all those lead elsewhere.
_LOCAL_PATH = re.compile(r"/(?![/\\])[^\x00-\x20\x7f\\]*")


class Gate:
    """ASGI middleware that tells the app the role of who asks, in a header that no browser can forge."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass every request and websocket on, with the role that its cookie names and no other."""
        if scope["type"] in ("http", "websocket"):
            told = as_role(HTTPConnection(scope).cookies.get(COOKIE))
            scope = {**scope, "headers": list(scope["headers"])}
            MutableHeaders(scope=scope)[HEADER] = told
        await self.app(scope, receive, send)


def local_path(path: str) -> str:
    """The path itself if it leads to a page of this app, else `/`."""
    return path if _LOCAL_PATH.fullmatch(path) else "/"


def view_as(request: Request) -> Response:
    """Set the demonstration's cookie to a role and go on to the page in `next`; 404 where there is no such role."""
    role = role_named(request.path_params["role"])
    if role is None:
        names = ", ".join(Role)
        return PlainTextResponse(f"There is no such role. The roles are {names}.", status_code=404)
    answer = RedirectResponse(local_path(request.query_params.get("next", "/")), status_code=303)
    answer.set_cookie(COOKIE, role, httponly=True, samesite="lax")
    answer.headers["Cache-Control"] = "no-store"
    return answer


def routes(is_up: Callable[[], bool]) -> list[Route]:
    """The routes beside Streamlit's own. `is_up` says whether the app can serve its pages."""

    def healthz(request: Request) -> Response:
        return JSONResponse({"status": "ok"}) if is_up() else JSONResponse({"status": "down"}, status_code=503)

    return [Route("/healthz", healthz), Route("/as/{role}", view_as)]
