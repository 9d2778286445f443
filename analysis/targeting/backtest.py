"""Whether the list can be trusted: what was said of schools in earlier years, beside what happened next.

At each earlier year (an origin) the list is made from what was known then, and judged by the year that followed. Next
year's expectation is that year's own: the rule claims how a school stands to its phase and authority, not how many
suspensions there will be everywhere.
"""

from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt
import pandas as pd

from analysis.denominators import HEADLINE
from analysis.targeting.bands import Band, bands
from analysis.targeting.constants import CONSTANTS, Numbers, Table
from analysis.targeting.history import YEARS, History

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


def backtest(history: History, constants: Table = CONSTANTS) -> Backtest:
    """The backtest of a history (longer than the three years that a list takes, or there is little to judge)."""
    every = _judged(history, constants)
    return Backtest(_phases(every), _bands(every), _chances(every), every)


def _judged(history: History, constants: Table) -> pd.DataFrame:
    """A row for each school at each origin, with what was said and what came."""
    origins = range(history.a_year, len(history.periods), history.a_year)
    found = [_at(history, place, constants) for place in origins]
    return pd.concat(found, ignore_index=True) if found else pd.DataFrame(columns=list(_EVERY))


_EVERY = ("key", "la_code", "phase", "origin", "raw", "steadied", "next", "chance", "above", "in80", "in95", "band")


def _at(history: History, place: int, constants: Table) -> pd.DataFrame:
    """The schools of which the whole of the origin's year is known, and of the year after it."""
    a_year = history.a_year
    then, after = history.between(place, place + YEARS * a_year), history.between(place - a_year, place)
    had, average = _whole(then.counted[:, :a_year]), _whole(then.expected[:, :a_year])
    next_had, next_average = _whole(after.counted), _whole(after.expected)
    there = (average > 0) & (next_average > 0) & ~np.isnan(had) & ~np.isnan(next_had)
    said = then.steadied(constants)
    of_next = replace(said, next_expected=np.where(there, next_average, 1.0))
    frame = history.schools[["key", "la_code", "phase"]].astype({"phase": "str"})
    with np.errstate(invalid="ignore", divide="ignore"):
        frame = frame.assign(origin=then.periods[0].year, raw=had / average, next=next_had / next_average)
    frame = frame.assign(
        steadied=said.ratio,
        chance=of_next.chance_above,
        above=next_had > next_average,
        in80=_within(next_had, of_next.next_range(0.8)),
        in95=_within(next_had, of_next.next_range(0.95)),
        band=bands(said),
    )
    return frame.loc[there, list(_EVERY)]


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
        "probability_error": _probability_error(rows),
    }


def picked(rows: pd.DataFrame, by: str) -> "pd.Series[bool]":
    """Which schools are the top tenth of their authority and phase at their origin; of equal ones the first."""
    place = rows.groupby(["la_code", "phase", "origin"], observed=True)[by]
    size = place.transform("size")
    return place.rank(method="first", ascending=False) <= np.maximum(1, np.round(size * TOP))


def _tenth(chance: "pd.Series[float]") -> "pd.Series[int]":
    return np.minimum((chance * TENTHS).astype(int), TENTHS - 1)


def _probability_error(rows: pd.DataFrame) -> float:
    by = rows.groupby(_tenth(rows["chance"]))
    off = (by["chance"].mean() - by["above"].mean()).abs()
    return float((off * by.size()).sum() / len(rows))


def _chances(every: pd.DataFrame) -> pd.DataFrame:
    by = every.assign(tenth=_tenth(every["chance"].astype("float64"))).groupby(["phase", "tenth"], observed=True)
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
