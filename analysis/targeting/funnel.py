"""Which schools lie further from the average than chance explains, where one pupil can be suspended again and again.

Limits are those of a negative binomial count with the mean that is expected and φ times the variance of independent
suspensions. φ is the pupils' repeat pattern, Σc²/Σc, c being how often each was suspended at a school: taken from
pupils, and not from how schools differ, it does not take schools that do differ for noise (D. Spiegelhalter,
Statistics in Medicine 24(8), 2005, for funnels; docs/decisions.md for what was measured).
"""

from collections.abc import Hashable
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy import special, stats

from analysis.denominators import HEADLINE
from analysis.hiding.protection import is_hidden
from analysis.records import Records, within_all
from analysis.statistics.intervals import repeat_pattern
from analysis.targeting.bands import LEAST_EXPECTED
from analysis.targeting.constants import CONSTANTS, REPEAT_PATTERN, Numbers
from analysis.targeting.register import named
from analysis.targeting.where_next import WhereNext, where_next
from analysis.wording import amount, counted
from data_model.codes import Phase
from data_model.labelled import Labelled
from data_model.terms import Period

INNER, OUTER = 0.025, 0.001
"""The chance that a school no different from the others lies above the inner limits, and above the outer ones."""
FEWEST_PUPILS = 30
"""With fewer suspended pupils one of them makes an authority's own repeat pattern: England's stands in for it."""
_POINTS = 80


class Place(Labelled):
    """Where a school lies in the funnel."""

    FAR_ABOVE = "far_above", "Above the outer limit: hardly chance"
    ABOVE = "above", "Above the inner limit: could be chance"
    INSIDE = "inside", "Between the limits: as chance has it"
    BELOW = "below", "Below the lower limit"


@dataclass(frozen=True, eq=False)
class Limits:
    """Four limits for each of a row of schools: a count from `low` to `high` lies between the inner ones."""

    lowest: Numbers
    low: Numbers
    high: Numbers
    highest: Numbers


@dataclass(frozen=True)
class Repeat:
    """The repeat pattern of a phase, to one decimal, and of how many suspended pupils; None where it is England's."""

    factor: float
    pupils: int | None


@dataclass(frozen=True, eq=False)
class Funnel:
    """The schools of an authority and what chance explains of them, in the latest year (`window`).

    `rows`, by place and then the highest ratio first: `key` (URN, or LAESTAB where none is known), `school_name, phase,
    pupils, observed, expected, ratio, low, high` (the counts between the inner limits), `place` (a Place),
    `place_name`, `small` (so little expected that one child moves it) and `usual` and `said`, in words. `lines`:
    `phase, expected, lowest, low, high, highest` as ratios, by what is expected. `hidden`: how many schools of each
    phase are left out because their figures are hidden. `repeats`: the repeat pattern of each phase in `rows`.
    """

    rows: pd.DataFrame
    lines: pd.DataFrame
    hidden: dict[Phase, int]
    repeats: dict[Phase, Repeat]
    window: str
    published: bool

    @property
    def phases(self) -> tuple[Phase, ...]:
        """The phases that have schools, even if all of them are hidden."""
        return tuple(each for each in HEADLINE if each in self.repeats or each in self.hidden)


def limits(expected: Numbers, factor: Numbers | float) -> Limits:
    """The limits of counts: the chance of a count above `high` is INNER at the most, and of one below `low` too."""
    count = _count(expected, factor)
    return Limits(*(count.ppf(share) for share in (OUTER, INNER, 1 - INNER, 1 - OUTER)))


def smooth(expected: Numbers, factor: Numbers | float) -> Limits:
    """The limits as lines to draw: counts without the jumps from one whole number to the next.

    They are where the distribution function, continued between whole numbers, has the limit's chance; so a whole count
    lies beyond a line exactly where it lies beyond the limit, and what is seen is what is said.
    """
    below = [_continued(share, expected, factor) - 1 for share in (OUTER, INNER)]
    above = [_continued(1 - share, expected, factor) for share in (INNER, OUTER)]
    return Limits(*(np.maximum(line, 0.0) for line in (*below, *above)))


def _count(expected: Numbers, factor: Numbers | float) -> "stats.distributions.rv_frozen":
    """A factor of 1 is that of independent suspensions: the limit of the negative binomial, and near enough to it."""
    factor = np.maximum(factor, _INDEPENDENT)
    return stats.nbinom(expected / (factor - 1), 1 / factor)


def _continued(chance: float, expected: Numbers, factor: Numbers | float) -> Numbers:
    factor = np.maximum(factor, _INDEPENDENT)
    count: Numbers = special.btdtrib(expected / (factor - 1), chance, 1 / factor)
    return count


_INDEPENDENT = 1.0 + 1e-6


def places(observed: Numbers, of: Limits) -> npt.NDArray[np.object_]:
    """Where each school lies."""
    conditions = [observed > of.highest, observed > of.high, observed < of.low]
    chosen = np.select(conditions, [0, 1, 2], default=3)
    order = [Place.FAR_ABOVE, Place.ABOVE, Place.BELOW, Place.INSIDE]
    each: npt.NDArray[np.object_] = np.array(order, dtype=object)[chosen]
    return each


def repeat_of(counts: npt.ArrayLike, phase: Phase) -> Repeat:
    """The repeat pattern of a phase by how often each of its suspended pupils was suspended; England's for too few."""
    each = np.asarray(counts, dtype=np.float64)
    if len(each) < FEWEST_PUPILS:
        return Repeat(REPEAT_PATTERN[phase], None)
    # To one decimal, so that what is said is what is used.
    return Repeat(round(repeat_pattern(each), 1), len(each))


def funnel_of(records: Records, period: Period, la: int, phase: str | None = None) -> Funnel | None:
    """The funnel of an authority's schools, of one phase if it is given; None where no suspensions are loaded.

    Schools whose figures the scope hides are not in it.
    """
    found = where_next(records, period, la, phase, CONSTANTS)  # any constants do: nothing here depends on them
    if found is None:
        return None
    hidden = is_hidden(found.rows, "observed")
    gone = found.rows.loc[hidden, "phase"].value_counts()
    schools = named(found.rows[~hidden].reset_index(drop=True), records.by_la[la])
    phases = [each for each in HEADLINE if str(each) in set(schools["phase"])]
    repeats = {each: _repeat(records.by_la[la], found, each) for each in phases}
    rows = _rows(schools, repeats)
    left_out = {each: int(gone[str(each)]) for each in HEADLINE if str(each) in gone}
    return Funnel(rows, _lines(rows, repeats), left_out, repeats, found.window, found.published)


def _repeat(own: Records, found: WhereNext, phase: Phase) -> Repeat:
    """From the suspensions of the latest year that name a pupil. DfE's published figures name none."""
    if found.published:
        return repeat_of([], phase)
    events = within_all(own.narrow[0], "start_date", found.history.latest_year)
    there = events["phase"].eq(str(phase)) & events["pupil"].ge(0)
    return repeat_of(events.loc[there, ["urn", "pupil"]].value_counts().to_numpy(), phase)


def _rows(schools: pd.DataFrame, repeats: dict[Phase, Repeat]) -> pd.DataFrame:
    factor = schools["phase"].map({str(phase): repeat.factor for phase, repeat in repeats.items()})
    observed, expected = (schools[name].to_numpy(dtype=np.float64) for name in ("observed", "expected"))
    of = limits(expected, factor.to_numpy(dtype=np.float64))
    place = places(observed, of)
    rows = schools[["key", "school_name", "phase", "pupils", "observed", "expected"]].assign(
        ratio=observed / expected,
        low=of.low,
        high=of.high,
        place=[str(each) for each in place],
        place_name=[each.label for each in place],
        small=expected < LEAST_EXPECTED,
        usual=[_usual(low, high) for low, high in zip(of.low, of.high, strict=True)],
    )
    rows["said"] = [_said(row) for row in rows.to_dict("records")]
    order = {str(each): number for number, each in enumerate(Place)}
    highest = rows.sort_values(["ratio", "key"], ascending=[False, True])
    return highest.sort_values("place", key=lambda each: each.map(order), kind="stable", ignore_index=True)


def _usual(low: float, high: float) -> str:
    return f"{low:.0f} to {high:.0f}" if low else f"up to {high:.0f}"


def _said(row: dict[Hashable, Any]) -> str:
    expected = f"{amount(row['expected'])} expected of a school of its size and phase"
    small = "; too small to say much: one child can move this" if row["small"] else ""
    times = f"{amount(row['ratio'])} times the average"
    usual = f"{row['usual']} would be no surprise"
    return f"{counted(row['observed'], 'suspension')}, {expected} ({times}); {usual}{small}"


def _lines(rows: pd.DataFrame, repeats: dict[Phase, Repeat]) -> pd.DataFrame:
    parts = [_line(rows.loc[rows["phase"].eq(str(phase)), "expected"], phase, repeats[phase]) for phase in repeats]
    columns = ["phase", "expected", "lowest", "low", "high", "highest"]
    return pd.concat(parts, ignore_index=True) if parts else pd.DataFrame(columns=columns)


def _line(expected: "pd.Series[float]", phase: Phase, repeat: Repeat) -> pd.DataFrame:
    """From a little before what is expected of the smallest school to a little beyond the largest."""
    along = np.geomspace(expected.min() / 1.15, expected.max() * 1.15, _POINTS)
    of = smooth(along, repeat.factor)
    ratios = {name: getattr(of, name) / along for name in ("lowest", "low", "high", "highest")}
    return pd.DataFrame({"phase": str(phase), "expected": along} | ratios)
