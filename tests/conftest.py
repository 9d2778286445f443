"""What tests in several folders share: a database of their own."""

from collections.abc import Iterator
from pathlib import Path

import pytest
import streamlit as st
from desk import Desk, with_schools
from hypothesis import settings as hypothesis_settings
from sqlalchemy import Engine

from data_model.settings import settings
from data_model.store import database

hypothesis_settings.register_profile("thorough", max_examples=3_000)


def _forget() -> None:
    for remembered in (settings, database):
        remembered.cache_clear()
    st.cache_data.clear()
    st.cache_resource.clear()


@pytest.fixture
def empty_database(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Engine]:
    """The app's own database, empty, in a folder of the test's own."""
    _forget()
    monkeypatch.setenv("OUTREACH_DATABASE_URL", f"sqlite:///{tmp_path / 'outreach.db'}")
    yield database()
    database().dispose()
    _forget()


@pytest.fixture
def empty_desk(tmp_path: Path) -> Iterator[Desk]:
    """The loading path over an empty database."""
    with Desk(tmp_path / "desk.db") as desk:
        yield desk


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    """The loading path over a database with three schools."""
    with Desk(tmp_path / "desk.db", with_schools()) as desk:
        yield desk
