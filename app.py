"""The server: `streamlit run app.py` starts everything."""

import gc
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import streamlit as st
from sqlalchemy.exc import SQLAlchemyError
from starlette.middleware import Middleware

from access.gate import Gate, routes
from data_model.settings import settings
from data_model.store import database, head, schema_version
from ui import cached, errors, shell


@asynccontextmanager
async def lifespan(app: st.App) -> AsyncIterator[None]:
    """Bring the database up to date, fill an empty default one with the fictional LA, and load all code and data."""
    engine = database()
    if settings().sample and settings().database_is_default:
        from sample_data.seed import seed_if_empty

        seed_if_empty(engine)
    for page in shell.PAGES:
        shell.function_of(page)
    cached.warm()
    # Streamlit collects garbage after every run: what is loaded once need not be looked at again (111 ms became 26-35).
    gc.collect()
    gc.freeze()
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
