"""A small world in a database of its own."""

import sqlite3
from collections.abc import Iterator

import pytest
from commands import Ran, Run
from postgresql_server import Server
from sqlalchemy import Engine, create_engine, text
from sqlalchemy.pool import StaticPool
from worlds import World

from data_model.metadata import metadata
from data_model.store import TABLES, open_database


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
def world(database_kind: str, request: pytest.FixtureRequest) -> Iterator[World]:
    engine: Engine = request.getfixturevalue("world_on_server" if database_kind == "postgresql" else "world_in_memory")
    with engine.connect() as connection:
        yield World(connection)


@pytest.fixture
def world_in_memory(blank_database: bytes) -> Iterator[Engine]:
    engine = create_engine("sqlite://", poolclass=StaticPool)
    with engine.connect() as connection:
        held = connection.connection.driver_connection
        assert isinstance(held, sqlite3.Connection)
        held.deserialize(blank_database)
    yield engine
    engine.dispose()


@pytest.fixture(scope="session")
def world_on_server(postgresql: Server) -> Iterator[Engine]:
    """One for all worlds: each is said in a transaction that is never committed."""
    url = postgresql.create()
    engine = open_database(url)
    with engine.begin() as connection:  # a world has rows of uploads that nobody recorded, as in the memory of SQLite
        for table in TABLES.values():
            for held in table.foreign_key_constraints:
                connection.execute(text(f"ALTER TABLE {table.name} DROP CONSTRAINT {held.name}"))
    yield engine
    engine.dispose()
    postgresql.drop(url)


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    """Runs a line of words after `python -m analysis`."""
    return lambda line: Ran(monkeypatch, capsys, *line.split())
