"""The faults of a file, kept by column and kind so that a million of them fit in memory, and read out line by line."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from data_model.severity import Severity
from loaders.issues import Issue

Rows = npt.NDArray[np.int64]


@dataclass(frozen=True)
class Said:
    """What is said of one value: the text as typed, the code of the message and its sentence."""

    value: str | None
    code: str
    message: str


@dataclass(frozen=True)
class Findings:
    """The faults of one severity in one column: `rows[i]` has the fault `said[which[i]]`."""

    column: str | None
    severity: Severity
    rows: Rows
    which: Rows
    said: tuple[Said, ...]


def read_out(found: list[Findings], lines: Rows, severity: Severity) -> Iterator[Issue]:
    """Every issue of a severity, in the order of the file's lines."""
    chosen = [findings for findings in found if findings.severity is severity and len(findings.rows)]
    if not chosen:
        return
    rows = np.concatenate([findings.rows for findings in chosen])
    source = np.repeat(np.arange(len(chosen)), [len(findings.rows) for findings in chosen])
    place = np.concatenate([np.arange(len(findings.rows)) for findings in chosen])
    for at in np.lexsort((source, rows)):
        findings = chosen[source[at]]
        said = findings.said[findings.which[place[at]]]
        yield Issue(int(lines[rows[at]]), findings.column, said.value, said.code, severity, said.message)
