"""The School page: one school by its URN or LAESTAB, beside its phase."""

import pytest
from html_of import html_of
from places import Build, DrawPage, headings, records_of, said, titles
from sqlalchemy import Engine

from access.roles import Role
from analysis.measures import MEASURES, SUSPENSION_RATE
from analysis.one_school import profile as school_profile
from analysis.one_school import sentences
from analysis.one_school import views as school_views
from analysis.records import Records
from data_model.outreach import OUTREACH_CASES
from data_model.store import reading
from data_model.terms import Period

READERS = (Role.LEADER, Role.MANAGER, Role.STEWARD)
YEAR = Period("202526")


@pytest.fixture(scope="module")
def records(fictional_la: Engine) -> Records:
    """What the pages count from."""
    return records_of(fictional_la)


@pytest.fixture(scope="module")
def busiest(records: Records) -> int:
    """The URN of the school with the most suspensions."""
    return int(records.suspensions["urn"].mode().iloc[0])


@pytest.mark.parametrize("role", READERS)
def test_it_is_drawn_for_everyone_who_sees_schools(
    draw_page: DrawPage, records: Records, busiest: int, role: Role
) -> None:
    drawn = draw_page("school", role, school=str(busiest), period=YEAR.label)
    assert not drawn.exception
    register = records.schools.set_index("urn")
    assert titles(drawn) == [register.loc[busiest, "school_name"]]
    assert f"URN {busiest}" in said(drawn)


def test_the_findings_are_those_of_analysis(draw_page: DrawPage, records: Records, busiest: int) -> None:
    findings = headings(draw_page("school", Role.MANAGER, school=str(busiest), period=YEAR.label))
    table = school_views.over_time(records, busiest, measure=SUSPENSION_RATE.id)
    reasons = school_profile.reasons(records, busiest, YEAR)
    for sentence in (
        sentences.over_time(table, SUSPENSION_RATE),
        sentences.repeats(school_profile.repeat_bands(records, busiest, YEAR)),
        sentences.most_of(reasons, "group", "reasons", "reasons recorded"),
        sentences.exclusions(school_views.exclusions(records, busiest)),
        sentences.outreach(school_views.outreach_by_term(records, busiest)),
    ):
        assert sentence in findings


@pytest.mark.parametrize("by", ["Year", "Term"])
def test_any_measure_over_years_or_terms(draw_page: DrawPage, records: Records, busiest: int, by: str) -> None:
    measure = MEASURES["one_plus_suspension_rate"]
    drawn = draw_page("school", Role.MANAGER, school=str(busiest), measure=measure.name, by=by)
    assert not drawn.exception
    table = school_views.over_time(records, busiest, by == "Term", measure.id)
    assert sentences.over_time(table, measure) in headings(drawn)


def test_every_measure_on_request(draw_page: DrawPage, records: Records, busiest: int) -> None:
    drawn = draw_page("school", Role.MANAGER, school=str(busiest))
    drawn.toggle[0].set_value(True).run()
    assert not drawn.exception
    assert all(f">{measure.name}<" in html_of(drawn) for measure in MEASURES.values() if "coverage" not in measure.id)


def test_the_laestab_will_do(draw_page: DrawPage, records: Records, busiest: int) -> None:
    register = records.schools.set_index("urn")
    drawn = draw_page("school", Role.MANAGER, school=str(register.loc[busiest, "laestab"]))
    assert titles(drawn) == [register.loc[busiest, "school_name"]]


def test_without_a_school_it_asks_for_one(draw_page: DrawPage, fictional_la: Engine) -> None:
    drawn = draw_page("school", Role.LEADER)
    assert not drawn.exception
    assert titles(drawn) == ["School"]
    assert "Choose a school" in said(drawn)
    assert not drawn.get("plotly_chart")


@pytest.mark.parametrize("asked", ["123456", "<b>x</b>", "' or 1=1", "900001; drop table"])
def test_an_unknown_number_is_told_kindly(draw_page: DrawPage, fictional_la: Engine, asked: str) -> None:
    drawn = draw_page("school", Role.LEADER, school=asked)
    assert not drawn.exception
    assert titles(drawn) == ["School"]
    assert "is loaded. Choose one from the list." in said(drawn)


def test_no_worker_is_named(draw_page: DrawPage, fictional_la: Engine, busiest: int) -> None:
    drawn = draw_page("school", Role.MANAGER, school=str(busiest))
    everything = said(drawn) + html_of(drawn) + "".join(headings(drawn))
    with reading(fictional_la) as connection:
        workers = {row.worker_ref for row in connection.execute(OUTREACH_CASES.table.select()) if row.worker_ref}
    assert workers
    assert not any(f">{worker}<" in everything or f" {worker} " in everything for worker in workers)


def test_few_suspensions_are_not_split(draw_page: DrawPage, build: Build) -> None:
    with build() as world:
        world.school(school_name="Larkfield Primary School")
        world.roll(900001, 200, census="AUT")
        world.suspension(900001, "P1", "2024-10-01", ncyg="4", sen_provision="K")
    drawn = draw_page("school", Role.MANAGER, school="900001")
    assert not drawn.exception
    assert titles(drawn) == ["Larkfield Primary School"]
    assert "1 suspension in Autumn 2024/25: fewer than 5 say nothing about who is suspended or for what." in said(drawn)
    assert "Year 4" not in html_of(drawn)
    assert "Nothing to reconcile" in said(drawn)


def test_a_school_without_a_headcount(draw_page: DrawPage, build: Build) -> None:
    with build() as world:
        world.school(phase="secondary")
        for number in range(6):
            world.suspension(900001, f"P{number}", "2024-10-01")
    drawn = draw_page("school", Role.MANAGER, school="900001")
    assert not drawn.exception
    assert "No denominator: there are counts but no headcount, so no suspension rate." in said(drawn)
    assert {metric.label: metric.value for metric in drawn.metric}["Suspensions"] == "6"


def test_a_school_that_converted_answers_to_its_older_number(draw_page: DrawPage, build: Build) -> None:
    with build() as world:
        world.school(900001, status="closed", laestab=9992001, school_name="Oakbank School")
        world.school(
            900002, laestab=9992001, school_name="Oakbank Academy", predecessor_urn=900001, link_type="converter"
        )
        world.suspension(900001, "P1", "2024-10-01")
    drawn = draw_page("school", Role.MANAGER, school="900001")
    assert titles(drawn) == ["Oakbank Academy"]
    assert "converted from URN 900001" in said(drawn)


def test_published_statistics_alone(draw_page: DrawPage, published_only: Engine) -> None:
    drawn = draw_page("school", Role.MANAGER, school="331/4033")
    assert not drawn.exception
    assert titles(drawn) == ["School 3314033"]
    assert "32.4 suspensions per 100 pupils in 2016/17 (count 278)" in headings(drawn)[1]
    assert "known from DfE’s published statistics only" in said(drawn)
    drawn = draw_page("school", Role.MANAGER, school="9372001")
    assert not drawn.exception


def test_an_empty_database_says_what_to_do(draw_page: DrawPage, empty_database: Engine) -> None:
    drawn = draw_page("school", Role.MANAGER)
    assert titles(drawn) == ["School"]
    assert "Nothing is loaded yet" in said(drawn)
