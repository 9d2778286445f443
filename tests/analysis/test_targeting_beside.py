"""What stands beside each school of the list: outreach, other signs of need, what it is; and what of it is hidden."""

from dataclasses import replace
from datetime import date

import pandas as pd
import pytest
from worlds import LA, World

from access.scope import Scope
from analysis.hiding.protection import is_marked
from analysis.targeting.beside import Outreach, list_with_context
from analysis.targeting.register import Size
from analysis.targeting.why import Why, why
from data_model.terms import Period, Term

YEAR, AUTUMN = Period("202425"), Period("202526", Term.AUT)
NEEDY, CALM, THIRD = 900001, 900002, 900003


@pytest.fixture
def authority(world: World) -> World:
    """Three secondaries: the first has 30 suspensions of six pupils in 2024/25 and no outreach, the second outreach
    now, the third some that has ended."""
    for urn, roll in ((NEEDY, 300), (CALM, 600), (THIRD, 900)):
        world.school(urn, "secondary", status="open", district="North" if urn != THIRD else "South")
        for year in ("202425", "202526"):
            for census in ("AUT", "SPR", "SUM"):
                world.roll(urn, roll, year=year, census=census)
    for pupil in range(6):
        for day in ("2024-10-01", "2024-11-01", "2025-02-03", "2025-05-06", "2025-06-03"):
            world.suspension(NEEDY, f"N{pupil}", day)
    for urn in (CALM, THIRD):
        for pupil in range(6):
            world.suspension(urn, f"{urn}-{pupil}", "2024-10-01")
    open_case = world.case(CALM, "2025-03-03")
    world.contact(CALM, "2025-03-10", open_case)
    world.contact(CALM, "2023-10-10", open_case)
    world.contact(THIRD, "2025-03-10", world.case(THIRD, "2025-03-03", "2025-04-30"))
    world.exclusion(NEEDY, "2025-03-03")
    world.placement(NEEDY, "2025-03-03")
    return world


def _row(world: World, urn: int, period: Period = YEAR, *, hides: bool = False) -> pd.Series:
    if hides:
        world.scope = replace(world.scope, full_figures=False)
        world.read = None
    found = list_with_context(world.records, LA, period)
    assert found is not None
    return found.rows[found.rows["key"].eq(urn)].iloc[0]


def test_outreach_is_open_earlier_or_none(authority: World) -> None:
    for urn, state in ((NEEDY, Outreach.NONE), (CALM, Outreach.NOW), (THIRD, Outreach.EARLIER)):
        assert _row(authority, urn)["outreach"] == str(state)
    calm = _row(authority, CALM)
    assert (calm["open_cases"], calm["contacts"], calm["hours"]) == (1, 1, 0.5), "the contact of 2023 is long ago"


def test_high_need_without_outreach_stands_out(authority: World) -> None:
    needy = _row(authority, NEEDY)
    assert needy["high_need"]
    assert needy["unmet"]
    assert not _row(authority, CALM)["unmet"]


def test_other_signs_of_need(authority: World) -> None:
    needy = _row(authority, NEEDY)
    assert (needy["three_plus"], needy["permanent_exclusions"], needy["placements_open"]) == (6, 1, 1)


def test_three_times_are_counted_over_the_terms_of_two_years(authority: World) -> None:
    authority.suspension(NEEDY, "N0", "2025-10-06")
    needy = _row(authority, NEEDY, AUTUMN)
    assert needy["three_plus"] == 6, "in spring and summer, and one of them in autumn"


def test_a_case_of_long_ago_is_no_outreach(authority: World) -> None:
    authority.case(NEEDY, "2020-01-06", "2020-07-01")
    assert _row(authority, NEEDY)["outreach"] == str(Outreach.NONE)


def test_a_case_that_closed_in_the_year_without_a_contact_is_no_outreach_now(authority: World) -> None:
    authority.case(NEEDY, "2024-11-04", "2025-03-03")
    needy = _row(authority, NEEDY)
    assert needy["outreach"] == str(Outreach.NONE)
    assert needy["unmet"]


def test_where_small_numbers_are_hidden_so_is_what_is_beside(authority: World) -> None:
    calm = _row(authority, CALM, hides=True)
    for column in ("open_cases", "outreach", "contacts", "hours"):
        assert is_marked(calm, column), column
        assert pd.isna(calm[column]), f"{column} is missing"
    needy = _row(authority, NEEDY)
    for column in ("permanent_exclusions", "placements_open"):
        assert is_marked(needy, column), column
    assert needy["three_plus"] == 6


def test_three_times_over_two_years_are_hidden_where_small_numbers_are(authority: World) -> None:
    authority.suspension(NEEDY, "N0", "2025-10-06")
    assert is_marked(_row(authority, CALM, AUTUMN, hides=True), "three_plus")


def test_nothing_loaded_is_not_none(world: World) -> None:
    world.school(NEEDY, "secondary", status="open")
    for census in ("AUT", "SPR", "SUM"):
        world.roll(NEEDY, 300, census=census)
    world.suspension(NEEDY, "P1", "2025-05-06")
    row = _row(world, NEEDY)
    for column in ("open_cases", "hours", "permanent_exclusions", "placements_open"):
        assert pd.isna(row[column]), f"{column} is missing, and not 0"
    assert not row["unmet"]


def test_what_a_school_is(authority: World) -> None:
    rows = {urn: _row(authority, urn) for urn in (NEEDY, CALM, THIRD)}
    assert [rows[urn]["size"] for urn in rows] == [str(Size.SMALL), str(Size.MIDDLE), str(Size.LARGE)]
    assert [rows[urn]["district"] for urn in rows] == ["North", "North", "South"]
    assert rows[NEEDY]["governance"] == "Academies"


@pytest.mark.parametrize(
    ("link", "words"),
    [
        ("converter", "Became an academy in September 2024: the same school going on"),
        ("sponsored", "New sponsored academy in September 2024: its figures start there"),
        (None, "Opened in September 2024"),
    ],
)
def test_a_school_that_changed_says_so(authority: World, link: str | None, words: str) -> None:
    new = 900004
    authority.school(new, "secondary", open_date=date(2024, 9, 1), link_type=link, outreach_priority_override="Y")
    authority.roll(new, 400)
    authority.suspension(new, "P1", "2025-02-03")
    row = _row(authority, new)
    assert (row["changed"], row["priority"]) == (words, "Decided by the authority")
    assert _row(authority, NEEDY)["changed"] == ""


def test_published_figures_have_what_is_published(world: World) -> None:
    cells = {"la_code": 331, "headcount": 1000.0}
    for number, count in ((3314001, 40.0), (3314002, 10.0)):
        world.published(
            "school",
            str(number),
            "secondary",
            "201617",
            laestab=number,
            suspensions=count,
            pupils_suspended=count / 2,
            permanent_exclusions=1.0,
            **cells,
        )
    found = list_with_context(world.records, 331, Period("201617"))
    assert found is not None
    row = found.rows.set_index("key").loc[3314001]
    assert (row["pupils_suspended"], row["permanent_exclusions"]) == (20, 1)
    assert row["school_name"] == "School 3314001"
    assert row[["open_cases", "hours", "three_plus", "placements_open"]].isna().all()
    assert not found.rows["unmet"].any()


@pytest.mark.parametrize("full_figures", [True, False])
def test_who_reaches_one_district_is_told_whose_averages_these_are(authority: World, full_figures: bool) -> None:
    authority.scope, authority.read = Scope(districts=frozenset({(LA, "North")}), full_figures=full_figures), None
    found = list_with_context(authority.records, LA, YEAR)
    assert found is not None
    assert found.averages == "Averages are of the schools in North alone, and not of the whole authority."
    assert why_of(authority, NEEDY).cautions[0] == found.averages, "in the head's report too"


def test_who_reaches_the_whole_authority_is_told_nothing_of_parts(authority: World) -> None:
    found = list_with_context(authority.records, LA, YEAR)
    assert found is not None
    assert found.averages == ""


def why_of(world: World, urn: int) -> Why:
    found = why(world.records, LA, YEAR, urn)
    assert found is not None
    return found
