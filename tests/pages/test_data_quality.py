"""The data quality page: what is missing, stale and still asked, in sentences and in tables."""

import pytest
from html_of import html_of
from sqlalchemy import Engine
from streamlit.testing.v1 import AppTest
from upload_page import ASKED, GOOD, csv, load, load_schools

from access.roles import Role


@pytest.fixture
def loaded(empty_database: Engine) -> Engine:
    load_schools(empty_database)
    load(empty_database, "suspensions", csv(GOOD, ASKED))
    return empty_database


def headings(drawn: AppTest) -> list[str]:
    return [heading.value.replace("\\", "") for heading in drawn.header]


def test_it_says_who_has_sent_what_is_stale_and_what_is_asked(draw_page, loaded: Engine) -> None:
    drawn = draw_page("data_quality", Role.STEWARD)
    assert not drawn.exception
    said = headings(drawn)
    assert said[0] == "Autumn 2025/26: 1 of 2 schools have sent suspensions; 1 is in no file"
    assert said[1].startswith("Never loaded: Term dates, Headcounts,")
    assert said[2] == "1 question is still open, in 1 file"
    assert said[3] == "Nothing to compare with published counts yet"
    tables = html_of(drawn)
    assert "11 October 2025 is a Saturday or Sunday. Check the date." in tables
    assert ">in no file<" in tables
    assert 'href="/school?school=900002"' in tables


def test_another_dataset_or_phase_is_a_link_away(draw_page, loaded: Engine) -> None:
    secondary = draw_page("data_quality", Role.MANAGER, phase="Secondary")
    assert headings(secondary)[0].startswith("Autumn 2025/26: 0 of 1 school")
    attendance = draw_page("data_quality", Role.MANAGER, dataset="Attendance")
    assert headings(attendance)[0] == "Attendance: nothing has been loaded for any term"


def test_with_nothing_loaded_it_says_where_to_start(draw_page, empty_database: Engine) -> None:
    drawn = draw_page("data_quality", Role.STEWARD)
    assert "Start with the schools file on the Upload page." in drawn.info[0].value
    assert 'href="/upload"' in html_of(drawn)


@pytest.mark.parametrize("role", [Role.LEADER, Role.PANEL, Role.ADMIN])
def test_it_is_not_for_every_role(draw_page, loaded: Engine, role: Role) -> None:
    drawn = draw_page("data_quality", role)
    assert [title.value for title in drawn.title] == ["Not available to you"]
    assert "Saturday" not in html_of(drawn)
