"""A measure's table from DfE's published statistics.

Counts stay as printed and rates are worked out from them. A figure that DfE withholds (`x`, `c`) is missing,
never 0. An LA's figures are its own published rows, never a sum of its schools'.
"""

import pandas as pd

from analysis.measures import Measure
from analysis.records import Records
from analysis.slices import By
from data_model.codes import Phase
from data_model.terms import Period

_PHASES = [str(phase) for phase in Phase]


def rows_of(
    records: Records, measure: Measure, la_code: int, by: By, period: Period, phase: str | None
) -> tuple[pd.DataFrame, list[str]]:
    """The rows of one LA without rates, and sentences about them. No rows where DfE publishes no such measure."""
    if measure.published is None:
        return pd.DataFrame(), [f"DfE does not publish this measure for {_LEVELS[by]}."]
    count, out_of = measure.published
    rows = _chosen(records.published, la_code, by, period, phase)
    if rows.empty:
        return pd.DataFrame(), [f"Nothing is published here for {period.label}."]
    table = rows[["la_code", "urn", "laestab", "school_name"]].assign(
        phase=None if by is By.LA and not phase else rows["phase"].astype("str"),
        count=rows[count],
        out_of=rows[out_of],
        source="published",
    )
    withheld = int(rows[count].isna().sum())
    notes = [f"{withheld} of {len(rows)} figures are withheld by DfE or not available."] if withheld else []
    return table, notes


_LEVELS = {By.SCHOOL: "schools", By.PHASE: "phases of a local authority", By.LA: "local authorities"}


def of_schools(published: pd.DataFrame) -> pd.DataFrame:
    """The rows of schools, one for each LAESTAB, phase and period: of two that shared one, the newer school's."""
    rows = published[published["geographic_level"].eq("school")]
    return rows[~rows["area_code"].astype("str").str.contains("-", regex=False)]


def _chosen(published: pd.DataFrame, la_code: int, by: By, period: Period, phase: str | None) -> pd.DataFrame:
    level = "school" if by is By.SCHOOL else "la"
    rows = published[
        published["la_code"].eq(la_code)
        & published["geographic_level"].eq(level)
        & published["academic_year"].eq(period.year)
        & published["term"].eq(str(period.term or ""))
    ]
    if by is By.LA:
        return rows[rows["phase"].eq(phase or "total")]
    rows = rows[rows["phase"].isin([phase] if phase else _PHASES)]
    place = rows["phase"].astype("str").map(_PHASES.index)
    return rows.assign(place=place).sort_values(["place", "laestab"], kind="stable")
