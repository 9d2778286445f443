"""One child's time: attendance week by week above, and under it a line for each kind of event."""

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

import pandas as pd

from charts import style
from charts.style import Chart
from data_model.terms import in_words

_LANE, _ATTENDANCE, _MARGINS = 30, 170, 110  # pixels
_NEXT_WEEK = timedelta(days=10)
"""Weeks further apart than this have a holiday between them, or weeks of which nothing is known: the line breaks."""
_SHORTEST = timedelta(days=2)
"""Shorter spans are drawn as points alone."""


def story_line(
    events: pd.DataFrame,
    weeks: pd.DataFrame,
    *,
    lane: str,
    start: str,
    end: str,
    words: str,
    week: str,
    percent: str,
    unit: str,
    until: date,
) -> Chart:
    """`events` in lanes by the distinct values of `lane`, in their order of appearance from the top, each from `start`
    to `end` (missing: a point); above them `percent` by `week` of `weeks`. `words` say each of both when it is pointed
    at. The axis ends at `until`, or later where something does.
    """
    lanes = list(dict.fromkeys(events[lane]))
    places = {name: len(lanes) - place for place, name in enumerate(lanes)}
    has_weeks = bool(len(weeks))
    height = _MARGINS + _LANE * len(lanes) + (_ATTENDANCE if has_weeks else 0)
    share = _LANE * len(lanes) / (height - _MARGINS) if height > _MARGINS else 1.0
    traces = [*_lanes(events, places, lane, start, end, words), *_weeks(weeks, week, percent, words)]
    drawn = style.figure(
        traces,
        height=height,
        subtitle=unit,
        xaxis=style.axis(type="date", showgrid=True, gridcolor=style.GRID_LINE, anchor="y", nticks=8),
        yaxis=style.axis(
            domain=[0, max(share - 0.04, 0.01) if has_weeks else 1],
            range=[0.4, len(lanes) + 0.6],
            tickvals=list(places.values()),
            ticktext=style.words(places),
            showgrid=True,
            gridcolor=style.GRID_LINE,
        ),
        yaxis2=style.axis(
            domain=[min(share + 0.04, 0.99), 1],
            range=[0, 104],
            tickvals=[0, 50, 100],
            ticktext=["0%", "50%", "100%"],
            showgrid=True,
            gridcolor=style.GRID_LINE,
            visible=has_weeks,
        ),
    )
    return Chart(drawn, _alt(events, weeks, lane, start, week, until))


def _lanes(
    events: pd.DataFrame, places: dict[Any, int], lane: str, start: str, end: str, words: str
) -> Iterator[dict[str, object]]:
    for number, (name, place) in enumerate(places.items()):
        own = events[events[lane].eq(name)]
        colour = style.PALETTE[number % 4]
        spans = own[(own[end] - own[start]) >= pd.Timedelta(_SHORTEST)]
        ends = [each for first, last in zip(spans[start], spans[end], strict=True) for each in (first, last, None)]
        yield {
            "type": "scatter",
            "mode": "lines",
            "x": [_day(each) for each in ends],
            "y": [None if each is None else place for each in ends],
            "line": {"color": colour, "width": 7},
            "connectgaps": False,
            "hoverinfo": "skip",
        }
        yield {
            "type": "scatter",
            "mode": "markers",
            "x": [_day(each) for each in own[start]],
            "y": [place] * len(own),
            "marker": {"color": colour, "size": 10, "symbol": style.SYMBOLS[number % len(style.SYMBOLS)]},
            "hoverinfo": "text",
            "hovertext": style.words(own[words]),
        }


def _weeks(weeks: pd.DataFrame, week: str, percent: str, words: str) -> Iterator[dict[str, object]]:
    if weeks.empty:
        return
    days, values, said = [], [], []
    before = None
    for each, value, word in zip(weeks[week], style.numbers(weeks[percent]), weeks[words], strict=True):
        if before is not None and each - before > _NEXT_WEEK:
            days.append(_day(before + timedelta(days=7)))
            values.append(None)
            said.append("")
        days.append(_day(each))
        values.append(value)
        said.append(style.word(word))
        before = each
    yield {
        "type": "scatter",
        "mode": "lines+markers",
        "x": days,
        "y": values,
        "yaxis": "y2",
        "connectgaps": False,
        "line": {"color": style.CHARCOAL, "width": 2},
        "marker": {"color": style.CHARCOAL, "size": 6},
        "hoverinfo": "text",
        "hovertext": said,
    }


def _day(day: Any) -> str | None:
    return None if day is None else f"{day:%Y-%m-%d}"


def _alt(events: pd.DataFrame, weeks: pd.DataFrame, lane: str, start: str, week: str, until: date) -> str:
    counts = events[lane].value_counts(sort=False)
    said = [style.listed(counts.index, counts)] if len(events) else ["no events"]
    if len(weeks):
        said.append(f"attendance of {style.amount(len(weeks))} weeks from {in_words(weeks[week].min())}")
    first = f" from {in_words(events[start].min())}" if len(events) else ""
    return f"One child’s time{first} to {in_words(until)}: {'; '.join(said)}."
