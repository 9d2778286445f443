"""What was decided of a child without support: one row each time, about one child, and never edited."""

from datetime import date
from typing import Annotated

from pydantic import Field, StringConstraints
from sqlalchemy import JSON, Column, Date, Integer, String, Table, Text

from data_model.columns import Urn
from data_model.dataset import Row
from data_model.labelled import Labelled
from data_model.metadata import metadata
from data_model.written import Words, written_columns

MOST_DAYS_AHEAD = 366
"""How far ahead a day to look again may be: a child who is listed is looked at within a year."""


class SupportChoice(Labelled):
    """What was decided."""

    def __init__(self, value: str, label: str = "", needs_reason: bool = False) -> None:
        self.needs_reason = needs_reason

    OFFER_OUTREACH = "offer_outreach", "Offer outreach"
    SCHOOL_REFERS = "school_refers", "School to refer"
    SUPPORTED_ELSEWHERE = "supported_elsewhere", "Already supported elsewhere"
    NOT_NOW = "not_now", "Not now", True


_Stored = Annotated[str, StringConstraints(min_length=1, max_length=64)]


class SupportDecision(Row):
    """A decision, and what was known of the child when it was made: from that it is told what is new since."""

    pupil_ref: Annotated[_Stored, Field(title="Child")]
    urn: Urn
    decision: Annotated[SupportChoice, Field(title="Decision")]
    reason: Annotated[
        Words | None, Field(title="Reason", description="What led to it. Write what somebody is, and no names")
    ] = None
    look_again: Annotated[date | None, Field(title="Look again on")] = None
    facts: Annotated[tuple[_Stored, ...], Field(title="Facts", max_length=20)] = ()
    suspensions: Annotated[int, Field(title="Suspensions", ge=0, le=10_000)] = 0
    last_happened: Annotated[date | None, Field(title="Happened last on")] = None


support_decisions = Table(
    "support_decisions",
    metadata,
    Column("support_id", Integer, primary_key=True, autoincrement=True),
    Column("la_code", Integer, nullable=False, index=True),
    Column("pupil_ref", String, nullable=False, index=True, comment="as every other table holds it"),
    Column("urn", Integer, nullable=False, comment="the child's school when it was decided"),
    Column("decision", String, nullable=False),
    Column("reason", Text),
    Column("look_again", Date),
    Column("facts", JSON, comment="which facts stood when it was decided"),
    Column("suspensions", Integer, comment="how many were counted then"),
    Column("last_happened", Date, comment="the newest event that was known then"),
    *written_columns(),
    sqlite_autoincrement=True,
)
"""One row for each decision about a child. The newest of a child that holds counts."""
