"""A server in live mode, and settings of live mode without one."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from live import Live, live_server, live_settings
from sqlalchemy import Engine


@pytest.fixture(scope="module")
def live(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Live]:
    """A server in live mode for the tests of one file."""
    with live_server(tmp_path_factory.mktemp("live")) as running:
        yield running


@pytest.fixture
def live_database(tmp_path: Path) -> Iterator[Engine]:
    """Live mode in this process, over an empty database of the test's own."""
    with live_settings(tmp_path / "live.db") as engine:
        yield engine
