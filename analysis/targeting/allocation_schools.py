"""The schools that outreach hours are shared out to."""

from datetime import timedelta

import numpy as np
import pandas as pd

from analysis.protection import HIDDEN
from analysis.records import Records
from analysis.targeting.allocation import Impossible
from analysis.targeting.where_next import WhereNext, where_next
from data_model.codes import YesNo
from data_model.terms import Period

LATELY = timedelta(weeks=13)
"""Hours of contacts in so long before the last day in the data are those that a school has now: about a term."""

NOT_FOR_YOU = (
    "Hours are worked out from every school’s full figures and would tell those that are hidden from you. "
    "Somebody who sees full figures can share them out."
)


def schools_to_share(records: Records, period: Period, la: int | None = None) -> pd.DataFrame:
    """The rows of `where_next` with what sharing out hours needs besides, the most expected first.

    `next_count`: suspensions expected in the year ahead, at the steadied ratio. `district`: missing where none is
    known. `first`: the authority has decided that outreach goes there whatever the figures say. `hours_now`: of
    outreach lately, missing where no contacts are loaded. Raises Impossible where figures are missing or hidden.
    """
    found = where_next(records, period, la)
    if found is None:
        raise Impossible(f"No suspensions are loaded for {period.label}, so nothing says where hours are needed.")
    if found.rows[HIDDEN].ne("").any():
        raise Impossible(NOT_FOR_YOU)
    return _with_schools(records, found)


def _with_schools(records: Records, found: WhereNext) -> pd.DataFrame:
    register = records.current_schools.set_index("urn")
    keys, rows = found.rows["key"], found.rows
    rows = rows.assign(
        next_count=rows["steadied_ratio"] * rows["next_expected"],
        district=keys.map(register["district"].astype("object")),
        first=keys.map(register["outreach_priority_override"].eq(YesNo.YES)).eq(True),
        hours_now=keys.map(_hours_now(records)) if records.loaded["outreach_cases"] else np.nan,
    )
    if records.loaded["outreach_cases"]:
        rows["hours_now"] = rows["hours_now"].fillna(0.0)
    return rows.sort_values(["next_count", "key"], ascending=[False, True], ignore_index=True)


def _hours_now(records: Records) -> "pd.Series[float]":
    """The hours of contacts lately of each school by URN."""
    since = pd.Timestamp(records.now) - LATELY
    lately = records.contacts[records.contacts["date"].gt(since)]
    return lately.groupby("urn")["minutes"].sum() / 60


def first_without_figures(records: Records, period: Period, la: int | None = None) -> tuple[str, ...]:
    """The names of the schools that come first and are not among those to share out to: no figure says how much."""
    schools = records.by_la[la].current_schools if la is not None else records.current_schools
    found = where_next(records, period, la)
    known = found.rows["key"] if found is not None else []
    flagged = schools[schools["outreach_priority_override"].eq(YesNo.YES) & ~schools["urn"].isin(known)]
    return tuple(flagged["school_name"].sort_values())
