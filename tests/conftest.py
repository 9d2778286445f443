"""What tests in several folders share: a database of their own."""

from collections.abc import Iterator
from itertools import count
from pathlib import Path

import pytest
from app_database import app_database
from desk import Desk, Fill, NewDatabase, newest_schema, sqlite_copy, with_schools
from hypothesis import settings as hypothesis_settings
from postgresql_server import Server, running
from sqlalchemy import Engine

# No deadlines: on a busy machine a test that is right took 500 ms instead of 2.
hypothesis_settings.register_profile("house", deadline=None)
hypothesis_settings.load_profile("house")
hypothesis_settings.register_profile("thorough", max_examples=3_000)


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Tests marked `both_databases` run on SQLite and on PostgreSQL."""
    if metafunc.definition.get_closest_marker("both_databases") and "database_kind" in metafunc.fixturenames:
        metafunc.parametrize("database_kind", ["sqlite", "postgresql"], indirect=True)


@pytest.fixture(scope="module")
def database_kind(request: pytest.FixtureRequest) -> str:
    """`sqlite`, or `postgresql` in the other half of a test that is marked `both_databases`."""
    return str(getattr(request, "param", "sqlite"))


@pytest.fixture(scope="session")
def postgresql() -> Iterator[Server]:
    """A PostgreSQL server, started when a test first asks for it."""
    with running() as server:
        yield server


@pytest.fixture(scope="module")
def shared_database(
    database_kind: str, request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[NewDatabase]:
    """`shared_database(fill)` is the URL of a new database, filled as `fill(url)` fills it, until the module ends."""
    yield from _databases(database_kind, request, tmp_path_factory.mktemp("databases"))


@pytest.fixture
def new_database(database_kind: str, request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[NewDatabase]:
    """`new_database(fill)` is the URL of a database of the test's own, filled as `fill(url)` fills it."""
    yield from _databases(database_kind, request, tmp_path)


def _databases(kind: str, request: pytest.FixtureRequest, folder: Path) -> Iterator[NewDatabase]:
    if kind == "sqlite":
        numbers = count()
        yield lambda fill: sqlite_copy(fill, folder / f"database{next(numbers)}.db")
        return
    server: Server = request.getfixturevalue("postgresql")
    made: list[str] = []

    def new(fill: Fill) -> str:
        made.append(server.copy_of(f"{fill.__module__}.{fill.__qualname__}", fill))
        return made[-1]

    yield new
    for url in made:
        server.drop(url)


@pytest.fixture
def empty_database(database_kind: str, new_database: NewDatabase, tmp_path: Path) -> Iterator[Engine]:
    """The app's own database, empty."""
    on_server = database_kind == "postgresql"
    with app_database(new_database(newest_schema) if on_server else tmp_path / "outreach.db") as engine:
        yield engine


@pytest.fixture
def empty_desk(new_database: NewDatabase) -> Iterator[Desk]:
    """The loading path over an empty database."""
    with Desk(new_database(newest_schema)) as opened:
        yield opened


@pytest.fixture
def desk(new_database: NewDatabase) -> Iterator[Desk]:
    """The loading path over a database with three schools."""
    with Desk(new_database(with_schools)) as opened:
        yield opened
