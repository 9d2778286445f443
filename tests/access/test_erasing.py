"""A pupil erased: not a byte of them stays, and neither an old backup nor a new file brings them back unasked."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from app_database import app_database
from desk import Desk, NewDatabase, issues
from pupil_world import FILES, MARA, NOOR, NOTE, PSEUDONYM_KEY, both_children, both_under_pseudonyms, file_of
from sqlalchemy import Engine, select, text
from sqlalchemy.engine import make_url

from access import audit
from access.keeping import erasing
from access.keeping.erasing import NotErased, erase, replay_erasures
from access.keeping.exporting import NothingHeld, export_pupil
from data_model import fingerprints
from data_model.about_pupils import WRITTEN_ABOUT_PUPILS
from data_model.catalogue import DATASETS
from data_model.metadata import metadata
from data_model.retention import erasures
from data_model.store import reading, writing
from data_model.uploads import open_queries, upload_changes
from loaders.save import NotSaved

pytestmark = pytest.mark.both_databases


@pytest.fixture(params=["references", "pseudonyms"])
def desk(
    request: pytest.FixtureRequest, new_database: NewDatabase, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Desk]:
    """Both children in every dataset, under what was sent and under pseudonyms."""
    monkeypatch.setenv("OUTREACH_BACKUP_FOLDER", str(tmp_path / "backups"))
    fill = both_children
    if request.param == "pseudonyms":
        monkeypatch.setenv("OUTREACH_PSEUDONYM_KEY", PSEUDONYM_KEY)
        fill = both_under_pseudonyms
    url = new_database(fill)
    with app_database(url), Desk(url) as opened:
        yield opened


def everything(engine: Engine) -> str:
    with reading(engine) as connection:
        return repr([[tuple(row) for row in connection.execute(select(table))] for table in metadata.sorted_tables])


def stored_bytes(desk: Desk) -> bytes:
    """All that the database's files hold: on PostgreSQL a dump of every page of every table."""
    if make_url(desk.url).get_backend_name() == "sqlite":
        desk.engine.dispose()
        return b"".join(path.read_bytes() for path in desk.path.parent.glob(f"{desk.path.name}*"))
    with desk.engine.connect() as connection:
        page = text("SELECT pg_read_binary_file(pg_relation_filepath(CAST(:name AS regclass)))")
        found = [connection.execute(page, {"name": name}).scalar_one() for name in metadata.tables]
    return b"".join(map(bytes, found))


def test_not_a_byte_of_an_erased_pupil_stays(desk: Desk, tmp_path: Path) -> None:
    names = [DATASETS[name] for name in FILES]
    before = {dataset.name: len(desk.rows(dataset.name)) for dataset in names}
    assert before == {name: 1 if name == "attendance" else 2 for name in FILES}
    counts = erase(desk.engine, MARA, "the test", "The family asked")
    assert counts["upload_changes"] >= 5
    assert set(counts) >= {*FILES} - {"attendance"}
    assert {name: len(desk.rows(name)) for name in FILES} == dict.fromkeys(FILES, 1)
    assert MARA not in everything(desk.engine)
    assert "canary" not in everything(desk.engine)
    for canary in (MARA.encode(), b"canary", NOTE.encode()):
        assert canary not in stored_bytes(desk)
    assert MARA not in (tmp_path / "backups" / erasing.FILE).read_text("utf-8")
    with pytest.raises(NothingHeld):
        export_pupil(desk.engine, MARA, "the test", tmp_path / "out")
    assert list(tmp_path.glob("out/*")) == []


def test_the_other_pupil_keeps_every_row(desk: Desk) -> None:
    before = erasing.what_is_held(desk.engine, NOOR)
    erase(desk.engine, MARA, "the test", "The family asked")
    assert erasing.what_is_held(desk.engine, NOOR) == before
    assert erasing.what_is_held(desk.engine, MARA) == {}
    with reading(desk.engine) as connection:
        assert fingerprints.recorded(connection) == fingerprints.present(connection)
        assert audit.verify(connection) == []


def test_the_record_of_an_erasure_names_nobody(desk: Desk) -> None:
    erase(desk.engine, MARA, "admin@example.org", " The family asked ")
    event = audit.events_about(desk.engine, MARA)[0]
    assert (event.who, event.action, event.detail["reason"]) == (
        "admin@example.org",
        "erased a pupil",
        "The family asked",
    )
    (row,) = desk.rows(erasures)
    assert row["pupil"] == audit.subject_of_pupil(MARA)


def test_an_erasure_needs_a_pupil_and_a_reason(desk: Desk) -> None:
    with pytest.raises(NotErased, match="Nothing is held"):
        erase(desk.engine, "P404", "the test", "The family asked")
    with pytest.raises(NotErased, match="Say why"):
        erase(desk.engine, MARA, "the test", " ")
    assert len(desk.rows("suspensions")) == 2


def test_a_later_file_with_an_erased_pupil_is_asked_about(desk: Desk) -> None:
    erase(desk.engine, MARA, "the test", "The family asked")
    report = desk.check("suspensions", file_of("suspensions", 1, 2))
    erased = [issue for issue in issues(report) if issue.code == "Q-ERASED"]
    assert [(issue.line, issue.column, issue.value) for issue in erased] == [(2, "pupil_ref", None)]
    assert "was erased on" in erased[0].message
    assert MARA not in erased[0].message
    with pytest.raises(NotSaved, match="open queries"):
        desk.load("suspensions", file_of("suspensions", 1, 2))


def test_an_older_backup_is_erased_again_and_what_came_later_stays(desk: Desk, tmp_path: Path) -> None:
    erase(desk.engine, MARA, "the test", "The family asked")
    assert replay_erasures(desk.engine) == 0
    marks = (tmp_path / "backups" / erasing.FILE).read_text("utf-8").splitlines()
    assert {json.loads(mark)["pupil"] for mark in marks} == {audit.subject_of_pupil(MARA)}
    # As after a backup of before: her rows are there, and the database has forgotten that it was told.
    with writing(desk.engine) as connection:
        connection.execute(erasures.delete())
    desk.load("suspensions", file_of("suspensions", 1, 2), accept_queries=True)
    desk.load("outreach_cases", file_of("outreach_cases", 1, 2), accept_queries=True)
    with writing(desk.engine) as connection:
        connection.execute(text("UPDATE uploads SET uploaded_at = '2020-01-01 00:00:00' WHERE dataset = 'suspensions'"))
    assert replay_erasures(desk.engine) > 0
    held = erasing.what_is_held(desk.engine, MARA)
    assert "suspensions" not in held
    assert held["outreach_cases"] == 1
    assert replay_erasures(desk.engine) == 0
    assert len(desk.rows("suspensions")) == 1


def test_everything_held_on_a_pupil_is_exported_in_words(desk: Desk, tmp_path: Path) -> None:
    files = export_pupil(desk.engine, MARA.lower(), "admin@example.org", tmp_path / "out")
    told = json.loads(files[0].read_text("utf-8"))
    tables = {section["table"] for section in told["held"]}
    assert tables == {DATASETS[name].title for name in FILES}
    assert NOOR not in files[0].read_text("utf-8") + files[1].read_text("utf-8")
    now = [each["row"] for each in told["held"] if (each["state"], each["table"]) == ("Held now", "Suspensions")]
    assert now[0]["Pupil reference"] == MARA
    assert now[0]["Reason 1"] == "DB: Persistent or general disruptive behaviour"
    assert {section["state"] for section in told["held"]} > {"Held now"}
    assert NOTE in files[1].read_text("utf-8")
    assert files[1].stat().st_mode & 0o077 == 0
    assert audit.events_about(desk.engine, MARA)[0].action == "exported what is held on a pupil"


def test_every_table_is_gone_through(desk: Desk) -> None:
    """Whatever table a later version adds, a pupil's reference in it is found: by the declarations alone."""
    with_pupils = {dataset.name for dataset in DATASETS.values() if dataset.references}
    assert {dataset.name for dataset in DATASETS.values() if dataset.about_pupils} == set(FILES) > with_pupils
    holders = {table.name for table in metadata.sorted_tables if "pupil_ref" in table.c}
    written = {about.table.name for about in WRITTEN_ABOUT_PUPILS}
    assert holders == {*with_pupils, *written, "pupil_identities"}
    assert {table.name for table in metadata.sorted_tables if {"key", "before"} & set(table.c.keys())} == {
        upload_changes.name,
        open_queries.name,
    }
