"""Whether the list can be trusted: what was said of schools in earlier years, beside what happened next.

At each earlier year (an origin) the list is made from what was known then, and judged by the year that followed. Next
year's expectation is that year's own: the rule claims how a school stands to its phase and authority, not how many
suspensions there will be everywhere.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt
import pandas as pd

from analysis.denominators import HEADLINE
from analysis.targeting.bands import Band, bands
from analysis.targeting.constants import CONSTANTS, Numbers, OfEach, Table
from analysis.targeting.history import YEARS, History
from analysis.targeting.steadied import Steadied

TOP = 0.1
"""The share of an authority's schools of a phase that a list picks: one in ten, and at least one."""
TENTHS = 10
COLUMNS = (
    "phase",
    "schools",
    "origins",
    "hit_rate_raw",
    "hit_rate_steadied",
    "claimed_over_next_raw",
    "claimed_over_next_steadied",
    "cover80",
    "cover95",
    "probability_error",
)


@dataclass(frozen=True, eq=False)
class Backtest:
    """What earlier lists said and what came of it; figures are missing where nothing can be judged.

    `phases`: a row for each phase, with COLUMNS. `schools` and `origins` are how many were judged. A hit rate is the
    share of a list's schools that were in the next year's list by its raw ratio. `claimed_over_next` is, of the schools
    that the raw ratio picks, the mean ratio that was claimed over the mean ratio of the next year. `cover80` and
    `cover95` are shares of schools whose next count lay in the range given for it. `probability_error` is the mean
    distance, over tenths of the chance given, between that chance and how often it came true.

    `bands`: `phase, band, schools, share, above` (how many were above average in the next year, as a share).
    `chances`: `phase, tenth, schools, said, came_true`. `every`: a row for each school and origin.
    """

    phases: pd.DataFrame
    bands: pd.DataFrame
    chances: pd.DataFrame
    every: pd.DataFrame


def backtest(history: History, constants: Table | OfEach = CONSTANTS) -> Backtest:
    """The backtest of a history (longer than the three years that a list takes, or there is little to judge)."""
    return _of(pd.concat([_EMPTY, *(_said_and_came(each, history, constants) for each in origins(history))]))


def together(found: Sequence[Backtest]) -> Backtest:
    """Several authorities' backtests as one: each list is still its authority's own."""
    return _of(pd.concat([_EMPTY, *(each.every for each in found)]))


def _of(every: pd.DataFrame) -> Backtest:
    rows = every.reset_index(drop=True)
    return Backtest(_phases(rows), _bands(rows), _chances(rows), rows)


@dataclass(frozen=True, eq=False)
class Origin:
    """What was known of a history's schools when a year had ended (`then`), and what the next one brought.

    `judged` are the schools of which the whole of both years is known, and that are not alone in their phase: such a
    one is its own average, and nothing was said of it.
    """

    then: History
    judged: npt.NDArray[np.bool_]
    had: Numbers
    average: Numbers
    next_had: Numbers
    next_average: Numbers

    @property
    def year(self) -> str:
        """The academic year in which what is known ends."""
        return self.then.periods[0].year

    def said(self, constants: Table | OfEach) -> Steadied:
        """What is said of next year's counts, beside that year's own average."""
        return replace(self.then.steadied(constants), next_expected=np.where(self.judged, self.next_average, 1.0))


def origins(history: History) -> Iterator[Origin]:
    """Every year that another followed, the latest first."""
    for place in range(history.a_year, len(history.periods), history.a_year):
        yield _origin(history, place)


def _origin(history: History, place: int) -> Origin:
    a_year = history.a_year
    then, after = history.between(place, place + YEARS * a_year), history.between(place - a_year, place)
    had, average = _whole(then.counted[:, :a_year]), _whole(then.expected[:, :a_year])
    next_had, next_average = _whole(after.counted), _whole(after.expected)
    there = (average > 0) & (next_average > 0) & ~np.isnan(had) & ~np.isnan(next_had)
    company = np.bincount(history.groups, weights=there)[history.groups] if len(there) else there
    return Origin(then, there & (company > 1), had, average, next_had, next_average)


_EVERY = {
    "key": "int64",
    "la_code": "int64",
    "phase": "str",
    "origin": "str",
    "raw": "float64",
    "steadied": "float64",
    "next": "float64",
    "chance": "float64",
    "above": "bool",
    "in80": "bool",
    "in95": "bool",
    "band": "object",
}
_EMPTY = pd.DataFrame(columns=list(_EVERY)).astype(_EVERY)


def _said_and_came(origin: Origin, history: History, constants: Table | OfEach) -> pd.DataFrame:
    """A row for each school that is judged, with what was said and what came."""
    then, of_next = origin.then.steadied(constants), origin.said(constants)
    frame = history.schools[["key", "la_code", "phase"]].astype({"phase": "str"})
    with np.errstate(invalid="ignore", divide="ignore"):
        raw, came = origin.had / origin.average, origin.next_had / origin.next_average
    frame = frame.assign(
        origin=origin.year,
        raw=raw,
        steadied=then.ratio,
        next=came,
        chance=of_next.chance_above,
        above=origin.next_had > origin.next_average,
        in80=_within(origin.next_had, of_next.next_range(0.8)),
        in95=_within(origin.next_had, of_next.next_range(0.95)),
        band=bands(then),
    )
    return frame.loc[origin.judged].astype(_EVERY)


def _whole(of: Numbers) -> Numbers:
    """The sum of each row; NaN where a part of it is unknown."""
    total: Numbers = of.sum(axis=1)
    return total


def _within(values: Numbers, ends: tuple[Numbers, Numbers]) -> npt.NDArray[np.bool_]:
    inside: npt.NDArray[np.bool_] = (ends[0] <= values) & (values <= ends[1])
    return inside


def _phases(every: pd.DataFrame) -> pd.DataFrame:
    own = {str(phase): every[every["phase"].eq(phase)] for phase in HEADLINE}
    return pd.DataFrame([_figures(phase, rows) for phase, rows in own.items() if len(rows)], columns=list(COLUMNS))


def _figures(phase: str, rows: pd.DataFrame) -> dict[str, object]:
    next_list = picked(rows, "next")
    raw, steadied = picked(rows, "raw"), picked(rows, "steadied")
    came = rows.loc[raw, "next"].mean()
    return {
        "phase": phase,
        "schools": rows[["key", "la_code"]].drop_duplicates().shape[0],
        "origins": rows["origin"].nunique(),
        "hit_rate_raw": next_list[raw].mean(),
        "hit_rate_steadied": next_list[steadied].mean(),
        "claimed_over_next_raw": rows.loc[raw, "raw"].mean() / came if came else np.nan,
        "claimed_over_next_steadied": rows.loc[raw, "steadied"].mean() / came if came else np.nan,
        "cover80": rows["in80"].mean(),
        "cover95": rows["in95"].mean(),
        "probability_error": probability_error(rows),
    }


def picked(rows: pd.DataFrame, by: str) -> "pd.Series[bool]":
    """Which schools are the top tenth of their authority and phase at their origin; of equal ones the first."""
    place = rows.groupby(["la_code", "phase", "origin"], observed=True)[by]
    size = place.transform("size")
    return place.rank(method="first", ascending=False) <= np.maximum(1, np.round(size * TOP))


def on_a_list(rows: pd.DataFrame) -> "pd.Series[bool]":
    """Which schools the list by raw ratio picks, or the steadied one."""
    return picked(rows, "raw") | picked(rows, "steadied")


def tenth(chance: "pd.Series[float]") -> "pd.Series[int]":
    """The tenth that each chance lies in, from 0."""
    return np.minimum((chance * TENTHS).astype(int), TENTHS - 1)


def probability_error(rows: pd.DataFrame) -> float:
    """The mean distance between the chances given and how often they came true, over tenths of the chance."""
    by = rows.groupby(tenth(rows["chance"]))
    off = (by["chance"].mean() - by["above"].mean()).abs()
    return float((off * by.size()).sum() / len(rows))


def _chances(every: pd.DataFrame) -> pd.DataFrame:
    by = every.assign(tenth=tenth(every["chance"].astype("float64"))).groupby(["phase", "tenth"], observed=True)
    found = by.agg(schools=("chance", "size"), said=("chance", "mean"), came_true=("above", "mean"))
    return _in_order(found.reset_index())


def _bands(every: pd.DataFrame) -> pd.DataFrame:
    by = every.groupby(["phase", "band"], observed=True)
    found = by.agg(schools=("above", "size"), above=("above", "mean")).reset_index()
    found["share"] = found["schools"] / found.groupby("phase")["schools"].transform("sum")
    order = {str(band): place for place, band in enumerate(Band)}
    return _in_order(found.sort_values("band", key=lambda bands: bands.map(order), kind="stable"))


def _in_order(frame: pd.DataFrame) -> pd.DataFrame:
    order = {str(phase): place for place, phase in enumerate(HEADLINE)}
    return frame.sort_values("phase", key=lambda phases: phases.map(order), kind="stable", ignore_index=True)
