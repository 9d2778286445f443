"""What suspensions are for and in which year groups: shares and rates with their ranges, and what of them is hidden."""

from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd
import pytest
from worlds import LA, World

from analysis import queries
from analysis.hiding.protection import is_hidden
from analysis.one_school.profile import reasons as of_school
from analysis.statistics.intervals import poisson, repeat_pattern
from analysis.what_for import sentences
from analysis.what_for.reasons import reasons
from analysis.what_for.year_groups import year_groups
from data_model.terms import Period

YEAR = Period("202425")
SECONDARY = "secondary"
FIRST, SECOND = 900001, 900002


@pytest.fixture
def authority(world: World) -> World:
    """Two secondaries: forty pupils suspended once for disruption (DB), four of whom ten times more for drugs (DA), and
    three for theft (TH); year 9 has most."""
    for urn in (FIRST, SECOND):
        world.school(urn, SECONDARY, status="open")
        world.roll(urn, 1000)
        for year_group, number in (("8", 300), ("9", 300), ("10", 40)):
            _of_year_group(world, urn, year_group, number)
    for pupil in range(40):
        urn = FIRST if pupil % 2 else SECOND
        world.suspension(urn, f"P{pupil}", "2024-10-01", ncyg="9" if pupil < 32 else "8")
    for pupil in range(4):
        for day in range(1, 11):
            world.suspension(SECOND, f"P{2 * pupil}", f"2025-03-{day:02d}", ncyg="9", reason_1="DA")
    for pupil in range(3):
        world.suspension(FIRST, f"T{pupil}", "2025-05-06", ncyg="10", reason_1="TH")
    return world


def _of_year_group(world: World, urn: int, year_group: str, number: int) -> None:
    world.save(
        "headcounts",
        urn=urn,
        academic_year="202425",
        census_term="SPR",
        characteristic_group="NC year",
        characteristic=year_group,
        headcount=number,
    )


def _rates(world: World, **asked: Any) -> pd.DataFrame:
    rolls = queries.year_groups(world.connection, world.scope)
    return year_groups(world.records, rolls, LA, YEAR, **asked).set_index("label")


def _protect(world: World) -> None:
    world.scope = replace(world.scope, full_figures=False)
    world.read = None


def test_shares_of_reasons_have_a_range_in_which_a_pupil_comes_with_all_that_happened(authority: World) -> None:
    table = reasons(authority.records, LA, YEAR, SECONDARY).set_index("group")
    assert table["own_of"].eq(83).all()
    drugs = table.loc["Drugs, alcohol, smoking, vaping"]
    assert drugs["reasons"] == 40
    assert drugs["share"] == pytest.approx(100 * 40 / 83)
    # Of 43 pupils four had all of these: a range over suspensions alone (Wilson: 38 to 59) would be half as wide.
    assert drugs["low"] < 25
    assert drugs["high"] > 60
    assert drugs["share_words"] == f"48% ({drugs['low']:.0f}% to {drugs['high']:.0f}%)"


def test_a_bootstrap_equals_one_with_a_slow_loop(authority: World) -> None:
    drugs = reasons(authority.records, LA, YEAR, SECONDARY).set_index("group").loc["Drugs, alcohol, smoking, vaping"]
    pupils = [(10, 11)] * 4 + [(0, 1)] * 39
    draw = np.random.default_rng(1)
    found = []
    for _ in range(4_000):
        some = [pupils[each] for each in draw.integers(0, len(pupils), len(pupils))]
        found.append(100 * sum(had for had, _ in some) / sum(of for _, of in some))
    assert (drugs["low"], drugs["high"]) == pytest.approx(tuple(np.quantile(found, [0.025, 0.975])), abs=3)


def test_rates_by_year_group_allow_for_pupils_who_are_suspended_again(authority: World) -> None:
    table = _rates(authority, phase=SECONDARY)
    assert table.index.tolist() == ["Year 8", "Year 9", "Year 10"]
    nine = table.loc["Year 9"]
    assert (nine["suspensions"], nine["on_roll"]) == (72, 600)
    assert nine["rate"] == pytest.approx(12)
    repeat = round(repeat_pattern([11] * 4 + [1] * 39), 1)
    assert (nine["low"], nine["high"]) == pytest.approx(tuple(float(end) / 6 for end in poisson(72, repeat)))
    assert table.loc["Year 10", "rate_words"] == "too small to say", "80 on roll"
    assert np.isnan(table.loc["Year 10", "rate"])


def test_a_school_without_pupils_by_year_group_counts_on_neither_side(authority: World) -> None:
    authority.school(900003, SECONDARY, status="open")
    authority.roll(900003, 500)
    for pupil in range(20):
        authority.suspension(900003, f"N{pupil}", "2024-10-01", ncyg="9")
    assert _rates(authority, phase=SECONDARY).loc["Year 9", "suspensions"] == 72
    _protect(authority)
    assert _rates(authority, phase=SECONDARY).empty, "the rest would tell what that school had"


def test_few_pupils_say_nothing(world: World) -> None:
    world.school(FIRST, SECONDARY)
    _of_year_group(world, FIRST, "9", 300)
    for day in range(1, 21):
        world.suspension(FIRST, f"P{day % 5}", f"2024-10-{day:02d}", ncyg="9")
    assert reasons(world.records, LA, YEAR).empty
    assert _rates(world).empty
    assert sentences.of_reasons(reasons(world.records, LA, YEAR), YEAR).startswith("Too few pupils were suspended")


def test_small_numbers_are_hidden_as_on_a_schools_own_page(authority: World) -> None:
    _protect(authority)
    table = reasons(authority.records, LA, YEAR, SECONDARY).set_index("group")
    theft = table.loc["Damage or theft"]
    assert "share" in theft["hidden"].split()
    assert np.isnan(theft["share"])
    assert np.isnan(theft["low"])
    school = of_school(authority.records, FIRST, YEAR).set_index("group")
    assert is_hidden(table, "share").to_dict() == is_hidden(school, "phase_share").reindex(table.index).to_dict()
    rates = _rates(authority, phase=SECONDARY)
    assert "rate" in rates.loc["Year 10", "hidden"].split()
    assert rates["on_roll"].mod(10).eq(0).all()


def test_several_phases_show_no_more_than_each_of_them(authority: World) -> None:
    """A primary with two pupils suspended for theft is hidden whole: a total of both would tell its own."""
    authority.school(900004, "primary", status="open")
    for pupil in range(2):
        authority.suspension(900004, f"L{pupil}", "2024-10-01", reason_1="TH", ncyg="5")
    _protect(authority)
    table = reasons(authority.records, LA, YEAR)
    assert is_hidden(table, "share").all()
    assert table["own_of"].isna().all()


def test_what_is_said(authority: World) -> None:
    said = sentences.of_reasons(reasons(authority.records, LA, YEAR, SECONDARY), YEAR)
    assert said.startswith("Drugs, alcohol, smoking, vaping is the largest group of reasons in 2024/25: 48% (")
    rates = year_groups(
        authority.records, queries.year_groups(authority.connection, authority.scope), LA, YEAR, SECONDARY
    )
    assert sentences.of_year_groups(rates, YEAR).startswith("Year 9 has the highest rate in 2024/25: 12.0 suspensions")
