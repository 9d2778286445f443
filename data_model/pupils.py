"""Pupils: what is known of each from a date on. Optional."""

from typing import Annotated

import pandas as pd
from pydantic import Field

from data_model import codes
from data_model.columns import Also, Day, Month, OtherUrn, PupilRef, Upn, YearGroup
from data_model.dataset import Dataset, Row, Rule, Surroundings
from data_model.rules import pupil_rules, where
from data_model.severity import Severity
from data_model.terms import academic_year


class Pupil(Row):
    """One pupil's circumstances from `valid_from` until the next row for the same pupil."""

    pupil_ref: PupilRef
    valid_from: Annotated[
        Day, Field(description="The day from which this row is true"), Also("effective date", "from date")
    ]
    upn: Upn | None = None
    birth_month: (
        Annotated[
            Month, Field(description="Year and month, such as 2012-05: the day is not kept"), Also("month of birth")
        ]
        | None
    ) = None
    sex: Annotated[codes.Sex, Also("gender")] | None = None
    ncyg: YearGroup | None = None
    ethnicity: Annotated[codes.Ethnicity, Also("ethnic group", "ethnicity code")] | None = None
    fsm_category: Annotated[codes.FreeSchoolMeals, Field(title="Free school meal category")] | None = None
    fsm6: (
        Annotated[
            codes.YesNo, Field(title="Ever 6 free school meals", description="Y if eligible in the last six years")
        ]
        | None
    ) = None
    pupil_premium: codes.PupilPremium | None = None
    sen_provision: (
        Annotated[codes.SenProvision, Field(title="SEN provision"), Also("sen", "sen status", "sen stage")] | None
    ) = None
    sen_primary_need: (
        Annotated[codes.PrimaryNeed, Field(title="SEN primary need"), Also("primary need", "sen need")] | None
    ) = None
    eal: Annotated[codes.YesNo, Field(title="English as an additional language")] | None = None
    social_care: Annotated[codes.SocialCare, Also("social care status")] | None = None
    young_carer: codes.YoungCarer | None = None
    main_urn: Annotated[OtherUrn, Field(title="Main school's URN"), Also("urn", "school urn", "on roll urn")] | None = (
        None
    )
    enrol_status: Annotated[codes.EnrolmentStatus, Field(title="Enrolment status"), Also("enrolment status")] | None = (
        None
    )
    home_la: (
        Annotated[
            str,
            Field(
                pattern=r"^[0-9]{3}$", title="Home local authority", description="Three-digit LA code", examples=["999"]
            ),
        ]
        | None
    ) = None
    yjs_involved: Annotated[codes.YesNo, Field(title="Youth justice service involved")] | None = None


_AGE_AT_START = {str(year): year + 4 for year in range(1, 15)} | {"R": 4}


def _year_group_unlikely(rows: pd.DataFrame, surroundings: Surroundings) -> pd.DataFrame:
    known = rows[
        rows[["birth_month", "ncyg", "valid_from"]].notna().all(axis=1) & rows["ncyg"].isin(list(_AGE_AT_START))
    ]
    start = pd.to_datetime(known["valid_from"].map(lambda day: f"{academic_year(day.date())[:4]}-08-31"))
    born = pd.to_datetime(known["birth_month"].astype(str) + "-15")
    age = ((start - born).dt.days / 365.25) // 1
    expected = known["ncyg"].astype(object).map(_AGE_AT_START)
    return known[(age - expected).abs() > 1]


PUPILS = Dataset(
    name="pupils",
    title="Pupils",
    plain="What is known of each pupil from a date on; optional, and never names",
    row=Pupil,
    key=("pupil_ref", "valid_from"),
    school="main_urn",
    pupil="pupil_ref",
    optional=True,
    rules=(
        *(rule for rule in pupil_rules() if rule.code != "Q-PUPIL-UNKNOWN"),
        Rule(
            code="Q-NEED-MISSING",
            severity=Severity.QUERY,
            columns=("sen_primary_need", "sen_provision"),
            message="A pupil with SEN provision {sen_provision} usually has a primary need. Add it if it is known.",
            broken_by=where(lambda rows: rows["sen_provision"].isin(["K", "E"]) & rows["sen_primary_need"].isna()),
            plain="Pupils with SEN support or a plan have a primary need",
        ),
        Rule(
            code="Q-YEAR-GROUP-AGE",
            severity=Severity.QUERY,
            columns=("ncyg", "birth_month", "valid_from"),
            message="Year {ncyg} is more than a year away from what a child born in {birth_month} would be in. Check both.",
            broken_by=_year_group_unlikely,
            plain="The year group fits the month of birth, give or take one year",
        ),
    ),
)
