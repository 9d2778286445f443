"""The right of reply: what a head was sent of their school before a panel sees it, and what came back."""

from datetime import date
from typing import Annotated

from pydantic import Field
from sqlalchemy import Boolean, Column, Date, ForeignKey, Integer, String, Table, Text

from data_model.columns import Urn
from data_model.dataset import Row
from data_model.labelled import Labelled
from data_model.metadata import metadata
from data_model.written import Cells, PeriodText, Words, figures_column, written_columns

DAYS_TO_REPLY = 10
"""School days that a head has to correct a report, after the day on which it was sent."""


class ReplyKind(Labelled):
    """What came back from a head."""

    def __init__(self, value: str, label: str = "", is_contested: bool = False, needs_words: bool = False) -> None:
        self.is_contested = is_contested
        self.needs_words = needs_words

    ACCEPTED = "accepted", "Accepted"
    CENSUS_ERROR = "census_error", "Contested: census error", True, True
    RECORDS_DIFFER = "records_differ", "Contested: records differ", True, True
    CONTESTED = "contested", "Contested: other", True, True
    CONTEXT = "context", "Context given", False, True
    NO_REPLY = "no_reply", "No reply"


class SchoolReport(Row):
    """A report on one school that was sent to its head."""

    urn: Urn
    period: Annotated[PeriodText, Field(description="The year or term that the report is about")]
    figures: Annotated[
        Cells, Field(title="Figures as sent", description="The school's own row: no pupil's data", min_length=1)
    ]
    sent_on: Annotated[date, Field(title="Sent on")]


class SchoolReply(Row):
    """What came back on a report, or that nothing did."""

    kind: Annotated[ReplyKind, Field(title="Reply")]
    text: Annotated[
        Words | None,
        Field(
            title="What the head says",
            description="Shown to the panel. Name nobody, and give no number of fewer than five pupils",
        ),
    ] = None
    received_on: Annotated[date, Field(title="Received on")]


school_reports = Table(
    "school_reports",
    metadata,
    Column("report_id", Integer, primary_key=True, autoincrement=True),
    Column("la_code", Integer, nullable=False),
    Column("urn", Integer, nullable=False, index=True),
    Column("period", String, nullable=False, comment="such as 202526-AUT, or 202526 for a year"),
    figures_column("figures", "the school's own row as it was sent"),
    Column("sent_on", Date, nullable=False),
    Column("reply_due", Date, nullable=False, comment="the last day to correct it"),
    Column("by_term_dates", Boolean, nullable=False, comment="false: weekdays were counted, for want of term dates"),
    *written_columns(),
    sqlite_autoincrement=True,
)
"""One row for each report that was sent to a head. `recorded_by` is who says so."""

school_replies = Table(
    "school_replies",
    metadata,
    Column("reply_id", Integer, primary_key=True, autoincrement=True),
    Column("report_id", Integer, ForeignKey("school_reports.report_id"), nullable=False, index=True),
    Column("kind", String, nullable=False),
    Column("text", Text),
    Column("received_on", Date, nullable=False),
    *written_columns(),
    sqlite_autoincrement=True,
)
"""One row for each reply. A wrong one is withdrawn and stays: nothing here is edited."""
