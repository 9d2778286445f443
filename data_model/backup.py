"""Backups: the whole database in one file, beside a description that says what must come back out of it."""

import hashlib
import json
import os
import re
import sqlite3
import tempfile
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import asdict, dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from sqlalchemy import Connection, Engine, create_engine, inspect, text, update
from sqlalchemy.exc import SQLAlchemyError

from data_model import pg_tools, sqlite
from data_model.fingerprints import Fingerprint
from data_model.store import connect, current_version, is_postgresql, reading, schema_version, writing
from data_model.uploads import data_version

KEEP_DAYS = 35
_STAMP = "%Y%m%dT%H%M%SZ"
_ENDS = {"sqlite": ".sqlite3", "postgresql": ".pgdump"}


class NotDone(Exception):
    """Nothing was changed. The message is a sentence that says why and what to do."""


@dataclass(frozen=True)
class Description:
    """What stands beside a backup: its SHA-256, the schema version, and each table's rows and their digest."""

    file: str
    sha256: str
    bytes: int
    made_at: str
    database: str
    schema: str | None
    tables: dict[str, str]


def back_up(
    engine: Engine, folder: Path, keep_days: int = KEEP_DAYS, now: datetime | None = None, why: str = ""
) -> Path:
    """Write a backup and its description into `folder`, readable by nobody else, and remove those older than `keep_days`.

    Whole even while others write. Returns the backup's path. Raises NotDone, and leaves nothing half, where it fails.
    """
    now = now or datetime.now(UTC)
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    path = folder / f"outreach-{now:{_STAMP}}{why and '-' + why}{_ENDS[engine.dialect.name]}"
    description = path.with_name(f"{path.name}.json")
    if path.exists() or description.exists():
        raise NotDone(f"{path.name} is there already. A backup is never written over: try again in a second.")
    partial = path.with_name(f".{path.name}.partial")
    try:
        partial.touch(mode=0o600, exist_ok=False)
        tables = _dump_server(engine, partial) if is_postgresql(engine) else _dump_file(engine, partial)
        told = Description(
            path.name,
            _sha256(partial),
            partial.stat().st_size,
            now.isoformat(timespec="seconds"),
            engine.dialect.name,
            schema_version(engine),
            tables,
        )
        _write_private(description, json.dumps(asdict(told), indent=1))
        _to_disk(partial)
        partial.rename(path)
    except (OSError, sqlite3.Error, pg_tools.ToolFailed) as problem:
        description.unlink(missing_ok=True)
        raise NotDone(f"The backup was not made: {problem}") from None
    finally:
        partial.unlink(missing_ok=True)
    _prune(folder, now - timedelta(days=keep_days), keep=path)
    _prune_copies(engine, now - timedelta(days=keep_days))
    return path


def _dump_file(engine: Engine, to: Path) -> dict[str, str]:
    """Copy an SQLite database as it is at one moment; returns its tables' digests."""
    source_path = sqlite.file_of(engine)
    if source_path is None:
        raise NotDone("A database in memory cannot be backed up.")
    with closing(sqlite3.connect(source_path)) as source, closing(sqlite3.connect(to)) as target:
        source.backup(target)
        target.execute("PRAGMA journal_mode=DELETE")  # one file, whatever journal the database has
    return digests_of_file(to)


def _dump_server(engine: Engine, to: Path) -> dict[str, str]:
    with reading(engine) as connection:
        snapshot = str(connection.execute(text("SELECT pg_export_snapshot()")).scalar_one())
        pg_tools.dump(engine.url, to, snapshot)
        return digests(connection)


def digests_of_file(path: Path) -> dict[str, str]:
    """The digests of the tables of an SQLite file, which nobody else uses."""
    engine = create_engine("sqlite://", creator=lambda: sqlite3.connect(path))
    with engine.connect() as connection:
        found = digests(connection)
    engine.dispose()
    return found


def digests(connection: Connection) -> dict[str, str]:
    """Each table's number of rows and a digest of all their values, whatever their order."""
    found = {}
    for table in sorted(inspect(connection).get_table_names()):
        names = sorted(column["name"] for column in inspect(connection).get_columns(table))
        cast = [f'CAST("{name}" AS VARCHAR)' if is_postgresql(connection) else f'"{name}"' for name in names]
        query = f'SELECT {", ".join(cast)} FROM "{table}"'  # noqa: S608  # names are the database's own
        fingerprint = Fingerprint()
        rows = connection.exec_driver_sql(query, execution_options={"yield_per": 10_000})
        for part in rows.partitions():
            fingerprint.add(names, list(zip(*part, strict=True)))
        found[table] = str(fingerprint)
    return found


def describe(path: Path) -> Description:
    """What stands beside a backup. Raises NotDone where nothing does, or the file is not the one that it describes."""
    beside = path.with_name(f"{path.name}.json")
    if not path.is_file() or not beside.is_file():
        raise NotDone(
            f"There is no backup {path}, or {beside.name} is not beside it. Give the path of the backup file."
        )
    told = Description(**json.loads(beside.read_text(encoding="utf-8")))
    if told.sha256 != _sha256(path):
        raise NotDone(f"{path.name} is damaged: it is not the file that was written. Take another backup.")
    return told


def verify(engine: Engine, path: Path) -> Description:
    """Restore a backup to a scratch place and compare it with its description. Raises NotDone where anything differs.

    Returns the description. The database of `engine` is not touched; of PostgreSQL, its server is where the scratch
    database is made and dropped.
    """
    told = _of_this_kind(engine, path)
    with _restored(engine, path) as (scratch, _):
        _compare(scratch, told)
    return told


def restore(engine: Engine, path: Path, folder: Path) -> Path | None:
    """Put a verified backup in the place of the database, which is backed up first: returns where, if there was any.

    Raises NotDone, and changes nothing, where the backup is not whole or somebody has the database open.
    """
    told = _of_this_kind(engine, path)
    version = _version(engine)
    engine.dispose()
    _refuse_while_open(engine)
    with _restored(engine, path) as (scratch, place):
        _compare(scratch, told)
        before = _keep_present(engine, folder)
        engine.dispose()
        scratch.dispose()
        if is_postgresql(engine):
            pg_tools.put_in_place(engine.url, place)
        else:
            _copy_over(Path(place), engine)
    _count_on_from(engine, version)
    return before


def _of_this_kind(engine: Engine, path: Path) -> Description:
    told = describe(path)
    if told.database != engine.dialect.name:
        raise NotDone(
            f"{path.name} is a backup of {told.database}, and OUTREACH_DATABASE_URL names {engine.dialect.name}."
        )
    return told


@contextmanager
def _restored(engine: Engine, path: Path) -> Iterator[tuple[Engine, str]]:
    """An engine on a scratch copy of the backup, and the copy's place: a path, or a database's name."""
    try:
        if is_postgresql(engine):
            with pg_tools.scratch_database(engine.url) as url:
                pg_tools.load(url, path)
                with _connected(url.render_as_string(hide_password=False)) as scratch:
                    yield scratch, str(url.database)
            return
        target = sqlite.file_of(engine)
        with tempfile.TemporaryDirectory(prefix="outreach-restore-", dir=target.parent if target else None) as name:
            copy = Path(name) / "restored.db"
            _write_private(copy, "")
            copy.write_bytes(path.read_bytes())
            with _connected(f"sqlite:///{copy}") as scratch:
                yield scratch, str(copy)
    except (OSError, sqlite3.Error, pg_tools.ToolFailed) as problem:
        raise NotDone(f"The backup could not be restored: {problem}") from None


@contextmanager
def _connected(url: str) -> Iterator[Engine]:
    engine = connect(url)
    try:
        yield engine
    finally:
        engine.dispose()


def _compare(scratch: Engine, told: Description) -> None:
    faults = []
    with reading(scratch) as connection:
        if not is_postgresql(connection):
            faults += sqlite.faults(connection)
        found = digests(connection)
    if schema_version(scratch) != told.schema:
        faults.append("its schema version is not the one that was backed up")
    faults += [
        f"table {name} is not as it was backed up" for name in told.tables if found.get(name) != told.tables[name]
    ]
    if faults:
        raise NotDone(f"{told.file} cannot be trusted: {'; '.join(faults)}. Take another backup.")


def _refuse_while_open(engine: Engine) -> None:
    if is_postgresql(engine):
        others = pg_tools.connections(engine.url)
        if others:
            raise NotDone(
                f"The database has {others} connections. Stop the app and whatever else uses it, then restore."
            )
        return
    path = sqlite.file_of(engine)
    holders = sqlite.holders(path) if path else []
    if holders:
        raise NotDone(f"Process {' and '.join(map(str, holders))} has the database open. Stop the app, then restore.")


def _keep_present(engine: Engine, folder: Path) -> Path | None:
    """A backup of what is about to be replaced; where it is too damaged for one, SQLite's file itself is put aside."""
    path = sqlite.file_of(engine)
    if path is not None and not path.exists():
        return None
    try:
        if path is not None:
            _refuse_damaged(engine)
        return back_up(engine, folder, why="before-restore")
    except (NotDone, SQLAlchemyError) as problem:
        if path is None:
            raise NotDone(f"The present database was not backed up, so nothing was restored. {problem}") from None
    engine.dispose()
    aside = path.with_name(f"{path.name}.damaged-{datetime.now(UTC):{_STAMP}}")
    path.rename(aside)
    for journal in ("-journal", "-wal", "-shm"):
        left = path.with_name(path.name + journal)
        if left.exists():
            left.rename(aside.with_name(aside.name + journal))
    return aside


def _refuse_damaged(engine: Engine) -> None:
    with reading(engine) as connection:
        if sqlite.faults(connection):
            raise NotDone("The present database is damaged.")


def _copy_over(copy: Path, engine: Engine) -> None:
    """Write the copy over the live file in one SQLite transaction: killed half way, the old one is still there."""
    target_path = sqlite.file_of(engine)
    assert target_path
    if not target_path.exists():
        _write_private(target_path, "")
    with closing(sqlite3.connect(copy)) as source, closing(sqlite3.connect(target_path)) as target:
        source.backup(target)


def _version(engine: Engine) -> int:
    """The data version; 0 where it cannot be read."""
    file = sqlite.file_of(engine)
    if file and not file.exists():  # connecting would make it
        return 0
    try:
        with reading(engine) as connection:
            return current_version(connection)
    except SQLAlchemyError:
        return 0


def _count_on_from(engine: Engine, version: int) -> None:
    """What is remembered of the data that were replaced is kept under their version: the next one is beyond it."""
    with writing(engine) as connection:
        beyond = max(version, current_version(connection))
        connection.execute(update(data_version).values(version=beyond))


def made(folder: Path) -> list[tuple[datetime, Path]]:
    """The backups in a folder and when each was made, the oldest first."""
    found = []
    for path in folder.glob("outreach-*"):
        stamp = re.split(r"[-.]", path.name)[1]
        if path.suffix in _ENDS.values() and path.with_name(f"{path.name}.json").exists():
            found.append((datetime.strptime(stamp, _STAMP).replace(tzinfo=UTC), path))
    return sorted(found)


def _prune(folder: Path, older_than: datetime, keep: Path) -> None:
    for at, path in made(folder):
        if at < older_than and path != keep:
            path.unlink()
            path.with_name(f"{path.name}.json").unlink()


def _prune_copies(engine: Engine, older_than: datetime) -> None:
    """What was copied before a migration holds pupils too, and those who were erased since: it goes as a backup does."""
    for at, copy in sqlite.copies_beside(engine):
        if at < older_than:
            copy.unlink()


def _sha256(path: Path) -> str:
    with path.open("rb") as content:
        return hashlib.file_digest(content, "sha256").hexdigest()


def _write_private(path: Path, content: str) -> None:
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8") as out:
        out.write(content)
        out.flush()
        os.fsync(out.fileno())


def _to_disk(path: Path) -> None:
    with path.open("rb+") as content:
        os.fsync(content.fileno())
