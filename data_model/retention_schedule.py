"""How long each table keeps what it holds about people: the schedule that the app runs, shows and is tested by.

The years are a proposal. The law sets few of them and councils differ (docs/governance/sources.md, L7), so whoever runs
this decides, and changes the number here.
"""

from dataclasses import dataclass
from datetime import date

_TO_DECIDE = "a proposal: the authority decides"
_BESIDE_CASEWORK = "As casework, so that what a panel knew can be told while its decisions are questioned"
_CASEWORK = "Until complaints and claims about the work are past; LAs keep casework for about six years"


@dataclass(frozen=True)
class Keeping:
    """How long one table's rows are kept.

    A row goes `months` after the first of the dates `starts` that it has (one that has none stays); where `months` is
    None nothing goes by itself, and `why` says so. `stays_with` is a column and a table with a column of that name: the
    row stays as long as a row there names it too. `until_silent`: the row stays as long as anything else is kept of its
    pupil, or a younger row of the same table; where it has no dates (`starts` is empty, `months` 0), as long as the
    first alone.
    """

    table: str
    holds: str
    starts_from: str
    why: str
    months: int | None = None
    starts: tuple[str, ...] = ()
    stays_with: tuple[str, str] | None = None
    until_silent: bool = False
    decided_by: str = _TO_DECIDE

    @property
    def period(self) -> str:
        """How long, in words: `6 years`, `1 month`."""
        if self.months is None:
            return "Not deleted by itself"
        if not self.starts:
            return "With the last of the rest"
        number, unit = (self.months // 12, "year") if self.months % 12 == 0 else (self.months, "month")
        return f"{number} {unit}{'' if number == 1 else 's'}"

    def cutoff(self, today: date) -> date:
        """The day before which a row must have started to go today."""
        assert self.months is not None, "nothing goes by itself"
        months = today.year * 12 + today.month - 1 - self.months
        year, month = divmod(months, 12)
        return date(year, month + 1, min(today.day, 28))


SCHEDULE = (
    Keeping(
        "permanent_exclusions",
        "Permanent exclusions, their reasons and reviews",
        "The head's decision",
        "Devon keeps what belongs to independent review panels for five years",
        months=60,
        starts=("head_decision_date",),
    ),
    Keeping(
        "suspensions",
        "Suspensions and their reasons",
        "The last day of the suspension",
        "As permanent exclusions with one year more, so that a pupil's history is there while a decision is reviewed",
        months=72,
        starts=("end_date", "start_date"),
    ),
    Keeping(
        "ap_placements",
        "Placements in alternative provision",
        "The end of the placement; an open one stays",
        _CASEWORK,
        months=72,
        starts=("end_date", "planned_end_date"),
    ),
    Keeping(
        "outreach_cases",
        "Outreach cases, and which worker had them",
        "The close of the case; an open one stays",
        _CASEWORK,
        months=72,
        starts=("end_date",),
    ),
    Keeping(
        "outreach_referrals",
        "Referrals to outreach",
        "The decision; not before their case goes",
        _CASEWORK,
        months=72,
        starts=("decision_date", "received_date"),
        stays_with=("referral_id", "outreach_cases"),
    ),
    Keeping(
        "outreach_contacts",
        "Contacts, their notes, and which worker made them",
        "The contact; not before its case goes",
        _CASEWORK,
        months=72,
        starts=("date",),
        stays_with=("case_id", "outreach_cases"),
    ),
    Keeping(
        "attendance",
        "Sessions by pupil and week",
        "The week",
        "Beside placements and cases, whose outcome it tells",
        months=72,
        starts=("week_start",),
    ),
    Keeping(
        "outcome_measures",
        "What was measured of a child in a case",
        "The measurement; not before its case goes",
        "Half a year less than the case, so that a follow-up after its close goes with it",
        months=66,
        starts=("measured_on",),
        stays_with=("case_id", "outreach_cases"),
    ),
    Keeping(
        "agency_involvement",
        "Which other agencies a case was referred to, and their answers",
        "The referral to the agency; not before its case goes",
        _CASEWORK,
        months=72,
        starts=("referred_date",),
        stays_with=("case_id", "outreach_cases"),
    ),
    Keeping(
        "first_response",
        "Calls of the phone line; a pupil only where one became a referral or is followed",
        "The call",
        _CASEWORK,
        months=72,
        starts=("received_date",),
    ),
    Keeping(
        "behaviour_plans",
        "What schools tried for a pupil",
        "The end of the plan, or its last date",
        _CASEWORK,
        months=72,
        starts=("end_date", "review_date", "start_date"),
    ),
    Keeping(
        "family_support",
        "Whole-family cases, and which worker had them",
        "The close of the case; an open one stays",
        _CASEWORK,
        months=72,
        starts=("end_date",),
    ),
    Keeping(
        "managed_moves",
        "Managed moves, and whether they held",
        "The end of the move, or its start where it held",
        _CASEWORK,
        months=72,
        starts=("end_date", "start_date"),
    ),
    Keeping(
        "off_site_directions",
        "Off-site directions",
        "The end of the direction",
        _CASEWORK,
        months=72,
        starts=("end_date", "planned_end_date", "start_date"),
    ),
    Keeping(
        "safeguarding_separations",
        "Pupils kept apart because of an alleged harm",
        "The last day apart",
        "As suspensions; what belongs to child protection is in the authority’s own system",
        months=72,
        starts=("end_date", "start_date"),
    ),
    Keeping(
        "fap_decisions",
        "What panels decided of each child",
        "The meeting",
        _CASEWORK,
        months=72,
        starts=("meeting_date",),
    ),
    Keeping(
        "fap_referrals",
        "Children whom panels were asked about",
        "The referral; not before its decisions go",
        _CASEWORK,
        months=72,
        starts=("referral_date",),
        stays_with=("fap_ref", "fap_decisions"),
    ),
    Keeping(
        "transitions",
        "Children who needed a plan for Year 7",
        "The day on which the child was identified",
        _CASEWORK,
        months=72,
        starts=("identified_date",),
    ),
    Keeping(
        "internal_suspensions",
        "Internal suspensions and their reasons",
        "The last day of it",
        "As suspensions",
        months=72,
        starts=("end_date", "start_date"),
    ),
    Keeping(
        "workforce",
        "Posts, their hours and pay band, under workers’ references",
        "The end of the post; one that is filled stays",
        "As the casework that names the same workers",
        months=72,
        starts=("end_date",),
    ),
    Keeping(
        "support_decisions",
        "What was decided of children without support, and why",
        "The day on which it was recorded",
        _CASEWORK,
        months=72,
        starts=("recorded_at",),
    ),
    Keeping(
        "pupils",
        "Pupils' circumstances, dated",
        "The day from which a row is true; not before all else about the pupil",
        "Without them, older records could not be counted by need, meals or ethnicity",
        months=72,
        starts=("valid_from",),
        until_silent=True,
    ),
    Keeping(
        "pupil_names",
        "What pupils are called, encrypted",
        "The day on which nothing else about the pupil is kept",
        "A name serves the work with a child alone",
        months=0,
        until_silent=True,
    ),
    Keeping(
        "upload_changes",
        "Rows as they were before a later file changed or removed them, and what was typed on a page and undone",
        "As the rows of their own table",
        "What undoing an upload puts back, and the history of an entry; a row that is past its time is not put back",
    ),
    Keeping(
        "open_queries",
        "Questions that were open when rows were saved",
        "With their rows",
        "A question about a row is of no use without it",
    ),
    Keeping(
        "pupil_identities",
        "The references behind pseudonyms, sealed",
        "With the last row of the pupil",
        "What lets a pupil's right of access be met",
    ),
    Keeping(
        "uploads",
        "Who loaded which file when: no pupil",
        "The record stays",
        "Tells where figures come from",
    ),
    Keeping(
        "erasures",
        "Keyed digests of pupils who were erased, and who did it",
        "The record stays",
        "What erases a pupil again when an older backup is restored",
    ),
    Keeping(
        "accounts",
        "People who sign in or once did: names, roles, sealed second factors",
        "The record stays; an account is disabled",
        "The audit trail names them",
    ),
    Keeping("grants", "How far each account reaches", "With the account", "Part of the account"),
    Keeping(
        "sign_in_sessions",
        "When each account signed in and was last seen",
        "The sign-in",
        "Enough to look into a breach that is found late",
        months=12,
        starts=("created_at",),
    ),
    Keeping(
        "sign_in_attempts",
        "Keyed digests of names and addresses that were tried",
        "The attempt",
        "They count for five minutes, and the next attempt removes those that do not",
        months=1,
        starts=("at",),
    ),
    Keeping(
        "recovery_codes",
        "Hashes of recovery codes",
        "The use of the code; one that is unused stays",
        "A used code opens nothing",
        months=12,
        starts=("used_at",),
    ),
    Keeping(
        "school_replies",
        "What heads said of their school's report, as it was written down: no pupil",
        "The day on which it came",
        _BESIDE_CASEWORK,
        months=72,
        starts=("received_on",),
    ),
    Keeping(
        "school_reports",
        "What heads were sent: their own school's figures, small ones too",
        "The day on which it was sent; not before its replies go",
        _BESIDE_CASEWORK,
        months=72,
        starts=("sent_on",),
        stays_with=("report_id", "school_replies"),
    ),
    Keeping(
        "frozen_lists",
        "Lists of schools that a meeting saw, with figures, small ones too",
        "The moment of freezing",
        _BESIDE_CASEWORK,
        months=72,
        starts=("recorded_at",),
    ),
    Keeping(
        "allocation_decisions",
        "How outreach hours were shared out among schools",
        "The decision",
        _BESIDE_CASEWORK,
        months=72,
        starts=("decided_on",),
    ),
    Keeping(
        "thresholds_set",
        "The numbers from which an authority points a child out, and who set them: no pupil",
        "The record stays",
        "Whoever asks why a child was pointed out, or was not, needs the thresholds of that day",
    ),
    Keeping(
        "audit_events",
        "Who did and saw what: names of accounts, keyed digests of pupils",
        "The record stays",
        "Rows of a trail that can be deleted prove nothing. An old trail is archived with its database",
    ),
    Keeping("audit_pupils", "Whom each event was about: keyed digests", "With the event", "Part of the audit trail"),
)
"""In the order in which the tables are gone through: what others stay with comes first."""

KEPT_FOR = {keeping.table: keeping for keeping in SCHEDULE}
