"""Transition: children of Year 6 who need a plan for Year 7, until the end of their first secondary term."""

from typing import Annotated

import pandas as pd
from pydantic import Field

from data_model import casework_codes, codes
from data_model.columns import (
    AcademicYear,
    Also,
    Day,
    DecimalNumber,
    EventDay,
    Group,
    OtherUrn,
    PupilRef,
    Sensitive,
    WholeNumber,
)
from data_model.dataset import Dataset, Row, Rule, Surroundings
from data_model.outreach import CaseId
from data_model.rules import in_order, known_school, pupil_rules, where
from data_model.severity import Severity


class Transition(Row):
    """One child's transition from primary to secondary school."""

    pupil_ref: PupilRef
    academic_year: Annotated[
        AcademicYear,
        Field(description="The year in which the child starts Year 7, such as 202627"),
        Also("entry year", "year of entry"),
    ]
    identified_date: Annotated[EventDay, Field(title="Identified on"), Also("date identified")]
    from_urn: (
        Annotated[
            OtherUrn, Field(title="Primary school's URN", examples=["900001"]), Also("primary urn", "from school")
        ]
        | None
    ) = None
    to_urn: (
        Annotated[
            OtherUrn, Field(title="Secondary school's URN", examples=["900002"]), Also("secondary urn", "to school")
        ]
        | None
    ) = None
    need: Annotated[casework_codes.TransitionNeed, Field(title="What transition the child needs")] | None = None
    concern: Annotated[codes.Concern, Also("main concern"), Sensitive(Group.HEALTH)] | None = None
    case_id: CaseId | None = None
    plan_date: Annotated[Day, Field(title="Plan agreed on")] | None = None
    told_date: (
        Annotated[Day, Field(title="Secondary school told on", description="Records and plan handed over")] | None
    ) = None
    visits: Annotated[WholeNumber, Field(ge=0, le=50, title="Visits to the new school", examples=["2"])] | None = None
    key_adult: Annotated[codes.YesNo, Field(title="A key adult is named at the new school")] | None = None
    summer_programme: Annotated[codes.YesNo, Field(title="Took part in a summer programme")] | None = None
    started: Annotated[codes.YesNo, Field(title="Started at the new school")] | None = None
    settled_half_term: Annotated[casework_codes.Settled, Field(title="At the autumn half term")] | None = None
    settled: (
        Annotated[casework_codes.Settled, Field(title="At the end of the autumn term"), Also("settled end of term")]
        | None
    ) = None
    autumn_attendance_pct: (
        Annotated[DecimalNumber, Field(ge=0, le=100, title="Attendance in the autumn term, %", examples=["91.5"])]
        | None
    ) = None


def _settled_too_early(rows: pd.DataFrame, surroundings: Surroundings) -> pd.DataFrame:
    ends = pd.to_datetime(rows["academic_year"].astype(object).str[:4] + "-12-01")
    return rows[rows["settled"].notna() & (ends > pd.Timestamp(surroundings.today))]


TRANSITIONS = Dataset(
    name="transitions",
    title="Transitions to Year 7",
    plain="Children of Year 6 who need a plan for Year 7: what was arranged, and whether they settled",
    row=Transition,
    key=("pupil_ref", "academic_year"),
    school="from_urn",
    or_school="to_urn",
    pupil="pupil_ref",
    dated="identified_date",
    optional=True,
    rules=(
        known_school("from_urn"),
        *pupil_rules(),
        in_order(
            "identified_date",
            "plan_date",
            "The plan was agreed on {plan_date}, before the child was identified on {identified_date}. Correct one of them.",
        ),
        Rule(
            code="Q-TRANSITION-NO-SCHOOL",
            severity=Severity.QUERY,
            columns=("to_urn", "started"),
            message="The child started at the new school, and which it is is blank. Add its URN.",
            broken_by=where(lambda rows: rows["started"].astype(object).eq("Y") & rows["to_urn"].isna()),
            plain="A child who started did so at a school",
        ),
        Rule(
            code="Q-SETTLED-EARLY",
            severity=Severity.QUERY,
            columns=("settled", "academic_year"),
            message="The autumn term of {academic_year} is not over yet. Check the academic year, and whether this is how it is at half term.",
            broken_by=_settled_too_early,
            plain="How a child is at the end of the autumn term is known once that is near",
        ),
    ),
)
