"""Other agencies: which a case was referred to, what they answered, and how long that took."""

from typing import Annotated

import pandas as pd
from pydantic import Field

from data_model import casework_codes
from data_model.columns import Also, Day, DecimalNumber, EventDay, Group, Sensitive
from data_model.dataset import Dataset, Row, Rule, Surroundings
from data_model.outreach import OUTREACH_CASES, CaseId
from data_model.rules import in_order, known_row, where
from data_model.severity import Severity

_ANSWER_WITHIN = 6 * 7
_REFUSED = ("threshold_not_met", "redirected", "declined_by_family")


class AgencyInvolvement(Row):
    """One referral of a case to one agency."""

    case_id: CaseId
    agency: Annotated[casework_codes.Agency, Also("service"), Sensitive(Group.CARE)]
    referred_date: Annotated[EventDay, Field(title="Referred on"), Also("referred", "date referred")]
    answer: Annotated[casework_codes.AgencyAnswer, Also("outcome", "decision"), Sensitive(Group.CARE)] | None = None
    answer_date: Annotated[Day, Field(title="Answered on")] | None = None
    wait_weeks: (
        Annotated[
            DecimalNumber,
            Field(
                ge=0,
                le=260,
                title="Weeks waited",
                description="From the referral to the first appointment",
                examples=["14"],
            ),
            Also("wait", "weeks waiting"),
        ]
        | None
    ) = None
    start_date: Annotated[Day, Field(title="Work started on"), Also("start")] | None = None
    end_date: Annotated[Day, Field(title="Work ended on"), Also("end")] | None = None


def _unanswered(rows: pd.DataFrame, surroundings: Surroundings) -> pd.DataFrame:
    answer = rows.reindex(columns=["answer"])["answer"].astype(object)
    age = (pd.Timestamp(surroundings.today) - rows["referred_date"]).dt.days
    return rows[(answer.isna() | answer.eq("waiting")) & (age > _ANSWER_WITHIN)]


AGENCY_INVOLVEMENT = Dataset(
    name="agency_involvement",
    title="Agency involvement",
    plain="Which other agencies a case was referred to, and what they answered",
    row=AgencyInvolvement,
    key=("case_id", "agency", "referred_date"),
    follows=OUTREACH_CASES,
    dated="referred_date",
    optional=True,
    rules=(
        known_row("case_id", "outreach_cases", "case"),
        in_order(
            "referred_date",
            "start_date",
            "Work started on {start_date}, before the referral on {referred_date}. Correct one of them.",
        ),
        in_order(
            "start_date", "end_date", "It ended on {end_date}, before it started on {start_date}. Correct one of them."
        ),
        Rule(
            code="Q-AGENCY-STARTED",
            severity=Severity.QUERY,
            columns=("start_date", "answer"),
            message="The agency did not take the case on, and its work started on {start_date}. Correct one of them.",
            broken_by=where(lambda rows: rows["answer"].isin(_REFUSED) & rows["start_date"].notna()),
            plain="An agency that did not take a case on has not started",
        ),
        Rule(
            code="N-AGENCY-UNANSWERED",
            severity=Severity.NOTE,
            columns=("referred_date",),
            message="Referrals to other agencies without an answer after six weeks: {count}. Ask them, or add the answer.",
            broken_by=_unanswered,
            plain="Referrals to other agencies without an answer after six weeks are counted",
            reads_too=("answer",),
        ),
    ),
)
