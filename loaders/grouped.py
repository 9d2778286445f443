"""The faults of a report, those of one kind together: what to put right first."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from data_model.severity import Severity
from loaders.check import Report
from loaders.findings import Findings

_FIRST_LINES = 5


@dataclass(frozen=True)
class Group:
    """Faults of one code in one column: how many rows have it, the file lines of the first, and the first's sentence.

    `sentences` is how many different sentences there are: with more than one, `message` is an example.
    """

    severity: Severity
    column: str | None
    code: str
    message: str
    sentences: int
    rows: int
    lines: tuple[int, ...]


def grouped(report: Report) -> list[Group]:
    """The faults of single rows in groups, errors before queries and the most frequent first.

    Faults of the whole file are not among them: they are `report.file_issues`.
    """
    groups = [*_of_shape(report), *(group for findings in report.findings for group in _of(findings, report))]
    return sorted(groups, key=lambda group: (group.severity is not Severity.ERROR, -group.rows))


def _of(findings: Findings, report: Report) -> Iterator[Group]:
    codes = [said.code for said in findings.said]
    for code in dict.fromkeys(codes):
        of_code = np.array([own == code for own in codes], dtype=np.bool_)
        here = of_code[findings.which]
        rows, which = findings.rows[here], findings.which[here]
        if not len(rows):
            continue
        order = np.argsort(rows, kind="stable")
        lines = report.table.lines[np.unique(rows)]
        yield Group(
            findings.severity,
            findings.column,
            code,
            findings.said[which[order[0]]].message,
            len({findings.said[at].message for at in np.unique(which)}),
            len(lines),
            tuple(lines[:_FIRST_LINES].tolist()),
        )


def _of_shape(report: Report) -> Iterator[Group]:
    issues = report.table.issues
    for severity, code in dict.fromkeys((issue.severity, issue.code) for issue in issues):
        own = [issue for issue in issues if (issue.severity, issue.code) == (severity, code)]
        lines = sorted({issue.line for issue in own if issue.line is not None})
        yield Group(
            severity,
            None,
            code,
            own[0].message,
            len({issue.message for issue in own}),
            len(lines),
            tuple(lines[:_FIRST_LINES]),
        )
