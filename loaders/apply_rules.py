"""The rules of a dataset, each over all rows of a file at once."""

from typing import Any

import numpy as np
import pandas as pd

from data_model.dataset import Rule
from data_model.severity import Severity
from data_model.terms import in_words
from loaders.findings import Findings, Rows, Said
from loaders.issues import Issue
from loaders.report import Progress, Report
from loaders.surroundings import SavedRows

_FIRST_LINES = 5


def apply_rules(report: Report, surroundings: SavedRows, progress: Progress) -> None:
    """Add what each rule says of the rows; what is not loaded and would be needed is said once."""
    rows = report.frame[~report.table.broken]
    surroundings.for_file(report.dataset, rows)
    rules = [rule for rule in report.dataset.rules if set(rule.columns) <= set(report.columns)]
    missing = {need for rule in rules for need in rule.needs if not surroundings.is_loaded(need)}
    if "schools" in missing:
        message = "No schools are loaded yet, so nothing can be said of these rows. Load the schools file first."
        report.file_issues.append(Issue(None, None, None, "E-NO-SCHOOLS", Severity.ERROR, message))
    if "term_dates" in missing:
        report.notes.append("Checks that count school days were left out: no term dates are loaded.")
    if report.dataset.follows and report.dataset.follows.name in missing:
        followed = report.dataset.follows.title.lower()
        report.notes.append(f"Rows were not matched with {followed}: none are loaded.")
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
