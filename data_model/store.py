"""The database: connecting, transactions, the data version and the schema."""

from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import Any

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Column, Connection, Date, Engine, Table, insert, make_url, select, update
from sqlalchemy.exc import ArgumentError

from data_model import (
    accounts,
    allocations,
    audit_trail,
    catalogue,
    frozen_lists,
    postgresql,
    published,
    retention,
    right_of_reply,
    sqlite,
    support_decisions,
    thresholds,
    uploads,
)
from data_model.metadata import metadata
from data_model.settings import settings

Condition = tuple[str, tuple[Any, ...]]
"""The text of an SQL condition, and its parameters."""

# Loading the declarations is what fills the metadata that migrations are compared with.
_DECLARED = (
    [dataset.table for dataset in catalogue.DATASETS.values()],
    accounts,
    allocations,
    audit_trail,
    frozen_lists,
    published,
    retention,
    right_of_reply,
    support_decisions,
    thresholds,
    uploads,
)
TABLES = dict(metadata.tables)
"""Every table by its name."""


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
    """An engine whose write transactions lock at once, and whose errors never show a parameter's value.

    Raises SystemExit with a sentence for a database that is neither SQLite nor PostgreSQL, or lacks its driver.
    """
    try:
        parsed = make_url(url)
    except ArgumentError:
        raise SystemExit(
            "OUTREACH_DATABASE_URL is not a database URL: write sqlite:///FILE or postgresql://…"
        ) from None
    match parsed.get_backend_name():
        case "sqlite":
            return sqlite.connect(parsed)
        case "postgresql" | "postgres":
            return postgresql.connect(parsed)
    raise SystemExit("The database is SQLite or PostgreSQL: OUTREACH_DATABASE_URL names another.")


@contextmanager
def reading(engine: Engine) -> Iterator[Connection]:
    """A transaction that sees one state of the data throughout, and can write nothing."""
    with engine.connect().execution_options(purpose="reading") as connection, connection.begin():
        yield connection


@contextmanager
def writing(engine: Engine) -> Iterator[Connection]:
    """A transaction that holds the write lock from its start, counts up the data version, and is all or nothing."""
    with engine.connect().execution_options(purpose="writing") as connection, connection.begin():
        yield connection
        table = uploads.data_version
        if not connection.execute(update(table).values(version=table.c.version + 1)).rowcount:
            connection.execute(insert(table).values(only=1, version=1))


def current_version(connection: Connection) -> int:
    """How many writes have been committed: changes whenever the data does."""
    return connection.execute(select(uploads.data_version.c.version)).scalar() or 0


def compact(engine: Engine) -> None:
    """Take what was deleted out of the database's files too: until then its bytes may still stand there."""
    connection = engine.raw_connection()
    try:
        driver: Any = connection.driver_connection
        postgresql.compact(driver) if is_postgresql(engine) else sqlite.compact(driver)
    finally:
        connection.close()


def insert_rows(connection: Connection, table: str, names: Sequence[str], rows: Sequence[tuple[Any, ...]]) -> None:
    """Insert many rows of stored values (dates as ISO text) at the speed of the driver: SQLAlchemy's own costs 2.7 times."""
    if rows:
        insert_many = postgresql.insert_rows if is_postgresql(connection) else sqlite.insert_rows
        insert_many(connection, table, names, rows)


def delete_rows(connection: Connection, table: str, names: Sequence[str], keys: Sequence[tuple[Any, ...]]) -> None:
    """Delete many rows by their key, given in the order of `names`, at the speed of the driver."""
    if keys:
        matches = " AND ".join(f"{name} = {mark(connection)}" for name in names)
        connection.exec_driver_sql(f"DELETE FROM {table} WHERE {matches}", list(keys))  # noqa: S608  # names are ours


def stored_rows(
    connection: Connection, table: Table, names: Sequence[str], where: Condition
) -> Iterator[tuple[Any, ...]]:
    """The rows of a table that meet a condition, each as its stored values (dates as ISO text)."""
    dates = {column.name for column in table.columns if isinstance(column.type, Date)}
    # SQLite holds dates as ISO text, for PostgreSQL they are made so.
    listed = ", ".join(f"CAST({name} AS VARCHAR)" if name in dates else name for name in names)
    text, parameters = where
    query = f"SELECT {listed} FROM {table.name} WHERE {text}"  # noqa: S608  # names are ours
    found = connection.exec_driver_sql(query, parameters, execution_options={"yield_per": 10_000})
    for part in found.partitions():
        yield from map(tuple, part)


def among(connection: Connection, column: Column[Any], values: Collection[Any]) -> Condition:
    """The condition that a column has one of these stored values, however many they are."""
    if is_postgresql(connection):
        return postgresql.among(column.name, column.type.compile(connection.dialect), values)
    return sqlite.among(column.name, values)


def mark(connection: Connection) -> str:
    """What stands for a parameter in a statement to the driver."""
    return "%s" if is_postgresql(connection) else "?"


def is_postgresql(connection: Connection | Engine) -> bool:
    """Whether this is PostgreSQL, and not SQLite."""
    return connection.dialect.name == "postgresql"


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
        sqlite.copy_beside(engine, f"before-migration-{before}")
    config = migrations()
    with engine.connect().execution_options(purpose="writing") as connection, connection.begin():
        config.attributes["connection"] = connection
        command.upgrade(config, "head")
