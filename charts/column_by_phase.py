"""A figure by phase, side by side for up to four series: this term and the same days of last year."""

from collections.abc import Hashable

import pandas as pd

from charts import style
from charts.style import Chart


def column_by_phase(frame: pd.DataFrame, *, phase: str, value: str, unit: str, series: str = "") -> Chart:
    """`value` for each `phase` in the order of the frame; with `series`, a column for each of its values, the first in
    the strongest colour. A missing figure leaves a gap that says so.
    """
    phases = list(dict.fromkeys(frame[phase].astype(str)))
    groups = list(frame.groupby(series, sort=False, observed=True)) if series else [("", frame)]
    assert len(groups) <= 4, "more than four series cannot be told apart"
    traces = [_trace(phases, name, part, phase, value, number) for number, (name, part) in enumerate(groups)]
    drawn = style.figure(
        traces,
        height=320,
        subtitle=unit,
        barmode="group",
        bargap=0.3,
        xaxis=style.axis(
            type="category",
            tickvals=style.words(phases),
            ticktext=[_tick(each, groups, phase, value) for each in phases],
            showline=True,
            linecolor=style.INK,
        ),
        yaxis=style.axis(visible=False, rangemode="tozero"),
        showlegend=bool(series),
        legend=style.legend(),
    )
    if series:
        drawn["layout"]["margin"]["t"] = 80  # the legend stands between the subtitle and the columns
    return Chart(drawn, _alt(groups, phase, value, unit))


def _tick(category: str, groups: list[tuple[Hashable, pd.DataFrame]], phase: str, value: str) -> str:
    """The name under a column, and of which series there is no figure: a gap is not 0."""
    without = [str(name) for name, part in groups if part.loc[part[phase].astype(str).eq(category), value].isna().any()]
    if not without:
        return style.wrapped(category)
    # Of many columns the names would lie over each other, and the column that is there says which is not.
    names = len(without) < len(groups) and len(groups[0][1]) <= 4
    of = ": " + ", ".join(without) if names else ""
    return f"{style.wrapped(category)}<br>{style.wrapped(f'no figure{of}')}"


def _trace(
    phases: list[str], name: Hashable, part: pd.DataFrame, phase: str, value: str, number: int
) -> dict[str, object]:
    figures = part.set_index(part[phase].astype(str))[value].reindex(phases)
    texts = ["no figure" if pd.isna(figure) else style.amount(figure) for figure in figures]
    named = f"{style.word(name)}, " if name else ""
    return {
        "type": "bar",
        "name": style.word(name),
        "x": style.words(phases),
        "y": style.numbers(figures),
        "text": texts,
        "textposition": "outside",
        "cliponaxis": False,
        "marker": {
            "color": (style.NAVY, style.ORANGE, style.TEAL, style.PLUM)[number],
            # A second series differs in more than colour.
            "pattern": {
                "shape": ("", "/", ".", "x")[number],
                "fillmode": "overlay",
                "fgcolor": style.PAPER,
                "solidity": 0.2,
            },
        },
        "hoverinfo": "text",
        "hovertext": [f"{named}{style.word(each)}: {text}" for each, text in zip(phases, texts, strict=True)],
    }


def _alt(groups: list[tuple[Hashable, pd.DataFrame]], phase: str, value: str, unit: str) -> str:
    parts = []
    for name, part in groups:
        known = part.dropna(subset=[value])
        parts.append((f"{name}: " if name else "") + (style.listed(known[phase], known[value]) or "no figures"))
    return f"Column chart of {unit} by phase. {'; '.join(parts)}."
