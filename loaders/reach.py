"""Whose rows a file may bring, change, remove or take back: those of schools that its sender reaches, and no others."""

from collections.abc import Iterable, Mapping, Sequence
from functools import cached_property
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd
from sqlalchemy import Connection, Select, select

from access.reach import of_area, reached, reached_urns
from access.scope import Scope
from data_model import uploads as records
from data_model.belonging import LA_CODE, school_of
from data_model.catalogue import DATASETS
from data_model.dataset import Dataset
from data_model.reference import local_authorities
from data_model.schools import SCHOOLS
from data_model.severity import Severity
from data_model.wording import listed
from loaders.issues import Issue
from loaders.report import Report

CODE = "E-OUT-OF-REACH"
Mask = npt.NDArray[np.bool_]
Place = tuple[int, str | None]
"""An LA's code and a district of it, None where none is given."""


class Reach:
    """What of one state of the data a sender may load, by the scope of who they are."""

    def __init__(self, connection: Connection, scope: Scope) -> None:
        self.scope = scope
        self._connection = connection

    @cached_property
    def is_everything(self) -> bool:
        """Whether every LA that has schools here is reached whole: then rows without a school may be theirs too."""
        return bool(self.scope.la_codes) and {la_code for la_code, _ in self._places.values()} <= self.scope.la_codes

    def refusal(self, report: Report) -> str:
        """Why a file as a whole may not be saved, in a sentence; empty where it may.

        It counts the accepted rows of schools that are not reached, and names the LAs.
        """
        dataset = report.dataset
        if self._takes_all(dataset):
            return ""
        accepted = np.flatnonzero(~report.rejected_rows)
        names = [name for name in _telling(dataset) if name in report.columns]
        cells = {name: np.array([*report.stored(name), None], dtype=object) for name in names}
        told = {name: cells[name][report.columns[name].place[accepted]] for name in names}
        return self._said(dataset, pd.DataFrame(told, index=range(len(accepted))), "Take them out of the file")

    def refusal_of_rows(self, dataset: Dataset, rows: Sequence[Mapping[str, Any]]) -> str:
        """Why saved rows may not be taken back, in a sentence; empty where they may."""
        if not rows or self._takes_all(dataset):
            return ""
        return self._said(dataset, _frame(dataset, rows), "Leave it to somebody who may load for all of them")

    def is_none_of(self, dataset: Dataset, rows: Sequence[Mapping[str, Any]]) -> bool:
        """Whether none of these saved rows is of a school that the sender reaches: they are none of their business."""
        return not self._takes_all(dataset) and bool(self._is_outside(dataset, _frame(dataset, rows)).all())

    def own(self, dataset: Dataset, rows: Sequence[tuple[Any, ...]], columns: Sequence[str]) -> Mask:
        """True for each saved row, given as `columns`, that the sender reaches."""
        if self._takes_all(dataset) or not rows:
            return np.ones(len(rows), dtype=np.bool_)
        return ~self._is_outside(dataset, _frame(dataset, [dict(zip(columns, row, strict=False)) for row in rows]))

    def readable(self, dataset: Dataset, query: Select[Any]) -> Select[Any]:
        """A select from a dataset's table, of the rows that the sender reaches alone. Schools are public: all stay."""
        if self.is_everything or dataset is SCHOOLS:
            return query
        if dataset.area:
            return query.where(of_area(self.scope, dataset.table.c[dataset.area]))
        source, urn = school_of(dataset)
        return query.select_from(source).where(urn.in_(reached_urns(self.scope)))

    def uploads(self) -> set[int]:
        """The uploads that brought rows which the sender reaches, or a return for their schools."""
        sent = records.upload_schools.c
        found = set(self._connection.scalars(select(sent.upload_id).where(sent.urn.in_(reached_urns(self.scope)))))
        for dataset in DATASETS.values():
            every = select(dataset.table.c.upload_id)
            query = every.where(reached(self.scope)) if dataset is SCHOOLS else self.readable(dataset, every)
            found.update(self._connection.scalars(query.distinct()))
        return found

    def schools(self) -> set[int]:
        """The URNs of the schools that the sender reaches."""
        return set(self._connection.scalars(reached_urns(self.scope)))

    def _takes_all(self, dataset: Dataset) -> bool:
        # Schools and other registers say themselves which LA they are of: it may be one that is not loaded yet.
        return self.is_everything and dataset is not SCHOOLS and not dataset.area

    @cached_property
    def _places(self) -> dict[int, Place]:
        table = SCHOOLS.table.c
        return {
            urn: (la, district)
            for urn, la, district in self._connection.execute(select(table.urn, LA_CODE, table.district))
        }

    def _reaches(self, place: Place | None) -> bool:
        return place is not None and (place[0] in self.scope.la_codes or place in self.scope.districts)

    def _said(self, dataset: Dataset, rows: pd.DataFrame, advice: str) -> str:
        outside = [place for place in self._places_of(dataset, rows) if not self._reaches(place)]
        if not outside:
            return ""
        return _sentence(outside, advice)

    def _is_outside(self, dataset: Dataset, rows: pd.DataFrame) -> Mask:
        places = self._places_of(dataset, rows)
        return np.fromiter((not self._reaches(place) for place in places), dtype=np.bool_, count=len(places))

    def _places_of(self, dataset: Dataset, rows: pd.DataFrame) -> list[Place | None]:
        """Where each row belongs; None where it names no school that is loaded."""
        if dataset is SCHOOLS:
            cells = zip(_column(rows, "laestab"), _column(rows, "district"), strict=True)
            return [(int(laestab) // 10_000, district) if laestab is not None else None for laestab, district in cells]
        if dataset.area:
            return [
                (area, None) if area is not None and area <= 999 else self._places.get(area)
                for area in _column(rows, dataset.area)
            ]
        return [self._places.get(urn) if urn is not None else None for urn in self._urns(dataset, rows)]

    def _urns(self, dataset: Dataset, rows: pd.DataFrame) -> list[int | None]:
        """The school of each row, found as `belonging.school_of` finds it."""
        told = [_column(rows, name) for name in (dataset.school, dataset.or_school) if name]
        if dataset.follows:
            told.append(self._of_followed(dataset.follows, _column(rows, dataset.follows.key[0])))
        return _first(*told)

    def _of_followed(self, followed: Dataset, keys: list[Any]) -> list[int | None]:
        """The schools of the saved rows that these are the keys of."""
        source, urn = school_of(followed)
        query = select(followed.table.c[followed.key[0]], urn).select_from(source)
        found: dict[Any, int | None] = dict(self._connection.execute(query).all())
        return [found.get(key) for key in keys]


def refuse_what_is_out_of_reach(report: Report, reach: Reach) -> None:
    """An error of the whole file where accepted rows of it are of schools that the sender does not reach."""
    sentence = reach.refusal(report)
    vars(report).pop("rejected_rows", None)  # it was read to ask, and more may be found
    if sentence:
        report.file_issues.insert(0, Issue(None, None, None, CODE, Severity.ERROR, sentence))


def _sentence(outside: Sequence[Place | None], advice: str) -> str:
    codes = sorted({place[0] for place in outside if place})
    names = {code: authority.name for code, authority in local_authorities().items()}
    whose = [f"{names[code]} ({code})" if code in names else f"local authority {code:03d}" for code in codes]
    where = [f"of schools that you may not load for, in {listed(whose)}"] if whose else []
    where += ["of no school that is loaded"] if None in outside else []
    rows = "1 row is" if len(outside) == 1 else f"{len(outside):,} rows are"
    return (
        f"{rows} {' or '.join(where)}, so nothing was saved. {advice}, or ask your administrator to let you reach them."
    )


def _telling(dataset: Dataset) -> tuple[str, ...]:
    """The columns that say whose a row is."""
    if dataset is SCHOOLS:
        return "laestab", "district"
    followed = dataset.follows.key[0] if dataset.follows else None
    own = (dataset.area, dataset.school, dataset.or_school, followed)
    return tuple(name for name in own if name)


def _frame(dataset: Dataset, rows: Iterable[Mapping[str, Any]]) -> pd.DataFrame:
    names = _telling(dataset)
    return pd.DataFrame([[row.get(name) for name in names] for row in rows], columns=list(names), dtype=object)


def _column(rows: pd.DataFrame, name: str) -> list[Any]:
    if name not in rows:
        return [None] * len(rows)
    return [None if pd.isna(cell) else cell for cell in rows[name]]


def _first(*choices: list[int | None]) -> list[int | None]:
    """The first of each row's choices that is given."""
    return [next((urn for urn in row if urn is not None), None) for row in zip(*choices, strict=True)]
