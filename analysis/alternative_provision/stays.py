"""Stays in alternative provision: how long each was seen for and how it ended; those that are open have not ended."""

from collections.abc import Iterator
from datetime import date

import numpy as np
import pandas as pd

from analysis.alternative_provision.queries import Provision
from analysis.statistics.survival import OPEN, observed
from data_model.codes import Phase, PlacementEnd, PlacementReason, Tier
from data_model.labelled import Labelled


class Ending(Labelled):
    """How a stay ended. They compete: who went on to a special school can no longer return."""

    RETURNED = "returned", "Back in mainstream"
    ELSEWHERE = "elsewhere", "Special school or other provision"
    LEFT = "left", "Left school, the area or the rolls"
    BROKE_DOWN = "broke_down", "Broke down"
    OTHER = "other", "Other, or not recorded"

    @property
    def number(self) -> int:
        """Its number in curves, where 0 is what is open."""
        return list(Ending).index(self) + 1


_ENDINGS = {
    PlacementEnd.RETURNED_HOME_SCHOOL: Ending.RETURNED,
    PlacementEnd.NEW_MAINSTREAM: Ending.RETURNED,
    PlacementEnd.SPECIAL: Ending.ELSEWHERE,
    PlacementEnd.OTHER_AP: Ending.ELSEWHERE,
    PlacementEnd.POST_16: Ending.LEFT,
    PlacementEnd.ELECTIVE_HOME_EDUCATION: Ending.LEFT,
    PlacementEnd.MOVED_LA: Ending.LEFT,
    PlacementEnd.CUSTODY: Ending.LEFT,
    PlacementEnd.BREAKDOWN: Ending.BROKE_DOWN,
    PlacementEnd.OTHER: Ending.OTHER,
}


class AgeBand(Labelled):
    """The key stage of the year group at the start."""

    KS1 = "ks1", "KS1 and younger (to Year 2)"
    KS2 = "ks2", "KS2 (Years 3 to 6)"
    KS3 = "ks3", "KS3 (Years 7 to 9)"
    KS4 = "ks4", "KS4 (Years 10 and 11)"
    AFTER = "after", "After Year 11"


_LAST_YEARS = {AgeBand.KS1: 2, AgeBand.KS2: 6, AgeBand.KS3: 9, AgeBand.KS4: 11, AgeBand.AFTER: 99}


class Split(Labelled):
    """What placements are told apart by."""

    AGE = "age", "Age"
    TIER = "tier", "Tier"
    REASON = "reason", "Reason"
    PHASE = "phase", "School phase"
    ALL = "all", "All together"


NOT_KNOWN = "Not known"
ALL_TOGETHER = "All placements"


def stays(found: Provision, first: date | None = None, last: date | None = None) -> pd.DataFrame:
    """The placements that started from `first` to `last` and are known of: their columns, `weeks` (that each was seen
    for), `ends` (an Ending's number, or OPEN) and a column for each Split with the group's label.

    What ends after the last day in the data is open. Nothing without any day in the data.
    """
    rows = found.placements
    if found.now is None:
        return _labelled(rows.iloc[:0]).assign(weeks=0.0, ends=OPEN)
    known = rows["start_date"].le(pd.Timestamp(found.now))
    for day, kept in ((first, rows["start_date"].ge), (last, rows["start_date"].le)):
        known &= kept(pd.Timestamp(day)) if day else True
    rows = rows[known].reset_index(drop=True)
    days, over = observed(rows["start_date"], rows["end_date"], found.now)
    ends = np.where(over, endings(rows), OPEN).astype(np.int64)
    return _labelled(rows).assign(weeks=days / 7, ends=ends)


def endings(rows: pd.DataFrame) -> pd.Series:
    """The number of the Ending that each placement's `end_reason` means, OTHER without one."""
    ways = rows["end_reason"].astype("str").map({str(code): ending.number for code, ending in _ENDINGS.items()})
    return ways.fillna(Ending.OTHER.number).astype("int64")


def groups(rows: pd.DataFrame, split: str) -> Iterator[tuple[str, pd.DataFrame]]:
    """The groups that there are of a split, in their order, with their rows."""
    for label in _ORDER[Split(split)]:
        own = rows[rows[str(split)].eq(label)]
        if len(own):
            yield label, own


def _labelled(rows: pd.DataFrame) -> pd.DataFrame:
    tier, reason = (
        rows[column].astype("str").map({str(code): code.label for code in kind}).fillna(NOT_KNOWN)
        for column, kind in (("tier", Tier), ("placement_reason", PlacementReason))
    )
    age = pd.Series(NOT_KNOWN, index=rows.index, dtype="str")
    for band, year in reversed(_LAST_YEARS.items()):
        age = age.mask(rows["year_group"].le(year), band.label)
    # `str(Split.ALL)` is a column too, so that every split is read alike.
    phase = rows["phase"].map({str(each): each.label for each in Phase}).fillna(NOT_KNOWN)
    return rows.assign(phase=phase, age=age, tier_code=rows["tier"], tier=tier, reason=reason, all=ALL_TOGETHER)


_ORDER = {
    Split.AGE: [*(band.label for band in AgeBand), NOT_KNOWN],
    Split.TIER: [*(tier.label for tier in Tier), NOT_KNOWN],
    Split.REASON: [*(reason.label for reason in PlacementReason), NOT_KNOWN],
    Split.PHASE: [*(phase.label for phase in Phase), NOT_KNOWN],
    Split.ALL: [ALL_TOGETHER],
}
