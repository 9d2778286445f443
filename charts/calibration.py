"""Chances that were given beside how often they came true: on the line they were right."""

import pandas as pd

from charts import style
from charts.style import Chart

_LARGEST, _SMALLEST = 26.0, 8.0


def calibration(
    frame: pd.DataFrame, *, said: str, came_true: str, low: str, high: str, number: str, unit: str
) -> Chart:
    """A point for each row of shares (0 to 1), larger where it is of more, with the range of what came true.

    Rows without figures are left out. `unit` says what came true, such as `above average in the next year`.
    """
    known = frame.dropna(subset=[said, came_true, low, high])
    percents = {column: [100 * float(value) for value in known[column]] for column in (said, came_true, low, high)}
    drawn = style.figure(
        [_right(), _points(percents, said, came_true, low, high, [int(each) for each in known[number]])],
        height=440,
        subtitle=f"{unit}, %",
        xaxis=_percent("chance that we gave, %"),
        yaxis=_percent(""),
        annotations=[_label()],
    )
    return Chart(drawn, _alt(percents[said], percents[came_true], unit))


def _right() -> dict[str, object]:
    ends = [0.0, 100.0]
    line = {"color": style.REST, "dash": "dash", "width": 2}
    return {"type": "scatter", "mode": "lines", "x": ends, "y": ends, "line": line, "hoverinfo": "skip"}


def _label() -> dict[str, object]:
    place = {"x": 100, "y": 0, "xanchor": "right", "yanchor": "bottom", "showarrow": False}
    return place | {"text": "dashed line: exactly as we said", "font": {"color": style.INK}}


def _points(
    percents: dict[str, list[float]], said: str, came_true: str, low: str, high: str, numbers: list[int]
) -> dict[str, object]:
    most = max(numbers, default=1)
    rows = zip(percents[said], percents[came_true], percents[low], percents[high], numbers, strict=True)
    return {
        "type": "scatter",
        "mode": "markers",
        "x": percents[said],
        "y": percents[came_true],
        "cliponaxis": False,
        "marker": {
            "color": style.NAVY,
            "opacity": 1,
            "size": [_SMALLEST + (_LARGEST - _SMALLEST) * (each / most) ** 0.5 for each in numbers],
            "line": {"color": style.PAPER, "width": 1},
        },
        "error_y": {
            "type": "data",
            "symmetric": False,
            "array": [end - middle for middle, end in zip(percents[came_true], percents[high], strict=True)],
            "arrayminus": [middle - start for middle, start in zip(percents[came_true], percents[low], strict=True)],
            "color": style.NAVY,
            "thickness": 2,
            "width": 0,
        },
        "hoverinfo": "text",
        "hovertext": [
            f"said {x:.0f}%, came true {y:.0f}% (range {start:.0f}% to {end:.0f}%), {number:,} school-years"
            for x, y, start, end, number in rows
        ],
    }


def _percent(title: str) -> dict[str, object]:
    ticks = {"tickvals": [0, 20, 40, 60, 80, 100], "showgrid": True, "gridcolor": style.GRID_LINE}
    return style.axis(range=[0, 100], title={"text": title}, **ticks)


def _alt(said: list[float], came_true: list[float], unit: str) -> str:
    if not said:
        return f"Points of chances given and how many schools were {unit}, without any figures."
    pairs = [f"{x:.0f}% said, {y:.0f}% came true" for x, y in zip(said, came_true, strict=True)]
    return (
        f"Points of chances given and how many schools were {unit}, beside the line of being right: {'; '.join(pairs)}."
    )
