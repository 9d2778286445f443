"""The register of alternative provision: who provides, how many places are commissioned, and what is known of quality."""

from typing import Annotated

import pandas as pd
from pydantic import Field

from data_model import casework_codes, codes
from data_model.columns import (
    Also,
    Day,
    DecimalNumber,
    LaCode,
    OtherUrn,
    ShortText,
    WholeNumber,
)
from data_model.dataset import Dataset, Row, Rule, Surroundings
from data_model.rules import in_order
from data_model.severity import Severity

_IDENTIFIERS = ["urn", "ukprn", "setting_type"]
_BY_TIER = ["places_t1", "places_t2", "places_t3"]
_Places = Annotated[WholeNumber, Field(ge=0, le=5_000, examples=["12"])]


class Provider(Row):
    """What is true of one provider from a day on, until its next row: places are commissioned anew, and quality is looked at."""

    provider_ref: Annotated[
        ShortText,
        Field(title="Provider's reference", description="As placements give it", examples=["AP01"]),
        Also("provider id", "register reference"),
    ]
    valid_from: Annotated[
        Day,
        Field(
            description="The day from which this row is true, such as the start of a contract", examples=["2025-09-01"]
        ),
        Also("from date", "start date", "commissioned from"),
    ]
    valid_until: (
        Annotated[Day, Field(description="The last day of it, where there is one"), Also("commissioned until")] | None
    ) = None
    la_code: LaCode
    name: Annotated[
        ShortText, Field(title="Provider's name", examples=["Larkfield Centre"]), Also("provider", "provider name")
    ]
    urn: Annotated[OtherUrn, Field(title="URN", description="Where it is a school"), Also("provider urn")] | None = None
    ukprn: (
        Annotated[
            WholeNumber,
            Field(ge=10_000_000, le=99_999_999, title="UKPRN", examples=["10099999"]),
            Also("provider ukprn"),
        ]
        | None
    ) = None
    setting_type: Annotated[codes.ProviderSetting, Field(description="Where it has neither URN nor UKPRN")] | None = (
        None
    )
    kind: Annotated[casework_codes.ProviderKind, Also("provider type", "type")] | None = None
    phase: Annotated[casework_codes.ProviderPhase, Field(title="Ages"), Also("primary secondary")] | None = None
    registered: Annotated[codes.YesNo, Field(title="Registered as a school or with Ofsted")] | None = None
    accredited_online: Annotated[codes.YesNo, Field(title="Accredited for online education")] | None = None
    accredited_date: Annotated[Day, Field(title="Accredited on")] | None = None
    places: (
        Annotated[
            _Places,
            Field(
                title="Places commissioned", description="Full-time places. Blank where places are bought one by one"
            ),
            Also("commissioned places", "number of places"),
        ]
        | None
    ) = None
    places_t1: Annotated[_Places, Field(title="Places for tier 1")] | None = None
    places_t2: Annotated[_Places, Field(title="Places for tier 2")] | None = None
    places_t3: Annotated[_Places, Field(title="Places for tier 3")] | None = None
    qa_date: Annotated[Day, Field(title="Quality last looked at on")] | None = None
    qa_due: Annotated[Day, Field(title="Quality due to be looked at on")] | None = None
    std_safeguarding: (
        Annotated[casework_codes.StandardMet, Field(title="Standard: safeguarding and welfare")] | None
    ) = None
    std_health_safety: Annotated[casework_codes.StandardMet, Field(title="Standard: health and safety")] | None = None
    std_admissions: (
        Annotated[casework_codes.StandardMet, Field(title="Standard: admissions, support and guidance")] | None
    ) = None
    std_quality: Annotated[casework_codes.StandardMet, Field(title="Standard: quality of education")] | None = None
    ofsted: Annotated[ShortText, Field(title="Latest Ofsted judgement")] | None = None
    daily_rate_gbp: Annotated[DecimalNumber, Field(ge=0, title="Daily rate, £", examples=["68"])] | None = None


def _two_identifiers(rows: pd.DataFrame, surroundings: Surroundings) -> pd.DataFrame:
    return rows[rows.reindex(columns=_IDENTIFIERS).notna().sum(axis=1) > 1]


def _tiers_exceed(rows: pd.DataFrame, surroundings: Surroundings) -> pd.DataFrame:
    tiers = rows.reindex(columns=_BY_TIER).astype("Int64").fillna(0).sum(axis=1)
    return rows.assign(tiers=tiers)[(tiers > rows["places"]).fillna(False)]


def _quality_overdue(rows: pd.DataFrame, surroundings: Surroundings) -> pd.DataFrame:
    newest = rows["valid_from"].eq(rows.groupby("provider_ref", observed=True)["valid_from"].transform("max"))
    return rows[newest & (rows["qa_due"] < pd.Timestamp(surroundings.today))]


PROVIDERS = Dataset(
    name="providers",
    title="Providers of alternative provision",
    plain="The register of alternative provision: places commissioned from a day on, and quality",
    row=Provider,
    key=("provider_ref", "valid_from"),
    area="la_code",
    optional=True,
    rules=(
        Rule(
            code="E-PROVIDER-NUMBERS",
            severity=Severity.ERROR,
            columns=("provider_ref",),
            message="Give one of urn, ukprn and setting_type at most.",
            broken_by=_two_identifiers,
            plain="One of `urn`, `ukprn` and `setting_type` is given at most",
            reads_too=tuple(_IDENTIFIERS),
        ),
        in_order(
            "valid_from",
            "valid_until",
            "It is true until {valid_until}, before it begins on {valid_from}. Correct one of them.",
        ),
        Rule(
            code="E-PLACES-BY-TIER",
            severity=Severity.ERROR,
            columns=("places",),
            message="The places of the tiers add up to {tiers}, more than the {places} places. Correct them.",
            broken_by=_tiers_exceed,
            plain="The places of the tiers are not more than all places",
            reads_too=tuple(_BY_TIER),
        ),
        Rule(
            code="N-QUALITY-OVERDUE",
            severity=Severity.NOTE,
            columns=("qa_due", "provider_ref", "valid_from"),
            message="Providers whose quality should have been looked at by now: {count}.",
            broken_by=_quality_overdue,
            plain="Providers whose quality should have been looked at by now are counted",
        ),
    ),
)
