"""Thresholds from which a child is looked at

Revision: 0005, after 0003 (where both are there, after 0004)
"""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "thresholds_set",
        sa.Column("thresholds_id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("la_code", sa.Integer(), nullable=False),
        sa.Column("some_suspensions", sa.Integer(), nullable=False, comment="in the last three terms"),
        sa.Column("many_suspensions", sa.Integer(), nullable=False, comment="in the last three terms"),
        sa.Column("days_lost", sa.Float(), nullable=False, comment="to suspensions in the last three terms"),
        sa.Column("attendance_below", sa.Float(), nullable=False, comment="percent"),
        sa.Column("attendance_fall", sa.Float(), nullable=False, comment="points"),
        sa.Column("recent_weeks", sa.Integer(), nullable=False, comment="school weeks"),
        sa.Column("weeks_before", sa.Integer(), nullable=False, comment="school weeks before those"),
        sa.Column(
            "fewest_sessions", sa.Integer(), nullable=False, comment="possible sessions, below which nothing is said"
        ),
        sa.Column("sustained_attendance", sa.Float(), nullable=False, comment="percent"),
        sa.Column("note", sa.Text(), nullable=True),
        sa.Column("recorded_by", sa.String(), nullable=False, comment="the sign-in name"),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False, comment="UTC"),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True, comment="UTC; null while it holds"),
        sa.Column("withdrawn_by", sa.String(), nullable=True),
        sa.Column("withdrawn_why", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("thresholds_id", name=op.f("pk_thresholds_set")),
        sqlite_autoincrement=True,
    )
    with op.batch_alter_table("thresholds_set", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_thresholds_set_la_code"), ["la_code"], unique=False)
    never_edited()


_WRITTEN = (
    "la_code, some_suspensions, many_suspensions, days_lost, attendance_below, attendance_fall, recent_weeks, "
    "weeks_before, fewest_sessions, sustained_attendance, note, recorded_by, recorded_at"
)


def never_edited() -> None:
    """Refuse editing what was written down: revision 0003 has the function that PostgreSQL needs for it."""
    refusal = (
        "BEGIN SELECT RAISE(ABORT, 'what was written down is withdrawn, not edited'); END"
        if op.get_bind().dialect.name == "sqlite"
        else "FOR EACH ROW EXECUTE FUNCTION written_down_stays()"
    )
    op.execute(f"CREATE TRIGGER thresholds_set_no_edit BEFORE UPDATE OF {_WRITTEN} ON thresholds_set {refusal}")
