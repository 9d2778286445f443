"""Where schools are: points on the national grid, without any map from the internet."""

from collections.abc import Sequence

import numpy as np
import pandas as pd

from charts import style
from charts.style import Chart

_NO_FIGURE = "No figure"
_NAMED, _LETTERS = 8, 24
"""At most so many names, each of at most so many letters."""
_LETTER, _LINE, _EDGE = 0.021, 0.065, 0.05
"""A letter, a line and the free margin, as shares of the map's longer side on a phone (270 pixels)."""
_SYMBOLS = ("circle", "diamond", "square")


def school_map(
    frame: pd.DataFrame, *, name: str, value: str, band: str, bands: Sequence[str], unit: str, said: str = ""
) -> Chart:
    """A point for each school that has `easting` and `northing` (metres), as large as its `headcount`.

    Colour and shape tell `band`, one of at most three `bands` from the highest down; the largest in the highest are
    named. `said` is the column of what a school's figure is in words, such as with the counts that it is of. A school
    in no band is an open point. Schools without a place are left out, and the text alternative says how many.
    """
    assert len(bands) <= len(_SYMBOLS), "more than three bands cannot be told apart"
    placed = frame.dropna(subset=["easting", "northing"])
    groups = [(each, placed[placed[band].eq(each)]) for each in bands]
    groups.append((_NO_FIGURE, placed[~placed[band].isin(list(bands))]))
    traces = [
        _trace(group, part, name, (said or value, value), number)
        for number, (group, part) in enumerate(groups)
        if len(part)
    ]
    if len(groups[0][1]):
        traces[0] |= _names(groups[0][1], name, placed)
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


def _trace(group: str, part: pd.DataFrame, name: str, figures: tuple[str, str], number: int) -> dict[str, object]:
    is_band = group != _NO_FIGURE
    colour = style.SEQUENCE[number % len(style.SEQUENCE)] if is_band else style.REST
    return {
        "type": "scatter",
        "mode": "markers",
        "name": style.word(group),
        "legendrank": number,
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
            f"{style.word(school)}: {_NO_FIGURE.lower() if pd.isna(figure) else _said(words)}"
            for school, words, figure in zip(part[name], *(part[each] for each in figures), strict=True)
        ],
    }


def _said(figure: str | float) -> str:
    return style.word(figure) if isinstance(figure, str) else style.amount(figure)


def _names(part: pd.DataFrame, name: str, placed: pd.DataFrame) -> dict[str, object]:
    """What a trace of the schools in `part` needs to name the largest, each on a side where its name is clear."""
    names = [style.shorter(each, _LETTERS) for each in part[name]]
    sides = _sides(_shares(part, placed), [len(each) * _LETTER for each in names], part["headcount"])
    return {
        "mode": "markers+text",
        "text": [style.word(each) if at in sides else "" for at, each in enumerate(names)],
        "textposition": [sides.get(at, "top right") for at in range(len(names))],
        "textfont": {"size": 12},
    }


def _shares(part: pd.DataFrame, placed: pd.DataFrame) -> list[tuple[float, float]]:
    """Each school's place from the map's south-west corner, as shares of its longer side."""
    east, north = placed["easting"], placed["northing"]
    longer = max(float(np.ptp(east)), float(np.ptp(north))) or 1.0
    return list(zip((part["easting"] - east.min()) / longer, (part["northing"] - north.min()) / longer, strict=True))


def _sides(places: list[tuple[float, float]], widths: list[float], headcounts: pd.Series) -> dict[int, str]:
    """On which side of its point the name of a school stands, by its place in the list: at most `_NAMED`, the largest
    first, none over another name or point and none cut off at the edge; towards the middle where both sides are free.
    """
    sides: dict[int, str] = {}
    taken: list[tuple[float, float, float]] = []
    for at in headcounts.fillna(0).to_numpy().argsort(kind="stable")[::-1]:
        (east, north), width = places[at], widths[at]
        starts = {"top right": east, "top left": east - width}
        for side in sorted(starts, reverse=east < 0.5):
            start, end = starts[side], starts[side] + width
            clear = all(abs(north - y) >= _LINE or end <= left or start >= right for left, right, y in taken)
            clear &= not any(start < x < end and 0 <= y - north < _LINE for x, y in places if (x, y) != places[at])
            if clear and start >= -_EDGE and end <= 1 + _EDGE and len(sides) < _NAMED:
                sides[int(at)] = side
                taken.append((start, end, north))
                break
    return sides


def _sizes(headcounts: pd.Series) -> list[float]:
    """Diameters in pixels, so that area follows the number of pupils: 9 for up to 100, 32 for 2,000."""
    return [max(9.0, min(32.0, 0.72 * float(number) ** 0.5)) for number in headcounts.fillna(0)]


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
