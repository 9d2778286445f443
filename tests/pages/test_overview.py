"""The Overview: what it says is what analysis found, for every role, and it says so where it knows nothing."""

import pytest
from html_of import html_of
from places import LA, Build, DrawPage, headings, records_of, said, titles
from sqlalchemy import Engine, func, select
from streamlit.testing.v1 import AppTest

from access.roles import Role
from analysis.overview import figures as overview
from analysis.overview import sentences as overview_sentences
from analysis.overview import views as overview_views
from analysis.what_for import sentences as what_for
from analysis.what_for.reasons import reasons
from analysis.year_before import year_before
from data_model.store import reading
from data_model.suspensions import SUSPENSIONS
from data_model.terms import Period, Term

READERS = (Role.LEADER, Role.MANAGER, Role.PANEL)
SUMMER, YEAR = Period("202526", Term.SUM), Period("202526")


def _metrics(drawn: AppTest) -> dict[str, str]:
    return {metric.label: metric.value for metric in drawn.metric}


@pytest.mark.parametrize("role", READERS)
def test_it_is_drawn_for_everyone_who_sees_schools(draw_page: DrawPage, fictional_la: Engine, role: Role) -> None:
    drawn = draw_page("overview", role)
    assert not drawn.exception
    assert titles(drawn) == ["Overview"]
    assert len(drawn.metric) == 6
    # Where small numbers are hidden in so small an authority, nothing is left to draw of permanent exclusions, or of
    # reasons of all phases together.
    assert len(drawn.get("plotly_chart")) == (10 if role is Role.MANAGER else 8)
    assert "The data ends on **17 July 2026**" in said(drawn) or "that is “now”" in said(drawn)


@pytest.mark.parametrize("period", [SUMMER, YEAR], ids=str)
def test_the_findings_are_those_of_analysis(draw_page: DrawPage, fictional_la: Engine, period: Period) -> None:
    drawn = draw_page("overview", Role.MANAGER, period=period.label)
    assert not drawn.exception
    records = records_of(fictional_la)
    found = overview.headlines(records, LA, period)
    before = year_before(records, LA, period)
    tiles = overview_views.tiles(found)
    findings = headings(drawn)
    assert findings[0] == overview_sentences.first(tiles, period, before)
    assert overview_sentences.by_phase(overview_views.by_phase(found, "suspension_rate")) in findings
    assert overview.share_curve(records, LA, period).sentence in findings
    assert overview_sentences.exclusions(overview.exclusions_by_status(records, LA, period), period) in findings
    assert overview_sentences.coverage(overview_views.coverage(records, LA, period), period) in findings
    assert what_for.of_reasons(reasons(records, LA, YEAR), YEAR) in findings


def test_what_for_and_who_of_a_phase(draw_page: DrawPage, fictional_la: Engine) -> None:
    drawn = draw_page("overview", Role.MANAGER, what_for="Secondary")
    assert not drawn.exception
    assert f"What for, and who: {YEAR.label}" in headings(drawn)
    assert any("is the largest group of reasons" in each for each in headings(drawn))
    assert any("has the highest rate" in each for each in headings(drawn))


def test_the_first_number_is_a_count_of_rows(draw_page: DrawPage, fictional_la: Engine) -> None:
    table = SUSPENSIONS.table
    first, last = YEAR.bounds
    in_year = select(func.count()).where(
        table.c.start_date.between(first, last),
        table.c.category == "SUSP",
        func.coalesce(table.c.status, "active").not_in(["cancelled", "reinstated"]),
    )
    with reading(fictional_la) as connection:
        of_all = connection.scalar(in_year)
    drawn = draw_page("overview", Role.MANAGER, period=YEAR.label)
    phases = overview.headlines(records_of(fictional_la), LA, YEAR).rows
    in_ap = phases[phases["measure"].eq("suspension_rate") & phases["phase"].eq("ap")]["count"].sum()
    assert int(_metrics(drawn)["Suspensions"].replace(",", "")) == of_all - in_ap


def test_the_answers_stand_before_the_pictures(draw_page: DrawPage, fictional_la: Engine) -> None:
    short = next(each.value for each in draw_page("overview", Role.MANAGER).markdown if each.value.startswith("* "))
    assert short.count("\n* ") == 2
    for words in ("make up half of all suspensions", "England had 11", "Outreach was in"):
        assert words in short


def test_every_school_named_leads_to_its_page(draw_page: DrawPage, fictional_la: Engine) -> None:
    tables = html_of(draw_page("overview", Role.MANAGER))
    assert 'href="/school?school=9000' in tables
    assert 'href="/schools?period=Summer+2025%2F26"' in tables


def test_england_is_shown_with_its_year(draw_page: DrawPage, fictional_la: Engine) -> None:
    drawn = draw_page("overview", Role.MANAGER, period=YEAR.label)
    assert any("England had 11.3 in 2023/24, the latest published" in heading for heading in headings(drawn))


def test_a_term_that_is_not_published_is_compared_by_year(draw_page: DrawPage, fictional_la: Engine) -> None:
    drawn = draw_page("overview", Role.MANAGER)
    assert "Whole years: summer terms are not published for England" in said(drawn)


def test_an_empty_database_says_what_to_do(draw_page: DrawPage, empty_database: Engine) -> None:
    drawn = draw_page("overview", Role.MANAGER)
    assert "Nothing is loaded yet" in said(drawn)
    assert 'href="/upload"' in html_of(drawn)
    drawn = draw_page("overview", Role.LEADER)
    assert "Ask whoever loads the data" in said(drawn)
    assert 'href="/upload"' not in html_of(drawn), "a leader may not open it"


def test_schools_alone_are_no_figures(draw_page: DrawPage, build: Build) -> None:
    with build() as world:
        world.school()
    drawn = draw_page("overview", Role.MANAGER)
    assert not drawn.exception
    assert "are loaded, but nothing that happened in them" in said(drawn)


def test_published_statistics_alone_make_a_page(draw_page: DrawPage, published_only: Engine) -> None:
    drawn = draw_page("overview", Role.MANAGER)
    assert not drawn.exception
    assert "Only DfE’s published statistics are loaded, the last for **2016/17**" in said(drawn)
    assert headings(drawn)[0].startswith("2,978 suspensions in 2016/17")
    assert _metrics(drawn)["Outreach cases open"] == "not loaded"
    assert "Coventry" in said(drawn)
    assert "Warwickshire" in said(draw_page("overview", Role.MANAGER, la="Warwickshire"))


def test_a_term_so_far_is_compared_to_the_same_school_day(draw_page: DrawPage, build: Build) -> None:
    with build() as world:
        world.school(phase="secondary")
        world.roll(900001, 100, year="202526", census="AUT")
        for day in ("2024-09-10", "2024-09-11", "2024-11-20", "2025-09-09", "2025-10-06"):
            world.suspension(900001, "P1", day)
    drawn = draw_page("overview", Role.MANAGER)
    assert not drawn.exception
    assert headings(drawn)[0] == (
        "2 suspensions in Autumn 2025/26 so far: as many as by the same school day last year."
    )
    assert "up to 4 October 2024, after as many" in said(drawn)


def test_one_school_without_a_headcount(draw_page: DrawPage, build: Build) -> None:
    with build() as world:
        world.school(phase="secondary")
        world.suspension(900001, "P1", "2024-10-01")
    drawn = draw_page("overview", Role.MANAGER)
    assert not drawn.exception
    assert "No denominator: School 900001 (900001)" in said(drawn)
    assert "The only school has all suspensions." in headings(drawn)
    assert "No rate can be worked out for 2023/24, so there is nothing to compare." in headings(drawn)
