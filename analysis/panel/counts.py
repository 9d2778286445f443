"""Counts of pupils by school that only a panel is shown, and which of them are hidden."""

import pandas as pd

from analysis.hiding.disclosure import protect
from analysis.hiding.linked import SUM, Cells, Rows
from analysis.hiding.protection import withheld
from analysis.records import Records


def by_school(events: pd.DataFrame, keys: "pd.Series[int]") -> "pd.Series[float]":
    """How many pupils in `events` (`urn, phase, pupil`) each school has."""
    counts = events.drop_duplicates(["urn", "pupil"])["urn"].value_counts()
    return keys.map(counts).fillna(0).astype("float64")


def hidden_cells(records: Records, name: str, events: pd.DataFrame) -> Cells:
    """The schools, phases and LA whose count of `events` is hidden, each with the column SUM. `name` says of what.

    `events` are those of the whole authority (`records.deciding`). Schools add up to the phases of districts, those to
    phases, phases to the authority; zeros are shown.
    """
    if records.protection is None:
        return frozenset()
    key = ("hidden", "panel", name)
    deciding = records.deciding
    if key not in deciding.kept:
        rows = Rows(events.assign(column=SUM), (SUM,), deciding.districts, whole=False, summed=False)
        deciding.kept[key] = rows.named(protect(rows.table(rows.pupils()), records.protection))
    cells: Cells = deciding.kept[key]
    return cells


def with_count(rows: pd.DataFrame, column: str, events: pd.DataFrame, records: Records, name: str) -> pd.DataFrame:
    """The schools of `rows` (`key`) with how many pupils each has in `events`, missing and marked where hidden."""
    counted = rows.assign(**{column: by_school(events, rows["key"])})
    gone = {key for key, _ in hidden_cells(records, name, events)}
    return withheld(counted, rows["key"].astype("str").isin(gone), [column])
