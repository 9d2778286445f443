"""What tests in several folders share: a database of their own."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from app_database import app_database
from desk import Desk, with_schools
from hypothesis import settings as hypothesis_settings
from sqlalchemy import Engine

hypothesis_settings.register_profile("thorough", max_examples=3_000)


@pytest.fixture
def empty_database(tmp_path: Path) -> Iterator[Engine]:
    """The app's own database, empty, in a folder of the test's own."""
    with app_database(tmp_path / "outreach.db") as engine:
        yield engine


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
