"""Things under each other in the order given: a bar for each figure, with a line over its range."""

import pandas as pd

from charts import style
from charts.style import Chart


def ranges(
    frame: pd.DataFrame, *, label: str, value: str, low: str, high: str, unit: str, focus: str = "", decimals: int = 0
) -> Chart:
    """The rows of `frame` that have a `value`, from the top, each with its range; the one called `focus` stands out.

    The scale starts at 0. `unit` says what the numbers are, which are written with so many `decimals`.
    """
    known = frame.dropna(subset=[value, low, high])
    names = known[label].astype(str).tolist()
    values, lows, highs = ([float(each) for each in known[column]] for column in (value, low, high))
    said = [
        f"{middle:,.{decimals}f} ({start:,.{decimals}f} to {end:,.{decimals}f})"
        for middle, start, end in zip(values, lows, highs, strict=True)
    ]
    most = max([*highs, 1.0])
    trace = {
        "type": "bar",
        "orientation": "h",
        # Places, not names: two may be called the same.
        "y": list(range(len(known))),
        "x": values,
        "width": 0.42,
        "marker": {"color": [style.NAVY if not focus or name == focus else style.REST for name in names]},
        "error_x": {
            "type": "data",
            "symmetric": False,
            "array": [end - middle for middle, end in zip(values, highs, strict=True)],
            "arrayminus": [middle - start for middle, start in zip(values, lows, strict=True)],
            "color": style.ORANGE,
            "thickness": 3,
            "width": 6,
        },
        "hoverinfo": "text",
        "hovertext": [f"{style.word(name)}: {words}" for name, words in zip(names, said, strict=True)],
    }
    # The words stand over each bar, so that the longest has as much room as the shortest, on a phone too.
    notes = [
        {
            "x": 0,
            "y": place,
            "xanchor": "left",
            "yanchor": "bottom",
            "yshift": 11,
            "showarrow": False,
            "align": "left",
            "text": f"{style.word(name)}: <b>{words}</b>",
        }
        for place, (name, words) in enumerate(zip(names, said, strict=True))
    ]
    drawn = style.figure(
        [trace],
        height=90 + 58 * len(known),
        subtitle=unit,
        annotations=notes,
        xaxis=style.axis(range=[0, most * 1.02], showgrid=True, gridcolor=style.GRID_LINE, nticks=6),
        yaxis=style.axis(visible=False, range=[len(known) - 0.6, -0.8]),
    )
    return Chart(drawn, _alt(names, said, unit))


def _alt(names: list[str], said: list[str], unit: str) -> str:
    if not names:
        return f"Bar chart of {unit} with ranges, without any figures."
    return f"Bar chart of {unit} with ranges: {'; '.join(map(' '.join, zip(names, said, strict=True)))}."
