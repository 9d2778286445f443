"""The whole app as a server of a test's own."""

import os
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

ROOT = Path(__file__).parents[1]


def free_port() -> int:
    """A port of this machine that nothing listens on."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port: int = free.getsockname()[1]
        return port


@contextmanager
def serving(
    script: Path, log: Path, *, port: int | None = None, probe: str = "/_stcore/health", **settings: str
) -> Iterator[str]:
    """The address of a server that runs `script`, up when `probe` answers; ended, by the id of the process that was
    started, afterwards."""
    port = port or free_port()
    command = [sys.executable, "-m", "streamlit", "run", str(script), "--server.port", str(port)]
    with log.open("wb") as out:
        process = subprocess.Popen(
            [*command, "--server.headless", "true"], cwd=ROOT, env=os.environ | settings, stdout=out, stderr=out
        )
        try:
            address = f"http://127.0.0.1:{port}"
            wait_for(f"{address}{probe}", process, log)
            yield address
        finally:
            process.terminate()
            process.wait(timeout=30)


def wait_for(address: str, process: subprocess.Popen[bytes], log: Path) -> None:
    """Return when the server that `process` is answers at `address`; fail the test where it does not start."""
    until = time.monotonic() + 240
    while time.monotonic() < until and process.poll() is None:
        try:
            with urllib.request.urlopen(address, timeout=5):
                return
        except (urllib.error.URLError, OSError):
            time.sleep(0.2)
    pytest.fail(f"The server did not start:\n{log.read_text()[-2000:]}")
