"""How many came back to mainstream by when, counting those who are still there for as long as they were seen.

Aalen and Johansen's incidence (analysis/statistics/survival.py): of all who start, the share back by a week, where
other ends compete. Beside it stands what "returned / closed" would have claimed.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import pandas as pd

from analysis.alternative_provision.stays import Ending, groups
from analysis.statistics.survival import (
    OPEN,
    Curve,
    Share,
    TooFew,
    aalen_johansen,
    kaplan_meier,
    would_have_claimed,
)
from analysis.wording import amount

FEWEST = 20
"""Starts, below which no curve is drawn and no share is said."""
WITHIN = 52.0
"""Weeks within which a return is asked for: a year, holidays included."""
MARKS = (13.0, 26.0, 39.0, 52.0)
"""The weeks at which a curve is read out: the quarters of a year."""

FIGURES = ["started", "open", "returned", "otherwise", "closed", "share", "low", "high", "claimed", "stayed"]


@dataclass(frozen=True, eq=False)
class Returns:
    """Returns by group.

    rows, a row a group: `group, started, open, closed`, and of the closed `returned` and ended `otherwise`; `share`
    back within WITHIN weeks in percent with its range `low` to `high`, `claimed` (percent of the closed), `stayed` (the
    weeks by which half had ended in any way, in words) and a `note` where it is too small to say.
    steps: `group, week, share, low, high, at_risk, ended, mark`, of the groups with a curve: its steps, and a row for
    each of MARKS that anybody was seen up to (`mark` is true).
    """

    rows: pd.DataFrame
    steps: pd.DataFrame


def returns(rows: pd.DataFrame, split: str) -> Returns:
    """The returns of stays (`stays.stays`) by a split."""
    parts = [(label, own, _curve(own)) for label, own in groups(rows, split)]
    table = pd.DataFrame(
        [{"group": label, **_row(own, curve)} for label, own, curve in parts],
        columns=["group", *FIGURES, "note"],
    )
    steps = pd.concat([_of_curve(label, own, curve) for label, own, curve in parts if curve] or [_NO_STEPS])
    return Returns(table, steps.reset_index(drop=True))


def back_within(rows: pd.DataFrame, weeks: float = WITHIN, of: Ending = Ending.RETURNED) -> Share | None:
    """The share of stays that ended in one way within so many weeks; None past what anybody was seen for. Raises
    TooFew."""
    return aalen_johansen(rows["weeks"], rows["ends"], of.number, minimum=FEWEST).by(weeks)


def _curve(own: pd.DataFrame) -> Curve | None:
    try:
        return aalen_johansen(own["weeks"], own["ends"], Ending.RETURNED.number, minimum=FEWEST)
    except TooFew:
        return None


def _row(own: pd.DataFrame, curve: Curve | None) -> dict[str, object]:
    known = {name: int(there.sum()) for name, there in _parts(own).items()}
    known["closed"] = known["returned"] + known["otherwise"]
    if curve is None:
        return {**known, "note": f"Too small to say: fewer than {FEWEST} started"}
    claims = would_have_claimed(own["ends"], Ending.RETURNED.number)
    claimed = None if claims.of_closed is None else 100 * claims.of_closed
    found = curve.by(WITHIN)
    said = {"claimed": claimed, "stayed": _stayed(own), "note": ""}
    if found is None:
        return {**known, **said, "note": f"Too small to say: nobody has been followed for {WITHIN:.0f} weeks"}
    return {**known, **said, "share": 100 * found.share, "low": 100 * found.low, "high": 100 * found.high}


def _stayed(own: pd.DataFrame) -> str:
    found = kaplan_meier(own["weeks"], own["ends"] != OPEN, minimum=FEWEST).quantile()
    if found.time is None:
        return "more than half are still there"
    high = f" to {amount(round(found.high, 1))}" if found.high is not None else " or more"
    low = found.low if found.low is not None else 0.0
    return f"{amount(round(found.time, 1))} weeks ({amount(round(low, 1))}{high})"


def _parts(own: pd.DataFrame) -> dict[str, "pd.Series[bool]"]:
    still, back = own["ends"].eq(OPEN), own["ends"].eq(Ending.RETURNED.number)
    return {"started": own["ends"].ge(OPEN), "open": still, "returned": back, "otherwise": ~still & ~back}


READ = ["share", "low", "high", "at_risk", "ended"]
_NO_STEPS = pd.DataFrame(
    {name: pd.Series(dtype="float64") for name in ("week", "share", "low", "high", "at_risk", "ended")}
).assign(group=pd.Series(dtype="str"), mark=pd.Series(dtype="bool"))


def _of_curve(label: str, own: pd.DataFrame, curve: Curve) -> pd.DataFrame:
    times = curve.times[curve.times <= WITHIN]
    parts = [
        pd.DataFrame(list(_at(curve, weeks, own)), columns=["week", *READ]).assign(group=label, mark=mark)
        for weeks, mark in ((times.tolist(), False), (MARKS, True))
    ]
    return pd.concat(parts)


def _at(curve: Curve, weeks: "tuple[float, ...] | list[float]", own: pd.DataFrame) -> Iterator[tuple[float, ...]]:
    back = own.loc[own["ends"].eq(Ending.RETURNED.number), "weeks"].to_numpy()
    for week in weeks:
        found = curve.by(week)
        if found is not None:
            share = (100 * found.share, 100 * found.low, 100 * found.high)
            yield (week, *share, curve.at_risk(week), int(np.count_nonzero(back <= week)))
