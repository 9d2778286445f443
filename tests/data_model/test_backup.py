"""Backups: whole, private, never written over; what was backed up comes back; damage is found before it is trusted."""

import json
import shutil
import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from desk import Desk, NewDatabase, newest_schema, suspensions
from sqlalchemy import text

from data_model import backup, sqlite, store
from data_model.backup import NotDone, back_up, describe, made, restore, verify
from data_model.uploads import data_version


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "backups"


@pytest.fixture
def busy_desk(desk: Desk) -> Iterator[Desk]:
    """A desk with some history: a correction, queries and an upload that was undone."""
    desk.load("suspensions", suspensions("P1,900001,2025-10-06,,2,SUSP,DB", "P2,900001,2025-10-07,,3,SUSP,PP"))
    desk.load("suspensions", suspensions("P1,900001,2025-10-06,,4,SUSP,DB"))
    desk.undo(desk.load("suspensions", suspensions("P3,900001,2025-10-06,,4,SUSP,DB")).upload_id)
    yield desk


@pytest.mark.both_databases
def test_what_was_backed_up_comes_back(busy_desk: Desk, folder: Path) -> None:
    before = busy_desk.digest()
    path = back_up(busy_desk.engine, folder)
    busy_desk.load("suspensions", suspensions("P9,900001,2025-10-06,,2,SUSP,DB"))
    assert busy_desk.digest() != before
    replaced = restore(busy_desk.engine, path, folder)
    assert busy_desk.digest() == before
    assert replaced and describe(replaced).tables != describe(path).tables
    busy_desk.load("suspensions", suspensions("P9,900001,2025-10-06,,2,SUSP,DB"))


@pytest.mark.both_databases
def test_after_a_wipe_everything_comes_back(busy_desk: Desk, folder: Path, new_database: NewDatabase) -> None:
    path = back_up(busy_desk.engine, folder)
    with Desk(new_database(newest_schema)) as other:
        restore(other.engine, path, folder)
        assert other.digest() == busy_desk.digest()
        assert other.uploads() == busy_desk.uploads()


def test_what_was_remembered_of_the_data_before_is_not_shown_after(busy_desk: Desk, folder: Path) -> None:
    path = back_up(busy_desk.engine, folder)
    busy_desk.load("suspensions", suspensions("P9,900001,2025-10-06,,2,SUSP,DB"))
    (seen,) = busy_desk.rows(data_version)
    restore(busy_desk.engine, path, folder)
    (now,) = busy_desk.rows(data_version)
    assert now["version"] > seen["version"]


def test_a_backup_is_for_its_owner_alone_and_is_never_written_over(desk: Desk, folder: Path) -> None:
    now = datetime(2026, 11, 22, 1, 2, 3, tzinfo=UTC)
    path = back_up(desk.engine, folder, now=now)
    assert path.name.startswith("outreach-20261122T010203Z.")
    assert folder.stat().st_mode & 0o777 == 0o700
    assert {file.stat().st_mode & 0o777 for file in folder.iterdir()} == {0o600}
    content = path.read_bytes()
    with pytest.raises(NotDone, match="never written over"):
        back_up(desk.engine, folder, now=now)
    assert path.read_bytes() == content


def test_old_backups_go_and_nothing_else_does(desk: Desk, folder: Path) -> None:
    now = datetime(2026, 11, 22, tzinfo=UTC)
    for days in (36, 34):
        back_up(desk.engine, folder, keep_days=3650, now=now - timedelta(days=days))
    (folder / "outreach-notes.txt").write_text("somebody's own")
    newest = back_up(desk.engine, folder, keep_days=35, now=now)
    assert [at for at, _ in made(folder)] == [now - timedelta(days=34), now]
    assert len(list(folder.iterdir())) == 5
    back_up(desk.engine, folder, keep_days=1, now=now + timedelta(days=400))
    assert not newest.exists()


def test_copies_from_before_a_migration_go_as_backups_do(desk: Desk, folder: Path) -> None:
    copy = sqlite.copy_beside(desk.engine, "before-migration-0001")
    other = desk.path.with_name(f"{desk.path.name}.before-lunch")
    other.write_text("somebody's own")
    assert copy
    now = datetime.now(UTC)
    back_up(desk.engine, folder, now=now + timedelta(days=34))
    assert copy.exists()
    back_up(desk.engine, folder, now=now + timedelta(days=36))
    assert not copy.exists()
    assert other.exists()


def test_a_backup_that_fails_leaves_nothing_half(desk: Desk, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def no_space(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(backup, "_to_disk", no_space)
    with pytest.raises(NotDone, match="No space left"):
        back_up(desk.engine, folder)
    assert list(folder.iterdir()) == []


def test_verifying_changes_nothing_and_says_what_is_whole(busy_desk: Desk, folder: Path) -> None:
    path = back_up(busy_desk.engine, folder)
    before = busy_desk.digest()
    assert verify(busy_desk.engine, path).tables["suspensions"].startswith("2 ")
    assert busy_desk.digest() == before


def test_a_damaged_backup_is_found_before_anything_is_replaced(busy_desk: Desk, folder: Path) -> None:
    path = back_up(busy_desk.engine, folder)
    before = busy_desk.digest()
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.write_bytes(content)
    for act in (lambda: verify(busy_desk.engine, path), lambda: restore(busy_desk.engine, path, folder)):
        with pytest.raises(NotDone, match="damaged"):
            act()
    assert busy_desk.digest() == before


@pytest.mark.both_databases
def test_a_backup_whose_rows_are_not_those_that_were_described_is_refused(busy_desk: Desk, folder: Path) -> None:
    path = back_up(busy_desk.engine, folder)
    beside = path.with_name(f"{path.name}.json")
    told = json.loads(beside.read_text())
    told["tables"]["suspensions"] = "2 0000000000000000"
    beside.write_text(json.dumps(told))
    with pytest.raises(NotDone, match="table suspensions is not as it was backed up"):
        verify(busy_desk.engine, path)


def test_a_backup_without_its_description_is_refused(desk: Desk, folder: Path) -> None:
    path = back_up(desk.engine, folder)
    path.with_name(f"{path.name}.json").unlink()
    with pytest.raises(NotDone, match="beside it"):
        verify(desk.engine, path)


def test_a_backup_of_the_other_kind_of_database_is_refused(desk: Desk, folder: Path) -> None:
    path = back_up(desk.engine, folder)
    beside = path.with_name(f"{path.name}.json")
    beside.write_text(beside.read_text().replace(f'"{desk.engine.dialect.name}"', '"another"'))
    with pytest.raises(NotDone, match="is a backup of another"):
        restore(desk.engine, path, folder)


@pytest.mark.both_databases
def test_a_backup_during_writes_is_whole(desk: Desk, folder: Path) -> None:
    done = threading.Event()

    def write() -> None:
        number = 0
        while not done.is_set():
            number += 1
            rows = [f"P{number}x{row},900001,2025-10-06,,2,SUSP,DB" for row in range(50)]
            desk.load("suspensions", suspensions(*rows), accept_queries=True)

    writer = threading.Thread(target=write)
    writer.start()
    now = datetime.now(UTC)
    try:
        paths = [back_up(desk.engine, folder, now=now + timedelta(seconds=step)) for step in range(3)]
    finally:
        done.set()
        writer.join()
    for path in paths:
        told = verify(desk.engine, path)
        assert int(told.tables["suspensions"].split()[0]) == 50 * (int(told.tables["uploads"].split()[0]) - 1)


def test_the_description_says_how_to_check_it(desk: Desk, folder: Path) -> None:
    told = describe(back_up(desk.engine, folder))
    assert told.schema == store.head()
    assert told.tables["schools"].startswith("3 ")
    assert set(told.tables) >= {"uploads", "audit_events", "accounts", "alembic_version"}


@pytest.mark.both_databases
def test_the_restored_database_has_its_triggers(desk: Desk, folder: Path) -> None:
    path = back_up(desk.engine, folder)
    restore(desk.engine, path, folder)
    with store.writing(desk.engine) as connection:
        connection.execute(
            text(
                "INSERT INTO audit_events (event_id, at, who, action, detail, previous_hash, hash) "
                "VALUES (9999, '2026-11-22 00:00:00', 'x', 'x', '{}', 'x', 'x')"
            )
        )
    with pytest.raises(Exception, match="only added to"), store.writing(desk.engine) as connection:
        connection.execute(text("DELETE FROM audit_events"))


def test_a_missing_database_is_restored(desk: Desk, folder: Path) -> None:
    before = desk.digest()
    path = back_up(desk.engine, folder)
    desk.engine.dispose()
    desk.path.unlink()
    assert restore(desk.engine, path, folder) is None
    assert desk.digest() == before


def test_a_damaged_database_is_put_aside_and_the_backup_restored(desk: Desk, folder: Path) -> None:
    before = desk.digest()
    path = back_up(desk.engine, folder)
    desk.engine.dispose()
    shutil.copyfile(path, desk.path)
    with desk.path.open("rb+") as content:
        content.seek(4096)
        content.write(b"\xff" * 8192)
    aside = restore(desk.engine, path, folder)
    assert aside and "damaged" in aside.name
    assert desk.digest() == before
