"""Recorded times are UTC, and are shown by the clock in England."""

from datetime import datetime

import pytest

from ui.clock import in_england, moment


@pytest.mark.parametrize(
    ("recorded", "shown"),
    [
        (datetime(2026, 1, 14, 16, 5), "14 Jan 2026, 16:05"),
        (datetime(2026, 7, 14, 16, 5), "14 Jul 2026, 17:05"),
        (datetime(2026, 3, 29, 0, 59), "29 Mar 2026, 00:59"),
        (datetime(2026, 3, 29, 1, 0), "29 Mar 2026, 02:00"),
    ],
)
def test_summer_time_is_an_hour_ahead(recorded: datetime, shown: str) -> None:
    assert moment(recorded) == shown


def test_shortly_before_midnight_in_summer_is_the_next_day() -> None:
    assert in_england(datetime(2026, 7, 14, 23, 30)).day == 15
