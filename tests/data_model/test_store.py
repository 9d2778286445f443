"""The database: its schema and the way to it, transactions, and what it never shows."""

import os
import sqlite3
import stat
import threading
from contextlib import closing
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from desk import Desk
from sqlalchemy import Engine, insert, text
from sqlalchemy.exc import DBAPIError, IntegrityError, StatementError

from data_model import store
from data_model.catalogue import DATASETS
from data_model.metadata import metadata
from data_model.store import connect, current_version, insert_rows, migrations, open_database, reading, writing

_SCHOOL = ["urn", "laestab", "school_name", "phase", "establishment_type_group", "upload_id"]


@pytest.fixture
def url(tmp_path: Path) -> str:
    return f"sqlite:///{tmp_path / 'outreach.db'}"


def stamp(url: str, revision: str) -> None:
    """Say that the database has this schema version."""
    path = connect(url).url.database
    assert path
    with closing(sqlite3.connect(path)) as database:
        database.execute("UPDATE alembic_version SET version_num = ?", [revision])
        database.commit()


def rows_of(path: Path, table: str) -> list[tuple[object, ...]]:
    with closing(sqlite3.connect(path)) as database:
        return database.execute(f"SELECT * FROM {table} ORDER BY 1").fetchall()


def test_the_migrations_lead_to_the_declared_schema(url: str) -> None:
    engine = open_database(url)
    with engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, metadata) == []
    engine.dispose()


def test_the_migrations_are_one_line() -> None:
    scripts = ScriptDirectory.from_config(migrations())
    assert scripts.get_heads() == [store.head()]
    assert len(scripts.get_bases()) == 1


def test_every_dataset_has_a_table() -> None:
    assert set(DATASETS) <= set(metadata.tables)


def test_opening_a_database_of_the_newest_schema_changes_nothing(desk: Desk, tmp_path: Path) -> None:
    before = desk.path.read_bytes()
    open_database(f"sqlite:///{desk.path}").dispose()
    assert desk.path.read_bytes() == before
    assert list(tmp_path.iterdir()) == [desk.path]


def test_a_new_database_is_for_its_owner_alone(url: str, tmp_path: Path) -> None:
    before = os.umask(0o022)
    try:
        open_database(url).dispose()
    finally:
        os.umask(before)
    assert {file.name: stat.S_IMODE(file.stat().st_mode) for file in tmp_path.iterdir()} == {"outreach.db": 0o600}


def test_a_database_of_a_newer_version_is_refused_and_left_alone(url: str, tmp_path: Path) -> None:
    open_database(url).dispose()
    stamp(url, "9999")
    before = (tmp_path / "outreach.db").read_bytes()
    with pytest.raises(SystemExit, match="newer version of this dashboard"):
        open_database(url)
    assert (tmp_path / "outreach.db").read_bytes() == before


def test_an_older_database_is_copied_before_it_is_migrated(
    desk: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    schools = desk.rows("schools")
    newer = _next_revision(tmp_path / "migrations", after=store.head())
    monkeypatch.setattr(store, "migrations", lambda: newer)
    open_database(f"sqlite:///{desk.path}").dispose()
    assert store.schema_version(desk.engine) == "next"
    assert desk.rows("schools") == schools
    (copy,) = tmp_path.glob("*.before-migration-*")
    assert rows_of(copy, "schools") == rows_of(desk.path, "schools")
    assert rows_of(copy, "alembic_version") != rows_of(desk.path, "alembic_version")


def test_a_migration_that_fails_leaves_the_database_as_it_was(
    desk: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = desk.digest(), store.schema_version(desk.engine)
    newer = _next_revision(tmp_path / "migrations", after=store.head(), fails=True)
    monkeypatch.setattr(store, "migrations", lambda: newer)
    with pytest.raises(RuntimeError, match="half way"):
        open_database(f"sqlite:///{desk.path}")
    assert (desk.digest(), store.schema_version(desk.engine)) == before


def _next_revision(folder: Path, after: str, *, fails: bool = False) -> Config:
    """Alembic's configuration with one more migration, which adds a table and may then fail."""
    script = Path(store.__file__).parent / "migrations"
    (folder / "versions").mkdir(parents=True)
    for path in [script / "env.py", *script.glob("versions/*.py")]:
        (folder / path.relative_to(script)).write_text(path.read_text(encoding="utf-8"), encoding="utf-8")
    (folder / "versions" / "next.py").write_text(
        "import sqlalchemy as sa\nfrom alembic import op\n"
        f"revision, down_revision = 'next', {after!r}\n"
        "def upgrade():\n    op.create_table('later', sa.Column('only', sa.Integer))\n"
        + ("    raise RuntimeError('half way')\n" if fails else ""),
        encoding="utf-8",
    )
    config = migrations()
    config.set_main_option("script_location", str(folder))
    return config


@pytest.mark.both_databases
def test_a_write_that_fails_writes_nothing_and_keeps_the_data_version(desk: Desk) -> None:
    before, version = desk.digest(), _version(desk.engine)
    with pytest.raises(RuntimeError), writing(desk.engine) as connection:
        connection.execute(DATASETS["schools"].table.delete())
        raise RuntimeError
    assert (desk.digest(), _version(desk.engine)) == (before, version)


@pytest.mark.both_databases
def test_every_write_counts_the_data_version_up(desk: Desk) -> None:
    version = _version(desk.engine)
    with writing(desk.engine):
        pass
    assert _version(desk.engine) == version + 1


def _version(engine: Engine) -> int:
    with reading(engine) as connection:
        return current_version(connection)


def test_a_reader_sees_one_state_throughout(desk: Desk) -> None:
    with reading(desk.engine) as connection:
        before = current_version(connection)
        # A rollback journal lets nobody commit while somebody reads: the writer waits, the reader sees no change.
        writer = threading.Thread(target=_write_once, args=[desk.engine])
        writer.start()
        writer.join(timeout=0.2)
        assert current_version(connection) == before
    writer.join()
    assert _version(desk.engine) == before + 1


def _write_once(engine: Engine) -> None:
    with writing(engine):
        pass


@pytest.mark.both_databases
def test_writers_at_once_lose_nothing(desk: Desk) -> None:
    before = _version(desk.engine)
    writers = [threading.Thread(target=_write_often, args=[desk.engine, 5]) for _ in range(4)]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join()
    assert _version(desk.engine) == before + 20


def _write_often(engine: Engine, times: int) -> None:
    for _ in range(times):
        _write_once(engine)


def test_the_journal_and_its_safety(desk: Desk) -> None:
    with reading(desk.engine) as connection:
        found = [connection.execute(text(f"PRAGMA {name}")).scalar() for name in ("synchronous", "foreign_keys")]
        journal = connection.execute(text("PRAGMA journal_mode")).scalar()
    assert found == [2, 1]
    assert journal == ("wal" if sqlite3.sqlite_version_info >= (3, 51, 3) else "delete")


@pytest.mark.both_databases
def test_errors_never_show_what_a_row_holds(desk: Desk) -> None:
    table = DATASETS["schools"].table
    row = dict.fromkeys(table.columns.keys(), "SECRET") | {"urn": 900001, "upload_id": 1}
    with pytest.raises((IntegrityError, StatementError)) as caught, writing(desk.engine) as connection:
        connection.execute(insert(table).values(row))
    assert "SECRET" not in str(caught.value)


@pytest.mark.both_databases
def test_a_row_that_is_refused_in_bulk_is_not_shown_either(desk: Desk) -> None:
    secret = "SECRET"
    row = (900001, 1, secret, "primary", secret, 1)
    with pytest.raises((IntegrityError, StatementError)) as caught, writing(desk.engine) as connection:
        insert_rows(connection, "schools", _SCHOOL, [row])
    assert secret not in str(caught.value)
    assert secret not in str(caught.value.__cause__ or caught.value.__context__)


@pytest.mark.both_databases
def test_what_only_reads_cannot_write(desk: Desk) -> None:
    before = desk.digest()
    with pytest.raises(DBAPIError, match=r"readonly|ReadOnly"), reading(desk.engine) as connection:
        connection.execute(DATASETS["schools"].table.delete())
    assert desk.digest() == before
    with writing(desk.engine) as connection:
        connection.execute(DATASETS["schools"].table.delete())


@pytest.mark.parametrize("url", ["mysql://localhost/outreach", "mssql+pyodbc://localhost/outreach"])
def test_a_database_of_another_kind_is_refused(url: str) -> None:
    with pytest.raises(SystemExit, match="SQLite or PostgreSQL"):
        connect(url)


def test_what_is_no_url_is_said_so() -> None:
    with pytest.raises(SystemExit, match="OUTREACH_DATABASE_URL"):
        connect("outreach.db")


@pytest.mark.parametrize("url", ["postgresql+pg8000://localhost/outreach"])
def test_a_database_whose_driver_is_not_installed_is_said_so(url: str) -> None:
    with pytest.raises(SystemExit, match="needs the Python package pg8000"):
        connect(url)
