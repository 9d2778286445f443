"""A published file from its bytes to the database, in one transaction."""

import hashlib
from collections.abc import Callable, Collection
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

from sqlalchemy import Connection, Engine, insert, select, update

from access import audit
from access.audit import Action
from access.scope import EVERYWHERE
from data_model import uploads as records
from data_model.fingerprints import record_published
from data_model.reference import FOLDER
from data_model.schools import SCHOOLS
from data_model.severity import Severity
from data_model.store import reading, writing
from loaders.files import Checked, check_table, sha256_of, undisturbed
from loaders.issues import Unreadable
from loaders.published.benchmarks import read_la_rates, read_neighbours
from loaders.published.kinds import KNOWN_HEADERS, Kind, recognise
from loaders.published.links import read_links
from loaders.published.reading import Reading
from loaders.published.register import schools_table
from loaders.published.report import PublishedReport
from loaders.published.statistics import read_statistics
from loaders.reach import Reach
from loaders.read import read
from loaders.save import Consent, NotSaved, Saved, save
from loaders.text_table import TextTable
from loaders.upload_record import Sender
from loaders.upsert import upsert

SOURCE = "published"
_UPLOADS = records.uploads
_BATCH = 20_000
_OTHER_LA = "Q-OTHER-LA"
_SHARED = (
    "Published figures are shared by every local authority in this database, so nothing was saved. Ask your "
    "administrator who may load for all of them."
)
_NO_SCHOOL = "Nothing was loaded: no row is a school that can be kept."
_REFERENCE = ("national_figures.csv", "la_rates.csv", "statistical_neighbours.csv")
_READERS: dict[str, Callable[[TextTable, Kind], Reading]] = {
    "school_statistics": read_statistics,
    "area_statistics": read_statistics,
    "older_statistics": read_statistics,
    "gias_links": read_links,
    "la_rates": read_la_rates,
    "statistical_neighbours": read_neighbours,
}


_PRODUCT = Sender("shipped with the dashboard", EVERYWHERE)


class _NothingNew(Exception):
    """Rolls back the transaction of a file that was loaded before and would change nothing."""


def load_published(
    engine: Engine, content: bytes | Path, name: str, sender: Sender, *, la_codes: Collection[int] = ()
) -> PublishedReport:
    """Load a published file, recognised by its header alone: every row that can be read, in one transaction.

    Rows replace those of the same place and period; loading a file again whose every row is there already records
    nothing. Of a GIAS extract, `la_codes` keeps the schools of these LAs alone. Raises Unreadable, and writes nothing,
    where the file is not a table or not one that is recognised, or `la_codes` are given for one that has no schools.
    """
    table = read(content, name, known_headers=KNOWN_HEADERS, repeated_headers=True, totals_are_data=True)
    kind = recognise(table.headers)
    sha256 = sha256_of(content)
    if kind.name == "gias_schools":
        return _load_schools(engine, table, kind, sha256, sender, la_codes)
    if la_codes:
        message = (
            f"Local authorities are chosen of an extract of schools alone, and this is {kind.title}: leave them out."
        )
        raise Unreadable("E-USAGE", message)
    found = _READERS[kind.name](table, kind)
    _refuse_part(engine, sender)
    report = PublishedReport(
        kind=kind.name,
        file=table.safe_name,
        sha256=sha256,
        rows=len(table),
        accepted=len(table) - found.rejected,
        rejected=found.rejected,
        issues=found.issues,
        notes=(f"Recognised as: {kind.title}.", *found.notes),
    )
    return _save(engine, report, found, sender) if len(found.rows) else report


def _refuse_part(engine: Engine, sender: Sender) -> None:
    """Published figures are shared by every LA here: they are for those who reach them all to load."""
    with reading(engine) as connection:
        if not Reach(connection, sender.scope).is_everything:
            raise NotSaved(_SHARED)


def load_reference(engine: Engine) -> list[PublishedReport]:
    """Load the published figures that ship with the product: England's, every LA's rates, statistical neighbours.

    A file that was loaded before is left alone, whatever has replaced its rows since.
    """
    reports = []
    for name in _REFERENCE:
        with reading(engine) as connection:
            loaded = _earlier_upload(connection, sha256_of(FOLDER / name))
        if loaded is None:
            reports.append(load_published(engine, FOLDER / name, name, _PRODUCT))
    return reports


def _save(engine: Engine, report: PublishedReport, found: Reading, sender: Sender) -> PublishedReport:
    with reading(engine) as connection:
        before = _earlier_upload(connection, report.sha256)
    try:
        with writing(engine) as connection:
            upload_id = _record(connection, report, found, sender)
            tally = upsert(connection, found.table, list(found.columns), found.batches(_BATCH), upload_id)
            if before is not None and not tally.new and not tally.changed:
                raise _NothingNew
            record_published(connection, found.table, upload_id, replaced_others=tally.changed > 0)
            counts = {"rows_new": tally.new, "rows_changed": tally.changed}
            connection.execute(update(_UPLOADS).where(_UPLOADS.c.upload_id == upload_id).values(counts))
    except _NothingNew:
        assert before is not None
        return _already_loaded(report, before, len(found.rows))
    return replace(report, new=tally.new, changed=tally.changed, unchanged=tally.unchanged, upload_id=upload_id)


def _already_loaded(report: PublishedReport, upload_id: int, unchanged: int) -> PublishedReport:
    note = f"This file is already loaded, as upload {upload_id}. Nothing was changed."
    return replace(report, unchanged=unchanged, upload_id=upload_id, already_loaded=True, notes=(*report.notes, note))


def _earlier_upload(connection: Connection, sha256: str) -> int | None:
    """The newest upload of exactly this file that was not undone."""
    query = select(_UPLOADS.c.upload_id).where(
        _UPLOADS.c.source == SOURCE, _UPLOADS.c.sha256 == sha256, _UPLOADS.c.undone_at.is_(None)
    )
    return connection.execute(query.order_by(_UPLOADS.c.upload_id.desc())).scalars().first()


def _record(connection: Connection, report: PublishedReport, found: Reading, sender: Sender) -> int:
    queried = {issue.line for issue in report.issues if issue.severity is Severity.QUERY and issue.line}
    values = {
        "dataset": report.kind,
        "source": SOURCE,
        "file_name": report.file,
        "sha256": report.sha256,
        "uploaded_by": sender.name,
        "uploaded_at": datetime.now(UTC),
        "period": " ".join(found.periods) or None,
        "rows_accepted": report.accepted,
        "rows_rejected": report.rejected,
        "rows_queried": len(queried),
        "rows_new": 0,
        "rows_changed": 0,
        "rows_removed": 0,
        "is_sample": False,
    }
    key = connection.execute(insert(_UPLOADS).values(values)).inserted_primary_key
    assert key
    upload_id = int(key[0])
    told = {"dataset": report.kind, "file": report.file, "rows": report.accepted}
    audit.record(connection, sender.who, Action.UPLOADED, f"upload {upload_id}", **told)
    return upload_id


def _load_schools(
    engine: Engine, table: TextTable, kind: Kind, sha256: str, sender: Sender, la_codes: Collection[int]
) -> PublishedReport:
    """Save a GIAS extract's schools as a schools file is saved, so that the upload can be compared and undone.

    With `la_codes`, the fingerprint is that of the file and of these LAs: other LAs of the same file are not loaded.
    """
    la_codes = _own(sender, la_codes)
    if la_codes:
        sha256 = hashlib.sha256(f"{sha256} {sorted(la_codes)}".encode()).hexdigest()
    schools = schools_table(table, la_codes)
    checked = _check_schools(engine, schools, sha256, sender)
    rejected = int(table.broken.sum()) + checked.report.rejected
    issues = (*table.issues, *checked.report.issues(Severity.ERROR), *checked.report.issues(Severity.QUERY))
    report = PublishedReport(
        kind=kind.name,
        file=table.safe_name,
        sha256=sha256,
        rows=len(table),
        accepted=len(table) - rejected,
        rejected=rejected,
        issues=issues,
        notes=(f"Recognised as: {kind.title}.", *schools.notes),
    )
    if checked.loaded_before is not None:
        return _already_loaded(report, checked.loaded_before, checked.report.accepted)
    if not checked.report.accepted:
        return replace(report, notes=(*report.notes, _NO_SCHOOL))
    sender = replace(sender, origin=SOURCE)

    def save_it(checked: Checked) -> Saved:
        consent, version = Consent(good_rows=True, accept_queries=True), checked.comparison.version
        return save(engine, checked.report, sha256, sender, consent, seen_version=version)

    _, saved = undisturbed(lambda: _check_schools(engine, schools, sha256, sender), save_it)
    return replace(report, new=saved.new, changed=saved.changed, unchanged=saved.unchanged, upload_id=saved.upload_id)


def _own(sender: Sender, la_codes: Collection[int]) -> Collection[int]:
    """The LAs whose schools to keep: where none is chosen, those that the sender may load for."""
    whole = sender.scope.la_codes
    if not whole.issuperset(la_codes):
        raise NotSaved("You may not load the schools of these local authorities. Choose your own.")
    return la_codes if la_codes or whole == EVERYWHERE.la_codes else sorted(whole)


def _check_schools(engine: Engine, schools: TextTable, sha256: str, sender: Sender) -> Checked:
    """The check of an extract's schools. That some are another authority's is no question: a register has them all."""
    checked = check_table(engine, schools, sha256, SCHOOLS, scope=sender.scope)
    findings = checked.report.findings
    findings[:] = [found for found in findings if not any(said.code == _OTHER_LA for said in found.said)]
    return checked
