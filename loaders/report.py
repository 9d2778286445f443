"""What checking a file found: its rows, its issues, and which rows may be saved."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from itertools import chain
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from access.keeping.pseudonyms import Pseudonyms
from data_model.codes import Source
from data_model.dataset import Dataset
from data_model.severity import Severity
from data_model.terms import Period, periods_of
from loaders.dates import DateFormat
from loaders.findings import Findings, read_out
from loaders.headers import HeaderMatch
from loaders.issues import Issue
from loaders.judge import JudgedColumn
from loaders.text_table import TextTable

Progress = Callable[[float, str], None]
"""Is told the share that is done, from 0 to 1, and what is being done."""


@dataclass
class Report:
    """What checking found. rows = accepted + rejected; a queried row without an error is accepted."""

    dataset: Dataset
    table: TextTable
    match: HeaderMatch
    date_format: DateFormat | None = None
    columns: dict[str, JudgedColumn] = field(default_factory=dict)
    file_issues: list[Issue] = field(default_factory=list)
    findings: list[Findings] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    period: Period | None = None
    source: Source = Source.NOTIFIED
    pseudonyms: Pseudonyms | None = None
    _stored: dict[str, list[Any]] = field(default_factory=dict, repr=False)

    @property
    def is_refused(self) -> bool:
        """Whether the whole file has an error."""
        return any(issue.severity is Severity.ERROR for issue in self.file_issues)

    @property
    def rows(self) -> int:
        """How many rows the file has."""
        return len(self.table)

    @cached_property
    def rejected_rows(self) -> npt.NDArray[np.bool_]:
        """True for each row that has an error, or for all where the whole file has one."""
        rejected = self.table.broken.copy()
        if self.is_refused:
            rejected[:] = True
        for findings in self.findings:
            if findings.severity is Severity.ERROR:
                rejected[findings.rows] = True
        return rejected

    @cached_property
    def queried_rows(self) -> npt.NDArray[np.bool_]:
        """True for each accepted row that has a query."""
        queried = np.zeros(self.rows, dtype=np.bool_)
        for findings in self.findings:
            if findings.severity is Severity.QUERY:
                queried[findings.rows] = True
        return queried & ~self.rejected_rows

    @property
    def accepted(self) -> int:
        """How many rows may be saved."""
        return int((~self.rejected_rows).sum())

    @property
    def rejected(self) -> int:
        """How many rows an error stops."""
        return self.rows - self.accepted

    @cached_property
    def frame(self) -> pd.DataFrame:
        """All rows as rules see them, one column for each that the file has."""
        return pd.DataFrame({name: column.series() for name, column in self.columns.items()}, index=range(self.rows))

    def stored(self, name: str) -> list[Any]:
        """The distinct values of a column as the database keeps them, in the order of its `values`."""
        if name not in self._stored:
            values, pseudonyms = self.sent(name), self.pseudonyms
            if pseudonyms and name in self.dataset.references:
                values = [None if value is None else pseudonyms.of(value) for value in values]
            self._stored[name] = values
        return self._stored[name]

    def sent(self, name: str) -> list[Any]:
        """The distinct values of a column as `stored` gives them, but a pupil's reference as it was sent."""
        return [_stored(value) for value in self.columns[name].values]

    @cached_property
    def sent_by_stored(self) -> dict[str, str]:
        """What the file says in place of each stored reference of a pupil: what its sender is shown."""
        names = [name for name in self.dataset.references if name in self.columns and self.pseudonyms]
        pairs = chain.from_iterable(zip(self.stored(name), self.sent(name), strict=True) for name in names)
        return {stored: sent for stored, sent in pairs if stored is not None}

    def issues(self, severity: Severity) -> Iterator[Issue]:
        """Every issue of a severity: those of the whole file first, then by line."""
        whole = (issue for issue in self.file_issues if issue.severity is severity)
        shape = (issue for issue in self.table.issues if issue.severity is severity)
        by_line = read_out(self.findings, self.table.lines, severity)
        rest = sorted(chain(shape, by_line), key=lambda issue: issue.line or 0) if self.table.issues else by_line
        return chain(whole, rest)

    @cached_property
    def periods(self) -> pd.DataFrame:
        """The academic year and term of each row (`academic_year, term`); missing where rows are not dated events."""
        day = self.dataset.dated
        if day and day in self.columns:
            return periods_of(self.frame[day])
        return pd.DataFrame({"academic_year": None, "term": None}, index=range(self.rows), dtype=object)


def _stored(value: Any) -> Any:
    """Dates as ISO text and codes as plain text: what the driver is given."""
    if isinstance(value, date):
        return value.isoformat()
    return str(value) if isinstance(value, str) else value
