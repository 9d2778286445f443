"""How every chart looks: palette, template, and the words in it made harmless.

Palette: Analysis Function, "Data visualisation: colours in charts" (categorical, in this order, at most four on white).
"""

from collections.abc import Iterable
from dataclasses import dataclass
from html import escape
from textwrap import wrap
from typing import Any

import pandas as pd

from analysis.wording import amount as amount

NAVY, TEAL, PLUM, ORANGE = "#12436D", "#28A197", "#801650", "#F46A25"
CHARCOAL, LILAC = "#3D3D3D", "#A285D1"
PALETTE = (NAVY, TEAL, PLUM, ORANGE, CHARCOAL, LILAC)
"""In the order in which to use them."""

SEQUENCE = (NAVY, "#2073BC", "#6BACE6")
"""For what has an order, the most first (Analysis Function, sequential palette)."""

_STRONG = (NAVY, PLUM, CHARCOAL)

REST = "#8C8C8C"
"""What stands back while one thing is in focus: 3.4 to 1 on white."""
INK, PAPER, GRID_LINE = "#0B0C0C", "#FFFFFF", "#D9D9D9"
ALWAYS_DARK = "#0B0C0D"
"""For words on a fill that is light on either page."""

DASHES = ("solid", "dash", "dot", "dashdot", "longdash", "longdashdot")
SYMBOLS = ("circle", "square", "diamond", "triangle-up", "x", "star")
"""Lines and points differ in more than colour."""

# The same parts on a dark page: graphics at least 3 to 1 on its paper, words 4.5 (tests/charts/test_style.py).
_DARK = {
    NAVY: "#7FB2E5",
    TEAL: "#4CC9BE",
    PLUM: "#E08BB8",
    ORANGE: "#FF9A66",
    CHARCOAL: "#D0D0D0",
    LILAC: "#C3AEE6",
    SEQUENCE[1]: "#5E9BD6",
    SEQUENCE[2]: "#5580A8",
    REST: "#9A9A9A",
    INK: "#F3F2F1",
    PAPER: "#17191C",
    GRID_LINE: "#45494E",
}

CONFIG = {"displayModeBar": False, "responsive": True, "scrollZoom": False, "doubleClick": False}
"""No mode bar: it is seven tab stops a chart (Streamlit's accessibility)."""


@dataclass(frozen=True)
class Chart:
    """A plotly figure as a plain dict, and one sentence that says what it shows to whoever cannot see it."""

    figure: dict[str, Any]
    alt: str

    @property
    def is_empty(self) -> bool:
        """Whether nothing would be seen in it: no trace has a point with a figure."""
        return not any(
            x is not None and y is not None
            for trace in self.figure["data"]
            for x, y in zip(trace["x"], trace["y"], strict=False)
        )


def words(values: Any) -> list[str]:
    """Text for plotly, which reads `<a href>` and other markup: the markup is shown, not obeyed."""
    return [word(value) for value in values]


def word(value: Any) -> str:
    """One piece of text for plotly, with its markup shown and not obeyed."""
    # Plotly shows an escaped quote mark as `&quot;`, and a quote mark does nothing outside a tag.
    return escape(str(value), quote=False)


def numbers(values: pd.Series) -> list[float | None]:
    """Numbers for plotly: None where one is missing, which breaks a line and leaves out a bar."""
    return [None if pd.isna(value) else float(value) for value in values]


def axis(**settings: Any) -> dict[str, Any]:
    """An axis in the house style."""
    plain = {"zeroline": False, "showgrid": False, "ticks": "", "tickangle": 0, "automargin": True, "fixedrange": True}
    return plain | settings


def figure(traces: list[dict[str, Any]], *, height: int, subtitle: str = "", **layout: Any) -> dict[str, Any]:
    """A figure in the house style. `subtitle` says what the numbers are: above the plot, never up its side."""
    plain: dict[str, Any] = {
        "height": height,
        "font": {"family": "Source Sans, sans-serif", "size": 14, "color": INK},
        "paper_bgcolor": PAPER,
        "plot_bgcolor": PAPER,
        "colorway": list(PALETTE),
        "margin": {"l": 8, "r": 24, "t": 48 if subtitle else 16, "b": 24},
        "showlegend": False,
        "dragmode": False,
        "hoverlabel": {"font": {"family": "Source Sans, sans-serif"}},
        "title": _subtitle(subtitle),
    }
    return {"data": traces, "layout": plain | layout}


def _subtitle(text: str) -> dict[str, Any]:
    place = {"xref": "container", "yref": "container", "x": 0, "y": 1, "xanchor": "left", "yanchor": "top"}
    words = {"text": word(text[:1].upper() + text[1:]), "font": {"size": 14, "color": INK}}
    return place | words | {"pad": {"t": 10, "l": 4}}


def on(fill: str) -> str:
    """The colour of words on a fill of the palette: at least 4.5 to 1."""
    return PAPER if fill in _STRONG else ALWAYS_DARK


def readable(colour: str) -> str:
    """A colour of the palette for words on the page: itself where that is at least 4.5 to 1, else the ink's."""
    return colour if colour in _STRONG else INK


def listed(names: Iterable[Any], values: Iterable[float]) -> str:
    """Names and numbers in a sentence: `Larkfield 12.5, Oakbank 9 and Elmhurst 3`."""
    parts = [f"{name} {amount(value)}" for name, value in zip(names, values, strict=True)]
    return f"{', '.join(parts[:-1])} and {parts[-1]}" if len(parts) > 1 else "".join(parts)


def shorter(name: Any, most: int = 38) -> str:
    """A name for an axis, cut where it would take the room of the plot."""
    whole = str(name)
    return whole if len(whole) <= most else whole[: most - 1].rstrip() + "…"


def wrapped(name: Any, width: int = 14) -> str:
    """A name for under a column, in lines of about `width` letters and with its markup shown and not obeyed."""
    return "<br>".join(word(line) for line in wrap(str(name), width, break_long_words=False)) or word(name)


def legend() -> dict[str, Any]:
    """A legend above the plot, for the charts that cannot name each series where it is."""
    return {"orientation": "h", "x": 0, "y": 1, "xanchor": "left", "yanchor": "bottom", "traceorder": "normal"}


def on_dark(drawn: Any) -> Any:
    """The same figure for a dark page: every colour of this module exchanged for its partner."""
    if isinstance(drawn, dict):
        return {key: on_dark(value) for key, value in drawn.items()}
    if isinstance(drawn, list):
        return [on_dark(value) for value in drawn]
    return _DARK.get(drawn, drawn) if isinstance(drawn, str) else drawn
