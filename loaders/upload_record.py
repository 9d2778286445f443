"""The record of an upload: who loaded what and when, for which schools and terms, with which queries."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import numpy as np
from sqlalchemy import Connection, insert

from access import audit
from access.audit import Action
from access.keeping import pseudonyms
from access.people import Person
from access.scope import Scope
from data_model import uploads as records
from data_model.severity import Severity
from data_model.terms import TERMS, Term
from loaders.compare import Comparison, keys_of
from loaders.report import Report


@dataclass(frozen=True)
class Sender:
    """Who loads a file, and for which schools they may, by `scope`.

    `origin` says where it comes from, where that is not the report's own source.
    `person` is who it is in the audit trail; the name alone, where nobody signed in.
    """

    name: str
    scope: Scope
    origin: str = ""
    is_sample: bool = False
    person: Person | None = None

    @classmethod
    def of(cls, person: Person) -> "Sender":
        """Somebody who is here."""
        return cls(person.name, person.loads_for, person=person)

    @property
    def who(self) -> Person | str:
        """Who the audit trail says loaded it."""
        return self.person or self.name


def record_upload(
    connection: Connection, report: Report, sha256: str, sender: Sender, difference: Comparison, *, removed: int
) -> int:
    """The number of the new upload."""
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
        "rows_removed": removed,
        "is_sample": sender.is_sample,
    }
    key = connection.execute(insert(records.uploads).values(values)).inserted_primary_key
    assert key
    return int(key[0])


def _by_time(period: str) -> tuple[str, int]:
    year, _, term = period.partition("-")
    return year, TERMS.index(Term(term))


def record_schools(connection: Connection, report: Report, upload_id: int, nil_schools: Sequence[int]) -> None:
    """Keep how many rows each school sent for each term; 0 for those that a nil return speaks for.

    Rows that were typed on a page are no school's return: that one call was logged does not say that a term's came.
    """
    if report.table.is_typed:
        return
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


def record_queries(connection: Connection, report: Report, upload_id: int, difference: Comparison) -> None:
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


def record_references(connection: Connection, report: Report, difference: Comparison) -> None:
    """Keep, sealed, the references that the new and changed rows were sent with, where pupils are under pseudonyms."""
    if report.pseudonyms is None:
        return
    written = np.append(difference.new, np.array([row for row, _ in difference.changed], dtype=np.int64))
    for name in (name for name in report.dataset.references if name in report.columns):
        values = report.sent(name)
        sent = (values[at] for at in np.unique(report.columns[name].place[written]).tolist())
        pseudonyms.remember(connection, report.pseudonyms, (value for value in sent if value is not None))


def record_event(
    connection: Connection, report: Report, upload_id: int, sender: Sender, saved: Mapping[str, int]
) -> None:
    """Say in the audit trail who loaded what: the numbers of rows, and the file's name."""
    rows = {name: count for name, count in saved.items() if name != "upload_id"}
    told = {"dataset": report.dataset.name, "file": report.table.safe_name, **rows}
    audit.record(connection, sender.who, Action.UPLOADED, f"upload {upload_id}", **told)
