"""What people write down about a child goes with the child: exported, erased, purged, renamed, and after a backup."""

import json
from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from app_database import app_database
from desk import Desk, NewDatabase
from pupil_world import MARA, NOOR, PSEUDONYM_KEY, both_children, both_under_pseudonyms
from pydantic import SecretStr
from sqlalchemy import insert, select

from access import audit
from access.keeping import erasing, purging
from access.keeping.exporting import export_pupil
from access.keeping.pseudonyms import Pseudonyms
from access.keeping.pupil_rows import forget_unused_references
from access.keeping.rotating import rotate
from access.noting import noting
from data_model.about_pupils import WRITTEN_ABOUT_PUPILS
from data_model.catalogue import DATASETS
from data_model.retention import erasures, pupil_identities
from data_model.retention_schedule import KEPT_FOR
from data_model.settings import settings
from data_model.store import reading, writing
from data_model.support_decisions import support_decisions
from data_model.uploads import open_queries, upload_changes

pytestmark = pytest.mark.both_databases
OTHER_KEY = "another pseudonym key of these tests, 9876543210"
AT = datetime(2025, 10, 20, 9, tzinfo=UTC)
WORDS = "The school has a plan, canary qzx"


@pytest.fixture(params=["references", "pseudonyms"])
def desk(
    request: pytest.FixtureRequest, new_database: NewDatabase, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Desk]:
    """Both children, with a decision about each: under what was sent, and under pseudonyms."""
    monkeypatch.setenv("OUTREACH_BACKUP_FOLDER", str(tmp_path / "backups"))
    keyed = request.param == "pseudonyms"
    if keyed:
        monkeypatch.setenv("OUTREACH_PSEUDONYM_KEY", PSEUDONYM_KEY)
    with (
        app_database(new_database(both_under_pseudonyms if keyed else both_children)),
        Desk(settings().database_url) as opened,
    ):
        _decide(opened, MARA, WORDS)
        _decide(opened, NOOR, "Nothing more is needed")
        yield opened


def stored(reference: str) -> str:
    """How the tables hold a reference."""
    chosen = settings()
    return (
        Pseudonyms(chosen.pseudonym_key, chosen.pseudonym_key_id).of(reference) if chosen.pseudonym_key else reference
    )


def _decide(desk: Desk, reference: str, reason: str) -> None:
    row = {"la_code": 999, "pupil_ref": stored(reference), "urn": 900002, "decision": "not_now", "reason": reason}
    row |= {"look_again": date(2026, 1, 12), "facts": ["some_suspensions"], "suspensions": 2}
    with noting(desk.engine) as connection:
        connection.execute(insert(support_decisions).values(**row, recorded_by="manager@example.org", recorded_at=AT))


def whose(desk: Desk) -> list[str]:
    return [row["pupil_ref"] for row in desk.rows(support_decisions)]


def test_an_erasure_takes_them_and_leaves_another_child_s(desk: Desk) -> None:
    assert erasing.what_is_held(desk.engine, MARA)["support_decisions"] == 1
    counts = erasing.erase(desk.engine, MARA, "the test", "The family asked")
    assert counts["support_decisions"] == 1
    assert whose(desk) == [stored(NOOR)]
    assert "canary" not in repr(desk.rows(support_decisions))
    assert erasing.what_is_held(desk.engine, MARA) == {}


def test_a_child_of_whom_nothing_else_is_left_is_found_and_erased(desk: Desk) -> None:
    with writing(desk.engine) as connection:
        for table in (upload_changes, open_queries, *(dataset.table for dataset in DATASETS.values())):
            connection.execute(table.delete())
        forget_unused_references(connection)
    assert erasing.erase(desk.engine, MARA, "the test", "The family asked") == {"support_decisions": 1}
    assert whose(desk) == [stored(NOOR)]


def keyed() -> bool:
    return settings().pseudonym_key is not None


def test_an_older_backup_is_erased_again(desk: Desk) -> None:
    erasing.erase(desk.engine, NOOR, "the test", "The family asked")
    with writing(desk.engine) as connection:
        connection.execute(erasures.delete())
    if keyed():  # as the backup had it
        with writing(desk.engine) as connection:
            seal = Pseudonyms(settings().pseudonym_key or SecretStr(""), settings().pseudonym_key_id)
            values = {"sealed": seal.seal(NOOR), "key_id": seal.key_id, "subject": audit.subject_of_pupil(NOOR)}
            connection.execute(insert(pupil_identities).values(pupil_ref=stored(NOOR), **values))
    _decide(desk, NOOR, "From before the erasure")
    assert erasing.replay_erasures(desk.engine) == 1
    assert whose(desk) == [stored(MARA)]
    with reading(desk.engine) as connection:
        left = list(connection.execute(select(pupil_identities.c.pupil_ref)).scalars())
    assert left == ([stored(MARA)] if keyed() else [])


def test_they_are_in_what_a_family_is_sent(desk: Desk, tmp_path: Path) -> None:
    told, as_csv = export_pupil(desk.engine, MARA, "admin@example.org", tmp_path / "out")
    title = "Decisions about a child without support"
    (row,) = [each["row"] for each in json.loads(told.read_text("utf-8"))["held"] if each["table"] == title]
    assert row["Child"] == MARA
    assert row["Decision"] == "not_now: Not now"
    assert (row["Reason"], row["Look again on"]) == (WORDS, "2026-01-12")
    assert row["Recorded at"].startswith("2025-10-20T09:00")
    assert WORDS in as_csv.read_text("utf-8")
    assert "Nothing more" not in told.read_text("utf-8")


def test_they_go_in_their_time_and_keep_the_sealed_reference_until_then(desk: Desk) -> None:
    assert "support_decisions" not in purging.dry_run(desk.engine, date(2031, 10, 1)).rows
    assert purging.dry_run(desk.engine, date(2031, 12, 1)).rows["support_decisions"] == 2


def test_who_a_child_is_stays_known_as_long_as_a_decision_is_kept(desk: Desk) -> None:
    with writing(desk.engine) as connection:
        others = [dataset.table for dataset in DATASETS.values() if dataset.name not in ("pupils", "schools")]
        for table in others:
            connection.execute(table.delete())
    assert "pupils" not in purging.dry_run(desk.engine, date(2031, 10, 15)).rows
    assert purging.dry_run(desk.engine, date(2031, 12, 1)).rows["pupils"] == 2


def test_they_follow_a_change_of_the_pseudonym_key(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    if keyed():
        monkeypatch.setenv("OUTREACH_PSEUDONYM_KEY_BEFORE", PSEUDONYM_KEY)
    monkeypatch.setenv("OUTREACH_PSEUDONYM_KEY", OTHER_KEY)
    monkeypatch.setenv("OUTREACH_PSEUDONYM_KEY_ID", "k2")
    settings.cache_clear()
    rotate(desk.engine, "the test")
    assert whose(desk) == [stored(MARA), stored(NOOR)]
    assert erasing.what_is_held(desk.engine, MARA)["support_decisions"] == 1


def test_every_table_about_a_child_says_who_wrote_when_and_how_long_it_is_kept() -> None:
    for about in WRITTEN_ABOUT_PUPILS:
        assert {"recorded_by", "recorded_at", "pupil_ref"} <= set(about.table.c.keys())
        assert KEPT_FOR[about.table.name].months
        assert set(about.row.model_fields) <= set(about.table.c.keys())
