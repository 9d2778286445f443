"""The whole app in a real browser: a server of our own on a free port, and a page that notes what goes wrong."""

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, sync_playwright
from servers import ROOT, serving
from visits import Visit

from data_model.store import open_database
from sample_data.seed import seed

FLAGS = ["--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking", "--disable-sync"]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    here = Path(__file__).parent
    for item in items:
        if here in item.path.parents:
            item.add_marker(pytest.mark.browser)


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """A Chromium; without one the test is skipped, or fails where OUTREACH_REQUIRE_BROWSER is 1."""
    path = shutil.which("chromium") or shutil.which("chromium-browser")
    if path is None:
        stop = pytest.fail if os.environ.get("OUTREACH_REQUIRE_BROWSER") == "1" else pytest.skip
        stop("There is no chromium here: install Debian's package to run the browser tests.")
    with sync_playwright() as play:
        running = play.chromium.launch(executable_path=path, args=FLAGS)
        yield running
        running.close()


@pytest.fixture
def visit(browser: Browser) -> Iterator[Visit]:
    """A visitor without any cookie."""
    context = browser.new_context(viewport={"width": 1366, "height": 900}, accept_downloads=True)
    yield Visit(context.new_page())
    context.close()


@pytest.fixture(scope="session")
def sample_database(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A database with a small fictional LA."""
    database = tmp_path_factory.mktemp("sample") / "outreach.db"
    engine = open_database(f"sqlite:///{database}")
    seed(engine, schools=12, years=3)
    engine.dispose()
    return database


@pytest.fixture
def cold_app(sample_database: Path, tmp_path: Path) -> Iterator[str]:
    """The address of a server that nobody has visited yet."""
    settings = {"OUTREACH_DATABASE_URL": f"sqlite:///{sample_database}"}
    with serving(ROOT / "app.py", tmp_path / "server.log", **settings) as address:
        yield address


@pytest.fixture(scope="session")
def app(sample_database: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a server on the small fictional LA, shared by the tests that change nothing in it."""
    settings = {"OUTREACH_DATABASE_URL": f"sqlite:///{sample_database}"}
    with serving(ROOT / "app.py", tmp_path_factory.mktemp("server") / "server.log", **settings) as address:
        yield address


@pytest.fixture
def empty_app(tmp_path: Path) -> Iterator[str]:
    """The address of a server on an empty database of the test's own: for tests that upload."""
    settings = {"OUTREACH_DATABASE_URL": f"sqlite:///{tmp_path / 'outreach.db'}"}
    with serving(ROOT / "app.py", tmp_path / "server.log", **settings) as address:
        yield address


@pytest.fixture(scope="session")
def hostile_app(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a page that shows hostile text in everything that the kit draws."""
    with serving(Path(__file__).with_name("hostile_page.py"), tmp_path_factory.mktemp("hostile") / "log") as address:
        yield address
