"""Rows about single pupils, for those who may see them: the one way by which casework reads a dataset."""

from collections.abc import Collection

import pandas as pd
from sqlalchemy import Connection, select

from access.reach import columns_in, of_school, pupils_in
from access.scope import OutOfScope, Scope
from analysis.frames import read
from analysis.queries import local_source
from data_model.belonging import LA_CODE, pupil_of, school_of
from data_model.catalogue import DATASETS
from data_model.dataset import Dataset
from data_model.schools import SCHOOLS

_schools = SCHOOLS.table


def pupil_rows(
    connection: Connection,
    scope: Scope,
    dataset: Dataset,
    *,
    pupils: Collection[str] | None = None,
    la_code: int | None = None,
    with_nobody: bool = False,
) -> pd.DataFrame:
    """The saved rows of a dataset that are about pupils whom the scope reaches, in the order of their key.

    Columns: those of the dataset that the scope may read, with `pupil_ref` and `urn` always there: of a row that names
    neither itself, the pupil and the school of what it follows; `urn` is missing where none is told. `pupils` keeps the
    rows of these references alone, `la_code` those of one authority's schools. `with_nobody` adds rows that name no
    pupil, such as work with a whole school. Suspensions and permanent exclusions are those of one source
    (`local_source`). Raises OutOfScope where the scope has no rows about pupils.
    """
    if not (scope.pupil_rows or scope.panels):
        raise OutOfScope("These rows are about single pupils, and you may not see pupils’ rows.")
    pupil, (source, urn) = pupil_of(dataset), school_of(dataset)
    assert pupil is not None, f"{dataset.name} is about no pupils"
    table = dataset.table
    own = [table.c[name] for name in columns_in(scope, dataset) if name not in ("pupil_ref", "urn")]
    statement = select(pupil.label("pupil_ref"), urn.label("urn"), *own).select_from(
        source.outerjoin(_schools, _schools.c.urn == urn)
    )
    statement = statement.where(of_school(connection, scope, LA_CODE.is_(None)), pupils_in(scope, pupil, urn))
    if not with_nobody:
        statement = statement.where(pupil.is_not(None))
    if dataset.by_source:
        statement = statement.where(table.c.source == str(local_source(connection, scope)))
    if pupils is not None:
        statement = statement.where(pupil.in_(sorted(pupils)))
    if la_code is not None:
        statement = statement.where(LA_CODE.in_([la_code]))
    return read(connection, statement.order_by(*(table.c[name] for name in dataset.key)))


def reached_pupils(connection: Connection, scope: Scope, pupils: Collection[str] | None = None) -> frozenset[str]:
    """The pupils whom the scope reaches, or those of these: of whom it may read a row of work or of what happened."""
    left, found = None if pupils is None else set(pupils), set[str]()
    for dataset in DATASETS.values():
        pupil, (source, urn) = pupil_of(dataset), school_of(dataset)
        if left is not None and not left:
            break
        if pupil is None or not dataset.dated:
            continue
        here = select(pupil).distinct().select_from(source.outerjoin(_schools, _schools.c.urn == urn))
        own = (of_school(connection, scope, LA_CODE.is_(None)), pupils_in(scope, pupil, urn))
        of_these = () if left is None else (pupil.in_(sorted(left)),)
        found |= set(connection.scalars(here.where(pupil.is_not(None), *of_these, *own)))
        left = None if left is None else left - found
    return frozenset(found)
