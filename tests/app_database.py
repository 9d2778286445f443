"""The app's own database, put where a test wants it."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
import streamlit as st
from sqlalchemy import Engine

from data_model.settings import settings
from data_model.store import database


@contextmanager
def app_database(place: Path | str) -> Iterator[Engine]:
    """The app's own database is the file at `place`, or the database at that URL, made where it is not there.

    Nothing older is remembered.
    """
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("OUTREACH_DATABASE_URL", place if isinstance(place, str) else f"sqlite:///{place}")
        _forget()
        yield database()
        database().dispose()
    _forget()


def _forget() -> None:
    for remembered in (settings, database):
        remembered.cache_clear()
    st.cache_data.clear()
    st.cache_resource.clear()
