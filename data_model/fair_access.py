"""The Fair Access Panel: what it is asked, and what it decides.

A child without a place is considered under the fair access protocol (School Admissions Code 2021, paragraphs 3.14 to 3.22):
that has a category and a clock of 20 school days. A child on roll whom a panel discusses has neither.
"""

from typing import Annotated

import pandas as pd
from pydantic import Field

from data_model import casework_codes, codes
from data_model.columns import (
    Also,
    Day,
    DecimalNumber,
    EventDay,
    Group,
    Identifier,
    OtherUrn,
    PupilRef,
    Sensitive,
    ShortText,
)
from data_model.dataset import Dataset, Row, Rule, Surroundings
from data_model.rules import (
    in_order,
    known_row,
    known_school,
    notes_without_names,
    pupil_rules,
    school_day_after,
    where,
)
from data_model.severity import Severity

ALLOCATED_WITHIN = 20
"""School days in which a place is allocated once it is agreed that a child will be considered (Admissions Code 2021)."""
_PLACES = ("place_school", "la_direction")

FapRef = Annotated[
    Identifier, Field(title="Panel referral", examples=["F0001"]), Also("panel referral id", "fap id", "fap reference")
]


class FapReferral(Row):
    """One child whom a panel is asked about."""

    fap_ref: FapRef
    referral_date: Annotated[EventDay, Field(title="Referred on"), Also("date referred", "received date")]
    pupil_ref: PupilRef
    urn: (
        Annotated[
            OtherUrn,
            Field(
                title="School's URN", description="The school that refers or, for a child without a place, the last one"
            ),
            Also("school urn", "referring school urn"),
        ]
        | None
    ) = None
    business: Annotated[casework_codes.PanelBusiness, Also("type of business")] | None = None
    agreed_date: (
        Annotated[
            Day,
            Field(
                title="Agreed to consider on",
                description="Admission under the protocol: the 20 school days start here",
            ),
        ]
        | None
    ) = None
    category: (
        Annotated[
            casework_codes.FairAccessCategory,
            Field(description="Admission under the protocol alone: a to m of paragraph 3.17", examples=["l"]),
            Also("fap category"),
            Sensitive(Group.CARE),
        ]
        | None
    ) = None
    current_status: casework_codes.PanelStatus | None = None
    panel: casework_codes.Panel | None = None
    plan_id: (
        Annotated[
            Identifier,
            Field(
                title="Behaviour plan", description="The plan whose strategies the panel looks at", examples=["B0001"]
            ),
        ]
        | None
    ) = None
    strategies_exhausted: (
        Annotated[
            codes.YesNo,
            Field(description="Y where the school has tried what it can; the behaviour plan says what that was"),
        ]
        | None
    ) = None
    child_heard: Annotated[codes.YesNo, Field(title="The child's view is with the papers")] | None = None
    parent_heard: Annotated[codes.YesNo, Field(title="The parents' view is with the papers")] | None = None


class FapDecision(Row):
    """What one meeting decided of one referral. A referral that is deferred has several."""

    fap_ref: FapRef
    meeting_date: Annotated[EventDay, Field(title="Meeting on"), Also("panel date", "date of meeting")]
    decision: Annotated[casework_codes.PanelDecision, Also("panel decision")] | None = None
    reason: Annotated[ShortText, Field(description="Why, in a sentence. Do not write names")] | None = None
    allocated_urn: (
        Annotated[OtherUrn, Field(title="Allocated school's URN", examples=["900002"]), Also("allocated school")] | None
    ) = None
    start_date: Annotated[Day, Field(title="Started there on"), Also("admitted on", "started on")] | None = None
    refused: Annotated[codes.YesNo, Field(title="The school refused")] | None = None
    refusal_ground: casework_codes.RefusalGround | None = None
    share_weight: (
        Annotated[
            DecimalNumber,
            Field(ge=0, le=10, description="What this child counts in the school's fair share", examples=["1"]),
        ]
        | None
    ) = None


def _no_category(rows: pd.DataFrame, surroundings: Surroundings) -> pd.DataFrame:
    category = rows.reindex(columns=["category"])["category"]
    return rows[rows["business"].astype(object).eq("admission_under_protocol") & category.isna()]


def _before_its_referral(rows: pd.DataFrame, surroundings: Surroundings) -> pd.DataFrame:
    asked = surroundings.saved("fap_referrals", of_every_year=True).drop_duplicates("fap_ref").set_index("fap_ref")
    referred = asked["referral_date"].reindex(rows["fap_ref"].astype(object)).set_axis(rows.index)
    return rows.assign(referred=referred)[rows["meeting_date"] < referred]


def _late(rows: pd.DataFrame, surroundings: Surroundings) -> pd.DataFrame:
    asked = surroundings.saved("fap_referrals", of_every_year=True).drop_duplicates("fap_ref").set_index("fap_ref")
    protocol = asked[asked["business"].eq("admission_under_protocol")]
    agreed = protocol["agreed_date"].reindex(rows["fap_ref"].astype(object)).set_axis(rows.index)
    placed = rows[rows["decision"].isin(_PLACES)]
    urns = placed.reindex(columns=["allocated_urn"])["allocated_urn"].astype("Int64").fillna(0)
    due = school_day_after(agreed[placed.index], ALLOCATED_WITHIN, urns, surroundings.saved("term_dates"))
    return placed[placed["meeting_date"] > due]


FAP_REFERRALS = Dataset(
    name="fap_referrals",
    title="Fair Access Panel referrals",
    plain="Every child whom a panel is asked about, under the protocol or on a school's roll",
    row=FapReferral,
    key=("fap_ref",),
    school="urn",
    pupil="pupil_ref",
    dated="referral_date",
    optional=True,
    rules=(
        known_school("urn"),
        *pupil_rules(),
        Rule(
            code="Q-FAP-CATEGORY-MISSING",
            severity=Severity.QUERY,
            columns=("business",),
            message="A child is considered under the protocol by a category, a to m. Add it.",
            broken_by=_no_category,
            plain="Under the protocol a child has a category",
            reads_too=("category",),
        ),
        Rule(
            code="Q-FAP-CATEGORY-ON-ROLL",
            severity=Severity.QUERY,
            columns=("category", "business"),
            message="Categories are for children without a place, and this one is on a school's roll. Leave the category blank, or correct the business.",
            broken_by=where(
                lambda rows: rows["business"].astype(object).eq("inclusion_and_placement") & rows["category"].notna()
            ),
            plain="A child on roll has no category",
        ),
        in_order(
            "referral_date",
            "agreed_date",
            "It was agreed to consider the child on {agreed_date}, before the referral on {referral_date}. Correct one of them.",
        ),
    ),
)

FAP_DECISIONS = Dataset(
    name="fap_decisions",
    title="Fair Access Panel decisions",
    plain="What each meeting of a panel decided of each child",
    row=FapDecision,
    key=("fap_ref", "meeting_date"),
    follows=FAP_REFERRALS,
    dated="meeting_date",
    optional=True,
    rules=(
        known_row("fap_ref", "fap_referrals", "referral"),
        notes_without_names("reason"),
        Rule(
            code="E-MEETING-BEFORE-REFERRAL",
            severity=Severity.ERROR,
            columns=("meeting_date", "fap_ref"),
            message="The panel met on {meeting_date}, before the child was referred on {referred}. Correct one of them.",
            broken_by=_before_its_referral,
            plain="A panel decides of a child after the referral",
            needs=("fap_referrals",),
        ),
        in_order(
            "meeting_date",
            "start_date",
            "The child started on {start_date}, before the panel met on {meeting_date}. Correct one of them.",
        ),
        Rule(
            code="Q-ALLOCATED-MISSING",
            severity=Severity.QUERY,
            columns=("allocated_urn", "decision"),
            message="A place was allocated, and at which school is blank. Add its URN.",
            broken_by=where(lambda rows: rows["decision"].isin(_PLACES) & rows["allocated_urn"].isna()),
            plain="An allocated place is at a school",
        ),
        Rule(
            code="Q-REFUSAL-GROUND-MISSING",
            severity=Severity.QUERY,
            columns=("refusal_ground", "refused"),
            message="The school refused, and why is blank. Add the ground.",
            broken_by=where(lambda rows: rows["refused"].astype(object).eq("Y") & rows["refusal_ground"].isna()),
            plain="A refusal has a ground",
        ),
        Rule(
            code="N-ALLOCATED-LATE",
            severity=Severity.NOTE,
            columns=("meeting_date", "decision", "fap_ref"),
            message="Places allocated more than 20 school days after it was agreed to consider the child: {count}.",
            broken_by=_late,
            plain="Places allocated more than 20 school days after it was agreed to consider a child are counted",
            needs=("fap_referrals", "term_dates"),
            reads_too=("allocated_urn",),
        ),
    ),
)
