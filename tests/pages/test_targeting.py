"""The page "Where next": which three schools, why and how sure; the right of reply; lists that are frozen."""

import re
from collections.abc import Iterator
from datetime import date

import pytest
import streamlit as st
from html_of import html_of
from places import LA, Build, DrawPage, headings, records_of, said
from sqlalchemy import Engine, select
from streamlit.testing.v1 import AppTest

from access.roles import Role
from analysis.targeting import list_sentences as sentences
from analysis.targeting import list_views as views
from analysis.targeting.beside import list_with_context
from analysis.targeting.list_views import Order
from analysis.targeting.where_next import NUMBERS
from data_model.codes import Phase
from data_model.frozen_lists import frozen_lists
from data_model.outreach import OUTREACH_CONTACTS
from data_model.right_of_reply import school_replies, school_reports
from data_model.store import reading
from data_model.terms import Period, Term

READERS = (Role.LEADER, Role.MANAGER, Role.STEWARD)
SUMMER, YEAR = Period("202526", Term.SUM), Period("202526")
VIEWS = ("List", "Need and outreach", "How few schools", "Map", "What chance explains")
_CELL = re.compile(r"<t[dh][^>]*>(.*?)</t[dh]>")


def _of(drawn: AppTest) -> str:
    return html_of(drawn) + said(drawn) + "\n".join(headings(drawn))


@pytest.mark.parametrize("role", READERS)
@pytest.mark.parametrize("view", VIEWS)
def test_every_view_is_drawn_for_everyone_who_may_see_it(
    draw_page: DrawPage, fictional_la: Engine, role: Role, view: str
) -> None:
    drawn = draw_page("targeting", role, view=view)
    assert not drawn.exception
    assert not re.search(r"\bnan\b|None</td>", _of(drawn), re.IGNORECASE)


def test_the_title_names_three_schools_and_how_sure_that_is(draw_page: DrawPage, fictional_la: Engine) -> None:
    found = list_with_context(records_of(fictional_la), LA, SUMMER)
    assert found is not None
    rows = views.in_order(found.rows, Order.GAIN)
    drawn = draw_page("targeting", Role.MANAGER)
    title = headings(drawn)[0]
    assert title == sentences.finding(rows, Order.GAIN)
    assert all(str(name) in title for name in views.first(rows)["school_name"])
    assert re.search(r"about \d in 10", title)


def test_filters_choose_among_the_schools_and_are_kept_in_the_way_to_a_school_and_back(
    draw_page: DrawPage, fictional_la: Engine
) -> None:
    drawn = draw_page("targeting", Role.MANAGER, period=YEAR.label, phase="Secondary", order="Most unusual")
    found = list_with_context(records_of(fictional_la), LA, YEAR)
    assert found is not None
    expected = views.in_order(views.chosen(found.rows, phase=Phase.SECONDARY), Order.UNUSUAL)
    links = re.findall(r'<th scope="row"><a href="([^"]*)">([^<]*)</a>', html_of(drawn))
    assert [name for _, name in links] == expected["school_name"].head(20).tolist()
    assert all("phase=Secondary" in there and "school=9" in there for there, _ in links)
    school = str(expected["key"].iloc[0])
    drawn = draw_page("targeting", Role.MANAGER, school=school, phase="Secondary", period=YEAR.label)
    assert not drawn.exception
    back = re.search(r'href="([^"]*)">Back to the list', html_of(drawn))
    assert back is not None
    assert "phase=Secondary" in back[1]
    assert "school=" not in back[1]
    assert drawn.selectbox(key="period").value == YEAR


def test_a_filter_change_counts_nothing_anew(
    draw_page: DrawPage, fictional_la: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    drawn = draw_page("targeting", Role.MANAGER)
    assert not drawn.exception

    def counted_anew(*_: object, **__: object) -> None:
        raise AssertionError("the list was worked out again")

    monkeypatch.setattr("analysis.targeting.beside.where_next", counted_anew)
    drawn.selectbox(key="phase").set_value(Phase.PRIMARY).run()
    drawn.selectbox(key="order").set_value(Order.UNUSUAL).run()
    assert not drawn.exception


@pytest.mark.parametrize("view", VIEWS)
def test_a_leader_sees_nothing_that_is_hidden(draw_page: DrawPage, fictional_la: Engine, view: str) -> None:
    full = records_of(fictional_la)
    found = list_with_context(full, LA, SUMMER)
    drawn = draw_page("targeting", Role.LEADER, view=view)
    assert found is not None
    small = found.rows[found.rows["observed"].between(1, 4)]
    assert len(small) > 0
    for row in views.in_words(small.assign(reply="")).to_dict("records"):
        there = next((line for line in html_of(drawn).split("<tr>") if f">{row['school_name']}<" in line), "")
        assert row["counted"] not in there
        assert row["how_much"] == "too small to say" or row["how_much"] not in there
    assert [button.label for button in drawn.download_button] == ["Download as CSV"] * len(drawn.download_button)


def test_a_hidden_school_gives_nothing_away_when_it_is_opened(draw_page: DrawPage, fictional_la: Engine) -> None:
    found = list_with_context(records_of(fictional_la), LA, SUMMER)
    assert found is not None
    small = found.rows[found.rows["observed"].between(1, 4)].iloc[0]
    drawn = draw_page("targeting", Role.LEADER, school=str(small["key"]))
    assert not drawn.exception
    assert headings(drawn)[0] == f"{small['school_name']}: its figures are hidden, to protect pupils"
    assert not drawn.metric
    assert "to check with a calculator" not in html_of(drawn)
    for name in NUMBERS:
        figure = f"{small[name]:.1f}"
        assert f" {figure} " not in said(drawn), name


@pytest.mark.parametrize("role", READERS)
def test_no_worker_is_named(draw_page: DrawPage, fictional_la: Engine, role: Role) -> None:
    with reading(fictional_la) as connection:
        workers = set(connection.execute(select(OUTREACH_CONTACTS.table.c.worker_ref)).scalars())
    names = {str(worker) for worker in workers if worker}
    assert names
    shown = _of(draw_page("targeting", role)) + _of(draw_page("targeting", role, view="Need and outreach"))
    assert not [name for name in names if name in shown]


def test_published_statistics_alone(draw_page: DrawPage, published_only: Engine) -> None:
    drawn = draw_page("targeting", Role.MANAGER)
    assert not drawn.exception
    assert "Pupils suspended" in html_of(drawn)
    assert "outreach" not in " ".join(_CELL.findall(html_of(drawn))).lower()
    drawn = draw_page("targeting", Role.MANAGER, view="Need and outreach")
    assert "No outreach cases are loaded" in said(drawn)
    key = re.search(r"school=(\d+)", html_of(draw_page("targeting", Role.MANAGER)))
    assert key is not None
    drawn = draw_page("targeting", Role.MANAGER, school=key[1])
    assert not drawn.exception
    assert "Right of reply" not in headings(drawn)


def test_an_address_that_names_no_school_is_told(draw_page: DrawPage, fictional_la: Engine) -> None:
    assert "not on the list" in said(draw_page("targeting", Role.MANAGER, school="123456"))
    assert "is on the list" in said(draw_page("targeting", Role.MANAGER, school="<b>x</b>"))


HEAD = 900001


@pytest.fixture
def three_secondaries(build: Build) -> Iterator[None]:
    """Three secondaries of one size, of which the first has far the most suspensions in 2025/26."""
    with build() as world:
        for urn, number in ((HEAD, 40), (900002, 12), (900003, 8)):
            world.school(urn, "secondary", status="open")
            for census in ("AUT", "SPR", "SUM"):
                world.roll(urn, 900, year="202526", census=census)
            for pupil in range(number):
                world.suspension(urn, f"P{pupil}", "2025-10-06")
    yield


def test_a_report_is_sent_answered_and_withdrawn(
    draw_page: DrawPage, three_secondaries: None, empty_database: Engine
) -> None:
    drawn = draw_page("targeting", Role.MANAGER, school=str(HEAD))
    assert not drawn.exception
    assert "was not sent to the head. It may not go to the panel yet." in said(drawn)
    _press(drawn, "Record as sent")
    assert "The head may reply until" in drawn.success[0].value
    assert "It may not go to the panel yet" in said(drawn)
    with reading(empty_database) as connection:
        report = connection.execute(select(school_reports)).one()
    assert (report.urn, report.sent_on, report.figures["observed"]) == (HEAD, date.today(), 40)

    chosen = next(box for box in drawn.selectbox if box.label == "What came back")
    chosen.select("Contested: census error")
    next(area for area in drawn.text_area).input("We had 950 pupils in October.")
    _press(drawn, "Record the reply")
    assert not drawn.error, [error.value for error in drawn.error]
    assert "Contested: census error" in said(drawn)
    assert "It may go to the panel." in said(drawn)
    listed = html_of(draw_page("targeting", Role.MANAGER))
    assert re.search(r"Contested: census error, \d+ \w+ \d{4}", listed), "beside the school on the list"
    for view in VIEWS[:4]:
        if view != "Map":
            assert "Contested: census error" in _of(draw_page("targeting", Role.LEADER, view=view)), view
    assert "We had 950 pupils" not in html_of(draw_page("targeting", Role.LEADER, school=str(HEAD)))

    next(field for field in drawn.text_input if field.label == "Why").input("Recorded for the wrong school")
    _press(drawn, "Withdraw it")
    assert "It stays here to be read" in drawn.success[0].value
    assert "Withdrawn on" in html_of(drawn)
    with reading(empty_database) as connection:
        assert connection.execute(select(school_replies.c.withdrawn_at)).scalar_one() is not None


def test_the_report_for_the_head_names_no_other_school(
    draw_page: DrawPage, three_secondaries: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    files: dict[str, str] = {}
    offered = st.download_button

    def take(label: str, made: object, name: str, *rest: object, **more: object) -> bool:
        if name.endswith(".html") and callable(made):
            files[name] = made().decode()
        return offered(label, made, name, *rest, **more)  # type: ignore[arg-type]

    monkeypatch.setattr(st, "download_button", take)
    drawn = draw_page("targeting", Role.MANAGER, school=str(HEAD))
    assert not drawn.exception
    report = files[f"report-{HEAD}.html"]
    assert f"School {HEAD}" in report
    assert not [urn for urn in (900002, 900003) if str(urn) in report]
    assert "you had 40 suspensions" in report
    assert "Please tell us by" in report


def test_only_who_may_records_replies(draw_page: DrawPage, three_secondaries: None) -> None:
    for role in (Role.LEADER, Role.STEWARD):
        drawn = draw_page("targeting", role, school=str(HEAD))
        assert not drawn.exception
        assert not {button.label for button in drawn.button} & {"Record as sent", "Record the reply", "Withdraw it"}
        assert "Download the report for the head" not in {button.label for button in drawn.download_button}


def test_a_list_is_frozen_and_compared(draw_page: DrawPage, three_secondaries: None, empty_database: Engine) -> None:
    drawn = draw_page("targeting", Role.MANAGER)
    next(field for field in drawn.text_input if field.label.startswith("Name")).input("Panel of March 2026")
    _press(drawn, "Freeze the list")
    assert not drawn.error, [error.value for error in drawn.error]
    with reading(empty_database) as connection:
        kept = connection.execute(select(frozen_lists)).one()
    assert kept.rows[0]["urn"] == HEAD
    drawn = draw_page("targeting", Role.MANAGER, view="What changed")
    assert not drawn.exception
    assert "Since Panel of March 2026: The same schools are in high need" in headings(drawn)[-1]
    assert "As before, within both ranges: 3 schools" in said(drawn)
    assert "What changed" not in str(draw_page("targeting", Role.LEADER).main)


def _press(drawn: AppTest, label: str) -> None:
    next(button for button in drawn.button if button.label == label).click().run()
    assert not drawn.exception
