"""Schools beside what chance explains: the more is expected of one, the nearer to the average chance leaves it."""

from math import log10

import numpy as np
import pandas as pd

from analysis.targeting.funnel import Place
from charts import style
from charts.style import Chart

_LINES = {
    "highest": ("solid", "1 school in<br>1,000 lies above<br>by chance", "bottom"),
    "high": ("dash", "1 in 40 lies<br>above by<br>chance", "top"),
    "low": ("dash", "", ""),
    "lowest": ("solid", "", ""),
}
"""How each limit is drawn, and what stands at the end of those above the average."""
_LOOKS = {
    str(Place.INSIDE): (style.REST, "circle", 8),
    str(Place.BELOW): (style.NAVY, "circle", 8),
    str(Place.ABOVE): (style.NAVY, "circle", 9),
    str(Place.FAR_ABOVE): (style.PLUM, "diamond", 12),
}
"""Colour, shape and size by place, what lies on top last."""
_FEW, _MANY = (1, 2, 5), (1, 1.5, 2, 3, 4, 5, 7)
"""The first digits of the ticks of an axis over more than a decade, and over less."""
_HEIGHT, _ROOM = 460, 104
"""Pixels: of the chart, and beside it for the words at the ends of lines."""
_NAMED, _LETTERS, _WIDTH = 8, 30, 15
"""At most so many names, each of at most so many letters, in lines of about so many."""
_LETTER, _LINE, _EDGE = 0.03, 0.042, 0.03
"""A letter and the free margin as shares of the width on a phone (220 pixels), a line as a share of the height."""

_HOVER = 40
"""Letters in a line of what is said of a point: as many as a phone has room for."""

Box = tuple[float, float, float, float]
"""Left, right, bottom and top, as shares of the plot."""


def funnel(
    frame: pd.DataFrame,
    lines: pd.DataFrame,
    *,
    name: str,
    value: str,
    expected: str,
    said: str,
    place: str,
    small: str,
    key: str,
    unit: str,
    across: str,
) -> Chart:
    """A point for each row, `value` times the average by what is `expected`, and the limits of chance as lines.

    Rows of the place far above (`place` holds a Place) are named where there is room, the first rows first; `small`
    ones are hollow: one child can move them. A point carries its `key`. `lines` has `expected, lowest, low, high,
    highest`. `unit` says what goes up, `across` what goes to the right.
    """
    top = _top(frame[value], lines)
    named = _named(frame, name, value, expected, place, top, _log_range(lines["expected"]))
    points = [
        _points(part, each, named, name, value, expected, said, small, key)
        for each in _LOOKS
        if len(part := frame[frame[place].eq(each)])
    ]
    drawn = style.figure(
        [_limit(lines, line, dash) for line, (dash, _, _) in _LINES.items()] + points,
        height=_HEIGHT,
        subtitle=unit,
        margin={"l": 8, "r": _ROOM, "t": 48, "b": 24},
        annotations=[
            _end(lines, line, words, side) for line, (_, words, side) in _LINES.items() if words and len(lines)
        ],
        shapes=[_average()],
        xaxis=style.axis(
            type="log",
            range=_log_range(lines["expected"]),
            **_ticks(lines["expected"]),
            title={"text": style.word(across), "font": {"size": 14}},
            showline=True,
            linecolor=style.GRID_LINE,
        ),
        yaxis=style.axis(range=[-0.02 * top, top], ticksuffix="×", showgrid=True, gridcolor=style.GRID_LINE),
    )
    return Chart(drawn, _alt(frame, name, value, place, unit))


def _top(values: pd.Series, lines: pd.DataFrame) -> float:
    """The end of the axis: above every point, and above both limits where most is expected."""
    ends = lines["highest"].iloc[-1:] if len(lines) else []
    return max([3.0, *(1.08 * float(each) for each in (*values, *ends))])


def _log_range(expected: pd.Series) -> list[float]:
    return [log10(expected.min()), log10(expected.max())] if len(expected) else [0.0, 1.0]


def _ticks(expected: pd.Series) -> dict[str, object]:
    wide = len(expected) and expected.max() > 10 * expected.min()
    ticks = [digit * 10.0**power for power in range(-2, 4) for digit in (_FEW if wide else _MANY)]
    return {"tickvals": ticks, "ticktext": [f"{tick:,g}" for tick in ticks]}


def _limit(lines: pd.DataFrame, line: str, dash: str) -> dict[str, object]:
    there = lines[line].where(lines[line] > 0)  # where nothing can lie below, there is no lower limit
    return {
        "type": "scatter",
        "mode": "lines",
        "x": style.numbers(lines["expected"]),
        "y": style.numbers(there),
        "line": {"color": style.INK, "width": 1.5, "dash": dash},
        "hoverinfo": "skip",
    }


def _average() -> dict[str, object]:
    line = {"color": style.INK, "width": 1}
    return {"type": "line", "xref": "paper", "x0": 0, "x1": 1, "y0": 1, "y1": 1, "line": line, "layer": "below"}


def _end(lines: pd.DataFrame, line: str, words: str, side: str) -> dict[str, object]:
    """The words at the right end of a limit: the outer's go up from it and the inner's down, for the ends are close."""
    at = {"xref": "paper", "x": 1, "xanchor": "left", "xshift": 6, "y": float(lines[line].iloc[-1])}
    return at | {"yanchor": side, "text": words, "align": "left", "showarrow": False, "font": {"size": 13}}


def _points(
    part: pd.DataFrame,
    place: str,
    named: dict[int, str],
    name: str,
    value: str,
    expected: str,
    said: str,
    small: str,
    key: str,
) -> dict[str, object]:
    colour, symbol, size = _LOOKS[place]
    return {
        "type": "scatter",
        "mode": "markers+text",
        "x": style.numbers(part[expected]),
        "y": style.numbers(part[value]),
        "text": [_label(row) if at in named else "" for at, row in part[name].items()],
        "textposition": [named.get(at, "middle right") for at in part.index],
        "textfont": {"size": 12},
        "customdata": part[key].tolist(),
        "marker": {
            "symbol": [f"{symbol}-open" if each else symbol for each in part[small]],
            "color": colour,
            "size": size,
            "opacity": 0.8,
            "line": {"width": 1.5, "color": colour},
        },
        # What is clicked on is said below the chart; the others need not fade.
        "unselected": {"marker": {"opacity": 0.8}, "textfont": {"color": style.INK}},
        "hoverinfo": "text",
        "hovertext": [
            style.wrapped(f"{school}: {words}", _HOVER) for school, words in zip(part[name], part[said], strict=True)
        ],
    }


def _label(name: object) -> str:
    return style.wrapped(style.shorter(name, _LETTERS), _WIDTH)


def _named(
    frame: pd.DataFrame, name: str, value: str, expected: str, place: str, top: float, ends: list[float]
) -> dict[int, str]:
    """On which side of its point the name of a row stands, by the row's label; over no other name or point."""
    low, high = ends
    across = (np.log10(frame[expected].astype("float64")) - low) / ((high - low) or 1.0)
    points = list(zip(across, frame[value].astype("float64") / top, strict=True))
    sides: dict[int, str] = {}
    taken: list[Box] = []
    for (at, row), (x, y) in zip(frame.iterrows(), points, strict=True):
        if row[place] != str(Place.FAR_ABOVE) or len(sides) == _NAMED:
            continue
        others = [*taken, *((a, a, b, b) for a, b in points if (a, b) != (x, y))]
        for side, box in _boxes(_label(row[name]), x, y).items():
            inside = box[0] > 0 and box[1] < 1 and box[2] > 0 and box[3] < 1
            if inside and not any(_meet(box, one) for one in others):
                sides[int(at)] = side
                taken.append(box)
                break
    return sides


def _boxes(label: str, x: float, y: float) -> dict[str, Box]:
    """The room that a label takes on each side of a point."""
    rows = label.split("<br>")
    width, height = _LETTER * max(map(len, rows)), _LINE * len(rows)
    middle, above = (y - height / 2, y + height / 2), (y + _LINE / 2, y + _LINE / 2 + height)
    return {
        "middle right": (x + _EDGE, x + _EDGE + width, *middle),
        "middle left": (x - _EDGE - width, x - _EDGE, *middle),
        "top center": (x - width / 2, x + width / 2, *above),
    }


def _meet(one: Box, other: Box) -> bool:
    """Whether two boxes lie over each other, with a little room between them."""
    across = one[0] < other[1] + _EDGE / 2 and other[0] < one[1] + _EDGE / 2
    return across and one[2] < other[3] + _LINE / 4 and other[2] < one[3] + _LINE / 4


def _alt(frame: pd.DataFrame, name: str, value: str, place: str, unit: str) -> str:
    if frame.empty:
        return f"Funnel chart of {unit}, without any figures."
    counts = {each: int(frame[place].eq(str(each)).sum()) for each in Place}
    parts = (
        f"{counts[Place.FAR_ABOVE]} above the outer limit, {counts[Place.ABOVE]} between the limits above the average"
    )
    far = frame[frame[place].eq(str(Place.FAR_ABOVE))].head(3)
    first = f"; first {style.listed(far[name], far[value])}" if len(far) else ""
    return f"Funnel chart of {len(frame)} schools by {unit}: {parts}{first}."
