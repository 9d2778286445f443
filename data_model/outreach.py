"""Outreach: referrals, cases and contacts."""

from typing import Annotated

import pandas as pd
from pydantic import Field

from data_model import codes
from data_model.columns import (
    Also,
    Day,
    DecimalNumber,
    EventDay,
    Group,
    Identifier,
    LongText,
    OtherUrn,
    PupilRef,
    Sensitive,
    ShortText,
    Urn,
    WholeNumber,
)
from data_model.dataset import Dataset, Row, Rule, Surroundings
from data_model.rules import (
    closed_with_reason,
    in_order,
    known_row,
    known_school,
    notes_without_names,
    pupil_rules,
    school_rules,
)
from data_model.severity import Severity

_Risk = Annotated[WholeNumber, Field(ge=1, le=10)]
REVIEW_WEEKS, CONTACT_WEEKS, LONGEST_WEEKS = 6, 4, 22
"""Weeks of the calendar within which an open case is reviewed and somebody is in touch, and that it may run at most."""
_Count = Annotated[WholeNumber, Field(ge=0, le=500)]
ReferralId = Annotated[Identifier, Field(title="Referral ID", examples=["R0001"]), Also("referral reference")]
CaseId = Annotated[Identifier, Field(title="Case ID", examples=["C0001"]), Also("case reference")]
WorkerRef = Annotated[
    ShortText,
    Field(title="Worker's reference", examples=["W03"]),
    Also("worker", "caseworker", "key worker", "outreach worker"),
    Sensitive(Group.STAFF),
]


class OutreachReferral(Row):
    """One request for outreach, for a pupil or for a whole school."""

    referral_id: ReferralId
    received_date: Annotated[
        EventDay,
        Field(title="Received on"),
        Also("referral date", "date received", "date of referral", "date referred"),
    ]
    source: Annotated[codes.ReferralSource, Also("referred by", "referral source", "referral route")] | None = None
    urn: Urn
    pupil_ref: Annotated[PupilRef, Field(description="Blank for work with a whole school")] | None = None
    primary_concern: Annotated[codes.Concern, Also("main concern", "concern"), Sensitive(Group.HEALTH)] | None = None
    secondary_concern: Annotated[codes.Concern, Sensitive(Group.HEALTH)] | None = None
    risk_1_10: Annotated[_Risk, Field(title="Risk of exclusion, 1 to 10")] | None = None
    attendance_pct: Annotated[DecimalNumber, Field(ge=0, le=100, title="Attendance, %", examples=["82.5"])] | None = (
        None
    )
    susp_12w: (
        Annotated[
            _Count,
            Field(title="Suspensions in the 12 weeks before"),
            Also("suspensions", "number of suspensions", "no of suspensions"),
        ]
        | None
    ) = None
    internal_12w: Annotated[_Count, Field(title="Internal suspensions in the 12 weeks before")] | None = None
    parent_agreement: (
        Annotated[
            codes.Agreement,
            Field(title="Parents' agreement to take part", description="Needed for a pupil's referral"),
            Also("consent"),
        ]
        | None
    ) = None
    psp_in_place: Annotated[codes.YesNo, Field(title="Pastoral support plan in place"), Also("psp")] | None = None
    ehap: Annotated[codes.YesNo, Field(title="Early help assessment plan"), Sensitive(Group.CARE)] | None = None
    prior_move: Annotated[codes.YesNo, Field(title="Moved school before")] | None = None
    prior_pex: Annotated[codes.YesNo, Field(title="Permanently excluded before")] | None = None
    decision: Annotated[codes.ReferralDecision, Also("referral decision")] | None = None
    decline_reason: ShortText | None = None
    decision_date: Day | None = None


class OutreachCase(Row):
    """One piece of outreach work, from its start to its close."""

    case_id: CaseId
    referral_id: ReferralId | None = None
    urn: Urn | None = None
    pupil_ref: Annotated[PupilRef, Field(description="Blank for work with a group or a whole school")] | None = None
    worker_ref: WorkerRef | None = None
    tier: codes.Tier | None = None
    case_type: codes.CaseType | None = None
    provider_type: codes.ProviderType | None = None
    commissioner: codes.Commissioner | None = None
    area: Annotated[ShortText, Field(description="The district or partnership that the work belongs to")] | None = None
    funding_sources: Annotated[ShortText, Field(description="One or more, separated by semicolons")] | None = None
    start_date: Annotated[EventDay, Also("case start", "date opened", "start", "opened")]
    first_contact_date: Annotated[Day, Also("first contact")] | None = None
    first_visit_date: Annotated[Day, Also("first visit")] | None = None
    review_due: Annotated[Day, Field(title="Review due on")] | None = None
    review_date: Annotated[Day, Field(title="Reviewed on")] | None = None
    end_date: (
        Annotated[
            EventDay,
            Field(description="Blank while the case is open"),
            Also("date closed", "closed", "case end", "end"),
        ]
        | None
    ) = None
    close_reason: (
        Annotated[
            codes.CaseClose, Field(description="Needed when the case is closed"), Also("outcome", "reason closed")
        ]
        | None
    ) = None
    plan_left: Annotated[codes.YesNo, Field(title="Plan left with the school")] | None = None
    risk_close_1_10: Annotated[_Risk, Field(title="Risk of exclusion at close, 1 to 10")] | None = None
    next_school_urn: Annotated[OtherUrn, Field(title="Next school's URN")] | None = None


class OutreachContact(Row):
    """One contact, for a case or for a school."""

    contact_id: Annotated[Identifier, Field(title="Contact ID", examples=["K0001"])]
    date: Annotated[EventDay, Field(title="Date"), Also("contact date", "date of contact")]
    worker_ref: WorkerRef | None = None
    case_id: CaseId | None = None
    urn: Urn | None = None
    kind: Annotated[codes.ContactKind, Also("contact type", "type")] | None = None
    location: codes.ContactPlace | None = None
    minutes: Annotated[
        WholeNumber,
        Field(ge=0, le=480, description="0 to 480", examples=["45"]),
        Also("duration", "duration minutes", "length"),
    ]
    travel_minutes: Annotated[WholeNumber, Field(ge=0, le=480)] | None = None
    contact_with: Annotated[codes.ContactWith, Field(title="With whom"), Also("with")] | None = None
    outcome: codes.ContactOutcome | None = None
    agency: Annotated[ShortText, Sensitive(Group.CARE)] | None = None
    threshold_met: Annotated[codes.YesNo, Field(title="Agency's threshold met"), Sensitive(Group.CARE)] | None = None
    notes: Annotated[LongText, Field(description="Kept out of every figure. Do not write names")] | None = None


def _neither_case_nor_school(rows: pd.DataFrame, surroundings: Surroundings) -> pd.DataFrame:
    return rows[rows.reindex(columns=["case_id", "urn"]).isna().all(axis=1)]


def _no_agreement(rows: pd.DataFrame, surroundings: Surroundings) -> pd.DataFrame:
    return rows[rows["pupil_ref"].notna() & rows.reindex(columns=["parent_agreement"])["parent_agreement"].isna()]


def _last_of_cases(rows: pd.DataFrame, last: pd.DataFrame, column: str) -> pd.Series:
    """A day that `last` (see `Surroundings.last_contacts`) gives of each row's case; missing where it gives none."""
    return last.set_index("case_id")[column].reindex(rows["case_id"].astype(object)).set_axis(rows.index)


def _open(rows: pd.DataFrame) -> pd.DataFrame:
    return rows[rows.reindex(columns=["end_date"])["end_date"].isna()]


def _without_review(rows: pd.DataFrame, surroundings: Surroundings) -> pd.DataFrame:
    still_open = _open(rows)
    reviews = _last_of_cases(still_open, surroundings.last_contacts(), "reviewed_on")
    latest = still_open[["start_date", "review_date"]].assign(reviews=reviews).max(axis=1)
    return still_open[(pd.Timestamp(surroundings.today) - latest).dt.days > REVIEW_WEEKS * 7]


def _without_contact(rows: pd.DataFrame, surroundings: Surroundings) -> pd.DataFrame:
    last = surroundings.last_contacts()
    if last.empty:
        return rows.iloc[:0]
    # Contacts are loaded after cases: what happened since the last of them cannot be known yet.
    known_until = min(pd.Timestamp(surroundings.today), last["contacted_on"].max())
    still_open = _open(rows)
    days = still_open.reindex(columns=["start_date", "first_contact_date", "first_visit_date"]).astype("datetime64[s]")
    latest = days.assign(contacts=_last_of_cases(still_open, last, "contacted_on")).max(axis=1)
    return still_open[(known_until - latest).dt.days > CONTACT_WEEKS * 7]


def _long(rows: pd.DataFrame, surroundings: Surroundings) -> pd.DataFrame:
    ended = rows.reindex(columns=["end_date"])["end_date"].astype("datetime64[s]")
    return rows[(ended.fillna(pd.Timestamp(surroundings.today)) - rows["start_date"]).dt.days > LONGEST_WEEKS * 7]


OUTREACH_REFERRALS = Dataset(
    name="outreach_referrals",
    title="Outreach referrals",
    plain="Every request for outreach and what was decided",
    row=OutreachReferral,
    key=("referral_id",),
    school="urn",
    pupil="pupil_ref",
    dated="received_date",
    rules=(
        *school_rules("urn", "received_date"),
        *pupil_rules(),
        Rule(
            code="E-AGREEMENT-MISSING",
            severity=Severity.ERROR,
            columns=("pupil_ref",),
            message="A pupil's referral needs the parents' agreement to take part: y, n, verbal or not_needed in parent_agreement.",
            broken_by=_no_agreement,
            plain="A pupil's referral says whether parents agreed to take part",
            reads_too=("parent_agreement",),
        ),
        in_order(
            "received_date",
            "decision_date",
            "The decision on {decision_date} is before the referral came on {received_date}. Correct one of them.",
        ),
    ),
)

OUTREACH_CASES = Dataset(
    name="outreach_cases",
    title="Outreach cases",
    plain="Every piece of outreach work, open or closed",
    row=OutreachCase,
    key=("case_id",),
    follows=OUTREACH_REFERRALS,
    school="urn",
    pupil="pupil_ref",
    dated="start_date",
    rules=(
        *school_rules("urn", "start_date"),
        *pupil_rules(),
        in_order(
            "start_date",
            "end_date",
            "The case closed on {end_date}, before it started on {start_date}. Correct one of them.",
        ),
        closed_with_reason("case"),
        Rule(
            code="N-LONG-CASE",
            severity=Severity.NOTE,
            columns=("start_date",),
            message="Cases that ran for more than 22 weeks: {count}.",
            broken_by=_long,
            plain="Cases that ran for more than 22 weeks, or have been open for longer, are counted",
            reads_too=("end_date",),
        ),
        Rule(
            code="N-REVIEW-OVERDUE",
            severity=Severity.NOTE,
            columns=("review_date", "start_date", "case_id"),
            message="Open cases without a review in the last six weeks: {count}. Review them, add the date of the review, or close them.",
            broken_by=_without_review,
            plain="Open cases without a review in the last six weeks are counted; contacts of the kind review count as one",
            reads_too=("end_date",),
        ),
        Rule(
            code="N-NO-CONTACT",
            severity=Severity.NOTE,
            columns=("case_id", "start_date"),
            message="Open cases without a contact in the four weeks before the last contact that is loaded: {count}. Add the contacts that are missing, or see that somebody gets in touch.",
            broken_by=_without_contact,
            plain="Open cases without a contact in the four weeks before the last contact that is loaded are counted",
            needs=("outreach_contacts",),
            reads_too=("end_date", "first_contact_date", "first_visit_date"),
        ),
    ),
)

OUTREACH_CONTACTS = Dataset(
    name="outreach_contacts",
    title="Outreach contacts",
    plain="Every contact: calls, visits, observations, reviews, training",
    row=OutreachContact,
    key=("contact_id",),
    follows=OUTREACH_CASES,
    school="urn",
    dated="date",
    rules=(
        known_school("urn"),
        Rule(
            code="E-CASE-OR-SCHOOL",
            severity=Severity.ERROR,
            columns=("contact_id",),
            message="Give the case (case_id) or the school (urn) that this contact was for.",
            broken_by=_neither_case_nor_school,
            plain="A contact names its case or its school",
            reads_too=("case_id", "urn"),
        ),
        known_row("case_id", "outreach_cases", "case"),
        notes_without_names(),
    ),
)
