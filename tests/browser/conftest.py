"""The whole app in a real browser: a server of our own on a free port, and a page that notes what goes wrong."""

import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from playwright.sync_api import Browser, sync_playwright
from visits import Visit

from data_model.store import open_database
from sample_data.seed import seed

ROOT = Path(__file__).parents[2]
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


@contextmanager
def serving(script: Path, log: Path, **settings: str) -> Iterator[str]:
    """The address of a server that runs `script`; ended, by the id of the process that was started, afterwards."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [sys.executable, "-m", "streamlit", "run", str(script), "--server.port", str(port)]
    with log.open("wb") as out:
        process = subprocess.Popen(
            [*command, "--server.headless", "true"], cwd=ROOT, env=os.environ | settings, stdout=out, stderr=out
        )
        try:
            address = f"http://127.0.0.1:{port}"
            _wait(f"{address}/_stcore/health", process, log)
            yield address
        finally:
            process.terminate()
            process.wait(timeout=30)


def _wait(address: str, process: subprocess.Popen[bytes], log: Path) -> None:
    until = time.monotonic() + 90
    while time.monotonic() < until and process.poll() is None:
        try:
            with urllib.request.urlopen(address, timeout=5):
                return
        except (urllib.error.URLError, OSError):
            time.sleep(0.2)
    pytest.fail(f"The server did not start:\n{log.read_text()[-2000:]}")


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
