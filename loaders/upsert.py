"""Rows into a table by their key: new ones added, changed ones replaced, equal ones left alone."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Table, func, select


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
    statement = _statement(connection, table, names)
    before = _count(connection, table)
    written = rows = 0
    for batch in batches:
        written += connection.exec_driver_sql(statement, [(*row, upload_id) for row in batch]).rowcount
        rows += len(batch)
    new = _count(connection, table) - before
    return Tally(new, written - new, rows - written)


def _statement(connection: Connection, table: Table, names: Sequence[str]) -> str:
    key = [column.name for column in table.primary_key]
    values = [name for name in names if name not in key]
    mark = "?" if connection.dialect.paramstyle == "qmark" else "%s"
    is_other = "IS NOT" if connection.dialect.name == "sqlite" else "IS DISTINCT FROM"
    columns = [*names, "upload_id"]
    replaced = ", ".join(f"{name} = excluded.{name}" for name in [*values, "upload_id"])
    differs = " OR ".join(f"{table.name}.{name} {is_other} excluded.{name}" for name in values)
    return (  # names are those of our own tables
        f"INSERT INTO {table.name} ({', '.join(columns)}) VALUES ({', '.join([mark] * len(columns))}) "  # noqa: S608
        f"ON CONFLICT ({', '.join(key)}) DO UPDATE SET {replaced} WHERE {differs}"
    )


def _count(connection: Connection, table: Table) -> int:
    return connection.execute(select(func.count()).select_from(table)).scalar_one()
