"""What was notified here beside what DfE published, school by school and term by term."""

import pandas as pd

from analysis.measures import MEASURES
from analysis.published_table import of_schools
from analysis.records import Records
from analysis.slices import By, slice_of
from data_model.terms import Period, Term

COLUMNS = ["urn", "laestab", "school_name", "phase", "year", "term", "measure", "local", "published", "difference"]
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
    return table.assign(
        year=period.year,
        term=str(period.term) if period.term else None,
        measure=measure,
        difference=table["local"] - table["published"],
    )
