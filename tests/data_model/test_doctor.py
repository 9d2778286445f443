"""The doctor finds what is wrong and says what to do; it changes nothing, and of a sound one it finds no fault."""

import json
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from desk import Desk, suspensions
from sqlalchemy import text
from typer.testing import CliRunner

from data_model import backup, sqlite
from data_model.__main__ import cli
from data_model.doctor import Finding, examine
from data_model.fingerprints import Fingerprint
from data_model.health import health
from data_model.settings import Mode, Settings
from data_model.store import reading, writing


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(backup_folder=tmp_path / "backups")


@pytest.fixture
def full_desk(desk: Desk) -> Iterator[Desk]:
    """A desk whose uploads have replaced, removed and undone one another's rows."""
    desk.load("suspensions", suspensions("P1,900001,2025-10-06,,2,SUSP,DB", "P2,900001,2025-10-07,,3,SUSP,PP"))
    desk.load("suspensions", suspensions("P1,900001,2025-10-06,,4,SUSP,DB"), remove_gone=True)
    desk.undo(desk.load("suspensions", suspensions("P1,900001,2025-10-06,,6,SUSP,DB")).upload_id)
    yield desk


def faults(found: list[Finding]) -> list[Finding]:
    return [finding for finding in found if finding.is_fault]


@pytest.mark.both_databases
def test_a_healthy_database_has_no_faults_and_is_left_alone(full_desk: Desk, settings: Settings) -> None:
    before = full_desk.digest(), full_desk.rows("suspensions")
    found = examine(full_desk.engine, settings)
    assert faults(found) == []
    assert {"settings", "database", "schema", "write", "integrity", "uploads", "disk", "backup"} <= {
        finding.name for finding in found
    }
    assert (full_desk.digest(), full_desk.rows("suspensions")) == before


@pytest.mark.both_databases
@pytest.mark.parametrize(
    "harm",
    [
        "UPDATE suspensions SET reason_1 = 'VA'",
        "UPDATE suspensions SET upload_id = 2",
        "DELETE FROM suspensions",
        "DELETE FROM upload_changes",
        "UPDATE schools SET school_name = 'Another' WHERE urn = 900001",
        "DELETE FROM uploads WHERE upload_id = (SELECT max(upload_id) FROM uploads WHERE undone_at IS NULL)",
    ],
)
def test_a_value_that_was_changed_behind_our_back_is_found(full_desk: Desk, settings: Settings, harm: str) -> None:
    with writing(full_desk.engine) as connection:
        if "DELETE FROM uploads" in harm:
            for table in ("upload_changes", "upload_schools", "open_queries"):
                connection.execute(text(f"DELETE FROM {table} WHERE upload_id > 2"))
        connection.execute(text(harm))
    found = faults(examine(full_desk.engine, settings))
    assert found and {finding.name for finding in found} == {"uploads"}


def test_a_letter_flipped_in_the_file_is_found_though_sqlite_finds_the_file_whole(
    full_desk: Desk, settings: Settings
) -> None:
    full_desk.engine.dispose()
    content = full_desk.path.read_bytes()
    assert content.count(b"Primary School") >= 1
    full_desk.path.write_bytes(content.replace(b"Primary School", b"Primary Schopl", 1))
    with reading(full_desk.engine) as connection:
        assert sqlite.faults(connection) == []
    (fault,) = faults(examine(full_desk.engine, settings))
    assert fault.said.startswith("Upload 1 brought 3 rows, and a value in them was changed.")


def test_a_damaged_page_is_found(full_desk: Desk, settings: Settings) -> None:
    rows = [f"P{number}x,900001,2025-10-06,,2,SUSP,DB" for number in range(2_000)]
    full_desk.load("suspensions", suspensions(*rows), accept_queries=True)
    full_desk.engine.dispose()
    with full_desk.path.open("rb+") as content:
        content.seek(-8192 * 4, 2)
        content.write(b"\xa5" * 8192)
    assert faults(examine(full_desk.engine, settings))


def test_each_trouble_is_a_fault_that_says_what_to_do(desk: Desk, settings: Settings, tmp_path: Path) -> None:
    live = settings.model_copy(update={"mode": Mode.LIVE})
    said = {finding.name: finding.said for finding in faults(examine(desk.engine, live))}
    assert "OUTREACH_SECRET_KEY" in said["settings"]
    assert "python -m access backup" in said["backup"]
    assert "chmod 600" in said["rights"]
    with writing(desk.engine) as connection:
        connection.execute(text("UPDATE uploads SET is_sample = true"))
        connection.execute(text("UPDATE alembic_version SET version_num = '0001'"))
    assert "migrate" in {finding.name: finding.said for finding in faults(examine(desk.engine, live))}["schema"]


def test_an_old_backup_is_a_fault_in_live_mode(desk: Desk, settings: Settings) -> None:
    live = settings.model_copy(update={"mode": Mode.LIVE})
    backup.back_up(desk.engine, settings.backup_folder, now=datetime.now(UTC) - timedelta(hours=31))
    (late,) = [finding for finding in faults(examine(desk.engine, live)) if finding.name == "backup"]
    assert late.said.startswith("The last backup is 31 hours old.")
    backup.back_up(desk.engine, settings.backup_folder)
    assert "backup" not in {finding.name for finding in faults(examine(desk.engine, live))}


def test_health_says_what_a_monitor_needs_and_no_count(desk: Desk, settings: Settings) -> None:
    assert health(desk.engine, settings) == {
        "status": "ok",
        "schema": "ok",
        "database": "writable",
        "disk": "ok",
        "last_backup_age_hours": None,
    }
    backup.back_up(desk.engine, settings.backup_folder, now=datetime.now(UTC) - timedelta(hours=5))
    assert health(desk.engine, settings)["last_backup_age_hours"] == 5.0


@pytest.mark.both_databases
def test_health_is_not_held_up_by_a_load_and_writes_nothing(desk: Desk, settings: Settings) -> None:
    with writing(desk.engine) as connection:
        connection.execute(text("UPDATE schools SET school_name = 'Another'"))
        told = health(desk.engine, settings)
    assert told["status"] == "ok"
    assert told["database"] == ("busy" if desk.engine.dialect.name == "sqlite" else "writable")
    assert health(desk.engine, settings)["database"] == "writable"
    with reading(desk.engine) as connection:
        assert connection.execute(text("SELECT count(*) FROM data_version")).scalar() == 1


def test_health_is_down_where_nothing_can_be_written_or_reached(desk: Desk, settings: Settings, tmp_path: Path) -> None:
    with closing(sqlite3.connect(desk.path)) as database:
        database.execute("DROP TABLE data_version")
    assert health(desk.engine, settings) | {"disk": "", "schema": ""} == {
        "status": "down",
        "schema": "",
        "database": "read-only",
        "disk": "",
        "last_backup_age_hours": None,
    }


def test_the_command(desk: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from data_model import __main__ as commands

    folder = tmp_path / "backups"
    monkeypatch.setattr(commands, "settings", lambda: Settings(database_url=desk.url, backup_folder=folder))
    backup.back_up(desk.engine, folder)
    examined = CliRunner().invoke(cli, ["doctor", "--json"])
    assert examined.exit_code == 0
    assert not any(finding["is_fault"] for finding in json.loads(examined.stdout))


def test_a_fingerprint_does_not_hang_on_order_but_on_who_has_what() -> None:
    def of(*rows: tuple[object, ...], names: str = "ab") -> str:
        fingerprint = Fingerprint()
        fingerprint.add(list(names), list(zip(*rows, strict=True)))
        return str(fingerprint)

    assert of((1, "x"), (2, "y")) == of((2, "y"), (1, "x")) == of((2.0, "y"), (1.0, "x"))
    assert of((1, "x"), (2, "y")) != of((1, "y"), (2, "x"))
    assert of((1, "x")) == of((1, "x", None), names="abc")
    assert of((1, "x")) != of((1, "x"), names="ac")
