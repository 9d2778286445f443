"""A file from its bytes to a report, and from a report to the database: what the page and the command line both do."""

import hashlib
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import date
from itertools import chain
from pathlib import Path
from typing import Any, TypeVar

import numpy as np
from sqlalchemy import Connection, Engine

from access.scope import Scope
from data_model.catalogue import DATASETS
from data_model.codes import Source
from data_model.dataset import Dataset
from data_model.severity import Severity
from data_model.store import current_version, reading
from data_model.terms import Period
from loaders.check import check
from loaders.compare import Comparison, compare
from loaders.correct import without_guards
from loaders.headers import CORRECTION_COLUMNS, is_correction, known_names
from loaders.issues import Issue
from loaders.reach import Reach
from loaders.read import normalise_header, read
from loaders.report import Progress, Report
from loaders.save import NO_CONSENT, Consent, NotSaved, Saved, SomebodySaved, already_loaded, save
from loaders.surroundings import SavedRows
from loaders.text_table import TextTable
from loaders.upload_record import Sender

_TRIES = 10
_CORRECTION = "This is a file of corrections: saved rows that are not in it stay."
Found = TypeVar("Found")
Done = TypeVar("Done")


@dataclass(frozen=True)
class Checked:
    """A checked file: its report, what saving it would do, and whether it was loaded before (the upload's number)."""

    report: Report
    sha256: str
    comparison: Comparison
    loaded_before: int | None


def silent(done: float, doing: str) -> None:
    """Progress that nobody watches."""


def known_headers() -> frozenset[str]:
    """Every header name that any dataset knows, normalised: what helps to find a header under title lines."""
    names = chain.from_iterable(known_names(dataset) for dataset in DATASETS.values())
    return frozenset(chain(names, map(normalise_header, CORRECTION_COLUMNS)))


def read_file(content: bytes | Path, name: str, *, max_bytes: int | None = None) -> TextTable:
    """The file as a table of text. Raises Unreadable with a sentence that says what to do."""
    name = name.encode(errors="replace").decode()  # a file system may give a name that is no text
    table = without_guards(read(content, name, known_headers=known_headers(), max_bytes=max_bytes))
    if not is_correction(table.headers):
        return table
    return replace(table, is_correction=True, notes=(*table.notes, _CORRECTION))


def sha256_of(content: bytes | Path) -> str:
    """The fingerprint of a file's bytes."""
    return hashlib.sha256(content.read_bytes() if isinstance(content, Path) else content).hexdigest()


def check_table(
    engine: Engine,
    table: TextTable,
    sha256: str,
    dataset: Dataset,
    *,
    scope: Scope,
    period: Period | None = None,
    source: Source = Source.NOTIFIED,
    headers: Mapping[str, str] | None = None,
    today: date | None = None,
    progress: Progress = silent,
) -> Checked:
    """Check a table of text against a dataset and what is saved, in one reading transaction.

    `scope` is the sender's: what lies outside it is neither looked at nor taken.
    """
    with reading(engine) as connection:
        reach = Reach(connection, scope)
        report = check(
            table,
            dataset,
            SavedRows(connection, reach, today=today, period=period, source=source),
            headers=headers,
            progress=progress,
        )
        return compared(connection, report, sha256, reach)


def compared(connection: Connection, report: Report, sha256: str, reach: Reach) -> Checked:
    """The report on a file, with what saving it would do and whether it was loaded before."""
    if report.file_issues:
        difference = Comparison(np.array([], dtype=np.int64), [], 0, [], (), current_version(connection))
    else:
        difference = compare(connection, report, reach)
    return Checked(report, sha256, difference, already_loaded(connection, report, difference, sha256))


def load_table(
    engine: Engine,
    table: TextTable,
    sha256: str,
    dataset: Dataset,
    sender: Sender,
    *,
    period: Period | None = None,
    source: Source = Source.NOTIFIED,
    headers: Mapping[str, str] | None = None,
    consent: Consent = NO_CONSENT,
    nil_schools: Sequence[int] = (),
) -> tuple[Checked, Saved]:
    """Check and save in one go, again where somebody else saved in between. Raises NotSaved as `undisturbed` does."""

    def check_it() -> Checked:
        return check_table(
            engine, table, sha256, dataset, scope=sender.scope, period=period, source=source, headers=headers
        )

    def save_it(checked: Checked) -> Saved:
        version = checked.comparison.version
        return save(engine, checked.report, sha256, sender, consent, seen_version=version, nil_schools=nil_schools)

    return undisturbed(check_it, save_it)


def undisturbed(check_it: Callable[[], Found], save_it: Callable[[Found], Done]) -> tuple[Found, Done]:
    """What checking found and saving did, tried anew, up to ten times, where somebody else saved in between.

    Raises NotSaved with the reason, and with what checking found.
    """
    for _ in range(_TRIES - 1):
        with suppress(SomebodySaved):
            return _checked_and_saved(check_it, save_it)
    return _checked_and_saved(check_it, save_it)


def _checked_and_saved(check_it: Callable[[], Found], save_it: Callable[[Found], Done]) -> tuple[Found, Done]:
    found = check_it()
    try:
        return found, save_it(found)
    except NotSaved as reason:
        reason.found = found
        raise


def summary(checked: Checked) -> dict[str, Any]:
    """The report as the command line prints it: the keys are a promise (README)."""
    report = checked.report
    notes = list(report.notes)
    if checked.loaded_before is not None:
        notes.append(f"This file is already loaded, as upload {checked.loaded_before}.")
    return {
        "dataset": report.dataset.name,
        "file": report.table.safe_name,
        "encoding": report.table.encoding,
        "delimiter": report.table.delimiter,
        "header_line": report.table.header_line,
        "rows": report.rows,
        "accepted": report.accepted,
        "rejected": report.rejected,
        "errors": [issue_as_dict(issue) for issue in report.issues(Severity.ERROR)],
        "queries": [issue_as_dict(issue) for issue in report.issues(Severity.QUERY)],
        "notes": notes,
    }


def unreadable_summary(dataset: str | None, name: str, code: str, message: str) -> dict[str, Any]:
    """The same keys for a file that is not a table, or a command that cannot be carried out."""
    issue = Issue(None, None, None, code, Severity.ERROR, message)
    return {
        "dataset": dataset,
        "file": Path(name).name,
        "encoding": None,
        "delimiter": None,
        "header_line": None,
        "rows": 0,
        "accepted": 0,
        "rejected": 0,
        "errors": [issue_as_dict(issue)],
        "queries": [],
        "notes": [],
    }


def issue_as_dict(issue: Issue) -> dict[str, Any]:
    """An issue with the keys `line, column, value, code, severity, message`."""
    return {
        "line": issue.line,
        "column": issue.column,
        "value": issue.value,
        "code": issue.code,
        "severity": str(issue.severity),
        "message": issue.message,
    }
