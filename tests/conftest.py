"""What tests in several folders share: a database of their own."""

from collections.abc import Callable, Iterator
from itertools import count
from pathlib import Path

import pytest
from app_database import app_database
from desk import Desk, fill_with_schools, with_schools
from hypothesis import settings as hypothesis_settings
from postgresql_server import Server, running
from sqlalchemy import Engine

from data_model.store import open_database

hypothesis_settings.register_profile("thorough", max_examples=3_000)


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Tests marked `both_databases` run on SQLite and on PostgreSQL."""
    if metafunc.definition.get_closest_marker("both_databases") and "database_kind" in metafunc.fixturenames:
        metafunc.parametrize("database_kind", ["sqlite", "postgresql"], indirect=True)


@pytest.fixture
def database_kind(request: pytest.FixtureRequest) -> str:
    """`sqlite`, or `postgresql` in the other half of a test that is marked `both_databases`."""
    return str(getattr(request, "param", "sqlite"))


@pytest.fixture(scope="session")
def postgresql() -> Iterator[Server]:
    """A PostgreSQL server, started when a test first asks for it."""
    with running() as server:
        yield server


@pytest.fixture
def new_database(
    database_kind: str, request: pytest.FixtureRequest, tmp_path: Path
) -> Iterator[Callable[[Callable[[str], None]], str]]:
    """`new_database(fill)` is the URL of a database of the test's own, filled as `fill(url)` fills it."""
    if database_kind == "sqlite":
        numbers = count()

        def on_sqlite(fill: Callable[[str], None]) -> str:
            url = f"sqlite:///{tmp_path / f'database{next(numbers)}.db'}"
            fill(url)
            return url

        yield on_sqlite
        return
    server: Server = request.getfixturevalue("postgresql")
    made: list[str] = []

    def on_postgresql(fill: Callable[[str], None]) -> str:
        made.append(server.copy_of(f"{fill.__module__}.{fill.__qualname__}", fill))
        return made[-1]

    yield on_postgresql
    for url in made:
        server.drop(url)


def newest_schema(url: str) -> None:
    """The newest schema into the empty database at `url`."""
    open_database(url).dispose()


@pytest.fixture
def empty_database(
    database_kind: str, new_database: Callable[[Callable[[str], None]], str], tmp_path: Path
) -> Iterator[Engine]:
    """The app's own database, empty."""
    on_server = database_kind == "postgresql"
    with app_database(new_database(newest_schema) if on_server else tmp_path / "outreach.db") as engine:
        yield engine


@pytest.fixture
def empty_desk(
    database_kind: str, new_database: Callable[[Callable[[str], None]], str], tmp_path: Path
) -> Iterator[Desk]:
    """The loading path over an empty database."""
    on_server = database_kind == "postgresql"
    with Desk(tmp_path / "desk.db", url=new_database(newest_schema) if on_server else "") as desk:
        yield desk


@pytest.fixture
def desk(database_kind: str, new_database: Callable[[Callable[[str], None]], str], tmp_path: Path) -> Iterator[Desk]:
    """The loading path over a database with three schools."""
    if database_kind == "sqlite":
        with Desk(tmp_path / "desk.db", with_schools()) as opened:
            yield opened
    else:
        with Desk(tmp_path, url=new_database(fill_with_schools)) as opened:
            yield opened
