"""What people write down about single pupils: the tables that go with a pupil, as the rows of datasets do.

A table that is listed here is exported, erased, purged and put under pseudonyms with the pupil, by this list alone
(access/keeping). A test holds that every table with a `pupil_ref` is a dataset's or stands here.
"""

from dataclasses import dataclass

from pydantic import BaseModel
from sqlalchemy import Column, Table

from data_model.support_decisions import SupportDecision, support_decisions


@dataclass(frozen=True)
class WrittenAbout:
    """A table that people write into about pupils, named by its `pupil_ref`; `row` has the titles of its columns."""

    title: str
    table: Table
    row: type[BaseModel]

    @property
    def pupil(self) -> "Column[str]":
        """Whom each row is about, as every other table holds it."""
        return self.table.c.pupil_ref


WRITTEN_ABOUT_PUPILS = (WrittenAbout("Decisions about a child without support", support_decisions, SupportDecision),)
"""In the order in which they are exported."""
