"""Need beside outreach: how much there is to gain at each school, and how much outreach it has."""

import numpy as np
import pandas as pd

from charts import style
from charts.style import Chart

_HEIGHT = 500
_TICKS = (0, 5, 20, 50, 100, 200, 400, 800, 1600, 3200)
_NAMED, _LETTERS = 8, 26
_APART = 0.055
"""Names stand at least so far apart, as a share of the height."""
_HEADROOM = 1.16
"""Where the words in the corners stand, above every point."""
_ROOM = 1.12
"""How much further than the highest figure an axis goes."""


def need_and_outreach(
    frame: pd.DataFrame,
    *,
    key: str,
    name: str,
    need: str,
    outreach: str,
    unmet: str,
    high: str,
    said: str,
    across: str,
    up: str,
    none: str = "no outreach",
) -> Chart:
    """A point for each row with a `need`: up by it, to the right by its `outreach`, both on a scale of square roots.

    Rows that are `unmet` (need and no outreach) are diamonds, named where there is room, others that are `high` full
    circles, the rest open ones. A row whose outreach is missing stands in a column of its own, `[c]`. A point
    carries its `key`; `said` is shown to whoever points at it; `across` and `up` say what the axes
    are, `none` what it means to stand at 0.
    """
    shown = frame.dropna(subset=[need]).sort_values(need, ascending=False, kind="stable")
    x, y = np.sqrt(shown[outreach]), np.sqrt(shown[need])
    right, top = _end(x), _end(y)
    x = x.fillna(right)
    is_unmet, is_high = shown[unmet].astype(bool), shown[high].astype(bool)
    groups = [
        ("The other schools", ~is_high, _look(style.REST, "circle-open", 8)),
        ("High need", is_high & ~is_unmet, _look(style.NAVY, "circle", 11)),
        ("High need, no outreach", is_unmet, _look(style.PLUM, "diamond", 14)),
    ]
    traces = [
        _points(shown[rows], x[rows], y[rows], label, look, key, said) for label, rows, look in groups if rows.any()
    ]
    if is_unmet.any():
        traces[-1] |= _names(shown.loc[is_unmet, name], y[is_unmet], top)
    hidden = bool(shown[outreach].isna().any())
    drawn = style.figure(
        traces,
        height=_HEIGHT,
        subtitle=up,
        showlegend=True,
        legend=style.legend() | {"y": -0.16, "yanchor": "top", "itemclick": False},
        shapes=[_divider(right, top)],
        annotations=_corners(right, top, none),
        xaxis=_axis(right, hidden)
        | {"title": {"text": style.word(across[:1].upper() + across[1:]), "font": {"size": 14}}},
        yaxis=_axis(top, False)
        | {"range": [-top / 40, top * _HEADROOM], "showgrid": True, "gridcolor": style.GRID_LINE},
    )
    return Chart(drawn, _alt(shown, name, is_unmet, is_high, up, across))


def _end(roots: pd.Series) -> float:
    """How far an axis goes."""
    return float(roots.max()) * _ROOM if roots.notna().any() and roots.max() > 0 else 1.0


def _look(colour: str, symbol: str, size: int) -> dict[str, object]:
    line = colour if symbol.endswith("open") else style.PAPER
    return {"color": colour, "symbol": symbol, "size": size, "line": {"color": line, "width": 1}}


def _points(
    part: pd.DataFrame, x: pd.Series, y: pd.Series, label: str, look: dict[str, object], key: str, said: str
) -> dict[str, object]:
    return {
        "type": "scatter",
        "mode": "markers",
        "name": style.word(label),
        "x": style.numbers(x),
        "y": style.numbers(y),
        "customdata": part[key].tolist(),
        "marker": look,
        "hoverinfo": "text",
        "hovertext": style.words(part[said]),
        "cliponaxis": False,
    }


def _names(names: pd.Series, heights: pd.Series, top: float) -> dict[str, object]:
    """The names of the points from the highest down, each where the one above leaves room."""
    texts: list[str] = []
    last = float("inf")
    for name, height in zip(names, heights, strict=True):
        is_clear = last - height >= _APART * top and sum(map(bool, texts)) < _NAMED
        last = height if is_clear else last
        texts.append(style.word(style.shorter(name, _LETTERS)) if is_clear else "")
    return {"mode": "markers+text", "text": texts, "textposition": "middle right", "textfont": {"size": 12}}


def _divider(right: float, top: float) -> dict[str, object]:
    """The line between no outreach and some."""
    line = {"color": style.REST, "width": 1, "dash": "dot"}
    return {"type": "line", "x0": right / 40, "x1": right / 40, "y0": 0, "y1": top * _HEADROOM, "line": line}


def _corners(right: float, top: float, none: str) -> list[dict[str, object]]:
    words = (
        (f"<b>High need,<br>{style.word(none)}</b>", right / 30, "left"),
        ("<b>High need,<br>outreach there</b>", right, "right"),
    )
    return [
        {
            "x": x,
            "y": top * _HEADROOM,
            "text": text,
            "showarrow": False,
            "align": side,
            "xanchor": side,
            "yanchor": "top",
        }
        for text, x, side in words
    ]


def _axis(end: float, hidden: bool) -> dict[str, object]:
    ticks = [tick for tick in _TICKS if tick**0.5 <= end / (_ROOM if hidden else 1.0)]
    values, texts = [tick**0.5 for tick in ticks], [f"{tick:,}" for tick in ticks]
    if hidden:
        values, texts = [*values, end], [*texts, "[c]"]
    return style.axis(
        tickvals=values, ticktext=texts, range=[-end / 40, end * 1.04], showline=True, linecolor=style.INK
    )


def _alt(shown: pd.DataFrame, name: str, unmet: pd.Series, high: pd.Series, up: str, across: str) -> str:
    names = ", ".join(str(each) for each in shown.loc[unmet, name].head(_NAMED))
    first = f"{int(unmet.sum())} of {int(high.sum())} schools in high need have no outreach"
    return f"{len(shown)} schools by {up} and {across}: {first}{f', first {names}' if names else ''}."
