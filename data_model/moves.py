"""Moves between schools: managed moves, off-site directions, and pupils kept apart (safeguarding separations).

From 26 July 2026 (statutory guidance under the Children's Wellbeing and Schools Act 2026) a managed move is permanent and
has no trial, and every off-site direction has two school days' notice, reviews and an end. An event is judged by the
rules of its day.
"""

from datetime import date
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
    LongText,
    OtherUrn,
    PupilRef,
    Sensitive,
    ShortText,
    Urn,
    WholeNumber,
)
from data_model.dataset import Dataset, Row, Rule, Surroundings
from data_model.rules import in_order, notes_without_names, pupil_rules, school_day_after, school_rules, where
from data_model.severity import Severity

NEW_RULES = date(2026, 7, 26)
"""From this day on: no trial in a managed move, and off-site directions alike in every kind of school."""
_NOTICE = 2  # school days that parents have before an off-site direction starts
_LONGEST_TRIAL = 12 * 7 + 6  # twelve weeks, wherever in the week they start (Haringey's process)

_FromUrn = Annotated[
    OtherUrn,
    Field(title="URN of the school that the pupil comes from", examples=["900001"]),
    Also("home urn", "home school urn", "from school", "from school urn", "urn"),
]
_ToUrn = Annotated[
    OtherUrn,
    Field(title="URN of the school that the pupil goes to", examples=["900002"]),
    Also("receiving urn", "receiving school urn", "to school", "to school urn"),
]
_Engagement = Annotated[DecimalNumber, Field(ge=0, le=100, examples=["45"])]
_Baseline = Annotated[
    _Engagement,
    Field(title="Engagement with learning at the start, 0 to 100", description="As the school that teaches judges it"),
]
_AtSixWeeks = Annotated[_Engagement, Field(title="Engagement with learning after 6 weeks, 0 to 100")]
_AtTwelveWeeks = Annotated[_Engagement, Field(title="Engagement with learning after 12 weeks, 0 to 100")]


class ManagedMove(Row):
    """One managed move: a pupil changes school for good, and both schools and the parents agree."""

    move_id: Annotated[Identifier, Field(title="Move ID", examples=["M0001"]), Also("managed move id")]
    pupil_ref: PupilRef
    from_urn: _FromUrn
    to_urn: _ToUrn
    agreed_date: Annotated[Day, Field(title="Agreed on")] | None = None
    start_date: Annotated[
        EventDay, Field(description="The first day at the new school"), Also("start", "move date", "date of move")
    ]
    review_6w_date: (
        Annotated[Day, Field(title="Reviewed after six weeks on", description="Moves before 26 July 2026")] | None
    ) = None
    planned_end_date: (
        Annotated[
            Day,
            Field(
                title="Planned end of the review period",
                description="Moves before 26 July 2026 alone: a managed move is permanent",
            ),
            Also("planned end"),
        ]
        | None
    ) = None
    end_date: (
        Annotated[
            EventDay,
            Field(title="Ended on", description="The pupil's last day at the new school, where the move did not hold"),
            Also("date ended", "end"),
        ]
        | None
    ) = None
    outcome: Annotated[casework_codes.MoveOutcome, Also("move outcome")] | None = None
    on_roll_to_date: (
        Annotated[
            Day,
            Field(title="On the new school's roll from", description="Needed where the move was sustained"),
            Also("on roll date", "on roll from"),
        ]
        | None
    ) = None
    parent_agreed: (
        Annotated[
            codes.YesNo,
            Field(title="Parents agreed", description="Must be Y: a managed move is voluntary"),
            Also("parental agreement", "parents agree"),
        ]
        | None
    ) = None
    behaviour_plan: Annotated[codes.YesNo, Field(title="Behaviour plan in place before the move")] | None = None
    panel_ref: Annotated[Identifier, Field(title="Fair Access Panel referral", examples=["F0001"])] | None = None
    reengagement_baseline: _Baseline | None = None
    reengagement_6w: _AtSixWeeks | None = None
    reengagement_12w: _AtTwelveWeeks | None = None
    notes: Annotated[LongText, Field(description="Kept out of every figure. Do not write names")] | None = None


class OffSiteDirection(Row):
    """One direction to be educated off site to improve behaviour, for a limited time. The pupil stays on roll."""

    direction_id: Annotated[Identifier, Field(title="Direction ID", examples=["D0001"])]
    pupil_ref: PupilRef
    from_urn: _FromUrn
    to_urn: _ToUrn | None = None
    provider_ref: (
        Annotated[ShortText, Field(title="Provider's reference in the LA's register", examples=["AP01"])] | None
    ) = None
    notice_date: Annotated[Day, Field(title="Parents told on"), Also("date of notice")] | None = None
    start_date: Annotated[EventDay, Also("start", "date from")]
    planned_end_date: Annotated[Day, Also("planned end", "expected end date")] | None = None
    attendance_pattern: codes.AttendancePattern | None = None
    reviews: Annotated[WholeNumber, Field(ge=0, le=50, title="Reviews so far", examples=["1"])] | None = None
    last_review_date: Annotated[Day, Field(title="Last reviewed on")] | None = None
    ehcp_la_invited: (
        Annotated[
            codes.YesNo,
            Field(
                title="LA invited to the review", description="Where the pupil has an education, health and care plan"
            ),
            Sensitive(Group.HEALTH),
        ]
        | None
    ) = None
    end_date: (
        Annotated[EventDay, Field(description="Blank while the direction runs"), Also("date to", "date ended")] | None
    ) = None
    next_step: Annotated[casework_codes.DirectionNextStep, Also("outcome")] | None = None
    reengagement_baseline: _Baseline | None = None
    reengagement_6w: _AtSixWeeks | None = None
    reengagement_12w: _AtTwelveWeeks | None = None


class SafeguardingSeparation(Row):
    """One time for which a pupil is kept apart because of an alleged harm. It is no suspension and in no measure of them."""

    separation_id: Annotated[Identifier, Field(title="Separation ID", examples=["G0001"])]
    pupil_ref: PupilRef
    urn: Urn
    start_date: Annotated[EventDay, Also("start", "date from")]
    end_date: Annotated[EventDay, Field(description="Blank while it lasts"), Also("date to")] | None = None
    la_told_date: Annotated[Day, Field(title="LA told on"), Sensitive(Group.CARE)] | None = None
    provision: Annotated[casework_codes.SeparationProvision, Sensitive(Group.CARE)] | None = None


def _not_agreed(rows: pd.DataFrame, surroundings: Surroundings) -> pd.DataFrame:
    return rows[rows.reindex(columns=["parent_agreed"])["parent_agreed"].astype(object).ne("Y")]


def _not_on_roll(rows: pd.DataFrame, surroundings: Surroundings) -> pd.DataFrame:
    on_roll = rows.reindex(columns=["on_roll_to_date"])["on_roll_to_date"]
    return rows[rows["outcome"].astype(object).eq("sustained") & on_roll.isna()]


def _short_notice(rows: pd.DataFrame, surroundings: Surroundings) -> pd.DataFrame:
    first = school_day_after(rows["notice_date"], _NOTICE, rows["from_urn"], surroundings.saved("term_dates"))
    return rows.assign(first=first)[(rows["start_date"] < first) & (rows["start_date"] >= pd.Timestamp(NEW_RULES))]


def _overrun(rows: pd.DataFrame, surroundings: Surroundings) -> pd.DataFrame:
    still_open = rows.reindex(columns=["end_date"])["end_date"].isna()
    return rows[still_open & (rows["planned_end_date"] < pd.Timestamp(surroundings.today))]


_SAME_SCHOOL = Rule(
    code="E-SAME-SCHOOL",
    severity=Severity.ERROR,
    columns=("to_urn", "from_urn"),
    message="The pupil comes from and goes to the same school, {to_urn}. Correct one of them.",
    broken_by=where(lambda rows: rows["to_urn"].eq(rows["from_urn"])),
    plain="`from_urn` and `to_urn` are two schools",
)

MANAGED_MOVES = Dataset(
    name="managed_moves",
    title="Managed moves",
    plain="Every agreed and permanent move from one school to another, and whether it held",
    row=ManagedMove,
    key=("move_id",),
    school="from_urn",
    pupil="pupil_ref",
    dated="start_date",
    optional=True,
    rules=(
        *school_rules("from_urn", "start_date"),
        *pupil_rules(),
        _SAME_SCHOOL,
        in_order(
            "start_date", "end_date", "It ended on {end_date}, before it started on {start_date}. Correct one of them."
        ),
        Rule(
            code="E-MOVE-NOT-AGREED",
            severity=Severity.ERROR,
            columns=("move_id",),
            message="A managed move is voluntary: parent_agreed must be Y. Where parents did not agree it is another kind of move.",
            broken_by=_not_agreed,
            plain="Parents agreed to a managed move",
            reads_too=("parent_agreed",),
        ),
        Rule(
            code="E-SUSTAINED-NOT-ON-ROLL",
            severity=Severity.ERROR,
            columns=("outcome",),
            message="The move is sustained, and since when the pupil is on the new school's roll is blank. Add on_roll_to_date.",
            broken_by=_not_on_roll,
            plain="A sustained move has the day on which the pupil came on the new school's roll",
            reads_too=("on_roll_to_date",),
        ),
        Rule(
            code="Q-MOVE-LONG-TRIAL",
            severity=Severity.QUERY,
            columns=("planned_end_date", "start_date"),
            message="The review period runs until {planned_end_date}, more than twelve weeks. Check the date.",
            broken_by=where(
                lambda rows: (
                    (rows["start_date"] < pd.Timestamp(NEW_RULES))
                    & ((rows["planned_end_date"] - rows["start_date"]).dt.days > _LONGEST_TRIAL)
                )
            ),
            plain="Before 26 July 2026: the review period of a managed move is twelve weeks at most",
        ),
        Rule(
            code="Q-MOVE-TRIAL",
            severity=Severity.QUERY,
            columns=("planned_end_date", "start_date"),
            message="A managed move is permanent and has no planned end. If the pupil may come back, record an off-site direction.",
            broken_by=where(
                lambda rows: (rows["start_date"] >= pd.Timestamp(NEW_RULES)) & rows["planned_end_date"].notna()
            ),
            plain="From 26 July 2026: a managed move has no planned end",
        ),
        Rule(
            code="Q-TRIAL-WORD",
            severity=Severity.QUERY,
            columns=("notes",),
            message="These notes speak of a trial, and a managed move is permanent. If the pupil may come back, record an off-site direction.",
            broken_by=where(lambda rows: rows["notes"].astype("str").str.contains(r"\btrial", case=False, regex=True)),
            plain="Notes on a managed move do not speak of a trial",
        ),
        notes_without_names(),
    ),
)

OFF_SITE_DIRECTIONS = Dataset(
    name="off_site_directions",
    title="Off-site directions",
    plain="Every direction to be educated off site for a limited time to improve behaviour",
    row=OffSiteDirection,
    key=("direction_id",),
    school="from_urn",
    pupil="pupil_ref",
    dated="start_date",
    optional=True,
    rules=(
        *school_rules("from_urn", "start_date"),
        *pupil_rules(),
        _SAME_SCHOOL,
        in_order(
            "start_date", "end_date", "It ended on {end_date}, before it started on {start_date}. Correct one of them."
        ),
        in_order(
            "start_date",
            "planned_end_date",
            "It is planned to end on {planned_end_date}, before it starts on {start_date}. Correct one of them.",
        ),
        Rule(
            code="Q-NOTICE-SHORT",
            severity=Severity.QUERY,
            columns=("notice_date", "start_date", "from_urn"),
            message="Parents have two school days' notice: told on {notice_date}, the first day can be {first}. Check the dates.",
            broken_by=_short_notice,
            plain="From 26 July 2026: parents have two school days' notice of an off-site direction",
            needs=("term_dates",),
        ),
        Rule(
            code="Q-DIRECTION-NO-END",
            severity=Severity.QUERY,
            columns=("planned_end_date",),
            message="An off-site direction is for a limited time: add the planned end.",
            broken_by=where(lambda rows: rows["planned_end_date"].isna()),
            plain="An off-site direction has a planned end",
        ),
        Rule(
            code="Q-NEXT-STEP-MISSING",
            severity=Severity.QUERY,
            columns=("next_step", "end_date"),
            message="The direction ended on {end_date}, and what came next is not recorded. Add the next step.",
            broken_by=where(lambda rows: rows["end_date"].notna() & rows["next_step"].isna()),
            plain="A direction that ended has a next step",
        ),
        Rule(
            code="N-DIRECTION-OVERRUN",
            severity=Severity.NOTE,
            columns=("planned_end_date",),
            message="Directions that run on past their planned end: {count}. End them, or add the new end.",
            broken_by=_overrun,
            plain="Directions that run on past their planned end are counted",
            reads_too=("end_date",),
        ),
    ),
)

SAFEGUARDING_SEPARATIONS = Dataset(
    name="safeguarding_separations",
    title="Safeguarding separations",
    plain="Pupils kept apart because of an alleged harm: no suspensions, and in no figure of them",
    row=SafeguardingSeparation,
    key=("separation_id",),
    school="urn",
    pupil="pupil_ref",
    dated="start_date",
    optional=True,
    rules=(
        *school_rules("urn", "start_date"),
        *pupil_rules(),
        in_order(
            "start_date", "end_date", "It ended on {end_date}, before it started on {start_date}. Correct one of them."
        ),
        Rule(
            code="N-SEPARATION-NO-PROVISION",
            severity=Severity.NOTE,
            columns=("provision",),
            message="Separations without provision: {count}. The LA must see to education for these pupils (section 19).",
            broken_by=where(lambda rows: rows["provision"].isna() | rows["provision"].astype(object).eq("none")),
            plain="Separations without provision are counted",
        ),
    ),
)
