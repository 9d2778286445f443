"""Checked rows into the database, in one transaction, with a record of who loaded what."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import numpy as np
import numpy.typing as npt
from sqlalchemy import Connection, Engine, exists, insert, select

from data_model import uploads as records
from data_model.dataset import Dataset
from data_model.schools import SCHOOLS
from data_model.severity import Severity
from data_model.store import current_version, delete_rows, insert_rows, writing
from data_model.terms import TERMS, Term
from loaders.check import Report
from loaders.compare import Comparison, compare, key_of, keys_of

_BATCH = 20_000


class NotSaved(Exception):
    """Nothing was saved. The message is a sentence that says why and what to do."""


class AlreadyLoaded(NotSaved):
    """The file is loaded, as `upload_ids`, and would change nothing."""

    def __init__(self, upload_ids: Sequence[int]) -> None:
        uploads = f"upload{'s' if len(upload_ids) > 1 else ''} {' and '.join(map(str, upload_ids))}"
        super().__init__(f"This file is already loaded, as {uploads}. Nothing was changed.")
        self.upload_ids = tuple(upload_ids)


class SomebodySaved(NotSaved):
    """The data changed between checking and saving: look at the differences again."""


@dataclass(frozen=True)
class Saved:
    """What an upload did."""

    upload_id: int
    new: int
    changed: int
    unchanged: int
    removed: int
    gone: int


@dataclass(frozen=True)
class Sender:
    """Who loads a file. `origin` says where it comes from, where that is not the report's own source."""

    name: str
    origin: str = ""
    is_sample: bool = False


def already_loaded(
    connection: Connection, report: Report, sha256: str, difference: Comparison, nil_schools: Sequence[int] = ()
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
    *,
    good_rows: bool = False,
    accept_queries: bool = False,
    remove_gone: bool = False,
    seen_version: int | None = None,
    nil_schools: Sequence[int] = (),
) -> Saved:
    """Save the accepted rows in one transaction, with a record of the upload.

    Raises NotSaved, and writes nothing, where a row has an error (unless `good_rows`), a query is open (unless
    `accept_queries`), the file was loaded before, or the data changed since `seen_version`. `remove_gone` also removes
    the saved rows that the file no longer has. `nil_schools` are the schools that a file without rows speaks for.
    """
    if report.rows and nil_schools:
        raise NotSaved("Schools are named for a nil return alone, and this file has rows. Leave the schools out.")
    (saved,) = save_together(
        engine,
        [report],
        sha256,
        sender,
        good_rows=good_rows,
        accept_queries=accept_queries,
        remove_gone=remove_gone,
        seen_version=seen_version,
        nil_schools=nil_schools,
    )
    return saved


def save_together(
    engine: Engine,
    reports: Sequence[Report],
    sha256: str,
    sender: Sender,
    *,
    good_rows: bool = False,
    accept_queries: bool = False,
    remove_gone: bool = False,
    seen_version: int | None = None,
    nil_schools: Sequence[int] = (),
) -> list[Saved]:
    """Save several datasets' reports on one file in one transaction, each with its own record of the upload.

    Raises NotSaved, and writes nothing, where `save` would for any of them; the file was loaded before if it was for
    all of them.
    """
    for report in reports:
        _refuse(report, good_rows=good_rows, accept_queries=accept_queries)
    with writing(engine) as connection:
        if seen_version is not None and current_version(connection) != seen_version:
            raise SomebodySaved("The data changed while you were looking. Look at the differences again, then save.")
        _refuse_unknown(connection, nil_schools)
        differences = [compare(connection, report, nil_schools) for report in reports]
        found = [
            already_loaded(connection, report, sha256, difference, nil_schools)
            for report, difference in zip(reports, differences, strict=True)
        ]
        before = [upload_id for upload_id in found if upload_id is not None]
        if len(before) == len(reports) and not (remove_gone and any(difference.gone for difference in differences)):
            raise AlreadyLoaded(before)
        return [
            _save(connection, report, sha256, sender, difference, remove_gone=remove_gone, nil_schools=nil_schools)
            for report, difference in zip(reports, differences, strict=True)
        ]


def _save(
    connection: Connection,
    report: Report,
    sha256: str,
    sender: Sender,
    difference: Comparison,
    *,
    remove_gone: bool,
    nil_schools: Sequence[int],
) -> Saved:
    upload_id = _record(connection, report, sha256, sender, difference, remove_gone=remove_gone)
    _journal(connection, report.dataset, upload_id, difference, remove_gone=remove_gone)
    _write(connection, report, upload_id, difference)
    _record_schools(connection, report, upload_id, nil_schools)
    _record_queries(connection, report, upload_id, difference)
    removed = len(difference.gone) if remove_gone else 0
    return Saved(
        upload_id,
        len(difference.new),
        difference.changed_rows,
        difference.unchanged,
        removed,
        len(difference.gone) - removed,
    )


def _refuse(report: Report, *, good_rows: bool, accept_queries: bool) -> None:
    if any(issue.severity is Severity.ERROR for issue in report.file_issues):
        raise NotSaved(next(iter(report.issues(Severity.ERROR))).message)
    if report.rejected and not good_rows:
        rows = "1 row has" if report.rejected == 1 else f"{report.rejected:,} rows have"
        raise NotSaved(f"{rows} an error, so nothing was saved. Correct the file, or save the good rows alone.")
    if report.rows and not report.accepted:
        raise NotSaved("Every row has an error, so there is nothing to save. Correct the file.")
    if report.queried_rows.any() and not accept_queries:
        raise NotSaved("There are open queries, so nothing was saved. Answer them in the file, or accept them.")
    if not report.rows and report.period is None:
        raise NotSaved("A file without rows is a nil return: say for which term, such as 202526-AUT.")


def _refuse_unknown(connection: Connection, schools: Sequence[int]) -> None:
    column = SCHOOLS.table.c.urn
    known = set(connection.execute(select(column).where(column.in_(schools))).scalars())
    unknown = ", ".join(str(urn) for urn in sorted(set(schools) - known))
    if unknown:
        raise NotSaved(f"No school with URN {unknown} is loaded. Correct it, or load the schools file first.")


def _record(
    connection: Connection, report: Report, sha256: str, sender: Sender, difference: Comparison, *, remove_gone: bool
) -> int:
    periods = report.periods[~report.rejected_rows].drop_duplicates().dropna()
    terms = sorted({f"{year}-{term}" for year, term in periods.itertuples(index=False)}, key=_by_time)
    values = {
        "dataset": report.dataset.name,
        "source": sender.origin or str(report.source),
        "file_name": report.table.safe_name,
        "sha256": sha256,
        "uploaded_by": sender.name,
        "uploaded_at": datetime.now(UTC),
        "period": str(report.period) if report.period else " ".join(terms) or None,
        "rows_accepted": report.accepted,
        "rows_rejected": report.rejected,
        "rows_queried": int(report.queried_rows.sum()),
        "rows_new": len(difference.new),
        "rows_changed": difference.changed_rows,
        "rows_removed": len(difference.gone) if remove_gone else 0,
        "is_sample": sender.is_sample,
    }
    key = connection.execute(insert(records.uploads).values(values)).inserted_primary_key
    assert key
    return int(key[0])


def _by_time(period: str) -> tuple[str, int]:
    year, _, term = period.partition("-")
    return year, TERMS.index(Term(term))


def _journal(
    connection: Connection, dataset: Dataset, upload_id: int, difference: Comparison, *, remove_gone: bool
) -> None:
    """Keep every row that is about to be replaced or removed, and take it out of its table."""
    replaced = [before for _, before in difference.changed] + (difference.gone if remove_gone else [])
    keys = [key_of(dataset, difference.columns, row) for row in replaced]
    rows = [
        {
            "upload_id": upload_id,
            "key": list(key),
            "before": dict(zip(difference.columns, row, strict=True)),
            "replaced_upload_id": row[-1],
        }
        for key, row in zip(keys, replaced, strict=True)
    ]
    if rows:
        connection.execute(insert(records.upload_changes), rows)
        own = [name for name in ("source",) if dataset.by_source]
        whole = [tuple(row[difference.columns.index(name)] for name in (*own, *dataset.key)) for row in replaced]
        delete_rows(connection, dataset.name, [*own, *dataset.key], whole)


def _write(connection: Connection, report: Report, upload_id: int, difference: Comparison) -> None:
    """Insert the new rows and the changed ones; a changed row keeps what it had in columns the file does not have."""
    kept = {row: dict(zip(difference.columns, before, strict=True)) for row, before in difference.changed}
    rows = np.append(difference.new, np.array(list(kept), dtype=np.int64))
    rows = rows[_order(report, rows)]
    names = report.dataset.stored
    own = [str(report.source), upload_id] if report.dataset.by_source else [upload_id]
    values = {name: np.array([*report.stored(name), None], dtype=object) for name in report.columns}
    for start in range(0, len(rows), _BATCH):
        batch = rows[start : start + _BATCH]
        columns = []
        for name in report.dataset.columns:
            if name in values:
                columns.append(values[name][report.columns[name].place[batch]].tolist())
            else:
                columns.append(
                    [kept[row][name] if row in kept else None for row in batch.tolist()]
                    if kept
                    else [None] * len(batch)
                )
        columns += [[value] * len(batch) for value in own]
        insert_rows(connection, report.dataset.name, names, list(zip(*columns, strict=True)))


def _order(report: Report, rows: npt.NDArray[np.int64]) -> npt.NDArray[np.int64]:
    """The order of these rows by the natural key: the order they are stored in, which makes the load faster."""
    sorters = []
    for name in report.dataset.key:
        values = report.stored(name)
        by_value = sorted(range(len(values)), key=lambda at: (values[at] is not None, values[at]))
        rank = np.empty(len(values), dtype=np.int64)
        rank[by_value] = np.arange(len(values))
        sorters.append(rank[report.columns[name].place[rows]])
    return np.lexsort(sorters[::-1])


def _record_schools(connection: Connection, report: Report, upload_id: int, nil_schools: Sequence[int]) -> None:
    school = report.dataset.school
    rows: list[dict[str, Any]] = []
    if not report.rows and report.period:
        year, terms = report.period.year, [report.period.term] if report.period.term else TERMS
        rows = [
            {"urn": urn, "academic_year": year, "term": str(term), "rows": 0}
            for urn in sorted(set(nil_schools)) or [0]
            for term in terms
        ]
    elif school and school in report.columns and report.dataset.dated:
        good = report.periods.assign(urn=report.frame[school])[~report.rejected_rows].dropna().astype(object)
        counts = good.groupby(["urn", "academic_year", "term"]).size()
        rows = [
            {"urn": int(urn), "academic_year": year, "term": term, "rows": int(count)}
            for (urn, year, term), count in counts.items()
        ]
    if rows:
        connection.execute(insert(records.upload_schools), [{"upload_id": upload_id, **row} for row in rows])


def _record_queries(connection: Connection, report: Report, upload_id: int, difference: Comparison) -> None:
    """Keep the queries that were accepted with the rows, so that the data quality page can list them.

    A row that was saved just so before keeps the queries of then.
    """
    school = report.dataset.school
    written = {*difference.new.tolist(), *(row for row, _ in difference.changed)}
    keys = keys_of(report) if report.rows and report.queried_rows.any() else []
    place = {int(line): row for row, line in enumerate(report.table.lines)} if keys else {}
    rows = []
    for issue in report.issues(Severity.QUERY):
        row = place.get(issue.line or -1)
        if row is None or row not in written or not report.queried_rows[row]:
            continue
        urn = report.columns[school].values[report.columns[school].place[row]] if school in report.columns else None
        rows.append(
            {
                "upload_id": upload_id,
                "urn": urn,
                "line": issue.line,
                "column_name": issue.column,
                "code": issue.code,
                "message": issue.message,
                "key": list(keys[row]),
            }
        )
    if rows:
        connection.execute(insert(records.open_queries), rows)
