"""The Schools page: every school, by any measure, period and phase."""

import pytest
from html_of import html_of
from places import LA, Build, DrawPage, headings, records_of, said, titles
from sqlalchemy import Engine

from access.roles import Role
from analysis.every_school import sentences
from analysis.every_school.figures import every_school
from analysis.measures import MEASURES, OUTREACH_COVERAGE
from data_model.terms import Period, Term

READERS = (Role.LEADER, Role.MANAGER, Role.PANEL)
SUMMER, YEAR = Period("202526", Term.SUM), Period("202526")


@pytest.mark.parametrize("role", READERS)
def test_it_is_drawn_for_everyone_who_sees_schools(draw_page: DrawPage, fictional_la: Engine, role: Role) -> None:
    drawn = draw_page("schools", role)
    assert not drawn.exception
    assert titles(drawn) == ["Schools"]
    assert len(drawn.get("plotly_chart")) == 2, "a picture and a map"
    assert len(drawn.dataframe) == 1


def test_every_measure_has_its_finding(draw_page: DrawPage, fictional_la: Engine) -> None:
    records = records_of(fictional_la)
    drawn = draw_page("schools", Role.MANAGER, period=YEAR.label, phase="Secondary")
    for measure in MEASURES:
        drawn.selectbox(key="measure").set_value(measure).run()
        assert not drawn.exception, measure
        found = every_school(records, LA, measure, YEAR, "secondary")
        assert headings(drawn)[0] == sentences.picture(found, "secondary")
        if found.measure is OUTREACH_COVERAGE:
            continue  # it has a table of its own, below
        table = drawn.dataframe[0].value
        assert table["School"].tolist() == found.rows["school_name"].tolist()
        assert table["Rate"].round(6).tolist() == pytest.approx(found.rows["rate"].round(6).tolist(), nan_ok=True)


def test_no_rank_without_its_count(draw_page: DrawPage, fictional_la: Engine) -> None:
    table = draw_page("schools", Role.MANAGER).dataframe[0].value
    assert list(table.columns)[3:9] == [
        "Rate",
        "Count",
        "Change of rate",
        "Outreach cases open",
        "Pupils on roll",
        "Note",
    ]
    assert table.loc[table["Count"].lt(5), "Note"].eq("small number").all()


def test_a_link_shows_what_its_sender_chose(draw_page: DrawPage, fictional_la: Engine) -> None:
    records = records_of(fictional_la)
    district = str(records.current_schools["district"].dropna().iloc[0])
    drawn = draw_page("schools", Role.MANAGER, phase="Primary", period=SUMMER.label, district=district)
    assert not drawn.exception
    table = drawn.dataframe[0].value
    assert set(table["Phase"]) == {"Primary"}
    assert set(table["District"]) == {district}


def test_each_row_leads_to_its_school(draw_page: DrawPage, fictional_la: Engine) -> None:
    table = draw_page("schools", Role.MANAGER).dataframe[0].value
    assert table["School page"].str.fullmatch(r"/school\?school=9\d{5}").all()


def test_a_school_without_a_headcount_has_no_denominator(draw_page: DrawPage, build: Build) -> None:
    with build() as world:
        for urn in (900001, 900002):
            world.school(urn, "secondary")
            for number in range(6):
                world.suspension(urn, f"P{number}", "2024-10-01")
        world.roll(900001, 300, census="AUT")
    drawn = draw_page("schools", Role.MANAGER, phase="Secondary")
    assert not drawn.exception
    table = drawn.dataframe[0].value.set_index("School")
    assert table.loc["School 900002", "Note"] == "no denominator"
    assert table.loc["School 900002", "Count"] == 6
    assert headings(drawn)[0] == (
        "School 900001 has the most, 2 suspensions per 100 pupils (count 6); "
        "it is the only secondary school with a figure."
    )
    assert "There is no map" in said(drawn)


def test_published_statistics_alone(draw_page: DrawPage, published_only: Engine) -> None:
    drawn = draw_page("schools", Role.MANAGER, phase="Secondary")
    assert not drawn.exception
    assert len(drawn.dataframe[0].value) == 23
    drawn = draw_page("schools", Role.MANAGER, measure="Days lost to suspension")
    assert not drawn.exception
    assert headings(drawn)[0] == "No school has a figure for days lost to suspension in 2016/17."


def test_an_empty_database_says_what_to_do(draw_page: DrawPage, empty_database: Engine) -> None:
    drawn = draw_page("schools", Role.MANAGER)
    assert "Nothing is loaded yet" in said(drawn)
    assert 'href="/upload"' in html_of(drawn)


def test_the_schools_that_outreach_did_not_reach_come_first(draw_page: DrawPage, fictional_la: Engine) -> None:
    drawn = draw_page("schools", Role.MANAGER, measure=OUTREACH_COVERAGE.name, period=YEAR.label)
    assert not drawn.exception
    table = html_of(drawn).split("those without outreach first", 2)[2]
    assert 0 < table.index("Had no outreach") < table.index(">Had outreach")
    assert not drawn.dataframe, "a share of the highest-rate schools says nothing of one school"
