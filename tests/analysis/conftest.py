"""A small world in a database of its own."""

import sqlite3
from collections.abc import Iterator

import pytest
from sqlalchemy import create_engine
from sqlalchemy.pool import StaticPool
from worlds import World

from data_model.metadata import metadata
from data_model.store import TABLES


@pytest.fixture(scope="session")
def blank_database() -> bytes:
    """An SQLite database with every table and no row: made once, because creating the tables is the slow part."""
    assert TABLES
    engine = create_engine("sqlite://", poolclass=StaticPool)
    metadata.create_all(engine)
    with engine.connect() as connection:
        held = connection.connection.driver_connection
        assert isinstance(held, sqlite3.Connection)
        content = held.serialize()
    engine.dispose()
    return content


@pytest.fixture
def world(blank_database: bytes) -> Iterator[World]:
    engine = create_engine("sqlite://", poolclass=StaticPool)
    with engine.connect() as connection:
        held = connection.connection.driver_connection
        assert isinstance(held, sqlite3.Connection)
        held.deserialize(blank_database)
        yield World(connection)
    engine.dispose()
