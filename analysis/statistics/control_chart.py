"""A control chart of single figures (XmR): which terms lie outside the usual swings, and which do not.

W. A. Shewhart's chart of individuals with D. J. Wheeler's constant 2.66; the four rules are those of NHS England's
"Making data count" (NHSRplotthedots). It is for a whole authority or phase: on single schools, of which nothing had
changed, it raised an alarm in one primary of four (docs/statistics.md).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import pairwise

import numpy as np
import numpy.typing as npt

Numbers = npt.NDArray[np.float64]
Places = npt.NDArray[np.int64]
Mask = npt.NDArray[np.bool_]

FEWEST = 12
"""With fewer points in a row there are no limits; with just as many they are trial limits."""
SMALLEST_MEAN = 10.0
"""Of counts: below it one child moves the figure, and the normal swings are not those of this chart."""
_WIDTH, _RUN, _TREND = 2.66, 7, 7


class Signal(StrEnum):
    """Why a point is no usual swing."""

    OUTSIDE = "outside the limits"
    SHIFT = "seven or more on one side"
    TREND = "seven in a row one way"
    NEAR = "two of three close to a limit"


class Limits(StrEnum):
    """What the limits of a series are worth."""

    FIRM = "firm"
    TRIAL = "trial"
    TOO_FEW = "too few terms"
    TOO_SMALL = "too small to say"


@dataclass(frozen=True, eq=False)
class Series:
    """Points that are compared with each other: those between two breaks, `first` to `last` by place.

    `seasons` is what a term of each season is usually, as a multiple of the average of all. `centre`, `low` and `high`
    have a figure for each point, on its own season's scale; they are missing where `limits` says that there are none.
    `signals` has each point's, in the order of the rules, and `side` on which side of the average each point is: 1
    above, -1 below, 0 neither.
    """

    first: int
    last: int
    limits: Limits
    centre: Numbers
    low: Numbers
    high: Numbers
    signals: tuple[tuple[Signal, ...], ...]
    side: Places


def control_chart(
    values: npt.ArrayLike, seasons: Sequence[int], breaks: Sequence[int] = (), counts: npt.ArrayLike | None = None
) -> tuple[Series, ...]:
    """The series of a control chart, oldest first.

    `values` are the figures in order, without gaps; `seasons` says which season each is of. At each place in `breaks` a
    new series starts. `counts` are what rates are made of (else the values are): their mean has to be SMALLEST_MEAN.

    A figure is divided by what its season usually is. Divided and not subtracted, because a short term has fewer
    suspensions in proportion: its swings grow and shrink with it.
    """
    figures = np.asarray(values, dtype=np.float64)
    sizes = figures if counts is None else np.asarray(counts, dtype=np.float64)
    places = np.asarray(seasons, dtype=np.int64)
    if figures.ndim != 1 or not len(figures) == len(sizes) == len(places):
        raise ValueError("A control chart needs one figure, one season and one count for each term.")
    if not (np.isfinite(figures).all() and np.isfinite(sizes).all()) or (figures < 0).any():
        raise ValueError("A control chart needs a figure of 0 or more for every term: break it where one is missing.")
    if any(not 0 < each < len(figures) for each in breaks):
        raise ValueError("A break is the place of a term after the first.")
    ends = [0, *sorted(set(breaks)), len(figures)]
    return tuple(
        _series(first, figures[first:end], places[first:end], float(sizes[first:end].mean()))
        for first, end in pairwise(ends)
    )


def _series(first: int, values: Numbers, seasons: Places, size: float) -> Series:
    last = first + len(values) - 1
    if len(values) < FEWEST or size < SMALLEST_MEAN:
        why = Limits.TOO_FEW if len(values) < FEWEST else Limits.TOO_SMALL
        missing = np.full(len(values), np.nan)
        none: tuple[tuple[Signal, ...], ...] = ((),) * len(values)
        return Series(first, last, why, missing, missing, missing, none, np.zeros(len(values), dtype=np.int64))
    usual = season_factors(values, seasons)[seasons]
    adjusted = np.divide(values, usual, out=np.zeros_like(values), where=usual > 0)
    centre = float(adjusted.mean())
    width = _WIDTH * float(np.abs(np.diff(adjusted)).mean())
    side = np.sign(adjusted - centre).astype(np.int64)
    return Series(
        first,
        last,
        Limits.TRIAL if len(values) == FEWEST else Limits.FIRM,
        centre * usual,
        max(0.0, centre - width) * usual,
        (centre + width) * usual,
        _signals(adjusted, centre, width),
        side,
    )


def season_factors(values: Numbers, seasons: Places) -> Numbers:
    """What each season usually is, as a multiple of the average of the seasons: 1 for one that has no figures."""
    number = int(seasons.max()) + 1
    there = np.bincount(seasons, minlength=number)
    means = np.divide(np.bincount(seasons, values, minlength=number), there, out=np.ones(number), where=there > 0)
    average = float(means[there > 0].mean())
    factors = np.ones(number)
    if average > 0:
        factors[there > 0] = means[there > 0] / average
    return factors


def _signals(adjusted: Numbers, centre: float, width: float) -> tuple[tuple[Signal, ...], ...]:
    away = adjusted - centre
    found = {
        Signal.OUTSIDE: np.abs(away) > width,
        Signal.SHIFT: _in_run(away > 0, _RUN) | _in_run(away < 0, _RUN),
        Signal.TREND: _in_trend(adjusted),
        Signal.NEAR: _near(away, width) | _near(-away, width),
    }
    return tuple(tuple(signal for signal, there in found.items() if there[point]) for point in range(len(adjusted)))


def _in_run(there: Mask, least: int) -> Mask:
    """Which points are in a run of at least so many that are all there."""
    marked = np.zeros(len(there), dtype=bool)
    for first in range(len(there) - least + 1):
        if there[first : first + least].all():
            marked[first : first + least] = True
    return marked


def _in_trend(values: Numbers) -> Mask:
    """Which points are in a run of so many, each higher (or each lower) than the one before it."""
    marked = np.zeros(len(values), dtype=bool)
    for first in range(len(values) - _TREND + 1):
        steps = np.diff(values[first : first + _TREND])
        if (steps > 0).all() or (steps < 0).all():
            marked[first : first + _TREND] = True
    return marked


def _near(away: Numbers, width: float) -> Mask:
    """Which points are in the outer third of the way to the limit, with another such among three in a row."""
    there = (away > width * 2 / 3) & (away <= width)
    marked = np.zeros(len(there), dtype=bool)
    for first in range(len(there) - 2):
        if there[first : first + 3].sum() >= 2:
            marked[first : first + 3] |= there[first : first + 3]
    return marked
