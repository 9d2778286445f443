"""One date format for a whole file: decided over all its date cells, never cell by cell."""

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from enum import Enum
from typing import Any

from data_model.terms import in_words

_ISO = re.compile(r"([0-9]{4})-([0-9]{1,2})-([0-9]{1,2})")
_SLASH = re.compile(r"([0-9]{1,2})/([0-9]{1,2})/([0-9]{4})")
_TWO_DIGIT = re.compile(
    r"[0-9]{1,2}[/.-][0-9]{1,2}[/.-][0-9]{2}|[0-9]{1,2}[ -][A-Za-z]{3,9}[ -][0-9]{2}|[A-Za-z]{3,9}-[0-9]{2}"
)
_SERIAL = re.compile(r"[1-9][0-9]{4}(\.[0-9]+)?")
_SCIENTIFIC = re.compile(r"-?[0-9]+(\.[0-9]+)?[eE][+-]?[0-9]+")
_MIDNIGHT = re.compile(r"[T ]00:00(:00(\.0+)?)?Z?$")
_TIME = re.compile(r"[T ]\d{1,2}:\d{2}")
_SPREADSHEET_DAY_0 = date(1899, 12, 30)


class DateFormat(Enum):
    """The formats that are read: `2025-10-06`, and `06/10/2025` with the day first."""

    ISO = "year-month-day"
    DAY_FIRST = "day/month/year"


@dataclass(frozen=True)
class Fault:
    """What is wrong with a cell: the kind that `explain` knows, and what its sentence needs."""

    kind: str
    context: Mapping[str, Any]


@dataclass(frozen=True)
class DateDecision:
    """The file's date format, or why there is none. `culprit` says of a cell whether it is one of those to blame.

    `example` is a date that the file itself has, where every day is 12 or less and so might have been the month.
    """

    format: DateFormat | None
    code: str | None = None
    message: str | None = None
    culprit: Callable[[str], bool] = lambda cell: False
    example: str = ""

    @property
    def note(self) -> str:
        """How the dates were read, in a sentence."""
        assert self.format, "dates that cannot be told have a message of their own"
        how = f"Dates were read as {self.format.value}"
        day = read_date(self.example, self.format) if self.example else None
        if isinstance(day, date):
            return f"{how}: {self.example} is {in_words(day)}."
        return f"{how}, such as {'2025-10-06' if self.format is DateFormat.ISO else '06/10/2025'}."


def decide(cells: Iterable[str]) -> DateDecision:
    """Settle on one format from the distinct date cells of the whole file, trimmed.

    Month-first evidence (a second number over 12) or both formats in one file refuse the file. Cells in neither format
    decide nothing; a file without any date is read as ISO.
    """
    plain = sorted(_MIDNIGHT.sub("", cell) for cell in cells)  # so that the examples do not depend on the rows' order
    iso = [cell for cell in plain if _ISO.fullmatch(cell)]
    slash = [cell for cell in plain if _SLASH.fullmatch(cell)]
    month_first = [cell for cell in slash if is_month_first(cell)]
    if iso and slash:
        message = (
            f"The dates are in two formats, such as {iso[0]} and {slash[0]}, so what some of them mean is not certain. "
            "Write all dates of the file in one format."
        )
        fewer = _ISO if len(iso) <= len(slash) else _SLASH
        return DateDecision(None, "E-DATE-MIXED", message, lambda cell: bool(fewer.fullmatch(_MIDNIGHT.sub("", cell))))
    if month_first:
        message = (
            f"Dates such as {month_first[0]} have the month first, so what the others mean is not certain. "
            "Write all dates as day/month/year, or as 2025-10-06."
        )
        return DateDecision(None, "E-DATE-MONTH-FIRST", message, lambda cell: is_month_first(_MIDNIGHT.sub("", cell)))
    if not slash:
        return DateDecision(DateFormat.ISO)
    return DateDecision(DateFormat.DAY_FIRST, example=_telling(slash))


def _telling(slash: list[str]) -> str:
    """The first of these dates that would be another day if the month came first; blank where some day is over 12."""
    numbers = [(int(found[1]), int(found[2])) for cell in slash if (found := _SLASH.fullmatch(cell))]
    if any(day > 12 for day, _ in numbers):
        return ""
    return next((cell for cell, (day, month) in zip(slash, numbers, strict=True) if day != month), "")


def is_month_first(cell: str) -> bool:
    """Whether a slash date can only be read with the month first."""
    found = _SLASH.fullmatch(cell)
    return bool(found and int(found[1]) <= 12 < int(found[2]) <= 31)


def read_date(cell: str, form: DateFormat) -> date | Fault:
    """The day that a trimmed cell names in the file's format, or what is wrong with it."""
    plain = _MIDNIGHT.sub("", cell)
    found = (_ISO if form is DateFormat.ISO else _SLASH).fullmatch(plain)
    if found:
        numbers = [int(number) for number in found.groups()]
        year, month, day = numbers if form is DateFormat.ISO else reversed(numbers)
        try:
            return date(year, month, day)
        except ValueError:
            return Fault("date_impossible", {})
    return _unread(plain)


def fault_in_any_format(cell: str) -> Fault | None:
    """What is wrong with a trimmed cell whatever format the file's dates turn out to have."""
    plain = _MIDNIGHT.sub("", cell)
    return None if _ISO.fullmatch(plain) or _SLASH.fullmatch(plain) else _unread(plain)


def _unread(plain: str) -> Fault:
    if _SERIAL.fullmatch(plain):
        day_meant = _SPREADSHEET_DAY_0 + timedelta(days=int(float(plain)))
        return Fault("date_serial", {"number": plain, "day": in_words(day_meant)})
    if _TWO_DIGIT.fullmatch(plain):
        return Fault("date_two_digit_year", {})
    if _SCIENTIFIC.fullmatch(plain):
        return Fault("scientific", {})
    return Fault("date_time" if _TIME.search(plain) else "date_form", {})
