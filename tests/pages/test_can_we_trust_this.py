""" "Can we trust this?": what earlier lists said beside what came, with how many it is of, or too small to say."""

import re
from dataclasses import replace
from datetime import date, timedelta

import pytest
from html_of import html_of
from places import Build, DrawPage, headings, records_of, said, titles
from sqlalchemy import Engine
from worlds import World

from access.roles import Role
from analysis.targeting.constants import CONSTANTS
from analysis.targeting.trust import trust
from analysis.targeting.trust_views import LEAST, TOO_SMALL, claims, constants_in_words, words
from data_model.codes import Phase

PAGE = "can_we_trust_this"
READERS = (Role.LEADER, Role.MANAGER, Role.PANEL, Role.STEWARD)
COVENTRY = 331


@pytest.mark.parametrize("role", READERS)
def test_it_is_drawn_for_everyone_who_sees_schools(draw_page: DrawPage, published_only: Engine, role: Role) -> None:
    drawn = draw_page(PAGE, role)
    assert not drawn.exception
    assert titles(drawn) == ["Can we trust this?"]
    assert headings(drawn) == [
        "Primary schools picked by rate looked 5.8 times average; a year later they were 2.9 times. "
        "Our list had said 3.7",
        "The chances we gave were 5 points in 100 off on average; of 553 school-years, 4 would be chance alone",
        "“Much higher than average” was said 52 times; next year 44 of them were above it (85%)",
        "Of primary schools on our list 35% were in the highest tenth a year later, of a list by rate 35%: "
        "no list knows next year’s",
        "Ranges meant to hold next year’s count at least 8 times in 10 held it 83% of the time",
        "The list uses the published constants",
    ]
    assert len(drawn.get("plotly_chart")) == 2
    assert "England’s yearly figures of 2006/07 to 2016/17" in said(drawn)


def test_every_share_has_its_range_and_how_many_it_is_of(draw_page: DrawPage, published_only: Engine) -> None:
    found = trust(records_of(published_only), COVENTRY, published=True)
    table = words(found)
    for row in table.to_dict("records"):
        if row["judged"] < LEAST:
            assert (row["above"], row["share"]) == (TOO_SMALL, TOO_SMALL)
        else:
            assert row["above"].endswith(f" of {row['judged']}")
            assert re.fullmatch(r"\d+% \(\d+% to \d+%\)", row["share"])
    assert table["judged"].sum() == len(found.backtest.every)
    shown = html_of(draw_page(PAGE, Role.PANEL))
    assert "25 of 33" in shown and "76% (59% to 87%)" in shown
    assert not re.search(r"\bnan\b", shown, re.IGNORECASE)


def test_the_range_of_what_was_claimed_counts_a_school_that_was_picked_twice_once(published_only: Engine) -> None:
    found = trust(records_of(published_only), COVENTRY, published=True)
    once = claims(found).set_index("phase").loc["Primary", "raw_over"]
    every = found.backtest.every
    apart = replace(found, backtest=replace(found.backtest, every=every.assign(key=range(len(every)))))
    ratio, low, high = map(float, re.findall(r"[\d.]+", once))
    same, *as_if_apart = map(float, re.findall(r"[\d.]+", claims(apart).set_index("phase").loc["Primary", "raw_over"]))
    assert low < ratio == same < high
    assert [low, high] != as_if_apart


def _two_years(world: World, schools: int, years: tuple[int, ...] = (2023, 2024)) -> None:
    for number in range(schools):
        urn = world.school(900001 + number)
        for year in years:
            label = f"{year}{(year + 1) % 100:02d}"
            for census, day in (
                ("AUT", date(year, 10, 4)),
                ("SPR", date(year + 1, 2, 4)),
                ("SUM", date(year + 1, 7, 4)),
            ):
                world.roll(urn, 200, label, census)
                for child in range((number * 7 + year) % 5):
                    start = day + timedelta(days=child)
                    world.suspension(urn, f"P{number}-{child}", start.isoformat())


def test_after_one_year_it_says_what_is_missing_and_when_there_will_be_enough(
    draw_page: DrawPage, build: Build
) -> None:
    with build() as world:
        _two_years(world, 4, years=(2024,))
    drawn = draw_page(PAGE, Role.LEADER)
    assert not drawn.exception and headings(drawn) == []
    (info,) = drawn.info
    assert "two whole years in a row are needed" in info.value
    assert "There will be enough once the whole of 2025/26 is loaded, or 2023/24 with it" in info.value


@pytest.mark.parametrize("role", READERS)
def test_of_a_few_schools_nothing_is_said(draw_page: DrawPage, build: Build, role: Role) -> None:
    with build() as world:
        _two_years(world, 4)
    drawn = draw_page(PAGE, role)
    assert not drawn.exception
    shown = html_of(drawn)
    assert TOO_SMALL in shown
    assert not re.search(r"\d% \(", shown), "no share, and no range of one"
    assert all("Too few" in heading for heading in headings(drawn)[:5])


def test_where_small_numbers_are_hidden_no_few_schools_are_told_of(build: Build, empty_database: Engine) -> None:
    with build() as world:
        _two_years(world, 12, years=tuple(range(2012, 2025)))
    full = trust(records_of(empty_database), 999)
    hidden = replace(full, least=5)
    picked_few = claims(full).loc[0]
    assert picked_few["picked"] >= LEAST and picked_few["raw"] != TOO_SMALL
    every = full.backtest.every
    of_one = replace(hidden, backtest=replace(full.backtest, every=every.assign(key=every["key"] % 2)))
    assert set(words(of_one)["share"]) == {TOO_SMALL}
    assert claims(of_one).loc[0, "raw"] == TOO_SMALL


def test_own_records_are_judged_first_and_dfes_beside_them(
    draw_page: DrawPage, build: Build, empty_database: Engine
) -> None:
    with build() as world:
        _two_years(world, 12)
        world.ids["upload"] = -1  # the upload that the published rows below name
        world.sent("schools", [], "202425", "AUT")
        for number in range(12):
            for year in ("202223", "202324", "202425"):
                code = str(9990001 + number)
                cells = {"la_code": 999, "laestab": int(code), "urn": 900001 + number, "headcount": 200}
                world.published("school", code, "primary", year, suspensions=number + 1, **cells)
    drawn = draw_page(PAGE, Role.LEADER)
    assert drawn.selectbox(key="judged_by").value is None
    assert "the authority’s own records: 2023/24 to 2024/25" in said(drawn)
    other = draw_page(PAGE, Role.LEADER, judged_by="DfE’s published figures")
    assert not other.exception
    assert "DfE’s published figures: 2022/23 to 2024/25" in said(other)


def test_the_constants_are_in_plain_words_with_their_names_in_brackets() -> None:
    found = constants_in_words(CONSTANTS[Phase.PRIMARY])
    assert found == (
        "2 suspensions are added to both sides, so that one year counts for less (prior 2); counts vary 3 times as "
        "much as if no pupil were suspended twice (dispersion 3); a school changes by about 22% from one year "
        "to the next (drift 0.05)"
    )
