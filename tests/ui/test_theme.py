"""The themes keep to WCAG 2.2 AA: 4.5 to 1 for words, 3 to 1 for the borders of what people use."""

import tomllib
from itertools import product
from pathlib import Path

import pytest
from contrast import contrast

CONFIG = tomllib.loads((Path(__file__).parents[2] / ".streamlit/config.toml").read_text())
PARTS = {
    "light": CONFIG["theme"]["light"],
    "light.sidebar": CONFIG["theme"]["light"]["sidebar"],
    "dark": CONFIG["theme"]["dark"],
    "dark.sidebar": CONFIG["theme"]["dark"]["sidebar"],
}


@pytest.mark.parametrize(
    ("part", "words", "ground"),
    list(product(PARTS, ("textColor", "linkColor"), ("backgroundColor", "secondaryBackgroundColor"))),
)
def test_words_can_be_read(part: str, words: str, ground: str) -> None:
    assert contrast(PARTS[part][words], PARTS[part][ground]) >= 4.5


@pytest.mark.parametrize("part", PARTS)
def test_borders_can_be_seen(part: str) -> None:
    assert contrast(PARTS[part]["borderColor"], PARTS[part]["backgroundColor"]) >= 3


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_the_warning_on_every_page_can_be_read(theme: str) -> None:
    assert contrast(PARTS[theme]["yellowTextColor"], PARTS[theme]["yellowBackgroundColor"]) >= 4.5
    assert contrast(PARTS[theme]["grayTextColor"], PARTS[theme]["backgroundColor"]) >= 4.5


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_the_main_button_can_be_read_and_seen(theme: str) -> None:
    assert contrast("#FFFFFF", PARTS[theme]["primaryColor"]) >= 4.5, "Streamlit writes on it in white"
    for ground in ("backgroundColor", "secondaryBackgroundColor"):
        assert contrast(PARTS[theme]["primaryColor"], PARTS[theme][ground]) >= 3


def test_only_this_computer_can_reach_the_app() -> None:
    assert CONFIG["server"]["address"] == "127.0.0.1"
    assert CONFIG["browser"]["gatherUsageStats"] is False
    assert CONFIG["client"]["showErrorDetails"] == "none"
