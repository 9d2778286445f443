"""Every released schema comes to the newest one with its data, and an interrupted upgrade harms nothing.

`released/REVISION.sql` is such a database as SQL text. Released revisions are never changed: add the next one's.
"""

import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest
from alembic import command
from alembic.script import ScriptDirectory
from desk import Desk, NewDatabase, suspensions
from sqlalchemy import Connection, Table, inspect, select, text

from data_model import fingerprints, store
from data_model.catalogue import DATASETS
from data_model.metadata import metadata
from data_model.store import connect, insert_rows, migrate, migrations, open_database, reading, schema_version, writing

RELEASED = sorted(Path(__file__).with_name("released").glob("*.sql"))
pytestmark = pytest.mark.both_databases
Rows = dict[str, list[dict[str, object]]]


def released(path: Path) -> tuple[sqlite3.Connection, list[str]]:
    """The released database in memory, and its tables, those that others point at first."""
    database = sqlite3.connect(":memory:")
    database.executescript(path.read_text(encoding="utf-8"))
    there = {name for (name,) in database.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
    return database, [table.name for table in metadata.sorted_tables if table.name in there]


def rows_of(database: sqlite3.Connection, table: str) -> tuple[list[str], list[tuple[object, ...]]]:
    found = database.execute(f"SELECT * FROM {table}")
    return [column[0] for column in found.description], found.fetchall()


def as_released(path: Path) -> Callable[[str], None]:
    """Fills an empty database as that version left it."""

    def fill(url: str) -> None:
        database, tables = released(path)
        engine = connect(url)
        with closing(database), engine.begin() as connection:
            config = migrations()
            config.attributes["connection"] = connection
            command.upgrade(config, path.stem)
            for table in tables:
                insert_rows(connection, table, *rows_of(database, table))
                if connection.dialect.name == "postgresql":
                    _count_on(connection, metadata.tables[table])
        engine.dispose()

    fill.__qualname__ = f"as_released_{path.stem}"
    return fill


def _count_on(connection: Connection, table: Table) -> None:
    """Let PostgreSQL number the next row after those that were copied."""
    (key, *_) = table.primary_key
    if key.autoincrement is True:
        last = f"SELECT setval(pg_get_serial_sequence('{table.name}', '{key.name}'), max({key.name})) FROM {table.name}"
        connection.execute(text(last))


def test_every_revision_before_the_newest_has_a_released_database() -> None:
    known = [script.revision for script in ScriptDirectory.from_config(migrations()).walk_revisions()]
    assert {path.stem for path in RELEASED} == set(known) - {store.head()}


@pytest.mark.parametrize("path", RELEASED, ids=lambda path: path.stem)
def test_a_released_database_comes_to_the_newest_schema_with_its_data(path: Path, new_database: NewDatabase) -> None:
    url = new_database(as_released(path))
    engine = open_database(url)
    assert schema_version(engine) == store.head()
    database, tables = released(path)
    with closing(database), reading(engine) as connection:
        for table in tables:
            names, rows = rows_of(database, table)
            columns = [metadata.tables[table].c[name] for name in names]
            found = connection.execute(select(*columns)).all()
            assert sorted(map(comparable, found)) == sorted(map(comparable, rows)), table
    with Desk(url) as desk:
        saved = desk.load("suspensions", suspensions("P9,900001,2025-10-06,,2,SUSP,DB"), accept_queries=True)
        assert desk.undo(saved.upload_id) == 1
    engine.dispose()


def comparable(row: tuple[object, ...]) -> tuple[str, ...]:
    """Cells as text: dates, booleans and JSON as SQLite keeps them."""
    return tuple(_text(cell) for cell in row)


def _text(cell: object) -> str:
    if isinstance(cell, bool):
        return str(int(cell))
    if isinstance(cell, list | dict):
        return str(cell).replace("'", '"').replace("None", "null").replace(" ", "")
    if isinstance(cell, str) and cell.startswith(("[", "{")):
        return cell.replace(" ", "")
    return str(cell).removesuffix(".000000")


@pytest.mark.parametrize("path", RELEASED, ids=lambda path: path.stem)
def test_an_upgrade_that_is_interrupted_leaves_the_released_database(
    path: Path, new_database: NewDatabase, monkeypatch: pytest.MonkeyPatch
) -> None:
    engine = connect(new_database(as_released(path)))
    with reading(engine) as connection:
        there = set(inspect(connection).get_table_names())
        known = [dataset.table for dataset in DATASETS.values() if dataset.name in there]
        before = [connection.execute(select(table)).all() for table in known]

    def upgrade_then_fail(config: object, revision: str) -> None:
        real(config, revision)
        raise KeyboardInterrupt

    real = command.upgrade
    monkeypatch.setattr(store.command, "upgrade", upgrade_then_fail)
    with pytest.raises(KeyboardInterrupt):
        migrate(engine)
    assert schema_version(engine) == path.stem
    with reading(engine) as connection:
        assert [connection.execute(select(table)).all() for table in known] == before
    monkeypatch.undo()
    migrate(engine)
    assert schema_version(engine) == store.head()
    engine.dispose()


@pytest.mark.parametrize("path", RELEASED, ids=lambda path: path.stem)
def test_uploads_of_older_versions_are_given_their_fingerprints(path: Path, new_database: NewDatabase) -> None:
    engine = open_database(new_database(as_released(path)))
    with writing(engine) as connection:
        assert None in fingerprints.recorded(connection).values()
        fingerprints.record_again(connection, only_missing=True)
        assert fingerprints.recorded(connection) == fingerprints.present(connection)
    engine.dispose()
