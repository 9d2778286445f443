"""The server: `streamlit run app.py` starts everything."""

import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from urllib.parse import urlsplit

import streamlit as st
from starlette.middleware import Middleware
from streamlit import config

from access import ready
from access.door.gate import Gate, routes
from access.roles import PAGES
from data_model import logs
from data_model.health import health
from data_model.settings import settings
from data_model.store import database
from ui import errors, files

logs.configure(settings().log_level, serving=PAGES)
logger = logging.getLogger(__name__)


@asynccontextmanager
async def lifespan(app: st.App) -> AsyncIterator[None]:
    """Make ready, then serve; or say why not."""
    try:
        ready.refuse_unless_ready(database(), settings(), config.get_option("server.address"))
    except SystemExit as refused:
        logger.critical("The dashboard did not start", extra={"reasons": str(refused).splitlines()})
        raise
    config.set_option("server.allowedHosts", hosts())
    # Imported here because Streamlit's caches look for a running server when they are declared.
    from ui.start import prepare

    prepare()
    yield


def hosts() -> list[str]:
    """The names that the app answers to: this computer's own, and in live mode that of OUTREACH_PUBLIC_URL."""
    public = urlsplit(settings().public_url).hostname if settings().is_live else None
    return ["127.0.0.1", "localhost", *([public] if public else [])]


app = st.App(
    "ui/shell.py",
    routes=routes(lambda: health(database(), settings())),
    middleware=[Middleware(Gate, file_in=files.file_in)],
    lifespan=lifespan,
    on_script_error=errors.tell,
)
