"""Where schools are: points on the national grid, without any map from the internet."""

from collections.abc import Sequence

import numpy as np
import pandas as pd

from charts import style
from charts.style import Chart

_NO_FIGURE = "No figure"
_NAMED = 8
_SYMBOLS = ("circle", "diamond", "square")


def school_map(frame: pd.DataFrame, *, name: str, value: str, band: str, bands: Sequence[str], unit: str) -> Chart:
    """A point for each school that has `easting` and `northing` (metres), as large as its `headcount`.

    Colour and shape tell `band`, one of at most three `bands` from the highest down; those in the highest are named.
    A school in no band is an open point. Schools without a place are left out, and the text alternative says how many.
    """
    assert len(bands) <= len(_SYMBOLS), "more than three bands cannot be told apart"
    placed = frame.dropna(subset=["easting", "northing"])
    groups = [(each, placed[placed[band].eq(each)]) for each in bands]
    groups.append((_NO_FIGURE, placed[~placed[band].isin(list(bands))]))
    traces = [_trace(group, part, name, value, number) for number, (group, part) in enumerate(groups) if len(part)]
    drawn = style.figure(
        traces[::-1],  # the highest band lies on top
        height=560,
        subtitle=f"Schools by {unit}",
        showlegend=True,
        legend=style.legend() | {"y": -0.02, "yanchor": "top", "itemsizing": "constant", "itemclick": False},
        xaxis=style.axis(visible=False),
        yaxis=style.axis(visible=False, scaleanchor="x", scaleratio=1),
        shapes=_scale(placed),
        annotations=_scale_words(placed),
    )
    return Chart(drawn, _alt(groups, len(frame) - len(placed), unit))


def _trace(group: str, part: pd.DataFrame, name: str, value: str, number: int) -> dict[str, object]:
    is_band = group != _NO_FIGURE
    colour = style.SEQUENCE[number % len(style.SEQUENCE)] if is_band else style.REST
    return {
        "type": "scatter",
        "mode": "markers+text",
        "name": style.word(group),
        "legendrank": number,
        "text": _labels(part, name) if number == 0 else [],
        "textposition": "top center",
        "x": part["easting"].tolist(),
        "y": part["northing"].tolist(),
        "marker": {
            "symbol": _SYMBOLS[number] if is_band else "circle-open",
            "color": colour,
            "size": _sizes(part["headcount"]),
            "opacity": 0.9,
            "line": {"color": style.PAPER if is_band else colour, "width": 1},
        },
        "hoverinfo": "text",
        "hovertext": [
            f"{style.word(school)}: {_NO_FIGURE.lower() if pd.isna(figure) else style.amount(figure)}"
            for school, figure in zip(part[name], part[value], strict=True)
        ],
    }


def _sizes(headcounts: pd.Series) -> list[float]:
    """Diameters in pixels, so that area follows the number of pupils: 9 for up to 100, 32 for 2,000."""
    return [max(9.0, min(32.0, 0.72 * float(number) ** 0.5)) for number in headcounts.fillna(0)]


def _labels(part: pd.DataFrame, name: str) -> list[str]:
    """The names of the largest schools, at most eight and none that would lie on another; blank for the rest."""
    east, north = part["easting"].to_numpy(float), part["northing"].to_numpy(float)
    span = max(float(np.ptp(north)), float(np.ptp(east)), 1.0) if len(part) else 1.0
    named: list[int] = []
    for at in part["headcount"].fillna(0).to_numpy().argsort(kind="stable")[::-1]:
        crowds = any(
            abs(north[at] - north[other]) < 0.05 * span and abs(east[at] - east[other]) < 0.35 * span for other in named
        )
        if len(named) < _NAMED and not crowds:
            named.append(int(at))
    return [style.word(style.shorter(each)) if at in named else "" for at, each in enumerate(part[name])]


def _bar_length(placed: pd.DataFrame) -> int:
    """A round number of metres, about a fifth of the width."""
    width = float(placed["easting"].max() - placed["easting"].min()) if len(placed) else 0.0
    return next((length for length in (50_000, 20_000, 10_000, 5_000, 2_000, 1_000) if length <= width / 4), 500)


def _corner(placed: pd.DataFrame) -> tuple[float, float]:
    """Left, and a little lower than the lowest school."""
    low, high = float(placed["northing"].min()), float(placed["northing"].max())
    return float(placed["easting"].min()), low - 0.06 * (high - low)


def _scale(placed: pd.DataFrame) -> list[dict[str, object]]:
    if placed.empty:
        return []
    left, low = _corner(placed)
    line = {"color": style.INK, "width": 2}
    return [{"type": "line", "x0": left, "x1": left + _bar_length(placed), "y0": low, "y1": low, "line": line}]


def _scale_words(placed: pd.DataFrame) -> list[dict[str, object]]:
    if placed.empty:
        return []
    left, low = _corner(placed)
    words = f"{style.amount(_bar_length(placed) / 1000)} km"
    return [{"x": left, "y": low, "text": words, "showarrow": False, "xanchor": "left", "yanchor": "bottom"}]


def _alt(groups: list[tuple[str, pd.DataFrame]], without_place: int, unit: str) -> str:
    parts = ", ".join(f"{len(part)} {group[:1].lower() + group[1:]}" for group, part in groups if len(part))
    missing = f"; {without_place} without a place are not on it" if without_place else ""
    return f"Map of schools by {unit}: {parts or 'none'}{missing}."
