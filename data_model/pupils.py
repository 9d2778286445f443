"""Pupils: what is known of each from a date on. Optional."""

from collections.abc import Callable
from typing import Annotated

import pandas as pd
from pydantic import Field

from data_model import codes
from data_model.columns import (
    Also,
    Day,
    Group,
    Month,
    OtherUrn,
    PupilRef,
    Sensitive,
    Upn,
    YearGroup,
    looks_like_upn,
)
from data_model.dataset import Check, Dataset, Row, Rule, Surroundings
from data_model.reference import local_authorities
from data_model.rules import distinct_text, permanent_upn, pupil_rules, where
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
    ethnicity: Annotated[codes.Ethnicity, Also("ethnic group", "ethnicity code"), Sensitive(Group.ETHNICITY)] | None = (
        None
    )
    fsm_category: Annotated[codes.FreeSchoolMeals, Field(title="Free school meal category")] | None = None
    fsm6: (
        Annotated[
            codes.YesNo, Field(title="Ever 6 free school meals", description="Y if eligible in the last six years")
        ]
        | None
    ) = None
    pupil_premium: Annotated[codes.PupilPremium, Sensitive(Group.CARE)] | None = None
    sen_provision: (
        Annotated[
            codes.SenProvision,
            Field(title="SEN provision"),
            Also("sen", "sen status", "sen stage"),
            Sensitive(Group.HEALTH),
        ]
        | None
    ) = None
    sen_primary_need: (
        Annotated[
            codes.PrimaryNeed,
            Field(title="SEN primary need"),
            Also("primary need", "sen need"),
            Sensitive(Group.HEALTH),
        ]
        | None
    ) = None
    eal: Annotated[codes.YesNo, Field(title="English as an additional language"), Sensitive(Group.ETHNICITY)] | None = (
        None
    )
    social_care: Annotated[codes.SocialCare, Also("social care status"), Sensitive(Group.CARE)] | None = None
    young_carer: Annotated[codes.YoungCarer, Sensitive(Group.CARE)] | None = None
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
    yjs_involved: (
        Annotated[codes.YesNo, Field(title="Youth justice service involved"), Sensitive(Group.YOUTH_JUSTICE)] | None
    ) = None


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


# Those whose schools give UPNs out, or gave them to pupils of today, and that no list of England's authorities has:
# Bedfordshire and Cheshire until 2009, service children's schools, and Wales (660 to 681).
_OTHER_LAS = (820, 875, 702, *range(660, 682))


def _own_las(surroundings: Surroundings) -> set[int]:
    return set(surroundings.saved("schools")["laestab"].dropna() // 10_000)


def _of_upns(column: str, is_odd: Callable[[int, set[int]], bool]) -> Check:
    """A check for UPNs whose LA number is odd; `is_odd` is given it and the LAs whose schools are loaded."""

    def broken_by(rows: pd.DataFrame, surroundings: Surroundings) -> pd.DataFrame:
        distinct = distinct_text(rows[column])
        upns = distinct[distinct.map(looks_like_upn).astype(bool)]
        own = _own_las(surroundings)
        odd = upns[upns.map(lambda upn: is_odd(int(upn[1:4]), own)).astype(bool)]
        return rows[rows[column].isin(odd)]

    return broken_by


def _upn_las(column: str) -> tuple[Rule, Rule]:
    """What a UPN's LA number says: a query where no LA has it, a note where it is another LA's."""
    known = {*local_authorities(), *_OTHER_LAS}
    return (
        Rule(
            code="Q-UPN-NO-LA",
            severity=Severity.QUERY,
            columns=(column,),
            message="The second to fourth characters of a UPN are the number of a local authority, and none has this one. Copy the UPN from the school's system.",
            broken_by=_of_upns(column, lambda number, own: number not in known | own),
            plain=f"The local authority's number in `{column}`, where that is a UPN, is one that exists",
        ),
        Rule(
            code="N-UPN-OTHER-LA",
            severity=Severity.NOTE,
            columns=(column,),
            message="UPNs that another local authority gave out: {count}. That is right for pupils who started school there; if most are, is this the right file?",
            broken_by=_of_upns(column, lambda number, own: bool(own) and number in known - own),
            plain=f"UPNs in `{column}` that another local authority gave out are counted, where schools are loaded",
        ),
    )


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
        permanent_upn("upn"),
        *_upn_las("pupil_ref"),
        *_upn_las("upn"),
        Rule(
            code="Q-NEED-MISSING",
            severity=Severity.QUERY,
            columns=("sen_primary_need", "sen_provision"),
            message="A pupil with SEN provision {sen_provision} usually has a primary need. Add it if it is known.",
            broken_by=where(lambda rows: rows["sen_provision"].isin(["K", "E"]) & rows["sen_primary_need"].isna()),
            plain="Pupils with SEN support or a plan have a primary need",
        ),
        Rule(
            code="Q-NEED-WITHOUT-SEN",
            severity=Severity.QUERY,
            columns=("sen_primary_need", "sen_provision"),
            message="A primary need is recorded, and the SEN provision is N, none. Correct one of them.",
            broken_by=where(lambda rows: rows["sen_provision"].eq("N") & rows["sen_primary_need"].notna()),
            plain="Pupils without SEN provision have no primary need",
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
