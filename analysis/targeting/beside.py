"""What stands beside each school of the list: the outreach it has now, and other signs of need.

None of this is blended into the three numbers (`where_next.py`): it is for people to weigh.
"""

from dataclasses import replace

import numpy as np
import pandas as pd

from analysis.hiding.masks import OPEN_CASES, OPEN_PLACEMENTS, last_day
from analysis.hiding.protection import hidden_rows, withheld
from analysis.loaded import is_loaded
from analysis.records import Records, open_on, within_all
from analysis.slices import By
from analysis.sources import PUBLISHED
from analysis.table import table_of
from analysis.targeting.bands import HIGH_NEED
from analysis.targeting.history import History
from analysis.targeting.register import named, sizes, with_register
from analysis.targeting.where_next import WhereNext, where_next
from analysis.wording import labels
from data_model.codes import Phase
from data_model.labelled import Labelled
from data_model.terms import Period


class Outreach(Labelled):
    """What outreach a school has at the end of a period.

    A case that closed in the year without any contact is none: it brought the school nothing.
    """

    NONE = "none", "No outreach now"
    EARLIER = "earlier", "None now, some in the year"
    NOW = "now", "Outreach now"


def list_with_context(records: Records, la: int, period: Period) -> WhereNext | None:
    """The list of one authority (`where_next`) with what stands beside each school; None where there is no list.

    Adds to its rows, missing where it is not loaded: outreach `open_cases` on the period's last day (or the last in the
    data), `contacts` and `hours` in the latest year, `outreach` (a word of Outreach); `three_plus` (pupils suspended
    three times or more in the latest year), of published figures `pupils_suspended` in their place;
    `permanent_exclusions` (decided in the latest year; of published figures those upheld) and AP `placements_open`.
    Figures that the scope hides are missing, and named in `hidden`.

    From the register: `district, trust_name, governance` (type group), `admissions, easting, northing`, `changed` (in
    words, blank where nothing did in the years that count) and `priority` (in words, where the authority decided that
    outreach goes there). Also `phase_name, size` (a word of Size), `high_need`, and `unmet`: high need, no outreach.
    """
    found = where_next(records, period, la)
    if found is None:
        return None
    own = records.by_la[la]
    rows = _of_published(own, found, la) if found.published else _of_own(own, found)
    rows = with_register(named(rows, own), own, found.history)
    high = rows["band"].isin(HIGH_NEED)
    rows = rows.assign(
        phase_name=labels(rows["phase"], Phase),
        size=sizes(rows),
        high_need=high,
        unmet=high & rows["outreach"].eq(str(Outreach.NONE)),
    )
    return replace(found, rows=rows)


def _of_own(own: Records, found: WhereNext) -> pd.DataFrame:
    latest = found.history.between(0, found.history.a_year)
    return (
        found.rows.pipe(with_outreach, own, found.period, latest.periods)
        .pipe(_with_three_plus, own, latest)
        .pipe(_with_exclusions, own, latest)
        .pipe(_with_placements, own, found.period, latest.periods)
        .assign(pupils_suspended=np.nan)
    )


def with_outreach(rows: pd.DataFrame, own: Records, period: Period, window: tuple[Period, ...]) -> pd.DataFrame:
    """The rows with `open_cases` at the end of a period, and `contacts, hours` and `outreach` in the terms of a window.

    They are as in `list_with_context`, and missing where no cases are loaded. Where small numbers are hidden, contacts
    and hours are too: what began and ended would tell of few pupils.
    """
    if not _is_loaded(own, "outreach_cases", window):
        return rows.assign(open_cases=np.nan, contacts=np.nan, hours=np.nan, outreach=None)
    keys = rows["key"]
    cases = keys.map(open_on(own.cases, last_day(own, period))["urn"].value_counts()).fillna(0)
    made = within_all(own.contacts, "date", window)
    contacts = keys.map(made["urn"].value_counts()).fillna(0)
    states = np.select([cases.gt(0), contacts.gt(0)], [str(Outreach.NOW), str(Outreach.EARLIER)], str(Outreach.NONE))
    counted = rows.assign(
        open_cases=cases,
        contacts=contacts,
        hours=keys.map(made.groupby("urn")["minutes"].sum()).fillna(0) / 60,
        outreach=pd.Series(states, index=rows.index, dtype="str"),
    )
    texts = keys.astype("str")
    few = texts.isin(hidden_rows(own, OPEN_CASES, period, texts))
    every = pd.Series(own.protection is not None, index=rows.index)
    return withheld(counted, few, ["open_cases", "outreach"]).pipe(withheld, every, ["contacts", "hours"])


def _with_three_plus(rows: pd.DataFrame, own: Records, latest: History) -> pd.DataFrame:
    """Pupils suspended three times or more in the latest year.

    Where small numbers are hidden, and the latest year is no academic year, all are: what is hidden is decided for
    terms and academic years, and terms of two years give neither.
    """
    measure = "three_plus_suspension_rate"
    there = within_all(own.narrow[0], "start_date", latest.periods)
    times = there.groupby(["urn", "pupil"]).size()
    often = times[times.ge(3)].groupby(level="urn").size()
    counted = rows.assign(three_plus=rows["key"].map(often).fillna(0))
    if own.protection is None:
        return counted
    keys = rows["key"].astype("str")
    year, *terms = latest.summed
    few = frozenset(keys) if terms else hidden_rows(own, measure, year, keys)
    return withheld(counted, keys.isin(few), ["three_plus"])


def _with_exclusions(rows: pd.DataFrame, own: Records, latest: History) -> pd.DataFrame:
    if not _is_loaded(own, "permanent_exclusions", latest.periods):
        return rows.assign(permanent_exclusions=np.nan)
    there = within_all(own.narrow[1], "head_decision_date", latest.periods)
    counted = rows.assign(permanent_exclusions=rows["key"].map(there["urn"].value_counts()).fillna(0))
    keys = rows["key"].astype("str")
    few = [hidden_rows(own, "permanent_exclusions_decided_rate", each, keys) for each in latest.summed]
    return withheld(counted, keys.isin(frozenset().union(*few)), ["permanent_exclusions"])


def _with_placements(rows: pd.DataFrame, own: Records, period: Period, window: tuple[Period, ...]) -> pd.DataFrame:
    if not _is_loaded(own, "ap_placements", window):
        return rows.assign(placements_open=np.nan)
    there = open_on(own.placements, last_day(own, period))["urn"].value_counts()
    counted = rows.assign(placements_open=rows["key"].map(there).fillna(0))
    keys = rows["key"].astype("str")
    return withheld(counted, keys.isin(hidden_rows(own, OPEN_PLACEMENTS, period, keys)), ["placements_open"])


def _of_published(own: Records, found: WhereNext, la: int) -> pd.DataFrame:
    """What DfE publishes of schools, and nothing of outreach."""
    rows = found.rows
    printed = {
        "pupils_suspended": "one_plus_suspension_rate",
        "permanent_exclusions": "permanent_exclusion_rate",
    }
    for column, measure in printed.items():
        table = table_of(own, measure, By.SCHOOL, found.period, la=la, source=PUBLISHED).rows
        keys = table["laestab"].astype("str") + table["phase"]
        counts = pd.Series(table["count"].to_numpy(), index=keys)
        of_each = rows["laestab"].astype("int64").astype("str") + rows["phase"]
        rows = rows.assign(**{column: of_each.map(counts[~counts.index.duplicated()])})
    missing = dict.fromkeys(("open_cases", "contacts", "hours", "three_plus", "placements_open"), np.nan)
    return rows.assign(**missing, outreach=None)


def _is_loaded(own: Records, dataset: str, window: tuple[Period, ...]) -> bool:
    """Whether anything of a dataset is loaded for the latest year: a term without an event of these is nothing odd."""
    return any(is_loaded(own, (dataset,), each) for each in window)
