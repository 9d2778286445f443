"""One of every chart, drawn with a name of the test's choice in every place that a name can be."""

from collections.abc import Callable
from datetime import date

import pandas as pd

from charts.against_capacity import against_capacity
from charts.bar import bar
from charts.calibration import calibration
from charts.column_by_phase import column_by_phase
from charts.compared_curves import compared_curves
from charts.control_chart import control_chart
from charts.curves import curves
from charts.forest import forest
from charts.funnel import funnel
from charts.grid import Sign, grid
from charts.line_over_terms import line_over_terms
from charts.need_and_outreach import need_and_outreach
from charts.ranges import ranges
from charts.ranked_schools import ranked_schools
from charts.school_map import school_map
from charts.school_strips import school_strips
from charts.share_curve import share_curve
from charts.stacked_status import stacked_status
from charts.story_line import story_line
from charts.style import Chart
from data_model.terms import Period, Term

HOSTILE = '<a href="https://evil.example">Evil</a><b>x</b><img src=x> & $x$ %{x}'
SCHOOLS = [HOSTILE, "Larkfield Primary School", "Larkfield Primary School", "2025-01-01"]


def _bar(name: str) -> Chart:
    frame = pd.DataFrame({"school": [name, *SCHOOLS[1:]], "rate": [3.25, 12.0, None, 7.5]})
    return bar(frame, label="school", value="rate", unit=name, focus=[name])


def _line_over_terms(name: str) -> Chart:
    terms = [Period("202425", Term.AUT), Period("202425", Term.SUM), Period("202526", Term.AUT)]
    frame = pd.DataFrame(
        {"period": terms * 2, "rate": [1.0, 2.0, 3.5, None, 4.0, None], "source": [name] * 3 + ["b"] * 3}
    )
    return line_over_terms(frame, period="period", value="rate", series="source", unit=name)


def _column_by_phase(name: str) -> Chart:
    frame = pd.DataFrame(
        {"phase": ["Primary", name] * 2, "rate": [1.0, None, 2.5, 3.0], "when": [name] * 2 + ["b"] * 2}
    )
    return column_by_phase(frame, phase="phase", value="rate", unit=name, series="when")


def _share_curve(name: str) -> Chart:
    return share_curve(pd.Series([1, 50, 30, 19, 0]), of=name)


def _school_map(name: str) -> Chart:
    frame = pd.DataFrame(
        {
            "school": [name, *SCHOOLS[1:]],
            "rate": [9.0, 2.0, None, 1.0],
            "band": [name, "Low", None, "Low"],
            "headcount": [200, 1000, None, 50],
            "easting": [700000, 700500, 701000, None],
            "northing": [300000, 300500, 301000, None],
        }
    )
    return school_map(frame, name="school", value="rate", band="band", bands=[name, "Low"], unit=name)


def _grid(name: str) -> Chart:
    frame = pd.DataFrame(
        {"school": [name, name, "b"], "term": ["Autumn", name, "Autumn"], "status": ["sent", "nil", "nil"]}
    )
    signs = {"sent": Sign("✓", name, "#BFD7EA"), "nil": Sign("0", "nil return", "#E6E6E6")}
    return grid(frame, row="school", column="term", status="status", signs=signs)


def _ranked_schools(name: str) -> Chart:
    frame = pd.DataFrame(
        {
            "school": [name, *SCHOOLS[1:]],
            "rate": [9.0, 0.25, None, 2.0],
            "count": 3,
            "roll": 90,
            "small": [False, True] * 2,
        }
    )
    columns = {"name": "school", "value": "rate", "count": "count", "out_of": "roll", "small": "small"}
    return ranked_schools(frame, **columns, unit=name, most=1)


def _school_strips(name: str) -> Chart:
    frame = pd.DataFrame(
        {"school": [name, *SCHOOLS[1:]], "rate": [9.0, 2.0, None, 1.0], "phase": [name, name, "b", "b"], "said": name}
    ).assign(small=[False, True, False, True])
    return school_strips(frame, name="school", value="rate", said="said", phase="phase", small="small", unit=name)


def _stacked_status(name: str) -> Chart:
    frame = pd.DataFrame({"phase": [name, name, "Special"], "status": [name, "b", "b"], "count": [3, 0, 2]})
    return stacked_status(frame, category="phase", status="status", count="count", statuses=[name, "b"], unit=name)


def _funnel(name: str) -> Chart:
    frame = pd.DataFrame(
        {
            "school": [name, *SCHOOLS[1:]],
            "ratio": [9.0, 3.0, 1.0, 0.0],
            "expected": [10.0, 5.0, 1.0, 40.0],
            "place": ["far_above", "above", "inside", "below"],
        }
    ).assign(small=[False, False, True, False], key=[900001, 900002, 900003, 900004], said=name)
    limits = {"lowest": [0.0, 0.2], "low": [0.0, 0.4], "high": [6.0, 1.7], "highest": [11.0, 2.2]}
    lines = pd.DataFrame({"expected": [0.9, 46.0]} | limits)
    columns = {"name": "school", "value": "ratio", "expected": "expected", "said": "said", "place": "place"}
    return funnel(frame, lines, **columns, small="small", key="key", unit=name, across=name)


def _ranges(name: str) -> Chart:
    frame = pd.DataFrame({"way": [name, "b", "c"], "value": [9.0, 4.0, None], "low": [2.0, 1.0, None], "high": 12.0})
    return ranges(frame, label="way", value="value", low="low", high="high", unit=name, focus=name)


def _control_chart(name: str) -> Chart:
    terms = [Period("202425", Term.AUT), Period("202425", Term.SUM), Period("202526", Term.AUT)]
    limits = {"usual": [None, 2.0, 2.0], "low": [None, 1.0, 1.0], "high": [None, 3.0, 3.0]}
    flags = {"flagged": [False, False, True], "small": [True, False, False]}
    frame = pd.DataFrame({"period": terms, "rate": [1.0, 2.0, 3.5], **flags, **limits})
    columns = {"period": "period", "value": "rate", "usual": "usual", "low": "low", "high": "high"}
    return control_chart(frame, **columns, flagged="flagged", small="small", unit=name)


def _forest(name: str) -> Chart:
    frame = pd.DataFrame(
        {"group": [name, "Boys", "Girls"], "by": [name, "Sex", "Sex"], "ratio": [2.5, 1.0, None], "clear": True}
    ).assign(low=[1.5, 0.8, None], high=[4.0, 1.2, None])
    columns = {"label": "group", "section": "by", "ratio": "ratio", "low": "low", "high": "high", "clear": "clear"}
    return forest(frame, **columns, unit=name)


def _calibration(name: str) -> Chart:
    frame = pd.DataFrame({"said": [0.1, 0.5, 0.9], "came": [0.12, None, 0.8], "low": [0.1, None, 0.7], "high": 0.95})
    columns = {"said": "said", "came_true": "came", "low": "low", "high": "high", "number": "schools"}
    return calibration(frame.assign(schools=[40, 3, 12]), **columns, unit=name)


def _need_and_outreach(name: str) -> Chart:
    frame = pd.DataFrame(
        {"school": [name, *SCHOOLS[1:]], "gain": [9.0, 2.0, None, 1.0], "hours": [0.0, 4.0, None, None]}
    )
    frame = frame.assign(key=range(4), unmet=[True, False, False, False], high=[True, True, False, False], said=name)
    return need_and_outreach(
        frame,
        key="key",
        name="school",
        need="gain",
        outreach="hours",
        unmet="unmet",
        high="high",
        said="said",
        across=name,
        up=name,
    )


def _against_capacity(name: str) -> Chart:
    frame = pd.DataFrame({"worker": [name, "W02", "W03"], "open": [9, 4, 0], "most": [8, None, 6]})
    return against_capacity(frame, label="worker", value="open", capacity="most", unit=name)


def _story_line(name: str) -> Chart:
    days = pd.to_datetime(["2025-10-06", "2025-11-03", "2025-12-01"])
    events = pd.DataFrame(
        {
            "what": [name, name, "Outreach case"],
            "day": days,
            "end": [days[0], pd.NaT, days[2] + pd.Timedelta(weeks=6)],
            "said": [name] * 3,
        }
    )
    weeks = pd.DataFrame({"week": days, "percent": [90.0, None, 70.0], "said": [name] * 3})
    return story_line(
        events,
        weeks,
        lane="what",
        start="day",
        end="end",
        words="said",
        week="week",
        percent="percent",
        unit=name,
        until=date(2026, 1, 30),
    )


def _compared_curves(name: str) -> Chart:
    frame = pd.DataFrame(
        {
            "group": [name] * 3 + ["Managed move"] * 2,
            "weeks": [0, 6, 12, 0, 6],
            "share": [100.0, 80.5, None, 100.0, 71.0],
            "low": [100.0, 71.0, None, 100.0, 55.0],
            "high": [100.0, 88.0, None, 100.0, 84.0],
            "followed": [90, 70, 60, 40, 31],
        }
    )
    return compared_curves(
        frame,
        group="group",
        time="weeks",
        share="share",
        low="low",
        high="high",
        followed="followed",
        unit=name,
        times=(6, 12, 24),
        time_unit="school weeks",
    )


def _curves(name: str) -> Chart:
    frame = pd.DataFrame(
        {
            "group": [name, name, name, "Others", "Others"],
            "weeks": [4.0, 13.0, 26.0, 13.0, 26.0],
            "share": [10.0, 30.0, None, 20.0, 41.0],
            "low": [6.0, 22.0, None, 11.0, 30.0],
            "high": [17.0, 41.0, None, 33.0, 55.0],
            "at_risk": [80, 60, None, 40, 31],
            "mark": [False, True, True, True, True],
        }
    )
    columns = {each: each for each in ("group", "share", "low", "high", "at_risk", "mark")}
    return curves(frame, **columns, time="weeks", unit=name, time_unit="weeks")


Drawer = Callable[[str], Chart]
DRAWERS = (
    _against_capacity,
    _bar,
    _calibration,
    _line_over_terms,
    _column_by_phase,
    _compared_curves,
    _control_chart,
    _curves,
    _forest,
    _share_curve,
    _school_map,
    _grid,
    _funnel,
    _ranked_schools,
    _ranges,
    _school_strips,
    _stacked_status,
    _story_line,
    _need_and_outreach,
)
