"""What follows a child

Revision: 0004, after 0003
"""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "agency_involvement",
        sa.Column("case_id", sa.String(), nullable=False),
        sa.Column("agency", sa.String(), nullable=False),
        sa.Column("referred_date", sa.Date(), nullable=False),
        sa.Column("answer", sa.String(), nullable=True),
        sa.Column("answer_date", sa.Date(), nullable=True),
        sa.Column("wait_weeks", sa.Float(), nullable=True),
        sa.Column("start_date", sa.Date(), nullable=True),
        sa.Column("end_date", sa.Date(), nullable=True),
        sa.Column("upload_id", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("case_id", "agency", "referred_date", name=op.f("pk_agency_involvement")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "behaviour_plans",
        sa.Column("plan_id", sa.String(), nullable=False),
        sa.Column("strategy", sa.String(), nullable=False),
        sa.Column("pupil_ref", sa.String(), nullable=False),
        sa.Column("urn", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(), nullable=True),
        sa.Column("start_date", sa.Date(), nullable=False),
        sa.Column("review_date", sa.Date(), nullable=True),
        sa.Column("end_date", sa.Date(), nullable=True),
        sa.Column("weeks", sa.Integer(), nullable=True),
        sa.Column("helped", sa.String(), nullable=True),
        sa.Column("exhausted", sa.String(), nullable=True),
        sa.Column("upload_id", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("plan_id", "strategy", name=op.f("pk_behaviour_plans")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "family_support",
        sa.Column("family_id", sa.String(), nullable=False),
        sa.Column("pupil_ref", sa.String(), nullable=False),
        sa.Column("urn", sa.Integer(), nullable=True),
        sa.Column("worker_ref", sa.String(), nullable=True),
        sa.Column("referred_date", sa.Date(), nullable=False),
        sa.Column("start_date", sa.Date(), nullable=True),
        sa.Column("end_date", sa.Date(), nullable=True),
        sa.Column("close_reason", sa.String(), nullable=True),
        sa.Column("issue_1", sa.String(), nullable=True),
        sa.Column("issue_2", sa.String(), nullable=True),
        sa.Column("issue_3", sa.String(), nullable=True),
        sa.Column("children", sa.Integer(), nullable=True),
        sa.Column("meetings", sa.Integer(), nullable=True),
        sa.Column("calls", sa.Integer(), nullable=True),
        sa.Column("visits", sa.Integer(), nullable=True),
        sa.Column("referrals_on", sa.Integer(), nullable=True),
        sa.Column("referrals_taken_up", sa.Integer(), nullable=True),
        sa.Column("referrals_no_action", sa.Integer(), nullable=True),
        sa.Column("no_action_reason", sa.String(), nullable=True),
        sa.Column("attendance_before_pct", sa.Float(), nullable=True),
        sa.Column("attendance_after_pct", sa.Float(), nullable=True),
        sa.Column("upload_id", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("family_id", name=op.f("pk_family_support")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "fap_decisions",
        sa.Column("fap_ref", sa.String(), nullable=False),
        sa.Column("meeting_date", sa.Date(), nullable=False),
        sa.Column("decision", sa.String(), nullable=True),
        sa.Column("reason", sa.String(), nullable=True),
        sa.Column("allocated_urn", sa.Integer(), nullable=True),
        sa.Column("start_date", sa.Date(), nullable=True),
        sa.Column("refused", sa.String(), nullable=True),
        sa.Column("refusal_ground", sa.String(), nullable=True),
        sa.Column("share_weight", sa.Float(), nullable=True),
        sa.Column("upload_id", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("fap_ref", "meeting_date", name=op.f("pk_fap_decisions")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "fap_referrals",
        sa.Column("fap_ref", sa.String(), nullable=False),
        sa.Column("referral_date", sa.Date(), nullable=False),
        sa.Column("pupil_ref", sa.String(), nullable=False),
        sa.Column("urn", sa.Integer(), nullable=True),
        sa.Column("business", sa.String(), nullable=True),
        sa.Column("agreed_date", sa.Date(), nullable=True),
        sa.Column("category", sa.String(), nullable=True),
        sa.Column("current_status", sa.String(), nullable=True),
        sa.Column("panel", sa.String(), nullable=True),
        sa.Column("plan_id", sa.String(), nullable=True),
        sa.Column("strategies_exhausted", sa.String(), nullable=True),
        sa.Column("child_heard", sa.String(), nullable=True),
        sa.Column("parent_heard", sa.String(), nullable=True),
        sa.Column("upload_id", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("fap_ref", name=op.f("pk_fap_referrals")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "first_response",
        sa.Column("call_id", sa.String(), nullable=False),
        sa.Column("received_date", sa.Date(), nullable=False),
        sa.Column("channel", sa.String(), nullable=True),
        sa.Column("answered_date", sa.Date(), nullable=True),
        sa.Column("minutes_to_answer", sa.Integer(), nullable=True),
        sa.Column("minutes", sa.Integer(), nullable=True),
        sa.Column("urn", sa.Integer(), nullable=True),
        sa.Column("caller", sa.String(), nullable=True),
        sa.Column("kind", sa.String(), nullable=True),
        sa.Column("theme", sa.String(), nullable=True),
        sa.Column("ncyg", sa.String(), nullable=True),
        sa.Column("risk_1_10", sa.Integer(), nullable=True),
        sa.Column("pupil_ref", sa.String(), nullable=True),
        sa.Column("worker_ref", sa.String(), nullable=True),
        sa.Column("advice", sa.String(), nullable=True),
        sa.Column("challenge_made", sa.String(), nullable=True),
        sa.Column("offered", sa.String(), nullable=True),
        sa.Column("whereabouts_5", sa.String(), nullable=True),
        sa.Column("whereabouts_20", sa.String(), nullable=True),
        sa.Column("became", sa.String(), nullable=True),
        sa.Column("referral_id", sa.String(), nullable=True),
        sa.Column("upload_id", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("call_id", name=op.f("pk_first_response")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "internal_suspensions",
        sa.Column("urn", sa.Integer(), nullable=False),
        sa.Column("start_date", sa.Date(), nullable=False),
        sa.Column("pupil_ref", sa.String(), nullable=False),
        sa.Column("internal_id", sa.String(), nullable=True),
        sa.Column("end_date", sa.Date(), nullable=True),
        sa.Column("sessions", sa.Integer(), nullable=False),
        sa.Column("reason_1", sa.String(), nullable=True),
        sa.Column("reason_2", sa.String(), nullable=True),
        sa.Column("reason_3", sa.String(), nullable=True),
        sa.Column("place", sa.String(), nullable=True),
        sa.Column("ncyg", sa.String(), nullable=True),
        sa.Column("sen_provision", sa.String(), nullable=True),
        sa.Column("cla", sa.String(), nullable=True),
        sa.Column("upload_id", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("urn", "start_date", "pupil_ref", name=op.f("pk_internal_suspensions")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "managed_moves",
        sa.Column("move_id", sa.String(), nullable=False),
        sa.Column("pupil_ref", sa.String(), nullable=False),
        sa.Column("from_urn", sa.Integer(), nullable=False),
        sa.Column("to_urn", sa.Integer(), nullable=False),
        sa.Column("agreed_date", sa.Date(), nullable=True),
        sa.Column("start_date", sa.Date(), nullable=False),
        sa.Column("review_6w_date", sa.Date(), nullable=True),
        sa.Column("planned_end_date", sa.Date(), nullable=True),
        sa.Column("end_date", sa.Date(), nullable=True),
        sa.Column("outcome", sa.String(), nullable=True),
        sa.Column("on_roll_to_date", sa.Date(), nullable=True),
        sa.Column("parent_agreed", sa.String(), nullable=True),
        sa.Column("behaviour_plan", sa.String(), nullable=True),
        sa.Column("panel_ref", sa.String(), nullable=True),
        sa.Column("reengagement_baseline", sa.Float(), nullable=True),
        sa.Column("reengagement_6w", sa.Float(), nullable=True),
        sa.Column("reengagement_12w", sa.Float(), nullable=True),
        sa.Column("notes", sa.String(), nullable=True),
        sa.Column("upload_id", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("move_id", name=op.f("pk_managed_moves")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "off_site_directions",
        sa.Column("direction_id", sa.String(), nullable=False),
        sa.Column("pupil_ref", sa.String(), nullable=False),
        sa.Column("from_urn", sa.Integer(), nullable=False),
        sa.Column("to_urn", sa.Integer(), nullable=True),
        sa.Column("provider_ref", sa.String(), nullable=True),
        sa.Column("notice_date", sa.Date(), nullable=True),
        sa.Column("start_date", sa.Date(), nullable=False),
        sa.Column("planned_end_date", sa.Date(), nullable=True),
        sa.Column("attendance_pattern", sa.String(), nullable=True),
        sa.Column("reviews", sa.Integer(), nullable=True),
        sa.Column("last_review_date", sa.Date(), nullable=True),
        sa.Column("ehcp_la_invited", sa.String(), nullable=True),
        sa.Column("end_date", sa.Date(), nullable=True),
        sa.Column("next_step", sa.String(), nullable=True),
        sa.Column("reengagement_baseline", sa.Float(), nullable=True),
        sa.Column("reengagement_6w", sa.Float(), nullable=True),
        sa.Column("reengagement_12w", sa.Float(), nullable=True),
        sa.Column("upload_id", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("direction_id", name=op.f("pk_off_site_directions")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "outcome_measures",
        sa.Column("case_id", sa.String(), nullable=False),
        sa.Column("measure", sa.String(), nullable=False),
        sa.Column("stage", sa.String(), nullable=False),
        sa.Column("measured_on", sa.Date(), nullable=False),
        sa.Column("value", sa.Float(), nullable=False),
        sa.Column("rater", sa.String(), nullable=True),
        sa.Column("upload_id", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("case_id", "measure", "stage", name=op.f("pk_outcome_measures")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "providers",
        sa.Column("provider_ref", sa.String(), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("valid_until", sa.Date(), nullable=True),
        sa.Column("la_code", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("urn", sa.Integer(), nullable=True),
        sa.Column("ukprn", sa.Integer(), nullable=True),
        sa.Column("setting_type", sa.String(), nullable=True),
        sa.Column("kind", sa.String(), nullable=True),
        sa.Column("phase", sa.String(), nullable=True),
        sa.Column("registered", sa.String(), nullable=True),
        sa.Column("accredited_online", sa.String(), nullable=True),
        sa.Column("accredited_date", sa.Date(), nullable=True),
        sa.Column("places", sa.Integer(), nullable=True),
        sa.Column("places_t1", sa.Integer(), nullable=True),
        sa.Column("places_t2", sa.Integer(), nullable=True),
        sa.Column("places_t3", sa.Integer(), nullable=True),
        sa.Column("qa_date", sa.Date(), nullable=True),
        sa.Column("qa_due", sa.Date(), nullable=True),
        sa.Column("std_safeguarding", sa.String(), nullable=True),
        sa.Column("std_health_safety", sa.String(), nullable=True),
        sa.Column("std_admissions", sa.String(), nullable=True),
        sa.Column("std_quality", sa.String(), nullable=True),
        sa.Column("ofsted", sa.String(), nullable=True),
        sa.Column("daily_rate_gbp", sa.Float(), nullable=True),
        sa.Column("upload_id", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("provider_ref", "valid_from", name=op.f("pk_providers")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "pupil_names",
        sa.Column("pupil_ref", sa.String(), nullable=False),
        sa.Column("forename", sa.String(), nullable=False),
        sa.Column("surname", sa.String(), nullable=False),
        sa.Column("date_of_birth", sa.String(), nullable=True),
        sa.Column("urn", sa.Integer(), nullable=True),
        sa.Column("upload_id", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("pupil_ref", name=op.f("pk_pupil_names")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "safeguarding_separations",
        sa.Column("separation_id", sa.String(), nullable=False),
        sa.Column("pupil_ref", sa.String(), nullable=False),
        sa.Column("urn", sa.Integer(), nullable=False),
        sa.Column("start_date", sa.Date(), nullable=False),
        sa.Column("end_date", sa.Date(), nullable=True),
        sa.Column("la_told_date", sa.Date(), nullable=True),
        sa.Column("provision", sa.String(), nullable=True),
        sa.Column("upload_id", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("separation_id", name=op.f("pk_safeguarding_separations")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "transitions",
        sa.Column("pupil_ref", sa.String(), nullable=False),
        sa.Column("academic_year", sa.String(), nullable=False),
        sa.Column("identified_date", sa.Date(), nullable=False),
        sa.Column("from_urn", sa.Integer(), nullable=True),
        sa.Column("to_urn", sa.Integer(), nullable=True),
        sa.Column("need", sa.String(), nullable=True),
        sa.Column("concern", sa.String(), nullable=True),
        sa.Column("case_id", sa.String(), nullable=True),
        sa.Column("plan_date", sa.Date(), nullable=True),
        sa.Column("told_date", sa.Date(), nullable=True),
        sa.Column("visits", sa.Integer(), nullable=True),
        sa.Column("key_adult", sa.String(), nullable=True),
        sa.Column("summer_programme", sa.String(), nullable=True),
        sa.Column("started", sa.String(), nullable=True),
        sa.Column("settled_half_term", sa.String(), nullable=True),
        sa.Column("settled", sa.String(), nullable=True),
        sa.Column("autumn_attendance_pct", sa.Float(), nullable=True),
        sa.Column("upload_id", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("pupil_ref", "academic_year", name=op.f("pk_transitions")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "workforce",
        sa.Column("worker_ref", sa.String(), nullable=False),
        sa.Column("start_date", sa.Date(), nullable=False),
        sa.Column("end_date", sa.Date(), nullable=True),
        sa.Column("la_code", sa.Integer(), nullable=False),
        sa.Column("provider_type", sa.String(), nullable=True),
        sa.Column("role", sa.String(), nullable=True),
        sa.Column("fte", sa.Float(), nullable=True),
        sa.Column("band", sa.String(), nullable=True),
        sa.Column("vacancy", sa.String(), nullable=True),
        sa.Column("capacity_cases", sa.Integer(), nullable=True),
        sa.Column("upload_id", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("worker_ref", "start_date", name=op.f("pk_workforce")),
        sqlite_with_rowid=False,
    )
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
        sa.Column("transition_school_known", sa.String(length=5), nullable=False, comment="month and day"),
        sa.Column("transition_plan", sa.String(length=5), nullable=False, comment="month and day"),
        sa.Column("transition_told", sa.String(length=5), nullable=False, comment="month and day"),
        sa.Column("transition_key_adult", sa.String(length=5), nullable=False, comment="month and day"),
        sa.Column("transition_visit", sa.String(length=5), nullable=False, comment="month and day"),
        sa.Column("transition_half_term", sa.String(length=5), nullable=False, comment="month and day"),
        sa.Column("transition_end_of_term", sa.String(length=5), nullable=False, comment="month and day"),
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
    op.create_table(
        "support_decisions",
        sa.Column("support_id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("la_code", sa.Integer(), nullable=False),
        sa.Column("pupil_ref", sa.String(), nullable=False, comment="as every other table holds it"),
        sa.Column("urn", sa.Integer(), nullable=False, comment="the child's school when it was decided"),
        sa.Column("decision", sa.String(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("look_again", sa.Date(), nullable=True),
        sa.Column("facts", sa.JSON(), nullable=True, comment="which facts stood when it was decided"),
        sa.Column("suspensions", sa.Integer(), nullable=True, comment="how many were counted then"),
        sa.Column("last_happened", sa.Date(), nullable=True, comment="the newest event that was known then"),
        sa.Column("recorded_by", sa.String(), nullable=False, comment="the sign-in name"),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False, comment="UTC"),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True, comment="UTC; null while it holds"),
        sa.Column("withdrawn_by", sa.String(), nullable=True),
        sa.Column("withdrawn_why", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("support_id", name=op.f("pk_support_decisions")),
        sqlite_autoincrement=True,
    )
    with op.batch_alter_table("support_decisions", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_support_decisions_la_code"), ["la_code"], unique=False)
        batch_op.create_index(batch_op.f("ix_support_decisions_pupil_ref"), ["pupil_ref"], unique=False)
    never_edited()


_WRITTEN = {
    "thresholds_set": (
        "la_code, some_suspensions, many_suspensions, days_lost, attendance_below, attendance_fall, recent_weeks, "
        "weeks_before, fewest_sessions, sustained_attendance, transition_school_known, transition_plan, "
        "transition_told, transition_key_adult, transition_visit, transition_half_term, transition_end_of_term, note, "
        "recorded_by, recorded_at"
    ),
    # Not whom it is about: a change of the pseudonym key renames every pupil.
    "support_decisions": (
        "la_code, urn, decision, reason, look_again, facts, suspensions, last_happened, recorded_by, recorded_at"
    ),
}


def never_edited() -> None:
    """Refuse editing what was written down: revision 0003 has the function that PostgreSQL needs for it."""
    refusal = (
        "BEGIN SELECT RAISE(ABORT, 'what was written down is withdrawn, not edited'); END"
        if op.get_bind().dialect.name == "sqlite"
        else "FOR EACH ROW EXECUTE FUNCTION written_down_stays()"
    )
    for table, columns in _WRITTEN.items():
        op.execute(f"CREATE TRIGGER {table}_no_edit BEFORE UPDATE OF {columns} ON {table} {refusal}")
