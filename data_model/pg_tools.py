"""PostgreSQL's own programs and administration, for backups. Passwords go by the environment, never the command line."""

import os
import secrets
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import URL

_NAMES = {
    "host": "PGHOST",
    "hostaddr": "PGHOSTADDR",
    "port": "PGPORT",
    "passfile": "PGPASSFILE",
    "service": "PGSERVICE",
}
_NAMES |= {name: f"PG{name.upper()}" for name in ("sslmode", "sslrootcert", "sslcert", "sslkey", "options")}


class ToolFailed(Exception):
    """One of PostgreSQL's programs, or the server, refused. The message says which and why."""


def dump(url: URL, to: Path, snapshot: str) -> None:
    """Write the database, as it is in an exported snapshot, to a file. Raises ToolFailed."""
    _run("pg_dump", url, "--format=custom", "--no-owner", "--no-privileges", f"--snapshot={snapshot}", f"--file={to}")


def load(url: URL, path: Path) -> None:
    """Restore a file into an empty database. Raises ToolFailed."""
    options = ("--no-owner", "--no-privileges", "--exit-on-error", "--single-transaction", f"--dbname={url.database}")
    _run("pg_restore", url, *options, str(path))


def _run(program: str, url: URL, *arguments: str) -> None:
    binary = _binary(program)
    done = subprocess.run([binary, *arguments], env=os.environ | _environment(url), capture_output=True, text=True)  # noqa: S603
    if done.returncode:
        # The first line says what is wrong; later ones can repeat rows.
        raise ToolFailed(f"{program}: {(done.stderr.strip().splitlines() or ['it failed'])[0]}")


def _binary(program: str) -> str:
    """The newest of Debian's, which can read older servers, or the one on the path."""
    versions = Path("/usr/lib/postgresql").glob(f"*/bin/{program}")
    newest = max(versions, key=lambda path: int(path.parents[1].name), default=None)
    found = str(newest) if newest else shutil.which(program)
    if not found:
        raise ToolFailed(f"{program} is not installed: install Debian's `postgresql-client`.")
    return found


def _environment(url: URL) -> dict[str, str]:
    given: dict[str, Any] = {"host": url.host, "port": url.port, **url.query}
    known = {_NAMES[name]: str(value) for name, value in given.items() if value and name in _NAMES}
    own = {"PGDATABASE": url.database, "PGUSER": url.username, "PGPASSWORD": url.password}
    return known | {name: str(value) for name, value in own.items() if value}


@contextmanager
def scratch_database(url: URL) -> Iterator[URL]:
    """A new, empty database on the same server, dropped at the end unless it was renamed. Raises ToolFailed."""
    name = f"outreach_scratch_{secrets.token_hex(6)}"
    _administer(url, f"CREATE DATABASE {name} TEMPLATE template0 ENCODING 'UTF8'")
    try:
        yield url.set(database=name)
    finally:
        _administer(url, f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")


def put_in_place(url: URL, scratch: str) -> None:
    """Give the scratch database the name of the live one, which is dropped after. Raises ToolFailed while it is in use."""
    old = f"{scratch}_old"
    _administer(
        url, f'ALTER DATABASE "{url.database}" RENAME TO {old}', f'ALTER DATABASE {scratch} RENAME TO "{url.database}"'
    )
    _administer(url, f"DROP DATABASE {old}")


def connections(url: URL) -> int:
    """How many others are connected to the database."""
    query = "SELECT count(*) FROM pg_stat_activity WHERE datname = %s AND pid <> pg_backend_pid()"
    with _connected(url, "postgres") as connection:
        return int(connection.execute(query, [url.database]).fetchone()[0])


def _administer(url: URL, *statements: str) -> None:
    import psycopg

    try:
        with _connected(url, "postgres") as connection:
            for statement in statements:
                connection.execute(statement)
    except psycopg.Error as problem:
        hint = " The database's user needs the right CREATEDB." if problem.sqlstate == "42501" else ""
        raise ToolFailed(f"{str(problem).splitlines()[0]}.{hint}") from None


def _connected(url: URL, database: str) -> Any:
    import psycopg

    place = url.set(drivername="postgresql", database=database).render_as_string(hide_password=False)
    return psycopg.connect(place, autocommit=True)
