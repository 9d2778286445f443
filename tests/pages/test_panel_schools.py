"""Schools before the panel: by name, for the roles of the page, and with the head until the head has had their say."""

import re
from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import date, timedelta

import pytest
from places import DrawPage, headings, said
from sqlalchemy import Engine
from streamlit.testing.v1 import AppTest
from worlds import LA, World

from access.people import Person
from access.roles import Role
from access.scope import Grant
from data_model.terms import Period, in_words
from recording.right_of_reply import record_reply, send_report

Build = Callable[[], AbstractContextManager[World]]
MANAGER = Person(None, "manager", Role.MANAGER, frozenset({Grant(LA)}))
TERM = Period.parse("202425-AUT").label
_ROW = re.compile(r'<tr><th scope="row"[^>]*>(?:<a [^>]*>)?(.*?)(?:</a>)?</th>')


def tables(drawn: AppTest) -> list[str]:
    return [html.proto.body for html in drawn.get("html") if "<table>" in html.proto.body]


@pytest.mark.parametrize("role", [Role.PANEL, Role.MANAGER, Role.LEADER, Role.STEWARD])
def test_schools_are_listed_by_name_and_never_ranked(fictional_la: Engine, draw_page: DrawPage, role: Role) -> None:
    drawn = draw_page("panel_schools", role)
    assert not drawn.exception
    assert headings(drawn)[1:] == ["Fair share", "Room", "Limits set by law that are near"]
    for table in tables(drawn):
        names = _ROW.findall(table)
        assert names and names == sorted(names)
    assert not re.search(r"\bnan\b", "".join(tables(drawn)) + said(drawn), re.IGNORECASE)


def test_another_panel_may_be_chosen(fictional_la: Engine, draw_page: DrawPage) -> None:
    drawn = draw_page("panel_schools", Role.PANEL, panel="Primary schools")
    assert "primary schools" in headings(drawn)[0]
    assert "Shares of pupils taken" not in said(drawn)


def test_published_figures_alone_say_what_they_cannot(published_only: Engine, draw_page: DrawPage) -> None:
    drawn = draw_page("panel_schools", Role.PANEL)
    assert not drawn.exception
    assert "No placements in alternative provision are loaded" in said(drawn)
    assert "they say nothing of single pupils’ limits" in said(drawn)
    assert "How much room schools have cannot be said" in said(drawn)


def test_a_school_is_with_its_head_until_the_last_day_or_a_reply(
    build: Build, empty_database: Engine, draw_page: DrawPage
) -> None:
    with build() as world:
        for urn in (900001, 900002):
            world.school(urn, "secondary")
            world.roll(urn, 500, census="AUT")
            for number in range(20):
                world.suspension(urn, f"P{urn}{number}", "2024-10-01")
    assert "has not been sent the report" in held_back(draw_page)
    today = date.today()
    given = {"period": "202425-AUT", "figures": {"urn": 900001}, "sent_on": today - timedelta(days=1), "today": today}
    sent = send_report(empty_database, MANAGER, urn=900001, **given)
    drawn = draw_page("panel_schools", Role.PANEL)
    standing = tables(drawn)[0]
    assert f"With the head until {in_words(sent.due.day)}" in standing
    assert "Not sent yet" in standing
    assert "No head here has answered" in said(drawn)
    assert not [html for html in drawn.get("html") if 'href="/school?school=900001' in html.proto.body]
    assert f"is with its head until {in_words(sent.due.day)}" in held_back(draw_page)
    record_reply(empty_database, MANAGER, report_id=sent.report_id, kind="accepted", received_on=today, today=today)
    drawn = draw_page("panel_schools", Role.PANEL)
    assert "1 of 2 schools may come before the panel: their heads have had their say." in said(drawn)
    assert [html for html in drawn.get("html") if 'href="/school?school=900001&amp;period=' in html.proto.body]
    opened = draw_page("school", Role.PANEL, school="900001", period=TERM)
    assert headings(opened) and opened.metric
    assert not headings(draw_page("school", Role.PANEL, school="900002", period=TERM)), "another head has not"
    assert not headings(draw_page("school", Role.PANEL, school="900001", period="2024/25")), "of this term alone"


def held_back(draw_page: DrawPage) -> str:
    """What a panel's member reads on the page of the school, which shows none of its figures; others see them."""
    assert draw_page("school", Role.LEADER, school="900001", period=TERM).metric
    drawn = draw_page("school", Role.PANEL, school="900001", period=TERM)
    assert not (drawn.exception or headings(drawn) or drawn.metric or tables(drawn) or drawn.get("plotly_chart"))
    return said(drawn)
