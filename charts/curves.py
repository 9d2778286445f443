"""Cumulative incidence: by each time, the share that has ended in one way, with ranges and numbers at risk."""

from collections.abc import Hashable

import pandas as pd

from charts import style
from charts.style import Chart

MOST = 4
"""Groups in one picture: more cannot be told apart (Analysis Function)."""


def curves(
    frame: pd.DataFrame,
    *,
    group: str,
    time: str,
    share: str,
    low: str,
    high: str,
    at_risk: str,
    mark: str,
    unit: str,
    time_unit: str,
) -> Chart:
    """A line for each `group` (the first MOST) of `share` in percent over `time`, with its range as a band.

    Rows with `mark` are the times that are read out: a point with its words, and under the plot how many were at risk
    then. Rows without are steps between; where there are none, what happened between is not known and the line is
    straight.
    """
    known = frame.dropna(subset=[share, low, high])
    parts = {name: part for name, part in known.groupby(group, sort=False, observed=True) if len(part)}
    parts = dict(list(parts.items())[:MOST])
    columns = [time, share, low, high]
    traces = []
    for number, (name, part) in enumerate(parts.items()):
        marks = part[part[mark].astype(bool)]
        traces += [
            _band(part, number, columns),
            _line(part, number, columns, "linear" if len(marks) == len(part) else "hv"),
            _points(marks, name, number, [*columns, at_risk], time_unit),
        ]
    times = sorted({float(each) for part in parts.values() for each in part.loc[part[mark].astype(bool), time]})
    drawn = style.figure(
        traces,
        height=340 + 22 * len(parts),
        subtitle=unit,
        annotations=_at_risk(parts, time, at_risk, mark, times),
        legend=style.legend(),
        xaxis=style.axis(
            tickvals=[0, *times],
            ticktext=["Start", *(f"{each:g} {time_unit}" for each in times)],
            range=[-0.5, max(times, default=1.0) * 1.05],
            showline=True,
            linecolor=style.INK,
        ),
        yaxis=style.axis(range=[0, 102], ticksuffix="%", showgrid=True, gridcolor=style.GRID_LINE, nticks=6),
    )
    drawn["layout"]["showlegend"] = len(parts) > 1
    drawn["layout"]["margin"] |= {"t": 76, "b": 40 + 22 * (len(parts) + 1)}
    return Chart(drawn, _alt(parts, columns, unit, time_unit))


def _from_start(part: pd.DataFrame, columns: list[str]) -> pd.DataFrame:
    """The rows in the order of time, from nothing at the start on."""
    return pd.concat([pd.DataFrame({column: [0.0] for column in columns}), part[columns].sort_values(columns[0])])


def _line(part: pd.DataFrame, number: int, columns: list[str], shape: str) -> dict[str, object]:
    rows = _from_start(part, columns)
    return {
        "type": "scatter",
        "mode": "lines",
        "x": style.numbers(rows[columns[0]]),
        "y": style.numbers(rows[columns[1]]),
        "line": {"color": style.PALETTE[number], "width": 3, "shape": shape, "dash": style.DASHES[number]},
        "hoverinfo": "skip",
        "showlegend": False,
    }


def _band(part: pd.DataFrame, number: int, columns: list[str]) -> dict[str, object]:
    time, _, low, high = columns
    rows = _from_start(part, columns)
    there, back = style.numbers(rows[time]), style.numbers(rows[time])[::-1]
    return {
        "type": "scatter",
        "mode": "lines",
        "x": [*there, *back],
        "y": [*style.numbers(rows[high]), *style.numbers(rows[low])[::-1]],
        "fill": "toself",
        "fillcolor": style.PALETTE[number],
        "opacity": 0.14,
        "line": {"width": 0},
        "hoverinfo": "skip",
        "showlegend": False,
    }


def _points(marks: pd.DataFrame, name: Hashable, number: int, columns: list[str], time_unit: str) -> dict[str, object]:
    time, share, *_ = columns
    return {
        "type": "scatter",
        "mode": "markers",
        "name": style.word(name),
        "x": style.numbers(marks[time]),
        "y": style.numbers(marks[share]),
        "marker": {"color": style.PALETTE[number], "size": 10, "symbol": style.SYMBOLS[number]},
        "hoverinfo": "text",
        "hovertext": [
            f"{style.word(name)}, {at:g} {time_unit}: {value:.1f}% (range {least:.1f}% to {most:.1f}%), "
            f"{int(still):,} at risk"
            for at, value, least, most, still in marks[columns].itertuples(index=False)
        ],
    }


def _at_risk(
    parts: dict[Hashable, pd.DataFrame], time: str, at_risk: str, mark: str, times: list[float]
) -> list[dict[str, object]]:
    """How many were there and seen up to each time, a row for each group under the plot."""
    if not parts:
        return []
    place = {"xref": "x", "yref": "paper", "y": 0, "showarrow": False, "yanchor": "top"}
    said = [place | {"x": 0, "xanchor": "left", "yshift": -26, "text": "Still there, and followed"}]
    for number, (name, part) in enumerate(parts.items()):
        font = {"color": style.readable(style.PALETTE[number])}
        under = {"yshift": -26 - 22 * (number + 1), "font": font}
        still = part[part[mark].astype(bool)].set_index(time)[at_risk]
        short = str(name).partition(" (")[0]  # what stands in brackets is in the legend
        said.append(place | under | {"x": 0, "xanchor": "left", "text": style.word(style.shorter(short, 16))})
        said += [
            place | under | {"x": each, "xanchor": "center", "text": f"{int(still[each]):,}"}
            for each in times
            if each in still.index
        ]
    return said


def _alt(parts: dict[Hashable, pd.DataFrame], columns: list[str], unit: str, time_unit: str) -> str:
    time, share, low, high = columns
    said = [
        f"{name} {last[share]:.0f}% (range {last[low]:.0f}% to {last[high]:.0f}%) after {last[time]:g} {time_unit}"
        for name, part in parts.items()
        for last in [part.sort_values(time).iloc[-1]]
    ]
    return f"Curves of {unit}: {'; '.join(said) or 'no figures'}."
