"""What each chart shows, chart by chart."""

import pandas as pd

from analysis.breaks import CLOSED, REOPENED, breaks
from charts.bar import bar
from charts.column_by_phase import column_by_phase
from charts.curves import curves
from charts.grid import Sign, grid
from charts.line_over_terms import line_over_terms
from charts.school_map import school_map
from charts.share_curve import share_curve
from charts.stacked_status import stacked_status
from charts.style import NAVY, REST
from data_model.terms import Period, Term


def test_a_bar_chart_ranks_and_brings_out_what_is_in_focus() -> None:
    frame = pd.DataFrame({"school": ["A", "B", "C", "D"], "rate": [1.0, 30.5, None, 12.0]})
    chart = bar(frame, label="school", value="rate", unit="suspensions per 100 pupils", focus=["D"], most=2)
    trace = chart.figure["data"][0]
    assert trace["x"] == [30.5, 12.0]
    assert chart.figure["layout"]["yaxis"]["ticktext"] == ["B", "D"]
    assert trace["marker"]["color"] == [REST, NAVY]
    assert chart.alt == (
        "Bar chart of suspensions per 100 pupils, the highest 2 of 3 in order from the highest: "
        "B 30.5 and D 12 come first."
    )


def test_schools_that_share_a_name_have_a_bar_each() -> None:
    frame = pd.DataFrame({"school": ["St Mary's"] * 2, "rate": [1.0, 2.0]})
    assert bar(frame, label="school", value="rate", unit="u").figure["data"][0]["y"] == [0, 1]


def test_a_line_is_broken_where_a_term_is_missing() -> None:
    autumn, summer = Period("202425", Term.AUT), Period("202425", Term.SUM)
    frame = pd.DataFrame({"period": [autumn, summer, autumn], "rate": [8.0, 9.25, 4.0], "source": ["LA", "LA", "DfE"]})
    chart = line_over_terms(frame, period="period", value="rate", series="source", unit="suspensions")
    assert [trace["y"] for trace in chart.figure["data"]] == [[8.0, None, 9.25], [4.0, None, None]]
    assert not any(trace["connectgaps"] for trace in chart.figure["data"])
    assert chart.figure["layout"]["xaxis"]["ticktext"] == ["Aut<br>2024/25", "Spr", "Sum"]
    assert chart.alt == (
        "Line chart of suspensions: LA from 8 in Autumn 2024/25 to 9.2 in Summer 2024/25; "
        "DfE from 4 in Autumn 2024/25 to 4 in Autumn 2024/25."
    )


def test_lines_that_end_together_have_names_apart() -> None:
    autumn = Period("202425", Term.AUT)
    frame = pd.DataFrame({"period": [autumn] * 2, "rate": [8.0, 8.1], "source": ["LA", "DfE"]})
    labels = line_over_terms(frame, period="period", value="rate", series="source", unit="u").figure["layout"][
        "annotations"
    ]
    assert labels[1]["yshift"] - labels[0]["yshift"] >= 12


def test_a_whole_year_is_a_point_too() -> None:
    frame = pd.DataFrame({"period": [Period("202324"), Period("202425")], "rate": [1.0, 2.0], "source": ["LA"] * 2})
    chart = line_over_terms(frame, period="period", value="rate", series="source", unit="u")
    assert chart.figure["layout"]["xaxis"]["ticktext"] == ["2023/24", "2024/25"]


def test_a_column_without_a_figure_says_so() -> None:
    frame = pd.DataFrame({"phase": ["Primary", "Special"], "rate": [1.0, None]})
    chart = column_by_phase(frame, phase="phase", value="rate", unit="suspensions per 100 pupils")
    assert chart.figure["data"][0]["y"] == [1, None]
    assert chart.figure["layout"]["xaxis"]["ticktext"] == ["Primary", "Special<br>no figure"]
    assert chart.alt == "Column chart of suspensions per 100 pupils by phase. Primary 1."


def test_the_share_curve_marks_the_few_that_make_half() -> None:
    chart = share_curve(pd.Series([10, 50, 0, 40, None]), of="suspensions")
    assert chart.figure["data"][0]["y"] == [0.0, 50.0, 90.0, 100.0, 100.0]
    assert chart.alt.endswith("from the most to the fewest: 1 of 4 schools: 50% of suspensions.")


def test_a_share_curve_of_nothing_is_flat() -> None:
    assert share_curve(pd.Series([0, 0]), of="suspensions").figure["data"][0]["y"] == [0.0]


def test_the_map_keeps_distances_and_says_who_is_not_on_it() -> None:
    frame = pd.DataFrame(
        {
            "school": ["A", "B", "C"],
            "rate": [9.0, None, 2.0],
            "band": ["High", None, "Low"],
            "headcount": [2000, 100, 300],
            "easting": [700000.0, 706000.0, None],
            "northing": [300000.0, 301000.0, None],
        }
    )
    chart = school_map(frame, name="school", value="rate", band="band", bands=["High", "Low"], unit="suspensions")
    assert chart.figure["layout"]["yaxis"]["scaleanchor"] == "x"
    under, over = chart.figure["data"]
    assert (under["name"], over["name"]) == ("No figure", "High")
    assert over["marker"]["size"] > under["marker"]["size"]
    assert chart.alt == "Map of schools by suspensions: 1 high, 1 no figure; 1 without a place are not on it."


def test_the_grid_has_a_sign_in_each_cell() -> None:
    frame = pd.DataFrame({"school": ["B", "B", "A"], "term": ["Aut", "Spr", "Aut"], "status": ["sent", "nil", "nil"]})
    signs = {"sent": Sign("✓", "sent", "#BFD7EA"), "nil": Sign("0", "nil return", "#E6E6E6")}
    chart = grid(frame, row="school", column="term", status="status", signs=signs)
    assert chart.figure["data"][0]["text"] == [["✓", "0"], ["0", ""]]
    assert chart.figure["layout"]["yaxis"]["ticktext"] == ["B", "A"]
    assert chart.alt == "Grid of 2 rows by 2 columns: 1 sent, 2 nil return."


def test_statuses_stand_in_their_order() -> None:
    frame = pd.DataFrame({"phase": ["Primary", "Primary"], "status": ["Upheld", "Reinstated"], "count": [4, 1]})
    chart = stacked_status(
        frame, category="phase", status="status", count="count", statuses=["Reinstated", "Upheld"], unit="decisions"
    )
    assert [trace["x"] for trace in chart.figure["data"]] == [[1.0], [4.0]]
    assert chart.alt == "Stacked bar chart of decisions. Primary: Reinstated 1 and Upheld 4."


def _places(schools: list[str], eastings: list[float], northings: list[float]) -> pd.DataFrame:
    own = {"headcount": [900, 1000, 100], "rate": [3.0, 4.0, 5.0], "band": ["High"] * 3}
    return pd.DataFrame({"school": schools, "easting": eastings, "northing": northings} | own)


def test_the_map_names_no_school_over_another() -> None:
    frame = _places(["Larkfield", "Larkhill", "Farfield"], [700_000, 700_100, 705_000], [300_000, 300_050, 309_000])
    chart = school_map(frame, name="school", value="rate", band="band", bands=["High"], unit="suspensions")
    assert chart.figure["data"][0]["text"] == ["", "Larkhill", "Farfield"]


def test_the_map_cuts_no_name_off_at_its_edge() -> None:
    schools = ["Eastmost Primary School", "Westmost Primary School", "Southmost School"]
    frame = _places(schools, [710_000, 700_000, 705_000], [309_000, 305_000, 300_000])
    named = school_map(frame, name="school", value="rate", band="band", bands=["High"], unit="suspensions")
    assert named.figure["data"][0]["text"] == frame["school"].tolist()
    assert named.figure["data"][0]["textposition"][:2] == ["top left", "top right"]


def test_terms_stand_upright_where_there_is_no_room() -> None:
    frame = pd.DataFrame({"school": ["A"], "term": ["Aut 24/25"], "status": ["sent"]})
    chart = grid(frame, row="school", column="term", status="status", signs={"sent": Sign("✓", "sent", "#BFD7EA")})
    assert chart.figure["layout"]["xaxis"]["autotickangles"] == [0, -90]


def test_a_line_is_not_drawn_across_a_break() -> None:
    years = [Period(year) for year in ("201819", "201920", "202021", "202122")]
    frame = pd.DataFrame({"period": years, "rate": [5.0, 4.0, 4.5, 7.0], "series": ["Own"] * 4})
    cut = breaks(years)
    chart = line_over_terms(frame, period="period", value="rate", series="series", unit="suspensions", breaks=cut)
    assert chart.figure["data"][0]["y"] == [5.0, None, 4.0, 4.5, None, 7.0]
    assert chart.figure["data"][0]["connectgaps"] is False
    assert [words["text"] for words in chart.figure["layout"]["annotations"]] == [CLOSED, REOPENED]
    assert "Broken before 2019/20: Schools closed (Covid)." in chart.alt


def test_a_curve_has_steps_only_where_it_is_known_when_they_were() -> None:
    weeks = pd.DataFrame(
        {
            "group": ["KS3 (Years 7 to 9)", "KS3 (Years 7 to 9)", "KS4 (Years 10 and 11)"],
            "weeks": [4.0, 13.0, 13.0],
            "share": [10.0, 30.0, 20.0],
            "low": [6.0, 22.0, 11.0],
            "high": [17.0, 41.0, 33.0],
            "at_risk": [80, 60, 40],
            "mark": [False, True, True],
        }
    )
    columns = {each: each for each in ("group", "share", "low", "high", "at_risk", "mark")}
    figure = curves(weeks, **columns, time="weeks", unit="Back", time_unit="weeks").figure
    assert [trace["line"]["shape"] for trace in figure["data"] if "shape" in trace.get("line", {})] == ["hv", "linear"]
    said = [each["text"] for each in figure["layout"]["annotations"]]
    assert {"KS3", "KS4"} < set(said), "names under the plot are whole"
