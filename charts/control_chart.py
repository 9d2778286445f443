"""A figure term by term on a band of its usual swings: the terms outside them stand out by shape, colour and name."""

import pandas as pd

from charts import style
from charts.style import Chart
from data_model.terms import Period, Term, terms_between, year_label


def control_chart(
    frame: pd.DataFrame,
    *,
    period: str,
    value: str,
    usual: str,
    low: str,
    high: str,
    flagged: str,
    small: str,
    unit: str,
) -> Chart:
    """`value` over the terms (`Period`s, in order) of `frame`, in front of the band from `low` to `high`.

    Line and band are broken where a term between is missing, and the band where it has no limits. Rows with `flagged`
    are marked and their term is named; those with `small` are hollow.
    """
    periods = list(frame[period])
    every = list(terms_between(periods[0].bounds[0], periods[-1].bounds[0])) if periods else []
    rows = frame.set_index(period).reindex(every)
    places = list(range(len(every)))
    known = rows[flagged].eq(True).to_numpy() if every else []
    marked = [place for place in places if known[place]]
    traces = [
        *_band(rows, low, high),
        _line(places, rows[usual], {"color": style.CHARCOAL, "width": 2, "dash": "dot"}),
        _line(places, rows[value], {"color": style.NAVY, "width": 3})
        | {
            "mode": "lines+markers",
            "marker": {
                "color": style.NAVY,
                "size": 9,
                "symbol": ["circle-open" if few is True else "circle" for few in rows[small]],
            },
            "hoverinfo": "text",
            "hovertext": [
                _hover(each, row, value, low, high) for each, (_, row) in zip(every, rows.iterrows(), strict=True)
            ],
        },
        _marks(rows, marked, value),
    ]
    drawn = style.figure(
        traces,
        height=360,
        subtitle=f"{unit}; shaded: usual swings, diamonds: not usual",
        xaxis=style.axis(
            tickvals=[place for place in places if every[place].term is Term.AUT],
            ticktext=[f"Autumn<br>{year_label(each.year)}" for each in every if each.term is Term.AUT],
            range=[-0.5, len(every) - 0.5],
            tickangle=None,
            showline=True,
            linecolor=style.INK,
        ),
        yaxis=style.axis(showgrid=True, gridcolor=style.GRID_LINE, rangemode="tozero", nticks=6),
    )
    return Chart(drawn, _alt(rows, every, marked, value, low, high, unit))


def _line(places: list[int], figures: pd.Series, line: dict[str, object]) -> dict[str, object]:
    return {
        "type": "scatter",
        "mode": "lines",
        "x": places,
        "y": style.numbers(figures),
        "connectgaps": False,
        "line": line,
        "hoverinfo": "skip",
    }


def _band(rows: pd.DataFrame, low: str, high: str) -> list[dict[str, object]]:
    """A filled shape for each stretch of terms that have limits."""
    has = (rows[low].notna() & rows[high].notna()).to_numpy()
    starts = [place for place in range(len(has)) if has[place] and (place == 0 or not has[place - 1])]
    shapes: list[dict[str, object]] = []
    for start in starts:
        end = next((place for place in range(start, len(has)) if not has[place]), len(has))
        there, back = list(range(start, end)), list(range(end - 1, start - 1, -1))
        shapes.append(
            {
                "type": "scatter",
                "mode": "lines",
                "x": there + back,
                "y": style.numbers(rows[high].iloc[start:end]) + style.numbers(rows[low].iloc[start:end])[::-1],
                "fill": "toself",
                "fillcolor": style.GRID_LINE,
                "line": {"width": 0},
                "hoverinfo": "skip",
            }
        )
    return shapes


def _marks(rows: pd.DataFrame, marked: list[int], value: str) -> dict[str, object]:
    return {
        "type": "scatter",
        "mode": "markers",
        "x": marked,
        "y": style.numbers(rows[value].iloc[marked]),
        "marker": {"color": style.PLUM, "size": 13, "symbol": "diamond"},
        "hoverinfo": "skip",
    }


def _hover(period: Period, row: pd.Series, value: str, low: str, high: str) -> str:
    if pd.isna(row[value]):
        return f"{period.label}: no figure"
    said = f"{period.label}: {style.amount(row[value])}"
    return said if pd.isna(row[low]) else f"{said} (usual: {style.amount(row[low])} to {style.amount(row[high])})"


def _alt(rows: pd.DataFrame, every: list[Period], marked: list[int], value: str, low: str, high: str, unit: str) -> str:
    known = rows[value].dropna()
    if known.empty:
        return f"Control chart of {unit}, without any figures."
    first, last = known.index[0], known.index[-1]
    ends = f"from {style.amount(known.iloc[0])} in {first.label} to {style.amount(known.iloc[-1])} in {last.label}"
    if pd.isna(rows[low].iloc[-1]):
        return f"Control chart of {unit}: {ends}, with too few terms for a band of usual swings."
    outside = ", ".join(every[place].label for place in marked)
    band = f"the usual swings of the last are {style.amount(rows[low].iloc[-1])} to {style.amount(rows[high].iloc[-1])}"
    return f"Control chart of {unit}: {ends}; {band}; {f'not usual: {outside}' if outside else 'all terms are usual'}."
