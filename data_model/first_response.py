"""First response: the phone line and bookable consultations. Calls are anonymous unless one is to be followed."""

from typing import Annotated

import numpy as np
import pandas as pd
from pydantic import Field

from data_model import casework_codes, codes
from data_model.columns import (
    Also,
    Day,
    EventDay,
    Group,
    Identifier,
    PupilRef,
    Sensitive,
    Urn,
    WholeNumber,
    YearGroup,
)
from data_model.dataset import Dataset, Row, Rule, Surroundings
from data_model.outreach import ReferralId, WorkerRef
from data_model.rules import in_order, pupil_rules, school_day_after, school_rules, where
from data_model.severity import Severity

_LATER = 20  # school days after which it is asked where the child is

_Whereabouts = Annotated[
    casework_codes.Whereabouts,
    Field(description="Where a head considers permanent exclusion. It tells where the child was, and not why"),
]


class Call(Row):
    """One call or consultation, from the question to what came of it."""

    call_id: Annotated[Identifier, Field(title="Call ID", examples=["L0001"]), Also("call reference", "enquiry id")]
    received_date: Annotated[EventDay, Field(title="Received on"), Also("call date", "date of call", "date received")]
    channel: casework_codes.CallChannel | None = None
    answered_date: Annotated[Day, Field(title="Answered on"), Also("date answered", "called back on")] | None = None
    minutes_to_answer: (
        Annotated[
            WholeNumber,
            Field(ge=0, le=100_000, description="Phone line: 0 where it was picked up at once", examples=["15"]),
            Also("time to answer"),
        ]
        | None
    ) = None
    minutes: Annotated[WholeNumber, Field(ge=0, le=480, title="Minutes spent", examples=["40"])] | None = None
    urn: Urn | None = None
    caller: Annotated[casework_codes.CallerRole, Field(title="Who called"), Also("caller role")] | None = None
    kind: Annotated[casework_codes.CallKind, Field(title="Kind of call"), Also("call type")] | None = None
    theme: (
        Annotated[codes.Concern, Field(title="About what"), Also("main concern", "concern"), Sensitive(Group.HEALTH)]
        | None
    ) = None
    ncyg: YearGroup | None = None
    risk_1_10: (
        Annotated[
            WholeNumber, Field(ge=1, le=10, title="Risk of exclusion as the caller feels it, 1 to 10", examples=["8"])
        ]
        | None
    ) = None
    pupil_ref: (
        Annotated[
            PupilRef,
            Field(
                description="Blank: calls are anonymous. Only for a call that became a referral or that is to be followed"
            ),
        ]
        | None
    ) = None
    worker_ref: WorkerRef | None = None
    advice: Annotated[casework_codes.CallAdvice, Field(title="What came of the call"), Also("advice given")] | None = (
        None
    )
    challenge_made: (
        Annotated[
            codes.YesNo,
            Field(title="The case for another way was made", description="Where a head considers permanent exclusion"),
        ]
        | None
    ) = None
    offered: (
        Annotated[
            casework_codes.CallOffer,
            Field(title="What was offered", description="Where a head considers permanent exclusion"),
        ]
        | None
    ) = None
    whereabouts_5: Annotated[_Whereabouts, Field(title="Where the child was 5 school days later")] | None = None
    whereabouts_20: Annotated[_Whereabouts, Field(title="Where the child was 20 school days later")] | None = None
    became: Annotated[casework_codes.CallBecame, Field(title="What it became")] | None = None
    referral_id: ReferralId | None = None


def _not_followed(rows: pd.DataFrame, surroundings: Surroundings) -> pd.DataFrame:
    considered = rows[rows["kind"].astype(object).eq("pex_considered")]
    urns = considered.reindex(columns=["urn"])["urn"].astype("Int64").fillna(0)
    due = school_day_after(considered["received_date"], _LATER, urns, surroundings.saved("term_dates"))
    unknown = considered.reindex(columns=["whereabouts_20"])["whereabouts_20"].isna()
    return considered[unknown & np.asarray(due < pd.Timestamp(surroundings.today))]


def _no_referral(rows: pd.DataFrame, surroundings: Surroundings) -> pd.DataFrame:
    became = rows["became"].astype(object).isin(["referral", "case"])
    return rows[became & rows.reindex(columns=["referral_id"])["referral_id"].isna()]


FIRST_RESPONSE = Dataset(
    name="first_response",
    title="First response",
    plain="The phone line and bookable consultations: who called about what, what was advised, what it became",
    row=Call,
    key=("call_id",),
    school="urn",
    pupil="pupil_ref",
    dated="received_date",
    optional=True,
    rules=(
        *school_rules("urn", "received_date"),
        *pupil_rules(),
        in_order(
            "received_date",
            "answered_date",
            "It was answered on {answered_date}, before it came on {received_date}. Correct one of them.",
        ),
        Rule(
            code="Q-CALL-NO-REFERRAL",
            severity=Severity.QUERY,
            columns=("became",),
            message="The call became a referral or a case, and which one is blank. Add the referral ID.",
            broken_by=_no_referral,
            plain="A call that became a referral says which",
            reads_too=("referral_id",),
        ),
        Rule(
            code="Q-CALL-ANONYMOUS",
            severity=Severity.QUERY,
            columns=("pupil_ref", "kind"),
            message="Calls of this kind are anonymous, and this one names a pupil. Leave the reference blank, unless the call became a referral.",
            broken_by=where(
                lambda rows: (
                    rows["pupil_ref"].notna()
                    & rows["kind"].isin(["advice", "staff", "signposting"])
                    & ~rows.reindex(columns=["became"])["became"].astype(object).isin(["referral", "case"])
                )
            ),
            plain="Calls for advice name no pupil, unless they became a referral",
            reads_too=("became",),
        ),
        Rule(
            code="N-CALL-NOT-FOLLOWED",
            severity=Severity.NOTE,
            columns=("received_date", "kind"),
            message="Heads who considered permanent exclusion more than 20 school days ago, without where the child was then: {count}. Ask the school.",
            broken_by=_not_followed,
            plain="Where a head considered permanent exclusion, it is asked after 20 school days where the child is",
            needs=("term_dates",),
            reads_too=("urn", "whereabouts_20"),
        ),
    ),
)
