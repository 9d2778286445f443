"""A server like app.py's whose page, routes and websockets break as they are asked to."""

import os

import streamlit as st
from breakages import ERRORS, LEAKS
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route, WebSocketRoute
from starlette.websockets import WebSocket

from access.door.gate import Gate
from data_model import logs
from data_model.settings import settings
from ui import errors

MARK = os.environ["TESTS_MARK"]

logs.configure(settings().log_level, serving=["broken"])


def broken(request: Request) -> Response:
    """Break, or leak."""
    kind = request.path_params["kind"]
    (ERRORS | LEAKS)[kind](MARK)
    return PlainTextResponse("Nothing happened.")


async def broken_websocket(websocket: WebSocket) -> None:
    """Break once it is open."""
    await websocket.accept()
    ERRORS[websocket.path_params["kind"]](MARK)


app = st.App(
    "breaking_page.py",
    routes=[Route("/broken/{kind}", broken), WebSocketRoute("/broken/{kind}", broken_websocket)],
    middleware=[Middleware(Gate)],
    on_script_error=errors.tell,
)
