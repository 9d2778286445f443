"""One measure of a whole authority over its terms or years, source by source."""

import pandas as pd

from analysis import choices
from analysis.hiding.protection import HIDDEN
from analysis.records import Records
from analysis.slices import By
from analysis.sources import LOCAL, PUBLISHED, SOURCES, kinds
from analysis.table import table_of
from analysis.year_before import is_running

COLUMNS = ["period", "label", "year", "term", "count", "out_of", "rate", "source", "series", "running", HIDDEN]


def over_time(records: Records, la: int, measure: str, phase: str | None = None, by_term: bool = True) -> pd.DataFrame:
    """The measure in every term (or year) that has figures, oldest first: the columns of COLUMNS.

    `period` is a Period and `label` its name. Each source has rows of its own (`local`, with ` (provisional)` where the
    headcount is, and `published`), and `series` names it in words. `running` marks a period that the data ends in: its
    figures are so far, and no match for whole ones. It is worked out once for each set of records.
    """
    key = ("over time", la, measure, phase, by_term)
    if key not in records.kept:
        records.kept[key] = _over_time(records, la, measure, phase, by_term)
    found: pd.DataFrame = records.kept[key]
    return found


def _over_time(records: Records, la: int, measure: str, phase: str | None, by_term: bool) -> pd.DataFrame:
    periods = sorted(each for each in choices.periods(records, la) if (each.term is not None) == by_term)
    parts = [
        table_of(records, measure, By.LA, period, phase, la, source).rows.assign(
            period=period, label=period.label, running=is_running(records, la, period)
        )
        for source in (LOCAL, PUBLISHED)
        for period in periods
    ]
    filled = [part for part in parts if len(part)]
    if not filled:
        return pd.DataFrame(columns=COLUMNS)
    rows = pd.concat(filled, ignore_index=True)
    return rows.assign(series=kinds(rows["source"]).map(SOURCES))[COLUMNS]
