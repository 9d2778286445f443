"""Family support: whole-family practitioners' cases, as School-Home Support runs them."""

from typing import Annotated

import pandas as pd
from pydantic import Field

from data_model import casework_codes
from data_model.columns import (
    Also,
    DecimalNumber,
    EventDay,
    Group,
    Identifier,
    PupilRef,
    Sensitive,
    Urn,
    WholeNumber,
)
from data_model.dataset import Dataset, Row, Rule, Surroundings
from data_model.outreach import WorkerRef
from data_model.rules import closed_with_reason, in_order, pupil_rules, school_rules
from data_model.severity import Severity

_Count = Annotated[WholeNumber, Field(ge=0, le=1_000, examples=["6"])]
_ISSUES = ["issue_1", "issue_2", "issue_3"]
_Issue = Annotated[casework_codes.FamilyIssue, Sensitive(Group.CARE)]
_Attendance = Annotated[DecimalNumber, Field(ge=0, le=100, examples=["82.5"])]


class FamilyCase(Row):
    """One family's case, under the child through whom it came."""

    family_id: Annotated[
        Identifier, Field(title="Family case ID", examples=["H0001"]), Also("family case", "case reference")
    ]
    pupil_ref: Annotated[PupilRef, Field(description="The child through whom the family came")]
    urn: Urn | None = None
    worker_ref: WorkerRef | None = None
    referred_date: Annotated[EventDay, Field(title="Referred on"), Also("referral date", "date referred")]
    start_date: Annotated[EventDay, Field(title="Started on"), Also("start")] | None = None
    end_date: (
        Annotated[EventDay, Field(title="Closed on", description="Blank while it is open"), Also("closed")] | None
    ) = None
    close_reason: (
        Annotated[casework_codes.FamilyClose, Field(description="Needed when it is closed"), Also("outcome")] | None
    ) = None
    issue_1: Annotated[_Issue, Field(title="Issue at referral 1"), Also("issue", "main issue")] | None = None
    issue_2: Annotated[_Issue, Field(title="Issue at referral 2")] | None = None
    issue_3: Annotated[_Issue, Field(title="Issue at referral 3")] | None = None
    children: Annotated[_Count, Field(title="Children in the family", examples=["2"])] | None = None
    meetings: Annotated[_Count, Field(title="Meetings")] | None = None
    calls: Annotated[_Count, Field(title="Calls and messages")] | None = None
    visits: Annotated[_Count, Field(title="Home visits")] | None = None
    referrals_on: Annotated[_Count, Field(title="Referrals on to other services", examples=["2"])] | None = None
    referrals_taken_up: Annotated[_Count, Field(title="Of those, taken up", examples=["1"])] | None = None
    referrals_no_action: Annotated[_Count, Field(title="Of those, without action", examples=["1"])] | None = None
    no_action_reason: Annotated[casework_codes.NoActionReason, Field(title="Why no action was taken")] | None = None
    attendance_before_pct: Annotated[_Attendance, Field(title="Attendance in the 12 weeks before, %")] | None = None
    attendance_after_pct: Annotated[_Attendance, Field(title="Attendance in the 12 weeks after, %")] | None = None


def _issue_twice(rows: pd.DataFrame, surroundings: Surroundings) -> pd.DataFrame:
    issues = rows.reindex(columns=_ISSUES).astype(object)
    return rows[(issues.notna().sum(axis=1) > issues.nunique(axis=1)).to_numpy(bool)]


def _fates_exceed(rows: pd.DataFrame, surroundings: Surroundings) -> pd.DataFrame:
    fates = rows.reindex(columns=["referrals_taken_up", "referrals_no_action"]).astype("Int64").fillna(0).sum(axis=1)
    return rows.assign(fates=fates)[(fates > rows["referrals_on"]).fillna(False)]


FAMILY_SUPPORT = Dataset(
    name="family_support",
    title="Family support",
    plain="Whole-family cases: issues at referral, meetings, calls and visits, and what became of referrals on",
    row=FamilyCase,
    key=("family_id",),
    school="urn",
    pupil="pupil_ref",
    dated="referred_date",
    optional=True,
    rules=(
        *school_rules("urn", "referred_date"),
        *pupil_rules(),
        in_order(
            "referred_date",
            "start_date",
            "It started on {start_date}, before the referral on {referred_date}. Correct one of them.",
        ),
        in_order(
            "start_date", "end_date", "It closed on {end_date}, before it started on {start_date}. Correct one of them."
        ),
        closed_with_reason("case"),
        Rule(
            code="Q-ISSUE-TWICE",
            severity=Severity.QUERY,
            columns=("issue_1",),
            message="The same issue is given twice. Up to three different issues may be recorded.",
            broken_by=_issue_twice,
            plain="The issues differ from each other",
            reads_too=("issue_2", "issue_3"),
        ),
        Rule(
            code="E-FATES-EXCEED",
            severity=Severity.ERROR,
            columns=("referrals_on",),
            message="Of {referrals_on} referrals on, {fates} were taken up or without action. Correct them.",
            broken_by=_fates_exceed,
            plain="Referrals that were taken up or without action are not more than all of them",
            reads_too=("referrals_taken_up", "referrals_no_action"),
        ),
    ),
)
