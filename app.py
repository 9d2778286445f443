"""The server: `streamlit run app.py` starts everything."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import streamlit as st
from sqlalchemy.exc import SQLAlchemyError
from starlette.middleware import Middleware

from access.gate import Gate, routes
from data_model.store import database, head, schema_version
from ui import errors


@asynccontextmanager
async def lifespan(app: st.App) -> AsyncIterator[None]:
    """Make ready, then serve."""
    # Imported here because Streamlit's caches look for a running server when they are declared.
    from ui.start import prepare

    prepare()
    yield


def is_up() -> bool:
    """Whether the database can be read and has the schema that this code knows."""
    try:
        return schema_version(database()) == head()
    except SQLAlchemyError:
        return False


app = st.App(
    "ui/shell.py",
    routes=routes(is_up),
    middleware=[Middleware(Gate)],
    lifespan=lifespan,
    on_script_error=errors.tell,
)
