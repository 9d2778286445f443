"""Uploads taken back."""

from collections.abc import Sequence
from datetime import UTC, date, datetime
from typing import Any

from sqlalchemy import Connection, Engine, Select, delete, insert, select, update

from access import audit
from access.audit import Action
from access.people import Person
from data_model import uploads as records
from data_model.allocations import allocation_decisions
from data_model.belonging import LA_CODE
from data_model.catalogue import DATASETS
from data_model.dataset import Dataset
from data_model.frozen_lists import frozen_lists
from data_model.right_of_reply import school_replies, school_reports
from data_model.schools import SCHOOLS
from data_model.store import insert_rows, mark, stored_rows, writing
from data_model.support_decisions import support_decisions
from data_model.thresholds import thresholds_set
from loaders.reach import Reach
from loaders.save import NotSaved
from loaders.upload_record import Sender


def undo(engine: Engine, upload_id: int, sender: Sender) -> int:
    """Take an upload back: its rows go, and those it replaced or removed return. Returns how many went or returned.

    What was typed on a page is kept in the journal, so that an entry's history tells of it; a file's rows are not.

    Raises NotSaved, and changes nothing, where there is no such upload, it was undone already, a later upload replaced
    some of its rows (that one is undone first), or it touched rows of schools that the sender does not reach.
    """
    with writing(engine) as connection:
        upload = connection.execute(select(records.uploads).where(records.uploads.c.upload_id == upload_id)).first()
        if upload is None:
            raise _unknown(upload_id)
        if upload.dataset not in DATASETS:
            raise NotSaved(
                f"Upload {upload_id} holds published statistics, which are replaced by loading a newer file."
            )
        dataset = DATASETS[upload.dataset]
        _refuse_out_of_reach(connection, dataset, upload_id, sender)
        if upload.undone_at is not None:
            raise NotSaved(f"Upload {upload_id} was undone already.")
        later = _later_uploads(connection, dataset, upload_id)
        if later:
            named = " and ".join(str(number) for number in later)
            raise NotSaved(f"A later upload ({named}) replaced rows of upload {upload_id}. Undo that one first.")
        mine = dataset.table.c.upload_id == upload_id
        typed = _rows_of(connection, dataset, upload_id) if upload.file_name == records.TYPED else []
        count = connection.execute(delete(dataset.table).where(mine)).rowcount
        count += _put_back(connection, dataset, upload_id)
        _keep(connection, dataset, upload_id, typed)
        connection.execute(delete(records.open_queries).where(records.open_queries.c.upload_id == upload_id))
        connection.execute(
            update(records.uploads)
            .where(records.uploads.c.upload_id == upload_id)
            .values(undone_at=datetime.now(UTC), undone_by=sender.name)
        )
        audit.record(connection, sender.who, Action.UNDID, f"upload {upload_id}", dataset=dataset.name, rows=count)
    return count


def _refuse_out_of_reach(connection: Connection, dataset: Dataset, upload_id: int, sender: Sender) -> None:
    reach, changes = Reach(connection, sender.scope), records.upload_changes
    if reach.is_everything:  # an upload that changed nothing leaves no row to tell whose it is
        return
    brought = _rows_of(connection, dataset, upload_id)
    before = connection.execute(select(changes.c.before).where(changes.c.upload_id == upload_id)).scalars()
    sent = select(records.upload_schools.c.urn).where(records.upload_schools.c.upload_id == upload_id).distinct()
    told = [{dataset.school or "urn": urn} for urn in connection.execute(sent).scalars()]
    rows = [*brought, *before] or told
    if reach.is_none_of(dataset, rows):
        raise _unknown(upload_id)
    if sentence := reach.refusal_of_rows(dataset, rows):
        raise NotSaved(sentence)


def _rows_of(connection: Connection, dataset: Dataset, upload_id: int) -> list[dict[str, Any]]:
    own = f"upload_id = {mark(connection)}", (upload_id,)
    found = stored_rows(connection, dataset.table, dataset.stored, own)
    return [dict(zip(dataset.stored, row, strict=True)) for row in found]


def _unknown(upload_id: int) -> NotSaved:
    return NotSaved(f"There is no upload {upload_id}. `python -m loaders uploads` lists them.")


def _later_uploads(connection: Connection, dataset: Dataset, upload_id: int) -> list[int]:
    """The uploads that replaced rows of this one, or that brought rows it had removed back."""
    changes = records.upload_changes
    replaced = select(changes.c.upload_id).where(changes.c.replaced_upload_id == upload_id).distinct()
    found = set(connection.execute(replaced).scalars())
    columns = list(dataset.table.primary_key)
    for before in connection.execute(select(changes.c.before).where(changes.c.upload_id == upload_id)).scalars():
        matches = [column == _typed(column, before[column.name]) for column in columns]
        now = connection.execute(select(dataset.table.c.upload_id).where(*matches)).scalar()
        if now is not None and now != upload_id:
            found.add(now)
    return sorted(found)


def _typed(column: Any, value: Any) -> Any:
    return date.fromisoformat(value) if column.type.python_type is date else value


def _put_back(connection: Connection, dataset: Dataset, upload_id: int) -> int:
    changes = records.upload_changes
    mine = changes.c.upload_id == upload_id
    before = connection.execute(select(changes.c.before).where(mine)).scalars().all()
    names = dataset.stored
    if before:
        insert_rows(connection, dataset.name, names, [tuple(row[name] for name in names) for row in before])
    connection.execute(delete(changes).where(mine))
    return len(before)


def _keep(connection: Connection, dataset: Dataset, upload_id: int, rows: Sequence[dict[str, Any]]) -> None:
    """Keep what an upload wrote, as replaced by itself: versions that were undone (see `versions.history`)."""
    own = {"upload_id": upload_id, "replaced_upload_id": upload_id}
    kept = [{**own, "key": [row[name] for name in dataset.key], "before": row} for row in rows]
    if kept:
        connection.execute(insert(records.upload_changes), kept)


def remove_sample(engine: Engine, by: Person | str) -> int:
    """Remove the fictional LA, its uploads, all that they hold and what was written down about its schools, in one
    transaction. Returns how many rows went."""
    with writing(engine) as connection:
        sample = select(records.uploads.c.upload_id).where(records.uploads.c.is_sample)
        count = _forget_what_was_written(connection, select(LA_CODE).where(SCHOOLS.table.c.upload_id.in_(sample)))
        for dataset in DATASETS.values():
            count += connection.execute(delete(dataset.table).where(dataset.table.c.upload_id.in_(sample))).rowcount
        for table in (records.upload_changes, records.upload_schools, records.open_queries):
            connection.execute(delete(table).where(table.c.upload_id.in_(sample)))
        replaced = records.upload_changes.c.replaced_upload_id
        connection.execute(delete(records.upload_changes).where(replaced.in_(sample)))
        connection.execute(delete(records.uploads).where(records.uploads.c.is_sample))
        audit.record(connection, by, Action.REMOVED_SAMPLE, rows=count)
    return count


def _forget_what_was_written(connection: Connection, la_codes: Select[int]) -> int:
    """Delete what people wrote down about the schools of these LAs; returns how many rows went."""
    reports = select(school_reports.c.report_id).where(school_reports.c.la_code.in_(la_codes))
    count = connection.execute(delete(school_replies).where(school_replies.c.report_id.in_(reports))).rowcount
    for table in (school_reports, frozen_lists, allocation_decisions, thresholds_set, support_decisions):
        count += connection.execute(delete(table).where(table.c.la_code.in_(la_codes))).rowcount
    return count
