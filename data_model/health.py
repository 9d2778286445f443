"""Whether the app can serve: what a monitor asks every minute. No counts of anything, and nothing about any person."""

import shutil
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from sqlalchemy import Engine, insert
from sqlalchemy.exc import SQLAlchemyError

from data_model import backup, sqlite
from data_model.settings import Settings
from data_model.store import head, is_postgresql, schema_version
from data_model.uploads import data_version

LEAST_FREE_BYTES = 1_000_000_000
_PATIENCE_MS = 1_000


def health(engine: Engine, settings: Settings) -> dict[str, Any]:
    """`status` ok or down, `schema` ok or old, `database` writable, busy, read-only or unreachable, `disk` ok or low,
    `last_backup_age_hours` or null. The status is down where pages cannot be served or nothing can be saved.
    """
    try:
        schema = "ok" if schema_version(engine) == head() else "old"
        database = can_write(engine)
    except SQLAlchemyError:
        schema, database = "unknown", "unreachable"
    serves = schema == "ok" and database in ("writable", "busy")
    return {
        "status": "ok" if serves else "down",
        "schema": schema,
        "database": database,
        "disk": "ok" if min(free_bytes(engine, settings).values()) >= LEAST_FREE_BYTES else "low",
        "last_backup_age_hours": last_backup_age_hours(settings.backup_folder),
    }


def can_write(engine: Engine) -> str:
    """`writable`, `busy` where somebody else writes for longer than a second, or `read-only`. Nothing stays written."""
    locked = False
    with engine.connect() as connection:
        try:
            _wait_no_longer_than(connection, f"{_PATIENCE_MS}")
            connection.execute(insert(data_version).values(only=0, version=0))
        except SQLAlchemyError as problem:
            locked = "locked" in str(problem) or "LockNotAvailable" in str(problem)
            if not locked:
                return "read-only"
        finally:
            connection.rollback()
            if not is_postgresql(connection):
                _wait_no_longer_than(connection, f"{sqlite.PATIENCE_MS}")
    return "busy" if locked else "writable"


def _wait_no_longer_than(connection: Any, milliseconds: str) -> None:
    setting = "SET LOCAL lock_timeout = " if is_postgresql(connection) else "PRAGMA busy_timeout = "
    connection.exec_driver_sql(f"{setting}{milliseconds}")


def free_bytes(engine: Engine, settings: Settings) -> dict[str, int]:
    """The free space where backups are written and, of SQLite, where the database is."""
    file = sqlite.file_of(engine)
    folders = {"backups": settings.backup_folder, **({"database": file.parent} if file else {})}
    return {name: shutil.disk_usage(_nearest(folder)).free for name, folder in folders.items()}


def _nearest(folder: Path) -> Path:
    """The folder, or the one above that exists."""
    return next(part for part in (folder.absolute(), *folder.absolute().parents) if part.exists())


def last_backup_age_hours(folder: Path, now: datetime | None = None) -> float | None:
    """How old the newest backup in the folder is, to a tenth of an hour; None where there is none."""
    made = backup.made(folder)
    return round(((now or datetime.now(UTC)) - made[-1][0]).total_seconds() / 3600, 1) if made else None
