"""What is particular to SQLite: its settings, its transactions, and lists of values in a statement."""

import json
import os
import re
import sqlite3
from collections.abc import Collection, Sequence
from contextlib import closing, suppress
from datetime import UTC, datetime
from glob import escape
from pathlib import Path
from typing import Any

from sqlalchemy import URL, Connection, Engine, create_engine, event

# WAL has a bug that can corrupt a database before this version (fixed upstream in March 2026).
FIRST_SAFE_WAL = (3, 51, 3)
_STAMP = "%Y%m%dT%H%M%S"
PATIENCE_MS = 60_000  # a check of a million rows reads for half a minute, and nobody can commit meanwhile


def connect(url: URL) -> Engine:
    """An engine on an SQLite file, whose folder is made where it is missing."""
    if url.database and url.database != ":memory:":
        Path(url.database).parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    engine = create_engine(url, hide_parameters=True)
    event.listen(engine, "do_connect", _make_private)
    event.listen(engine, "connect", _prepare)
    event.listen(engine, "begin", _begin)
    return engine


def journal() -> str:
    """The journal that this version of SQLite is safe with."""
    return "WAL" if sqlite3.sqlite_version_info >= FIRST_SAFE_WAL else "DELETE"


def file_of(engine: Engine) -> Path | None:
    """The file of the database; None where it is in memory, or on a server."""
    name = engine.url.database
    return Path(name) if name and name != ":memory:" and engine.dialect.name == "sqlite" else None


def _make_private(dialect: Any, record: Any, arguments: list[Any], named: Any) -> None:
    """Make a database that is not there yet for its owner alone, whatever the folder: journals get the same rights."""
    file = str(arguments[0])
    if file == ":memory:" or file.startswith("file:"):
        return
    with suppress(OSError):  # SQLite says better what is wrong
        os.close(os.open(file, os.O_CREAT | os.O_EXCL | os.O_RDWR, 0o600))


def _prepare(connection: sqlite3.Connection, record: Any) -> None:
    # Python's own transaction handling starts them late and deferred: lost updates were seen. Ours starts them.
    connection.isolation_level = None
    settings = (
        f"busy_timeout={PATIENCE_MS}",
        f"journal_mode={journal()}",
        "synchronous=FULL",
        "foreign_keys=ON",
        "secure_delete=ON",
    )
    for setting in settings:
        connection.execute(f"PRAGMA {setting}")


def _begin(connection: Connection) -> None:
    purpose = connection.get_execution_options().get("purpose")
    connection.exec_driver_sql(f"PRAGMA query_only = {int(purpose == 'reading')}")
    connection.exec_driver_sql("BEGIN IMMEDIATE" if purpose == "writing" else "BEGIN")


def insert_rows(connection: Connection, table: str, names: Sequence[str], rows: Sequence[tuple[Any, ...]]) -> None:
    """Insert many rows of stored values."""
    marks = ", ".join("?" * len(names))
    connection.exec_driver_sql(f"INSERT INTO {table} ({', '.join(names)}) VALUES ({marks})", list(rows))  # noqa: S608


def among(name: str, values: Collection[Any]) -> tuple[str, tuple[Any, ...]]:
    """A condition that the column has one of these values, and its parameters. One parameter, however many values."""
    return f"{name} IN (SELECT value FROM json_each(?))", (json.dumps(list(values)),)  # noqa: S608  # names are ours


def copy_beside(engine: Engine, why: str) -> Path | None:
    """Copy the file beside itself, whole even while it is written; returns the copy, None where there is no file."""
    path = file_of(engine)
    if path is None:
        return None
    copy = path.with_name(f"{path.name}.{why}-{datetime.now(UTC):{_STAMP}}")
    copy.touch(mode=0o600)
    with closing(sqlite3.connect(path)) as source, closing(sqlite3.connect(copy)) as target:
        source.backup(target)
    return copy


def copies_beside(engine: Engine) -> list[tuple[datetime, Path]]:
    """The copies that `copy_beside` made, and when."""
    path = file_of(engine)
    there = path.parent.glob(f"{escape(path.name)}.before-*") if path else ()
    stamped = ((copy.name.rsplit("-", 1)[1], copy) for copy in there)
    return [
        (datetime.strptime(stamp, _STAMP).replace(tzinfo=UTC), copy)
        for stamp, copy in stamped
        if re.fullmatch(r"\d{8}T\d{6}", stamp)
    ]


def faults(connection: Connection) -> list[str]:
    """What SQLite's own check and its foreign keys find wrong, without a row's values."""
    found = []
    if connection.exec_driver_sql("PRAGMA integrity_check(1)").scalar() != "ok":
        found.append("SQLite's own check finds the file damaged")
    broken = {row[0] for row in connection.exec_driver_sql("PRAGMA foreign_key_check")}
    return found + [f"rows of {table} point at nothing" for table in sorted(broken)]


def holders(path: Path) -> list[int]:
    """The other processes that have the file open, as far as this user may see: those of the same user, on Linux."""
    found = set()
    for link in Path("/proc").glob("[0-9]*/fd/*"):
        with suppress(OSError):
            if int(link.parts[2]) != os.getpid() and link.samefile(path):
                found.add(int(link.parts[2]))
    return sorted(found)


def compact(connection: sqlite3.Connection) -> None:
    """Write the file anew without what was deleted, and empty the write-ahead log. Waits for readers."""
    connection.execute("PRAGMA query_only = 0")
    connection.execute("VACUUM")
    connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
