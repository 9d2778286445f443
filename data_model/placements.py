"""Alternative provision (AP) placements, in three tiers."""

from typing import Annotated

import pandas as pd
from pydantic import Field

from data_model import codes
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
    WholeNumber,
)
from data_model.dataset import Dataset, Row, Rule, Surroundings
from data_model.rules import in_order, pupil_rules, school_rules, where
from data_model.severity import Severity
from data_model.spans import overlapping


class Placement(Row):
    """One placement of one pupil with one provider."""

    placement_id: Annotated[Identifier, Field(title="Placement ID", examples=["A0001"]), Also("placement reference")]
    pupil_ref: PupilRef
    home_urn: (
        Annotated[
            OtherUrn,
            Field(title="Home school's URN", description="The school that the pupil comes from", examples=["900001"]),
            Also("urn", "school urn", "home school urn", "commissioning school urn"),
        ]
        | None
    ) = None
    provider_urn: Annotated[OtherUrn, Field(title="Provider's URN", examples=["900120"])] | None = None
    provider_ukprn: (
        Annotated[
            WholeNumber,
            Field(ge=10_000_000, le=99_999_999, title="Provider's UKPRN", examples=["10099999"]),
            Also("ukprn"),
        ]
        | None
    ) = None
    setting_type: (
        Annotated[codes.ProviderSetting, Field(description="Where the provider has neither URN nor UKPRN")] | None
    ) = None
    provider_ref: Annotated[ShortText, Field(title="Provider's reference in the LA's register")] | None = None
    tier: codes.Tier | None = None
    commissioner: codes.Commissioner | None = None
    placement_reason: Annotated[codes.PlacementReason, Also("reason"), Sensitive(Group.HEALTH)] | None = None
    start_date: Annotated[EventDay, Also("entry date", "start", "date from", "placement start")]
    planned_end_date: Annotated[Day, Also("expected end date")] | None = None
    end_date: (
        Annotated[
            EventDay, Field(description="Blank while the placement is open"), Also("leaving date", "end", "date to")
        ]
        | None
    ) = None
    attendance_pattern: codes.AttendancePattern | None = None
    sessions_per_week: Annotated[
        WholeNumber,
        Field(ge=1, le=10, description="Half days a week, 1 to 10", examples=["10"]),
        Also("weekly sessions"),
    ]
    registration: codes.Registration | None = None
    weekly_cost_gbp: Annotated[DecimalNumber, Field(ge=0, title="Weekly cost, £")] | None = None
    funding_line: ShortText | None = None
    reintegration_plan: codes.YesNo | None = None
    planned_reintegration_date: Day | None = None
    end_reason: Annotated[codes.PlacementEnd, Also("leaving reason", "outcome", "destination")] | None = None
    destination_urn: Annotated[OtherUrn, Field(title="Destination school's URN")] | None = None


_PROVIDERS = ["provider_urn", "provider_ukprn", "setting_type"]


def _not_one_provider(rows: pd.DataFrame, surroundings: Surroundings) -> pd.DataFrame:
    named = rows.reindex(columns=_PROVIDERS).notna().sum(axis=1)
    return rows.assign(named=named)[named != 1]


def _two_full_time(rows: pd.DataFrame, surroundings: Surroundings) -> pd.DataFrame:
    columns = ["placement_id", "pupil_ref", "start_date", "end_date", "attendance_pattern"]
    text = dict.fromkeys(["placement_id", "pupil_ref", "attendance_pattern"], object)
    saved = surroundings.saved("ap_placements")[columns].astype(text)
    own = rows.reindex(columns=columns).astype(text)
    spans = pd.concat([saved.assign(row=-1), own.assign(row=rows.index)])
    spans = spans[spans["attendance_pattern"].eq("FT") & spans["pupil_ref"].notna() & spans["start_date"].notna()]
    # On the day that one placement ends another may start.
    ends = pd.to_datetime(spans["end_date"]).fillna(pd.Timestamp.max.normalize()) - pd.Timedelta(days=1)
    found = overlapping(spans.assign(end_date=ends).sort_values("placement_id"), ["pupil_ref"])
    return rows.loc[found.index]


AP_PLACEMENTS = Dataset(
    name="ap_placements",
    title="Alternative provision placements",
    plain="Every placement in alternative provision, open or ended, with its tier",
    row=Placement,
    key=("placement_id",),
    school="home_urn",
    or_school="provider_urn",
    pupil="pupil_ref",
    dated="start_date",
    rules=(
        *school_rules("home_urn", "start_date"),
        *pupil_rules(),
        Rule(
            code="E-PROVIDER",
            severity=Severity.ERROR,
            columns=("placement_id",),
            message="Give exactly one of provider_urn, provider_ukprn and setting_type: this row has {named}.",
            broken_by=_not_one_provider,
            plain="Exactly one of `provider_urn`, `provider_ukprn` and `setting_type` is given",
            reads_too=tuple(_PROVIDERS),
        ),
        in_order(
            "start_date", "end_date", "It ends on {end_date}, before it starts on {start_date}. Correct one of them."
        ),
        Rule(
            code="E-TWO-FULL-TIME",
            severity=Severity.ERROR,
            columns=("start_date", "pupil_ref", "attendance_pattern"),
            message="The pupil is in another full-time placement at this time. End one of them, or make one part time.",
            broken_by=_two_full_time,
            plain="No pupil is in two full-time placements at once",
            reads_too=("end_date",),
        ),
        Rule(
            code="Q-FULL-TIME-SESSIONS",
            severity=Severity.QUERY,
            columns=("sessions_per_week", "attendance_pattern"),
            message="Full time is 10 sessions a week, and this row has {sessions_per_week}. Check both.",
            broken_by=where(lambda rows: rows["attendance_pattern"].eq("FT") & (rows["sessions_per_week"] < 10)),
            plain="A full-time placement has 10 sessions a week",
        ),
        Rule(
            code="Q-TIER-2-LONG",
            severity=Severity.QUERY,
            columns=("planned_end_date", "start_date", "tier"),
            message="A tier 2 placement is planned for two terms at most, and this one until {planned_end_date}. Check it.",
            broken_by=where(
                lambda rows: rows["tier"].eq("2") & ((rows["planned_end_date"] - rows["start_date"]).dt.days > 250)
            ),
            plain="A tier 2 placement is planned for two terms at most",
        ),
        Rule(
            code="Q-TIER-2-NO-PLAN",
            severity=Severity.QUERY,
            columns=("planned_reintegration_date", "tier"),
            message="A tier 2 placement leads back to school: add the planned reintegration date.",
            broken_by=where(lambda rows: rows["tier"].eq("2") & rows["planned_reintegration_date"].isna()),
            plain="A tier 2 placement has a planned reintegration date",
        ),
        Rule(
            code="Q-END-REASON-MISSING",
            severity=Severity.QUERY,
            columns=("end_reason", "end_date"),
            message="The placement ended on {end_date}, and why is not recorded. Add the end reason.",
            broken_by=where(lambda rows: rows["end_date"].notna() & rows["end_reason"].isna()),
            plain="A placement that ended has an end reason",
        ),
        Rule(
            code="N-SHORT-PLACEMENT",
            severity=Severity.NOTE,
            columns=("end_date", "start_date"),
            message="Placements that ended within four weeks: {count}. Were they the right ones?",
            broken_by=where(lambda rows: (rows["end_date"] - rows["start_date"]).dt.days <= 28),
            plain="Placements that ended within four weeks are counted",
        ),
    ),
)
