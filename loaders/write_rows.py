"""The rows of an upload into their table, and those that they replace into the journal that undoing reads."""

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
from sqlalchemy import Connection, insert

from data_model import uploads as records
from data_model.dataset import Dataset
from data_model.fingerprints import Fingerprint, record
from data_model.store import delete_rows, insert_rows
from loaders.compare import Comparison, Stored, key_of
from loaders.report import Report
from loaders.sealing import sealed, sealed_cells

_BATCH = 20_000


def journal(
    connection: Connection, dataset: Dataset, upload_id: int, columns: Sequence[str], replaced: Sequence[Stored]
) -> None:
    """Keep every row, of these columns, that is about to be replaced or removed, and take it out of its table."""
    keys = [key_of(dataset, columns, row) for row in replaced]
    rows = [
        {
            "upload_id": upload_id,
            "key": list(key),
            "before": dict(zip(columns, kept, strict=True)),
            "replaced_upload_id": row[-1],
        }
        for key, row, kept in zip(keys, replaced, sealed(dataset, columns, replaced), strict=True)
    ]
    if rows:
        connection.execute(insert(records.upload_changes), rows)
        own = [name for name in ("source",) if dataset.by_source]
        whole = [tuple(row[columns.index(name)] for name in (*own, *dataset.key)) for row in replaced]
        delete_rows(connection, dataset.name, [*own, *dataset.key], whole)


def write(connection: Connection, report: Report, upload_id: int, difference: Comparison) -> None:
    """Insert the new rows and the changed ones; a changed row keeps what it had in columns the file does not have."""
    kept = {row: dict(zip(difference.columns, before, strict=True)) for row, before in difference.changed}
    rows = np.append(difference.new, np.array(list(kept), dtype=np.int64))
    rows = rows[_order(report, rows)]
    names = report.dataset.stored
    fingerprint = Fingerprint()
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
        columns = [sealed_cells(report.dataset, name, cells) for name, cells in zip(names, columns, strict=True)]
        fingerprint.add(names[:-1], columns[:-1])
        insert_rows(connection, report.dataset.name, names, list(zip(*columns, strict=True)))
    record(connection, upload_id, fingerprint)


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
