"""Things in order of a figure, the highest at the top: schools by rate."""

from collections.abc import Collection

import pandas as pd

from charts import style
from charts.style import Chart


def bar(
    frame: pd.DataFrame, *, label: str, value: str, unit: str, focus: Collection[str] = (), most: int = 15
) -> Chart:
    """The `most` highest rows of `value`, named by `label`. Those named in `focus` stand out; rows without a figure are
    left out. `unit` says what the numbers are, such as `suspensions per 100 pupils`.
    """
    known = frame.dropna(subset=[value]).sort_values(value, ascending=False, kind="stable")
    shown = known.head(most)
    names, values = shown[label].astype(str).tolist(), style.numbers(shown[value])
    trace = {
        "type": "bar",
        "orientation": "h",
        # Places, not names: two schools may share a name.
        "y": list(range(len(shown))),
        "x": values,
        "text": [style.amount(number) for number in shown[value]],
        "textposition": "outside",
        "cliponaxis": False,
        "marker": {"color": [style.NAVY if not focus or name in focus else style.REST for name in names]},
        "hoverinfo": "text",
        "hovertext": [f"{style.word(name)}: {style.amount(x)}" for name, x in zip(names, shown[value], strict=True)],
    }
    drawn = style.figure(
        [trace],
        height=80 + 28 * len(shown),
        subtitle=unit,
        xaxis=style.axis(visible=False, rangemode="tozero"),
        yaxis=style.axis(
            tickvals=list(range(len(shown))),
            ticktext=style.words(map(style.shorter, names)),
            autorange="reversed",
        ),
    )
    return Chart(drawn, _alt(known, shown, label, value, unit))


def _alt(known: pd.DataFrame, shown: pd.DataFrame, label: str, value: str, unit: str) -> str:
    if shown.empty:
        return f"Bar chart of {unit}, without any figures."
    of = f"the highest {len(shown)} of {len(known)}" if len(known) > len(shown) else f"{len(shown)}"
    first = style.listed(shown[label].head(3), shown[value].head(3))
    return f"Bar chart of {unit}, {of} in order from the highest: {first} come first."
