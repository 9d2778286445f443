"""Which pupils the Upload page shows of a file: what the audit trail keeps of it."""

from collections.abc import Iterable, Sequence

import numpy as np
import numpy.typing as npt

from loaders.check import Report
from loaders.compare import Comparison
from loaders.files import Checked
from ui import trail, who
from ui.uploading import changed_rows, found


def record(parts: Iterable[Checked]) -> None:
    """Record that who is here sees the pupils of a file, in its parts, before they are shown."""
    references = {each for part in parts for each in _shown(part)}
    trail.saw_pupils(who.person(), "Upload", references)


def references_of(report: Report, rows: npt.NDArray[np.int64]) -> set[str]:
    """The pupils of these rows, by the references that were sent; a reference that is wrong is nobody's."""
    names = [name for name in report.dataset.references if name in report.columns]
    return {
        values[at]
        for name in names
        for values in (report.sent(name),)
        for at in np.unique(report.columns[name].place[rows]).tolist()
        if values[at] is not None
    }


def _shown(part: Checked) -> set[str]:
    """The pupils of the rows that have messages, and of those that the differences list."""
    report, difference = part.report, part.comparison
    faulty = np.unique(np.concatenate([np.array([], dtype=np.int64), *(each.rows for each in report.findings)]))
    rows = np.concatenate([faulty[: found.LINES], _listed(difference)])
    return references_of(report, rows) | _gone(report, difference.gone[: changed_rows.MOST], difference.columns)


def _listed(difference: Comparison) -> npt.NDArray[np.int64]:
    changed = [row for row, _ in difference.changed[: changed_rows.MOST]]
    return np.concatenate([difference.new[: changed_rows.MOST], np.array(changed, dtype=np.int64)])


def _gone(report: Report, gone: Sequence[tuple[object, ...]], columns: Sequence[str]) -> set[str]:
    places = [columns.index(name) for name in report.dataset.references if name in columns]
    return {str(row[at]) for row in gone for at in places if row[at] is not None}
