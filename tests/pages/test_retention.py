"""The Retention page: the schedule, what is past its time, and a pupil erased, without showing one."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from app_database import app_database
from desk import NewDatabase
from html_of import html_of
from places import DrawPage
from pupil_world import MARA, both_children
from sqlalchemy import Engine

from access import audit
from access.audit import Action
from access.keeping import erasing
from access.roles import Role
from data_model.retention_schedule import SCHEDULE


@pytest.fixture
def children(new_database: NewDatabase, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Engine]:
    monkeypatch.setenv("OUTREACH_BACKUP_FOLDER", str(tmp_path))
    with app_database(new_database(both_children)) as engine:
        yield engine


def test_the_schedule_stands_there_as_it_is_run(children: Engine, draw_page: DrawPage) -> None:
    page = html_of(draw_page("retention", Role.ADMIN))
    assert all(keeping.period in page for keeping in SCHEDULE)
    assert "Devon keeps" in page
    assert MARA not in page


def test_deleting_needs_the_typed_word(children: Engine, draw_page: DrawPage) -> None:
    drawn = draw_page("retention", Role.ADMIN)
    drawn.button[0].click().run()
    assert drawn.info[0].value == "Nothing is past its time."
    drawn.text_input[0].input("delete")
    drawn.button[1].click().run()
    assert drawn.error[0].value.startswith("Nothing was deleted")


def test_a_pupil_is_erased_after_the_typed_word(children: Engine, draw_page: DrawPage) -> None:
    drawn = draw_page("retention", Role.ADMIN)
    drawn.text_input[1].input(MARA)
    drawn.text_input[2].input("The family asked on 3 May")
    drawn.button[2].click().run()
    assert "Nothing was erased. 27 rows held" in drawn.error[0].value
    asked = audit.events_about(children, MARA)
    assert [event.action for event in asked] == [Action.ASKED_WHAT_IS_HELD]
    drawn.text_input[1].input(MARA)
    drawn.text_input[2].input("The family asked on 3 May")
    drawn.text_input[3].input("ERASE")
    drawn.button[2].click().run()
    assert not drawn.exception
    assert "rows erased" in drawn.success[0].value
    assert MARA not in html_of(drawn) + drawn.success[0].value
    assert erasing.what_is_held(children, MARA) == {}
    assert audit.events(children)[0].who == "Administrator"


def test_it_is_for_the_administrator(children: Engine, draw_page: DrawPage) -> None:
    assert draw_page("retention", Role.STEWARD).title[0].value == "Not available to you"
