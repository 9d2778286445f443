"""What holds for every chart: plotly draws it, it has one sentence of text, and no name in it is obeyed as markup."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import plotly.graph_objects as go
import plotly.io
import pytest
from chart_examples import DRAWERS, HOSTILE, Drawer

import charts
from charts.style import on_dark


@pytest.fixture(params=DRAWERS, ids=lambda drawer: drawer.__name__.strip("_"))
def drawer(request: pytest.FixtureRequest) -> Drawer:
    """A function that draws one kind of chart with the name it is given."""
    found: Drawer = request.param
    return found


def _texts(part: Any) -> Iterator[str]:
    if isinstance(part, dict):
        for value in part.values():
            yield from _texts(value)
    elif isinstance(part, list):
        for value in part:
            yield from _texts(value)
    elif isinstance(part, str):
        yield part


def test_no_chart_is_left_out_here() -> None:
    modules = {path.stem for path in Path(next(iter(charts.__path__))).glob("*.py")} - {"__init__", "style"}
    assert {drawer.__name__.strip("_") for drawer in DRAWERS} == modules


def test_plotly_draws_it(drawer: Drawer) -> None:
    for figure in (drawer("Larkfield").figure, on_dark(drawer("Larkfield").figure)):
        assert plotly.io.to_json(go.Figure(figure), validate=True)


def test_no_name_is_obeyed_as_markup(drawer: Drawer) -> None:
    tags = {tag for text in _texts(drawer(HOSTILE).figure) for tag in re.findall(r"<[^>]*>", text)}
    assert tags <= {"<b>", "</b>", "<br>"}
    assert not any("<b>x</b>" in text for text in _texts(drawer(HOSTILE).figure))


def test_names_are_shown_letter_for_letter(drawer: Drawer) -> None:
    drawn = drawer("<i>A & B</i>")
    assert any("&lt;i&gt;A &amp; B&lt;/i&gt;" in text for text in _texts(drawn.figure))
    assert "<i>A & B</i>" in drawn.alt


def test_the_text_alternative_is_one_sentence(drawer: Drawer) -> None:
    alt = drawer("suspensions").alt
    assert alt.endswith(".")
    assert "nan" not in alt.lower()
    assert "\n" not in alt


def test_nothing_is_fetched_and_nothing_needs_a_mouse(drawer: Drawer) -> None:
    drawn = drawer("Larkfield").figure
    assert not any("://" in text for text in _texts(drawn))
    assert all(trace["type"] in {"bar", "scatter", "heatmap"} for trace in drawn["data"])
    assert drawn["layout"]["dragmode"] is False
