"""To which day deadlines run, and what is said of the days that no file tells of."""

from collections.abc import Iterator
from datetime import date, timedelta

import pytest

from data_model.settings import settings
from data_model.today import not_known_since, today

LONG_AGO = date(2025, 7, 18)


@pytest.fixture
def live(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setenv("OUTREACH_MODE", "live")
    settings.cache_clear()
    yield
    settings.cache_clear()


def test_the_demonstrations_today_is_the_last_day_of_its_data_and_never_ahead() -> None:
    assert today(LONG_AGO) == LONG_AGO
    assert today(date.today() + timedelta(days=400)) == date.today()
    assert today(None) == date.today()


def test_in_an_authority_deadlines_run_whether_or_not_a_file_has_come(live: None) -> None:
    assert today(LONG_AGO) == date.today()


@pytest.mark.parametrize("last", [None, LONG_AGO, LONG_AGO + timedelta(days=1)])
def test_nothing_is_said_where_the_data_reaches_that_day(last: date | None) -> None:
    assert not_known_since(last, LONG_AGO) == ""


def test_what_no_file_tells_is_said_to_be_unknown() -> None:
    said = "Deadlines run to 1 September 2025, and what was done after 18 July 2025 is not known."
    assert not_known_since(LONG_AGO, date(2025, 9, 1)) == said
