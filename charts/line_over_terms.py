"""A figure term by term, one line for each source. A line is broken where there is no figure."""

from collections.abc import Hashable, Mapping, Set

import pandas as pd

from charts import style
from charts.style import Chart
from data_model.terms import Period, Term, terms_between, year_label

_PLOT_HEIGHT, _LINE_OF_TEXT = 230, 18  # pixels, about
_MOST_TICKS = 6


def line_over_terms(
    frame: pd.DataFrame,
    *,
    period: str,
    value: str,
    series: str,
    unit: str,
    small: str = "",
    breaks: Mapping[Period, str] | None = None,
) -> Chart:
    """`value` over the `Period`s in the column `period`, with a line for each distinct `series`, named at its end
    where there are several.

    A period between the first and the last that a series has no figure for breaks its line. So do `breaks`, the periods
    before which a new stretch begins: the axis is cut there, and says why. Points whose column `small` is true are
    hollow.
    """
    cuts = dict(breaks or {})
    periods = _every(sorted(frame[period].unique()))
    place = {each: number for number, each in enumerate(periods)}
    lines = {
        name: part.set_index(period)[value].reindex(periods)
        for name, part in frame.groupby(series, sort=False, observed=True)
    }
    hollow = frame[frame[small].astype(bool)] if small else frame.head(0)
    traces = [
        _trace(place, name, figures, number, cuts, set(hollow.loc[hollow[series].eq(name), period]))
        for number, (name, figures) in enumerate(lines.items())
    ]
    drawn = style.figure(
        traces,
        height=340,
        subtitle=unit,
        shapes=[_cut(place[each]) for each in cuts],
        annotations=(_names(lines, place) if len(lines) > 1 else []) + _reasons(cuts, place),
        xaxis=style.axis(
            tickvals=[number for each, number in place.items() if _tick(each, len(periods))],
            ticktext=[tick for each in periods if (tick := _tick(each, len(periods)))],
            range=[-0.3, len(periods) - 0.7],
            # Years stand aslant where a narrow screen leaves them no room.
            tickangle=None,
            showline=True,
            linecolor=style.INK,
        ),
        yaxis=style.axis(showgrid=True, gridcolor=style.GRID_LINE, rangemode="tozero", nticks=6),
    )
    if len(lines) > 1:
        drawn["layout"]["margin"]["r"] = 24 + 7 * max(len(style.shorter(name, 26)) for name in lines)
    return Chart(drawn, _alt(lines, unit, cuts))


def _every(periods: list[Period]) -> list[Period]:
    """The periods with those in between that are missing, so that a gap is seen as one."""
    if not periods or any(each.term is None for each in periods):
        return periods
    return list(terms_between(periods[0].bounds[0], periods[-1].bounds[0]))


def _cut(place: int) -> dict[str, object]:
    line = {"color": style.CHARCOAL, "width": 1.5, "dash": "dot"}
    return {"type": "line", "x0": place - 0.5, "x1": place - 0.5, "yref": "paper", "y0": 0, "y1": 1, "line": line}


def _reasons(cuts: Mapping[Period, str], place: dict[Period, int]) -> list[dict[str, object]]:
    """Why the axis is cut, to the left of each cut or, where that would leave the plot, to its right."""
    return [
        {"text": style.word(reason), "x": place[each] - 0.5, "yref": "paper", "y": 1 - 0.09 * number}
        | {"showarrow": False, "font": {"size": 12}, "yanchor": "top"}
        | {"xanchor": "right" if place[each] > len(place) / 2 else "left"}
        for number, (each, reason) in enumerate(cuts.items())
    ]


def _trace(
    place: dict[Period, int],
    name: Hashable,
    figures: pd.Series,
    number: int,
    cuts: Mapping[Period, str],
    small: Set[Period],
) -> dict[str, object]:
    colour = style.PALETTE[number % len(style.PALETTE)]
    # A point without a figure at each cut: a line is not drawn across it.
    gaps = [(place[each] - 0.5, float("nan"), each) for each in cuts]
    known = [(float(place[each]), figure, each) for each, figure in figures.items()]
    points = sorted([*known, *gaps], key=lambda point: point[0])
    symbol = style.SYMBOLS[number % len(style.SYMBOLS)]
    symbols = [f"{symbol}-open" if each in small else symbol for _, _, each in points]
    return {
        "type": "scatter",
        "mode": "lines+markers",
        "name": style.word(name),
        "x": [at for at, _, _ in points],
        "y": style.numbers(pd.Series([figure for _, figure, _ in points], dtype="float64")),
        "connectgaps": False,
        "line": {"color": colour, "width": 3, "dash": style.DASHES[number % len(style.DASHES)]},
        "marker": {"color": colour, "size": 8, "symbol": symbols if small else symbol},
        "hoverinfo": "text",
        "hovertext": [
            f"{style.word(name)}, {each.label}: {'no figure' if pd.isna(figure) else style.amount(figure)}"
            f"{' (small number)' if each in small else ''}"
            for _, figure, each in points
        ],
    }


def _names(lines: dict[Hashable, pd.Series], place: dict[Period, int]) -> list[dict[str, object]]:
    """Each line's name beside the place where the line ends, pushed apart where two lines end close together."""
    ends = [
        (float(known.iloc[-1]), place[known.index[-1]], name, number)
        for number, (name, figures) in enumerate(lines.items())
        if len(known := figures.dropna())
    ]
    highest = max((figures.max() for figures in lines.values()), default=0) or 1
    labels, lowest_free = [], float("-inf")
    for height, end, name, number in sorted(ends, key=lambda each: each[0]):
        pixels = height / highest * _PLOT_HEIGHT
        placed_at = max(pixels, lowest_free)
        lowest_free = placed_at + _LINE_OF_TEXT
        labels.append(_label(name, number, end, height, placed_at - pixels))
    return labels


def _label(name: Hashable, number: int, end: int, height: float, lift: float) -> dict[str, object]:
    colour = style.readable(style.PALETTE[number % len(style.PALETTE)])
    place = {"x": end, "y": height, "xanchor": "left", "xshift": 10, "yshift": lift, "showarrow": False}
    return place | {"text": style.word(style.shorter(name, 26)), "font": {"color": colour}}


def _tick(period: Period, periods: int) -> str:
    """What stands under a period; nothing under most of many terms, which would run into each other."""
    if period.term is None:
        return year_label(period.year)
    if periods > _MOST_TICKS:
        return f"{period.term.label}<br>{year_label(period.year)}" if period.term is Term.AUT else ""
    return f"{period.term.label[:3]}<br>{year_label(period.year)}" if period.term is Term.AUT else period.term.label[:3]


def _alt(lines: dict[Hashable, pd.Series], unit: str, cuts: Mapping[Period, str]) -> str:
    parts = [
        f"{name} from {style.amount(known.iloc[0])} in {known.index[0].label} "
        f"to {style.amount(known.iloc[-1])} in {known.index[-1].label}"
        for name, figures in lines.items()
        if len(known := figures.dropna())
    ]
    broken = [f" Broken before {each.label}: {reason}." for each, reason in cuts.items()]
    return f"Line chart of {unit}: {'; '.join(parts) or 'no figures'}.{''.join(broken)}"
