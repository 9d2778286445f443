"""The tables and pictures of "Can we trust this?": every figure with how many it is of, and its range.

Where a figure is of fewer than LEAST school-years, or of fewer schools than may be told of, it is too small to say.
"""

from collections.abc import Callable

import numpy as np
import pandas as pd

from analysis.statistics.intervals import wilson
from analysis.targeting.backtest import on_a_list, picked, probability_error, tenth
from analysis.targeting.bands import STAY_ABOVE, Band
from analysis.targeting.constants import Constants
from analysis.targeting.estimate import PAIRS
from analysis.targeting.trust import Trust, schools_in
from data_model.codes import Phase

LEAST = 10
"""School-years below which nothing is said."""
TOO_SMALL = "too small to say"
SERIES = {"raw": "A list by rate said", "steadied": "Our list said", "came": "The next year was"}
LIMITS = (
    "The rule was tested on England’s yearly figures of 2006/07 to 2016/17, when there were 4.8 suspensions for every "
    "100 pupils in the last of them (11.3 in 2023/24), and not on terms.",
    "The same schools come back in several years, so ranges here are somewhat too narrow.",
    "Nothing here says that outreach works, or why a school stands where it does.",
)
_Z = 1.96


def claims(found: Trust) -> pd.DataFrame:
    """Of the schools that a list by rate picks, what it and our list said, and the next year: a row for each phase.

    `phase, picked` (school-years), `raw, steadied, came` (mean times the average), `raw_over, steadied_over` (over what
    came, with the range, as text).
    """
    return _by_phase(found, _claimed, chosen=lambda rows: rows[picked(rows, "raw")])


def claim_parts(table: pd.DataFrame) -> pd.DataFrame:
    """The same, a row for each phase and column: `phase, said, times`."""
    long = table.melt(["phase"], list(SERIES), "said", "times")
    return long.assign(said=long["said"].map(SERIES), times=pd.to_numeric(long["times"], errors="coerce"))


def hits(found: Trust) -> pd.DataFrame:
    """How many of each list's schools were on the next year's list by rate: `phase, picked, raw, steadied` as text."""
    return _by_phase(found, _hit, chosen=lambda rows: rows[on_a_list(rows)])


def held(found: Trust) -> pd.DataFrame:
    """How often the ranges held next year's count: `phase, judged, in80, in95, off` as text.

    `off` is the mean distance between the chance given and how often it came true, and what chance alone would give.
    """
    return _by_phase(found, _held)


def chances(found: Trust) -> pd.DataFrame:
    """What was said and what came true, of all phases: `given, judged, said, came_true, low, high, in_words`.

    A row for each tenth of the chance given; without figures where they are too small to say.
    """
    every = found.backtest.every
    parts = [(place, rows) for place, rows in every.groupby(tenth(every["chance"]))]
    rows = [_came_true(rows, is_small(rows, found)) for _, rows in parts]
    table = pd.DataFrame(rows, columns=["judged", "said", "came_true", "low", "high", "in_words"])
    given = [_given(place, said) for (place, _), said in zip(parts, table["said"], strict=True)]
    return table.assign(given=given)


def words(found: Trust) -> pd.DataFrame:
    """How often the words for each band were true: `phase, band, we_say, judged, above, share` as text."""
    every = found.backtest.every
    rows = [
        _words(phase, band, of, is_small(of, found))
        for phase in Phase
        for band in Band
        if len(of := every[every["phase"].eq(str(phase)) & every["band"].eq(band)])
    ]
    return pd.DataFrame(rows, columns=["phase", "band", "we_say", "judged", "above", "share"])


def constants(found: Trust) -> pd.DataFrame:
    """The constants of each phase: `phase, published, best, judged, why` as text."""
    rows = [
        {
            "phase": each.phase.label,
            "published": constants_in_words(each.published),
            "best": constants_in_words(each.best) if each.pairs >= PAIRS else TOO_SMALL,
            "judged": each.pairs,
            "why": each.why,
        }
        for each in found.estimates.each
    ]
    return pd.DataFrame(rows, columns=["phase", "published", "best", "judged", "why"])


def percent_of(count: float, out_of: int) -> str:
    """A share with its range: `86% (76% to 92%)`."""
    low, high = wilson(count, out_of)
    return f"{100 * count / out_of:.0f}% ({100 * float(low):.0f}% to {100 * float(high):.0f}%)"


def is_small(rows: pd.DataFrame, found: Trust) -> bool:
    """Whether a figure of these school-years says too little, or too much of a few schools."""
    return len(rows) < LEAST or schools_in(rows) < (found.least or 0)


def _by_phase(
    found: Trust,
    row: Callable[[pd.DataFrame, bool], dict[str, object]],
    chosen: Callable[[pd.DataFrame], pd.DataFrame] = lambda rows: rows,
) -> pd.DataFrame:
    every = found.backtest.every
    phases = [(phase, every[every["phase"].eq(str(phase))]) for phase in Phase]
    return pd.DataFrame(
        [{"phase": phase.label, **row(rows, is_small(chosen(rows), found))} for phase, rows in phases if len(rows)]
    )


def _claimed(rows: pd.DataFrame, small: bool) -> dict[str, object]:
    of = rows[picked(rows, "raw")]
    if small:
        missing = dict.fromkeys([*SERIES, "raw_over", "steadied_over"], TOO_SMALL)
        return {"picked": len(of), **missing}
    return {
        "picked": len(of),
        "raw": of["raw"].mean(),
        "steadied": of["steadied"].mean(),
        "came": of["next"].mean(),
        "raw_over": _over(of, "raw"),
        "steadied_over": _over(of, "steadied"),
    }


def _over(rows: pd.DataFrame, said: str) -> str:
    """What was said over what came, with a range of 95 % in which a school that was picked twice counts as one."""
    came = float(rows["next"].sum())
    if came == 0:
        return TOO_SMALL
    ratio = float(rows[said].sum()) / came
    # The ratio of two sums (Cochran, Sampling Techniques, 6.4), its residuals summed over each school's years.
    left = (rows[said] - ratio * rows["next"]).groupby([rows["la_code"], rows["key"]]).sum()
    error = float(np.sqrt((left**2).sum() * len(left) / (len(left) - 1))) / came if len(left) > 1 else np.inf
    if not np.isfinite(error):
        return TOO_SMALL
    return f"{ratio:.2f} ({max(0.0, ratio - _Z * error):.2f} to {ratio + _Z * error:.2f})"


def _hit(rows: pd.DataFrame, small: bool) -> dict[str, object]:
    next_list, raw, steadied = (picked(rows, by) for by in ("next", "raw", "steadied"))
    shares = {
        name: TOO_SMALL if small else percent_of(int(next_list[of].sum()), int(of.sum()))
        for name, of in (("raw", raw), ("steadied", steadied))
    }
    return {"picked": int(raw.sum()), **shares}


def _held(rows: pd.DataFrame, small: bool) -> dict[str, object]:
    number = len(rows)
    if small:
        return {"judged": number, **dict.fromkeys(("in80", "in95", "off"), TOO_SMALL)}
    inside = {name: percent_of(int(rows[name].sum()), number) for name in ("in80", "in95")}
    off, by_chance = off_by(rows)
    return {"judged": number, **inside, "off": f"{100 * off:.1f} points (chance alone: {100 * by_chance:.1f})"}


def off_by(rows: pd.DataFrame) -> tuple[float, float]:
    """The mean distance between the chances given and what came true, and what it would be by chance alone."""
    by = rows.groupby(tenth(rows["chance"]))
    size, said = by.size(), by["chance"].mean()
    # The mean distance of a share from its chance: that of a normal distribution, sqrt(2/pi) standard deviations.
    by_chance = (np.sqrt(2 / np.pi * said * (1 - said) / size) * size).sum() / len(rows)
    return probability_error(rows), float(by_chance)


def _given(place: int, said: float) -> str:
    words = f"{10 * place}% to {10 * place + 10}%"
    return words if np.isnan(said) else f"{words} (on average {100 * said:.0f}%)"


def _came_true(rows: pd.DataFrame, small: bool) -> tuple[object, ...]:
    number, above = len(rows), int(rows["above"].sum())
    if small:
        return number, np.nan, np.nan, np.nan, np.nan, TOO_SMALL
    low, high = wilson(above, number)
    words = f"{above} of {number}: {percent_of(above, number)}"
    return number, rows["chance"].mean(), above / number, float(low), float(high), words


def _words(phase: Phase, band: Band, rows: pd.DataFrame, small: bool) -> dict[str, object]:
    number, above = len(rows), int(rows["above"].sum())
    say = {
        Band.MUCH_HIGHER: f"About {round(STAY_ABOVE.get(phase, 0) * 10)} in 10 stay above average",
        Band.HIGHER: "Could be partly a bad year",
        Band.LOWER: "Below average",
    }
    return {
        "phase": phase.label,
        "band": band.label,
        "we_say": say.get(band, "Nothing of next year"),
        "judged": number,
        "above": TOO_SMALL if small else f"{above} of {number}",
        "share": TOO_SMALL if small else percent_of(above, number),
    }


def constants_in_words(of: Constants) -> str:
    """The constants of one phase in plain words, each with its name in brackets."""
    step = 100 * np.sqrt(of.drift)
    return (
        f"{of.prior:g} suspensions are added to both sides, so that one year counts for less (prior {of.prior:g}); "
        f"counts vary {of.dispersion:g} times as much as if no pupil were suspended twice "
        f"(dispersion {of.dispersion:g}); "
        f"a school changes by about {step:.0f}% from one year to the next (drift {of.drift:g})"
    )
