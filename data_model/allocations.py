"""How outreach hours are shared out: what was proposed for each school, and what a person decided."""

from datetime import date
from typing import Annotated

from pydantic import Field
from sqlalchemy import JSON, Column, Date, Float, Integer, String, Table, Text

from data_model.columns import Urn
from data_model.dataset import Row
from data_model.metadata import metadata
from data_model.written import Cells, Hours, LaCode, PeriodText, Words, figures_column, written_columns


class SchoolHours(Row):
    """The hours of one school."""

    urn: Urn
    hours_proposed: Annotated[Hours, Field(title="Hours proposed")]
    hours_decided: Annotated[Hours, Field(title="Hours decided")]


class AllocationDecision(Row):
    """What was decided for one period."""

    la_code: LaCode
    period: PeriodText
    hours: Annotated[Hours, Field(title="Hours in all", gt=0)]
    assumptions: Annotated[
        Cells, Field(title="Assumptions", description="Floors and the dose-response that was assumed", min_length=1)
    ]
    rows: Annotated[tuple[SchoolHours, ...], Field(title="Schools", min_length=1, max_length=2_000)]
    decided_on: Annotated[date, Field(title="Decided on")]
    note: Annotated[Words | None, Field(title="Note")] = None


allocation_decisions = Table(
    "allocation_decisions",
    metadata,
    Column("decision_id", Integer, primary_key=True, autoincrement=True),
    Column("la_code", Integer, nullable=False, index=True),
    Column("period", String, nullable=False, comment="such as 202526-AUT, or 202526 for a year"),
    Column("hours", Float, nullable=False, comment="all that there are to share out"),
    Column("assumptions", JSON, nullable=False),
    figures_column("rows", "urn, hours_proposed and hours_decided of each school"),
    Column("decided_on", Date, nullable=False),
    Column("note", Text),
    *written_columns(),
    sqlite_autoincrement=True,
)
"""One row for each decision. The newest that holds is the one that counts for its period."""
