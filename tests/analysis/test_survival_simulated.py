"""Placements whose true outcomes are known, from fixed seeds. `pytest -m slow -s` prints the figures."""

from collections.abc import Callable, Iterator

import numpy as np
import pytest
from scipy.integrate import quad

from analysis.statistics.survival import (
    OPEN,
    Share,
    aalen_johansen,
    due_only,
    kaplan_meier,
    would_have_claimed,
)

pytestmark = pytest.mark.slow

RETURNED, ELSEWHERE = 1, 2
WORLDS, SEED = 4_000, 20_261_122
WEEKS = 80
"""Placements start evenly over a year and a half, and are seen up to its end: some are new, and are still there."""
RETURN, OTHER = (1.05, 73.0), (1.3, 110.0)
"""Weibull shape and scale, in weeks: who goes back to school mostly does so early, and other ends come later."""


def truly_returned(weeks: float) -> float:
    """The share that truly returns within so many weeks, of all that ever start."""

    def returns(time: float) -> float:
        (shape, scale), (other_shape, other_scale) = RETURN, OTHER
        hazard = shape / scale * (time / scale) ** (shape - 1)
        return float(hazard * np.exp(-((time / scale) ** shape) - (time / other_scale) ** other_shape))

    return float(quad(returns, 0, weeks)[0])


def worlds(number: int) -> Iterator[tuple[np.ndarray, np.ndarray]]:
    """The weeks that each of some placements was seen for, and how it ended."""
    random = np.random.default_rng(SEED)
    for _ in range(WORLDS):
        back, other = (scale * random.weibull(shape, number) for shape, scale in (RETURN, OTHER))
        lasts, until = np.minimum(back, other), random.uniform(0, WEEKS, number)
        ends = np.where(lasts > until, OPEN, np.where(back < other, RETURNED, ELSEWHERE))
        # Days are recorded, not moments, so there are ties.
        yield np.ceil(np.minimum(lasts, until) * 7) / 7, ends


def judged(name: str, found: list[Share | None], truth: float) -> tuple[float, float]:
    """Bias in points and coverage in percent, printed."""
    known = [each for each in found if each is not None]
    bias = 100 * (np.mean([each.share for each in known]) - truth)
    covered = 100 * np.mean([each.low <= truth <= each.high for each in known])
    print(f"{name}: truth {100 * truth:.1f} %, bias {bias:+.2f} points, covers {covered:.1f} % of {len(known):,}")
    return float(bias), float(covered)


@pytest.mark.parametrize("number", [60, 150, 400])
def test_what_became_of_placements_is_told_right_and_the_usual_divisions_are_not(number: int) -> None:
    within = 52.0
    truth = truly_returned(within)
    found, of_closed, of_all, alone = [], [], [], []
    for weeks, ends in worlds(number):
        found.append(aalen_johansen(weeks, ends, RETURNED).by(within))
        claims = would_have_claimed(ends, RETURNED)
        of_closed.append(claims.of_closed)
        of_all.append(claims.of_all)
        share = kaplan_meier(weeks, ends == RETURNED).by(within)
        alone.append(share.share if share else np.nan)
    bias, covered = judged(f"{number} placements, returned within a year", found, truth)
    print(
        f"  would have claimed: returned / closed {100 * np.mean(of_closed):.1f} %, returned / all "
        f"{100 * np.mean(of_all):.1f} %, 1 - Kaplan-Meier with other ends left out {100 * np.nanmean(alone):.1f} %"
    )
    assert abs(bias) <= 1
    assert 93 <= covered <= 97
    assert 100 * (np.mean(of_closed) - truth) > 8
    assert 100 * (np.mean(of_all) - truth) < -8
    assert 100 * (np.nanmean(alone) - truth) > 3


@pytest.mark.parametrize("number", [60, 150, 400])
def test_so_is_how_long_they_wait(number: int) -> None:
    random = np.random.default_rng(SEED)
    shares, middles = [], []
    for _ in range(WORLDS):
        lasts, until = random.exponential(40, number), random.uniform(0, 120, number)
        curve = kaplan_meier(np.ceil(np.minimum(lasts, until)), lasts <= until)
        shares.append(curve.by(30))
        middles.append(curve.quantile(0.5))
    truth = 1 - np.exp(-30 / 40)
    bias, covered = judged(f"{number} waits, over within 30 days", shares, float(truth))
    assert abs(bias) <= 1
    assert 93 <= covered <= 97
    middle = 40 * np.log(2)
    inside = [
        (each.low is not None and each.low <= np.ceil(middle)) and (each.high is None or each.high >= middle)
        for each in middles
    ]
    print(f"  median wait {middle:.1f} days: its range covers {100 * np.mean(inside):.1f} %")
    assert 93 <= 100 * np.mean(inside) <= 98


def held_until(pending: Callable[[np.ndarray, np.ndarray], np.ndarray]) -> tuple[float, float]:
    """The mean share and the coverage of a way of counting, of 150 returns of whom 79 in 100 stay twelve weeks."""
    random = np.random.default_rng(SEED)
    truth, shares, inside = 0.791, [], []
    for _ in range(WORLDS):
        since = random.uniform(0, 52, 150)
        breaks = random.exponential(-12 / np.log(truth), 150)
        counted = pending(since >= 12, breaks > since)
        held = np.where(since >= 12, breaks > 12, breaks > since)
        found = due_only(held & (since >= 12), counted)
        shares.append(found.share)
        inside.append(found.low <= truth <= found.high)
    return 100 * float(np.mean(shares)), 100 * float(np.mean(inside))


def test_sustained_returns_are_right_of_those_due_and_not_with_those_pending_as_failed() -> None:
    due, covered = held_until(lambda due, _: due)
    all_of_them, _ = held_until(lambda due, _: np.ones_like(due))
    print(f"sustained 12 weeks, truth 79.1 %: due only {due:.1f} % (covers {covered:.1f} %)")
    print(f"  those pending counted as failed: {all_of_them:.1f} %")
    assert abs(due - 79.1) <= 1
    assert 93 <= covered <= 97
    assert all_of_them < 70
