"""What a drawn page tells, piece by piece in its order: sentences, tiles, tables and charts, as their readers see them.

An element of a kind that is not known here is refused: nobody would know whether it tells a figure.
"""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from html.parser import HTMLParser
from typing import Any

import pandas as pd
from streamlit.testing.v1 import AppTest

from ui.tables import are_whole, cell


@dataclass(frozen=True)
class Sentence:
    """A line of text. `kind` is where it stands: header, markdown, caption, info, words (in HTML), label …"""

    kind: str
    words: str


@dataclass(frozen=True)
class Tile:
    """One number on its own: its name, the number, and all that is said beside it and when pointed at."""

    label: str
    value: str
    beside: str


@dataclass(frozen=True)
class Table:
    """A table as its reader sees it: cells are text. The first column names the row."""

    caption: str
    headings: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


@dataclass(frozen=True)
class Point:
    """What a chart says of one of its points, and whether that is drawn hollow."""

    words: str
    hollow: bool


@dataclass(frozen=True)
class Chart:
    """A chart: its text alternative, its unit and titles, and what stands at its points."""

    alt: str
    unit: str
    points: tuple[Point, ...]


Piece = Sentence | Tile | Table | Chart

_SILENT = {
    *("selectbox", "toggle", "checkbox", "button", "download_button", "button_group", "text_input", "text_area"),
    *("number_input", "date_input", "slider", "file_uploader", "multiselect", "radio", "link_button"),
}
"""What somebody chooses or types with: it tells no figure."""
_SAID = {"title", "header", "subheader", "markdown", "caption", "info", "warning", "error", "success", "text", "code"}


def pieces(drawn: AppTest) -> list[Piece]:
    """All that a page tells in its main part, in order."""
    return [piece for piece in _inside(drawn.main) if not isinstance(piece, Sentence) or piece.words]


def _inside(block: Any) -> Iterator[Piece]:
    for child in block.children.values():
        if hasattr(child, "children"):
            yield Sentence("label", as_written(getattr(child, "label", "") or ""))
            yield from _inside(child)
        else:
            yield from _told(child)


def _told(element: Any) -> Iterator[Piece]:
    kind = element.type
    if kind in _SAID:
        yield from (Sentence(kind, as_written(line)) for line in str(element.value).splitlines())
    elif kind == "metric":
        told = element.proto
        beside = [told.delta, told.delta_description, told.help]
        yield Tile(as_written(told.label), as_written(told.body), as_written("; ".join(filter(None, beside))))
    elif kind == "html":
        yield from read_html(element.proto.body)
    elif kind == "plotly_chart":
        yield read_chart(json.loads(element.proto.spec), element.proto.alt)
    elif kind in ("dataframe", "arrow_data_frame"):
        yield read_grid(element.value, getattr(element.proto, "alt", ""))
    else:
        assert kind in _SILENT, f"nobody knows what an element of the kind {kind!r} tells: say so in {__name__}"


def as_written(value: str) -> str:
    """Text as its writer wrote it: without Markdown, and without what makes text harmless to it."""
    plain = value.replace("\\", "").replace("\u2060", "").replace("**", "")
    return re.sub(r"^\s*[*-] ", "", plain).strip()


def read_grid(frame: pd.DataFrame, caption: str) -> Table:
    """A grid that people sort, its cells written as in the plain table below it."""
    columns = [[cell(value, str(name), are_whole(frame[name])) for value in frame[name]] for name in frame]
    return Table(caption, tuple(map(str, frame.columns)), tuple(zip(*columns, strict=True)))


def read_chart(figure: dict[str, Any], alt: str) -> Chart:
    """What a chart says: labels of its points and what they say when pointed at."""
    layout = figure["layout"]
    titles = [layout.get("title", {}), *(layout.get(axis, {}).get("title", {}) for axis in ("xaxis", "yaxis"))]
    words = [each.get("text", "") if isinstance(each, dict) else str(each) for each in titles]
    words += [title.get("subtitle", {}).get("text", "") for title in titles[:1] if isinstance(title, dict)]
    words += [str(note.get("text", "")) for note in layout.get("annotations", [])]
    points = [point for trace in figure["data"] for point in _points(trace)]
    return Chart(alt, _without_tags(" ".join(words)), tuple(points))


def _points(trace: dict[str, Any]) -> Iterator[Point]:
    symbols = trace.get("marker", {}).get("symbol", "")
    for key in ("text", "hovertext"):
        said = trace.get(key)
        said = said if isinstance(said, list) else []
        for place, words in enumerate(said):
            symbol = symbols[place] if isinstance(symbols, list) and place < len(symbols) else symbols
            if words and isinstance(words, str):
                yield Point(_without_tags(words), str(symbol).endswith("-open"))


def _without_tags(words: str) -> str:
    return " ".join(re.sub(r"<[^>]*>", " ", words).split())


_BLOCKS = {"p", "li", "h1", "h2", "h3", "h4", "h5", "h6", "td", "th", "caption", "div", "dd", "dt"}


def read_html(body: str) -> list[Piece]:
    """The tables and lines of a piece of HTML."""
    reader = _Reader()
    reader.feed(body)
    reader.close()
    return reader.found()


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self._pieces: list[Piece] = []
        self._words: list[str] = []
        self._caption = ""
        self._headings: tuple[str, ...] = ()
        self._rows: list[tuple[str, ...]] = []
        self._row: list[str] | None = None
        self._card = 0
        self._in_table = False

    def found(self) -> list[Piece]:
        self._say()
        return self._pieces

    def handle_starttag(self, tag: str, attrs: object) -> None:
        if tag == "table":
            self._say()
            self._in_table, self._caption, self._headings, self._rows = True, "", (), []
        elif tag == "tr":
            self._row = []
        elif tag == "article":
            self._say()
            self._card = len(self._pieces)
        elif tag in _BLOCKS or tag == "br":
            self._say()

    def handle_data(self, data: str) -> None:
        self._words.append(data)

    def handle_endtag(self, tag: str) -> None:
        if tag in ("td", "th") and self._row is not None:
            self._row.append(self._taken())
        elif tag == "caption":
            self._caption = self._taken()
        elif tag == "tr" and self._row is not None:
            if self._headings:
                self._rows.append(tuple(self._row))
            else:
                self._headings = tuple(self._row)
            self._row = None
        elif tag == "table":
            self._pieces.append(Table(self._caption, self._headings, tuple(self._rows)))
            self._in_table = False
        elif tag == "article":
            self._say()
            self._pieces[self._card :] = [_card(self._pieces[self._card :])]
        elif tag in _BLOCKS:
            self._say()

    def _taken(self) -> str:
        words, self._words = " ".join("".join(self._words).split()), []
        return words

    def _say(self) -> None:
        if not self._in_table and (words := self._taken()):
            self._pieces.append(Sentence("words", words))


def _card(lines: list[Piece]) -> Tile:
    """A card is a tile: its first line names it."""
    words = [line.words for line in lines if isinstance(line, Sentence)]
    return Tile(words[0] if words else "", "", "; ".join(words[1:]))
