"""What each has in hand against what each can carry: a bar for each worker, with a mark where the post is full."""

import pandas as pd

from charts import style
from charts.style import Chart


def against_capacity(frame: pd.DataFrame, *, label: str, value: str, capacity: str, unit: str) -> Chart:
    """A bar of `value` for each row, from the top in the order of the frame, and a mark at its `capacity` where that is
    known. `unit` says what is counted.
    """
    names = frame[label].astype(str).tolist()
    places = list(range(len(frame)))
    held, full = style.numbers(frame[value]), style.numbers(frame[capacity])
    said = [
        f"{style.word(name)}: {style.amount(number or 0)}" + (f" of {style.amount(most)}" if most is not None else "")
        for name, number, most in zip(names, held, full, strict=True)
    ]
    bars = {
        "type": "bar",
        "orientation": "h",
        "name": style.word(unit),
        # Places, not names: two may be called the same.
        "y": places,
        "x": held,
        "marker": {"color": style.NAVY},
        "hoverinfo": "text",
        "hovertext": said,
    }
    marks = {
        "type": "scatter",
        "mode": "markers",
        "name": "Full at",
        "y": places,
        "x": full,
        "marker": {"symbol": "line-ns", "size": 22, "line": {"width": 4, "color": style.ORANGE}},
        "hoverinfo": "skip",
    }
    drawn = style.figure(
        [bars, marks],
        height=110 + 30 * len(frame),
        subtitle=unit,
        xaxis=style.axis(rangemode="tozero", showgrid=True, gridcolor=style.GRID_LINE, nticks=8),
        yaxis=style.axis(tickvals=places, ticktext=style.words(map(style.shorter, names)), autorange="reversed"),
        showlegend=True,
        legend=style.legend() | {"y": -0.12, "yanchor": "top", "itemclick": False},
    )
    return Chart(drawn, _alt(frame, label, value, capacity, unit))


def _alt(frame: pd.DataFrame, label: str, value: str, capacity: str, unit: str) -> str:
    if frame.empty:
        return f"Bar chart of {unit}, without any figures."
    over = frame[frame[value].gt(frame[capacity]).fillna(False)]
    named = f": {', '.join(over[label].astype(str))}" if len(over) else ""
    return f"Bar chart of {unit} against what each carries, {len(frame)} rows; above it: {len(over)}{named}."
