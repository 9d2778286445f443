"""Which school a saved row belongs to, also where the row itself does not name one."""

from collections.abc import Iterator

from sqlalchemy import ColumnElement, FromClause, Integer, func, null

from data_model.dataset import Dataset
from data_model.schools import SCHOOLS

LA_CODE: ColumnElement[int] = SCHOOLS.table.c.laestab // 10_000
"""The LA of a school, by its LAESTAB: what every row's LA is read from."""


def school_of(dataset: Dataset) -> tuple[FromClause, ColumnElement[int]]:
    """What to select rows of a dataset from, and the URN of the school that each belongs to; missing where none is told.

    A placement without a home school is its provider's, a case its referral's, a contact its case's.
    """
    source: FromClause = dataset.table
    for own, followed in zip(dataset.line, dataset.line[1:], strict=False):
        key = followed.key[0]
        source = source.outerjoin(followed.table, followed.table.c[key] == own.table.c[key])
    urns = [urn for each in dataset.line for urn in _own_schools(each)]
    return source, func.coalesce(*urns) if len(urns) > 1 else urns[0] if urns else null().cast(Integer)


def pupil_of(dataset: Dataset) -> ColumnElement[str] | None:
    """The pupil that each row of a dataset is about, in a select from `school_of`: None where rows are about none.

    A contact is about its case's pupil.
    """
    return next((each.table.c[each.pupil] for each in dataset.line if each.pupil), None)


def _own_schools(dataset: Dataset) -> Iterator[ColumnElement[int]]:
    if dataset is SCHOOLS:
        yield dataset.table.c.urn
    for name in (dataset.school, dataset.or_school):
        if name:
            yield dataset.table.c[name]
