"""Permanent exclusions: from the head's decision to its outcome."""

from typing import Annotated

import numpy as np
import pandas as pd
from pydantic import Field

from data_model import codes
from data_model.codes import PexStatus, ReviewOutcome
from data_model.columns import (
    Also,
    Day,
    DecimalNumber,
    EventDay,
    Identifier,
    OtherUrn,
    PupilRef,
    ShortText,
    Urn,
    YearGroup,
)
from data_model.dataset import Dataset, Row, Rule, Surroundings
from data_model.rules import in_order, pupil_rules, school_days_of, school_rules, where
from data_model.severity import Severity
from data_model.suspensions import ReasonCode, reason_rules


class PermanentExclusion(Row):
    """One permanent exclusion, dated by the head's decision (DfE's start date), not by a review."""

    pex_id: Annotated[
        Identifier, Field(title="Permanent exclusion ID", examples=["X0001"]), Also("exclusion id", "pex reference")
    ]
    pupil_ref: PupilRef
    urn: Urn
    head_decision_date: Annotated[
        EventDay,
        Field(title="Head's decision", description="The day the head decided: the date that counts"),
        Also(
            "start date",
            "exclusion start date",
            "decision date",
            "date of exclusion",
            "exclusion date",
            "StartDate",
            "pex date",
        ),
    ]
    reason_1: (
        Annotated[ReasonCode, Field(title="Reason 1"), Also("reason", "exclusion reason", "reason code")] | None
    ) = None
    reason_2: Annotated[ReasonCode, Field(title="Reason 2"), Also("exclusion reason 2")] | None = None
    reason_3: Annotated[ReasonCode, Field(title="Reason 3"), Also("exclusion reason 3")] | None = None
    ncyg: YearGroup | None = None
    sen_provision: (
        Annotated[codes.SenProvision, Field(title="SEN provision", description="As at the exclusion")] | None
    ) = None
    cla: (
        Annotated[codes.YesNo, Field(title="Looked after", description="Y if looked after at the exclusion")] | None
    ) = None
    gb_notified_date: Annotated[Day, Field(title="Governing board notified on")] | None = None
    gb_meeting_date: (
        Annotated[Day, Field(title="Governing board met on"), Also("governor meeting date", "gdc date")] | None
    ) = None
    review_outcome: (
        Annotated[
            codes.ReviewOutcome,
            Field(description="CBDS CS105. Blank: not recorded"),
            Also("outcome", "exclusion outcome"),
        ]
        | None
    ) = None
    irp_requested_date: Annotated[Day, Field(title="Independent review panel requested on")] | None = None
    irp_date: Annotated[Day, Field(title="Independent review panel met on")] | None = None
    day6_start: Annotated[Day, Field(title="Day-6 provision started on")] | None = None
    day6_provider: Annotated[ShortText, Field(title="Day-6 provider")] | None = None
    home_la: Annotated[str, Field(pattern=r"^[0-9]{3}$", title="Home local authority", examples=["999"])] | None = None
    off_roll_date: Day | None = None
    next_school_urn: Annotated[OtherUrn, Field(title="Next school's URN")] | None = None
    next_start_date: Annotated[Day, Field(title="Started at the next school on")] | None = None
    funding_adjustment_gbp: Annotated[DecimalNumber, Field(title="Funding adjustment, £")] | None = None


PEX_STATUS: dict[ReviewOutcome, PexStatus] = {
    ReviewOutcome.NOT_REINSTATED: PexStatus.UPHELD,
    ReviewOutcome.REVIEW_UPHELD: PexStatus.UPHELD,
    ReviewOutcome.UPHELD_RECOMMENDED: PexStatus.UPHELD,
    ReviewOutcome.UPHELD_DIRECTED: PexStatus.UPHELD,
    ReviewOutcome.REVIEW_WINDOW_OPEN: PexStatus.PENDING,
    ReviewOutcome.REVIEW_REQUESTED: PexStatus.PENDING,
    ReviewOutcome.ONGOING_REPRESENTATIONS: PexStatus.PENDING,
    ReviewOutcome.ONGOING: PexStatus.PENDING,
    ReviewOutcome.REINSTATED_NOT_BACK: PexStatus.REINSTATED,
    ReviewOutcome.REINSTATED_DECLINED: PexStatus.REINSTATED,
    ReviewOutcome.REINSTATED_BY_BOARD: PexStatus.REINSTATED,
    ReviewOutcome.REINSTATED_RECOMMENDED: PexStatus.REINSTATED,
    ReviewOutcome.REINSTATED_DIRECTED: PexStatus.REINSTATED,
    ReviewOutcome.WITHDRAWN: PexStatus.WITHDRAWN,
}
"""Where a permanent exclusion stands, by its review outcome; a blank outcome is `PexStatus.NOT_RECORDED`."""

_OVER = [
    str(outcome) for outcome, status in PEX_STATUS.items() if status in (PexStatus.REINSTATED, PexStatus.WITHDRAWN)
]


def _two_active(rows: pd.DataFrame, surroundings: Surroundings) -> pd.DataFrame:
    saved = surroundings.saved("permanent_exclusions")
    columns = ["pupil_ref", "urn", "review_outcome"]
    both = pd.concat(
        [
            saved[columns].astype(object).assign(row=-1),
            rows.reindex(columns=columns).astype(object).assign(row=rows.index),
        ]
    )
    active = both[~both["review_outcome"].isin(_OVER) & both["pupil_ref"].notna() & both["urn"].notna()]
    twice = active[active.duplicated(["pupil_ref", "urn"], keep=False) & (active["row"] >= 0)]
    return rows.loc[twice["row"]]


def _day_6_late(rows: pd.DataFrame, surroundings: Surroundings) -> pd.DataFrame:
    calendars = school_days_of(surroundings.saved("term_dates"))
    due = []
    for urn, decided in zip(rows["urn"], rows["head_decision_date"], strict=True):
        days = calendars.get(urn if pd.notna(urn) else -1, calendars.get(-1))
        if days is None or pd.isna(decided) or pd.isna(urn):
            due.append(pd.NaT)
            continue
        place = np.searchsorted(days, np.datetime64(decided, "D"), side="right") + 5
        due.append(pd.Timestamp(days[place]) if place < len(days) else pd.NaT)
    late = rows.assign(due=pd.to_datetime(pd.Series(due, index=rows.index)))
    return late[(late["day6_start"] > late["due"]).fillna(False)]


PERMANENT_EXCLUSIONS = Dataset(
    name="permanent_exclusions",
    title="Permanent exclusions",
    plain="Every permanent exclusion that a head decided on, whatever came of it",
    row=PermanentExclusion,
    key=("pex_id",),
    school="urn",
    pupil="pupil_ref",
    dated="head_decision_date",
    by_source=True,
    rules=(
        *school_rules("urn", "head_decision_date"),
        *pupil_rules(),
        *reason_rules("head_decision_date"),
        in_order(
            "head_decision_date",
            "gb_meeting_date",
            "The governing board met on {gb_meeting_date}, before the head's decision on {head_decision_date}. Correct one of them.",
        ),
        in_order(
            "gb_meeting_date",
            "off_roll_date",
            "The pupil left the roll on {off_roll_date}, before the governing board met on {gb_meeting_date}. Correct one of them.",
        ),
        Rule(
            code="E-TWO-ACTIVE",
            severity=Severity.ERROR,
            columns=("pupil_ref", "urn"),
            message="This pupil has another permanent exclusion from this school that stands. Remove one, or record its outcome.",
            broken_by=_two_active,
            plain="A pupil has one standing permanent exclusion from a school at most",
        ),
        Rule(
            code="Q-DAY-6-LATE",
            severity=Severity.QUERY,
            columns=("day6_start", "head_decision_date", "urn"),
            message="Day-6 provision was due by {due} and started on {day6_start}. Check the dates.",
            broken_by=_day_6_late,
            plain="Day-6 provision starts by the sixth school day",
            needs=("term_dates",),
        ),
        Rule(
            code="Q-NO-OUTCOME",
            severity=Severity.QUERY,
            columns=("review_outcome", "gb_meeting_date"),
            message="The governing board met on {gb_meeting_date}, and no outcome is recorded. Add it.",
            broken_by=where(lambda rows: rows["gb_meeting_date"].notna() & rows["review_outcome"].isna()),
            plain="Once the governing board has met there is an outcome",
        ),
    ),
)
