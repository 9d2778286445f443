"""The commands that back up and restore: what they say, and that the audit trail keeps that they ran."""

import json
from collections.abc import Iterator
from getpass import getuser
from pathlib import Path

import pytest
from app_database import app_database
from desk import Desk, NewDatabase, with_schools
from sqlalchemy import text
from typer.testing import CliRunner, Result

from access import audit
from access.__main__ import cli
from access.audit import Action
from data_model.store import database, head, reading, schema_version, writing

pytestmark = pytest.mark.both_databases


@pytest.fixture
def desk(new_database: NewDatabase, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Desk]:
    monkeypatch.setenv("OUTREACH_BACKUP_FOLDER", str(tmp_path / "backups"))
    url = new_database(with_schools)
    with app_database(url), Desk(url) as opened:
        yield opened


def _run(desk: Desk, *arguments: str) -> Result:
    """A command, where nobody else has the database open."""
    for engine in (desk.engine, database()):
        engine.dispose()
    return CliRunner().invoke(cli, arguments)


def test_a_backup_and_its_restore_are_told_and_kept_in_the_trail(desk: Desk, tmp_path: Path) -> None:
    folder = tmp_path / "backups"
    made = json.loads(_run(desk, "backup", "--json").stdout)
    assert made["schema"] and made["tables"]["schools"].startswith("3 ")
    (event,) = audit.events(desk.engine, action=Action.BACKED_UP)
    assert (event.who, event.subject) == (f"{getuser()}, on the command line", made["file"])
    assert event.detail == {"sha256": made["sha256"], "bytes": made["bytes"]}

    verified = _run(desk, "restore", str(folder / made["file"]), "--verify")
    assert (verified.exit_code, "is whole" in verified.stdout) == (0, True)
    assert audit.events(desk.engine, action=Action.RESTORED) == []

    restored = _run(desk, "restore", str(folder / made["file"]))
    assert (restored.exit_code, "is restored" in restored.stdout) == (0, True)
    (event,) = audit.events(desk.engine, action=Action.RESTORED)
    assert (event.who, event.subject) == (f"{getuser()}, on the command line", made["file"])
    assert event.detail["replaced"] in restored.stdout
    assert audit.events(desk.engine, action=Action.BACKED_UP) == [], "the trail is that of the backup, and goes on"
    with reading(desk.engine) as connection:
        assert audit.verify(connection) == []


def test_what_cannot_be_restored_is_told_and_is_no_event(desk: Desk, tmp_path: Path) -> None:
    refused = _run(desk, "restore", str(tmp_path / "nothing.sqlite3"))
    assert (refused.exit_code, "There is no backup" in refused.stderr) == (1, True)
    told = json.loads(_run(desk, "restore", str(tmp_path / "nothing.sqlite3"), "--json").stdout)
    assert (told["done"], "There is no backup" in told["message"]) == (False, True)
    assert audit.events(desk.engine, action=Action.RESTORED) == []


def test_a_backup_before_an_upgrade_leaves_the_schema_alone_and_says_that_no_trail_was_written(desk: Desk) -> None:
    with writing(desk.engine) as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '0001'"))
    said = _run(desk, "backup")
    assert (said.exit_code, "SHA-256" in said.stdout) == (0, True)
    assert "audit trail was not written" in said.stderr
    assert schema_version(desk.engine) == "0001" != head()
    assert audit.events(desk.engine, action=Action.BACKED_UP) == []
