"""An authority's past in whole academic years, as far back as it is known: what lists are judged by."""

from datetime import timedelta

import pandas as pd

from analysis.denominators import HEADLINE
from analysis.records import Records
from analysis.targeting.history import History, own_history, published_history
from analysis.targeting.published_rows import rows_of_schools
from data_model.terms import TERMS, Period

_END_OF_YEAR = timedelta(days=31)
"""Records that reach into the last month of a year hold all of it: schools break up in July."""


def own_years(records: Records, until: Period | None = None) -> History | None:
    """The whole years of which one authority loaded every term, up to the end of a period; None without any."""
    loaded = records.loaded["suspensions"]
    known = sorted({term.year for term in loaded})
    whole = [year for year in known if _is_over(records, year) and {Period(year, term) for term in TERMS} <= loaded]
    newest = _newest(whole, until)
    return own_history(records, Period(newest), _years(known[0], newest)) if newest else None


def published_years(published: pd.DataFrame, until: Period | None = None) -> History | None:
    """The whole years that DfE published of schools of the headline phases, up to the end of a period, or None."""
    rows = rows_of_schools(published[published["phase"].isin(list(map(str, HEADLINE)))])
    years = sorted(set(rows.loc[rows["term"].eq(""), "academic_year"].astype("str")))
    newest = _newest(years, until)
    return published_history(rows, Period(newest), _years(years[0], newest)) if newest else None


def _newest(years: list[str], until: Period | None) -> str | None:
    """The newest of these years that had ended by the end of the period."""
    return max((year for year in years if until is None or Period(year).bounds[1] <= until.bounds[1]), default=None)


def _years(first: str, last: str) -> int:
    return int(last[:4]) - int(first[:4]) + 1


def _is_over(records: Records, year: str) -> bool:
    return records.now is not None and records.now >= Period(year).bounds[1] - _END_OF_YEAR
