"""What the Upload page shows of pupils, saves and undoes is kept in the audit trail."""

import pytest
from places import DrawPage
from sqlalchemy import Engine
from upload_page import ASKED, GOOD, OTHER, WRONG, UploadPage, csv, load_schools

from access import audit
from access.audit import Action
from access.people import Person
from access.roles import Role
from ui import trail


@pytest.fixture
def page(draw_page: DrawPage, empty_database: Engine) -> UploadPage:
    load_schools(empty_database)
    return UploadPage(draw_page("upload", Role.MANAGER), empty_database)


def test_the_pupils_of_a_file_are_seen_once_and_by_name_of_nobody(page: UploadPage) -> None:
    page.choose("suspensions")
    page.drop(csv(GOOD, OTHER, WRONG, ASKED))
    page.tick("Save the good rows")
    events = audit.events(page.engine, action=Action.SAW_PUPILS)
    assert [(event.who, event.subject, event.detail["pupils"]) for event in events] == [
        ("Outreach manager", "Upload", 4)
    ]
    for reference in ("P1", "P2", "P3", "P4"):
        assert [event.event_id for event in audit.events_about(page.engine, reference)] == [events[0].event_id]
    assert "P3" not in repr(events)


def test_saving_and_undoing_are_kept_with_their_upload(page: UploadPage) -> None:
    page.choose("suspensions")
    page.drop(csv(GOOD, OTHER), "../autumn.csv")
    page.press("Save 2 rows")
    uploaded = audit.events(page.engine, action=Action.UPLOADED)[0]
    assert (uploaded.who, uploaded.subject) == ("Outreach manager", "upload 2")
    assert (uploaded.detail["file"], uploaded.detail["new"]) == ("autumn.csv", 2)
    assert "upload_id" not in uploaded.detail
    page.select("Undo an upload", 2)
    page.press("Yes, undo upload 2")
    (undone,) = audit.events(page.engine, action=Action.UNDID)
    assert (undone.subject, undone.detail["rows"]) == ("upload 2", 2)


def test_a_download_is_kept_with_its_rows_and_pupils(empty_database: Engine) -> None:
    mo = Person(7, "mo@example.org", Role.MANAGER, frozenset())
    trail.downloaded(mo, "suspensions-rows-to-put-right.csv", rows=2, kind="pupils' rows", references=["P1", "P2"])
    (event,) = audit.events_about(empty_database, "P2")
    assert (event.who, event.action, event.subject) == (
        "mo@example.org",
        "downloaded",
        "suspensions-rows-to-put-right.csv",
    )
    assert (event.detail["rows"], event.detail["kind"]) == (2, "pupils' rows")
