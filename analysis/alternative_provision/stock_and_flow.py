"""How many are there now, and how many came and went: by tier, and by collection. Collections are never added up.

DfE collects alternative provision three times, each on a January day (state-funded AP schools in their census, what
schools arrange in theirs, what authorities pay for in the AP census), and a child can be in two of them. A January
count is a stock: over a year far more children pass through.
"""

from datetime import date

import pandas as pd

from analysis.alternative_provision.queries import Provision
from analysis.alternative_provision.stays import groups, stays
from analysis.records import open_on
from data_model.codes import Commissioner
from data_model.labelled import Labelled

_COUNTS = ["started", "ended", "open"]


class Collection(Labelled):
    """Whose placements a collection counts, as the authority's own placements show it."""

    STATE_FUNDED = "state_funded", "In state-funded AP schools"
    SCHOOLS = "schools", "Arranged by schools, alone or jointly"
    AUTHORITY = "authority", "Paid for by the authority, not in state-funded AP schools"
    DIRECTIONS = "directions", "Directed off site to improve behaviour (not one of DfE’s three)"


def by_collection(found: Provision, first: date, last: date) -> pd.DataFrame:
    """`collection, started, ended` (from one day to another), `open` (on the last of them), `also` (how many of those
    open are also in another collection)."""
    own = {each: members(found, each) for each in Collection}
    placed = {each: set(open_on(rows, last)["pupil"]) for each, rows in own.items()}
    return pd.DataFrame(
        [
            {"collection": each.label, **counts(rows, first, last), "also": _also(each, rows, last, placed)}
            for each, rows in own.items()
        ]
    )


def by_tier(found: Provision, first: date, last: date) -> pd.DataFrame:
    """`group` (a tier), `started, ended` (from one day to another) and `open` (on the last of them)."""
    parts = [{"group": label, **counts(own, first, last)} for label, own in groups(stays(found), "tier")]
    return pd.DataFrame(parts, columns=["group", *_COUNTS])


def members(found: Provision, each: Collection) -> pd.DataFrame:
    """The placements, or directions, of a collection."""
    rows = found.placements
    in_ap_school, by = rows["provider_urn"].isin(found.ap_schools), rows["commissioner"].astype("str")
    match each:
        case Collection.STATE_FUNDED:
            return rows[in_ap_school]
        case Collection.SCHOOLS:
            return rows[by.isin([str(Commissioner.SCHOOL), str(Commissioner.JOINT)])]
        case Collection.AUTHORITY:
            return rows[by.isin([str(Commissioner.LOCAL_AUTHORITY), str(Commissioner.JOINT)]) & ~in_ap_school]
        case Collection.DIRECTIONS:
            return found.directions


def _between(rows: pd.DataFrame, column: str, first: date, last: date) -> pd.DataFrame:
    return rows[rows[column].between(pd.Timestamp(first), pd.Timestamp(last))]


def counts(rows: pd.DataFrame, first: date, last: date) -> dict[str, int]:
    """How many of these `started` and `ended` from one day to another, and were `open` on the last."""
    return {
        "started": len(_between(rows, "start_date", first, last)),
        "ended": len(_between(rows, "end_date", first, last)),
        "open": len(open_on(rows, last)),
    }


def pupils(rows: pd.DataFrame, first: date, last: date) -> dict[str, int]:
    """How many pupils `started` from one day to another, and how many were in one that was `open` on the last."""
    started = _between(rows, "start_date", first, last)
    return {"started": started["pupil"].nunique(), "open": open_on(rows, last)["pupil"].nunique()}


def _also(each: Collection, rows: pd.DataFrame, day: date, pupils: dict[Collection, set[int]]) -> int:
    others = set().union(*(theirs for other, theirs in pupils.items() if other is not each))
    return int(open_on(rows, day)["pupil"].isin(others).sum())
