"""What is kept how long, whom we were told to forget, and the sealed references behind pseudonyms."""

from sqlalchemy import Column, DateTime, String, Table, Text

from data_model.metadata import metadata

erasures = Table(
    "erasures",
    metadata,
    Column("pupil", String(64), primary_key=True, comment="keyed digest of the pupil's reference"),
    Column("erased_at", DateTime(timezone=True), nullable=False, comment="UTC"),
    Column("erased_by", String, nullable=False),
    Column("reason", String, nullable=False),
)
"""Pupils who were erased. Written to a file beside the backups too, and erased again after a restore."""

pupil_identities = Table(
    "pupil_identities",
    metadata,
    Column("pupil_ref", String, primary_key=True, comment="the pseudonym that every other table holds"),
    Column("sealed", Text, nullable=False, comment="the reference that was sent, sealed with the pseudonym key"),
    Column("key_id", String, nullable=False),
    Column("subject", String(64), nullable=False, index=True, comment="keyed digest, as the audit trail names a pupil"),
)
"""Only where pupils are kept under pseudonyms: what lets the key be changed, and a right of access be met."""
