"""The schools that outreach hours are shared out to."""

from dataclasses import dataclass
from datetime import timedelta

import numpy as np
import pandas as pd

from analysis.hiding.protection import HIDDEN
from analysis.records import Records
from analysis.sharing_hours.plan import Impossible
from analysis.targeting.register import DECIDED, come_first
from analysis.targeting.where_next import where_next
from analysis.wording import labels
from data_model.codes import Phase
from data_model.terms import Period

WEEKS_LATELY = 13
"""Hours of contacts in so many weeks before the last day in the data are those that a school has now: about a term."""

NOT_FOR_YOU = (
    "Hours are worked out from every school’s full figures and would tell those that are hidden from you. "
    "Somebody who sees full figures can share them out."
)


@dataclass(frozen=True, eq=False)
class ToShare:
    """The schools that hours can be shared out to.

    `rows`: those of `where_next`, the most expected first, with `next_count` (suspensions expected in the year ahead,
    at the steadied ratio), `district` (missing where none is known), `first` (the authority has decided that outreach
    goes there whatever the figures say; `why_first` in words), `hours_now` (of outreach lately, missing where no
    contacts are loaded) and `phase_name`. `without_figures`: the schools that come first and have no figures.
    """

    rows: pd.DataFrame
    without_figures: tuple[str, ...]
    notes: tuple[str, ...]


def schools_to_share(records: Records, period: Period, la: int | None = None) -> ToShare:
    """The schools of one authority, or of all in the records. Raises Impossible where figures are missing or hidden."""
    found = where_next(records, period, la)
    if found is None:
        raise Impossible(f"No suspensions are loaded for {period.label}, so nothing says where hours are needed.")
    if found.rows[HIDDEN].ne("").any():
        raise Impossible(NOT_FOR_YOU)
    flagged = come_first(records)
    if la is not None:
        flagged = flagged[flagged["la_code"].eq(la)]
    missing = flagged.loc[~flagged["urn"].isin(found.rows["key"]), "school_name"]
    return ToShare(_with_schools(records, found.rows, flagged), tuple(sorted(missing)), (found.averages, *found.notes))


def _with_schools(records: Records, rows: pd.DataFrame, flagged: pd.DataFrame) -> pd.DataFrame:
    register, keys = records.current_schools.set_index("urn"), rows["key"]
    first = keys.isin(flagged["urn"])
    names = rows["school_name"].astype("object")
    rows = rows.assign(
        school_name=names.where(names.notna(), "School " + rows["laestab"].astype("str")),
        next_count=rows["steadied_ratio"] * rows["next_expected"],
        district=keys.map(register["district"].astype("object")),
        first=first,
        why_first=first.map({True: DECIDED, False: ""}),
        hours_now=keys.map(_hours_now(records)).fillna(0.0) if records.loaded["outreach_cases"] else np.nan,
        phase_name=labels(rows["phase"], Phase),
    )
    return rows.sort_values(["next_count", "key"], ascending=[False, True], ignore_index=True)


def _hours_now(records: Records) -> "pd.Series[float]":
    """The hours of contacts lately of each school by URN."""
    since = pd.Timestamp(records.now) - timedelta(weeks=WEEKS_LATELY)
    lately = records.contacts[records.contacts["date"].gt(since)]
    return lately.groupby("urn")["minutes"].sum() / 60
