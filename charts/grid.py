"""What came from whom and when: schools down the side, terms along the top, a sign in each cell."""

from collections.abc import Mapping
from dataclasses import dataclass

import pandas as pd

from charts import style
from charts.style import Chart


@dataclass(frozen=True)
class Sign:
    """How one status is drawn: a sign that reads without colour, the words for it, and a light fill."""

    sign: str
    words: str
    fill: str


def grid(frame: pd.DataFrame, *, row: str, column: str, status: str, signs: Mapping[str, Sign]) -> Chart:
    """A cell for each pair of `row` and `column` (both in the order of the frame) with the sign of its `status`.

    Every status is a key of `signs`. A pair that the frame does not have is left empty.
    """
    codes = {name: number for number, name in enumerate(signs)}
    wide = frame.assign(code=frame[status].map(codes).astype("float64")).pivot_table(
        index=row, columns=column, values="code", sort=False, observed=True
    )
    rows, columns = [str(name) for name in wide.index], [str(name) for name in wide.columns]
    order = list(signs)
    cells = [[None if pd.isna(code) else order[int(code)] for code in line] for line in wide.to_numpy()]
    drawn = style.figure(
        [_trace(rows, columns, cells, signs)],
        height=142 + 24 * len(rows),
        subtitle="   ".join(f"{sign.sign} {sign.words}" for sign in signs.values()),
        xaxis=style.axis(
            side="top",
            tickvals=list(range(len(columns))),
            ticktext=style.words(columns),
            # Terms stand upright where there is no room for them side by side.
            tickangle=None,
            autotickangles=[0, -90],
        ),
        yaxis=style.axis(
            tickvals=list(range(len(rows))),
            ticktext=style.words(map(style.shorter, rows)),
            autorange="reversed",
        ),
    )
    drawn["layout"]["margin"]["t"] = 108  # the terms may stand upright under the subtitle
    return Chart(drawn, _alt(frame[status], signs, len(rows), len(columns)))


def _trace(
    rows: list[str], columns: list[str], cells: list[list[str | None]], signs: Mapping[str, Sign]
) -> dict[str, object]:
    codes = {name: number for number, name in enumerate(signs)}
    return {
        "type": "heatmap",
        "x": list(range(len(columns))),
        "y": list(range(len(rows))),
        "z": [[None if cell is None else codes[cell] for cell in line] for line in cells],
        "zmin": -0.5,
        "zmax": len(signs) - 0.5,
        "colorscale": _steps([sign.fill for sign in signs.values()]),
        "showscale": False,
        "xgap": 2,
        "ygap": 2,
        "text": [["" if cell is None else signs[cell].sign for cell in line] for line in cells],
        "texttemplate": "%{text}",
        "textfont": {"color": style.ALWAYS_DARK, "size": 13},
        "hoverinfo": "text",
        "hovertext": [
            [
                f"{style.word(name)}, {style.word(when)}: {style.word(signs[cell].words) if cell else 'nothing'}"
                for when, cell in zip(columns, line, strict=True)
            ]
            for name, line in zip(rows, cells, strict=True)
        ],
    }


def _steps(fills: list[str]) -> list[list[object]]:
    """A colour scale in steps: one flat colour for each code."""
    width = 1 / len(fills)
    return [[edge, fill] for number, fill in enumerate(fills) for edge in (number * width, (number + 1) * width)]


def _alt(statuses: pd.Series, signs: Mapping[str, Sign], rows: int, columns: int) -> str:
    counts = statuses.value_counts()
    parts = ", ".join(f"{counts[name]} {sign.words}" for name, sign in signs.items() if counts.get(name, 0))
    return f"Grid of {rows} rows by {columns} columns: {parts or 'no cells'}."
