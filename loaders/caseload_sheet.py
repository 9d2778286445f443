"""The caseload sheet that outreach managers keep, one row for each child: checked and saved as referrals and cases.

`sheet_headers.recognise` proposes what its columns mean; `check_sheet` then checks both parts as their datasets are
checked, and says every fault with the sheet's own line. A row is saved whole or not at all.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property
from itertools import chain
from typing import Any

import numpy as np
import pandas as pd
from sqlalchemy import Connection, Engine, select

from access.scope import Scope
from data_model.dataset import Dataset
from data_model.outreach import OUTREACH_CASES, OUTREACH_REFERRALS
from data_model.schools import SCHOOLS
from data_model.severity import Severity
from data_model.store import reading
from data_model.terms import Period
from loaders.check import check
from loaders.correct import messages_by_line, rows_csv
from loaders.files import Checked, compared, issue_as_dict, undisturbed
from loaders.findings import Findings, Rows, Said
from loaders.headers import HeaderMatch
from loaders.issues import Issue
from loaders.reach import Reach
from loaders.report import Report
from loaders.save import NO_CONSENT, Consent, Saved, save_together
from loaders.sheet_headers import SheetMapping, mapping_issues
from loaders.sheet_split import SplitSheet, split
from loaders.surroundings import SavedRows
from loaders.text_table import TextTable
from loaders.upload_record import Sender

NAME = "caseload_sheet"
_DATE_CODES = ("E-DATE-MIXED", "E-DATE-MONTH-FIRST")
_NO_REFERENCE = "Each row is one child's, and this one has no reference. Give the UPN, or the LA's own pupil reference."
_A_NAME = "This looks like a name, and names are never stored. Give the UPN, or the LA's own pupil reference."
_NO_START = "The row says when the work ended and not when it started. Give the start date, or clear the end date."


@dataclass(frozen=True)
class SheetChecked:
    """A checked sheet: its two parts as their datasets' checks left them, and what was read or filled in how."""

    table: TextTable
    mapping: SheetMapping
    referrals: Checked
    cases: Checked
    notes: tuple[str, ...]

    @property
    def rows(self) -> int:
        """How many rows the sheet has: each is a referral."""
        return self.referrals.report.rows

    @property
    def rejected(self) -> int:
        """How many rows an error stops, in whichever part it is."""
        return self.referrals.report.rejected

    @property
    def accepted(self) -> int:
        """How many rows may be saved, with all their parts."""
        return self.referrals.report.accepted

    @property
    def to_save(self) -> list[Checked]:
        """The parts that an upload brings: a sheet of waiting children has no cases."""
        return [self.referrals, self.cases] if self.cases.report.accepted else [self.referrals]

    @property
    def loaded_before(self) -> tuple[int, ...]:
        """The uploads that brought this very sheet before; empty where it would bring something."""
        uploads = [part.loaded_before for part in self.to_save]
        return tuple(upload for upload in uploads if upload is not None) if None not in uploads else ()

    @cached_property
    def _issues(self) -> tuple[Issue, ...]:
        reports = (self.referrals.report, self.cases.report)
        found = chain.from_iterable(report.issues(severity) for severity in Severity for report in reports)
        return tuple(sorted(dict.fromkeys(found), key=lambda issue: issue.line or 0))

    def issues(self, severity: Severity) -> list[Issue]:
        """Every issue of a severity by the sheet's lines, once where both parts have it."""
        return [issue for issue in self._issues if issue.severity is severity]

    def faulty_rows_csv(self, *, with_queries: bool = False) -> str:
        """The rejected rows of the sheet as a CSV to mend and drop back in: see `correct.faulty_rows_csv`."""
        lines = self.table.lines[self.referrals.report.rejected_rows]
        if with_queries:
            queried = [part.report.table.lines[part.report.queried_rows] for part in (self.referrals, self.cases)]
            lines = np.unique(np.concatenate([lines, *queried]))
        return rows_csv(self.table, self.messages_of(lines))

    def messages_of(self, lines: Rows) -> dict[int, list[str]]:
        """What is said of the rows on these lines, as `correct.messages_by_line` gives it."""
        issues = chain(self.issues(Severity.ERROR), self.issues(Severity.QUERY))
        return messages_by_line(lines, issues, self.mapping.header_of)


def check_sheet(
    engine: Engine,
    table: TextTable,
    sha256: str,
    mapping: SheetMapping,
    *,
    scope: Scope,
    parent_agreement: str | None = None,
    period: Period | None = None,
    today: date | None = None,
) -> SheetChecked:
    """Check a sheet, as it is mapped, against both datasets and what is saved, in one reading transaction.

    `scope` is the sender's. `parent_agreement` is the parents' answer for the rows that give none. Where the mapping
    does not do, both parts have the reasons as issues of the whole file and every row is rejected.
    """
    issues = mapping_issues(table, mapping)
    with reading(engine) as connection:
        reach = Reach(connection, scope)
        if issues:
            refused = [_refused(dataset, table, issues) for dataset in (OUTREACH_REFERRALS, OUTREACH_CASES)]
            parts = [compared(connection, report, sha256, reach) for report in refused]
            return SheetChecked(table, mapping, parts[0], parts[1], table.notes)
        halves = split(table, mapping, _schools(connection), parent_agreement=parent_agreement)
        referrals = check(
            halves.referrals, OUTREACH_REFERRALS, SavedRows(connection, reach, today=today, period=period)
        )
        cases = check(halves.cases, OUTREACH_CASES, SavedRows(connection, reach, today=today, period=period))
        _require_references(referrals)
        for report in (referrals, cases):
            _say_of_the_sheet(report, halves, mapping)
        _reject_whole_rows(referrals, cases)
        notes = dict.fromkeys([*table.notes, *halves.notes, *referrals.notes, *(cases.notes if cases.rows else ())])
        parts = [compared(connection, report, sha256, reach) for report in (referrals, cases)]
        return SheetChecked(table, mapping, parts[0], parts[1], tuple(notes))


def _refused(dataset: Dataset, table: TextTable, issues: list[Issue]) -> Report:
    return Report(dataset, table, HeaderMatch({}, (), tuple(issues), ()), file_issues=list(issues))


def _schools(connection: Connection) -> pd.DataFrame:
    columns = SCHOOLS.table.c.urn, SCHOOLS.table.c.school_name
    return pd.DataFrame(connection.execute(select(*columns)).all(), columns=["urn", "school_name"])


def _require_references(referrals: Report) -> None:
    """An error on each row whose reference is blank, as only a whole school's may be, or has no digit, as names do."""
    column = referrals.columns["pupil_ref"]
    texts = column.texts.to_pylist()
    kinds = np.array([0 if not text.strip() else 1 if _like_a_name(text) else -1 for text in texts], dtype=np.int64)
    which = kinds[column.text_place]
    rows = np.flatnonzero((which >= 0) & ~referrals.table.broken)
    said = (Said("", "E-BLANK", _NO_REFERENCE), Said(None, "E-NAME", _A_NAME))
    referrals.findings.append(Findings("pupil_ref", Severity.ERROR, rows, which[rows], said))


def _like_a_name(text: str) -> bool:
    return not any(map(str.isdigit, text))


def _say_of_the_sheet(report: Report, halves: SplitSheet, mapping: SheetMapping) -> None:
    """Put what the datasets' checks say of columns that the sheet has not, or has otherwise, in the sheet's terms."""
    report.findings[:] = [_reworded(findings, report.dataset, halves, mapping) for findings in report.findings]
    if halves.dates.format is None:
        code, message = str(halves.dates.code), str(halves.dates.message)
        others = [issue for issue in report.file_issues if issue.code not in _DATE_CODES]
        report.file_issues[:] = [*others, Issue(None, None, None, code, Severity.ERROR, message)]


def _reworded(findings: Findings, dataset: Dataset, halves: SplitSheet, mapping: SheetMapping) -> Findings:
    (key,) = dataset.key
    if findings.column == key and not mapping.headers(key):
        alike = "the same child, school and date"
        said = tuple(Said(None, one.code, one.message.replace(f"the same {key}", alike)) for one in findings.said)
        return replace(findings, column="pupil_ref", said=said)
    said = tuple(_said_anew(findings.column, one, halves.school_questions) for one in findings.said)
    return replace(findings, said=said)


def _said_anew(column: str | None, said: Said, school_questions: Mapping[str, str]) -> Said:
    match column, said.code:
        case "urn", "E-NUMBER" if question := school_questions.get(said.value or ""):
            return Said(said.value, "E-SCHOOL-NAME", question)
        case "pupil_ref", "E-FORM" if _like_a_name(said.value or ""):
            return Said(None, "E-NAME", _A_NAME)
        case "start_date", "E-BLANK":
            return Said(said.value, said.code, _NO_START)
    return said


def _reject_whole_rows(*reports: Report) -> None:
    """Reject a row in each part where any part of it has an error: half a row is never saved."""
    rejected = np.concatenate([report.table.lines[report.rejected_rows] for report in reports])
    for report in reports:
        report.rejected_rows = np.isin(report.table.lines, rejected)


def save_sheet(
    engine: Engine,
    checked: SheetChecked,
    sender: Sender,
    consent: Consent = NO_CONSENT,
) -> dict[str, Saved]:
    """Save the parts of a checked sheet in one transaction; what was saved, by dataset.

    Raises NotSaved, and writes nothing, as `save` does, and where the data changed since the sheet was checked.
    """
    parts = checked.to_save
    saved = save_together(
        engine,
        [part.report for part in parts],
        checked.referrals.sha256,
        sender,
        consent,
        seen_version=checked.referrals.comparison.version,
    )
    return {part.report.dataset.name: upload for part, upload in zip(parts, saved, strict=True)}


def load_sheet(
    engine: Engine,
    table: TextTable,
    sha256: str,
    mapping: SheetMapping,
    sender: Sender,
    *,
    parent_agreement: str | None = None,
    period: Period | None = None,
    consent: Consent = NO_CONSENT,
) -> tuple[SheetChecked, dict[str, Saved]]:
    """Check and save in one go, again where somebody else saved in between. Raises NotSaved as `undisturbed` does."""

    def check_it() -> SheetChecked:
        return check_sheet(
            engine, table, sha256, mapping, scope=sender.scope, parent_agreement=parent_agreement, period=period
        )

    return undisturbed(check_it, lambda checked: save_sheet(engine, checked, sender, consent))


def summary(checked: SheetChecked) -> dict[str, Any]:
    """The checked sheet as the command line prints it: the keys are those of `files.summary`."""
    table, notes = checked.table, list(checked.notes)
    if checked.loaded_before:
        notes.append(f"This file is already loaded: {' and '.join(f'upload {it}' for it in checked.loaded_before)}.")
    return {
        "dataset": NAME,
        "file": table.safe_name,
        "encoding": table.encoding,
        "delimiter": table.delimiter,
        "header_line": table.header_line,
        "rows": checked.rows,
        "accepted": checked.accepted,
        "rejected": checked.rejected,
        "errors": [issue_as_dict(issue) for issue in checked.issues(Severity.ERROR)],
        "queries": [issue_as_dict(issue) for issue in checked.issues(Severity.QUERY)],
        "notes": notes,
    }
