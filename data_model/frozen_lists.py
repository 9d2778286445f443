"""Lists of schools as a meeting saw them: frozen under a name, to be compared with the next term's."""

from collections import Counter
from typing import Annotated, Any

from pydantic import AfterValidator, Field
from pydantic_core import PydanticCustomError
from sqlalchemy import JSON, Column, Integer, String, Table, UniqueConstraint

from data_model.codes import Phase
from data_model.dataset import Row
from data_model.metadata import metadata
from data_model.written import Cells, Label, LaCode, PeriodText, figures_column, written_columns

_URNS = range(100_000, 1_000_000)


def _of_schools(rows: tuple[dict[str, Any], ...]) -> tuple[dict[str, Any], ...]:
    """The rows, where each names a school of its own."""
    urns = Counter(row.get("urn") for row in rows)
    if any(not isinstance(urn, int) or urn not in _URNS for urn in urns):
        raise PydanticCustomError("no_urn", "a row without a school")
    if max(urns.values(), default=0) > 1:
        raise PydanticCustomError("urn_twice", "a school twice")
    return rows


class ListQuestion(Row):
    """What a list was asked for."""

    period: PeriodText
    phase: Annotated[Phase | None, Field(title="Phase")] = None
    filters: Annotated[Cells, Field(title="Filters")] = Field(default_factory=dict)
    order: Annotated[Label, Field(title="Order")]


class FrozenList(Row):
    """A list as it is kept."""

    la_code: LaCode
    name: Annotated[Label, Field(title="Name", description="Such as: Panel of March 2026")]
    question: Annotated[ListQuestion, Field(title="Question")]
    rows: Annotated[
        tuple[Cells, ...],
        Field(title="Schools", description="Figures of schools, in order", min_length=1, max_length=2_000),
        AfterValidator(_of_schools),
    ]
    data_version: Annotated[int, Field(title="Data version", ge=0)]


frozen_lists = Table(
    "frozen_lists",
    metadata,
    Column("list_id", Integer, primary_key=True, autoincrement=True),
    Column("la_code", Integer, nullable=False),
    Column("name", String(80), nullable=False),
    Column("question", JSON, nullable=False, comment="period, phase, filters and order"),
    figures_column("rows", "the schools in order, each with its figures: no pupil's data"),
    Column("data_version", Integer, nullable=False, comment="of the data that the figures were worked out from"),
    *written_columns(),
    UniqueConstraint("la_code", "name"),
    sqlite_autoincrement=True,
)
"""One row for each list. A withdrawn one stays, and keeps its name."""
