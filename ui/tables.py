"""A frame as an HTML table: a caption, headings that belong to their rows and columns, and cells that do nothing."""

from datetime import date
from numbers import Real

import pandas as pd
from pandas.api.types import is_bool_dtype, is_numeric_dtype

from analysis.hiding.protection import HIDDEN_MARK
from data_model.terms import in_words
from ui.text import html as safe

NOT_COUNTED = {"URN", "LAESTAB", "Line"}
"""Headings of whole numbers that are names: written without commas."""
MISSING = "not available"
"""What stands where there is no figure."""
_DAY = r"\d{1,2} [A-Z][a-z]+ \d{4}"
_RANGE = r"[\d.,]+ \([\d.,]+ to [\d.,]+\)|about \d in 10"
_SENTENCE = 40
"""Letters: longer text is read, not looked up."""


def day(value: date) -> str:
    """A day as people write it: 14 July 2026."""
    return in_words(value)


def numbers(column: pd.Series) -> pd.Series | None:
    """The numbers of a column, hidden ones missing; None where it holds anything else."""
    hidden = column.isin([HIDDEN_MARK]) if column.dtype == object else None
    if hidden is not None:
        shown = column.where(~hidden).dropna()
        if not hidden.any() and not shown.map(_is_number).all():
            return None
        column = pd.Series(pd.to_numeric(shown, errors="coerce"), index=column.index, dtype="float64")
        return column if column.notna().sum() == len(shown) else None
    return column if is_numeric_dtype(column.dtype) and not is_bool_dtype(column.dtype) else None


def _is_number(value: object) -> bool:
    return isinstance(value, Real) and not isinstance(value, bool)


def are_whole(column: pd.Series) -> bool:
    """Whether a column holds whole numbers alone: counts are floats where one may be missing."""
    found = numbers(column)
    return found is not None and bool((found.dropna() % 1 == 0).all())


def cell(value: object, heading: str = "", whole: bool = False) -> str:
    """A value as people read it: days in words, rates to one decimal (two under 1), thousands with commas, a missing
    one in words. With `whole` a number is written without decimals.
    """
    if pd.isna(value):
        return MISSING
    if isinstance(value, date):
        return day(value)
    if isinstance(value, bool) or not isinstance(value, Real):
        return str(value)
    if whole or not isinstance(value, float):
        return f"{value:.0f}" if heading in NOT_COUNTED else f"{value:,.0f}"
    # A rate of permanent exclusions is a few hundredths.
    return f"{value:,.2f}" if 0 < abs(value) < 0.995 else f"{value:,.1f}"


def html(table: pd.DataFrame, *, caption: str, links: list[str] | None = None, most: int = 500) -> str:
    """The first `most` rows as a table; the first column names the row, and leads to the address in `links`."""
    head = "".join(f'<th scope="col"{_side(table[name])}>{safe(name)}</th>' for name in table.columns)
    columns = [_cells(table[name], most) for name in table.columns]
    sides = [_side(table[name]) for name in table.columns]
    if links:
        columns[0] = [f'<a href="{safe(address)}">{name}</a>' for name, address in zip(columns[0], links, strict=False)]
    rows = "".join(_row(row, sides) for row in zip(*columns, strict=True))
    more = (
        f"<p>The first {most:,} of {len(table):,} rows. The download has all of them.</p>" if len(table) > most else ""
    )
    return (
        f'<div class="table" role="region" tabindex="0" aria-label="{safe(caption)}"><table>'
        f"<caption><span>{safe(caption)}</span></caption><thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table>"
        f"</div>{more}"
    )


def _cells(column: pd.Series, most: int) -> list[str]:
    whole = are_whole(column)
    return [safe(cell(value, str(column.name), whole)) for value in column.head(most)]


def _row(cells: tuple[str, ...], sides: list[str]) -> str:
    first, *rest = cells
    others = "".join(f"<td{side}>{value}</td>" for value, side in zip(rest, sides[1:], strict=True))
    return f'<tr><th scope="row"{sides[0]}>{first}</th>{others}</tr>'


def _side(column: pd.Series) -> str:
    """The class of a column's cells: numbers stand to the right, sentences have room, days and ranges stay whole."""
    if numbers(column) is not None:
        return "" if column.name in NOT_COUNTED else ' class="number"'
    texts = column.astype("str")
    if texts.str.len().max() > _SENTENCE:
        return ' class="words"'
    return ' class="day"' if texts.str.match(f"{_DAY}|{_RANGE}").any() else ""
