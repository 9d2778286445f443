"""Permanent exclusions: from the head's decision to its outcome."""

from typing import Annotated

import pandas as pd
from pydantic import Field

from data_model import codes
from data_model.codes import PexStatus, ReviewOutcome
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
    Urn,
    YearGroup,
)
from data_model.dataset import Dataset, Row, Rule, Surroundings
from data_model.reasons import ReasonCode, reason_rules
from data_model.rules import in_order, pupil_rules, school_day_after, school_rules, where
from data_model.severity import Severity


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
        Annotated[
            codes.SenProvision, Field(title="SEN provision", description="As at the exclusion"), Sensitive(Group.HEALTH)
        ]
        | None
    ) = None
    cla: (
        Annotated[
            codes.YesNo,
            Field(title="Looked after", description="Y if looked after at the exclusion"),
            Sensitive(Group.CARE),
        ]
        | None
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

_MEETING_WINDOW = 15  # school days in which the governing board must meet once it is told
_REVIEW_WINDOW = 15  # school days in which parents may ask for an independent review once the board has decided
OVER = [str(outcome) for outcome, status in PEX_STATUS.items() if status in (PexStatus.REINSTATED, PexStatus.WITHDRAWN)]
"""The outcomes after which a permanent exclusion no longer stands."""


def _two_active(rows: pd.DataFrame, surroundings: Surroundings) -> pd.DataFrame:
    saved = surroundings.saved("permanent_exclusions")
    columns = ["pupil_ref", "urn", "review_outcome"]
    both = pd.concat(
        [
            saved[columns].astype(object).assign(row=-1),
            rows.reindex(columns=columns).astype(object).assign(row=rows.index),
        ]
    )
    active = both[~both["review_outcome"].isin(OVER) & both["pupil_ref"].notna() & both["urn"].notna()]
    twice = active[active.duplicated(["pupil_ref", "urn"], keep=False) & (active["row"] >= 0)]
    return rows.loc[twice["row"]]


def _day_6_late(rows: pd.DataFrame, surroundings: Surroundings) -> pd.DataFrame:
    due = school_day_after(rows["head_decision_date"], 6, rows["urn"], surroundings.saved("term_dates"))
    return rows.assign(due=due)[rows["day6_start"] > due]


def _off_roll_early(rows: pd.DataFrame, surroundings: Surroundings) -> pd.DataFrame:
    met, off_roll = rows["gb_meeting_date"], rows["off_roll_date"]
    window = school_day_after(met, _REVIEW_WINDOW, rows["urn"], surroundings.saved("term_dates"))
    reviewed = rows.reindex(columns=["irp_date"])["irp_date"].astype("datetime64[s]")
    until = reviewed.where(reviewed.notna(), window)
    # A day before the meeting itself is an error of its own.
    return rows.assign(until=until)[(off_roll < until) & (off_roll >= met)]


def _outcome_overdue(rows: pd.DataFrame, surroundings: Surroundings) -> pd.DataFrame:
    # Once the board has met, a missing outcome is a query on the row.
    optional = rows.reindex(columns=["gb_notified_date", "gb_meeting_date"]).astype("datetime64[s]")
    waiting = rows[rows["review_outcome"].isna() & optional["gb_meeting_date"].isna()]
    told = optional["gb_notified_date"].fillna(rows["head_decision_date"])[waiting.index]
    due = school_day_after(told, _MEETING_WINDOW, waiting["urn"], surroundings.saved("term_dates"))
    return waiting[due < pd.Timestamp(surroundings.today)]


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
            reads_too=("review_outcome",),
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
        Rule(
            code="Q-OFF-ROLL-EARLY",
            severity=Severity.QUERY,
            columns=("off_roll_date", "gb_meeting_date", "urn"),
            message="The pupil left the roll on {off_roll_date}, and until {until} the independent review panel had not met, or parents could still ask for one. Check the dates: earlier is right only if parents wrote that they would not ask.",
            broken_by=_off_roll_early,
            plain="No pupil leaves the roll before the independent review panel met, or 15 school days after the governing board did",
            needs=("term_dates",),
            reads_too=("irp_date",),
        ),
        Rule(
            code="N-OUTCOME-OVERDUE",
            severity=Severity.NOTE,
            columns=("review_outcome", "head_decision_date", "urn"),
            message="Permanent exclusions without an outcome more than 15 school days after the governing board was told (after the decision where that day is not known): {count}. Has the board met? Add the day and the outcome.",
            broken_by=_outcome_overdue,
            plain="Permanent exclusions without an outcome after 15 school days are counted",
            needs=("term_dates",),
            reads_too=("gb_notified_date", "gb_meeting_date"),
        ),
    ),
)
