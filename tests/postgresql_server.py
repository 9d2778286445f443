"""A PostgreSQL server for the tests: the one that OUTREACH_TEST_POSTGRESQL names, or one of their own.

Their own comes from Debian's binaries, keeps its data in a temporary folder, listens on a socket in that folder alone,
and is ended with the session. Without a server the tests skip, unless OUTREACH_REQUIRE_POSTGRESQL is 1.
"""

import itertools
import os
import pwd
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import psycopg
import pytest
from sqlalchemy import URL, make_url

_SETTINGS = {
    "listen_addresses": "",
    "fsync": "off",
    "full_page_writes": "off",
    "max_connections": "60",
    "shared_buffers": "64MB",
    "autovacuum": "off",
}


@dataclass
class Server:
    """A server that databases may be made on. Whoever makes one is given its URL, and drops it."""

    url: URL
    process: subprocess.Popen[bytes] | None = None
    templates: dict[str, str] = field(default_factory=dict)
    numbers: Iterator[int] = field(default_factory=itertools.count)

    def create(self, template: str = "template0") -> str:
        """A new database, as a copy of `template`: its URL."""
        name = f"outreach_test_{os.getpid()}_{next(self.numbers)}"
        self.run(f"CREATE DATABASE {name} TEMPLATE {template} STRATEGY FILE_COPY")
        return self.url.set(database=name).render_as_string(hide_password=False)

    def drop(self, url: str) -> None:
        self.run(f"DROP DATABASE IF EXISTS {make_url(url).database} WITH (FORCE)")

    def copy_of(self, what: str, fill: Callable[[str], None]) -> str:
        """A new database like the one that `fill` made when it was first asked for: its URL."""
        if what not in self.templates:
            url = self.create()
            fill(url)
            self.templates[what] = make_url(url).database or ""
        return self.create(self.templates[what])

    def run(self, statement: str) -> list[tuple[object, ...]]:
        """The rows of a statement outside any transaction."""
        with psycopg.connect(_for_libpq(self.url), autocommit=True) as connection:
            answer = connection.execute(statement.encode())
            return answer.fetchall() if answer.description else []

    def forget(self) -> None:
        for name in self.templates.values():
            self.run(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")


def _for_libpq(url: URL) -> str:
    return url.set(drivername="postgresql").render_as_string(hide_password=False)


@contextmanager
def running() -> Iterator[Server]:
    """The session's server. Skips the test that asks, or fails it where PostgreSQL is required, if there is none."""
    given = os.environ.get("OUTREACH_TEST_POSTGRESQL")
    if given:
        server = Server(make_url(given).set(drivername="postgresql+psycopg"))
        yield server
        server.forget()
        return
    binaries = max(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda path: int(path.parent.name), default=None)
    if binaries is None:
        refuse = pytest.fail if os.environ.get("OUTREACH_REQUIRE_POSTGRESQL") == "1" else pytest.skip
        refuse("No PostgreSQL: install Debian's `postgresql`, or name a server in OUTREACH_TEST_POSTGRESQL.")
    assert binaries
    with _own_folder() as (folder, user), _started(binaries, folder, user) as server:
        yield server


@contextmanager
def _own_folder() -> Iterator[tuple[Path, str]]:
    """A folder whose owner may run a server, which root may not; and that owner."""
    folder = Path(tempfile.mkdtemp(prefix="outreach-pg-", dir="/tmp"))  # a socket's path may have 107 characters
    user = pwd.getpwuid(os.geteuid()).pw_name
    try:
        if os.geteuid() == 0:
            user = next(
                name for name in ("postgres", "nobody") if any(name == known.pw_name for known in pwd.getpwall())
            )
            shutil.chown(folder, user)
        yield folder, user
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def _started(binaries: Path, folder: Path, user: str) -> Iterator[Server]:
    changed = {"user": user, "group": pwd.getpwnam(user).pw_gid, "extra_groups": []} if os.geteuid() == 0 else {}
    data = folder / "data"
    make = [binaries / "initdb", "-D", data, "-U", "outreach", "--auth=trust", "--no-sync", "--encoding=UTF8"]
    subprocess.run([*make, "--locale=C"], check=True, capture_output=True, cwd=folder, **changed)
    options = itertools.chain.from_iterable(("-c", f"{name}={value}") for name, value in _SETTINGS.items())
    with (folder / "log").open("wb") as log:
        command = [binaries / "postgres", "-D", data, "-k", folder, *options]
        process = subprocess.Popen(command, stdout=log, stderr=log, cwd=folder, **changed)
    try:
        server = Server(
            URL.create("postgresql+psycopg", "outreach", database="postgres", query={"host": str(folder)}), process
        )
        _wait_for(server)
        yield server
    finally:
        process.send_signal(signal.SIGQUIT)  # its data are thrown away
        process.wait(timeout=30)


def _wait_for(server: Server) -> None:
    for _ in range(300):
        try:
            server.run("SELECT 1")
            return
        except psycopg.OperationalError:
            assert server.process is None or server.process.poll() is None, "the server did not start"
            time.sleep(0.1)
    raise AssertionError("the server did not answer within half a minute")
