"""A database of a test's own, and the loading path in a line each."""

import hashlib
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

from sqlalchemy import Engine, Table, select

from access.scope import EVERYWHERE
from data_model import uploads as records
from data_model.catalogue import DATASETS
from data_model.codes import Source
from data_model.severity import Severity
from data_model.store import connect, open_database, reading
from data_model.terms import Period
from loaders import files
from loaders.issues import Issue
from loaders.report import Report
from loaders.save import Consent, Saved
from loaders.undo import undo
from loaders.upload_record import Sender

Fill = Callable[[str], None]
NewDatabase = Callable[[Fill], str]
TODAY = date(2025, 12, 12)
SCHOOLS = (Path(__file__).parent / "golden" / "loaded" / "schools.csv").read_text(encoding="utf-8")
SUSPENSION_HEADER = "pupil_ref,urn,start_date,end_date,sessions,category,reason_1"


def newest_schema(url: str) -> None:
    """The newest schema into the empty database at `url`."""
    open_database(url).dispose()


def with_schools(url: str) -> None:
    """The newest schema and the three schools into the empty database at `url`."""
    newest_schema(url)
    with Desk(url) as desk:
        desk.load("schools", SCHOOLS)


@cache
def _filled(fill: Fill) -> bytes:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "filled.db"
        fill(f"sqlite:///{path}")
        return path.read_bytes()


def sqlite_copy(fill: Fill, path: Path) -> str:
    """A new SQLite file, filled as `fill` does it: its URL. It is filled once, and copied: fifty times quicker."""
    path.write_bytes(_filled(fill))
    return f"sqlite:///{path}"


class Desk:
    """The loading path over one database. What it is given as text is sent as UTF-8."""

    def __init__(self, place: str | Path, database: bytes = b"") -> None:
        """Over the database at a URL, as it is; or over a new SQLite file, a copy of `database` or of an empty one."""
        if isinstance(place, Path):
            place.write_bytes(database or _filled(newest_schema))
        self.url = place if isinstance(place, str) else f"sqlite:///{place}"
        self.engine: Engine = connect(self.url)

    @property
    def path(self) -> Path:
        """The file of a database on SQLite."""
        assert self.engine.url.database
        return Path(self.engine.url.database)

    def __enter__(self) -> "Desk":
        return self

    def __exit__(self, *problem: object) -> None:
        self.engine.dispose()

    def checked(self, dataset: str, content: str | bytes, *, today: date = TODAY, period: str = "") -> files.Checked:
        """A file checked against a dataset and what is saved."""
        sent = _sent(content)
        return files.check_table(
            self.engine,
            files.read_file(sent, f"{dataset}.csv"),
            files.sha256_of(sent),
            DATASETS[dataset],
            scope=EVERYWHERE,
            today=today,
            period=Period.parse(period) if period else None,
        )

    def check(self, dataset: str, content: str | bytes, *, today: date = TODAY, period: str = "") -> Report:
        """The report on a file."""
        return self.checked(dataset, content, today=today, period=period).report

    def load(
        self,
        dataset: str,
        content: str | bytes,
        *,
        period: str = "",
        source: Source = Source.NOTIFIED,
        nil_schools: Sequence[int] = (),
        **consent: bool,
    ) -> Saved:
        """A file checked and saved, with the consent to save it as the keywords of `Consent`. Raises NotSaved."""
        sent = _sent(content)
        _, saved = files.load_table(
            self.engine,
            files.read_file(sent, f"{dataset}.csv"),
            files.sha256_of(sent),
            DATASETS[dataset],
            Sender("tester", EVERYWHERE),
            period=Period.parse(period) if period else None,
            source=source,
            consent=Consent(**consent),
            nil_schools=nil_schools,
        )
        return saved

    def undo(self, upload_id: int) -> int:
        """An upload taken back. Raises NotSaved."""
        return undo(self.engine, upload_id, Sender("tester", EVERYWHERE))

    def rows(self, table: str | Table) -> list[dict[str, Any]]:
        """All that a table holds, in the order of its key."""
        chosen = DATASETS[table].table if isinstance(table, str) else table
        with reading(self.engine) as connection:
            return [dict(row) for row in connection.execute(select(chosen).order_by(*chosen.primary_key)).mappings()]

    def uploads(self) -> list[dict[str, Any]]:
        """The upload records, oldest first."""
        return self.rows(records.uploads)

    def digest(self) -> str:
        """A fingerprint of all rows of all datasets, with the upload that each came with."""
        return hashlib.sha256(repr([self.rows(name) for name in DATASETS]).encode()).hexdigest()


def _sent(content: str | bytes) -> bytes:
    return content.encode() if isinstance(content, str) else content


@contextmanager
def fresh_desk() -> Iterator[Desk]:
    """A desk with the three schools for each example of a property."""
    with tempfile.TemporaryDirectory() as folder, Desk(sqlite_copy(with_schools, Path(folder) / "desk.db")) as desk:
        yield desk


def suspensions(*rows: str, header: str = SUSPENSION_HEADER) -> str:
    """A file of suspensions, a line each."""
    return "".join(f"{line}\n" for line in (header, *rows))


def issues(report: Report) -> list[Issue]:
    """Every error and every query of a report."""
    return [*report.issues(Severity.ERROR), *report.issues(Severity.QUERY)]


def codes(report: Report) -> list[tuple[int | None, str]]:
    """Line and code of every error and query."""
    return [(issue.line, issue.code) for issue in issues(report)]
