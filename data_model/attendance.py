"""Attendance: sessions by pupil and week."""

from typing import Annotated

import pandas as pd
from pydantic import Field

from data_model.columns import Also, EventDay, PupilRef, Urn, WholeNumber
from data_model.dataset import Dataset, Row, Rule, Surroundings
from data_model.rules import pupil_rules, school_rules, where
from data_model.severity import Severity

_PARTS = ("present", "authorised", "unauthorised")
_CODED = ("code_e", "code_b", "code_k")
_Sessions = Annotated[WholeNumber, Field(ge=0, le=14, examples=["0"])]


class Attendance(Row):
    """One pupil's week at one school, in sessions (half days)."""

    pupil_ref: PupilRef
    urn: Urn
    week_start: Annotated[
        EventDay,
        Field(title="Week starting", description="The Monday of the week"),
        Also("week", "week commencing", "w/c"),
    ]
    possible: Annotated[_Sessions, Field(title="Possible sessions", examples=["10"])]
    present: Annotated[_Sessions, Field(title="Sessions present", examples=["8"]), Also("attended")] | None = None
    authorised: Annotated[_Sessions, Field(title="Authorised absence")] | None = None
    unauthorised: Annotated[_Sessions, Field(title="Unauthorised absence")] | None = None
    code_e: Annotated[_Sessions, Field(title="Code E: suspended or excluded, no provision"), Also("e")] | None = None
    code_b: Annotated[_Sessions, Field(title="Code B: educated off site"), Also("b")] | None = None
    code_d: Annotated[_Sessions, Field(title="Code D: at the other school, dual registered"), Also("d")] | None = None
    code_k: Annotated[_Sessions, Field(title="Code K: provision arranged by the LA"), Also("k")] | None = None


def _parts_exceed(rows: pd.DataFrame, surroundings: Surroundings) -> pd.DataFrame:
    # Codes E, B, D and K are among the absences and attendances of the first three, so only those add up.
    parts = rows.reindex(columns=_PARTS).astype("Int64").fillna(0).sum(axis=1)
    return rows.assign(parts=parts)[(parts > rows["possible"]).fillna(False)]


def _codes_exceed(rows: pd.DataFrame, surroundings: Surroundings) -> pd.DataFrame:
    # Sessions with code D are possible ones at the other school only.
    coded = rows.reindex(columns=_CODED).astype("Int64").fillna(0).sum(axis=1)
    return rows.assign(coded=coded)[(coded > rows["possible"]).fillna(False)]


ATTENDANCE = Dataset(
    name="attendance",
    title="Attendance",
    plain="Sessions by pupil and week, for pupils with a placement or a case",
    row=Attendance,
    key=("pupil_ref", "urn", "week_start"),
    school="urn",
    pupil="pupil_ref",
    dated="week_start",
    rules=(
        *school_rules("urn", "week_start"),
        *pupil_rules(),
        Rule(
            code="E-PARTS-EXCEED",
            severity=Severity.ERROR,
            columns=("possible",),
            message="Present and absent sessions add up to {parts}, more than the {possible} possible. Correct them.",
            broken_by=_parts_exceed,
            plain="Sessions present and absent are not more than the possible ones",
            reads_too=_PARTS,
        ),
        Rule(
            code="E-CODES-EXCEED",
            severity=Severity.ERROR,
            columns=("possible",),
            message="Sessions with the codes E, B and K add up to {coded}, more than the {possible} possible. Correct them.",
            broken_by=_codes_exceed,
            plain="Sessions with the codes E, B and K are not more than the possible ones",
            reads_too=_CODED,
        ),
        Rule(
            code="Q-NOT-MONDAY",
            severity=Severity.QUERY,
            columns=("week_start",),
            message="{week_start} is not a Monday. Check the date.",
            broken_by=where(lambda rows: rows["week_start"].dt.day_of_week.ne(0) & rows["week_start"].notna()),
            plain="Weeks start on a Monday",
        ),
    ),
)
