"""The commands about what is kept: their words, their exit codes, and what they leave behind."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from app_database import app_database
from desk import Desk, NewDatabase
from pupil_world import MARA, both_children
from sqlalchemy import text
from typer.testing import CliRunner, Result

from access import audit
from access.__main__ import cli
from access.audit import Action
from access.noting import noting
from data_model.store import reading


@pytest.fixture
def desk(new_database: NewDatabase, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Desk]:
    monkeypatch.setenv("OUTREACH_BACKUP_FOLDER", str(tmp_path / "backups"))
    url = new_database(both_children)
    with app_database(url), Desk(url) as opened:
        yield opened


def run(*arguments: str, typed: str | None = None) -> Result:
    return CliRunner().invoke(cli, arguments, input=typed)


def rewrite(desk: Desk) -> None:
    """What somebody could do who has the database: change an event after dropping what forbids it."""
    with noting(desk.engine) as connection:
        connection.execute(text("DROP TRIGGER audit_events_no_update"))
        connection.execute(text("UPDATE audit_events SET who = 'nobody' WHERE event_id = 3"))


def test_the_head_of_the_day_is_printed_and_kept(desk: Desk, tmp_path: Path) -> None:
    said = run("audit-head")
    with reading(desk.engine) as connection:
        head = audit.head_of(connection)
    assert head
    assert said.output.split()[1:] == [str(head.event_id), head.hash]
    assert (tmp_path / "backups" / "audit_heads.txt").read_text("utf-8") == said.output
    whole = run("verify-audit")
    assert whole.exit_code == 0
    assert whole.output.startswith("The audit trail is whole, and as on 1 earlier days")


def test_a_changed_trail_is_said_with_exit_code_1(desk: Desk) -> None:
    rewrite(desk)
    said = run("verify-audit")
    assert said.exit_code == 1
    assert "Event 3 is not as it was written." in said.output
    assert "breach runbook" in said.output


def test_a_trail_that_is_shorter_than_its_heads_is_said(desk: Desk, tmp_path: Path) -> None:
    heads = tmp_path / "heads.txt"
    heads.write_text(f"2026-11-01 9999 {'0' * 64}\n", "utf-8")
    said = run("verify-audit", "--heads", str(heads))
    assert said.exit_code == 1
    assert "On 2026-11-01 the newest event was 9999" in said.output
    heads.write_text("something else\n", "utf-8")
    assert "not a file of heads" in run("verify-audit", "--heads", str(heads)).output


def test_a_pupil_is_erased_after_a_yes_and_not_after_a_no(desk: Desk) -> None:
    no = run("erase-pupil", "--reason", "The family asked", typed=f"{MARA}\nn\n")
    assert no.exit_code == 1
    assert len(desk.rows("suspensions")) == 2
    yes = run("erase-pupil", "--reason", "The family asked", typed=f"{MARA}\ny\n")
    assert (yes.exit_code, len(desk.rows("suspensions"))) == (0, 1)
    assert MARA not in yes.output
    assert "Nothing is held" in run("erase-pupil", "--reason", "Again", "--reference", MARA).output
    assert run("replay-erasures").output == "Nobody had to be erased again.\n"


def test_what_is_held_is_written_for_its_reader_alone(desk: Desk, tmp_path: Path) -> None:
    said = run("export-pupil", "--to", str(tmp_path / "out"), typed=f"{MARA}\n")
    assert said.exit_code == 0
    assert MARA not in said.output
    assert {path.name for path in (tmp_path / "out").iterdir()} == {"pupil.json", "pupil.csv"}
    assert audit.events(desk.engine, action=Action.EXPORTED)


def test_pseudonyms_need_a_key(desk: Desk) -> None:
    said = run("rotate-pseudonyms")
    assert said.exit_code == 1
    assert "Set OUTREACH_PSEUDONYM_KEY" in said.output
