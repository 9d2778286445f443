"""Small tools for whole columns of numbers."""

from dataclasses import dataclass, fields
from typing import Any, Self

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[Any]
Random = np.random.Generator


@dataclass(frozen=True)
class Columns:
    """The base of records kept as arrays of one length, side by side: an index takes those rows of all of them."""

    def __getitem__(self, rows: Array) -> Self:
        return type(self)(*(getattr(self, field.name)[rows] for field in fields(self)))

    @classmethod
    def stacked(cls, *parts: Self) -> Self:
        """The rows of all parts, one after the other."""
        return cls(*(np.concatenate([getattr(part, field.name) for part in parts]) for field in fields(cls)))


def choose(rng: Random, weights: Array, size: int) -> Array:
    """`size` positions in `weights`, each drawn with its weight."""
    return rng.choice(len(weights), size=size, p=weights / weights.sum()).astype(np.int16)


def sample_by_weight(rng: Random, weights: Array, size: int) -> Array:
    """Up to `size` different positions in `weights`, drawn in proportion to their weights, without those of weight 0.

    Efraimidis and Spirakis (2006): the smallest of exponential draws divided by the weights.
    """
    possible = np.flatnonzero(weights > 0)
    keys = rng.exponential(size=len(possible)) / weights[possible]
    return np.sort(possible[np.argsort(keys, kind="stable")[:size]])


def group_starts(groups: Array) -> Array:
    """True for the first row of each run of equal groups."""
    first = np.ones(len(groups), dtype=bool)
    first[1:] = groups[1:] != groups[:-1]
    return first


def count_within(groups: Array) -> Array:
    """The place of each row within its run of equal groups, from 0."""
    first = np.flatnonzero(group_starts(groups))
    return np.arange(len(groups)) - np.repeat(first, np.diff(np.r_[first, len(groups)]))


def running_total(values: Array, groups: Array) -> Array:
    """The total of `values` up to and with each row, within its run of equal groups."""
    total = np.cumsum(values)
    first = np.flatnonzero(group_starts(groups))
    before = np.repeat(total[first] - values[first], np.diff(np.r_[first, len(groups)]))
    return np.asarray(total - before)


def running_maximum(values: Array, groups: Array) -> Array:
    """The largest of `values` (whole numbers) up to each row, within its run of equal groups."""
    run = np.cumsum(group_starts(groups)) - 1
    lift = run * (int(np.ptp(values)) + 1 if len(values) else 1)
    return np.asarray(np.maximum.accumulate(values + lift) - lift)


def quantiles_shuffled(rng: Random, size: int) -> Array:
    """The `size` middles of equal parts of 0 to 1, in random order: every sample is a fair picture of the whole."""
    return (rng.permutation(size) + 0.5) / max(size, 1)
