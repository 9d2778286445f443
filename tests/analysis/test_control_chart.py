"""The control chart: limits and rules by hand and by slow loops, what it refuses, and how often it cries wolf."""

from collections.abc import Callable
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.statistics.control_chart import Limits, Series, Signal, control_chart

LEVEL_TERMS = [20.0, 22.0, 21.0, 19.0, 20.0, 23.0, 18.0, 21.0, 20.0, 22.0, 19.0, 21.0, 20.0]


def _one_season(values: list[float]) -> Series:
    (found,) = control_chart(values, [0] * len(values))
    return found


@given(st.lists(st.integers(10, 400), min_size=12, max_size=30))
def test_limits_are_the_mean_and_2_66_mean_moving_ranges(values: list[int]) -> None:
    found = _one_season([float(value) for value in values])
    total = moving = 0.0
    for place, value in enumerate(values):
        total += value
        moving += abs(value - values[place - 1]) if place else 0
    centre, width = total / len(values), 2.66 * moving / (len(values) - 1)
    np.testing.assert_allclose(found.centre, centre)
    np.testing.assert_allclose(found.high, centre + width)
    np.testing.assert_allclose(found.low, max(0, centre - width))


@given(st.lists(st.integers(10, 400), min_size=12, max_size=30))
def test_the_rules_are_those_of_a_slow_loop(values: list[int]) -> None:
    found = _one_season([float(value) for value in values])
    centre, width = np.mean(values), 2.66 * np.mean(np.abs(np.diff(values)))
    for place, value in enumerate(values):
        expected = []
        if abs(value - centre) > width:
            expected.append(Signal.OUTSIDE)
        runs = [values[start : start + 7] for start in range(place - 6, place + 1) if start >= 0]
        runs = [run for run in runs if len(run) == 7]
        if any(all(each > centre for each in run) or all(each < centre for each in run) for run in runs):
            expected.append(Signal.SHIFT)
        if any(all(a < b for a, b in pairs) or all(a > b for a, b in pairs) for pairs in map(_pairs, runs)):
            expected.append(Signal.TREND)
        side = 1 if value > centre else -1
        close = [width * 2 / 3 < side * (each - centre) <= width for each in values]
        threes = [close[start : start + 3] for start in range(place - 2, place + 1) if start >= 0]
        if close[place] and any(len(three) == 3 and sum(three) >= 2 for three in threes):
            expected.append(Signal.NEAR)
        assert list(found.signals[place]) == expected


def _pairs(run: list[int]) -> list[tuple[int, int]]:
    return list(pairwise(run))


def test_a_season_is_no_signal() -> None:
    values, seasons = [30.0, 24.0, 12.0] * 5, [0, 1, 2] * 5
    (found,) = control_chart(values, seasons)
    assert not any(found.signals)
    np.testing.assert_allclose(found.centre, values)


def test_one_term_out_of_its_season_is_a_signal() -> None:
    values, seasons = (
        [30.0, 24.0, 12.0, 31.0, 23.0, 13.0, 29.0, 25.0, 12.0, 30.0, 24.0, 11.0, 30.0, 24.0, 24.0],
        [
            0,
            1,
            2,
        ]
        * 5,
    )
    (found,) = control_chart(values, seasons)
    assert Signal.OUTSIDE in found.signals[-1]
    assert found.side[-1] == 1
    assert found.high[-1] < 24, "the summer's limits are the summer's own"


def test_few_terms_have_no_limits_and_twelve_have_trial_limits() -> None:
    assert [_one_season(LEVEL_TERMS[:number]).limits for number in (11, 12, 13)] == [
        Limits.TOO_FEW,
        Limits.TRIAL,
        Limits.FIRM,
    ]
    few = _one_season(LEVEL_TERMS[:11])
    assert np.isnan(few.centre).all()
    assert not any(few.signals)


def test_counts_under_ten_a_term_are_too_small() -> None:
    rates = [each / 10 for each in LEVEL_TERMS]
    (small,) = control_chart(rates, [0] * 13, counts=[9.0] * 13)
    (large,) = control_chart(rates, [0] * 13, counts=[10.0] * 13)
    assert (small.limits, large.limits) == (Limits.TOO_SMALL, Limits.FIRM)


def test_a_break_starts_a_series_of_its_own() -> None:
    found = control_chart([*LEVEL_TERMS, *(2 * value for value in LEVEL_TERMS)], [0] * 26, breaks=[13])
    assert [(series.first, series.last, series.limits) for series in found] == [
        (0, 12, Limits.FIRM),
        (13, 25, Limits.FIRM),
    ]
    assert not any(signals for series in found for signals in series.signals)


@pytest.mark.parametrize(
    "refused",
    [
        lambda: control_chart([1.0, 2.0], [0]),
        lambda: control_chart([1.0, float("nan")], [0, 0]),
        lambda: control_chart([1.0, -2.0], [0, 0]),
        lambda: control_chart([1.0, 2.0], [0, 0], breaks=[2]),
        lambda: control_chart([1.0, 2.0], [0, 0], counts=[1.0]),
    ],
)
def test_what_cannot_be_charted_is_refused_in_a_sentence(refused: Callable[[], object]) -> None:
    with pytest.raises(ValueError, match=r"^[A-Z].*\.$"):
        refused()


@pytest.mark.slow
@pytest.mark.parametrize(("terms", "mean_count"), [(12, 60), (15, 60), (15, 1_000)])
def test_a_stable_authority_seldom_raises_an_alarm(terms: int, mean_count: int) -> None:
    """Nothing changes but the season, and each suspended pupil comes back as often as a geometric has it."""
    rng = np.random.default_rng(20_261_122)
    usual, latest, anywhere, charts = np.array([1.2, 1.05, 0.75]), 0, 0, 4_000
    seasons = [place % 3 for place in range(terms)]
    for _ in range(charts):
        pupils = rng.poisson(mean_count * 0.4 * usual[seasons])
        counts = [rng.geometric(0.4, number).sum() for number in pupils]
        (found,) = control_chart(counts, seasons)
        latest += bool(found.signals[-1])
        anywhere += any(found.signals)
    print(
        f"{terms} terms of {mean_count}: the latest is flagged in {100 * latest / charts:.1f} % "
        f"of stable authorities, any in {100 * anywhere / charts:.1f} %"
    )
    assert latest / charts <= 0.05
    assert anywhere / charts <= 0.20
