"""A table of text against a dataset: every fault of every row, and the rows that may be saved."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cached_property
from itertools import chain
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from data_model.codes import Source
from data_model.dataset import Dataset, Rule
from data_model.severity import Severity
from data_model.terms import Period, in_words, periods_of
from loaders.dates import DateDecision, DateFormat, Fault, decide
from loaders.explain import explain
from loaders.findings import Findings, Rows, Said, read_out
from loaders.headers import HeaderMatch, match_headers
from loaders.issues import Issue
from loaders.judge import JudgedColumn, judge
from loaders.surroundings import SavedRows
from loaders.text_table import TextTable

Progress = Callable[[float, str], None]

_WRONG_TERM_SHARE = 0.2
_FIRST_LINES = 5


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
    _stored: dict[str, list[Any]] = field(default_factory=dict, repr=False)

    @property
    def rows(self) -> int:
        """How many rows the file has."""
        return len(self.table)

    @cached_property
    def rejected_rows(self) -> npt.NDArray[np.bool_]:
        """True for each row that has an error, or for all where the whole file has one."""
        rejected = self.table.broken.copy()
        if any(issue.severity is Severity.ERROR for issue in self.file_issues):
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
            self._stored[name] = [_stored(value) for value in self.columns[name].values]
        return self._stored[name]

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


def check(
    table: TextTable,
    dataset: Dataset,
    surroundings: SavedRows,
    *,
    headers: Mapping[str, str] | None = None,
    progress: Progress = lambda done, doing: None,
) -> Report:
    """Check a file's every row against a dataset. Nothing is written and nothing guessed.

    `headers` maps normalised headers to columns as a user confirmed them. `surroundings.period`, where there is one, is
    the term that the sender says the file is for.
    """
    matched = match_headers(table, dataset, headers)
    report = Report(dataset, table, matched, period=surroundings.period, source=surroundings.source)
    report.notes = [*table.notes, *report.match.notes]
    report.file_issues = list(report.match.issues)
    if report.file_issues:
        return report
    _judge_columns(report, surroundings.today, progress)
    if not len(table):
        report.notes.append("The file has a header and no rows: a nil return, if you confirm it.")
        return report
    _find_duplicates(report)
    _apply_rules(report, surroundings, progress)
    _compare_with_period(report)
    progress(1.0, "Checked")
    return report


def _judge_columns(report: Report, today: date, progress: Progress) -> None:
    decision = _decide_dates(report)
    report.date_format = decision.format
    places = report.match.places
    for done, (name, column) in enumerate(report.dataset.columns.items()):
        if name not in places:
            continue
        progress(0.6 * done / len(report.dataset.columns), f"Checking {column.title}")
        judged = judge(column, report.table.columns[places[name]], decision.format, today)
        if decision.format is None and issubclass(column.kind, date):
            judged = _blame(judged, decision)
        report.columns[name] = judged
        report.notes.extend(f"{column.title}: {note}" for note in judged.notes)
        report.findings.extend(_cell_findings(judged, report.table.broken))


def _decide_dates(report: Report) -> DateDecision:
    """The file's date format. A file whose dates cannot be told gets an issue of its own."""
    places = report.match.places
    columns = [
        _distinct_cells(report.table, places[name])
        for name, c in report.dataset.columns.items()
        if c.kind is date and name in places
    ]
    cells = {cell for column in columns for cell in pc.utf8_trim_whitespace(column).to_pylist() if cell}
    decision = decide(cells)
    if decision.format is None:
        report.file_issues.append(Issue(None, None, None, str(decision.code), Severity.ERROR, str(decision.message)))
    elif cells:
        report.notes.append(f"Dates were read as {decision.format.value}.")
    return decision


def _distinct_cells(table: TextTable, place: int) -> pa.Array:
    """The distinct cells of a column. Those of rows of a wrong shape may belong to another: they do not count."""
    column = table.columns[place]
    if not table.broken.any():
        return column.dictionary
    return pc.unique(column.filter(pa.array(~table.broken))).dictionary_decode()


def _blame(judged: JudgedColumn, decision: DateDecision) -> JudgedColumn:
    """The cells that keep the file's dates from being read, marked so that the sender finds them."""
    kind = "date_month_first" if decision.code == "E-DATE-MONTH-FIRST" else "date_other_format"
    texts = judged.texts.to_pylist()
    faults = {at: Fault(kind, {}) for at, text in enumerate(texts) if decision.culprit(text.strip())}
    return replace(judged, faults={**judged.faults, **faults})


def _cell_findings(judged: JudgedColumn, broken: npt.NDArray[np.bool_]) -> Iterator[Findings]:
    if not judged.faults:
        return
    places = np.array(sorted(judged.faults), dtype=np.int64)
    number = np.full(len(judged.texts), -1, dtype=np.int64)
    number[places] = np.arange(len(places))
    which = number[judged.text_place]
    rows = np.flatnonzero((which >= 0) & ~broken)
    if len(rows):
        said = tuple(_say(judged, int(at)) for at in places)
        yield Findings(judged.column.name, Severity.ERROR, rows, which[rows], said)


def _say(judged: JudgedColumn, at: int) -> Said:
    fault = judged.faults[at]
    code, message = explain(judged.column, fault.kind, fault.context)
    return Said(None if judged.column.is_withheld else judged.texts[at].as_py(), code, message)


def _find_duplicates(report: Report) -> None:
    """Rows that repeat a key: an error where an identical row comes again, and on every one where they differ."""
    keys = [name for name in report.dataset.key if name in report.columns]
    sets = [keys] if len(keys) == len(report.dataset.key) else []
    other = report.dataset.other_key
    sets += [[other]] if other and other in report.columns else []
    told = np.zeros(report.rows, dtype=np.bool_)
    for names in sets:
        group = _key_groups(report, names)
        group[told] = -1
        repeated = _repeated(group)
        if len(repeated):
            told[_report_repeats(report, names, repeated, group)] = True


def _key_groups(report: Report, names: list[str]) -> Rows:
    """A number for each row, equal where the named cells are equal; -1 where one of them is missing."""
    group = np.zeros(report.rows, dtype=np.int64)
    missing = report.table.broken.copy()
    for name in names:
        judged = report.columns[name]
        missing |= np.array([value is None for value in judged.values], dtype=np.bool_)[judged.place]
        group = _refine(group, judged.place)
    group[missing] = -1
    return group


def _content_groups(report: Report, rows: Rows) -> Rows:
    """A number for each of these rows, equal where all their cells say the same (a faulty cell says its text)."""
    group = np.zeros(len(rows), dtype=np.int64)
    for judged in report.columns.values():
        faulty = np.isin(judged.text_place[rows], list(judged.faults))
        group = _refine(group, np.where(faulty, len(judged.values) + judged.text_place[rows], judged.place[rows]))
    return group


def _refine(group: Rows, place: npt.NDArray[Any]) -> Rows:
    """Groups split further by `place`, numbered from 0 so that the product of two never overflows."""
    return np.unique(group * (int(place.max(initial=0)) + 1) + place, return_inverse=True)[1].astype(np.int64)


def _repeated(group: Rows) -> Rows:
    """The rows, in order of group and then of line, whose group has more than one row."""
    order = np.argsort(group, kind="stable")
    order = order[group[order] >= 0]
    same = group[order][1:] == group[order][:-1]
    twice = np.zeros(len(order), dtype=np.bool_)
    twice[1:] |= same
    twice[:-1] |= same
    return order[twice]


def _report_repeats(report: Report, names: list[str], repeated: Rows, group: Rows) -> Rows:
    content = np.full(report.rows, -1, dtype=np.int64)
    content[repeated] = _content_groups(report, repeated)
    lines = report.table.lines
    rows: list[int] = []
    said: list[Said] = []
    column = names[-1] if len(names) == 1 else None
    starts = np.flatnonzero(np.r_[True, np.diff(group[repeated]) != 0])
    for block in np.split(repeated, starts[1:]):
        first = int(block[0])
        identical = bool((content[block] == content[first]).all())
        for row in block[1:] if identical else block:
            value = report.columns[column].text(int(row)) if column else None
            rows.append(int(row))
            other = first if identical else next(at for at in block if content[at] != content[row])
            said.append(Said(value, *_repeat_sentence(names, identical, int(lines[other]))))
    found = np.array(rows, dtype=np.int64)
    report.findings.append(Findings(column, Severity.ERROR, found, np.arange(len(found)), tuple(said)))
    return found


def _repeat_sentence(names: list[str], identical: bool, line: int) -> tuple[str, str]:
    if identical:
        return "E-ROW-TWICE", f"This row is the same as line {line}. Remove one of them."
    return (
        "E-KEY-TWICE",
        f"Line {line} has the same {_listed(names)} and says something else. Keep the right one.",
    )


def _listed(names: list[str]) -> str:
    return " and ".join(filter(None, [", ".join(names[:-1]), names[-1]]))


def _apply_rules(report: Report, surroundings: SavedRows, progress: Progress) -> None:
    rows = report.frame[~report.table.broken]
    surroundings.for_file(report.dataset, rows)
    rules = [rule for rule in report.dataset.rules if set(rule.columns) <= set(report.columns)]
    missing = {need for rule in rules for need in rule.needs if not surroundings.is_loaded(need)}
    if "schools" in missing:
        message = "No schools are loaded yet, so nothing can be said of these rows. Load the schools file first."
        report.file_issues.append(Issue(None, None, None, "E-NO-SCHOOLS", Severity.ERROR, message))
    if "term_dates" in missing:
        report.notes.append("Checks that count school days were left out: no term dates are loaded.")
    if "outreach_cases" in missing:
        report.notes.append("Contacts were not matched with their cases: no outreach cases are loaded.")
    for done, rule in enumerate(rules):
        if not missing.intersection(rule.needs):
            progress(0.6 + 0.4 * done / len(rules), f"Checking: {rule.plain}")
            _apply(report, rule, rule.broken_by(rows, surroundings))


def _apply(report: Report, rule: Rule, broken: pd.DataFrame) -> None:
    broken = _without_faulty_cells(report, rule, broken)
    if broken.empty:
        return
    rows = broken.index.to_numpy(dtype=np.int64)
    if rule.severity is Severity.NOTE:
        report.notes.append(rule.message.format(count=_counted(report.table.lines[rows])))
        return
    column = report.columns[rule.columns[0]]
    texts = [None] * len(column.texts) if column.column.is_withheld else column.texts.to_pylist()
    names = [name for name in broken.columns if f"{{{name}}}" in rule.message]
    cells = [broken[name].map(_readable) for name in names]
    sentences = (rule.message.format_map(dict(zip(names, row, strict=True))) for row in zip(*cells, strict=True))
    messages = list(sentences) if names else [rule.message] * len(rows)
    values = [texts[at] for at in column.text_place[rows]]
    distinct: dict[tuple[str | None, str], int] = {}
    which = [distinct.setdefault(pair, len(distinct)) for pair in zip(values, messages, strict=True)]
    said = tuple(Said(value, rule.code, message) for value, message in distinct)
    report.findings.append(Findings(rule.columns[0], rule.severity, rows, np.array(which, dtype=np.int64), said))


def _without_faulty_cells(report: Report, rule: Rule, broken: pd.DataFrame) -> pd.DataFrame:
    """The rows whose own cells are right in every column that the rule reads: a faulty cell is not a blank one."""
    for name in (*rule.columns, *rule.reads_too):
        judged = report.columns.get(name)
        if judged and judged.faults and len(broken):
            faulty = np.isin(judged.text_place[broken.index.to_numpy(dtype=np.int64)], list(judged.faults))
            broken = broken[~faulty]
    return broken


def _counted(lines: Rows) -> str:
    """How many rows there are and where the first are: `1 (line 3)`, `1,204 (lines 3, 7, 8, 9, 12 and others)`."""
    first = ", ".join(str(line) for line in sorted(lines.tolist())[:_FIRST_LINES])
    more = " and others" if len(lines) > _FIRST_LINES else ""
    return f"{len(lines):,} ({'line' if len(lines) == 1 else 'lines'} {first}{more})"


def _readable(value: Any) -> str:
    if isinstance(value, pd.Timestamp):
        return in_words(value)
    if isinstance(value, float):
        return f"{value:g}"
    return str(value)


def _compare_with_period(report: Report) -> None:
    """Rows outside the term that the sender chose: a query each, or an error for the file where they are many."""
    period, day = report.period, report.dataset.dated
    if period is None or day is None or day not in report.columns:
        return
    first, last = (pd.Timestamp(bound) for bound in period.bounds)
    days = report.frame[day]
    outside = np.flatnonzero((days.notna() & ~days.between(first, last)).to_numpy() & ~report.table.broken)
    if len(outside) > _WRONG_TERM_SHARE * report.rows:
        message = (
            f"{len(outside):,} of {report.rows:,} rows are not in {period.label} "
            f"({in_words(first)} to {in_words(last)}). Choose the right term, or the right file."
        )
        report.file_issues.append(Issue(None, day, None, "E-WRONG-TERM", Severity.ERROR, message))
    elif len(outside):
        texts = report.columns[day]
        said = tuple(
            Said(texts.text(int(row)), "Q-OTHER-TERM", f"This date is not in {period.label}. Is it right?")
            for row in outside
        )
        report.findings.append(Findings(day, Severity.QUERY, outside, np.arange(len(outside)), said))
