"""What became of something: one bar for each category, in parts by status. Permanent exclusions: decided and upheld."""

from collections.abc import Sequence

import pandas as pd

from charts import style
from charts.style import Chart


def stacked_status(
    frame: pd.DataFrame, *, category: str, status: str, count: str, statuses: Sequence[str], unit: str
) -> Chart:
    """A bar for each `category` in the order of the frame, in parts of `count` for each of `statuses` in order.

    A status that nothing has is left out, and each keeps its colour.
    """
    assert len(statuses) <= len(style.PALETTE), "more statuses than colours"
    wide = frame.pivot_table(index=category, columns=status, values=count, aggfunc="sum", sort=False, observed=True)
    wide = wide.reindex(columns=list(statuses)).fillna(0)
    names = [str(name) for name in wide.index]
    traces = [_trace(names, each, wide[each], number) for number, each in enumerate(statuses) if wide[each].any()]
    drawn = style.figure(
        traces,
        # On a narrow screen the legend takes a line for each of its words.
        height=110 + 44 * len(names) + 22 * len(traces),
        subtitle=unit,
        barmode="stack",
        xaxis=style.axis(visible=False, rangemode="tozero"),
        yaxis=style.axis(type="category", autorange="reversed"),
        showlegend=True,
        legend=style.legend() | {"y": -0.05, "yanchor": "top", "itemclick": False},
    )
    return Chart(drawn, _alt(wide, unit))


def _trace(names: list[str], status: str, counts: pd.Series, number: int) -> dict[str, object]:
    colour = style.PALETTE[number]
    return {
        "type": "bar",
        "orientation": "h",
        "name": style.word(status),
        "y": style.words(map(style.shorter, names)),
        "x": style.numbers(counts),
        "text": [style.amount(figure) if figure else "" for figure in counts],
        "textposition": "inside",
        "insidetextanchor": "middle",
        "textangle": 0,
        "constraintext": "none",  # a narrow part has a number that can be read too
        "textfont": {"color": style.on(colour)},
        "marker": {"color": colour, "line": {"color": style.PAPER, "width": 1}},
        "hoverinfo": "text",
        "hovertext": [
            f"{style.word(name)}, {style.word(status)}: {style.amount(figure)}"
            for name, figure in zip(names, counts, strict=True)
        ],
    }


def _alt(wide: pd.DataFrame, unit: str) -> str:
    parts = "; ".join(f"{name}: {style.listed(wide.columns, row)}" for name, row in wide.iterrows())
    return f"Stacked bar chart of {unit}. {parts or 'No figures'}."
