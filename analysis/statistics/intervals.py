"""Ranges for counts, shares, means and ratios of risks.

Each takes numbers or arrays, which are brought to one shape, and returns the low and the high end of its range as
arrays of that shape. `level` is the share of such ranges that hold the truth. What cannot be is refused with a
ValueError of one sentence.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
from scipy.stats import chi2, norm

LEVEL = 0.95
"""The level of a range where none is asked for."""

DRAWS, SEED = 2_000, 20_261_122
"""How often a bootstrap draws, and from where: the same figures have the same range on every page and day."""

Numbers = npt.NDArray[np.float64]
Range = tuple[Numbers, Numbers]


def wilson(count: npt.ArrayLike, out_of: npt.ArrayLike, level: float = LEVEL) -> Range:
    """The range of a share, `count` out of `out_of` (E. B. Wilson, JASA 22, 1927). Refuses more than all of them."""
    counts, wholes = _shares(count, out_of)
    z = _z(level)
    share, spread = counts / wholes, z**2 / wholes
    centre = (share + spread / 2) / (1 + spread)
    half = z / (1 + spread) * np.sqrt(share * (1 - share) / wholes + spread / (4 * wholes))
    # Nothing and everything are ends by definition; rounding would put them a hair inside.
    low = np.where(counts == 0, 0.0, np.clip(centre - half, 0, 1))
    return low, np.where(counts == wholes, 1.0, np.clip(centre + half, 0, 1))


def poisson(count: npt.ArrayLike, repeat: npt.ArrayLike = 1.0, level: float = LEVEL) -> Range:
    """The range of an expected count: the exact Poisson range (F. Garwood, Biometrika 28, 1936) of `count / repeat`,
    times `repeat`.

    `repeat` is the repeat pattern of those counted: 1 where nobody is counted twice. On simulated schools whose pupils
    are suspended again and again the plain range of 95 % holds the truth in 64 % of cases (docs/statistics.md).
    """
    counts, factor = np.broadcast_arrays(_numbers(count), _numbers(repeat))
    if (counts < 0).any():
        raise ValueError("A count cannot be below 0.")
    if (factor < 1).any():
        raise ValueError("A repeat pattern cannot be below 1: everybody who is counted is counted at least once.")
    tail, scaled = (1 - _level(level)) / 2, counts / factor
    # chi2 has no distribution with 0 degrees of freedom: the low end of nothing is 0.
    low = np.where(counts > 0, chi2.ppf(tail, np.where(counts > 0, 2 * scaled, 1.0)) / 2, 0.0)
    return factor * low, factor * chi2.ppf(1 - tail, 2 * scaled + 2) / 2


def repeat_pattern(counts: npt.ArrayLike, fallback: float = 1.0) -> float:
    """How much wider a count varies because some are counted again and again: Σc² / Σc, at least 1.

    `counts` says how often each pupil was suspended; those who never were make no difference. Without any count it is
    `fallback`.
    """
    each = _numbers(counts)
    if (each < 0).any():
        raise ValueError("Nobody can be counted less than 0 times.")
    total = float(each.sum())
    return max(1.0, float((each**2).sum()) / total) if total else fallback


def mean(means: Numbers) -> Numbers:
    """The statistic of one column: its mean."""
    return means[..., 0]


def ratio(means: Numbers) -> Numbers:
    """The statistic of two columns: the sum of the first over the sum of the second, missing where that is 0."""
    below = means[..., 1]
    divided: Numbers = np.divide(means[..., 0], below, out=np.full(below.shape, np.nan), where=below != 0)
    return divided


def bootstrap_by_pupil(
    values: npt.ArrayLike,
    statistic: Callable[[Numbers], Numbers] = mean,
    *,
    draws: int = DRAWS,
    seed: int = SEED,
    level: float = LEVEL,
) -> tuple[float, float]:
    """The percentile range of a statistic when whole pupils are drawn anew, with all that happened to each.

    `values` has a row a pupil and a column for each number that is known of one (without columns it is one number).
    `statistic` is given the columns' means, of shape (draws, columns), and returns one number a draw: `mean` or
    `ratio`. Refuses fewer than two pupils. Draws in which the statistic has no value are left out.
    """
    table = _numbers(values)
    table = table[:, None] if table.ndim == 1 else table
    if table.ndim != 2 or len(table) < 2:
        raise ValueError("A bootstrap needs two pupils or more: one alone says nothing of how pupils differ.")
    # Drawing pupils is drawing how many there are of each kind: most of a roll are alike, with nothing to their name.
    kinds, number = np.unique(table, axis=0, return_counts=True)
    drawn = np.random.default_rng(seed).multinomial(len(table), number / len(table), size=draws)
    found = statistic(drawn @ kinds / len(table))
    tail = (1 - _level(level)) / 2
    low, high = np.nanquantile(found, [tail, 1 - tail])
    return float(low), float(high)


@dataclass(frozen=True, eq=False)
class RiskRatio:
    """How many times as likely one group is as the others, as arrays of one shape: the plain ratio, and its range."""

    ratio: Numbers
    low: Numbers
    high: Numbers


def risk_ratio(
    count: npt.ArrayLike,
    out_of: npt.ArrayLike,
    others: npt.ArrayLike,
    others_out_of: npt.ArrayLike,
    repeat: npt.ArrayLike = 1.0,
    level: float = LEVEL,
) -> RiskRatio:
    """(count / out_of) over (others / others_out_of), with a range on the log scale and a half added to each count.

    The half (S. D. Walter, Biometrika 62, 1975) gives a range to groups of which nobody was counted; the ratio itself
    is plain, so that anybody can work it out. It is infinite where none of the others were counted, and missing where
    nobody was. `repeat` is the repeat pattern where the same pupils are counted in several years. Refuses more than all
    of a group.
    """
    (count, out_of), (others, others_out_of) = _shares(count, out_of), _shares(others, others_out_of)
    factor = _numbers(repeat)
    if (factor < 1).any():
        raise ValueError("A repeat pattern cannot be below 1: everybody who is counted is counted at least once.")
    with np.errstate(divide="ignore", invalid="ignore"):
        plain = (count / out_of) / (others / others_out_of)
    middle = np.log((count + 0.5) / (out_of + 0.5)) - np.log((others + 0.5) / (others_out_of + 0.5))
    variance = 1 / (count + 0.5) - 1 / (out_of + 0.5) + 1 / (others + 0.5) - 1 / (others_out_of + 0.5)
    half = _z(level) * np.sqrt(factor * variance)
    plain, low, high = np.broadcast_arrays(plain, np.exp(middle - half), np.exp(middle + half))
    return RiskRatio(plain, low, high)


def _numbers(values: npt.ArrayLike) -> Numbers:
    numbers = np.asarray(values, dtype=np.float64)
    if not np.isfinite(numbers).all():
        raise ValueError("A figure is missing or endless: leave it out.")
    return numbers


def _shares(count: npt.ArrayLike, out_of: npt.ArrayLike) -> Range:
    counts, wholes = np.broadcast_arrays(_numbers(count), _numbers(out_of))
    if (counts < 0).any() or (wholes <= 0).any():
        raise ValueError("A share needs a count of 0 or more, out of at least one.")
    if (counts > wholes).any():
        raise ValueError("A share cannot be more than the whole.")
    return counts, wholes


def _level(level: float) -> float:
    if not 0 < level < 1:
        raise ValueError("The level of a range is between 0 and 1, such as 0.95.")
    return level


def _z(level: float) -> Any:
    return norm.ppf((1 + _level(level)) / 2)
