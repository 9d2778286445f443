"""The Schools page's rows and what they say."""

import pandas as pd
import pytest
from worlds import LA, World

from access.scope import Scope
from analysis.every_school import figures as every
from analysis.every_school import sentences
from analysis.every_school.figures import ABOVE, BELOW, NO_RATE, NOT_REACHED, REACHED, SMALL, TOP, every_school
from data_model.terms import Period

YEAR = Period("202425")


@pytest.fixture
def authority(world: World) -> World:
    """Six secondaries of 100 with 0, 2, 4, 6, 8 and 20 suspensions, and a primary without a headcount."""
    for place, count in enumerate((0, 2, 4, 6, 8, 20)):
        district = "North" if place > 3 else "South"
        urn = world.school(900001 + place, "secondary", district=district, trust_name="Trust A" if place == 5 else None)
        world.roll(urn, 100)
        for number in range(count):
            world.suspension(urn, f"P{number}", "2024-10-01")
    world.school(900010, "primary")
    world.suspension(900010, "P1", "2025-07-29")  # the year is over
    return world


def _found(authority: World, measure: str = "suspension_rate", **choice: str) -> every.EverySchool:
    return every_school(authority.records, LA, measure, YEAR, **choice)


def test_rates_come_with_their_counts_the_highest_first(authority: World) -> None:
    rows = _found(authority, phase="secondary").rows
    assert rows["rate"].tolist() == [20, 8, 6, 4, 2, 0]
    assert rows["count"].tolist() == rows["rate"].tolist()
    assert rows["headcount"].eq(100).all()


def test_small_numbers_and_missing_denominators_are_marked(authority: World) -> None:
    notes = _found(authority).rows.set_index("key")["note"]
    assert notes[[900003, 900004]].tolist() == [SMALL, ""]
    assert notes[900010] == NO_RATE
    assert _found(authority).rows["rate"].isna().sum() == 1


def test_bands_are_within_the_phase(authority: World) -> None:
    bands = _found(authority).rows.set_index("key")["band"]
    assert bands[[900006, 900005]].tolist() == [TOP, TOP], "a fifth of six, rounded up"
    assert bands[[900004, 900003]].tolist() == [ABOVE, BELOW]
    assert pd.isna(bands[900010])


def test_the_change_is_against_the_year_before(authority: World) -> None:
    authority.roll(900006, 100, year="202324")
    for number in range(5):
        authority.suspension(900006, f"P{number}", "2023-10-02")
    row = _found(authority).rows.set_index("key").loc[900006]
    assert (row["count_before"], row["rate_before"], row["change"]) == (5, 5, 15)
    assert pd.isna(_found(authority).rows.set_index("key").loc[900005, "change"])


def test_a_change_is_never_between_sources(authority: World) -> None:
    cells = {"la_code": LA, "laestab": 9990006, "urn": 900006, "suspensions": 50.0, "headcount": 100.0}
    authority.published("school", "9990006", "secondary", "202324", **cells)
    assert _found(authority).rows["change"].isna().all()


def test_outreach_now_is_on_the_last_day_in_the_data(authority: World) -> None:
    assert _found(authority).rows["open_cases"].isna().all(), "no cases are loaded"
    authority.case(900001, "2024-11-01")
    authority.case(900002, "2024-11-01", "2024-11-20")
    authority.contact(900002, "2024-12-02")
    cases = _found(authority).rows.set_index("key")["open_cases"]
    assert cases[[900001, 900002]].tolist() == [1, 0]


def test_district_and_trust_choose_schools_and_leave_their_standing(authority: World) -> None:
    assert every.districts(authority.records, LA) == ("North", "South")
    assert every.trusts(authority.records, LA) == ("Trust A",)
    north = _found(authority, district="North").rows
    assert north["key"].tolist() == [900006, 900005]
    assert north["band"].tolist() == [TOP, TOP]
    assert _found(authority, trust="Trust A").rows["key"].tolist() == [900006]


def test_what_is_drawn_leaves_out_alternative_provision_unless_it_is_chosen(authority: World) -> None:
    authority.roll(authority.school(900020, "ap"), 10)
    authority.suspension(900020, "P1", "2024-10-01")
    assert 900020 not in set(every.drawn(_found(authority), None)["key"])
    assert every.drawn(_found(authority, phase="ap"), "ap")["key"].tolist() == [900020]


def test_coverage_holds_the_highest_rate_schools_alone(authority: World) -> None:
    authority.case(900006, "2024-11-01")
    found = _found(authority, "outreach_coverage")
    assert found.rows.set_index("key")["band"].to_dict() == {900006: REACHED, 900005: NOT_REACHED}
    assert sentences.picture(found, None) == "Outreach was in 1 of the 2 schools with the highest suspension rates."
    assert sentences.where(found) == "Of the 1 highest-rate school without outreach, 1 is in North."


def test_schools_in_need_are_those_without_outreach_first(authority: World) -> None:
    authority.case(900006, "2024-11-01")
    rows = every.in_need(_found(authority, "outreach_coverage"), _found(authority))
    assert rows["key"].tolist() == [900005, 900006]
    assert rows["suspension_rate"].tolist() == sorted(rows["suspension_rate"])
    assert rows["suspensions"].gt(0).all()


def test_one_phase_names_the_highest_and_the_middle(authority: World) -> None:
    assert sentences.picture(_found(authority, phase="secondary"), "secondary") == (
        "School 900006 has the most, 20 suspensions per 100 pupils (count 20); "
        "half of the 6 secondary schools are below 5."
    )


def test_all_phases_name_the_middles_and_no_school(authority: World) -> None:
    authority.roll(900010, 50)
    authority.roll(authority.school(900011, "primary"), 50)
    assert sentences.picture(_found(authority), None) == (
        "Half of the 6 secondary schools are below 5 and half of the 2 primary schools are below 1 "
        "(suspensions per 100 pupils)."
    )


def test_hidden_schools_are_counted_and_leave_no_middle(authority: World) -> None:
    authority.scope = Scope(authority.scope.la_codes)
    found = _found(authority)
    title = sentences.picture(found, None)
    assert title.startswith("Of 6 secondary schools 1 has none, ")
    assert "cannot be shown" in title
    assert "half" not in title
    assert every.drawn(found, None)["withheld"].sum() >= 2
    one_phase = sentences.picture(_found(authority, phase="secondary"), "secondary")
    assert "School 900006 has the most among those that can be shown, " in one_phase
    assert "half" not in one_phase


def test_no_school_is_singled_out_by_a_small_number(authority: World) -> None:
    authority.exclusion(900006, "2024-10-01")
    found = _found(authority, "permanent_exclusion_rate", phase="secondary")
    assert sentences.picture(found, "secondary") == (
        "No school has 5 or more permanent exclusions: one child can move every rate, so none is singled out."
    )
    assert sentences.small(found.measure).startswith("Hollow, or noted as a small number: fewer than 5 permanent")


def test_without_a_rate_it_says_so(authority: World) -> None:
    found = _found(authority, phase="primary")
    assert sentences.picture(found, "primary") == "No school has a figure for suspension rate in 2024/25."


def test_where_the_highest_are(authority: World) -> None:
    assert sentences.where(_found(authority)) == "Of the 2 schools in the highest fifth of their phase, 2 are in North."
