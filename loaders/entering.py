"""A row that somebody typed on a page, through the very checks that an upload goes through, and into the same log.

Each entry is an upload of its own: it stands in the log with who and when, what it replaced is in the journal, and it
can be undone. An edit names the fingerprint of the row that it was made from. Where somebody else has changed the row
since, nothing is written, and both versions are given back to choose from.
"""

import json
import secrets
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from itertools import chain

import numpy as np
import pyarrow as pa
from sqlalchemy import Connection, Engine

from access.keeping import pseudonyms
from access.people import Person
from access.reach import columns_in
from access.roles import Permission
from access.scope import OutOfScope
from access.seal import digest
from data_model.dataset import Dataset
from data_model.fair_access import FAP_DECISIONS
from data_model.severity import Severity
from data_model.store import reading
from data_model.uploads import TYPED
from loaders.check import check
from loaders.compare import keys_of
from loaders.files import Checked, compared, undisturbed
from loaders.issues import Issue
from loaders.reach import CODE as OUT_OF_REACH
from loaders.reach import Reach
from loaders.save import Consent, NotSaved, Saved, save
from loaders.surroundings import SavedRows
from loaders.text_table import TextTable
from loaders.upload_record import Sender
from loaders.versions import (
    Texts,
    Version,
    current,
    fingerprint_of,
    history,
    is_there,
    key_in,
    stored_key,
    stored_row,
    texts_of,
)

_ALLOWED_BY = {FAP_DECISIONS.name: Permission.PANEL_DECIDE}
"""What allows to enter rows of a dataset, where it is not ENTER_CASEWORK."""

_FIRST_LINE = 2
_ALPHABET = "23456789ABCDEFGHJKMNPQRSTVWXYZ"  # without what is taken for another when it is read out
_TAKEN = "What identifies this row identifies another record here already. Give it an identifier of its own."
_THERE = "There is an entry for this already, and yours would write over it. Nothing of yours was saved."
_SAME = "Nothing was changed: it is saved just so already."


@dataclass(frozen=True)
class Entry:
    """A row to write. `cells` are by column, as typed; those that are not given stay as they are, or blank.

    `seen` is the fingerprint of the version that an edit was made from; None for a new row. `key` is that of the row
    that is edited, where the edit puts its key right: what stood under it is withdrawn in the same step.
    """

    cells: Texts
    seen: str | None = None
    key: tuple[str, ...] | None = None


@dataclass(frozen=True)
class Entered:
    """What became of what was typed: `saved` where it was written, else the checks' messages or a `reason` why not.

    `cells` is every row as typed, with the identifiers that were made for it: nothing of it is lost.
    """

    cells: tuple[Texts, ...]
    issues: tuple[Issue, ...] = ()
    saved: Saved | None = None
    reason: str = ""

    @property
    def has_errors(self) -> bool:
        """Whether an error stops it, and not a query alone, which may be accepted."""
        return any(issue.severity is Severity.ERROR for issue in self.issues)

    def messages(self, row: int = 0) -> dict[str | None, list[str]]:
        """What is said of a row, by column; what is said of all of it under None."""
        said: dict[str | None, list[str]] = {}
        for issue in self.issues:
            if issue.line in (None, row + _FIRST_LINE):
                said.setdefault(issue.column, []).append(issue.message)
        return said


@dataclass(frozen=True)
class Difference:
    """A column in which what you typed and what somebody else saved differ. `as_it_was`: None where it is not known."""

    column: str
    yours: str
    theirs: str
    as_it_was: str | None

    @property
    def only_yours(self) -> bool:
        """Whether you alone changed it."""
        return self.theirs == self.as_it_was

    @property
    def only_theirs(self) -> bool:
        """Whether they alone changed it."""
        return self.yours == self.as_it_was


class SomebodyElse(NotSaved):
    """Somebody else changed the row since you saw it, or wrote the same one: nothing was written.

    `yours` is what you typed, whole; `theirs` the row as it stands, None where it was taken back; `as_it_was` the
    version that you started from, None where there was none or it is gone. To keep yours, enter it again with
    `theirs.fingerprint` as what you have seen.
    """

    def __init__(self, row: int, yours: Texts, theirs: Version | None, as_it_was: Version | None) -> None:
        gone = "Somebody else took this row back while you were editing it. Nothing of yours was saved yet."
        changed = "Somebody else changed this row while you were editing it. Nothing of yours was saved yet."
        there = "Somebody else has saved this already. Nothing of yours was saved yet."
        super().__init__(gone if theirs is None else changed if as_it_was else there)
        self.row = row
        self.yours = yours
        self.theirs = theirs
        self.as_it_was = as_it_was

    @property
    def differences(self) -> tuple[Difference, ...]:
        """Where the two differ, in the order of the columns; none where theirs was taken back."""
        if self.theirs is None:
            return ()
        before = self.as_it_was.cells if self.as_it_was else {}
        return tuple(
            Difference(name, self.yours.get(name, ""), cell, before.get(name))
            for name, cell in self.theirs.cells.items()
            if self.yours.get(name, "") != cell
        )


@dataclass(frozen=True)
class _Found:
    """Entries as they were checked: what is typed, whole, and what the checks say of it."""

    checked: Checked
    issues: tuple[Issue, ...]


@dataclass(frozen=True)
class _Whole:
    """Rows with every column: `cells` as people know them, `sent` with pupils' references as they were first sent."""

    cells: list[dict[str, str]]
    sent: list[dict[str, str]]
    plain: dict[str, str] = field(default_factory=dict)


def enter(
    engine: Engine,
    dataset: Dataset,
    cells: Texts,
    person: Person,
    *,
    seen: str | None = None,
    key: tuple[str, ...] | None = None,
    accept_queries: bool = False,
    today: date | None = None,
) -> Entered:
    """Write one row, new or (with `seen`) an edit: see `enter_rows`."""
    return enter_rows(engine, dataset, [Entry(cells, seen, key)], person, accept_queries=accept_queries, today=today)


def enter_rows(
    engine: Engine,
    dataset: Dataset,
    entries: Sequence[Entry],
    person: Person,
    *,
    accept_queries: bool = False,
    today: date | None = None,
) -> Entered:
    """Write a few rows of a dataset together, all or none, as an upload of them would.

    An error, or a query that is not accepted, is returned and nothing is written. A new row whose identifier is blank
    is given one. Raises OutOfScope where the person may not enter such rows or a column is not theirs to write, and
    SomebodyElse where a row is not as it was seen.
    """
    allowed_by = needed_for(dataset)
    if not person.may(allowed_by):
        raise OutOfScope(f"As {person.role.label} you may not do this ({allowed_by.label}).")
    _refuse_columns(dataset, entries, person)
    entries = [replace(entry, cells=_with_identifier(dataset, entry)) for entry in entries]
    typed = tuple(entry.cells for entry in entries)

    def check_it() -> _Found:
        return _checked(engine, dataset, entries, person, today)

    def save_it(found: _Found) -> Entered:
        difference = found.checked.comparison
        if any(issue.severity is Severity.ERROR for issue in found.issues) or (found.issues and not accept_queries):
            return Entered(typed, found.issues)
        if not len(difference.new) and not difference.changed:
            return Entered(typed, reason=_SAME)
        saved = save(
            engine,
            found.checked.report,
            found.checked.sha256,
            Sender(person.name, person.scope, person=person),
            Consent(accept_queries=accept_queries),
            seen_version=difference.version,
        )
        return Entered(typed, found.issues, saved)

    try:
        return undisturbed(check_it, save_it)[1]
    except SomebodyElse:
        raise
    except NotSaved as refused:
        return Entered(typed, reason=str(refused))


def needed_for(dataset: Dataset) -> Permission:
    """What allows to enter rows of a dataset."""
    return _ALLOWED_BY.get(dataset.name, Permission.ENTER_CASEWORK)


def new_identifier(dataset: Dataset) -> str:
    """An identifier for a new row of a dataset whose key is one, such as K-7Q2MXA4D; blank for other datasets.

    Of 30 letters and digits, eight at random: a million rows have two alike once in a million.
    """
    if len(dataset.key) != 1 or dataset.key[0] in dataset.references:
        return ""
    return f"{dataset.columns[dataset.key[0]].example[0]}-{''.join(secrets.choice(_ALPHABET) for _ in range(8))}"


def _with_identifier(dataset: Dataset, entry: Entry) -> dict[str, str]:
    cells = dict(entry.cells)
    if entry.seen is None and not cells.get(dataset.key[0], "").strip() and (made := new_identifier(dataset)):
        cells[dataset.key[0]] = made
    return cells


def _refuse_columns(dataset: Dataset, entries: Sequence[Entry], person: Person) -> None:
    own = set(columns_in(person.scope, dataset))
    for name in dict.fromkeys(chain.from_iterable(entry.cells for entry in entries)):
        assert name in dataset.columns, f"{dataset.name} has no column {name}"
        if name not in own:
            raise OutOfScope(f"You may not see {dataset.columns[name].title}, and so you may not change it.")


def _checked(engine: Engine, dataset: Dataset, entries: Sequence[Entry], person: Person, today: date | None) -> _Found:
    """The entries checked against what is saved, in one reading transaction. Raises SomebodyElse."""
    with reading(engine) as connection:
        reach = Reach(connection, person.scope)
        whole = _completed(connection, dataset, entries, person)
        moved = {row: stored_key(dataset, entry.key) for row, entry in enumerate(entries) if entry.key}
        table, sha256 = (
            replace(_table(dataset, whole.sent), instead_of=moved),
            digest(json.dumps([dataset.name, whole.sent]), "entry"),
        )
        report = check(table, dataset, SavedRows(connection, reach, today=today))
        found = compared(connection, report, sha256, reach)
        issues = [*report.issues(Severity.ERROR), *report.issues(Severity.QUERY)]
        issues += _unreached(connection, dataset, whole.cells, person)
        if report.columns and not report.file_issues:
            _refuse_what_is_there(connection, dataset, entries, whole, found, person)
        return _Found(found, tuple(_in_plain(issue, whole.plain) for issue in issues))


def _completed(connection: Connection, dataset: Dataset, entries: Sequence[Entry], person: Person) -> _Whole:
    """Every entry with all columns: those of an edit that are not given are as they stand. Raises SomebodyElse."""
    blank = dict.fromkeys(dataset.columns, "")
    cells = []
    for row, entry in enumerate(entries):
        stood = blank
        if entry.seen is not None:
            key = entry.key or key_in(dataset, entry.cells)
            now = stored_row(connection, person.scope, dataset, key)
            if now is None or fingerprint_of(dataset, now) != entry.seen:
                raise _somebody_else(connection, dataset, row, entry, person)
            stood = texts_of(dataset, now)
        cells.append({**stood, **entry.cells})
    sent = _as_sent(connection, dataset, cells)
    return _Whole(cells, [{**row, **_replaced(dataset, row, sent)} for row in cells], {b: a for a, b in sent.items()})


def _as_sent(connection: Connection, dataset: Dataset, rows: Sequence[Texts]) -> dict[str, str]:
    """What pupils were first sent under, by the pseudonym that pages know them by: what the checks are made for."""
    known = {row[name] for row in rows for name in dataset.references if pseudonyms.is_pseudonym(row[name])}
    made = pseudonyms.configured()
    return pseudonyms.sent_of(connection, made, sorted(known)) if known and made else {}


def _replaced(dataset: Dataset, row: Texts, sent: Texts) -> dict[str, str]:
    return {name: sent.get(row[name], row[name]) for name in dataset.references}


def _in_plain(issue: Issue, plain: Texts) -> Issue:
    """An issue with pupils called what the page calls them: nobody is told here what somebody was first sent under."""
    message = issue.message
    for sent, known_as in plain.items():
        message = message.replace(sent, known_as)
    value = plain.get(issue.value or "", issue.value)
    return Issue(issue.line, issue.column, value, issue.code, issue.severity, message)


def _table(dataset: Dataset, rows: Sequence[Texts]) -> TextTable:
    """The rows as a file of them would be read."""
    cells = ([row[name] for row in rows] for name in dataset.columns)
    return TextTable(
        name=TYPED,
        headers=tuple(dataset.columns),
        columns=tuple(pa.array(column, pa.string()).dictionary_encode() for column in cells),
        lines=np.arange(len(rows), dtype=np.int64) + _FIRST_LINE,
        broken=np.zeros(len(rows), dtype=np.bool_),
        encoding="utf-8",
        delimiter=",",
        header_line=_FIRST_LINE - 1,
        is_correction=True,
        is_typed=True,
    )


def _unreached(connection: Connection, dataset: Dataset, rows: Sequence[Texts], person: Person) -> list[Issue]:
    """An error for each row that belongs to one which is there and which the person does not reach."""
    followed, issues = dataset.follows, []
    for row, cells in enumerate(rows) if followed else ():
        assert followed
        name = followed.key[0]
        key = (cells[name].strip(),)
        if key[0] and is_there(connection, followed, key) and not stored_row(connection, person.scope, followed, key):
            said = f"The record that {dataset.columns[name].title} names is not among those that you reach."
            issues.append(Issue(row + _FIRST_LINE, name, key[0], OUT_OF_REACH, Severity.ERROR, said))
    return issues


def _refuse_what_is_there(
    connection: Connection,
    dataset: Dataset,
    entries: Sequence[Entry],
    whole: _Whole,
    found: Checked,
    person: Person,
) -> None:
    """Raises SomebodyElse where a new row is there already with other cells, and NotSaved where it is out of reach."""
    keys = keys_of(found.report)
    changed = {row for row, _ in found.comparison.changed}
    for row in (row for row, entry in enumerate(entries) if row in changed and (entry.seen is None or entry.key)):
        key = tuple("" if part is None else str(part) for part in keys[row])
        if entries[row].key and (key == entries[row].key or not is_there(connection, dataset, key)):
            continue
        theirs = current(connection, person.scope, dataset, key)
        if theirs is None or entries[row].key:
            raise NotSaved(_TAKEN if new_identifier(dataset) else _THERE)
        raise SomebodyElse(row, whole.cells[row], theirs, None)


def _somebody_else(connection: Connection, dataset: Dataset, row: int, entry: Entry, person: Person) -> SomebodyElse:
    """Both versions of a row that is not as it was seen: what was not typed is as it was then."""
    key = entry.key or key_in(dataset, entry.cells)
    versions = history(connection, person.scope, dataset, key)
    before = next((version for version in versions if version.fingerprint == entry.seen), None)
    theirs = current(connection, person.scope, dataset, key)
    base = before or theirs
    return SomebodyElse(row, {**(base.cells if base else {}), **entry.cells}, theirs, before)
