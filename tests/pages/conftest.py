"""Drawing a page without a browser, as a role sees it."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path

import places
import pytest
from app_database import app_database
from places import DrawPage
from sqlalchemy import Engine
from streamlit.testing.v1 import AppTest
from worlds import World

from access.roles import Role
from data_model.store import writing


def _run(page: str) -> None:
    from ui.shell import function_of

    function_of(page)()


@pytest.fixture
def draw_page() -> DrawPage:
    """`draw_page("schools", Role.MANAGER, year="2025/26")`: the page of that name as the role sees it, with those
    choices in its address. The page may read the database that the test has set up.
    """

    def draw(page: str, role: Role, **address: str) -> AppTest:
        drawn = AppTest.from_function(_run, default_timeout=60, kwargs={"page": page})
        drawn.user = {"who": f"demonstration:{role}"}
        drawn.query_params.update(address)
        return drawn.run()

    return draw


@pytest.fixture
def draw_shell() -> Callable[[Role], AppTest]:
    """The whole app at `/`, as a role sees it."""

    def draw(role: Role) -> AppTest:
        drawn = AppTest.from_file("../../ui/shell.py", default_timeout=60)
        drawn.user = {"who": f"demonstration:{role}"}
        return drawn.run()

    return draw


@pytest.fixture(scope="module")
def fictional_la(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Engine]:
    """The app's own database, with a small fictional LA of three years. Tests of one file share it: do not write."""
    with app_database(places.fictional(tmp_path_factory.mktemp("places") / "outreach.db")) as engine:
        yield engine


@pytest.fixture(scope="session")
def published_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """DfE's published statistics of two authorities alone, in a database."""
    return places.published(tmp_path_factory.mktemp("places") / "published.db")


@pytest.fixture
def published_only(published_file: Path) -> Iterator[Engine]:
    """The app's own database is that of `published_file`: do not write."""
    with app_database(published_file) as engine:
        yield engine


@pytest.fixture
def build(empty_database: Engine) -> Callable[[], AbstractContextManager[World]]:
    """`with build() as world:` says a small world into the app's own database, in one transaction."""

    @contextmanager
    def building() -> Iterator[World]:
        with writing(empty_database) as connection:
            yield World(connection)

    return building
