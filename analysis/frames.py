"""Rows of a SELECT as a typed frame."""

from typing import Any

import pandas as pd
from sqlalchemy import ColumnElement, Connection, Date, DateTime, Float, Integer, Select, String, type_coerce
from sqlalchemy.types import TypeEngine


def read(connection: Connection, statement: Select[Any]) -> pd.DataFrame:
    """The rows of `statement` as a frame with one column per selected column.

    Dates are datetime64, moments datetime64 in UTC, whole numbers int64 (Int64 where one is missing), numbers float64,
    text and codes category. Columns that nothing fills keep their kind.
    """
    kinds = {column.name: column.type for column in statement.selected_columns}
    # SQLite keeps a date as text: making a date object of every cell first took four times as long as reading them.
    plain = statement.with_only_columns(*(_as_stored(column) for column in statement.selected_columns))
    rows = connection.execute(plain).fetchall()
    cells = zip(*rows, strict=True) if rows else ([] for _ in kinds)
    return pd.DataFrame({name: _typed(list(values), kinds[name]) for name, values in zip(kinds, cells, strict=True)})


def _as_stored(column: ColumnElement[Any]) -> ColumnElement[Any]:
    return type_coerce(column, String).label(column.name) if isinstance(column.type, Date) else column


def _typed(values: list[Any], kind: TypeEngine[Any]) -> pd.Series:
    match kind:
        case Date():
            return _days(values)
        case Integer():
            return pd.Series(values, dtype="Int64" if None in values else "int64")
        case Float():
            return pd.Series(values, dtype="float64")
        case DateTime():
            return pd.Series(pd.to_datetime(pd.Series(values, dtype="object"), utc=True))
        case _:
            return pd.Series(values, dtype="str").astype("category")


def _days(values: list[Any]) -> pd.Series:
    """Each distinct day is read once: an LA has a thousand of them, whatever the number of rows."""
    codes, distinct = pd.factorize(pd.Series(values, dtype="object"))
    days = pd.to_datetime(pd.Series(distinct, dtype="object")).astype("datetime64[s]").array
    return pd.Series(days.take(codes, allow_fill=True))
