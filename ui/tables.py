"""A frame as an HTML table: a caption, headings that belong to their rows and columns, and cells that do nothing."""

from datetime import date
from numbers import Real

import pandas as pd
from pandas.api.types import is_numeric_dtype

from ui.text import html as safe

NOT_COUNTED = {"URN", "LAESTAB", "Line"}
"""Headings of whole numbers that are names: written without commas."""


def day(value: date) -> str:
    """A day as people write it: 14 July 2026."""
    return f"{value.day} {value:%B %Y}"


def cell(value: object, heading: str = "") -> str:
    """A value as people read it: days in words, rates to one decimal (two under 1), thousands with
    commas, a missing one in words."""
    if pd.isna(value):
        return "not available"
    if isinstance(value, date):
        return day(value)
    if isinstance(value, bool) or not isinstance(value, Real):
        return str(value)
    if float(value).is_integer() and not isinstance(value, float):
        return str(value) if heading in NOT_COUNTED else f"{value:,}"
    # A rate of permanent exclusions is a few hundredths.
    return f"{value:,.2f}" if 0 < abs(value) < 0.995 else f"{value:,.1f}"


def html(table: pd.DataFrame, *, caption: str, links: list[str] | None = None, most: int = 500) -> str:
    """The first `most` rows as a table; the first column names the row, and leads to the address in `links`."""
    head = "".join(f'<th scope="col"{_side(table[name])}>{safe(name)}</th>' for name in table.columns)
    columns = [[safe(cell(value, str(name))) for value in table[name].head(most)] for name in table.columns]
    sides = [_side(table[name]) for name in table.columns]
    if links:
        columns[0] = [f'<a href="{safe(address)}">{name}</a>' for name, address in zip(columns[0], links, strict=False)]
    rows = "".join(_row(row, sides) for row in zip(*columns, strict=True))
    more = (
        f"<p>The first {most:,} of {len(table):,} rows. The download has all of them.</p>" if len(table) > most else ""
    )
    return (
        f'<div class="table" role="region" tabindex="0" aria-label="{safe(caption)}"><table>'
        f"<caption>{safe(caption)}</caption><thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table></div>{more}"
    )


def _row(cells: tuple[str, ...], sides: list[str]) -> str:
    first, *rest = cells
    others = "".join(f"<td{side}>{value}</td>" for value, side in zip(rest, sides[1:], strict=True))
    return f'<tr><th scope="row"{sides[0]}>{first}</th>{others}</tr>'


def _side(column: pd.Series) -> str:
    return ' class="number"' if is_numeric_dtype(column.dtype) and column.name not in NOT_COUNTED else ""
