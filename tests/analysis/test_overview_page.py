"""The Overview's figures in the shape of its charts, and the sentences above them."""

from datetime import date

import pandas as pd
import pytest
from worlds import LA, World

from analysis import beside_others as others
from analysis.comparators import comparators
from analysis.one_school import views as school_views
from analysis.over_time import over_time
from analysis.overview import figures as overview
from analysis.overview import sentences as overview_sentences
from analysis.overview import views as overview_views
from analysis.year_before import year_before
from data_model.terms import Period, Term

YEAR, SUMMER = Period("202425"), Period("202425", Term.SUM)
PRIMARY, SECONDARY = 900001, 900002


@pytest.fixture
def authority(world: World) -> World:
    """A primary and a secondary over two whole years: 3 and 9 suspensions in 2024/25, 1 and 5 the year before."""
    for urn, phase, laestab in ((PRIMARY, "primary", 9992001), (SECONDARY, "secondary", 9994001)):
        world.school(urn, phase, laestab=laestab)
        for year in ("202324", "202425"):
            for census in ("AUT", "SPR", "SUM"):
                world.roll(urn, 100, year=year, census=census)
    for urn, day, count in (
        (PRIMARY, "2023-10-02", 1),
        (SECONDARY, "2024-05-06", 5),
        (PRIMARY, "2024-10-01", 3),
        (SECONDARY, "2025-07-28", 9),
    ):
        for number in range(count):
            world.suspension(urn, f"P{number}", day)
    return world


def _tiles(authority: World, period: Period = YEAR) -> pd.DataFrame:
    return overview_views.tiles(overview.headlines(authority.records, LA, period))


def test_the_first_sentence_and_the_tiles(authority: World) -> None:
    before = year_before(authority.records, LA, YEAR)
    tiles = _tiles(authority)
    assert overview_sentences.first(tiles, YEAR, before) == (
        "12 suspensions in 2024/25: 6 more (+100%) than in 2023/24."
    )
    said = [overview_sentences.tile(tile.count, tile.count_before, before) for tile in tiles.itertuples()]
    assert said[0] == ("12", "+6 (+100%)", "on 2023/24")
    assert said[3:] == [("not loaded", "", "")] * 3, "exclusions, placements and cases are not loaded: that is not 0"


def test_as_many_is_no_change(authority: World) -> None:
    before = year_before(authority.records, LA, YEAR)
    assert overview_sentences.tile(3, 3, before) == ("3", "", "as many as in 2023/24")
    assert overview_sentences.tile(3, 0, before) == ("3", "+3", "on 2023/24")
    assert overview_sentences.tile(3, float("nan"), before) == ("3", "", "")


def test_nothing_loaded_is_said(authority: World) -> None:
    period = Period("201819")
    tiles = _tiles(authority, period)
    said = overview_sentences.first(tiles, period, year_before(authority.records, LA, period))
    assert said == "No suspensions are loaded for 2018/19."


def test_a_term_so_far_says_what_it_is_compared_with(authority: World) -> None:
    authority.suspension(SECONDARY, "P1", "2025-10-06")
    authority.suspension(SECONDARY, "P1", "2025-09-08")
    period = Period("202526", Term.AUT)
    before = year_before(authority.records, LA, period)
    assert overview_sentences.first(_tiles(authority, period), period, before) == (
        "2 suspensions in Autumn 2025/26 so far: 1 fewer (-33%) than by the same school day last year."
    )
    assert overview_sentences.how_compared(before) == (
        "Autumn 2025/26 has had 47 school days up to 6 October 2025, the last suspension. It is compared with last "
        "year up to 4 October 2024, after as many (weekdays since 1 August: no term dates are loaded for both years)."
    )
    assert overview_sentences.two_series(period, before) == (
        "Autumn 2025/26 so far",
        "Autumn 2024/25 to the same day",
    )


def test_only_published_exclusions_are_the_upheld(world: World) -> None:
    cells = {"la_code": 331, "suspensions": 40.0, "pupils_suspended": 20.0, "permanent_exclusions": 3.0}
    world.published("la", "331", "total", "201617", headcount=1000.0, **cells)
    world.published("school", "3312000", "primary", "201617", laestab=3312000, headcount=10.0, la_code=331)
    tiles = overview_views.tiles(overview.headlines(world.records, 331, Period("201617")))
    assert tiles.set_index("label")["count"].dropna().to_dict() == {
        "Suspensions": 40,
        "Pupils suspended": 20,
        "Permanent exclusions": 3,
    }


def test_by_phase(authority: World) -> None:
    table = overview_views.by_phase(overview.headlines(authority.records, LA, YEAR), "suspension_rate")
    assert table["phase"].tolist() == ["Primary", "Secondary", "All but alternative provision"]
    assert table["count"].tolist() == [3, 9, 12]
    assert overview_sentences.by_phase(table) == "Secondary schools had 9 of the 12 suspensions (75%)."
    parts = overview_views.now_and_before(table, "now", "before")
    assert parts.to_numpy().tolist() == [
        ["Primary", "now", 3],
        ["Secondary", "now", 9],
        ["Primary", "before", 1],
        ["Secondary", "before", 5],
    ]


def test_how_many_schools_were_heard_from(authority: World) -> None:
    assert overview_views.schools_heard_from(authority.records, LA, SUMMER) is None
    assert overview_sentences.heard_from(None, SUMMER).startswith("No file says")
    assert overview_sentences.heard_from((1, 2), SUMMER) == (
        "1 of 2 schools are in the suspensions files for Summer 2024/25. The others sent nothing or had nothing to "
        "send: they count as 0."
    )
    assert overview_sentences.heard_from((2, 2), SUMMER) == (
        "All 2 schools are in the suspensions files for Summer 2024/25."
    )


def test_over_time_the_last_whole_term_speaks(authority: World) -> None:
    table = over_time(authority.records, LA, "suspension_rate")
    assert table["label"].tolist()[0] == "Autumn 2023/24"
    assert overview_sentences.over_time(table, "suspension_rate") == (
        "4.5 suspensions per 100 pupils in Summer 2024/25; it was 2.5 in Summer 2023/24."
    )


def test_a_term_so_far_is_not_on_the_line(authority: World) -> None:
    authority.suspension(SECONDARY, "P1", "2025-10-06")
    table = over_time(authority.records, LA, "suspension_rate")
    assert table.loc[table["running"], "label"].tolist() == ["Autumn 2025/26"]
    assert "Autumn 2025/26" not in set(overview_views.whole(table)["label"])


def test_sources_never_share_a_line(authority: World) -> None:
    authority.published("la", "999", "total", "202425", la_code=LA, suspensions=20.0, headcount=200.0)
    table = over_time(authority.records, LA, "suspension_rate", by_term=False)
    assert table.groupby("series")["count"].apply(list).to_dict() == {
        "Notified to the authority": [6, 12],
        "DfE, as published": [20],
    }


def test_beside_england_with_its_year(authority: World) -> None:
    authority.published(
        "country", "E92000001", "total", "202223", headcount=1000.0, suspensions=80.0, suspension_rate=8.0
    )
    asked = {"la": LA, "measure": "suspension_rate", "period": YEAR}
    rest = comparators(authority.connection, authority.scope, **asked)
    found = others.beside_others(others.own_figures(authority.records, **asked), rest, "suspension_rate", YEAR)
    assert found.sentence == (
        "6 suspensions per 100 pupils in 2024/25; England had 8 in 2022/23, the latest published."
    )
    assert found.rows["period"].tolist() == ["2024/25", "2022/23"]
    assert not found.others_are_missing


def test_beside_nothing_published(authority: World) -> None:
    asked = {"la": LA, "measure": "suspension_rate", "period": SUMMER}
    rest = comparators(authority.connection, authority.scope, **asked)
    found = others.beside_others(others.own_figures(authority.records, **asked), rest, "suspension_rate", SUMMER)
    assert found.sentence == "4.5 suspensions per 100 pupils in Summer 2024/25; England’s figure is not published."
    assert found.others_are_missing
    assert found.rows["period"].tolist() == ["Summer 2024/25", "not published"]


def test_a_period_that_runs_is_not_set_beside_whole_ones(authority: World) -> None:
    authority.suspension(SECONDARY, "P1", "2025-10-06")
    assert others.fair_period(authority.records, LA, Period("202526", Term.AUT)) == Period("202425", Term.AUT)
    assert others.whole_year(authority.records, LA, Period("202526", Term.AUT)) == YEAR
    assert others.fair_period(authority.records, LA, SUMMER) == SUMMER


def test_without_a_headcount_there_is_nothing_to_compare(world: World) -> None:
    world.school(SECONDARY, "secondary")
    world.suspension(SECONDARY, "P1", "2024-10-01")
    asked = {"la": LA, "measure": "suspension_rate", "period": Period("202425", Term.AUT)}
    own = others.own_figures(world.records, **asked)
    rest = comparators(world.connection, world.scope, **asked)
    found = others.beside_others(own, rest, "suspension_rate", asked["period"])
    assert found.sentence == "No rate can be worked out for Autumn 2024/25, so there is nothing to compare."


def test_exclusions_in_a_sentence(authority: World) -> None:
    table = overview.exclusions_by_status(authority.records, LA, YEAR)
    assert overview_sentences.exclusions(table, YEAR) == (
        "What became of permanent exclusions is not known: none were notified for 2024/25."
    )
    for number, outcome in enumerate(["ANO", "ANO", "DNO", None]):
        authority.exclusion(SECONDARY, "2024-11-04", outcome, pupil=f"P{number}")
    table = overview.exclusions_by_status(authority.records, LA, YEAR)
    assert overview_sentences.exclusions(table, YEAR) == (
        "4 permanent exclusions decided in 2024/25: 2 upheld, 1 no outcome recorded and 1 under review."
    )
    assert overview_views.exclusion_parts(table)["count"].sum() == 4
    authority.school(900009, "ap")
    authority.exclusion(900009, "2024-11-05", "ANO", pupil="P9")
    assert _tiles(authority).loc["permanent_exclusions_decided_rate", "count"] == 4
    assert overview_sentences.exclusions(overview.exclusions_by_status(authority.records, LA, YEAR), YEAR).endswith(
        "; 1 of them by alternative provision, which the total above leaves out."
    )
    assert school_views.exclusions(authority.records, SECONDARY)["count"].sum() == 4


def test_placements_in_a_sentence(authority: World) -> None:
    authority.placement(SECONDARY, "2024-11-04", tier="2")
    authority.placement(SECONDARY, "2024-11-04", tier="3")
    authority.placement(SECONDARY, "2024-11-04", tier=None)
    table = overview.placements_by_tier(authority.records, LA, YEAR)
    said = overview_sentences.placements(table, _tiles(authority), date(2025, 7, 28), YEAR)
    assert said == "3 AP placements open on 28 July 2025: 0 in tier 1, 1 in tier 2, 1 in tier 3 and 1 without a tier."


def test_coverage_in_a_sentence(authority: World) -> None:
    assert overview_sentences.coverage(overview_views.coverage(authority.records, LA, YEAR), YEAR) == (
        "No outreach cases are loaded for 2024/25."
    )
    authority.case(SECONDARY, "2024-11-04")
    table = overview_views.coverage(authority.records, LA, YEAR)
    assert overview_sentences.coverage(table, YEAR) == (
        "Outreach was in 1 of the 2 schools with the highest suspension rates."
    )
    parts = overview_views.coverage_parts(table)
    assert parts.groupby("reached")["schools"].sum().to_dict() == {"Had outreach": 1, "Had none": 1}


def test_the_few_schools_are_named(authority: World) -> None:
    few = overview_views.few_schools(authority.records, LA, YEAR, most=1)
    assert few[["key", "count", "percent"]].to_numpy().tolist() == [[SECONDARY, 9, 75]]
