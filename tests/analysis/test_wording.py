"""Numbers in sentences."""

import pytest

from analysis.wording import amount, change, compared, counted, listed, percent


@pytest.mark.parametrize(
    ("value", "written"),
    [(0, "0"), (8.0, "8"), (1234, "1,234"), (12.34, "12.3"), (0.066, "0.07"), (0.996, "1.0"), (-0.5, "-0.50")],
)
def test_amounts(value: float, written: str) -> None:
    assert amount(value) == written


def test_counts_and_lists() -> None:
    assert [counted(1, "school"), counted(2, "school"), counted(0, "day lost", "days lost")] == [
        "1 school",
        "2 schools",
        "0 days lost",
    ]
    assert [listed([]), listed(["a"]), listed(["a", "b"]), listed(["a", "b", "c"])] == [
        "",
        "a",
        "a and b",
        "a, b and c",
    ]
    assert [percent(1, 3), percent(0, 0)] == ["33%", "0%"]


def test_changes() -> None:
    assert [change(108, 100), change(1004, 1000), change(996, 1000), change(5, 0)] == [
        "+8%",
        "under 1%",
        "under 1%",
        "",
    ]
    assert compared(108, 100) == "8 more (+8%) than"
    assert compared(92, 100) == "8 fewer (-8%) than"
    assert compared(100, 100) == "as many as"
    assert compared(3, 0) == "3 more than"
