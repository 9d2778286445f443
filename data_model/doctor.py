"""What an IT team needs to know about a running service, each as one line that says what to do."""

import stat
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime

from sqlalchemy import Engine, exists, select, text
from sqlalchemy.exc import SQLAlchemyError

from data_model import fingerprints, sqlite
from data_model.health import LEAST_FREE_BYTES, can_write, free_bytes, last_backup_age_hours
from data_model.settings import Settings
from data_model.store import head, is_postgresql, reading, schema_version
from data_model.uploads import uploads

_A_DAY_AND_A_BIT = 30  # hours: a nightly backup that ran late is no fault


@dataclass(frozen=True)
class Finding:
    """One thing that was looked at. `is_fault` is what must be mended; the sentence says how."""

    name: str
    is_fault: bool
    said: str


Look = Callable[[Engine, Settings], Iterator[Finding]]


def examine(engine: Engine, settings: Settings) -> list[Finding]:
    """Look at everything, and change nothing. What cannot be looked at is a fault of its own."""
    found = [*_settings(engine, settings), *_reachable(engine, settings)]
    if not any(finding.is_fault for finding in found if finding.name in ("database", "schema")):
        for look in (_writable, _sample, _whole, _uploads, _safe_journal, _private):
            found += _looked(look, engine, settings)
    return [*found, *_looked(_disk, engine, settings), *_looked(_backups, engine, settings)]


def _looked(look: Look, engine: Engine, settings: Settings) -> list[Finding]:
    try:
        return list(look(engine, settings))
    except (SQLAlchemyError, OSError) as problem:
        return [Finding(look.__name__.strip("_"), True, f"Could not be looked at: {type(problem).__name__}.")]


def _settings(engine: Engine, settings: Settings) -> Iterator[Finding]:
    if settings.is_live and settings.secret_is_default:
        yield Finding("settings", True, "OUTREACH_SECRET_KEY has its default value. Set it to 32+ random characters.")
    elif settings.is_live and settings.database_is_default:
        yield Finding("settings", False, "OUTREACH_DATABASE_URL is not set: the database is var/outreach.db here.")
    else:
        yield Finding("settings", False, f"The settings can be used ({settings.mode} mode).")


def _reachable(engine: Engine, settings: Settings) -> Iterator[Finding]:
    file = sqlite.file_of(engine)
    if file and not file.exists():
        yield Finding("database", True, "There is no database yet: start the app, or `python -m data_model migrate`.")
        return
    try:
        version = schema_version(engine)
    except SQLAlchemyError:
        yield Finding("database", True, "The database cannot be reached. Check OUTREACH_DATABASE_URL and the server.")
        return
    yield Finding("database", False, f"The database can be read ({engine.dialect.name}).")
    if version == head():
        yield Finding("schema", False, f"The schema is the newest, {version}.")
    else:
        yield Finding(
            "schema", True, f"The schema is {version}, this code needs {head()}: `python -m data_model migrate`."
        )


def _writable(engine: Engine, settings: Settings) -> Iterator[Finding]:
    answer = can_write(engine)
    said = {"writable": "It can be written.", "busy": "Somebody is writing just now."}
    yield Finding("write", answer not in said, said.get(answer, "Nothing can be written: check rights and free space."))


def _sample(engine: Engine, settings: Settings) -> Iterator[Finding]:
    with reading(engine) as connection:
        sample = bool(connection.execute(select(exists().where(uploads.c.is_sample))).scalar())
    if sample and settings.is_live:
        yield Finding("sample", True, "The fictional LA is in the database. Remove it on the Upload page.")


def _whole(engine: Engine, settings: Settings) -> Iterator[Finding]:
    with reading(engine) as connection:
        if is_postgresql(connection):
            checked = connection.execute(text("SHOW data_checksums")).scalar() == "on"
            said = "are on" if checked else "are off: ask for a cluster with --data-checksums, to find failing disks"
            yield Finding("integrity", False, f"PostgreSQL's page checksums {said}.")
            return
        faults = sqlite.faults(connection)
    yield Finding(
        "integrity",
        bool(faults),
        f"{'; '.join(faults)}. Restore a backup." if faults else "SQLite finds the file whole.",
    )


def _uploads(engine: Engine, settings: Settings) -> Iterator[Finding]:
    with reading(engine) as connection:
        recorded, present = fingerprints.recorded(connection), fingerprints.present(connection)
    missing = [number for number, known in recorded.items() if known is None]
    changed = [number for number, known in recorded.items() if known not in (None, present[number])]
    stray = sorted(set(present) - set(recorded))
    if missing:
        yield Finding(
            "uploads", False, f"Without a fingerprint: {_listed(missing)}. `python -m data_model migrate` adds them."
        )
    for number in changed:
        rows, now = str(recorded[number]).split()[0], present[number].split()[0]
        how = "a value in them was changed" if rows == now else f"there are {now}"
        yield Finding("uploads", True, f"Upload {number} brought {rows} rows, and {how}. Restore a backup.")
    if stray:
        yield Finding(
            "uploads", True, f"There are rows of uploads that are not recorded: {_listed(stray)}. Restore a backup."
        )
    if not changed and not stray:
        yield Finding("uploads", False, f"The rows of {len(recorded) - len(missing)} uploads are as they were saved.")


def _listed(numbers: list[int]) -> str:
    more = f" and {len(numbers) - 10} more" if len(numbers) > 10 else ""
    return ", ".join(map(str, numbers[:10])) + more


def _safe_journal(engine: Engine, settings: Settings) -> Iterator[Finding]:
    if is_postgresql(engine):
        return
    with reading(engine) as connection:
        version = str(connection.execute(text("SELECT sqlite_version()")).scalar())
        journal = str(connection.execute(text("PRAGMA journal_mode")).scalar())
    old = tuple(int(part) for part in version.split(".")) < sqlite.FIRST_SAFE_WAL
    at_risk = old and journal == "wal"
    why = ", whose WAL can corrupt a database: update it" if at_risk else ""
    yield Finding("sqlite", at_risk, f"SQLite {version} with journal {journal}{why}.")


def _private(engine: Engine, settings: Settings) -> Iterator[Finding]:
    file = sqlite.file_of(engine)
    if file and settings.is_live and file.stat().st_mode & (stat.S_IRWXG | stat.S_IRWXO):
        yield Finding("rights", True, f"Others on this computer may read the database: `chmod 600 {file.name}`.")


def _disk(engine: Engine, settings: Settings) -> Iterator[Finding]:
    for name, free in free_bytes(engine, settings).items():
        low = free < LEAST_FREE_BYTES
        yield Finding("disk", low, f"{free / 1e9:.1f} GB free for the {name}{': make room' if low else ''}.")


def _backups(engine: Engine, settings: Settings) -> Iterator[Finding]:
    age = last_backup_age_hours(settings.backup_folder, datetime.now(UTC))
    how = "Run `python -m access backup` every night."
    if age is None:
        yield Finding("backup", settings.is_live, f"There is no backup in the backup folder. {how}")
    else:
        late = settings.is_live and age > _A_DAY_AND_A_BIT
        yield Finding("backup", late, f"The last backup is {age:.0f} hours old.{' ' + how if late else ''}")
