"""What each column of a caseload sheet means: proposed from its header, for the user to confirm or change."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

from data_model.catalogue import DATASETS
from data_model.dataset import Column
from data_model.outreach import OUTREACH_CASES, OUTREACH_REFERRALS
from data_model.severity import Severity
from loaders.headers import CORRECTION_COLUMNS, known_names
from loaders.issues import Issue
from loaders.layout import normalise_header
from loaders.text_table import TextTable

SCHOOL, CHILD_NAME, IGNORED = "school", "child_name", ""

_ALSO: dict[str, tuple[str, ...]] = {
    "pupil_ref": (
        "reference",
        "ref",
        "child reference",
        "child upn",
        "pupil number",
        "pupil no",
        "upn number",
        "upn no",
        "child id",
    ),
    SCHOOL: ("school", "school name", "name of school", "current school", "home school", "establishment", "setting"),
    "received_date": ("referred", "referred on", "referral", "received", "referral received", "date referral received"),
    "start_date": ("started", "started on", "date started", "start of work", "opened on", "case opened", "began"),
    "end_date": (
        "closed on",
        "ended",
        "ended on",
        "date ended",
        "finished",
        "finish date",
        "closure date",
        "case closed",
    ),
    "worker_ref": ("allocated to", "lead worker", "lead", "outreach teacher", "practitioner"),
    "susp_12w": ("suspension count", "suspensions to date", "fixed term exclusions"),
    "primary_concern": ("main concerns", "concerns", "reason for referral", "presenting concern", "presenting need"),
    "tier": ("tier of support", "support tier"),
    "close_reason": ("outcome at close", "outcome at closure", "closure reason", "reason for closure", "result"),
    "parent_agreement": ("parental consent", "parent consent", "parental agreement", "parents agreement", "agreement"),
    CHILD_NAME: (
        *("name", "full name", "first name", "forename", "surname", "last name", "legal name", "preferred name"),
        *("child name", "childs name", "name of child", "pupil name", "pupils name", "name of pupil", "student name"),
        *("initials", "known as"),
    ),
}
_CHILD = frozenset({"child", "pupil", "student", "youngperson", "yp", "learner"})
_CORRECTIONS = frozenset(map(normalise_header, CORRECTION_COLUMNS))


@dataclass(frozen=True)
class SheetMapping:
    """What each header of a sheet, in its order, means: one of `meanings()`. A header that is not here is not read."""

    by_header: Mapping[str, str]

    def headers(self, meaning: str) -> list[str]:
        """The headers that have a meaning: more than one is a fault, except for names, which nobody reads."""
        return [header for header, means in self.by_header.items() if means == meaning]

    def header_of(self, column: str) -> str:
        """The header that a column of the data dictionary was read from; the column's own name if there is none."""
        found = self.headers(column) or (self.headers(SCHOOL) if column == "urn" else [])
        return found[0] if found else column


def columns() -> dict[str, Column]:
    """Every column that a sheet can fill: those of referrals, then those that cases add."""
    return {**OUTREACH_REFERRALS.columns, **OUTREACH_CASES.columns}


def meanings() -> dict[str, str]:
    """All that a column of a sheet may mean, with what people call it: for a list to choose from."""
    own = {
        IGNORED: "Ignore this column",
        SCHOOL: "School: URN or name",
        CHILD_NAME: "Child's name: not read, not stored",
    }
    return own | {name: column.title for name, column in columns().items()}


@cache
def _names() -> dict[str, str]:
    """Every header that is known, normalised, and its meaning."""
    own = {normalise_header(alias): meaning for meaning, aliases in _ALSO.items() for alias in aliases}
    return {**known_names(OUTREACH_REFERRALS), **known_names(OUTREACH_CASES), **own}


def recognise(table: TextTable, remembered: Mapping[str, str] | None = None) -> SheetMapping:
    """What the sheet's headers most likely mean.

    `remembered` maps normalised headers to meanings that a user confirmed before. A column called "Child" holds
    references if each cell looks like one, and no other column is for them; else it holds names.
    """
    names = {**_names(), **(remembered or {})}
    own = [header for header in table.headers if normalise_header(header) not in _CORRECTIONS]
    proposed = {header: names.get(normalise_header(header), IGNORED) for header in own}
    for header, column in zip(table.headers, table.columns, strict=True):
        if normalise_header(header) in _CHILD and not proposed[header]:
            free = "pupil_ref" not in proposed.values()
            are_references = all(map(_like_a_reference, filter(str.strip, column.dictionary.to_pylist())))
            proposed[header] = "pupil_ref" if free and are_references else CHILD_NAME
    return SheetMapping(proposed)


def _like_a_reference(cell: str) -> bool:
    return len(cell.split()) == 1 and any(map(str.isdigit, cell))


def mapping_issues(table: TextTable, mapping: SheetMapping) -> list[Issue]:
    """Why the sheet cannot be split as it is mapped: an issue each, of the whole file."""
    other = _other_dataset(table, mapping)
    if other:
        message = (
            f"This looks like a file of {DATASETS[other].title.lower()}, not a caseload sheet. Load it as {other}."
        )
        return [_issue(None, "E-WRONG-DATASET", message)]
    twice = [
        _issue(meaning, "E-HEADER-TWICE", f"{' and '.join(map(repr, found))} both mean {meaning}. Keep one of them.")
        for meaning in sorted({*mapping.by_header.values()} - {IGNORED, CHILD_NAME})
        if len(found := mapping.headers(meaning)) > 1
    ]
    return [*twice, *_missing(mapping)]


def _missing(mapping: SheetMapping) -> list[Issue]:
    issues = []
    if not mapping.headers("pupil_ref"):
        only_names = "The sheet has children's names and no reference. Names are never stored: add"
        start = only_names if mapping.headers(CHILD_NAME) else "No column says which child a row is for: add"
        message = f"{start} a column UPN, or one with the LA's own pupil reference."
        issues.append(_issue("pupil_ref", "E-NO-REFERENCE", message))
    if not mapping.headers("urn") and not mapping.headers(SCHOOL):
        message = "No column says which school a child is at: add one with each school's URN or name."
        issues.append(_issue("urn", "E-COLUMN-MISSING", message))
    if not mapping.headers("received_date") and not mapping.headers("start_date"):
        message = "No column says when a child was referred or the work started: add one with either date."
        issues.append(_issue("received_date", "E-COLUMN-MISSING", message))
    return issues


def _issue(column: str | None, code: str, message: str) -> Issue:
    return Issue(None, column, None, code, Severity.ERROR, message)


def _other_dataset(table: TextTable, mapping: SheetMapping) -> str | None:
    """The dataset that this is a file of: nothing that it requires is missing, and it knows as many of the headers."""
    headers = set(map(normalise_header, table.headers)) - _CORRECTIONS
    meant = sum(bool(meaning) for meaning in mapping.by_header.values())
    for dataset in DATASETS.values():
        names = known_names(dataset)
        found = {names[header] for header in headers & names.keys()}
        required = {name for name, column in dataset.columns.items() if column.required}
        if required <= found and len(found) >= meant:
            return dataset.name
    return None
