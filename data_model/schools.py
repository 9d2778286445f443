"""Schools: the register that every other file is checked against."""

from typing import Annotated

import pandas as pd
from pydantic import Field

from data_model import codes
from data_model.columns import Also, Day, DecimalNumber, Laestab, OtherUrn, ShortText, Urn, WholeNumber
from data_model.dataset import Dataset, Row, Rule, Surroundings
from data_model.rules import in_order
from data_model.severity import Severity


class School(Row):
    """One school, as Get Information about Schools (GIAS) knows it."""

    urn: Urn
    laestab: Laestab
    school_name: Annotated[
        ShortText,
        Field(title="School name", examples=["Larkfield Primary School"]),
        Also("EstablishmentName", "school", "name"),
    ]
    phase: Annotated[
        codes.Phase,
        Field(description="DfE's grouping: primary, secondary, special or ap"),
        Also("PhaseOfEducation (name)", "education phase", "school phase"),
    ]
    establishment_type: (
        Annotated[
            ShortText, Field(examples=["Community school"]), Also("TypeOfEstablishment (name)", "school type", "type")
        ]
        | None
    ) = None
    establishment_type_group: Annotated[
        ShortText,
        Field(examples=["Local authority maintained schools"]),
        Also("EstablishmentTypeGroup (name)", "type group"),
    ]
    status: Annotated[codes.SchoolStatus, Also("EstablishmentStatus (name)")] | None = None
    open_date: Annotated[Day, Also("OpenDate", "date opened")] | None = None
    close_date: Annotated[Day, Also("CloseDate", "date closed")] | None = None
    trust_name: (
        Annotated[ShortText, Field(examples=["Larkfield Learning Trust"]), Also("Trusts (name)", "trust", "mat")] | None
    ) = None
    low_age: Annotated[WholeNumber, Field(ge=0, le=25), Also("StatutoryLowAge")] | None = None
    high_age: Annotated[WholeNumber, Field(ge=0, le=25, examples=["11"]), Also("StatutoryHighAge")] | None = None
    capacity: Annotated[WholeNumber, Field(ge=0, le=10_000, examples=["420"]), Also("SchoolCapacity")] | None = None
    admissions_policy: (
        Annotated[
            ShortText,
            Field(description="Selective or not: it changes behaviour and exclusions", examples=["Non-selective"]),
            Also("AdmissionsPolicy (name)", "admissions"),
        ]
        | None
    ) = None
    district: (
        Annotated[
            ShortText,
            Field(description="The LA's local cluster or partnership", examples=["North"]),
            Also("DistrictAdministrative (name)", "cluster"),
        ]
        | None
    ) = None
    ward: Annotated[ShortText, Also("AdministrativeWard (name)")] | None = None
    easting: Annotated[DecimalNumber, Field(ge=0, le=1_300_000, examples=["700500"])] | None = None
    northing: Annotated[DecimalNumber, Field(ge=0, le=1_300_000, examples=["300500"])] | None = None
    predecessor_urn: Annotated[OtherUrn, Field(title="Predecessor URN")] | None = None
    link_type: codes.SchoolLink | None = None
    outreach_priority_override: (
        Annotated[
            codes.YesNo,
            Field(description="Y where the LA has decided that outreach goes here whatever the figures say"),
        ]
        | None
    ) = None


def _same_laestab(rows: pd.DataFrame, surroundings: Surroundings) -> pd.DataFrame:
    columns = ["laestab", "status"]
    saved = surroundings.saved("schools")[columns].astype({"status": object})
    own = rows.reindex(columns=columns).astype({"laestab": "Int64", "status": object})
    both = pd.concat([saved.assign(row=-1), own.assign(row=rows.index)])
    live = both[both["status"].ne("closed") & both["laestab"].notna()]
    return rows.loc[live.loc[live["laestab"].duplicated(keep=False) & live["row"].ge(0), "row"]]


def _closed_with_events(rows: pd.DataFrame, surroundings: Surroundings) -> pd.DataFrame:
    closed = rows[rows["close_date"].notna() & rows["urn"].notna()]
    if closed.empty:
        return closed
    last_on = surroundings.last_events().set_index("urn")["last_on"].reindex(closed["urn"]).set_axis(closed.index)
    return closed.assign(last_on=last_on)[last_on > closed["close_date"]]


def _other_la(rows: pd.DataFrame, surroundings: Surroundings) -> pd.DataFrame:
    saved = surroundings.saved("schools")["laestab"]
    authority = pd.concat([rows["laestab"], saved.astype("Int64")]).dropna() // 10_000
    if authority.empty:
        return rows.iloc[:0]
    own = int(authority.mode().iloc[0])
    return rows[(rows["laestab"] // 10_000).ne(own).fillna(False)].assign(own=own)


SCHOOLS = Dataset(
    name="schools",
    title="Schools",
    plain="Every school whose pupils' records follow, open or closed: load it first",
    row=School,
    key=("urn",),
    rules=(
        in_order(
            "open_date",
            "close_date",
            "The school closes on {close_date}, before it opened on {open_date}. Correct one of them.",
        ),
        Rule(
            code="Q-LAESTAB-TWICE",
            severity=Severity.QUERY,
            columns=("laestab",),
            message="Another school that is not closed has the LAESTAB {laestab} too. Check both.",
            broken_by=_same_laestab,
            plain="No two schools that are not closed share a LAESTAB",
            reads_too=("status",),
        ),
        Rule(
            code="Q-OTHER-LA",
            severity=Severity.QUERY,
            columns=("laestab",),
            message="LAESTAB {laestab} is another local authority's: the others start with {own}. Check it.",
            broken_by=_other_la,
            plain="All schools are the same local authority's",
        ),
        Rule(
            code="Q-CLOSED-WITH-EVENTS",
            severity=Severity.QUERY,
            columns=("close_date", "urn"),
            message="This school closed on {close_date}, and its saved records go on to {last_on}. Check the closing date, or correct those records.",
            broken_by=_closed_with_events,
            plain="A school that closed has no later events",
        ),
    ),
)
