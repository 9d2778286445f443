"""What the funnel shows."""

from typing import Any

import pandas as pd

from analysis.targeting.funnel import Place
from charts.funnel import funnel
from charts.style import Chart

LINES = pd.DataFrame(
    {"expected": [1.0, 100.0], "lowest": [0.0, 0.6], "low": [0.0, 0.7], "high": [5.0, 1.4], "highest": [9.0, 1.7]}
)


def _drawn(rows: list[tuple[str, float, float, Place, bool]]) -> Chart:
    frame = pd.DataFrame(rows, columns=["school", "ratio", "expected", "place", "small"])
    frame = frame.assign(
        place=frame["place"].astype("str"), said="12 suspensions", key=range(900_001, 900_001 + len(rows))
    )
    columns = {"name": "school", "value": "ratio", "expected": "expected", "said": "said", "place": "place"}
    return funnel(frame, LINES, **columns, small="small", key="key", unit="suspensions", across="expected")


def _points(chart: Chart) -> list[dict[str, Any]]:
    return [trace for trace in chart.figure["data"] if trace["mode"] == "markers+text"]


def test_only_schools_far_above_are_named() -> None:
    chart = _drawn([("Larkfield", 4.0, 10.0, Place.FAR_ABOVE, False), ("Oakbank", 2.5, 10.0, Place.ABOVE, False)])
    assert [trace["text"] for trace in _points(chart)] == [[""], ["Larkfield"]]
    assert [trace["customdata"] for trace in _points(chart)] == [[900_002], [900_001]]
    assert chart.alt == (
        "Funnel chart of 2 schools by suspensions: 1 above the outer limit, 1 between the limits above the average; "
        "first Larkfield 4."
    )


def test_a_name_that_would_lie_over_another_is_left_out() -> None:
    near = [(f"Larkfield {number}", 4.0 - number / 100, 10.0, Place.FAR_ABOVE, False) for number in range(9)]
    names = [name for name in _points(_drawn(near))[0]["text"] if name]
    assert 1 <= len(names) <= 3


def test_small_schools_are_hollow_and_places_differ_in_shape() -> None:
    chart = _drawn([("A", 9.0, 1.0, Place.INSIDE, True), ("B", 1.0, 50.0, Place.INSIDE, False)])
    assert _points(chart)[0]["marker"]["symbol"] == ["circle-open", "circle"]
    far = _points(_drawn([("A", 4.0, 10.0, Place.FAR_ABOVE, False)]))[0]
    assert far["marker"]["symbol"] == ["diamond"]


def test_there_is_no_lower_limit_where_nothing_can_lie_below() -> None:
    lines = {trace["line"]["dash"]: trace["y"] for trace in _drawn([]).figure["data"][2:]}
    assert lines == {"dash": [None, 0.7], "solid": [None, 0.6]}


def test_a_funnel_without_schools_says_so() -> None:
    assert _drawn([]).alt == "Funnel chart of suspensions, without any figures."
