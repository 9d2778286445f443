"""Recorded times, as they were on the clock in England."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from ui import tables

_LONDON = ZoneInfo("Europe/London")


def moment(recorded: datetime) -> str:
    """A recorded time, which is UTC: `14 July 2026, 16:05`."""
    local = recorded.replace(tzinfo=UTC).astimezone(_LONDON)
    return f"{tables.day(local)}, {local:%H:%M}"
