"""Tables that read well aloud, with cells that do nothing."""

from datetime import date
from html.parser import HTMLParser

import numpy as np
import pandas as pd
import pytest

from ui import tables


class _Outline(HTMLParser):
    """The elements of a piece of HTML, and its text."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.words: list[str] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        self.words.append(data)


@pytest.mark.parametrize(
    ("value", "heading", "read"),
    [
        (1234, "Suspensions", "1,234"),
        (np.int64(1234), "Suspensions", "1,234"),
        (900001, "URN", "900001"),
        (12.345, "Rate", "12.3"),
        (12.0, "Rate", "12.0"),
        (None, "Rate", "not available"),
        (pd.NaT, "Day", "not available"),
        (date(2026, 7, 4), "Day", "4 July 2026"),
        (pd.Timestamp("2026-07-04"), "Day", "4 July 2026"),
        ("NA", "School", "NA"),
        (True, "Open", "True"),
    ],
)
def test_a_cell_is_written_for_people(value: object, heading: str, read: str) -> None:
    assert tables.cell(value, heading) == read


def test_a_table_says_what_belongs_to_what() -> None:
    frame = pd.DataFrame({"School": ["Larkfield", "Oakbank"], "Suspensions": [3, 1200]})
    outline = _Outline(tables.html(frame, caption="Suspensions by school", links=["/school?school=1", "/b"]))
    tags = [tag for tag, _ in outline.elements]
    assert tags.count("caption") == 1
    assert [attributes["scope"] for tag, attributes in outline.elements if tag == "th"] == ["col", "col", "row", "row"]
    assert [attributes["href"] for tag, attributes in outline.elements if tag == "a"] == ["/school?school=1", "/b"]
    assert "1,200" in outline.words


def test_markup_in_cells_headings_and_captions_is_shown() -> None:
    hostile = '"><img src=x onerror=alert(1)><a href="https://evil.example">x</a>'
    frame = pd.DataFrame({hostile: [hostile], "Other": [hostile]})
    outline = _Outline(tables.html(frame, caption=hostile, links=[f"/school?school={hostile}"]))
    known = "div table caption span thead tr th tbody td a"
    assert {tag for tag, _ in outline.elements} == set(known.split())
    assert not any("onerror" in attributes for _, attributes in outline.elements)
    assert outline.words.count(hostile) == 4


def test_a_long_table_says_how_much_it_leaves_out() -> None:
    outline = _Outline(tables.html(pd.DataFrame({"n": range(12)}), caption="c", most=10))
    assert [tag for tag, _ in outline.elements].count("tr") == 11
    assert "The first 10 of 12 rows. The download has all of them." in outline.words
