"""The forest plot and the control chart: what stands out in them, and what they say in a sentence."""

import math

import pandas as pd

from charts.control_chart import control_chart
from charts.forest import forest
from charts.style import Chart
from data_model.terms import Period, Term

TERMS = [Period(year, term) for year in ("202324", "202425", "202526") for term in Term]


def _forest(**more: object) -> Chart:
    frame = pd.DataFrame({"group": ["SEN support", "Boys"], "by": ["Need", "Sex"], "ratio": [2.0, 1.1]})
    frame = frame.assign(low=[1.5, 0.9], high=[3.0, 1.3], clear=[True, False]).assign(**more)
    columns = {"label": "group", "section": "by", "ratio": "ratio", "low": "low", "high": "high", "clear": "clear"}
    return forest(frame, **columns, unit="times as likely")


def test_a_clear_group_has_a_filled_point_and_others_a_hollow_one() -> None:
    (points,) = _forest().figure["data"]
    assert points["marker"]["symbol"] == ["circle", "circle-open"]
    assert (points["error_x"]["arrayminus"], points["error_x"]["array"]) == ([0.5, 1.1 - 0.9], [1.0, 1.3 - 1.1])


def test_twice_and_half_are_as_far_from_the_line_at_one() -> None:
    layout = _forest().figure["layout"]
    assert layout["xaxis"]["type"] == "log"
    assert layout["shapes"][0]["x0"] == 1
    assert layout["xaxis"]["range"][0] < math.log10(0.9)
    assert layout["xaxis"]["range"][1] > math.log10(3)


def test_groups_stand_under_the_name_of_their_section() -> None:
    axis = _forest().figure["layout"]["yaxis"]
    assert axis["ticktext"] == ["<b>Need</b>", "SEN support", "<b>Sex</b>", "Boys"]


def test_the_forest_says_its_highest_groups_with_their_ranges() -> None:
    assert "highest SEN support 2 (1.5 to 3), Boys 1.1 (0.90 to 1.3)." in _forest().alt


def test_a_forest_without_figures_is_empty() -> None:
    assert _forest(low=[None, None]).is_empty


def _control_chart(rows: pd.DataFrame) -> Chart:
    columns = {"period": "period", "value": "rate", "usual": "usual", "low": "low", "high": "high"}
    return control_chart(rows, **columns, flagged="flagged", small="small", unit="suspensions per 100 pupils")


def _rows() -> pd.DataFrame:
    frame = pd.DataFrame({"period": TERMS, "rate": [3.0] * 8 + [5.0], "usual": 3.2, "low": 2.0, "high": 4.0})
    return frame.assign(flagged=[False] * 8 + [True], small=[True] + [False] * 8)


def test_terms_that_are_not_usual_are_marked_by_shape_and_named() -> None:
    chart = _control_chart(_rows())
    marks = chart.figure["data"][-1]
    assert (marks["x"], marks["y"], marks["marker"]["symbol"]) == ([8], [5.0], "diamond")
    assert chart.alt.endswith("the usual swings of the last are 2 to 4; not usual: Summer 2025/26.")


def test_the_band_is_cut_where_there_are_no_limits_and_the_line_where_a_term_is_missing() -> None:
    rows = _rows()
    rows.loc[3, ["usual", "low", "high"]] = None
    bands = [trace for trace in _control_chart(rows.drop(index=5)).figure["data"] if trace.get("fill") == "toself"]
    assert [sorted(set(band["x"])) for band in bands] == [[0, 1, 2], [4], [6, 7, 8]]
    line = next(trace for trace in _control_chart(rows.drop(index=5)).figure["data"] if "hovertext" in trace)
    assert line["y"][5] is None


def test_a_term_of_which_too_little_can_be_said_is_hollow() -> None:
    line = next(trace for trace in _control_chart(_rows()).figure["data"] if "hovertext" in trace)
    assert line["marker"]["symbol"] == ["circle-open", *["circle"] * 8]
