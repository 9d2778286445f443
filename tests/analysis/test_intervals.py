"""Ranges, held against statsmodels, scipy and slow loops on random inputs; what cannot be is refused in a sentence."""

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import poisson as poisson_distribution
from statsmodels.stats.proportion import confint_proportions_2indep, proportion_confint

from analysis.statistics.intervals import bootstrap_by_pupil, mean, poisson, ratio, repeat_pattern, risk_ratio, wilson

LEVELS = st.sampled_from([0.8, 0.9, 0.95, 0.998])


@st.composite
def shares(draw: st.DrawFn) -> tuple[int, int]:
    out_of = draw(st.integers(1, 5_000))
    return draw(st.integers(0, out_of)), out_of


@given(st.lists(shares(), min_size=1, max_size=5), LEVELS)
def test_wilson_is_that_of_statsmodels(given_shares: list[tuple[int, int]], level: float) -> None:
    count, out_of = np.array(given_shares).T
    low, high = wilson(count, out_of, level)
    expected = proportion_confint(count, out_of, alpha=1 - level, method="wilson")
    np.testing.assert_allclose([low, high], expected, atol=1e-9)
    assert (low <= count / out_of).all()
    assert (count / out_of <= high).all()


@given(st.integers(0, 3_000), LEVELS)
def test_without_repeats_the_count_s_range_is_the_exact_one(count: int, level: float) -> None:
    low, high = poisson(count, level=level)
    tail = (1 - level) / 2
    assert poisson_distribution.cdf(count, high) == pytest.approx(tail, rel=1e-6)
    if count:
        assert poisson_distribution.sf(count - 1, low) == pytest.approx(tail, rel=1e-6)
    else:
        assert low == 0


@given(st.lists(st.tuples(st.integers(0, 400), st.floats(1, 20)), min_size=1, max_size=5))
def test_with_repeats_it_is_that_of_a_smaller_count_scaled_up(pairs: list[tuple[int, float]]) -> None:
    count, repeat = np.array(pairs).T
    low, high = poisson(count, repeat)
    plain_low, plain_high = poisson(count / repeat)
    np.testing.assert_allclose(low, repeat * plain_low)
    np.testing.assert_allclose(high, repeat * plain_high)
    assert (low <= count).all()
    assert (count <= high).all()


@given(st.lists(st.integers(0, 40), max_size=60))
def test_the_repeat_pattern_is_its_sum_of_squares_over_its_sum(counts: list[int]) -> None:
    squares = total = 0
    for count in counts:
        squares, total = squares + count * count, total + count
    assert repeat_pattern(counts, fallback=4.3) == pytest.approx(max(1, squares / total) if total else 4.3)


@given(shares(), shares(), LEVELS)
def test_the_risk_ratio_s_range_is_that_of_statsmodels(
    group: tuple[int, int], others: tuple[int, int], level: float
) -> None:
    found = risk_ratio(*group, *others, level=level)
    # statsmodels gives no range where it finds every one of a group counted; ours is only as wide as the other's.
    expected = confint_proportions_2indep(
        *group, *others, method="log-adjusted", compare="ratio", alpha=1 - level, correction=False
    )
    np.testing.assert_allclose([found.low, found.high], expected, rtol=1e-6)
    if group[0] and others[0]:
        assert found.ratio == pytest.approx((group[0] / group[1]) / (others[0] / others[1]))


def test_a_risk_ratio_by_hand() -> None:
    found = risk_ratio([20, 10], 100, [40, 0], 400, repeat=[1, 1])
    np.testing.assert_allclose(found.ratio, [2, np.inf])
    assert found.low[0] < 2 < found.high[0]
    wider = risk_ratio(20, 100, 40, 400, repeat=2)
    assert np.log(wider.high / wider.low) == pytest.approx(np.log(found.high[0] / found.low[0]) * 2**0.5)


def _slow_bootstrap(values: np.ndarray, statistic: Callable[[Any], Any], draws: int) -> tuple[float, float]:
    """Every draw said out loud: pupils are taken one by one, with all their columns."""
    rng = np.random.default_rng(1)
    found = []
    for _ in range(draws):
        chosen = [values[rng.integers(0, len(values))] for _ in range(len(values))]
        found.append(statistic(np.array(chosen).mean(axis=0)))
    low, high = np.nanquantile(found, [0.025, 0.975])
    return low, high


@pytest.mark.parametrize("statistic", [mean, ratio], ids=["mean", "ratio"])
def test_drawing_kinds_of_pupils_is_drawing_pupils(statistic: Callable[[Any], Any]) -> None:
    rng = np.random.default_rng(7)
    suspended = rng.geometric(0.4, 80)
    values = np.column_stack([suspended * rng.integers(1, 6, 80), suspended]).astype(float)
    fast, slow = bootstrap_by_pupil(values, statistic, draws=20_000), _slow_bootstrap(values, statistic, 5_000)
    np.testing.assert_allclose(fast, slow, rtol=0.03)


@settings(max_examples=30)
@given(st.lists(st.integers(0, 30), min_size=2, max_size=40))
def test_a_bootstrap_says_the_same_each_time_and_stays_within_what_there_is(counts: list[int]) -> None:
    low, high = bootstrap_by_pupil(counts)
    assert (low, high) == bootstrap_by_pupil(counts)
    assert min(counts) - 1e-9 <= low <= high <= max(counts) + 1e-9


@pytest.mark.parametrize(
    "refused",
    [
        lambda: wilson(3, 2),
        lambda: wilson(-1, 2),
        lambda: wilson(0, 0),
        lambda: wilson(float("nan"), 2),
        lambda: wilson(1, 2, level=1),
        lambda: poisson(-1),
        lambda: poisson(1, 0.5),
        lambda: poisson(float("inf")),
        lambda: repeat_pattern([-1, 2]),
        lambda: bootstrap_by_pupil([1]),
        lambda: bootstrap_by_pupil([[[1.0]], [[2.0]]]),
        lambda: risk_ratio(3, 2, 1, 2),
        lambda: risk_ratio(1, 2, 1, 0),
        lambda: risk_ratio(1, 2, 1, 2, repeat=0),
    ],
)
def test_what_cannot_be_is_refused_in_a_sentence(refused: Callable[[], object]) -> None:
    with pytest.raises(ValueError, match=r"^[A-Z].*\.$"):
        refused()
