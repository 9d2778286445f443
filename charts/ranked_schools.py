"""The schools with the highest rates, each with its count, and where all the others lie."""

import pandas as pd

from charts import style
from charts.style import Chart


def ranked_schools(
    frame: pd.DataFrame, *, name: str, value: str, count: str, out_of: str, small: str, unit: str, most: int = 20
) -> Chart:
    """The `most` highest rows of `value`, a bar each with its `count` and `out_of`; the rest are points on one line.

    A bar whose row is `small` is hollow and says so: one child can move it. Rows without a figure are left out.
    """
    known = frame.dropna(subset=[value]).sort_values([value, count], ascending=False, kind="stable")
    shown, rest = known.head(most), known.iloc[most:]
    traces = [_bars(shown, name, value, count, out_of, small)]
    ticks = style.words(map(style.shorter, shown[name]))
    if len(rest):
        traces.append(_points(rest, len(shown), name, value))
        ticks.append(
            f"The other {len(rest)} schools" if len(rest) > 1 else style.word(style.shorter(rest[name].iloc[0]))
        )
    highest = float(known[value].max()) if len(known) else 1.0
    drawn = style.figure(
        traces,
        height=80 + 26 * len(ticks),
        subtitle=unit,
        # Room at the end of the longest bar for its words.
        xaxis=style.axis(visible=False, range=[0, highest * 1.45 or 1]),
        yaxis=style.axis(tickvals=list(range(len(ticks))), ticktext=ticks, range=[len(ticks) - 0.4, -0.6]),
    )
    return Chart(drawn, _alt(shown, rest, name, value, unit))


def _bars(shown: pd.DataFrame, name: str, value: str, count: str, out_of: str, small: str) -> dict[str, object]:
    said = [_said(row[value], row[count], row[out_of], row[small]) for row in shown.to_dict("records")]
    hollow = shown[small].tolist()
    return {
        "type": "bar",
        "orientation": "h",
        # Places, not names: two schools may share a name.
        "y": list(range(len(shown))),
        "x": style.numbers(shown[value]),
        "text": said,
        "textposition": "outside",
        "cliponaxis": False,
        "marker": {
            "color": [style.PAPER if each else style.NAVY for each in hollow],
            "line": {"color": style.NAVY, "width": 1.5},
        },
        "hoverinfo": "text",
        "hovertext": [f"{style.word(each)}: {words}" for each, words in zip(shown[name], said, strict=True)],
    }


def _said(rate: float, count: float, out_of: float, is_small: bool) -> str:
    words = f"{style.amount(count)} / {style.amount(out_of)}"
    return f"<b>{style.amount(rate)}</b>  ({words}{', small number' if is_small else ''})"


def _points(rest: pd.DataFrame, place: int, name: str, value: str) -> dict[str, object]:
    return {
        "type": "scatter",
        "mode": "markers",
        "y": [place] * len(rest),
        "x": style.numbers(rest[value]),
        "marker": {"color": style.REST, "size": 10, "opacity": 0.5, "line": {"color": style.INK, "width": 0.5}},
        "hoverinfo": "text",
        "hovertext": [
            f"{style.word(school)}: {style.amount(rate)}" for school, rate in zip(rest[name], rest[value], strict=True)
        ],
    }


def _alt(shown: pd.DataFrame, rest: pd.DataFrame, name: str, value: str, unit: str) -> str:
    if shown.empty:
        return f"Bar chart of schools by {unit}, without any figures."
    first = style.listed(shown[name].head(3), shown[value].head(3))
    others = f" The other {len(rest)} are between {_span(rest[value])}." if len(rest) else ""
    return f"Bar chart of the {len(shown)} schools with the most {unit}, highest first: {first}.{others}"


def _span(values: pd.Series) -> str:
    return f"{style.amount(values.min())} and {style.amount(values.max())}"
