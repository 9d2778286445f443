"""Headlines, the schools that make up most, and where permanent exclusions stand."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from worlds import LA, World

from analysis.overview import figures as overview
from data_model.terms import Period

YEAR = Period("202425")


@pytest.fixture
def authority(world: World) -> World:
    """Three secondaries with 5, 3 and 2 suspensions, and an AP school with 9."""
    for urn, phase, count in ((900001, "secondary", 2), (900002, "secondary", 5), (900003, "secondary", 3)):
        world.school(urn, phase)
        world.roll(urn, 100)
        for pupil in range(count):
            world.suspension(urn, f"P{pupil}", "2024-10-01")
    world.school(900004, "ap")
    for pupil in range(9):
        world.suspension(900004, f"A{pupil}", "2024-10-01")
    return world


def test_few_schools_make_up_half(authority: World) -> None:
    curve = overview.share_curve(authority.records, LA, YEAR)
    assert curve.rows["urn"].tolist() == [900002, 900003, 900001]
    assert curve.rows["share_of_total"].tolist() == [0.5, 0.8, 1.0]
    assert (curve.total, curve.half) == (10, 1)
    assert curve.sentence == "1 of 3 schools makes up half of all suspensions."


def test_the_sentence_of_one_school_is_singular(authority: World) -> None:
    authority.suspension(900001, "P9", "2024-10-01")
    curve = overview.share_curve(authority.records, LA, YEAR)
    assert curve.sentence == "2 of 3 schools make up half of all suspensions."


def test_nothing_has_no_half(authority: World) -> None:
    curve = overview.share_curve(authority.records, LA, Period("202324"))
    assert (curve.half, curve.total) == (0, 0)
    assert curve.sentence == "There are none in this period."


def test_each_exclusion_stands_in_one_place(authority: World) -> None:
    for number, outcome in enumerate(["ANO", "INO", "DNO", "FRE", "HWD", None]):
        authority.exclusion(900001, "2024-11-04", outcome, pupil=f"P{number}")
    authority.exclusion(900004, "2024-11-04")
    table = overview.exclusions_by_status(authority.records, LA, YEAR).set_index("phase")
    statuses = {"upheld": 2, "not_recorded": 1, "pending": 1, "reinstated": 1, "withdrawn": 1}
    assert table.loc["secondary"].to_dict() == {"decided": 6, **statuses}
    assert table.loc["total", "decided"] == 6, "alternative provision is not in the headline"
    assert table.loc["ap", "decided"] == 1


def test_without_exclusions_there_is_no_table(authority: World) -> None:
    assert overview.exclusions_by_status(authority.records, LA, YEAR).empty


def test_placements_are_told_by_tier(authority: World) -> None:
    authority.placement(900001, "2024-10-01", tier="1")
    authority.placement(900001, "2024-10-01", "2024-11-01", tier="2")
    authority.placement(None, "2024-12-01", tier="3", setting_type="OOT")
    table = overview.placements_by_tier(authority.records, LA, YEAR)
    assert table.to_dict("list") == {"tier": ["1", "2", "3"], "open": [1, 0, 1], "started": [1, 1, 1]}


def test_headlines_stand_beside_the_year_before(authority: World) -> None:
    for urn in (900001, 900002, 900003):
        authority.roll(urn, 50, "202324")
    authority.suspension(900001, "P1", "2023-10-03")
    authority.suspension(900001, "P1", "2025-07-18")
    authority.case(900001, "2024-10-01")
    rows = overview.headlines(authority.records, LA, YEAR).rows.set_index(["measure", "phase"])
    total = rows.loc[("suspension_rate", "total")]
    assert total[["count", "out_of", "count_before", "rate_before"]].tolist() == [11, 300, 1, pytest.approx(100 / 150)]
    assert rows.loc[("suspension_rate", "ap"), "count"] == 9
    assert rows.loc[("open_cases", "total"), "count"] == 1


@given(st.lists(st.integers(0, 30), min_size=1, max_size=30))
def test_half_is_the_smallest_number_of_schools(counts: list[int]) -> None:
    ordered = sorted(counts, reverse=True)
    half = next((n for n in range(len(ordered) + 1) if 2 * sum(ordered[:n]) >= sum(ordered)), 0)
    assert overview.schools_for_half(ordered) == (half if sum(ordered) else 0)
