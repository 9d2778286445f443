"""What measures of casework are counted from: rows of one authority, for figures about groups alone."""

from collections.abc import Sequence
from typing import Any

import pandas as pd
from sqlalchemy import ColumnElement, Connection, select

from access.reach import of_school
from access.scope import Scope
from analysis.frames import read
from data_model.belonging import LA_CODE, pupil_of, school_of
from data_model.dataset import Dataset
from data_model.schools import SCHOOLS
from data_model.workforce import WORKFORCE

_schools = SCHOOLS.table


def rows_of(
    connection: Connection, scope: Scope, dataset: Dataset, names: Sequence[str], source: str | None = None
) -> pd.DataFrame:
    """The rows of a dataset in the scope's schools, in the order of its key: `pupil_ref` (of datasets about pupils),
    `urn`, the school's `phase` and these columns, text as text. They never leave but as counts."""
    (rows, urn), pupil = school_of(dataset), pupil_of(dataset)
    own: list[ColumnElement[Any]] = [pupil.label("pupil_ref")] if pupil is not None else []
    columns: list[ColumnElement[Any]] = [
        *own,
        urn.label("urn"),
        _schools.c.phase,
        *(dataset.table.c[name] for name in names),
    ]
    statement = select(*columns).select_from(rows.outerjoin(_schools, _schools.c.urn == urn))
    statement = statement.where(of_school(connection, scope, LA_CODE.is_(None)))
    if source is not None:
        statement = statement.where(dataset.table.c.source == source)
    return _plain(read(connection, statement.order_by(*(dataset.table.c[name] for name in dataset.key))))


def posts(connection: Connection, la: int) -> pd.DataFrame:
    """The posts of an authority, without who holds them."""
    table = WORKFORCE.table.c
    names = ("role", "fte", "vacancy", "capacity_cases", "start_date", "end_date")
    return _plain(read(connection, select(*(table[name] for name in names)).where(table.la_code == la)))


def _plain(rows: pd.DataFrame) -> pd.DataFrame:
    return rows.astype(dict.fromkeys(rows.select_dtypes("category").columns, object))
