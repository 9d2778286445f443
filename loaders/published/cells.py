"""Columns of published files: each distinct cell read once, however many rows hold it."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from data_model.severity import Severity
from data_model.terms import year_starting

Rows = npt.NDArray[np.bool_]
"""True for the rows that are meant."""

_SPACES = " \t\r\n\u00a0\u2007\u202f\u2003\u2002\u2009"
# DfE and government statistics: x not available, z not applicable, c confidential, low rounds to 0, u unreliable,
# k rounds to 0; `.`, `..`, `:`, `-`, `~` and blank in older files. Newer releases put them in brackets.
_MARKERS = frozenset({"", "x", "z", "c", "k", "u", "low", ".", "..", ":", "-", "–", "~", "na", "n/a", "*"})
_NUMBER = re.compile(r"(\d+|\d{1,3}(,\d{3})+)(\.\d*)?([eE][+-]?\d{1,3})?|\.\d+")
_YEAR = re.compile(r"(\d{4})\s*[/-]?\s*(\d{2}|\d{4})(\.0)?")
_DAY_FIRST = re.compile(r"(\d{1,2})[/-](\d{1,2})[/-](\d{4})(?:[ T]0?0:00(?::00)?)?")
_ISO = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})(?:[ T]00:00(?::00)?)?")
_WHOLE = re.compile(r"(\d{1,9})(\.0+)?")


@dataclass(frozen=True)
class Wrong:
    """A cell that cannot be read: the code and sentence of its issue."""

    code: str
    message: str
    severity: Severity = Severity.ERROR


@dataclass(frozen=True)
class LeftOut:
    """A cell whose row is sound but not kept; `why` completes "rows were left out: ..."."""

    why: str


class Number(NamedTuple):
    """A printed number: its value and the decimals printed, or the marker in its place."""

    value: float | None
    marker: str | None
    decimals: int


@dataclass(frozen=True)
class Cells:
    """One column: `place[row]` is the row's place among `values`, one for each distinct text of the file."""

    place: npt.NDArray[np.int32]
    values: Sequence[Any]

    def map(self, read: Callable[[Any], Any]) -> "Cells":
        """The column with `read` of each distinct value; Wrong and LeftOut stay as they are."""
        return Cells(self.place, [_kept(value, read) for value in self.values])

    def rows(self, holds: Callable[[Any], bool]) -> Rows:
        """The rows whose value `holds` is true of."""
        judged = np.fromiter((holds(value) for value in self.values), dtype=np.bool_, count=len(self.values))
        return judged[self.place]

    def are(self, wanted: Any) -> Rows:
        """The rows whose value is `wanted`."""
        return self.rows(lambda value: bool(value == wanted))

    def blanked(self) -> "Cells":
        """The column with None for what is Wrong."""
        return Cells(self.place, [None if isinstance(value, Wrong) else value for value in self.values])

    def numbers(self) -> npt.NDArray[np.float64]:
        """The values as floats by row: NaN where there is none."""
        found = np.array([value if isinstance(value, int | float) else np.nan for value in self.values], dtype=float)
        return found[self.place]

    def take(self, rows: npt.NDArray[np.int64]) -> list[Any]:
        """The values of the given rows, in their order."""
        values = self.values
        return [values[place] for place in self.place[rows].tolist()]

    def ranks(self) -> npt.NDArray[np.int64]:
        """By row, the value's rank among the distinct values as text: equal values share one."""
        order = {text: rank for rank, text in enumerate(sorted({str(value) for value in self.values}))}
        ranks = np.fromiter((order[str(value)] for value in self.values), dtype=np.int64, count=len(self.values))
        return ranks[self.place]


def _kept(value: Any, read: Callable[[Any], Any]) -> Any:
    return value if isinstance(value, Wrong | LeftOut) else read(value)


def value_of(read: Number) -> float | None:
    """The value of a printed number."""
    return read.value


def marker_of(read: Number) -> str | None:
    """The marker that stands in place of a number."""
    return read.marker


def text_cells(column: pa.DictionaryArray) -> Cells:
    """A column's text without the spaces around it."""
    plain = pc.utf8_trim(column.dictionary, characters=_SPACES).to_pylist()
    return Cells(column.indices.to_numpy(zero_copy_only=False).astype(np.int32, copy=False), plain)


def constant(value: Any, rows: int) -> Cells:
    """A column of one value."""
    return Cells(np.zeros(rows, dtype=np.int32), [value])


def choose(conditions: Sequence[tuple[Rows, Cells]], rows: int) -> Cells:
    """Each row's value from the column of the first condition that is true of it; None where none is."""
    values: list[Any] = [None]
    place = np.zeros(rows, dtype=np.int32)
    for condition, cells in reversed(conditions):
        place = np.where(condition, cells.place + np.int32(len(values)), place)
        values.extend(cells.values)
    return Cells(place.astype(np.int32), values)


def marker(text: str) -> str | None:
    """The marker that a cell holds in place of a value, in lower case without brackets; None for any other text."""
    plain = text.casefold()
    bare = plain[1:-1].strip() if plain.startswith("[") and plain.endswith("]") else plain
    return bare if bare in _MARKERS else None


def number(text: str) -> Number | Wrong:
    """A count or rate as printed: never negative, fractions and thousands separators as they come."""
    found = marker(text)
    if found is not None:
        return Number(None, found, 0)
    if not _NUMBER.fullmatch(text):
        return Wrong("E-NUMBER", "This is neither a number nor one of DfE's markers. Download the file from DfE again.")
    exact = Decimal(text.replace(",", ""))
    exponent = exact.as_tuple().exponent
    assert isinstance(exponent, int)
    return Number(float(exact), None, max(0, -exponent))


def text_or_none(text: str) -> str | None:
    """Text, or None where the cell holds a marker or is blank."""
    return None if marker(text) is not None else text


def whole(low: int, high: int, what: str) -> Callable[[str], int | Wrong | None]:
    """Reads a whole number from `low` to `high` (`331.0` too), or None for a marker; `what` names it in the message."""

    def read(text: str) -> int | Wrong | None:
        if marker(text) is not None:
            return None
        found = _WHOLE.fullmatch(text)
        if found and low <= int(found[1]) <= high:
            return int(found[1])
        return Wrong("E-NUMBER", f"{what} must be a whole number from {low} to {high}. Download the file again.")

    return read


def academic_year(text: str) -> str | Wrong:
    """`201617` from 201617, 2016/17, 2016-17 or 2016/2017."""
    found = _YEAR.fullmatch(text)
    if found and year_starting(int(found[1])) == found[1] + found[2][-2:]:
        return found[1] + found[2][-2:]
    return Wrong("E-YEAR", "The academic year must be written like 201617 or 2016/17.")


def day(text: str) -> date | Wrong | None:
    """A date written dd/mm/yyyy, dd-mm-yyyy or yyyy-mm-dd; None for a marker or DfE's Total."""
    if marker(text) is not None or text.casefold() == "total":
        return None
    try:
        if found := _DAY_FIRST.fullmatch(text):
            return date(int(found[3]), int(found[2]), int(found[1]))
        if found := _ISO.fullmatch(text):
            return date(int(found[1]), int(found[2]), int(found[3]))
    except ValueError:
        pass
    return Wrong("Q-DATE", "This is not a date written like 31/01/2020, so it was left blank.", Severity.QUERY)
