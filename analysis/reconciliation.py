"""What was notified beside the school census and beside what DfE published, school by school and term by term."""

import pandas as pd
from sqlalchemy import Connection

from access.scope import OutOfScope, Scope
from analysis import queries
from analysis.hiding.protection import HIDDEN, hidden_rows, withheld
from analysis.measures import MEASURES
from analysis.published_table import of_schools
from analysis.records import Records
from analysis.slices import By, slice_of
from data_model.codes import Source
from data_model.terms import Period, Term

_WHERE = ["urn", "laestab", "school_name", "phase", "year", "term", "measure"]
COLUMNS = [*_WHERE, "local", "published", "difference", HIDDEN]
CENSUS_COLUMNS = ["urn", "school_name", "phase", "year", "term", "measure", "notified", "census", "difference"]
_COMPARED = ("suspension_rate", "one_plus_suspension_rate", "permanent_exclusion_rate")


def reconciliation(records: Records, la: int) -> pd.DataFrame:
    """The counts of every school and period that both sources have: the columns of COLUMNS.

    `term` is missing for a whole year, which is compared where all its terms are loaded. `published` is missing, and so
    is `difference` (local less published), where DfE withholds the figure. Schools are matched by LAESTAB and phase.
    """
    own = records.by_la.get(la)
    if own is None or own.published.empty:
        return pd.DataFrame(columns=COLUMNS)
    printed = of_schools(own.published).astype({"phase": "str"})
    parts = [
        _compared(own, la, measure, period, rows)
        for period, rows in _by_period(printed)
        for measure in _COMPARED
        if _is_complete(own, measure, period)
    ]
    return pd.concat(parts, ignore_index=True)[COLUMNS] if parts else pd.DataFrame(columns=COLUMNS)


def notified_and_census(connection: Connection, scope: Scope, la: int) -> pd.DataFrame:
    """The counts of every school and term that were both notified and in the school census: CENSUS_COLUMNS.

    `difference` is notified less census. Empty where one of the two was never loaded. Raises OutOfScope without full
    figures: two sources side by side would give away what is hidden of either.
    """
    if not scope.full_figures:
        raise OutOfScope("Notified figures and the census side by side are for those who may see full figures.")
    notified, census = (
        queries.records(connection, scope, source=source).by_la.get(la) for source in (Source.NOTIFIED, Source.CENSUS)
    )
    if notified is None or census is None:
        return pd.DataFrame(columns=CENSUS_COLUMNS)
    parts = [
        _side_by_side(notified, census, la, measure, period)
        for measure in _COMPARED
        for period in sorted(_terms(notified, measure) & _terms(census, measure))
    ]
    return pd.concat(parts, ignore_index=True)[CENSUS_COLUMNS] if parts else pd.DataFrame(columns=CENSUS_COLUMNS)


def _terms(records: Records, measure: str) -> frozenset[Period]:
    return records.loaded[MEASURES[measure].datasets[0]]


def _side_by_side(notified: Records, census: Records, la: int, measure: str, period: Period) -> pd.DataFrame:
    slices = [slice_of(records, la, period, By.SCHOOL) for records in (notified, census)]
    mine, theirs = (MEASURES[measure].counts(slice_) for slice_ in slices)
    schools = slices[0].schools[["urn", "school_name", "phase"]].astype({"phase": "str"})
    table = schools.assign(notified=schools["urn"].map(mine).fillna(0), census=schools["urn"].map(theirs).fillna(0))
    table = table[table["notified"].gt(0) | table["census"].gt(0)]
    return table.assign(
        year=period.year,
        term=str(period.term),
        measure=measure,
        difference=table["notified"] - table["census"],
    )


def _by_period(printed: pd.DataFrame) -> list[tuple[Period, pd.DataFrame]]:
    groups = printed.groupby(["academic_year", "term"], observed=True)
    return [(Period(str(year), Term(term) if term else None), rows) for (year, term), rows in groups]


def _is_complete(records: Records, measure: str, period: Period) -> bool:
    terms = records.loaded[MEASURES[measure].datasets[0]]
    wanted = [period] if period.term else [Period(period.year, term) for term in Term]
    return set(wanted) <= terms


def _compared(records: Records, la: int, measure: str, period: Period, printed: pd.DataFrame) -> pd.DataFrame:
    slice_ = slice_of(records, la, period, By.SCHOOL)
    column = (MEASURES[measure].published or ("", ""))[0]
    counts = MEASURES[measure].counts(slice_)
    schools = slice_.schools[["urn", "laestab", "school_name", "phase"]].astype({"phase": "str"})
    local = schools.assign(local=schools["urn"].map(counts).fillna(0))
    both = local.merge(printed[["laestab", "phase", column]], on=["laestab", "phase"])
    table = both.rename(columns={column: "published"})
    compared = table.assign(
        year=period.year,
        term=str(period.term) if period.term else None,
        measure=measure,
        difference=table["local"] - table["published"],
    )
    keys = compared["urn"].astype("str")
    # What is published is public, and with the difference the authority's own count would be.
    return withheld(compared, keys.isin(hidden_rows(records, measure, period, keys)), ["local", "difference"])
