"""How many managed moves held: the child was still at the new school after twelve school weeks."""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from analysis.moves_and_outreach.follow_up import JUDGED, WEEK
from analysis.moves_and_outreach.starts import that_began
from analysis.statistics.intervals import wilson
from data_model.casework_codes import MoveOutcome
from data_model.school_days import SchoolDays

FEWEST = 10
"""Moves that are due, below which no share is told."""
_BROKE = [str(MoveOutcome.RETURNED), str(MoveOutcome.AP), str(MoveOutcome.PERMANENT_EXCLUSION)]


@dataclass(frozen=True)
class Held:
    """The moves that held, out of those due; `not_due` are too recent.

    `share` with its range `low` to `high` is missing where fewer than FEWEST are due.
    """

    count: int
    out_of: int
    not_due: int
    share: float = np.nan
    low: float = np.nan
    high: float = np.nan


def mm_success(moves: pd.DataFrame, school_days: SchoolDays, known_until: pd.Timestamp) -> Held:
    """The managed moves whose child was at the new school twelve school weeks after the first day there, among those
    for whom that day has come by `known_until`.

    moves: `to_urn, start_date, end_date, outcome`. A move that did not hold and has no end counts as not held: nobody
    knows that the child stayed. School weeks are those of the new school.
    """
    began = judged(moves, school_days, known_until)
    count, out_of = int(began["held"].sum()), int(began["due"].sum())
    not_due = len(began) - out_of
    if out_of < FEWEST:
        return Held(count, out_of, not_due)
    low, high = wilson(count, out_of)
    return Held(count, out_of, not_due, count / out_of, float(low), float(high))


def judged(moves: pd.DataFrame, school_days: SchoolDays, known_until: pd.Timestamp) -> pd.DataFrame:
    """The managed moves that began by `known_until`, with whether each is `due`, and whether it is and `held`."""
    began = that_began(moves)
    began = began[began["start_date"].le(known_until)]
    days = [
        school_days.after(start.date(), WEEK * JUDGED, int(urn)).day
        for start, urn in zip(began["start_date"], began["to_urn"].fillna(-1), strict=True)
    ]
    due_on = pd.Series(pd.to_datetime(days), index=began.index, dtype="datetime64[s]")
    due = due_on.le(known_until)
    over = began["end_date"].lt(due_on) | (began["end_date"].isna() & began["outcome"].astype("object").isin(_BROKE))
    return began.assign(due=due, held=due & ~over)
