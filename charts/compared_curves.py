"""Shares over time for a few groups: a line with its range for each, and how many are followed until then."""

from collections.abc import Hashable, Sequence

import pandas as pd

from charts import style
from charts.style import Chart


def compared_curves(
    frame: pd.DataFrame,
    *,
    group: str,
    time: str,
    share: str,
    low: str,
    high: str,
    followed: str,
    unit: str,
    times: Sequence[int],
    time_unit: str,
) -> Chart:
    """`share` (percent) over `time` with a line and a band from `low` to `high` for each `group`.

    Under each of `times` stands how many of each group were `followed` until then.
    """
    known = frame.dropna(subset=[share, low, high])
    lines = {name: part.sort_values(time) for name, part in known.groupby(group, sort=False, observed=True)}
    traces = []
    for number, (name, part) in enumerate(lines.items()):
        traces += [
            _band(part, number, time, low, high),
            _line(part, name, number, [time, share, low, high, followed], time_unit),
        ]
    drawn = style.figure(
        traces,
        height=330 + 22 * len(lines),
        subtitle=unit,
        annotations=_followed(lines, time, followed, times),
        legend=style.legend(),
        xaxis=style.axis(
            tickvals=[0, *times],
            ticktext=["Start", *(f"{each} {time_unit}" for each in times)],
            range=[-0.3, max(times) * 1.04],
            showline=True,
            linecolor=style.INK,
        ),
        yaxis=style.axis(range=[0, 102], ticksuffix="%", showgrid=True, gridcolor=style.GRID_LINE, nticks=6),
    )
    drawn["layout"]["showlegend"] = len(lines) > 1
    drawn["layout"]["margin"] |= {"t": 76, "b": 40 + 22 * (len(lines) + 1)}
    return Chart(drawn, _alt(lines, time, share, low, high, unit, time_unit))


def _line(part: pd.DataFrame, name: Hashable, number: int, columns: list[str], time_unit: str) -> dict[str, object]:
    time, share = columns[:2]
    colour = style.PALETTE[number % len(style.PALETTE)]
    return {
        "type": "scatter",
        "mode": "lines+markers" if len(part) < 6 else "lines",
        "name": style.word(name),
        "x": style.numbers(part[time]),
        "y": style.numbers(part[share]),
        "line": {"color": colour, "width": 3, "dash": style.DASHES[number % len(style.DASHES)]},
        "marker": {"color": colour, "size": 8, "symbol": style.SYMBOLS[number % len(style.SYMBOLS)]},
        "hoverinfo": "text",
        "hovertext": [
            f"{style.word(name)}, {style.amount(at)} {time_unit}: {value:.1f}% (range {least:.1f}% to {most:.1f}%), "
            f"{int(still)} followed"
            for at, value, least, most, still in part[columns].itertuples(index=False)
        ],
    }


def _band(part: pd.DataFrame, number: int, time: str, low: str, high: str) -> dict[str, object]:
    there, back = style.numbers(part[time]), style.numbers(part[time])[::-1]
    return {
        "type": "scatter",
        "mode": "lines",
        "x": [*there, *back],
        "y": [*style.numbers(part[high]), *style.numbers(part[low])[::-1]],
        "fill": "toself",
        "fillcolor": style.PALETTE[number % len(style.PALETTE)],
        "opacity": 0.16,
        "line": {"width": 0},
        "hoverinfo": "skip",
        "showlegend": False,
    }


def _followed(
    lines: dict[Hashable, pd.DataFrame], time: str, followed: str, times: Sequence[int]
) -> list[dict[str, object]]:
    """How many are still followed, a row for each group under the times."""
    if not lines:
        return []
    place = {"xref": "x", "yref": "paper", "y": 0, "showarrow": False, "yanchor": "top"}
    said = [place | {"x": 0, "xanchor": "left", "yshift": -26, "text": "Still followed", "font": {"color": style.INK}}]
    for number, (name, part) in enumerate(lines.items()):
        colour = style.readable(style.PALETTE[number % len(style.PALETTE)])
        under = {"yshift": -26 - 22 * (number + 1), "font": {"color": colour}}
        still = part.set_index(time)[followed]
        said.append(place | under | {"x": 0, "xanchor": "left", "text": style.word(style.shorter(name, 26))})
        said += [
            place | under | {"x": each, "xanchor": "center", "text": f"{int(still[each])}"}
            for each in times
            if each in still
        ]
    return said


def _alt(
    lines: dict[Hashable, pd.DataFrame], time: str, share: str, low: str, high: str, unit: str, time_unit: str
) -> str:
    parts = [
        f"{name} {last[share]:.0f}% (range {last[low]:.0f}% to {last[high]:.0f}%) after "
        f"{style.amount(last[time])} {time_unit}"
        for name, part in lines.items()
        for last in [part.iloc[-1]]
    ]
    return f"Curves of {unit}: {'; '.join(parts) or 'no figures'}."
