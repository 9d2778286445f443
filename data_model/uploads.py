"""What was loaded, by whom and when; what each load replaced; and the header names that people have confirmed."""

from sqlalchemy import JSON, Boolean, Column, DateTime, ForeignKey, Integer, String, Table, Text, false

from data_model.metadata import metadata

TYPED = "Typed on the page"
"""What an upload of what somebody typed has in place of a file's name."""

uploads = Table(
    "uploads",
    metadata,
    Column("upload_id", Integer, primary_key=True, autoincrement=True),
    Column("dataset", String, nullable=False),
    Column("source", String, nullable=False, comment="notified, census or published"),
    Column("file_name", String, nullable=False),
    Column("sha256", String(64), nullable=False),
    Column("uploaded_by", String, nullable=False),
    Column("uploaded_at", DateTime(timezone=True), nullable=False, comment="UTC"),
    Column("period", String, comment="the terms it covers, such as 202526-AUT, separated by spaces"),
    Column("rows_accepted", Integer, nullable=False),
    Column("rows_rejected", Integer, nullable=False),
    Column("rows_queried", Integer, nullable=False),
    Column("rows_new", Integer, nullable=False),
    Column("rows_changed", Integer, nullable=False),
    Column("rows_removed", Integer, nullable=False),
    Column("undone_at", DateTime(timezone=True), comment="UTC; null while the upload stands"),
    Column("undone_by", String),
    Column("is_sample", Boolean, nullable=False, server_default=false(), comment="true for the fictional LA"),
    Column(
        "fingerprint", String(32), comment="how many rows it brought and their digest: what `doctor` checks them by"
    ),
    sqlite_autoincrement=True,
)
"""One row for each upload that was saved. An undone upload stays, marked."""

upload_changes = Table(
    "upload_changes",
    metadata,
    Column("change_id", Integer, primary_key=True, autoincrement=True),
    Column("upload_id", Integer, ForeignKey("uploads.upload_id"), nullable=False, index=True),
    Column("key", JSON, nullable=False, comment="the natural key of the row that was replaced or removed"),
    Column("before", JSON, nullable=False, comment="the whole row as it was, with the upload that wrote it"),
    Column("replaced_upload_id", Integer, nullable=False, index=True),
)
"""Each row that an upload changed or removed, as it was before: what undoing puts back.

Of an undone upload of what was typed there is what it had written, as replaced by itself: a wrong entry stays to be read.
"""

upload_schools = Table(
    "upload_schools",
    metadata,
    Column("upload_id", Integer, ForeignKey("uploads.upload_id"), primary_key=True),
    Column("urn", Integer, primary_key=True, comment="0 for a nil return of the whole LA"),
    Column("academic_year", String, primary_key=True),
    Column("term", String, primary_key=True),
    Column("rows", Integer, nullable=False, comment="0 is a confirmed nil return"),
)
"""Which school's data for which term an upload brought: what completeness is read from."""

open_queries = Table(
    "open_queries",
    metadata,
    Column("query_id", Integer, primary_key=True, autoincrement=True),
    Column("upload_id", Integer, ForeignKey("uploads.upload_id"), nullable=False, index=True),
    Column("urn", Integer),
    Column("line", Integer),
    Column("column_name", String),
    Column("code", String, nullable=False),
    Column("message", Text, nullable=False),
    Column("key", JSON, nullable=False, comment="the natural key of the row that was queried"),
)
"""The queries that were open when an upload was saved: the data quality page lists them."""

header_mappings = Table(
    "header_mappings",
    metadata,
    Column("source", String, primary_key=True, comment="the sender or system, in the user's words"),
    Column("dataset", String, primary_key=True),
    Column("header", String, primary_key=True, comment="normalised"),
    Column("column_name", String, nullable=False),
)
"""Headers that a user said mean a column, remembered for the next file from the same source."""

data_version = Table(
    "data_version",
    metadata,
    Column("only", Integer, primary_key=True),
    Column("version", Integer, nullable=False),
)
"""One row that counts committed writes: what caches are keyed on."""
