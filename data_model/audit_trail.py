"""Who did and saw what: rows that are only ever added, each sealed to the one before."""

from sqlalchemy import JSON, Column, DateTime, ForeignKey, Integer, String, Table

from data_model.metadata import metadata

audit_events = Table(
    "audit_events",
    metadata,
    Column("event_id", Integer, primary_key=True, autoincrement=True, comment="1, 2, 3 … without gaps"),
    Column("at", DateTime(timezone=True), nullable=False, comment="UTC"),
    Column(
        "account_id", Integer, comment="null for the demonstration, the command line and those who failed to sign in"
    ),
    Column("who", String, nullable=False, comment="the sign-in name, or what acted"),
    Column("action", String, nullable=False, index=True),
    Column("subject", String, index=True, comment="what it was done to: `upload 12`, or the keyed digest of a pupil"),
    Column("detail", JSON, nullable=False, comment="counts and names of things, never a pupil's value"),
    Column("previous_hash", String(64), nullable=False),
    Column("hash", String(64), nullable=False, unique=True),
    sqlite_autoincrement=True,
)
"""Triggers refuse UPDATE and DELETE; `python -m access verify-audit` finds what got past them."""

audit_pupils = Table(
    "audit_pupils",
    metadata,
    Column("event_id", Integer, ForeignKey("audit_events.event_id"), primary_key=True),
    Column("pupil", String(64), primary_key=True, index=True, comment="keyed digest of the pupil's reference"),
)
"""Whom an event was about, where it was about pupils: what finds who saw one. Each event's hash covers its own."""

audit_head = Table(
    "audit_head",
    metadata,
    Column("only", Integer, primary_key=True, autoincrement=False),
    Column("event_id", Integer, nullable=False),
    Column("hash", String(64), nullable=False),
)
"""The newest event, so that one that is missing at the end is missed too."""
