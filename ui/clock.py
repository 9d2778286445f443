"""Recorded times, as they were on the clock in England."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from data_model.terms import in_words

_LONDON = ZoneInfo("Europe/London")


def in_england(recorded: datetime) -> datetime:
    """A recorded time, which is UTC, by the clock in England."""
    return recorded.replace(tzinfo=UTC).astimezone(_LONDON)


def day(recorded: datetime) -> str:
    """The day of a recorded time by the clock in England: `14 July 2026`."""
    return in_words(in_england(recorded).date())


def moment(recorded: datetime) -> str:
    """A recorded time, short enough for a table: `14 Jul 2026, 16:05`."""
    local = in_england(recorded)
    return f"{local.day} {local:%b %Y, %H:%M}"
