"""Stored values that become others everywhere, in the rows and in the journal of what uploads replaced."""

from collections.abc import Collection, Mapping
from typing import Any

from sqlalchemy import Connection, bindparam, select, update

from data_model.store import insert_rows
from data_model.uploads import open_queries, upload_changes, uploads


def replace(
    connection: Connection, new: Mapping[str, str], columns: Collection[tuple[str, str]], datasets: Collection[str]
) -> None:
    """Write `new[old]` for each `old`: in `columns` (table, column), and in the journal of `datasets` (names).

    By way of a table of its own: one pass over each.
    """
    changed = {old: value for old, value in new.items() if old != value}
    connection.exec_driver_sql("CREATE TEMPORARY TABLE renamed (old VARCHAR PRIMARY KEY, new VARCHAR NOT NULL)")
    insert_rows(connection, "renamed", ("old", "new"), list(changed.items()))
    for table, name in columns:
        connection.exec_driver_sql(
            f"UPDATE {table} SET {name} = (SELECT new FROM renamed WHERE old = {table}.{name}) "  # noqa: S608
            f"WHERE {name} IN (SELECT old FROM renamed)"
        )
    connection.exec_driver_sql("DROP TABLE renamed")
    _replace_in_json(connection, changed, datasets)


def _replace_in_json(connection: Connection, new: Mapping[str, str], datasets: Collection[str]) -> None:
    for table, number in ((upload_changes, "change_id"), (open_queries, "query_id")):
        holders = [name for name in ("key", "before") if name in table.c]
        query = select(table.c[number], *(table.c[name] for name in holders)).join(
            uploads, uploads.c.upload_id == table.c.upload_id
        )
        rows = []
        for row in connection.execute(query.where(uploads.c.dataset.in_(datasets))).mappings().all():
            then = {name: _replaced(row[name], new) for name in holders}
            if any(then[name] != row[name] for name in holders):
                rows.append({"number": row[number], **{f"new_{name}": then[name] for name in holders}})
        if rows:
            written = update(table).where(table.c[number] == bindparam("number"))
            connection.execute(written.values({name: bindparam(f"new_{name}") for name in holders}), rows)


def _replaced(value: Any, new: Mapping[str, str]) -> Any:
    if isinstance(value, dict):
        return {name: _replaced_cell(cell, new) for name, cell in value.items()}
    return [_replaced_cell(cell, new) for cell in value]


def _replaced_cell(cell: Any, new: Mapping[str, str]) -> Any:
    return new.get(cell, cell) if isinstance(cell, str) else cell
