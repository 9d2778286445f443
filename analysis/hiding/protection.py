"""Marks for what is hidden, and which figures of a scope are: `masks.py` decides that on the whole authority.

Who reaches a part of an authority sees of it what is shown of it there: a phase or the total of several districts is
shown where that of each of them is. So the figures of two people, laid side by side, give no more away than one's own.
"""

from collections.abc import Callable, Iterable

import pandas as pd

from analysis.hiding.linked import LA, PHASES, Cells, in_district
from analysis.hiding.masks import DECIDED, linked, profile, statuses
from analysis.hiding.so_far import shown_so_far
from analysis.records import Records
from data_model.codes import PexStatus
from data_model.terms import Period

HIDDEN_MARK = "[c]"
"""What stands where a figure is hidden (Analysis Function, symbols in tables)."""
HIDDEN = "hidden"
"""The column of a frame that names, with spaces between, the row's columns that are hidden: they are missing there."""


def withheld(frame: pd.DataFrame, rows: "pd.Series[bool]", columns: Iterable[str]) -> pd.DataFrame:
    """The frame with these columns missing in these rows, and named in the column HIDDEN."""
    given = [column for column in columns if column in frame.columns]
    hidden = pd.Series(" ".join(given), index=frame.index, dtype="str").where(rows, "")
    before = frame[HIDDEN] if HIDDEN in frame.columns else pd.Series("", index=frame.index, dtype="str")
    cells = {column: frame[column].where(~rows) for column in given}
    return frame.assign(**cells, **{HIDDEN: (before + " " + hidden).str.strip()})


def is_hidden(frame: pd.DataFrame, column: str) -> "pd.Series[bool]":
    """In which rows a column is hidden."""
    if HIDDEN not in frame.columns:
        return pd.Series(False, index=frame.index)
    return frame[HIDDEN].fillna("").str.split().map(lambda names: column in names).astype(bool)


def is_marked(row: "pd.Series", column: str) -> bool:
    """Whether a column is hidden in one row."""
    return column in str(row.get(HIDDEN) or "").split()


def with_hidden_before(merged: pd.DataFrame) -> pd.DataFrame:
    """A merge of now and before (`_before`) with one column HIDDEN of the names in both."""
    before = (
        merged[f"{HIDDEN}_before"].fillna("").map(lambda names: " ".join(f"{name}_before" for name in names.split()))
    )
    both = (merged[HIDDEN].fillna("") + " " + before).str.strip()
    return merged.drop(columns=f"{HIDDEN}_before").assign(**{HIDDEN: both})


def in_words(threshold: int) -> str:
    """What `[c]` means."""
    return f"{HIDDEN_MARK}: fewer than {threshold} pupils, or hidden to protect such a figure"


def hidden_rows(records: Records, measure: str, period: Period, keys: Iterable[str]) -> frozenset[str]:
    """Which of these rows have a figure of a measure (by its id) that is hidden; `records` are those of one LA.

    A row is a school by the text of its URN, a phase by its code, or LA, of what the records reach.
    """
    threshold = records.protection
    if threshold is None:
        return frozenset()
    if records.whole is not None:
        return frozenset(keys) - shown_so_far(records, measure, period, threshold)
    if measure == "outreach_coverage":
        # That a school is among the highest says something of its rate; how many there are says nothing.
        schools = [key for key in keys if key not in (*PHASES, LA)]
        return hidden_rows(records, "suspension_rate", period, schools)
    cells, column = linked(records.deciding, measure, period, threshold)
    return frozenset(key for key in keys if _is_hidden(records, cells, key, column))


def hidden_profile(
    records: Records,
    name: str,
    split: Callable[[pd.DataFrame], pd.DataFrame],
    urn: int,
    year: Period,
) -> tuple[frozenset[str], frozenset[str]]:
    """Which parts are hidden of a school's suspensions of a year, and of its phase's: `split` is as in `profile`."""
    if records.protection is None:
        return frozenset(), frozenset()
    phase = str(records.schools.loc[records.schools["urn"].eq(urn), "phase"].iloc[0])
    cells = profile(records.deciding, name, split, phase, year, records.protection)
    parts = {part for _, part in cells}
    school, whole = (
        frozenset(part for part in parts if _is_hidden(records, cells, key, part)) for key in (str(urn), phase)
    )
    return school, whole


def hidden_parts(
    records: Records,
    name: str,
    split: Callable[[pd.DataFrame], pd.DataFrame],
    phase: str,
    year: Period,
) -> frozenset[str]:
    """Which parts are hidden of a phase's suspensions of a year: `name` and `split` are as in `profile`."""
    if records.protection is None:
        return frozenset()
    cells = profile(records.deciding, name, split, phase, year, records.protection)
    return frozenset(part for _, part in cells if _is_hidden(records, cells, phase, part))


def hidden_statuses(records: Records, year: Period) -> list[str]:
    """Which statuses of the permanent exclusions of a year are hidden, and `decided` if it is."""
    if records.protection is None:
        return []
    cells = statuses(records.deciding, year, records.protection)
    return [status for status in (*map(str, PexStatus), DECIDED) if _is_hidden(records, cells, LA, status)]


def _is_hidden(records: Records, cells: Cells, key: str, column: str) -> bool:
    if records.decided_on is None or key not in (*PHASES, LA):
        return (key, column) in cells
    return any((in_district(key, district), column) in cells for district in records.districts.dropna().unique())
