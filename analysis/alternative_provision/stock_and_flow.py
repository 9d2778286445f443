"""How many are there now, and how many came and went: by tier, and by collection. Collections are never added up.

DfE collects alternative provision three times, each on a January day (state-funded AP schools in their census, what
schools arrange in theirs, what authorities pay for in the AP census), and a child can be in two of them. A January
count is a stock: over a year far more children pass through.
"""

from datetime import date

import pandas as pd

from analysis.alternative_provision.masks import without_small
from analysis.alternative_provision.queries import Provision
from analysis.alternative_provision.stays import groups, stays
from analysis.hiding.protection import HIDDEN, withheld
from data_model.codes import Commissioner
from data_model.labelled import Labelled
from data_model.settings import settings

_COUNTS = ["started", "ended", "open"]


class Collection(Labelled):
    """Whose placements a collection counts, as the authority's own placements show it."""

    STATE_FUNDED = "state_funded", "In state-funded AP schools"
    SCHOOLS = "schools", "Arranged by schools, alone or jointly"
    AUTHORITY = "authority", "Paid for by the authority, not in state-funded AP schools"
    DIRECTIONS = "directions", "Directed off site to improve behaviour (not one of DfE’s three)"


def by_collection(found: Provision, first: date, last: date, *, full: bool) -> pd.DataFrame:
    """`collection, started, ended` (from one day to another), `open` (on the last of them), `also` (how many of those
    open are also in another collection). Without `full` figures small numbers are hidden."""
    members = {each: _members(found, each) for each in Collection}
    placed = {each: set(_open(rows, last)["pupil"]) for each, rows in members.items()}
    table = pd.DataFrame(
        [
            {"collection": each.label, **counts(rows, first, last), "also": _also(each, rows, last, placed)}
            for each, rows in members.items()
        ]
    )
    if full:
        return table.assign(**{HIDDEN: ""})
    few = settings().small_number
    behind = table[[*_COUNTS, "also"]]
    small = (behind.gt(0) & behind.lt(few)).any(axis=1) | (behind["open"] - behind["also"]).between(1, few - 1)
    return withheld(table, small, [*_COUNTS, "also"])


def by_tier(found: Provision, first: date, last: date, *, full: bool) -> pd.DataFrame:
    """`group` (a tier), `started, ended` (from one day to another) and `open` (on the last of them)."""
    parts = [(label, counts(own, first, last), pupils(own, first, last)) for label, own in groups(stays(found), "tier")]
    table = pd.DataFrame([{"group": label, **counts} for label, counts, _ in parts], columns=["group", *_COUNTS])
    behind = pd.DataFrame([pupils for *_, pupils in parts], columns=_COUNTS)
    return without_small(table, behind, _COUNTS, full=full)


def _members(found: Provision, each: Collection) -> pd.DataFrame:
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


def _open(rows: pd.DataFrame, day: date) -> pd.DataFrame:
    when = pd.Timestamp(day)
    return rows[rows["start_date"].le(when) & (rows["end_date"].isna() | rows["end_date"].gt(when))]


def _between(rows: pd.DataFrame, column: str, first: date, last: date) -> pd.DataFrame:
    return rows[rows[column].between(pd.Timestamp(first), pd.Timestamp(last))]


def counts(rows: pd.DataFrame, first: date, last: date) -> dict[str, int]:
    """How many of these `started` and `ended` from one day to another, and were `open` on the last."""
    return {
        "started": len(_between(rows, "start_date", first, last)),
        "ended": len(_between(rows, "end_date", first, last)),
        "open": len(_open(rows, last)),
    }


def pupils(rows: pd.DataFrame, first: date, last: date) -> dict[str, int]:
    """The same in pupils."""
    return {
        "started": _between(rows, "start_date", first, last)["pupil"].nunique(),
        "ended": _between(rows, "end_date", first, last)["pupil"].nunique(),
        "open": _open(rows, last)["pupil"].nunique(),
    }


def _also(each: Collection, rows: pd.DataFrame, day: date, pupils: dict[Collection, set[int]]) -> int:
    others = set().union(*(theirs for other, theirs in pupils.items() if other is not each))
    return int(_open(rows, day)["pupil"].isin(others).sum())
