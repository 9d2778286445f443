"""What saving a file would change, in numbers and row by row."""

from collections.abc import Sequence
from typing import Any

import pandas as pd
import streamlit as st

from access.reach import columns_in
from analysis import queries
from analysis.wording import counted
from data_model.dataset import Dataset
from data_model.store import database, reading
from loaders.compare import Comparison, key_of
from loaders.report import Report
from ui import cached, show

MOST = 200


def show_counts(difference: Comparison) -> None:
    """Show how many rows are new, changed, the same, and saved but not in the file."""
    numbers = (
        ("New", len(difference.new), "Rows that are not saved yet"),
        ("Changed", difference.changed_rows, "Rows that are saved and differ in this file"),
        ("The same", difference.unchanged, "Rows that are saved just as they are here"),
        ("Not in this file", len(difference.gone), "Saved rows of the same schools and terms that this file lacks"),
    )
    for column, (label, number, explained) in zip(st.columns(len(numbers)), numbers, strict=True):
        with column:
            show.metric(label, f"{number:,}", explained=explained)


def show_rows(report: Report, difference: Comparison) -> None:
    """Show the rows themselves in tables that open: changed cells before and after, new rows, rows not in the file.

    Of saved rows those about pupils whom the sender may see; of all rows the columns that they may.
    """
    dataset, scope = report.dataset, cached.scope()
    readable = columns_in(scope, dataset)
    with reading(database()) as connection:
        seen = queries.keys_seen(connection, scope, dataset)
    if difference.changed:
        cells = [
            change
            for change in difference.changes(report, MOST)
            if change.column in readable and (seen is None or change.key in seen)
        ]
        shown = report.sent_by_stored
        changed = [
            tuple(
                shown.get(value, value)
                for value in (*change.key, dataset.columns[change.column].title, change.before, change.after)
            )
            for change in cells
        ]
        titles = [*_titles(dataset, dataset.key), "Column", "Saved now", "In this file"]
        _list(f"{dataset.name}-changed", f"{counted(difference.changed_rows, 'row')} changed", changed, titles)
    if len(difference.new):
        names = [name for name in readable if name in report.columns]
        columns = [(report.sent(name), report.columns[name].place) for name in names]
        new = [tuple(values[place[row]] for values, place in columns) for row in difference.new[:MOST]]
        _list(f"{dataset.name}-new", f"{counted(len(difference.new), 'new row')}", new, _titles(dataset, names))
    if difference.gone:
        own = [row for row in difference.gone if seen is None or key_of(dataset, difference.columns, row) in seen]
        places = [difference.columns.index(name) for name in readable]
        gone = [tuple(row[place] for place in places) for row in own[:MOST]]
        caption = f"{counted(len(difference.gone), 'saved row')} not in this file"
        _list(f"{dataset.name}-not-in-this-file", caption, gone, _titles(dataset, readable))


def _titles(dataset: Dataset, names: Sequence[str]) -> list[str]:
    return [dataset.columns[name].title for name in names]


def _list(name: str, caption: str, rows: Sequence[tuple[Any, ...]], titles: Sequence[str]) -> None:
    """Rows as a table that opens; columns that none of them fills are left out."""
    frame = pd.DataFrame(rows, columns=list(titles), dtype=object).dropna(axis="columns", how="all").fillna("")
    first = f" (the first {MOST:,} here)" if len(rows) >= MOST else ""
    with st.expander(caption):
        show.table(frame, columns={title: title for title in frame.columns}, caption=f"{caption}{first}", name=name)
