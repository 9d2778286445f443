"""Rows of a file that repeat a key of their dataset."""

from typing import Any

import numpy as np
import numpy.typing as npt

from data_model.severity import Severity
from data_model.wording import listed
from loaders.findings import Findings, Rows, Said
from loaders.report import Report


def find_repeats(report: Report) -> None:
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
        f"Line {line} has the same {listed(names)} and says something else. Keep the right one.",
    )
