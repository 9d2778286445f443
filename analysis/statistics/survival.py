"""How long things last, and how they end, where some have not ended yet: those count for as long as they were seen.

Kaplan and Meier (JASA 53, 1958) where there is one kind of end, Aalen and Johansen (Scand. J. Statist. 5, 1978) where
ends compete: a child who left the area can no longer return, and is no child who may yet. Dividing those who returned
by those who closed leaves out everybody who is still there, and on simulated placements says 68 % where the truth is
45 % (docs/statistics.md). Whoever started together counts as seen up to the same day; times are in any one unit.

Nothing is said past the longest time that anybody was seen, nor of fewer than the minimum that a measure sets.
"""

from dataclasses import dataclass
from datetime import date

import numpy as np
import numpy.typing as npt
from scipy.stats import norm

from analysis.statistics.intervals import LEVEL, wilson

Numbers = npt.NDArray[np.float64]
Places = npt.NDArray[np.int64]
Mask = npt.NDArray[np.bool_]

_ROUNDING = 1e-12
OPEN = 0
"""How a thing ended that has not: it was still open when it was last seen."""


class TooFew(ValueError):
    """There are fewer than the minimum that a measure sets. The message is a sentence without the number there are."""


@dataclass(frozen=True)
class Share:
    """A share with its range. `out_of` are those that it is a share of: all that started, or all that are due."""

    share: float
    low: float
    high: float
    out_of: int


@dataclass(frozen=True)
class Time:
    """A time with its range; None where so many had not ended by the longest time seen: it is longer than that."""

    time: float | None
    low: float | None
    high: float | None
    out_of: int


@dataclass(frozen=True, eq=False)
class Curve:
    """The share that has ended by each time, as steps: `times` are those at which somebody did, `share` from then on.

    `low` and `high` are the ends of the range at each step. `known_to` is the longest time that anybody was seen: past
    it nothing is known, unless everybody had ended. `seen` are the times up to which each was seen, sorted.
    """

    times: Numbers
    share: Numbers
    low: Numbers
    high: Numbers
    seen: Numbers
    known_to: float
    level: float

    @property
    def out_of(self) -> int:
        """How many started."""
        return len(self.seen)

    def at_risk(self, time: float) -> int:
        """How many were seen up to a time or longer."""
        return self.out_of - int(np.searchsorted(self.seen, time, side="left"))

    def by(self, time: float) -> Share | None:
        """The share that had ended by a time; None past the longest time seen."""
        if time > self.known_to:
            return None
        step = int(np.searchsorted(self.times, time, side="right")) - 1
        if step < 0 or self.share[step] == 0:
            low, high = wilson(0, max(self.at_risk(time), 1), self.level)
            return Share(0.0, float(low), float(high), self.out_of)
        return Share(float(self.share[step]), float(self.low[step]), float(self.high[step]), self.out_of)

    def quantile(self, share: float = 0.5) -> Time:
        """The time by which a share had ended, the median if none is asked for, with its range.

        The range holds the times at which the share's own range holds that share (Brookmeyer and Crowley, Biometrics
        38, 1982).
        """
        if not 0 < share < 1:
            raise ValueError("A quantile is a share between 0 and 1, such as 0.5.")
        when, low, high = (self._reached(ends, share) for ends in (self.share, self.high, self.low))
        return Time(when, low, high, self.out_of)

    def _reached(self, ends: Numbers, share: float) -> float | None:
        # Rounding must not put off a half that is reached exactly.
        there = np.flatnonzero(ends >= share - _ROUNDING)
        return float(self.times[there[0]]) if len(there) else None


def observed(started: npt.ArrayLike, ended: npt.ArrayLike, known_until: date) -> tuple[Numbers, Mask]:
    """The days that each was seen for, and whether it had ended by then, as was known on the day `known_until`.

    `started` and `ended` are days (NaT: open). What started later is not known of yet, and has to be left out before;
    what ended later was still open. Refuses a missing start, and an end before it.
    """
    first = np.asarray(started, dtype="datetime64[D]")
    last, now = np.asarray(ended, dtype="datetime64[D]"), np.datetime64(known_until, "D")
    if np.isnat(first).any() or (first > now).any():
        raise ValueError("Each needs a start that is not after the last day known: leave the others out.")
    over = last <= now  # NaT is never
    if (last[over] < first[over]).any():
        raise ValueError("Something ended before it started: correct its days.")
    return (np.where(over, last, now) - first).astype(np.float64), over


def kaplan_meier(seen: npt.ArrayLike, ended: npt.ArrayLike, *, minimum: int = 1, level: float = LEVEL) -> Curve:
    """The share that has ended by each time, where there is one kind of end: 1 less Kaplan and Meier's survival.

    `seen` are the times that each was seen for, `ended` whether it had ended then. Where some end at the time at which
    others were last seen, the others were still there. The range is on the log-log scale with Greenwood's variance.
    Raises TooFew below the minimum; refuses negative and missing times.
    """
    steps = _steps(seen, np.asarray(ended, dtype=np.int64), minimum)
    still: Numbers = np.cumprod(1 - steps.every / steps.at_risk, dtype=np.float64)
    spread: Numbers = still * np.sqrt(np.cumsum(steps.greenwood))
    still_low, still_high = _log_log(still, spread, level)
    share: Numbers = 1 - still
    return _curve(steps, share, 1 - still_high, 1 - still_low, level)


def aalen_johansen(
    seen: npt.ArrayLike, ends: npt.ArrayLike, of: int, *, minimum: int = 1, level: float = LEVEL
) -> Curve:
    """The share that has ended in one way by each time, where other ways of ending compete with it.

    `seen` are the times that each was seen for; `ends` how each ended, a number above 0, or OPEN. `of` is the way that
    is asked about. The variance is that of D. Collett (Modelling Survival Data in Medical Research, 3rd ed., p. 411),
    the range on the log-log scale. Raises TooFew below the minimum; refuses negative and missing times.
    """
    if of <= OPEN:
        raise ValueError("The way of ending that is asked about is a number above 0.")
    ways = np.asarray(ends, dtype=np.int64)
    if (ways < OPEN).any():
        raise ValueError("How a thing ended is a number above 0, or 0 while it is open.")
    steps = _steps(seen, ways, minimum, of)
    before = np.concatenate([[1.0], np.cumprod(1 - steps.every / steps.at_risk)[:-1]])
    share: Numbers = np.cumsum(before * steps.own / steps.at_risk)
    low, high = _log_log(share, np.sqrt(_incidence_variance(steps, share, before)), level)
    return _curve(steps, share, low, high, level)


def due_only(held: npt.ArrayLike, due: npt.ArrayLike, *, minimum: int = 1, level: float = LEVEL) -> Share:
    """The share that held, of those for whom the time to judge it has come; the others count nowhere.

    Whoever failed already is not counted before that time either: those who hold are not yet known to, and counting
    failures as they come and successes later would make every share too low. Raises TooFew below the minimum.
    """
    kept, judged = np.asarray(held, dtype=bool), np.asarray(due, dtype=bool)
    if kept.shape != judged.shape:
        raise ValueError("For each it has to be said whether it held and whether it is due.")
    number = int(judged.sum())
    _refuse_too_few(number, minimum)
    low, high = wilson(int((kept & judged).sum()), number, level)
    return Share(float((kept & judged).sum() / number), float(low), float(high), number)


@dataclass(frozen=True)
class Claims:
    """What is often said instead, and is wrong: those who ended in one way, out of those that closed, and out of all.

    The first leaves out those still there, who would mostly end otherwise or later; the second counts them as if they
    never would. None where nothing closed.
    """

    of_closed: float | None
    of_all: float


def would_have_claimed(ends: npt.ArrayLike, of: int) -> Claims:
    """What "returned / closed" and "returned / all" would have said, to be shown beside `aalen_johansen`."""
    ways = np.asarray(ends, dtype=np.int64)
    if not len(ways):
        raise TooFew(_too_few(1))
    own, closed = int((ways == of).sum()), int((ways != OPEN).sum())
    return Claims(own / closed if closed else None, own / len(ways))


@dataclass(frozen=True, eq=False)
class _Steps:
    """The times at which something ended; of each how many were there just before, how many ended, and how many of
    those in the way that is asked about. `seen` sorted, and the longest time of which anything is known."""

    times: Numbers
    at_risk: Numbers
    every: Numbers
    own: Numbers
    seen: Numbers
    known_to: float

    @property
    def greenwood(self) -> Numbers:
        """The terms of Greenwood's sum. Where nobody is left it has none: nothing follows that could vary."""
        left = self.at_risk - self.every
        return np.divide(self.every, self.at_risk * left, out=np.zeros_like(left), where=left > 0)


def _steps(seen: npt.ArrayLike, ends: Places, minimum: int, of: int = 1) -> _Steps:
    lengths = np.asarray(seen, dtype=np.float64)
    if lengths.ndim != 1 or lengths.shape != ends.shape:
        raise ValueError("Each needs the time it was seen for, and how it ended.")
    if not np.isfinite(lengths).all() or (lengths < 0).any():
        raise ValueError("A time is missing, endless or below 0: correct it, or leave it out.")
    _refuse_too_few(len(lengths), max(minimum, 1))
    ordered, over = np.sort(lengths), ends != OPEN
    times, place = np.unique(lengths[over], return_inverse=True)
    at_risk = (len(ordered) - np.searchsorted(ordered, times, side="left")).astype(np.float64)
    every = np.bincount(place, minlength=len(times)).astype(np.float64)
    own = np.bincount(place, ends[over] == of, minlength=len(times)).astype(np.float64)
    nobody_left = len(times) > 0 and at_risk[-1] == every[-1]
    return _Steps(times, at_risk, every, own, ordered, np.inf if nobody_left else float(ordered[-1]))


def _curve(steps: _Steps, share: Numbers, low: Numbers, high: Numbers, level: float) -> Curve:
    """The curve, with a range where nothing or everything has ended: the log-log scale has none there.

    It is Wilson's of those who were there then. What had ended earlier has ended still, so a low end never falls.
    """
    none, whole = share <= 0, share >= 1 - _ROUNDING
    of_none, of_whole = wilson(0, steps.at_risk, level)[1], wilson(steps.at_risk, steps.at_risk, level)[0]
    low = np.where(none, 0.0, np.where(whole, of_whole, low))
    low = np.where(whole, np.maximum.accumulate(low), low)
    high = np.where(none, of_none, np.where(whole, 1.0, high))
    return Curve(steps.times, share, low, high, steps.seen, steps.known_to, level)


def _incidence_variance(steps: _Steps, share: Numbers, before: Numbers) -> Numbers:
    """The variance of an incidence at each of its steps; squares are multiplied out, so that it takes one pass."""
    greenwood, at_risk, own = steps.greenwood, steps.at_risk, steps.own
    squares = share**2 * np.cumsum(greenwood) - 2 * share * np.cumsum(share * greenwood)
    squares += np.cumsum(share**2 * greenwood)
    own_chance = before * own / at_risk**2
    apart = share * np.cumsum(own_chance) - np.cumsum(share * own_chance)
    variance: Numbers = squares + np.cumsum(before**2 * own * (at_risk - own) / at_risk**3) - 2 * apart
    return np.maximum(variance, 0.0)


def _log_log(share: Numbers, spread: Numbers, level: float) -> tuple[Numbers, Numbers]:
    """The range of a share on the log(-log) scale, where it cannot leave 0 to 1; missing for 0 and 1."""
    z = norm.ppf((1 + level) / 2)
    with np.errstate(divide="ignore", invalid="ignore"):
        middle: Numbers = np.log(-np.log(share))
        half: Numbers = z * spread / (share * np.abs(np.log(share)))
        low: Numbers = np.exp(-np.exp(middle + half))
        high: Numbers = np.exp(-np.exp(middle - half))
    return low, high


def _refuse_too_few(number: int, minimum: int) -> None:
    if number < minimum:
        raise TooFew(_too_few(minimum))


def _too_few(minimum: int) -> str:
    return f"Too small to say: this needs {minimum} or more."
