"""One measure of a whole authority over its terms or years, source by source."""

import pandas as pd

from analysis import choices
from analysis.records import Records
from analysis.slices import By
from analysis.table import SOURCES, table_of
from analysis.year_before import is_running

COLUMNS = ["period", "year", "term", "count", "out_of", "rate", "source", "running"]


def over_time(records: Records, la: int, measure: str, phase: str | None = None, by_term: bool = True) -> pd.DataFrame:
    """The measure in every term (or year) that has figures, oldest first: the columns of COLUMNS.

    `period` is a Period. Each source has rows of its own (`local`, with ` (provisional)` where the headcount is, and
    `published`). `running` marks a period that the data ends in: its figures are so far, not to be set beside whole ones.
    """
    periods = sorted(each for each in choices.periods(records, la) if (each.term is not None) == by_term)
    parts = [
        table_of(records, measure, By.LA, period, phase, la, source).rows.assign(
            period=period, running=is_running(records, la, period)
        )
        for source in SOURCES
        for period in periods
    ]
    filled = [part for part in parts if len(part)]
    return pd.concat(filled, ignore_index=True)[COLUMNS] if filled else pd.DataFrame(columns=COLUMNS)
