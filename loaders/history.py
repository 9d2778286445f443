"""What was loaded so far: who loaded which file when, and what has become of it since."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Engine, Select, exists, or_, select

from access.scope import Scope
from data_model import uploads as records
from data_model.catalogue import DATASETS
from data_model.store import reading
from loaders.reach import Reach

_FIELDS = (
    "upload_id",
    "dataset",
    "source",
    "file_name",
    "uploaded_by",
    "uploaded_at",
    "period",
    "rows_accepted",
    "rows_rejected",
    "rows_queried",
    "rows_new",
    "rows_changed",
    "rows_removed",
    "undone_at",
    "undone_by",
    "is_sample",
)


@dataclass(frozen=True)
class PastUpload:
    """An upload as it was recorded. Times are UTC; `replaced_by` are the later uploads that took rows of it away."""

    upload_id: int
    dataset: str
    source: str
    file_name: str
    uploaded_by: str
    uploaded_at: datetime
    period: str | None
    rows_accepted: int
    rows_rejected: int
    rows_queried: int
    rows_new: int
    rows_changed: int
    rows_removed: int
    undone_at: datetime | None
    undone_by: str | None
    is_sample: bool
    replaced_by: tuple[int, ...]


def past_uploads(engine: Engine, scope: Scope, limit: int, *, typed: bool = False) -> list[PastUpload]:
    """The newest files that touched what the scope reaches, or with `typed` the entries that people typed on a page:
    at most `limit`, the newest first.

    Undone ones are there as long as it can be told what they touched. Published statistics are everybody's.
    """
    uploads, changes = records.uploads, records.upload_changes
    with reading(engine) as connection:
        listed = _touching(connection, scope, select(*(uploads.c[name] for name in _FIELDS)))
        listed = listed.where((uploads.c.file_name == records.TYPED) == typed)
        rows = connection.execute(listed.limit(limit)).mappings().all()
        ids = [row["upload_id"] for row in rows]
        pairs = select(changes.c.replaced_upload_id, changes.c.upload_id).where(changes.c.replaced_upload_id.in_(ids))
        pairs = pairs.where(changes.c.upload_id != changes.c.replaced_upload_id)  # what was typed and undone
        later: dict[int, list[int]] = {}
        for replaced, by in connection.execute(pairs.distinct().order_by(changes.c.upload_id)):
            later.setdefault(replaced, []).append(by)
    return [PastUpload(**row, replaced_by=tuple(later.get(row["upload_id"], ()))) for row in rows]


def every_upload(engine: Engine, scope: Scope) -> list[dict[str, Any]]:
    """Every such upload with all that is recorded of it, the newest first."""
    with reading(engine) as connection:
        listed = _touching(connection, scope, select(records.uploads))
        return [dict(row) for row in connection.execute(listed).mappings()]


def _touching(connection: Connection, scope: Scope, listed: Select[Any]) -> Select[Any]:
    reach, columns = Reach(connection, scope), records.uploads.c
    if not reach.is_everything:
        own = columns.upload_id.in_(reach.uploads())
        listed = listed.where(or_(own, columns.dataset.not_in(list(DATASETS))))
    return listed.order_by(columns.upload_id.desc())


def has_sample(engine: Engine) -> bool:
    """Whether anything of the fictional LA is loaded."""
    with reading(engine) as connection:
        return bool(connection.execute(select(exists().where(records.uploads.c.is_sample))).scalar())
