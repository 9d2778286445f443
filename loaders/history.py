"""What was loaded so far: who loaded which file when, and what has become of it since."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Engine, exists, select

from data_model import uploads as records
from data_model.store import reading

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


def past_uploads(engine: Engine, limit: int) -> list[PastUpload]:
    """The newest uploads, undone ones included, at most `limit`: the newest first."""
    uploads, changes = records.uploads, records.upload_changes
    listed = select(*(uploads.c[name] for name in _FIELDS)).order_by(uploads.c.upload_id.desc()).limit(limit)
    with reading(engine) as connection:
        rows = connection.execute(listed).mappings().all()
        ids = [row["upload_id"] for row in rows]
        pairs = select(changes.c.replaced_upload_id, changes.c.upload_id).where(changes.c.replaced_upload_id.in_(ids))
        later: dict[int, list[int]] = {}
        for replaced, by in connection.execute(pairs.distinct().order_by(changes.c.upload_id)):
            later.setdefault(replaced, []).append(by)
    return [PastUpload(**row, replaced_by=tuple(later.get(row["upload_id"], ()))) for row in rows]


def has_sample(engine: Engine) -> bool:
    """Whether anything of the fictional LA is loaded."""
    with reading(engine) as connection:
        return bool(connection.execute(select(exists().where(records.uploads.c.is_sample))).scalar())
