"""A database with two authorities in which nothing is written down yet."""

from collections.abc import Iterator

import pytest
from desk import NewDatabase
from panel_world import two_authorities
from sqlalchemy import Engine

from data_model.store import connect


@pytest.fixture
def engine(new_database: NewDatabase) -> Iterator[Engine]:
    """The database."""
    connected = connect(new_database(two_authorities))
    yield connected
    connected.dispose()
