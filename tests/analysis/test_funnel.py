"""The funnel: its limits against slow loops, and who is in it."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats
from worlds import LA, World

from access.scope import Scope
from analysis.statistics.intervals import repeat_pattern
from analysis.targeting.constants import REPEAT_PATTERN
from analysis.targeting.funnel import FEWEST_PUPILS, INNER, OUTER, Place, funnel_of, limits, places, repeat_of, smooth
from analysis.targeting.funnel_sentences import notes, title, unit
from data_model.codes import Phase
from data_model.terms import Period

YEAR = Period("202425")
expectations = st.floats(0.05, 2_000)
factors = st.floats(1.0, 10.0)


def _of(expected: float, factor: float) -> list[float]:
    found = limits(np.array([expected]), factor)
    return [float(each[0]) for each in (found.lowest, found.low, found.high, found.highest)]


def _searched(share: float, expected: float, factor: float) -> int:
    """The least count that is passed with a chance of at most 1 - share: count by count."""
    size = expected / (factor - 1) if factor > 1 else None
    count, chance = 0, 0.0
    while True:
        one = stats.nbinom.pmf(count, size, 1 / factor) if size else stats.poisson.pmf(count, expected)
        chance += float(one)
        if chance >= share - 1e-12:
            return count
        count += 1


@pytest.mark.parametrize("factor", [1.0, 1.3, 4.3, 9.0])
@pytest.mark.parametrize("expected", [0.1, 0.9, 3.0, 17.5, 120.0])
def test_limits_are_the_counts_that_a_slow_search_finds(expected: float, factor: float) -> None:
    shares = (OUTER, INNER, 1 - INNER, 1 - OUTER)
    assert _of(expected, factor) == [_searched(share, expected, factor) for share in shares]


@given(expectations, factors)
@settings(deadline=None)
def test_a_count_lies_beyond_a_line_exactly_where_it_lies_beyond_the_limit(expected: float, factor: float) -> None:
    lowest, low, high, highest = _of(expected, factor)
    line = smooth(np.array([expected]), factor)
    assert high < line.high[0] <= high + 1 + 1e-6
    assert highest < line.highest[0] <= highest + 1 + 1e-6
    assert max(0, low - 1) - 1e-6 <= line.low[0] <= low
    assert max(0, lowest - 1) - 1e-6 <= line.lowest[0] <= lowest


@given(st.floats(1.0, 500.0), factors, factors)
@settings(deadline=None)
def test_limits_widen_the_more_often_the_same_pupils_come_back(expected: float, one: float, other: float) -> None:
    # Below one expected suspension they do not: nearly all schools then have none at all.
    narrow, wide = (_of(expected, factor) for factor in sorted([one, other]))
    assert wide[0] <= narrow[0]
    assert wide[1] <= narrow[1]
    assert wide[2] >= narrow[2]
    assert wide[3] >= narrow[3]


@given(expectations, expectations, factors)
@settings(deadline=None)
def test_limits_rise_with_what_is_expected(one: float, other: float, factor: float) -> None:
    less, more = sorted([one, other])
    assert all(a <= b for a, b in zip(_of(less, factor), _of(more, factor), strict=True))


@given(factors)
@settings(deadline=None)
def test_the_more_is_expected_the_closer_to_the_average_lie_the_limits(factor: float) -> None:
    expected = np.array([10.0, 100.0, 1_000.0, 10_000.0, 1_000_000.0])
    line = smooth(expected, factor)
    for each in (line.lowest, line.low, line.high, line.highest):
        away = np.abs(each / expected - 1)
        assert (np.diff(away) <= 0).all()
        assert away[-1] < 0.02


def test_places_are_told_by_the_limits() -> None:
    of = limits(np.full(5, 10.0), 4.0)
    low, high, highest = of.low[0], of.high[0], of.highest[0]
    found = places(np.array([highest + 1, highest, high, low, low - 1]), of)
    assert list(found) == [Place.FAR_ABOVE, Place.ABOVE, Place.INSIDE, Place.INSIDE, Place.BELOW]


def test_the_repeat_pattern_is_of_the_pupils_where_there_are_enough() -> None:
    counts = [1] * (FEWEST_PUPILS - 1) + [12]
    found = repeat_of(counts, Phase.PRIMARY)
    assert found.factor == round(repeat_pattern(counts), 1) == 4.2
    assert found.pupils == FEWEST_PUPILS
    few = repeat_of(counts[1:], Phase.PRIMARY)
    assert (few.factor, few.pupils) == (REPEAT_PATTERN[Phase.PRIMARY], None)


def _twenty_schools(world: World) -> None:
    """Twenty primaries of 200 pupils, each with two suspended pupils but one, of which one pupil has ten more."""
    for number in range(20):
        urn = world.school(900_001 + number)
        world.roll(urn, 200)
        for census in ("AUT", "SUM"):
            world.roll(urn, 200, census=census)
        for pupil in range(2):
            world.suspension(urn, f"P{number}-{pupil}", "2025-02-03")
    for day in range(10, 20):
        world.suspension(900_001, "P0-0", f"2025-03-{day}")


def test_one_child_of_many_suspensions_is_told_by_the_repeat_pattern(world: World) -> None:
    _twenty_schools(world)
    found = funnel_of(world.records, YEAR, LA)
    assert found is not None
    # 39 pupils once and one 11 times: (39 + 121) / 50.
    repeat = found.repeats[Phase.PRIMARY]
    assert (repeat.factor, repeat.pupils) == (3.2, 40)
    first = found.rows.iloc[0]
    assert (first["key"], first["observed"], round(first["expected"], 6), first["ratio"]) == (900_001, 12, 2.5, 4.8)
    assert first["place"] == str(Place.ABOVE), "one child alone can bring that about"
    assert found.rows["observed"].sum() == pytest.approx(found.rows["expected"].sum())
    assert first["said"] == (
        "12 suspensions, 2.5 expected of a school of its size and phase (4.8 times the average); "
        f"up to {first['high']:.0f} would be no surprise"
    )
    assert title(found, Phase.PRIMARY) == "Of 20 primary schools none is further above average than chance explains"
    assert any("40 suspended pupils" in note for note in notes(found, in_full=True))
    assert not any("40" in note and "suspended pupils" in note for note in notes(found, in_full=False)[1:])


def test_a_school_far_above_is_in_the_title(world: World) -> None:
    _twenty_schools(world)
    for number in range(20):
        world.suspension(900_001, f"Q{number}", "2025-02-04")
    found = funnel_of(world.records, YEAR, LA, "primary")
    assert found is not None
    assert found.rows.iloc[0]["place"] == str(Place.FAR_ABOVE)
    assert title(found, Phase.PRIMARY) == "1 of 20 primary schools is further above average than chance explains"


def test_schools_whose_figures_are_hidden_are_not_in_it_and_how_many_is_said(world: World) -> None:
    _twenty_schools(world)
    for number in range(12):
        for pupil in range(6):
            world.suspension(900_003 + number, f"R{number}-{pupil}", "2025-02-04")
    world.scope = Scope(frozenset({LA}))
    found = funnel_of(world.records, YEAR, LA)
    assert found is not None
    assert found.rows["key"].min() >= 900_003, "those with two suspended pupils are hidden"
    hidden = found.hidden[Phase.PRIMARY]
    assert hidden + len(found.rows) == 20
    assert found.rows[["observed", "expected", "ratio"]].notna().all(axis=None)
    assert unit(found, Phase.PRIMARY).endswith(f"; {hidden} schools not shown: small numbers are hidden")


def test_where_every_figure_is_hidden_that_is_said(world: World) -> None:
    _twenty_schools(world)
    world.scope = Scope(frozenset({LA}))
    found = funnel_of(world.records, YEAR, LA)
    assert found is not None
    assert found.rows.empty
    assert found.lines.empty
    assert found.phases == (Phase.PRIMARY,)
    assert title(found, Phase.PRIMARY) == "Every figure of primary schools is hidden"


def test_published_statistics_take_englands_repeat_pattern(world: World) -> None:
    for number, count in enumerate([2, 40, 0]):
        laestab = LA * 10_000 + 4_001 + number
        given = {"la_code": LA, "laestab": laestab, "headcount": 900, "suspensions": count}
        world.published("school", str(laestab), "secondary", "202324", **given)
    found = funnel_of(world.records, Period("202324"), LA)
    assert found is not None
    assert found.published
    assert found.repeats == {Phase.SECONDARY: repeat_of([], Phase.SECONDARY)}
    assert found.rows["observed"].tolist() == [40, 2, 0]
    assert found.rows["school_name"].notna().all(), "older files have no names"
    assert found.rows["place"].iloc[0] == str(Place.ABOVE)
    assert "DfE’s figures do not tell" in notes(found, in_full=True)[1]


def test_there_is_no_funnel_without_suspensions(world: World) -> None:
    world.school()
    world.roll(900_001, 200)
    assert funnel_of(world.records, YEAR, LA) is None
