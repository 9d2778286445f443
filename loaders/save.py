"""Checked rows into the database, in one transaction, with a record of who loaded what."""

import logging
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

from sqlalchemy import Connection, Engine, exists, select

from access.keeping import pseudonyms
from data_model import uploads as records
from data_model.schools import SCHOOLS
from data_model.severity import Severity
from data_model.store import current_version, writing
from loaders import demonstration
from loaders.compare import Comparison, compare
from loaders.reach import Reach
from loaders.report import Report
from loaders.upload_record import (
    Sender,
    record_event,
    record_queries,
    record_references,
    record_schools,
    record_upload,
)
from loaders.write_rows import journal, write

logger = logging.getLogger(__name__)

_TAKEN = (
    "Nothing was saved: what identifies some of the rows identifies other records here already, which you may not "
    "change. Give your rows identifiers of your own, or ask your administrator."
)


class NotSaved(Exception):
    """Nothing was saved. The message is a sentence that says why and what to do.

    `found` is what checking the file found, where it was checked and saved in one go.
    """

    found: Any = None


class AlreadyLoaded(NotSaved):
    """The file is loaded, as `upload_ids`, and would change nothing."""

    def __init__(self, upload_ids: Sequence[int]) -> None:
        uploads = f"upload{'s' if len(upload_ids) > 1 else ''} {' and '.join(map(str, upload_ids))}"
        super().__init__(f"This file is already loaded, as {uploads}. Nothing was changed.")
        self.upload_ids = tuple(upload_ids)


class SomebodySaved(NotSaved):
    """The data changed between checking and saving: look at the differences again."""


@dataclass(frozen=True)
class Consent:
    """What may be saved of a file that is not free of faults, and whether saved rows that it no longer has may go."""

    good_rows: bool = False
    accept_queries: bool = False
    remove_gone: bool = False


NO_CONSENT = Consent()


@dataclass(frozen=True)
class Saved:
    """What an upload did."""

    upload_id: int
    new: int
    changed: int
    unchanged: int
    removed: int
    gone: int


def already_loaded(
    connection: Connection, report: Report, difference: Comparison, sha256: str, nil_schools: Sequence[int] = ()
) -> int | None:
    """The upload that brought exactly this file, if it stands and the file would bring nothing new.

    Of records that are kept by source, the upload of the same source. A nil return is one file for every term and
    school: it was loaded before only for the same ones.
    """
    if len(difference.new) or difference.changed:
        return None
    table, schools = records.uploads, records.upload_schools
    query = (
        select(table.c.upload_id)
        .where(table.c.dataset == report.dataset.name, table.c.sha256 == sha256, table.c.undone_at.is_(None))
        .order_by(table.c.upload_id.desc())
    )
    if report.dataset.by_source:
        query = query.where(table.c.source == str(report.source))
    if not report.rows:
        query = query.where(table.c.period == str(report.period))
        for urn in nil_schools or (0,):
            query = query.where(exists().where(schools.c.upload_id == table.c.upload_id, schools.c.urn == urn))
    return connection.execute(query).scalars().first()


def save(
    engine: Engine,
    report: Report,
    sha256: str,
    sender: Sender,
    consent: Consent = NO_CONSENT,
    *,
    seen_version: int | None = None,
    nil_schools: Sequence[int] = (),
) -> Saved:
    """Save the accepted rows in one transaction, with a record of the upload.

    Raises NotSaved, and writes nothing, where a row has an error or a query that `consent` does not cover, the file
    was loaded before, or the data changed since `seen_version`. `nil_schools` are the schools that a file without rows
    speaks for.
    """
    if report.rows and nil_schools:
        raise NotSaved("Schools are named for a nil return alone, and this file has rows. Leave the schools out.")
    (saved,) = save_together(
        engine, [report], sha256, sender, consent, seen_version=seen_version, nil_schools=nil_schools
    )
    return saved


def save_together(
    engine: Engine,
    reports: Sequence[Report],
    sha256: str,
    sender: Sender,
    consent: Consent = NO_CONSENT,
    *,
    seen_version: int | None = None,
    nil_schools: Sequence[int] = (),
) -> list[Saved]:
    """Save several datasets' reports on one file in one transaction, each with its own record of the upload.

    Raises NotSaved, and writes nothing, where `save` would for any of them; the file was loaded before if it was for
    all of them.
    """
    for report in reports:
        _refuse(report, consent)
    with writing(engine) as connection:
        if seen_version is not None and current_version(connection) != seen_version:
            raise SomebodySaved("The data changed while you were looking. Look at the differences again, then save.")
        reach = Reach(connection, sender.scope)
        nil_schools = _spoken_for(reach, reports, nil_schools)
        _refuse_unknown(connection, nil_schools)
        _refuse_out_of_reach(reach, reports)
        _refuse_other_pseudonyms(connection, reports)
        if sender.person and (reason := demonstration.refusal(connection, reports, nil_schools)):
            raise NotSaved(reason)
        differences = [compare(connection, report, reach, nil_schools) for report in reports]
        if any(difference.taken for difference in differences):
            raise NotSaved(_TAKEN)
        pairs = list(zip(reports, differences, strict=True))
        found = [already_loaded(connection, *pair, sha256, nil_schools) for pair in pairs]
        before = [upload_id for upload_id in found if upload_id is not None]
        removes = consent.remove_gone and any(difference.gone for difference in differences)
        if len(before) == len(reports) and not removes:
            raise AlreadyLoaded(before)
        saved = [_save(connection, *pair, sha256, sender, consent, nil_schools) for pair in pairs]
    for report, upload in zip(reports, saved, strict=True):  # only what is committed is said to be saved
        _log(report, upload)
    return saved


def _log(report: Report, upload: Saved) -> None:
    counts = {
        "accepted": report.accepted,
        "rejected": report.rejected,
        "queried": int(report.queried_rows.sum()),
    }
    logger.info("Upload saved", extra={"upload_id": upload.upload_id, "dataset": report.dataset.name, **counts})


def _save(
    connection: Connection,
    report: Report,
    difference: Comparison,
    sha256: str,
    sender: Sender,
    consent: Consent,
    nil_schools: Sequence[int],
) -> Saved:
    gone = difference.gone if consent.remove_gone else []
    upload_id = record_upload(connection, report, sha256, sender, difference, removed=len(gone))
    journal(connection, report.dataset, upload_id, difference.columns, [*difference.replaced, *gone])
    write(connection, report, upload_id, difference)
    record_schools(connection, report, upload_id, nil_schools)
    record_queries(connection, report, upload_id, difference)
    record_references(connection, report, difference)
    saved = Saved(
        upload_id,
        len(difference.new),
        difference.changed_rows,
        difference.unchanged,
        len(gone),
        len(difference.gone) - len(gone),
    )
    record_event(connection, report, upload_id, sender, asdict(saved))
    return saved


def _refuse(report: Report, consent: Consent) -> None:
    if any(issue.severity is Severity.ERROR for issue in report.file_issues):
        raise NotSaved(next(iter(report.issues(Severity.ERROR))).message)
    if report.rejected and not consent.good_rows:
        rows = "1 row has" if report.rejected == 1 else f"{report.rejected:,} rows have"
        raise NotSaved(f"{rows} an error, so nothing was saved. Correct the file, or save the good rows alone.")
    if report.rows and not report.accepted:
        raise NotSaved("Every row has an error, so there is nothing to save. Correct the file.")
    if report.queried_rows.any() and not consent.accept_queries:
        raise NotSaved("There are open queries, so nothing was saved. Answer them in the file, or accept them.")
    if not report.rows and report.period is None:
        raise NotSaved("A file without rows is a nil return: say for which term, such as 202526-AUT.")


def _refuse_other_pseudonyms(connection: Connection, reports: Sequence[Report]) -> None:
    for report in reports:
        reason = pseudonyms.fault(connection, report.pseudonyms) if report.dataset.references else None
        if reason:
            raise NotSaved(reason)


def _spoken_for(reach: Reach, reports: Sequence[Report], nil_schools: Sequence[int]) -> Sequence[int]:
    """The schools that a nil return speaks for: where its sender reaches less than all is loaded, theirs alone."""
    if reach.is_everything or any(report.rows for report in reports):
        return nil_schools
    own = reach.schools()
    if not own.issuperset(nil_schools) or not own:
        raise NotSaved("This nil return is for schools that you may not load for. Name your own, with their URNs.")
    return nil_schools or sorted(own)


def _refuse_out_of_reach(reach: Reach, reports: Sequence[Report]) -> None:
    for report in reports:
        if sentence := reach.refusal(report):
            raise NotSaved(sentence)


def _refuse_unknown(connection: Connection, schools: Sequence[int]) -> None:
    column = SCHOOLS.table.c.urn
    known = set(connection.execute(select(column).where(column.in_(schools))).scalars())
    unknown = ", ".join(str(urn) for urn in sorted(set(schools) - known))
    if unknown:
        raise NotSaved(f"No school with URN {unknown} is loaded. Correct it, or load the schools file first.")
