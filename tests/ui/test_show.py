"""What a page shows of the figures: finding, chart, source, table, download."""

from streamlit.testing.v1 import AppTest

HOSTILE = "**x** [l](https://evil.example) <b>b</b>"


def _finding(name: str, rows: int) -> None:
    from datetime import date

    import pandas as pd

    from charts.bar import bar
    from ui import show

    table = pd.DataFrame(
        {"school": [name] * rows, "rate": [1.25] * rows, "pupil_ref": ["P000123"] * rows, "urn": 900001}
    )
    show.finding(
        bar(table, label="school", value="rate", unit="suspensions per 100 pupils"),
        table,
        columns={"school": "School", "rate": "Rate"},
        title=f"{name} stands out",
        source=show.Source("Suspensions notified to the LA", date(2026, 7, 14)),
        name="stands-out",
        links="urn",
    )


def _run(name: str = "Larkfield", rows: int = 2) -> AppTest:
    drawn = AppTest.from_function(_finding, kwargs={"name": name, "rows": rows}).run()
    assert not drawn.exception
    return drawn


def test_a_finding_has_a_title_a_chart_a_source_a_table_and_a_download() -> None:
    drawn = _run()
    assert [header.value for header in drawn.header] == ["Larkfield stands out"]
    chart = drawn.get("plotly_chart")[0].proto
    assert chart.alt.startswith("Bar chart of suspensions per 100 pupils, 2 in order")
    assert '"displayModeBar": false' in chart.config
    assert [caption.value for caption in drawn.caption] == [
        "Source: Suspensions notified to the LA, as at 14 July 2026."
    ]
    assert [expander.label for expander in drawn.expander] == ["View as table"]
    table = drawn.get("html")[0].proto.body
    assert '<a href="/school?school=900001">Larkfield</a>' in table
    assert [button.label for button in drawn.download_button] == ["Download as CSV"]


def test_a_column_that_was_not_chosen_does_not_leave_the_server() -> None:
    drawn = _run()
    sent = drawn.get("html")[0].proto.body + drawn.get("plotly_chart")[0].proto.spec
    assert "P000123" not in sent


def test_a_name_that_is_markup_is_shown() -> None:
    drawn = _run(HOSTILE)
    assert drawn.header[0].value == r"\*\*x\*\* \[l\]\(https:⁠//evil.example\) \<b\>b\</b\> stands out"
    assert "&lt;b&gt;b&lt;/b&gt;" in drawn.get("html")[0].proto.body


def test_no_figures_is_a_sentence_and_no_chart() -> None:
    drawn = _run(rows=0)
    assert [info.value for info in drawn.info] == ["There are no figures for this choice."]
    assert not drawn.get("plotly_chart")
    assert not drawn.download_button


def _tables() -> None:
    import pandas as pd

    from ui import show

    table = pd.DataFrame({"school": ["Larkfield"], "rate": [1.25], "urn": [900001]})
    source = show.Source("Invented")
    columns = {"school": "School", "rate": "Rate"}
    show.table(table, columns=columns, caption="By school", source=source, name="plain", links="urn")
    show.sortable(table, columns=columns, caption="By school", source=source, name="sortable", links="urn")
    show.sortable(table.head(0), columns=columns, caption="None", source=source, name="none")
    show.metric("Suspensions", "1,234", change="+12", against="than last year")
    show.csv_file("Template", lambda: "urn\n", "template")


def test_tables_numbers_and_files() -> None:
    drawn = AppTest.from_function(_tables).run()
    assert not drawn.exception
    assert [list(frame.value.columns) for frame in drawn.dataframe] == [["School", "School page", "Rate"]]
    assert drawn.dataframe[0].proto.alt == "By school"
    assert [button.label for button in drawn.download_button] == ["Download as CSV"] * 2 + ["Template"]
    metric = drawn.metric[0]
    assert (metric.label, metric.value, metric.delta) == ("Suspensions", "1,234", "+12")
    assert len(drawn.info) == 1
