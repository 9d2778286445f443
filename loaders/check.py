"""A table of text against a dataset: every fault of every row, and the rows that may be saved."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import date

import numpy as np
import numpy.typing as npt
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from data_model.dataset import Dataset
from data_model.severity import Severity
from data_model.terms import in_words
from loaders.apply_rules import apply_rules
from loaders.dates import DateDecision, Fault, decide
from loaders.explain import explain
from loaders.findings import Findings, Said
from loaders.headers import match_headers
from loaders.issues import Issue
from loaders.judge import JudgedColumn, judge
from loaders.known_pupils import ask_about_pupils
from loaders.reach import refuse_what_is_out_of_reach
from loaders.repeats import find_repeats
from loaders.report import Progress, Report
from loaders.sealing import fault
from loaders.surroundings import SavedRows
from loaders.text_table import TextTable

_WRONG_TERM_SHARE = 0.2


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
    report = Report(
        dataset,
        table,
        matched,
        period=surroundings.period,
        source=surroundings.source,
        pseudonyms=surroundings.pseudonyms,
    )
    report.notes = [*table.notes, *report.match.notes]
    report.file_issues = list(report.match.issues)
    if report.file_issues:
        return report
    _judge_columns(report, surroundings.today, progress)
    if not len(table):
        report.notes.append("The file has a header and no rows: a nil return, if you confirm it.")
        return report
    find_repeats(report)
    if not ask_about_pupils(report, surroundings.connection):
        return report
    if reason := fault(surroundings.connection, dataset):
        report.file_issues.append(Issue(None, None, None, "E-SECRET-KEY", Severity.ERROR, reason))
        return report
    apply_rules(report, surroundings, progress)
    _compare_with_period(report)
    refuse_what_is_out_of_reach(report, surroundings.reach)
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
        report.notes.append(decision.note)
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
