"""Colours that can be told apart and read, on a light page and a dark one:
WCAG 2.2 asks 3 to 1 of graphics and 4.5 of words.
"""

import pytest
from contrast import contrast, luminance

from charts import style


@pytest.mark.parametrize("colour", [*style.PALETTE[:5], *style.SEQUENCE[:2], style.REST])
def test_what_is_drawn_can_be_seen(colour: str) -> None:
    assert contrast(colour, style.PAPER) >= 3
    assert contrast(style.on_dark(colour), style.on_dark(style.PAPER)) >= 3


@pytest.mark.parametrize("fill", style.PALETTE)
def test_words_on_a_fill_can_be_read(fill: str) -> None:
    words = style.on(fill)
    assert contrast(words, fill) >= 4.5
    assert contrast(style.on_dark(words), style.on_dark(fill)) >= 4.5


@pytest.mark.parametrize("colour", style.PALETTE)
def test_words_in_a_colour_of_the_palette_can_be_read(colour: str) -> None:
    words = style.readable(colour)
    assert contrast(words, style.PAPER) >= 4.5
    assert contrast(style.on_dark(words), style.on_dark(style.PAPER)) >= 4.5


def test_neighbours_in_an_order_differ() -> None:
    shades = [luminance(colour) for colour in style.SEQUENCE]
    assert shades == sorted(shades)


@pytest.mark.parametrize(
    ("value", "written"), [(3, "3"), (3.0, "3"), (3.14, "3.1"), (12345.6, "12,345.6"), (-2.5, "-2.5")]
)
def test_numbers_are_written_for_people(value: float, written: str) -> None:
    assert style.amount(value) == written


def test_names_in_a_sentence() -> None:
    assert style.listed(["A", "B", "C"], [1, 2.5, 3]) == "A 1, B 2.5 and C 3"
    assert style.listed(["A"], [1]) == "A 1"
    assert style.listed([], []) == ""


def test_a_long_name_is_cut_on_an_axis() -> None:
    assert style.shorter("St Bartholomew and All Angels Roman Catholic School", 20) == "St Bartholomew and…"
    assert style.shorter("Larkfield") == "Larkfield"
