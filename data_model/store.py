"""The database: connecting, transactions, the data version and the schema."""

import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Any

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import URL, Connection, Engine, create_engine, event, insert, make_url, select, update

from data_model import accounts, audit_trail, catalogue, published, retention, uploads
from data_model.metadata import metadata
from data_model.settings import settings

# Loading the declarations is what fills the metadata that migrations are compared with.
_DECLARED = (
    [dataset.table for dataset in catalogue.DATASETS.values()],
    accounts,
    audit_trail,
    published,
    retention,
    uploads,
)
TABLES = dict(metadata.tables)
"""Every table by its name."""

# WAL has a bug that can corrupt a database before this version (fixed upstream in March 2026).
_FIRST_SAFE_WAL = (3, 51, 3)
_PATIENCE_MS = 60_000  # a check of a million rows reads for half a minute, and nobody can commit meanwhile


@cache
def database() -> Engine:
    """The engine of the configured database, its schema brought up to date. One for each process."""
    return open_database(settings().database_url)


def open_database(url: str) -> Engine:
    """Connect to the database at `url`, and create its schema or migrate it; an SQLite file is copied before."""
    engine = connect(url)
    migrate(engine)
    return engine


def connect(url: str) -> Engine:
    """An engine whose write transactions lock at once, and whose errors never show a parameter's value."""
    parsed = make_url(url)
    if parsed.get_backend_name() != "sqlite":
        return _server(parsed)
    if parsed.database and parsed.database != ":memory:":
        Path(parsed.database).parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    engine = create_engine(parsed, hide_parameters=True)
    event.listen(engine, "connect", _prepare_sqlite)
    event.listen(engine, "begin", _begin_sqlite)
    return engine


def _server(url: URL) -> Engine:
    try:
        return create_engine(url, hide_parameters=True)
    except ModuleNotFoundError as missing:
        raise SystemExit(f"The database needs the Python package {missing.name}: install it first.") from None


def _prepare_sqlite(connection: sqlite3.Connection, record: Any) -> None:
    # Python's own transaction handling starts them late and deferred: lost updates were seen. Ours starts them.
    connection.isolation_level = None
    journal = "WAL" if sqlite3.sqlite_version_info >= _FIRST_SAFE_WAL else "DELETE"
    for setting in (f"busy_timeout={_PATIENCE_MS}", f"journal_mode={journal}", "synchronous=FULL", "foreign_keys=ON"):
        connection.execute(f"PRAGMA {setting}")


def _begin_sqlite(connection: Connection) -> None:
    writes = connection.get_execution_options().get("writes", False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")


@contextmanager
def reading(engine: Engine) -> Iterator[Connection]:
    """A transaction that sees one state of the data throughout."""
    with engine.connect() as connection, connection.begin():
        yield connection


@contextmanager
def writing(engine: Engine) -> Iterator[Connection]:
    """A transaction that holds the write lock from its start, counts up the data version, and is all or nothing."""
    with engine.connect().execution_options(writes=True) as connection, connection.begin():
        yield connection
        table = uploads.data_version
        if not connection.execute(update(table).values(version=table.c.version + 1)).rowcount:
            connection.execute(insert(table).values(only=1, version=1))


def current_version(connection: Connection) -> int:
    """How many writes have been committed: changes whenever the data does."""
    return connection.execute(select(uploads.data_version.c.version)).scalar() or 0


def insert_rows(connection: Connection, table: str, names: Sequence[str], rows: Sequence[tuple[Any, ...]]) -> None:
    """Insert many rows of stored values (dates as ISO text) at the speed of the driver: SQLAlchemy's own costs 2.7 times."""
    if rows:
        marks = ", ".join([_mark(connection)] * len(names))
        statement = f"INSERT INTO {table} ({', '.join(names)}) VALUES ({marks})"  # noqa: S608  # names are ours
        connection.exec_driver_sql(statement, list(rows))


def delete_rows(connection: Connection, table: str, names: Sequence[str], keys: Sequence[tuple[Any, ...]]) -> None:
    """Delete many rows by their key, given in the order of `names`, at the speed of the driver."""
    if keys:
        matches = " AND ".join(f"{name} = {_mark(connection)}" for name in names)
        connection.exec_driver_sql(f"DELETE FROM {table} WHERE {matches}", list(keys))  # noqa: S608  # names are ours


def _mark(connection: Connection) -> str:
    return "?" if connection.dialect.paramstyle == "qmark" else "%s"


def migrations() -> Config:
    """Alembic's configuration, for the migrations beside this module."""
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent / "migrations"))
    return config


def head() -> str:
    """The newest schema version that this code knows."""
    revision = ScriptDirectory.from_config(migrations()).get_current_head()
    assert revision
    return revision


def schema_version(engine: Engine) -> str | None:
    """The schema version of the database; None for an empty one."""
    with engine.connect() as connection:
        return MigrationContext.configure(connection).get_current_revision()


def migrate(engine: Engine) -> None:
    """Bring the schema to the newest version. An SQLite file that holds an older one is copied beside itself first.

    Raises SystemExit with a sentence where the database is newer than this code.
    """
    before = schema_version(engine)
    if before == head():
        return
    known = {script.revision for script in ScriptDirectory.from_config(migrations()).walk_revisions()}
    if before and before not in known:
        raise SystemExit(
            "The database was written by a newer version of this dashboard. Start that version, or restore a backup."
        )
    if before:
        _copy_sqlite(engine, before)
    config = migrations()
    with engine.connect().execution_options(writes=True) as connection, connection.begin():
        config.attributes["connection"] = connection
        command.upgrade(config, "head")


def _copy_sqlite(engine: Engine, revision: str) -> None:
    path = engine.url.database
    if engine.url.get_backend_name() != "sqlite" or not path or path == ":memory:":
        return
    stamp = datetime.now(UTC).strftime("%Y%m%dT%H%M%S")
    copy = f"{path}.before-migration-{revision}-{stamp}"
    with closing(sqlite3.connect(path)) as source, closing(sqlite3.connect(copy)) as target:
        source.backup(target)
