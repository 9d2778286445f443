"""The list as the command line prints it, for one authority or for all that are loaded."""

import numpy as np
import pandas as pd

from analysis.hiding.protection import HIDDEN, withheld
from analysis.records import Records
from analysis.targeting.beside import with_outreach
from analysis.targeting.where_next import where_next
from data_model.local_authorities import la_name
from data_model.terms import Period

COLUMNS = (
    "urn",
    "laestab",
    "school_name",
    "phase",
    "observed",
    "expected",
    "steadied_ratio",
    "low80",
    "high80",
    "gain",
    "chance_above",
    "band",
    "words",
    "outreach_now",
)


def list_to_print(
    records: Records, period: Period, la: int | None = None, phase: str | None = None
) -> tuple[pd.DataFrame, tuple[str, ...]]:
    """The list (`where_next`) with COLUMNS and `hidden`, and sentences about it; no rows where nothing is loaded.

    `outreach_now` is how many cases are open at the end of the period, missing where that is unknown or hidden.
    """
    found = where_next(records, period, la, phase)
    if found is None:
        return pd.DataFrame(columns=list(COLUMNS)), (_nothing(records, period, la),)
    rows = found.rows.assign(urn=found.rows["urn"].astype("Int64"), laestab=found.rows["laestab"].astype("Int64"))
    # The band says where the figures lie: it is hidden with them.
    rows = withheld(rows, rows[HIDDEN].ne(""), ["band"])
    notes = found.notes if len(rows) else (*found.notes, _NOBODY)
    return rows.assign(outreach_now=_open_cases(rows, records, period)), notes


_NOBODY = "No school is listed: none is open then with pupils, and in a phase that has suspensions."


def _nothing(records: Records, period: Period, la: int | None) -> str:
    """What is not there, and what is in its place."""
    if la is not None and la not in {*records.schools["la_code"], *records.published["la_code"]}:
        return f"Nothing is loaded for {la_name(la)}."
    of_year = records.published.loc[records.published["academic_year"].eq(period.year), "term"]
    terms = sorted({str(term) for term in of_year} - {""})
    said = f"Nothing is loaded for {period.label}"
    if period.term and "" in set(of_year):
        return f"{said}, only for the whole year: leave out --term."
    if terms and not period.term:
        return f"{said} as a whole: choose one of its terms ({', '.join(terms)}) with --term."
    return f"{said}."


def _open_cases(rows: pd.DataFrame, records: Records, period: Period) -> "pd.Series[float]":
    """The open cases of schools in the register; of others nothing is known."""
    cases = pd.Series(np.nan, index=rows.index)
    if records.schools.empty:
        return cases
    for la, of_la in rows.groupby("la_code"):
        own = records.by_la[int(la)]
        known = of_la["key"].isin(own.current_schools["urn"])
        cases.loc[of_la.index] = with_outreach(of_la, own, period, (period,))["open_cases"].where(known)
    return cases
