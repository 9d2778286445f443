"""Who may sign in, what they were granted, and their sign-in sessions. Nothing here can be turned back into a password."""

from sqlalchemy import (
    Boolean,
    Column,
    DateTime,
    ForeignKey,
    Index,
    Integer,
    String,
    Table,
    Text,
    UniqueConstraint,
    false,
)

from data_model.metadata import metadata

accounts = Table(
    "accounts",
    metadata,
    Column("account_id", Integer, primary_key=True, autoincrement=True),
    Column(
        "sign_in_name", String, nullable=False, unique=True, comment="in lower case: a work e-mail address or a name"
    ),
    Column("full_name", String, nullable=False),
    Column("role", String, nullable=False),
    Column("password_hash", String, comment="argon2id; null for those who come through the provider alone"),
    Column("password_set_at", DateTime(timezone=True), comment="UTC; null: must be changed at the next sign-in"),
    Column("second_factor", String, comment="the TOTP secret, sealed with the secret key; null until enrolled"),
    Column("second_factor_step", Integer, comment="the last time step used: a code works once"),
    Column("issuer", String, comment="of the OpenID Connect provider"),
    Column("subject", String, comment="who they are to the provider"),
    Column("accepted_use_at", DateTime(timezone=True), comment="UTC; when they accepted the rules of use"),
    Column("created_at", DateTime(timezone=True), nullable=False, comment="UTC"),
    Column("disabled_at", DateTime(timezone=True), comment="UTC; null while they may sign in"),
    UniqueConstraint("issuer", "subject"),
    sqlite_autoincrement=True,
)
"""One row a person. Nobody is deleted, because the audit names them: they are disabled."""

grants = Table(
    "grants",
    metadata,
    Column("grant_id", Integer, primary_key=True, autoincrement=True),
    Column("account_id", Integer, ForeignKey("accounts.account_id"), nullable=False, index=True),
    Column("la_code", Integer, nullable=False),
    Column("district", String, comment="null: every district of the LA"),
    Column("service", String, comment="null: every outreach service"),
    Column("panel", String, comment="the Fair Access Panel that they sit on"),
)
"""How far each account reaches. No row, no data."""

sign_in_sessions = Table(
    "sign_in_sessions",
    metadata,
    Column("session_id", String(32), primary_key=True, comment="names the session inside; opens nothing"),
    Column("token_hash", String(64), nullable=False, unique=True, comment="SHA-256 of what the cookie holds"),
    Column("account_id", Integer, ForeignKey("accounts.account_id"), nullable=False, index=True),
    Column("is_complete", Boolean, nullable=False, server_default=false(), comment="false until the second factor"),
    Column("created_at", DateTime(timezone=True), nullable=False, comment="UTC"),
    Column("last_seen_at", DateTime(timezone=True), nullable=False, comment="UTC"),
    Column("ended_at", DateTime(timezone=True), comment="UTC; null while it lasts"),
    Column("provider_token", Text, comment="sealed; what the provider wants to hear at sign-out"),
)
"""One row for each time somebody signed in. Ending the row ends the session, in every tab."""

sign_in_attempts = Table(
    "sign_in_attempts",
    metadata,
    Column("attempt_id", Integer, primary_key=True, autoincrement=True),
    Column("who", String(64), nullable=False, comment="keyed digest of the name that was tried"),
    Column("address", String(64), nullable=False, comment="keyed digest of where from"),
    Column("at", DateTime(timezone=True), nullable=False, comment="UTC"),
    Index("ix_sign_in_attempts_who_at", "who", "at"),
    Index("ix_sign_in_attempts_address_at", "address", "at"),
)
"""Guesses that failed or are under way: the eleventh at a name in five minutes is refused."""

recovery_codes = Table(
    "recovery_codes",
    metadata,
    Column("code_id", Integer, primary_key=True, autoincrement=True),
    Column("account_id", Integer, ForeignKey("accounts.account_id"), nullable=False, index=True),
    Column("code_hash", String(64), nullable=False),
    Column("used_at", DateTime(timezone=True), comment="UTC; a code works once"),
)
"""What lets somebody in who lost their second factor."""
