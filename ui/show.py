"""Everything a page shows of the figures: one way in for charts, tables, numbers and downloads.

    show.finding(chart, table, columns=COLUMNS, title="Twelve schools make up half of all suspensions",
                 source=Source("Suspensions notified to the LA", as_at), name="suspensions-by-school")

The finding is the title. Under it stand the chart with its text alternative, the source, and the same figures as a
table and as a CSV file. `columns` chooses the frame's columns and says their headings: no other leaves the server.
"""

from collections.abc import Callable, Hashable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Literal
from urllib.parse import urlencode

import pandas as pd
import streamlit as st

from analysis.measures import Higher
from charts import style
from charts.style import Chart
from ui import spreadsheet, tables, text

Columns = Mapping[str, str]

_COLOURS: dict[Higher, Literal["normal", "inverse", "off"]] = {
    Higher.BETTER: "normal",
    Higher.WORSE: "inverse",
    Higher.NEUTRAL: "off",
}


@dataclass(frozen=True)
class Source:
    """Where figures come from, and the last day that they tell of (None where that is not known)."""

    name: str
    as_at: date | None = None

    def __str__(self) -> str:
        return f"{self.name}, as at {tables.day(self.as_at)}" if self.as_at else self.name


def finding(
    chart: Chart, table: pd.DataFrame, *, columns: Columns, title: str, source: Source, name: str, links: str = ""
) -> None:
    """Show a finding: its title, the chart, its source, and the figures behind it as a table and a CSV file.

    `name` is the file's name and differs from every other on the page. `links` is as in `table`. Where there are no
    figures a sentence says so instead, and a chart without anything in it is left out: the title says why.
    """
    st.header(text.plain(title), anchor=False)
    chosen = _chosen(table, columns)
    if chosen.empty:
        _nothing()
        return
    if not chart.is_empty:
        drawn = style.on_dark(chart.figure) if st.context.theme.type == "dark" else chart.figure
        st.plotly_chart(drawn, theme=None, config=style.CONFIG, alt=chart.alt, key=f"chart {name}")
    _credit(source)
    with st.expander("View as table", key=f"table {name}"):
        st.html(tables.html(chosen, caption=title, links=_addresses(table, links)))
        _download(chosen, source, name)


def table(
    table: pd.DataFrame, *, columns: Columns, caption: str, name: str, source: Source | None = None, links: str = ""
) -> None:
    """Show a table that reads well aloud and on paper, its source (figures have one), and the same as a CSV file.

    `links` names the frame's column of URNs: the first column then leads to each school's page.
    """
    chosen = _chosen(table, columns)
    if chosen.empty:
        st.write(text.plain(caption))
        _nothing()
        return
    st.html(tables.html(chosen, caption=caption, links=_addresses(table, links)))
    _credit(source)
    _download(chosen, source, name)


def sortable(
    table: pd.DataFrame, *, columns: Columns, caption: str, source: Source, name: str, links: str = ""
) -> None:
    """Show a long table that people sort and search, its source, and the same as plain table and CSV file."""
    chosen = _chosen(table, columns)
    if chosen.empty:
        st.write(text.plain(caption))
        _nothing()
        return
    addresses = _addresses(table, links)
    shown = chosen.copy()
    if addresses is not None:
        shown.insert(1, "School page", addresses)
    config: dict[Hashable, Any] = {name: _numbers(chosen[name]) for name in chosen.select_dtypes("number")}
    config["School page"] = st.column_config.LinkColumn(display_text="Open")
    st.dataframe(
        shown,
        hide_index=True,
        column_config=config,
        alt=caption,
        key=f"grid {name}",
        height=560 if len(shown) > 14 else "content",
        placeholder=tables.MISSING,
    )
    _credit(source)
    with st.expander("View as plain table", key=f"table {name}"):
        st.html(tables.html(chosen, caption=caption, links=addresses))
    _download(chosen, source, name)


def metric(
    label: str,
    value: str,
    *,
    change: str = "",
    against: str = "",
    higher_is: Higher = Higher.NEUTRAL,
    explained: str = "",
) -> None:
    """Show one number. `change` starts with + or -, and `against` says what it is compared with."""
    st.metric(
        text.plain(label),
        text.plain(value),
        change or None,
        delta_color=_COLOURS[higher_is],
        delta_description=against or None,
        help=explained or None,
        border=True,
    )


def nothing(sentence: str) -> None:
    """Say why there is nothing to show, in the place where it would be."""
    st.info(text.plain(sentence))


def notes(sentences: Iterable[str]) -> None:
    """Show what to know about the figures above, each sentence once; blank ones and none at all show nothing."""
    said = [text.plain(sentence) for sentence in dict.fromkeys(sentences) if sentence]
    if said:
        with st.expander("What to know about these figures"):
            st.markdown("\n".join(f"* {sentence}" for sentence in said))


def link(words: str, page: str, **address: str) -> None:
    """Show a link to another page of the app, with choices in its address."""
    there = f"/{page}" + (f"?{urlencode(address)}" if address else "")
    st.html(f'<p class="onward"><a href="{text.html(there)}">{text.html(words)}</a></p>')


def download(table: pd.DataFrame, *, columns: Columns, source: Source, name: str) -> None:
    """Offer figures as a CSV file that opens safely in a spreadsheet."""
    _download(_chosen(table, columns), source, name)


def csv_file(label: str, content: Callable[[], str], name: str) -> None:
    """Offer a CSV file that is no table of figures, such as a template: as it is, marked UTF-8 for Excel.

    `content` is asked for when the button is pressed.
    """
    st.download_button(
        label,
        lambda: content().encode("utf-8-sig"),
        f"{name}.csv",
        "text/csv",
        key=f"file {name}",
        on_click="ignore",
    )


def _chosen(table: pd.DataFrame, columns: Columns) -> pd.DataFrame:
    """The columns that may leave the server, under their headings. Every figure passes here on its way out."""
    return table[list(columns)].rename(columns=columns)


def _numbers(column: pd.Series) -> Any:
    """Whole numbers without decimals and no commas (some are names), rates to one decimal, all under 1 to two."""
    decimals = 0 if tables.are_whole(column) else 2 if column.abs().max() < 0.995 else 1
    return st.column_config.NumberColumn(format=f"%.{decimals}f")


def _nothing() -> None:
    nothing("There are no figures for this choice.")


def _credit(source: Source | None) -> None:
    if source:
        st.caption(f"Source: {text.plain(source)}.")


def _addresses(table: pd.DataFrame, links: str) -> list[str] | None:
    return [f"/school?school={urn}" for urn in table[links]] if links else None


def _download(chosen: pd.DataFrame, source: Source | None, name: str) -> None:
    st.download_button(
        "Download as CSV",
        lambda: spreadsheet.csv_bytes(chosen, str(source or "")),
        f"{name}.csv",
        "text/csv",
        key=f"download {name}",
        on_click="ignore",
    )
