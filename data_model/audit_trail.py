"""Who did and saw what: rows that are only ever added, each sealed to the one before."""

from sqlalchemy import JSON, Column, DateTime, Integer, String, Table

from data_model.metadata import metadata

audit_events = Table(
    "audit_events",
    metadata,
    Column("event_id", Integer, primary_key=True, autoincrement=True),
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
