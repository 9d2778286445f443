"""Where every school lies among those of its phase: a strip for each phase, a point for each school."""

import pandas as pd

from charts import style
from charts.style import Chart

_ROW = 130  # pixels
_LANE, _STACK = 0.085, 0.62  # of a row: the step from point to point, and the most that a stack of them takes
_BINS = 90  # across the plot: points of one bin lie one above the other


def school_strips(
    frame: pd.DataFrame, *, name: str, value: str, said: str, phase: str, small: str, unit: str, withheld: str = ""
) -> Chart:
    """A strip for each `phase` in the order of the frame, with a point for each row that has a `value`.

    The middle of each strip is marked, and its highest school that is not `small` is named with what is `said` of it.
    Small ones are hollow: one child can move them. A strip with `withheld` rows says how many, and has no middle.
    """
    known = frame.dropna(subset=[value])
    hidden = frame.groupby(phase, sort=False, observed=True)[withheld].sum().to_dict() if withheld else {}
    strips = [(str(each), part) for each, part in known.groupby(phase, sort=False, observed=True)]
    highest = float(known[value].max()) if len(known) else 1.0
    traces = [_points(part, place, name, value, said, small, highest) for place, (_, part) in enumerate(strips)]
    whole = {place: part for place, (each, part) in enumerate(strips) if not hidden.get(each)}
    notes = [
        note for place, (_, part) in enumerate(strips) for note in _top_note(part, place, name, value, said, small)
    ]
    notes += [_middle_note(float(part[value].median()), place) for place, part in whole.items()]
    ticks = [_tick(each, part[value], int(hidden.get(each, 0))) for each, part in strips]
    drawn = style.figure(
        traces,
        height=100 + _ROW * len(strips),
        subtitle=unit,
        shapes=[_middle(part[value].median(), place) for place, part in whole.items()],
        annotations=notes,
        xaxis=style.axis(range=[-0.02 * highest, highest * 1.04 or 1], showgrid=True, gridcolor=style.GRID_LINE),
        yaxis=style.axis(tickvals=list(range(len(strips))), ticktext=ticks, range=[len(strips) - 0.45, -0.6]),
    )
    return Chart(drawn, _alt(strips, hidden, name, value, small, unit))


def _tick(strip: str, values: pd.Series, withheld: int) -> str:
    """The strip's name, how many points it has, how many lie on top of each other at 0, and how many are not there."""
    none = int(values.eq(0).sum())
    zero = f"<br>{none} with none" if none else ""
    missing = f"<br>{withheld} not shown" if withheld else ""
    return f"{style.word(strip)}<br>{len(values)} school{'s' * (len(values) != 1)}{zero}{missing}"


def _points(
    part: pd.DataFrame, place: int, name: str, value: str, said: str, small: str, highest: float
) -> dict[str, object]:
    return {
        "type": "scatter",
        "mode": "markers",
        "x": style.numbers(part[value]),
        "y": [place + offset for offset in _offsets(part[value], highest)],
        "marker": {
            "symbol": ["circle-open" if each else "circle" for each in part[small]],
            "color": style.NAVY,
            "size": 9,
            "opacity": 0.75,
            "line": {"width": 1.5},
        },
        "hoverinfo": "text",
        "hovertext": [
            f"{style.word(school)}: {style.word(words)}" for school, words in zip(part[name], part[said], strict=True)
        ],
    }


def _offsets(values: pd.Series, highest: float) -> list[float]:
    """How far each point lies from the middle of its strip, so that schools of about one figure make a stack."""
    bins = (values / (highest or 1) * _BINS).round().astype(int)
    stacks = bins.groupby(bins)
    sizes = stacks.transform("size")
    steps = (_STACK / sizes).clip(upper=_LANE)
    return list((stacks.cumcount() - (sizes - 1) / 2) * steps)


def _middle(value: float, place: int) -> dict[str, object]:
    line = {"color": style.ORANGE, "width": 4}
    return {"type": "line", "x0": value, "x1": value, "y0": place - 0.36, "y1": place + 0.36, "line": line}


def _middle_note(middle: float, place: int) -> dict[str, object]:
    words = f"half below {style.amount(middle)}"
    return {"showarrow": False, "y": place, "x": middle, "text": words, "yshift": -54, "xanchor": "left", "xshift": -4}


def _top_note(part: pd.DataFrame, place: int, name: str, value: str, said: str, small: str) -> list[dict[str, object]]:
    top = _top(part, value, small)
    if top is None:
        return []
    words = f"Highest: {style.word(style.shorter(top[name]))}, {style.word(top[said])}"
    # At the right edge, wherever the point is: beside it the words would leave a narrow screen.
    at = {"xref": "paper", "x": 1, "y": place, "yshift": 54, "xanchor": "right"}
    return [{"showarrow": False, "text": words} | at]


def _top(part: pd.DataFrame, value: str, small: str) -> "pd.Series | None":
    firm = part[~part[small]]
    return firm.loc[firm[value].idxmax()] if len(firm) else None


def _alt(
    strips: list[tuple[str, pd.DataFrame]], hidden: dict[object, int], name: str, value: str, small: str, unit: str
) -> str:
    parts = []
    for phase, part in strips:
        top = _top(part, value, small)
        highest = "" if top is None else f", highest {top[name]} with {style.amount(top[value])}"
        missing = int(hidden.get(phase, 0))
        lie = f"{missing} not shown" if missing else f"half below {style.amount(part[value].median())}"
        parts.append(f"{phase}: {len(part)} schools, {lie}{highest}")
    return f"Strips of points of {unit} by phase. {'; '.join(parts) or 'No figures'}."
