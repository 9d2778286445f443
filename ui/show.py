"""Everything a page shows of the figures: one way in for charts, tables, numbers and downloads.

    show.finding(chart, table, columns=COLUMNS, title="Twelve schools make up half of all suspensions",
                 source=Source("Suspensions notified to the LA", as_at), name="suspensions-by-school")

The finding is the title. Under it stand the chart with its text alternative, the source, and the same figures as a
table and as a CSV file. `columns` chooses the frame's columns and says their headings: no other leaves the server.
"""

from collections.abc import Callable, Collection, Hashable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any
from urllib.parse import urlencode

import pandas as pd
import streamlit as st

from access.roles import Permission
from analysis.hiding.protection import HIDDEN_MARK, in_words, is_hidden
from charts import style
from charts.style import Chart
from data_model.settings import settings
from ui import cached, spreadsheet, tables, text, trail, who

Columns = Mapping[str, str]
Publish = Callable[[], pd.DataFrame]
"""Asks for a table anew, by `cached` alone, so that it can be asked with small numbers hidden."""

_SCHOOL = "/school?school="
_INTERNAL = "Full figures, for use inside the authority only: not for publication"
_OF_PUPILS = "About single pupils: for those who work with them, and for nobody else"


@dataclass(frozen=True)
class Source:
    """Where figures come from, and the last day that they tell of (None where that is not known)."""

    name: str
    as_at: date | None = None

    def __str__(self) -> str:
        return f"{self.name}, as at {tables.day(self.as_at)}" if self.as_at else self.name


def finding(
    chart: Chart,
    table: pd.DataFrame,
    *,
    columns: Columns,
    title: str,
    source: Source,
    name: str,
    links: str = "",
    leads_to: str = _SCHOOL,
    publish: Publish | None = None,
    about: Collection[str] = (),
) -> None:
    """Show a finding: its title, the chart, its source, and the figures behind it as a table and a CSV file.

    `name` is the file's name and differs from every other on the page. `links` is as in `table`: a chart whose points
    carry its values leads to the page of the school that is clicked on. Where there are no
    figures a sentence says so instead, and a chart without anything in it is left out: the title says why. `publish`
    asks for the same table anew, for a file without small numbers beside one of full figures. `about` are the
    references of single pupils whom it is about: its file is for those alone who may take full figures away, and the
    audit trail keeps whom it told of.
    """
    st.header(text.plain(title), anchor=False)
    chosen = _chosen(table, columns)
    if chosen.empty:
        _nothing()
        return
    if not chart.is_empty:
        chosen_key = _draw(chart, name)
        if links and chosen_key is not None:
            _onward(table[table[links].eq(chosen_key)], next(iter(columns)), links, leads_to)
    _credit(source)
    with st.expander("View as table", key=f"table {name}"):
        st.html(tables.html(chosen, caption=title, links=_addresses(table, links, leads_to)))
        _download(chosen, source, name, columns, publish, about)
    _say_what_is_hidden(chosen)


def table(
    table: pd.DataFrame,
    *,
    columns: Columns,
    caption: str,
    name: str,
    source: Source | None = None,
    links: str = "",
    leads_to: str = _SCHOOL,
    publish: Publish | None = None,
    about: Collection[str] = (),
) -> None:
    """Show a table that reads well aloud and on paper, its source (figures have one), and the same as a CSV file.

    `links` names the frame's column of URNs: the first column then leads to each school's page, or to another address
    in the app that `leads_to` begins. `about` is as in `finding`.
    """
    chosen = _chosen(table, columns)
    if chosen.empty:
        st.write(text.plain(caption))
        _nothing()
        return
    st.html(tables.html(chosen, caption=caption, links=_addresses(table, links, leads_to)))
    _credit(source)
    _say_what_is_hidden(chosen)
    _download(chosen, source, name, columns, publish, about)


def sortable(
    table: pd.DataFrame,
    *,
    columns: Columns,
    caption: str,
    source: Source,
    name: str,
    links: str = "",
    leads_to: str = _SCHOOL,
    publish: Publish | None = None,
    about: Collection[str] = (),
) -> None:
    """Show a long table that people sort and search, its source, and the same as plain table and CSV file."""
    chosen = _chosen(table, columns)
    if chosen.empty:
        st.write(text.plain(caption))
        _nothing()
        return
    addresses = _addresses(table, links, leads_to)
    # To be sorted, numbers stay numbers: where one is hidden the cell is empty, and the grid says what that means.
    shown = pd.DataFrame(
        {name: found if (found := tables.numbers(chosen[name])) is not None else chosen[name] for name in chosen}
    )
    if addresses is not None:
        shown.insert(1, "School page", addresses)
    config: dict[Hashable, Any] = {name: _numbers(shown[name]) for name in shown.select_dtypes("number")}
    config["School page"] = st.column_config.LinkColumn(display_text="Open")
    st.dataframe(
        shown,
        hide_index=True,
        column_config=config,
        alt=caption,
        key=f"grid {name}",
        height=560 if len(shown) > 14 else "content",
        placeholder=_placeholder(shown, chosen),
    )
    _credit(source)
    _say_what_is_hidden(chosen)
    with st.expander("View as plain table", key=f"table {name}"):
        st.html(tables.html(chosen, caption=caption, links=addresses))
    _download(chosen, source, name, columns, publish, about)


def metric(
    label: str,
    value: str,
    *,
    change: str = "",
    against: str = "",
    explained: str = "",
) -> None:
    """Show one number. `change` starts with + or -, and `against` says what it is compared with."""
    st.metric(
        text.plain(label),
        text.plain(value),
        change or None,
        delta_color="off",
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


def captions(sentences: Iterable[str]) -> None:
    """Show sentences that belong to the chart above, each under the one before; blank ones and none show nothing."""
    for sentence in filter(None, sentences):
        st.caption(text.plain(sentence))


def link(words: str, page: str, **address: str) -> None:
    """Show a link to another page of the app, with choices in its address."""
    _link(words, f"/{page}" + (f"?{urlencode(address)}" if address else ""))


def _link(words: str, there: str) -> None:
    st.html(f'<p class="onward"><a href="{text.html(there)}">{text.html(words)}</a></p>')


def csv_file(
    label: str, content: Callable[[], str], name: str, *, about: Callable[[], Collection[str]] | None = None
) -> None:
    """Offer a CSV file that is no table of figures, such as a template: as it is, marked UTF-8 for Excel.

    `content` is asked for when the button is pressed. `about` gives the references of the pupils in it, where it is
    about any: the audit trail keeps who took it away.
    """
    person, check = who.person(), who.unless_changed()

    def asked() -> bytes:
        check()
        file = content()
        if about is not None:
            rows = file.count("\n") - 1
            trail.downloaded(person, f"{name}.csv", rows=rows, kind="pupils' rows", references=about())
        return file.encode("utf-8-sig")

    st.download_button(
        label,
        asked,
        f"{name}.csv",
        "text/csv",
        key=f"file {name}",
        on_click="ignore",
    )


def _chosen(table: pd.DataFrame, columns: Columns) -> pd.DataFrame:
    """The columns that may leave the server, under their headings. Every figure passes here on its way out.

    What is hidden is missing in the frame already; here it gets its mark.
    """
    cells = {name: _marked(table, name) for name in columns}
    return pd.DataFrame(cells, index=table.index).rename(columns=columns)


def _published(table: pd.DataFrame, columns: Columns) -> pd.DataFrame:
    """The same of a table without small numbers: it may lack a column that would give them away."""
    return _chosen(table, {name: columns[name] for name in columns if name in table})


def _marked(table: pd.DataFrame, column: str) -> pd.Series:
    hidden = is_hidden(table, column)
    return table[column].astype(object).mask(hidden, HIDDEN_MARK) if hidden.any() else table[column]


def _draw(chart: Chart, name: str) -> int | None:
    """Draw a chart. Where its points carry keys they can be clicked on: the key of the last one, or None."""
    drawn = style.on_dark(chart.figure) if st.context.theme.type == "dark" else chart.figure
    given: dict[str, Any] = {"theme": None, "config": style.CONFIG, "alt": chart.alt, "key": f"chart {name}"}
    if not any("customdata" in trace for trace in chart.figure["data"]):
        st.plotly_chart(drawn, **given)
        return None
    points = st.plotly_chart(drawn, **given, on_select="rerun", selection_mode="points").selection.points
    key = points[-1].get("customdata") if points else None
    return key if isinstance(key, int) else None  # it comes back from the browser, where it may have been changed


def _onward(row: pd.DataFrame, name: str, links: str, leads_to: str) -> None:
    """The way on to the page of the school that was clicked on; nothing for what is not in the table."""
    for school, key in zip(row[name].head(1), row[links].head(1), strict=True):
        _link(f"Open {school}", f"{leads_to}{key}")


def _has_hidden(chosen: pd.DataFrame) -> bool:
    return bool(chosen.isin([HIDDEN_MARK]).to_numpy().any())


def _say_what_is_hidden(chosen: pd.DataFrame) -> None:
    if _has_hidden(chosen):
        st.caption(text.plain(f"{in_words(settings().small_number)}."))


def _placeholder(shown: pd.DataFrame, chosen: pd.DataFrame) -> str:
    """What stands in the grid's empty cells."""
    if not _has_hidden(chosen):
        return tables.MISSING
    missing = int(shown.isna().to_numpy().sum()) > int(chosen.isin([HIDDEN_MARK]).to_numpy().sum())
    return f"{HIDDEN_MARK} or {tables.MISSING}" if missing else HIDDEN_MARK


def _numbers(column: pd.Series) -> Any:
    """Whole numbers without decimals and no commas (some are names), rates to one decimal, all under 1 to two."""
    decimals = 0 if tables.are_whole(column) else 2 if column.abs().max() < 0.995 else 1
    return st.column_config.NumberColumn(format=f"%.{decimals}f")


def _nothing() -> None:
    nothing("There are no figures for this choice.")


def _credit(source: Source | None) -> None:
    if source:
        st.caption(f"Source: {text.plain(source)}.")


def _addresses(table: pd.DataFrame, links: str, leads_to: str) -> list[str] | None:
    return [f"{leads_to}{urn}" for urn in table[links]] if links else None


def _download(
    chosen: pd.DataFrame,
    source: Source | None,
    name: str,
    columns: Columns,
    publish: Publish | None,
    about: Collection[str],
) -> None:
    """The figures as a file. Of full figures it says what they are for, and one without small numbers stands beside."""
    if about:
        if who.may(Permission.DOWNLOAD_FULL):
            _csv("Download as CSV", lambda: chosen, source, f"{name}-internal", _OF_PUPILS, about)
        return
    if not who.may(Permission.FULL_FIGURES):
        _csv("Download as CSV", lambda: chosen, source, name)
        return
    _csv("Download as CSV", lambda: chosen, source, f"{name}-internal", _INTERNAL)
    if publish is not None:
        protected = cached.for_publication(publish)
        _csv("Download for publication", lambda: _published(protected(), columns), source, name)


def _csv(
    label: str, asked: Publish, source: Source | None, name: str, words: str = "", about: Collection[str] = ()
) -> None:
    person, check = who.person(), who.unless_changed()
    kind = (
        "pupils' rows"
        if about
        else "full"
        if words
        else "publishable"
        if person.may(Permission.DOWNLOAD_PUBLISHABLE)
        else "as shown"
    )

    def content() -> bytes:
        check()
        table = asked()
        trail.downloaded(person, f"{name}.csv", rows=len(table), kind=kind, references=about)
        hidden = f"{in_words(settings().small_number)}" if _has_hidden(table) else ""
        return spreadsheet.csv_bytes(table, ". ".join(filter(None, [str(source or ""), words, hidden])))

    st.download_button(label, content, f"{name}.csv", "text/csv", key=f"download {name}", on_click="ignore")
