"""Groups under each other: each a point and its range on a scale of ratios, with a line at no difference."""

import math

import pandas as pd

from charts import style
from charts.style import Chart

_TICKS = (0.1, 0.2, 0.25, 0.33, 0.5, 0.67, 1, 1.5, 2, 3, 4, 5, 7, 10, 15, 20, 30)
_FEWEST_TICKS = (0.1, 0.2, 0.5, 1, 2, 5, 10, 20)


def forest(
    frame: pd.DataFrame, *, label: str, section: str, ratio: str, low: str, high: str, clear: str, unit: str
) -> Chart:
    """The rows of `frame` that have a `ratio`, from the top, under the name of each new `section`, which is in bold.

    The scale is logarithmic, so that twice and half as often are as far from the line at 1. Rows with `clear` (the
    range does not touch 1) have a filled point, others a hollow one.
    """
    known = frame.dropna(subset=[ratio, low, high])
    lines = _lines(known, section)
    places = [place for place, line in enumerate(lines) if line is not None]
    figures = {name: [float(value) for value in known[name]] for name in (ratio, low, high)}
    solid = [bool(value) for value in known[clear]]
    trace = {
        "type": "scatter",
        "mode": "markers+text",
        "x": figures[ratio],
        "y": places,
        "text": [f"{style.amount(value)}" for value in figures[ratio]],
        "textposition": "top center",
        "cliponaxis": False,
        "marker": {
            "size": 11,
            "symbol": ["circle" if each else "circle-open" for each in solid],
            "color": style.NAVY,
            "line": {"width": 2, "color": style.NAVY},
        },
        "error_x": {
            "type": "data",
            "symmetric": False,
            "array": [end - value for value, end in zip(figures[ratio], figures[high], strict=True)],
            "arrayminus": [value - start for value, start in zip(figures[ratio], figures[low], strict=True)],
            "color": style.NAVY,
            "thickness": 2,
            "width": 5,
        },
        "hoverinfo": "text",
        "hovertext": _hover(known, label, ratio, low, high),
    }
    least, most = min([*figures[low], 0.8]), max([*figures[high], 1.25])
    names = [f"<b>{style.word(each)}</b>" for each in _sections(known, section)]
    drawn = style.figure(
        [trace],
        height=110 + 30 * len(lines),
        subtitle=unit,
        annotations=[_side("◀ less likely", "right", -8), _side("more likely ▶", "left", 8)],
        shapes=[_no_difference(len(lines))],
        xaxis=style.axis(
            type="log",
            range=[math.log10(least) - 0.05, math.log10(most) + 0.05],
            tickvals=(ticks := _ticks(least, most)),
            ticktext=[f"{tick:g}×" if tick != 1 else "1: as often" for tick in ticks],
            showgrid=True,
            gridcolor=style.GRID_LINE,
        ),
        yaxis=style.axis(
            tickvals=list(range(len(lines))),
            ticktext=_names(known, lines, label, names),
            range=[len(lines) - 0.4, -0.8],
        ),
    )
    return Chart(drawn, _alt(known, label, ratio, low, high, unit))


def _lines(known: pd.DataFrame, section: str) -> list[int | None]:
    """What stands on each line: the place of a row, or None for the name of a section."""
    lines: list[int | None] = []
    before = None
    for place, name in enumerate(known[section].astype(str)):
        if name != before:
            lines.append(None)
        lines.append(place)
        before = name
    return lines


def _sections(known: pd.DataFrame, section: str) -> list[str]:
    names = known[section].astype(str).tolist()
    return [name for place, name in enumerate(names) if place == 0 or names[place - 1] != name]


def _names(known: pd.DataFrame, lines: list[int | None], label: str, sections: list[str]) -> list[str]:
    heading = iter(sections)
    rows = known[label].astype(str).tolist()
    return [next(heading) if line is None else style.word(style.shorter(rows[line])) for line in lines]


def _hover(known: pd.DataFrame, label: str, ratio: str, low: str, high: str) -> list[str]:
    return [
        f"{style.word(name)}: {style.amount(value)} times (range {style.amount(start)} to {style.amount(end)})"
        for name, value, start, end in zip(known[label], known[ratio], known[low], known[high], strict=True)
    ]


def _side(words: str, anchor: str, shift: int) -> dict[str, object]:
    """What it means to be on one side of the line at 1, above it."""
    place = {"x": 0, "y": -0.8, "xanchor": anchor, "yanchor": "bottom", "xshift": shift, "yshift": 2}
    return {"text": words, "showarrow": False, "font": {"color": style.INK}} | place


def _no_difference(lines: int) -> dict[str, object]:
    line = {"color": style.INK, "width": 2, "dash": "dash"}
    return {"type": "line", "x0": 1, "x1": 1, "y0": -0.8, "y1": lines - 0.4, "line": line, "layer": "below"}


def _ticks(least: float, most: float) -> list[float]:
    within = [tick for tick in _TICKS if least <= tick <= most]
    return within if len(within) <= 8 else [tick for tick in _FEWEST_TICKS if least <= tick <= most]


def _alt(known: pd.DataFrame, label: str, ratio: str, low: str, high: str, unit: str) -> str:
    if known.empty:
        return f"Forest plot of {unit}, without any figures."
    first = known.sort_values(ratio, ascending=False, kind="stable").head(3)
    parts = [
        f"{name} {style.amount(value)} ({style.amount(start)} to {style.amount(end)})"
        for name, value, start, end in zip(first[label], first[ratio], first[low], first[high], strict=True)
    ]
    return f"Forest plot of {unit}, {len(known)} groups with ranges around a line at 1: highest {', '.join(parts)}."
