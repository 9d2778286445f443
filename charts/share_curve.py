"""How few schools make up how much: schools from the highest count to the lowest, and the share they add up to."""

import pandas as pd

from charts import style
from charts.style import Chart


def share_curve(
    counts: pd.Series, *, of: str, share: float = 0.5, total: float | None = None, schools: int | None = None
) -> Chart:
    """The running share of the total of `counts` (one for each school), marked where it first reaches `share`.

    `of` says what is counted, such as `suspensions`. `total` and the number of `schools` are more than those
    of `counts` where some are not shown.
    """
    ranked = counts.dropna().sort_values(ascending=False)
    whole = float(ranked.sum()) if total is None else total
    running = [0.0, *(100 * ranked.cumsum() / whole).tolist()] if whole > 0 else [0.0]
    few = next((number for number, percent in enumerate(running) if percent >= 100 * share), len(running) - 1)
    said = f"{few} of {schools or len(ranked)} schools: {running[few]:.0f}% of {of}"
    drawn = style.figure(
        [_line(running, of), _point(few, running[few])],
        height=320,
        subtitle=f"Share of all {of}",
        annotations=[
            {
                "x": few,
                "y": running[few],
                "text": f"<b>{style.word(said)}</b>",
                "showarrow": False,
                "xanchor": "left",
                "yanchor": "top",
                "xshift": 14,
            }
        ],
        xaxis=style.axis(
            title={"text": "Schools, from the most to the fewest", "font": {"size": 14}},
            showline=True,
            linecolor=style.INK,
            rangemode="tozero",
        ),
        yaxis=style.axis(ticksuffix="%", range=[0, 104], showgrid=True, gridcolor=style.GRID_LINE),
    )
    return Chart(drawn, f"Curve of the share of all {of} by number of schools, from the most to the fewest: {said}.")


def _line(running: list[float], of: str) -> dict[str, object]:
    return {
        "type": "scatter",
        "mode": "lines",
        "x": list(range(len(running))),
        "y": running,
        "line": {"color": style.NAVY, "width": 3},
        "fill": "tozeroy",
        "fillcolor": "rgba(18, 67, 109, 0.12)",
        "hoverinfo": "text",
        "hovertext": [
            f"{number} schools: {percent:.0f}% of {style.word(of)}" for number, percent in enumerate(running)
        ],
    }


def _point(few: int, percent: float) -> dict[str, object]:
    marker = {"color": style.ORANGE, "size": 13, "line": {"color": style.INK, "width": 1}}
    return {"type": "scatter", "mode": "markers", "x": [few], "y": [percent], "marker": marker, "hoverinfo": "skip"}
