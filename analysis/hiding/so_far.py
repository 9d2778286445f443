"""What is hidden of a term or year cut at a day: also what the rest of it would say beside the whole."""

import numpy as np
import pandas as pd

from analysis.hiding.disclosure import small
from analysis.hiding.linked import LA, PHASES, Rows, in_district
from analysis.hiding.masks import OPEN_CASES, OPEN_PLACEMENTS, last_day, linked
from analysis.records import Records, open_on, within
from data_model.terms import Period

_DATED = {
    "suspension_rate": ("suspensions", "start_date"),
    "one_plus_suspension_rate": ("suspensions", "start_date"),
    "days_lost_rate": ("suspensions", "start_date"),
    "permanent_exclusions_decided_rate": ("permanent_exclusions", "head_decision_date"),
}
_OPEN = {OPEN_CASES: "cases", OPEN_PLACEMENTS: "placements"}
_ELSEWHERE = "none"
"""The district of what has none."""


def shown_so_far(then: Records, measure: str, period: Period, threshold: int) -> frozenset[str]:
    """Which phases, and whether LA, are shown of a period of records that are cut at a day (analysis/as_at.py).

    No school's part of a period is shown. Those of the phases are shown together or not at all. Those of districts are
    shown of all or of none: each phase, or where phases are not shown for the whole authority the totals.
    """
    cut = then.deciding
    assert cut.whole is not None, "records that are not cut have no rest"
    if measure not in (*_DATED, *_OPEN):
        return frozenset()
    cells, column = linked(cut.whole, measure, period, threshold)
    few = _few_parts if measure in _DATED else _few_open
    gone = {key for key, at in cells if at == column} | few(cut, measure, period, threshold)
    phases = gone.isdisjoint(PHASES)
    if then.decided_on is None:
        return frozenset(({LA} - gone) | (set(PHASES) if phases else set()))
    if LA in gone:
        return frozenset()
    districts = set(_districts(cut))
    if phases:
        parts = (in_district(phase, district) for phase in PHASES for district in districts)
        return frozenset({LA, *PHASES} if gone.isdisjoint(parts) else ())
    return frozenset({LA} if gone.isdisjoint(in_district(LA, district) for district in districts) else ())


def _few_parts(cut: Records, measure: str, period: Period, threshold: int) -> set[str]:
    """The rows of which the part up to the day, or the rest of the period, is about few pupils."""
    name, day = _DATED[measure]
    there = within(getattr(cut.whole, name), day, period)
    early = there.index.isin(getattr(cut, name).index)
    frame = there[["urn", "phase", "pupil"]].assign(column=np.where(early, "early", "late"))
    rows = Rows(frame, ("early", "late"), _districts(cut), whole=False, summed=True)
    pupils, counts = rows.pupils(), rows.counts()
    first, rest, both = pupils.T
    few = small(first, threshold) | small(rest, threshold) | small(both - first, threshold)
    one_again = (counts - pupils == 1).any(axis=1)
    return {key for key, _ in rows.named((few | one_again)[:, None])}


def _few_open(cut: Records, measure: str, period: Period, threshold: int) -> set[str]:
    """The phases, whose numbers are not shown, and which of the authority and its districts have few pupils."""
    there = open_on(getattr(cut, _OPEN[measure]), last_day(cut, period))
    pupils = there.groupby(there["urn"].map(_districts(cut)).fillna(_ELSEWHERE))["pupil"].nunique()
    each = {in_district(LA, str(district)): number for district, number in pupils.items()}
    each[LA] = there["pupil"].nunique()
    return {*PHASES, *(key for key, number in each.items() if 0 < number < threshold)}


def _districts(records: Records) -> "pd.Series[str]":
    return records.districts.fillna(_ELSEWHERE)
