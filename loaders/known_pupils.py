"""What is asked of the pupils that a file names, beside the dataset's rules: pseudonyms, and pupils who were erased."""

import numpy as np
from sqlalchemy import Connection, select

from access.audit import subject_of_pupil
from access.keeping import pseudonyms
from data_model.retention import erasures
from data_model.severity import Severity
from data_model.terms import in_words
from loaders.findings import Findings, Said
from loaders.issues import Issue
from loaders.judge import JudgedColumn
from loaders.report import Report

_OURS = (
    "This is a pseudonym that the dashboard made, and not a reference. Give the reference that the pupil was first "
    "sent under."
)
_ERASED = (
    "What was held on this pupil was erased on {day}. Leave the row out, unless there is a new reason to keep records "
    "on the pupil."
)


def ask_about_pupils(report: Report, connection: Connection) -> bool:
    """Whether the file's pupils can be kept beside those that are saved: else it is refused. Ask about the erased."""
    names = [name for name in report.dataset.references if name in report.columns]
    reason = pseudonyms.fault(connection, report.pseudonyms) if names else None
    if reason:
        report.file_issues.append(Issue(None, None, None, "E-PSEUDONYM-KEY", Severity.ERROR, reason))
    erased = {row.pupil: row.erased_at for row in connection.execute(select(erasures))} if names else {}
    for name in names:
        column = report.columns[name]
        ours = {at: _OURS for at, value in enumerate(column.values) if value and pseudonyms.is_pseudonym(value)}
        _add(report, column, Severity.ERROR, "E-PSEUDONYM", ours)
        if erased:
            days = {at: erased.get(subject_of_pupil(value)) for at, value in enumerate(column.values) if value}
            asked = {at: _ERASED.format(day=in_words(day.date())) for at, day in days.items() if day}
            _add(report, column, Severity.QUERY, "Q-ERASED", asked)
    return reason is None


def _add(report: Report, column: JudgedColumn, severity: Severity, code: str, messages: dict[int, str]) -> None:
    """Say these messages of the rows that hold the values at these places; the value itself is not repeated."""
    if not messages:
        return
    rows = np.flatnonzero(np.isin(column.place, list(messages)) & ~report.table.broken)
    said = {at: number for number, at in enumerate(messages)}
    which = np.array([said[at] for at in column.place[rows].tolist()], dtype=np.int64)
    sentences = tuple(Said(None, code, message) for message in messages.values())
    report.findings.append(Findings(column.column.name, severity, rows, which, sentences))
