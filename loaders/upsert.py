"""Rows into a table by their key: new ones added, changed ones replaced, equal ones left alone."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Table, func, select

from data_model.store import insert_rows, is_postgresql


@dataclass(frozen=True)
class Tally:
    """How many rows were new, changed, or there already as they are."""

    new: int
    changed: int
    unchanged: int


def upsert(
    connection: Connection, table: Table, names: Sequence[str], batches: Iterable[list[tuple[Any, ...]]], upload_id: int
) -> Tally:
    """Write batches of rows of stored values (dates as ISO text) under the columns `names`; no key comes twice.

    Columns that are not named keep what they hold. A row that is there already with the same values keeps the upload
    that wrote it.
    """
    before = _count(connection, table)
    written = rows = 0
    for batch in batches:
        written += _write(connection, table, [*names, "upload_id"], [(*row, upload_id) for row in batch])
        rows += len(batch)
    new = _count(connection, table) - before
    return Tally(new, written - new, rows - written)


def _write(connection: Connection, table: Table, columns: Sequence[str], rows: list[tuple[Any, ...]]) -> int:
    """Write the rows that are new or differ from those with their key; returns how many."""
    into, listed = f"INSERT INTO {table.name} ({', '.join(columns)})", ", ".join(columns)
    if not is_postgresql(connection):
        values = f"VALUES ({', '.join('?' * len(columns))})"
        return connection.exec_driver_sql(f"{into} {values} {_or_replace(table, columns, 'IS NOT')}", rows).rowcount
    # COPY cannot replace rows, so they come by way of a table of their own: ten times quicker than one by one.
    incoming = f"incoming_{table.name}"
    like = f"CREATE TEMPORARY TABLE IF NOT EXISTS {incoming} (LIKE {table.name}) ON COMMIT DROP"
    connection.exec_driver_sql(like)
    insert_rows(connection, incoming, columns, rows)
    moved = f"{into} SELECT {listed} FROM {incoming} {_or_replace(table, columns, 'IS DISTINCT FROM')}"  # noqa: S608
    written = connection.exec_driver_sql(moved).rowcount
    connection.exec_driver_sql(f"TRUNCATE {incoming}")
    return written


def _or_replace(table: Table, columns: Sequence[str], is_other: str) -> str:
    """What to do with a row whose key is there already: names are those of our own tables."""
    key = [column.name for column in table.primary_key]
    values = [name for name in columns if name not in key]
    replaced = ", ".join(f"{name} = excluded.{name}" for name in values)
    differs = " OR ".join(f"{table.name}.{name} {is_other} excluded.{name}" for name in values if name != "upload_id")
    return f"ON CONFLICT ({', '.join(key)}) DO UPDATE SET {replaced} WHERE {differs}"


def _count(connection: Connection, table: Table) -> int:
    return connection.execute(select(func.count()).select_from(table)).scalar_one()
