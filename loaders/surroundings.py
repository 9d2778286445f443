"""What is saved already, as the rules want to see it."""

from collections.abc import Sequence
from datetime import date
from functools import cached_property
from typing import Any

import numpy as np
import pandas as pd
from sqlalchemy import Connection, Row, Select, case, func, select

from access.keeping import pseudonyms
from data_model.catalogue import DATASETS
from data_model.codes import ContactKind, Source
from data_model.dataset import Dataset
from data_model.published import school_links
from data_model.terms import Period, academic_year, year_bounds
from loaders.reach import Reach

_ENOUGH_REFERENCES = 50


class SavedRows:
    """What surrounds a file being checked, as far as its sender reaches, read when a rule first asks.

    See `data_model.dataset.Surroundings`.
    """

    def __init__(
        self,
        connection: Connection,
        reach: Reach,
        *,
        today: date | None = None,
        period: Period | None = None,
        source: Source = Source.NOTIFIED,
    ) -> None:
        self.reach = reach
        self.today = today or date.today()
        self.period = period
        self.source = source
        self.pseudonyms = pseudonyms.configured()
        self.connection = connection
        self._frames: dict[tuple[str, bool], pd.DataFrame] = {}
        self._own: tuple[Dataset, pd.DataFrame] | None = None
        self._sent: dict[str, str] = {}

    def for_file(self, dataset: Dataset, rows: pd.DataFrame) -> None:
        """Say which file is being checked: its own saved rows are those it does not replace."""
        self._own = (dataset, rows)
        self._frames.clear()
        self._sent = self._of_the_file(dataset, rows)

    def is_loaded(self, dataset: str) -> bool:
        """Whether any row of a dataset is saved."""
        chosen = DATASETS[dataset]
        query = self._of_source(chosen, select(chosen.table.c[chosen.key[0]]))
        return self.connection.execute(query.limit(1)).first() is not None

    def saved(self, dataset: str, *, of_every_year: bool = False) -> pd.DataFrame:
        """The saved rows of a dataset; of events, those in the academic years that the file touches, or all of them."""
        wanted = dataset, of_every_year
        if wanted not in self._frames:
            self._frames[wanted] = self._read(DATASETS[dataset], None if of_every_year else self._days)
        return self._frames[wanted]

    def pupil_references(self) -> "pd.Series[Any]":
        """A few pupil references from each dataset that has them."""
        found: list[str] = []
        for dataset in DATASETS.values():
            if dataset.pupil:
                column = dataset.table.c[dataset.pupil]
                query = self.reach.readable(dataset, select(column).where(column.is_not(None)))
                query = query.limit(_ENOUGH_REFERENCES)
                found += self.connection.execute(query).scalars()
        sent = pseudonyms.sent_of(self.connection, self.pseudonyms, found)
        return pd.Series([sent[reference] for reference in found], dtype=object)

    def predecessors(self) -> pd.DataFrame:
        """Links between schools, from schools files and published links: `urn, predecessor_urn, linked_on`."""
        schools = self.saved("schools")[["urn", "predecessor_urn", "open_date"]].dropna(subset="predecessor_urn")
        own = schools.rename(columns={"open_date": "linked_on"})
        query = select(school_links.c.urn, school_links.c.predecessor_urn, school_links.c.linked_on)
        published = pd.DataFrame(self.connection.execute(query).all(), columns=list(own.columns))
        parts = [part.astype(object) for part in (own, published) if len(part)]
        return pd.concat(parts) if parts else own

    def last_events(self) -> pd.DataFrame:
        """The last day that any saved event of a school is dated: `urn, last_on`. The database finds the days."""
        found: list[tuple[Any, ...]] = []
        for dataset in DATASETS.values():
            if dataset.school and dataset.dated:
                urn, day = dataset.table.c[dataset.school], dataset.table.c[dataset.dated]
                query = self.reach.readable(dataset, select(urn, func.max(day)).where(urn.is_not(None)).group_by(urn))
                found += map(tuple, self.connection.execute(query))
        frame = pd.DataFrame(found, columns=["urn", "last_on"]).astype({"urn": "Int64", "last_on": "datetime64[s]"})
        return frame.groupby("urn", as_index=False)["last_on"].max()

    def last_contacts(self) -> pd.DataFrame:
        """The last saved contact and the last review among them of each case: `case_id, contacted_on, reviewed_on`."""
        contacts = DATASETS["outreach_contacts"]
        table = contacts.table.c
        review = case((table.kind == str(ContactKind.REVIEW), table.date))
        query = select(table.case_id, func.max(table.date), func.max(review)).where(table.case_id.is_not(None))
        query = self.reach.readable(contacts, query)
        found = [tuple(row) for row in self.connection.execute(query.group_by(table.case_id))]
        names = ["case_id", "contacted_on", "reviewed_on"]
        days = dict.fromkeys(names[1:], "datetime64[s]")
        return pd.DataFrame(found, columns=names, dtype=object).astype(days)

    def _read(self, dataset: Dataset, days: tuple[date, date] | None) -> pd.DataFrame:
        query = self._of_source(dataset, select(*(dataset.table.c[name] for name in dataset.columns)))
        if dataset.dated and days:
            query = query.where(dataset.table.c[dataset.dated].between(*days))
        frame = typed_frame(dataset, self.connection.execute(query).all())
        for name in dataset.references if self._sent else ():
            frame[name] = frame[name].map(lambda reference: self._sent.get(reference, reference))
        if self._own is None or self._own[0] is not dataset or frame.empty:
            return frame
        return _without(frame, self._own[1], dataset)

    def _of_the_file(self, dataset: Dataset, rows: pd.DataFrame) -> dict[str, str]:
        """The file's own references by their pseudonyms: rules compare what was sent with what is saved."""
        made = self.pseudonyms
        if made is None:
            return {}
        columns = (rows[name].dropna().unique() for name in dataset.references if name in rows)
        return {made.of(reference): reference for column in columns for reference in column}

    def _of_source(self, dataset: Dataset, query: Select[Any]) -> Select[Any]:
        query = self.reach.readable(dataset, query)
        return query.where(dataset.table.c.source == str(self.source)) if dataset.by_source else query

    @cached_property
    def _days(self) -> tuple[date, date] | None:
        """The first and last day of the academic years that the file touches."""
        if self._own is None or self._own[0].dated not in self._own[1]:
            return None
        days = self._own[1][self._own[0].dated].dropna()
        if days.empty:
            return None
        return year_bounds(academic_year(days.min().date()))[0], year_bounds(academic_year(days.max().date()))[1]


def _without(frame: pd.DataFrame, rows: pd.DataFrame, dataset: Dataset) -> pd.DataFrame:
    """The saved rows whose key, or other key, is not in the file."""
    names = list(dataset.key)
    if not set(names) <= set(rows.columns):
        return frame
    key = pd.MultiIndex.from_frame(frame[names].astype(object))
    replaced = np.asarray(key.isin(pd.MultiIndex.from_frame(rows[names].astype(object))))
    if dataset.other_key and dataset.other_key in rows:
        replaced |= (
            frame[dataset.other_key].notna() & frame[dataset.other_key].isin(rows[dataset.other_key].dropna())
        ).to_numpy()
    return frame[~replaced]


def typed_frame(dataset: Dataset, rows: Sequence[Row[Any]]) -> pd.DataFrame:
    """Rows of a dataset's table as a frame: dates as datetime64, whole numbers Int64, numbers float64, text objects."""
    frame = pd.DataFrame(list(map(tuple, rows)), columns=list(dataset.columns), dtype=object)
    for name, column in dataset.columns.items():
        if issubclass(column.kind, date):
            frame[name] = pd.to_datetime(frame[name]).astype("datetime64[s]")
        elif column.kind is int:
            frame[name] = frame[name].astype("Int64")
        elif column.kind is float:
            frame[name] = frame[name].astype("float64")
    return frame
