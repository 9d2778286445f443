"""Suspensions: one row for each, lunchtime ones included."""

from typing import Annotated

import numpy as np
import pandas as pd
from pydantic import Field

from data_model import codes
from data_model.columns import (
    Also,
    Day,
    EventDay,
    Group,
    Identifier,
    OtherUrn,
    PupilRef,
    Sensitive,
    Urn,
    WholeNumber,
    YearGroup,
)
from data_model.dataset import Dataset, Row, Rule, Surroundings
from data_model.exclusions import OVER
from data_model.reasons import ReasonCode, reason_rules
from data_model.rules import in_order, pupil_rules, school_days_between, school_rules, where
from data_model.severity import Severity
from data_model.spans import overlapping, passing

_HALF_DAYS_AT_THE_ENDS = 2  # a suspension from an afternoon to a morning has so many sessions fewer than its days hold
# Main and subsidiary school of a dual registration, and guests: they may be suspended where they are not `main_urn`'s.
_REGISTERED_TWICE = ("M", "S", "G")


class Suspension(Row):
    """One suspension from one school. A session is half a day; sessions are never derived from dates."""

    suspension_id: (
        Annotated[
            Identifier,
            Field(title="Suspension ID", examples=["S0001"]),
            Also("exclusion id", "suspension reference", "exclusion reference"),
        ]
        | None
    ) = None
    pupil_ref: PupilRef
    urn: Urn
    start_date: Annotated[
        EventDay,
        Field(description="The first day of the suspension"),
        Also(
            "start",
            "date from",
            "exclusion start date",
            "suspension start date",
            "StartDate",
            "exclusion start",
            "suspension start",
            "from date",
        ),
    ]
    end_date: (
        Annotated[
            Day,
            Field(description="The last day of the suspension"),
            Also("end", "date to", "exclusion end date", "suspension end date", "EndDate", "to date"),
        ]
        | None
    ) = None
    sessions: Annotated[
        WholeNumber,
        Field(ge=1, le=90, description="Half days lost: a whole number from 1 to 90", examples=["3"]),
        Also(
            "ActualNumberofSessions",
            "number of sessions",
            "no of sessions",
            "sessions lost",
            "sessions missed",
            "exclusion sessions",
            "suspension sessions",
            "total sessions",
        ),
    ]
    category: Annotated[
        codes.SuspensionCategory,
        Also("exclusion category", "exclusion type", "suspension type", "suspension category", "type"),
    ]
    reason_1: Annotated[
        ReasonCode,
        Field(title="Reason 1", description="Up to three reasons, in no order of weight since 2020/21"),
        Also("reason", "exclusion reason", "suspension reason", "reason code", "primary reason", "reason1"),
    ]
    reason_2: (
        Annotated[
            ReasonCode,
            Field(title="Reason 2"),
            Also("second reason", "exclusion reason 2", "secondary reason", "suspension reason 2"),
        ]
        | None
    ) = None
    reason_3: (
        Annotated[
            ReasonCode, Field(title="Reason 3"), Also("third reason", "exclusion reason 3", "suspension reason 3")
        ]
        | None
    ) = None
    ncyg: YearGroup | None = None
    sen_provision: (
        Annotated[
            codes.SenProvision,
            Field(title="SEN provision", description="As at the suspension"),
            Also("sen", "sen status", "sen stage", "sen provision at exclusion"),
            Sensitive(Group.HEALTH),
        ]
        | None
    ) = None
    cla: (
        Annotated[
            codes.YesNo,
            Field(title="Looked after", description="Y if looked after at the suspension"),
            Also("in care", "looked after", "lac", "in care at exclusion", "incare"),
            Sensitive(Group.CARE),
        ]
        | None
    ) = None
    am_pm_start: (
        Annotated[
            codes.HalfDay,
            Field(title="Starts in the morning or afternoon"),
            Also("start session", "start time am pm", "am/pm"),
        ]
        | None
    ) = None
    status: Annotated[codes.SuspensionStatus, Field(description="Blank means it stands")] | None = None
    cancelled_date: Day | None = None
    gb_considered_date: Annotated[Day, Field(title="Governing board considered it on")] | None = None
    la_notified_date: Annotated[Day, Field(title="Local authority notified on")] | None = None
    day6_provider_urn: Annotated[OtherUrn, Field(title="Day-6 provider's URN")] | None = None
    day6_start: Annotated[Day, Field(title="Day-6 provision started on")] | None = None
    reintegration_meeting_date: Day | None = None


def _sessions_exceed_weekdays(rows: pd.DataFrame, surroundings: Surroundings) -> pd.DataFrame:
    dated = rows[rows["start_date"].notna() & rows["end_date"].notna() & (rows["end_date"] >= rows["start_date"])]
    first, last = (dated[name].to_numpy("datetime64[D]") for name in ("start_date", "end_date"))
    possible = pd.Series(2 * np.busday_count(first, last + 1), index=dated.index, dtype="Int64")
    return dated.assign(possible=possible)[(dated["sessions"] > possible).fillna(False)]


def _sessions_exceed_school_days(rows: pd.DataFrame, surroundings: Surroundings) -> pd.DataFrame:
    days = school_days_between(rows["start_date"], rows["end_date"], rows["urn"], surroundings.saved("term_dates"))
    possible = 2 * days
    in_order = rows["end_date"] >= rows["start_date"]
    over = in_order & (rows["sessions"].astype("Float64") > possible).fillna(False)
    # The plain weekday check has already refused the rows that no calendar could allow.
    already = _sessions_exceed_weekdays(rows, surroundings).index
    return rows.assign(possible=possible.astype("Int64"))[over & ~rows.index.isin(already)]


def _over_45_days(rows: pd.DataFrame, surroundings: Surroundings) -> pd.DataFrame:
    return passing(rows, surroundings.saved("suspensions"), ["pupil", "academic_year"], 90)


def _over_15_days(rows: pd.DataFrame, surroundings: Surroundings) -> pd.DataFrame:
    return passing(rows, surroundings.saved("suspensions"), ["pupil", "academic_year", "term"], 30)


def _over_5_days(rows: pd.DataFrame, surroundings: Surroundings) -> pd.DataFrame:
    return passing(rows, surroundings.saved("suspensions"), ["pupil", "academic_year", "term"], 10)


def _no_day_6(rows: pd.DataFrame, surroundings: Surroundings) -> pd.DataFrame:
    long = rows[(rows["sessions"] > 10).fillna(False) & rows["day6_start"].isna() & rows["category"].ne("LNCH")]
    if long.empty or "end_date" not in long:
        return long
    days = school_days_between(long["start_date"], long["end_date"], long["urn"], surroundings.saved("term_dates"))
    return long[days.isna() | (2 * days - long["sessions"].astype(float) <= _HALF_DAYS_AT_THE_ENDS)]


def _with_gaps(rows: pd.DataFrame, surroundings: Surroundings) -> pd.DataFrame:
    dated = rows[rows["end_date"].notna() & rows["sessions"].notna() & rows["category"].ne("LNCH")]
    days = school_days_between(dated["start_date"], dated["end_date"], dated["urn"], surroundings.saved("term_dates"))
    return dated[2 * days - dated["sessions"].astype(float) > _HALF_DAYS_AT_THE_ENDS]


def _not_on_roll(rows: pd.DataFrame, surroundings: Surroundings) -> pd.DataFrame:
    """The rows whose pupil was then on the roll of one other school, by the pupil's record in force on that day."""
    pupils = rows["pupil_ref"].astype("category").cat
    saved = surroundings.saved("pupils")
    records = pd.DataFrame(
        {
            "pupil": pupils.categories.get_indexer(saved["pupil_ref"]),
            "start_date": saved["valid_from"],
            "on_roll": saved["main_urn"],
            "registered": saved["enrol_status"],
        }
    )
    events = rows[["start_date", "urn"]].assign(pupil=pupils.codes, row=rows.index)
    events = events[events["pupil"].ge(0) & events["start_date"].notna() & events["urn"].notna()]
    found = pd.merge_asof(
        events.astype({"pupil": "int64"}).sort_values("start_date", kind="stable"),
        records[records["pupil"] >= 0].astype({"pupil": "int64"}).sort_values("start_date", kind="stable"),
        on="start_date",
        by="pupil",
    )
    elsewhere = found["on_roll"].ne(found["urn"]).fillna(False) & ~found["registered"].isin(_REGISTERED_TWICE)
    found = found[elsewhere].set_index("row").sort_index()
    links = surroundings.predecessors()
    linked = set(zip(links["urn"], links["predecessor_urn"], strict=True))
    pairs = zip(found["urn"], found["on_roll"], strict=True)
    replaced = np.array([pair in linked or pair[::-1] in linked for pair in pairs], dtype=bool)
    found = found[~replaced]
    return rows.loc[found.index].assign(on_roll=found["on_roll"])


def _overlapping(rows: pd.DataFrame, surroundings: Surroundings) -> pd.DataFrame:
    columns = ["pupil_ref", "urn", "start_date", "end_date"]
    saved = surroundings.saved("suspensions")
    parts = [rows[columns].assign(row=rows.index)]
    if len(saved):
        parts.insert(0, saved[columns].assign(row=-1))
    spans = pd.concat(parts)
    spans = spans[spans["start_date"].notna() & spans["end_date"].notna() & spans["pupil_ref"].notna()]
    spans["pupil_ref"] = pd.factorize(spans["pupil_ref"])[0]
    # Two rows with one start are told as duplicates.
    found = overlapping(spans.drop_duplicates(["pupil_ref", "urn", "start_date"]), ["pupil_ref", "urn"])
    return rows.loc[found.index].assign(until=found["until"])


def _after_permanent_exclusion(rows: pd.DataFrame, surroundings: Surroundings) -> pd.DataFrame:
    excluded = surroundings.saved("permanent_exclusions")
    stands = excluded[~excluded["review_outcome"].isin(OVER)]
    first = (
        stands.groupby(["pupil_ref", "urn"], observed=True)["head_decision_date"]
        .min()
        .rename("excluded_on")
        .reset_index()
    )
    if first.empty:
        return rows.iloc[:0]
    joined = (
        rows[["pupil_ref", "urn", "start_date"]]
        .astype({"pupil_ref": object})
        .merge(first.astype({"pupil_ref": object}), on=["pupil_ref", "urn"], how="left")
    )
    excluded_on = joined["excluded_on"].set_axis(rows.index)
    return rows.assign(excluded_on=excluded_on)[(rows["start_date"] > excluded_on).fillna(False)]


SUSPENSIONS = Dataset(
    name="suspensions",
    title="Suspensions",
    plain="Every suspension, whatever its length; lunchtime suspensions are kept and never counted",
    row=Suspension,
    key=("urn", "start_date", "pupil_ref"),
    other_key="suspension_id",
    by_source=True,
    school="urn",
    pupil="pupil_ref",
    dated="start_date",
    rules=(
        *school_rules("urn", "start_date"),
        *pupil_rules(),
        in_order(
            "start_date", "end_date", "It ends on {end_date}, before it starts on {start_date}. Correct one of them."
        ),
        Rule(
            code="E-SESSIONS-SPAN",
            severity=Severity.ERROR,
            columns=("sessions", "start_date", "end_date"),
            message="{sessions} sessions do not fit between {start_date} and {end_date}: at most {possible} do. Correct the sessions or the dates.",
            broken_by=_sessions_exceed_weekdays,
            plain="`sessions` fit on the weekdays between the dates, two a day",
        ),
        Rule(
            code="E-SESSIONS-SCHOOL-DAYS",
            severity=Severity.ERROR,
            columns=("sessions", "start_date", "end_date", "urn"),
            message="{sessions} sessions do not fit between {start_date} and {end_date}: by the term dates there are {possible}. Correct the sessions or the dates.",
            broken_by=_sessions_exceed_school_days,
            plain="`sessions` fit on the school days between the dates, two a day",
            needs=("term_dates",),
        ),
        *reason_rules("start_date"),
        Rule(
            code="Q-WEEKEND",
            severity=Severity.QUERY,
            columns=("start_date",),
            message="{start_date} is a Saturday or Sunday. Check the date.",
            broken_by=where(lambda rows: rows["start_date"].dt.day_of_week >= 5),
            plain="It starts on a weekday",
        ),
        Rule(
            code="Q-NOT-A-SCHOOL-DAY",
            severity=Severity.QUERY,
            columns=("start_date", "urn"),
            message="{start_date} is not a school day by the term dates. Check the date.",
            broken_by=lambda rows, surroundings: rows[
                rows["start_date"].dt.day_of_week.lt(5)
                & school_days_between(
                    rows["start_date"], rows["start_date"], rows["urn"], surroundings.saved("term_dates")
                ).eq(0)
            ],
            plain="It starts on a school day",
            needs=("term_dates",),
        ),
        Rule(
            code="Q-OVERLAP",
            severity=Severity.QUERY,
            columns=("start_date", "end_date", "pupil_ref", "urn"),
            message="The same pupil is already suspended from this school until {until}. Check both records.",
            broken_by=_overlapping,
            plain="A pupil's suspensions from one school do not overlap",
        ),
        Rule(
            code="Q-OVER-45-DAYS",
            severity=Severity.QUERY,
            columns=("sessions", "pupil_ref", "start_date", "urn", "category"),
            message="With this the pupil has {days} days in one academic year, across schools: the limit is 45. Check the sessions.",
            broken_by=_over_45_days,
            plain="No pupil has more than 45 days in an academic year, at all schools together",
        ),
        Rule(
            code="Q-OVER-15-DAYS",
            severity=Severity.QUERY,
            columns=("sessions", "pupil_ref", "start_date", "urn", "category"),
            message="With this the pupil has {days} days in one term: over 15 the governing board must meet. Check the sessions.",
            broken_by=_over_15_days,
            plain="A pupil with more than 15 days in a term is pointed out",
        ),
        Rule(
            code="Q-NO-DAY-6",
            severity=Severity.QUERY,
            columns=("day6_start", "sessions", "start_date", "urn", "category"),
            message="{sessions} sessions are more than five school days, and no day-6 provision is recorded. Add when it started.",
            broken_by=_no_day_6,
            plain="A suspension of more than five school days in a row has day-6 provision (term dates, where loaded, tell which days are in a row)",
            reads_too=("end_date",),
        ),
        Rule(
            code="N-OVER-5-DAYS",
            severity=Severity.NOTE,
            columns=("sessions", "pupil_ref", "start_date", "urn", "category"),
            message="Suspensions that take a pupil over 5 days in one term: {count}. If the parents ask, the governing board must meet: start that clock.",
            broken_by=_over_5_days,
            plain="Suspensions that take a pupil over 5 days in a term are counted",
        ),
        Rule(
            code="N-SESSIONS-WITH-GAPS",
            severity=Severity.NOTE,
            columns=("sessions", "start_date", "end_date", "urn", "category"),
            message="Suspensions with fewer sessions than the school days between their dates hold: {count}. That is right where the pupil was in school in between; else correct the sessions or the dates.",
            broken_by=_with_gaps,
            plain="Suspensions with fewer sessions than two for each school day between their dates are counted",
            needs=("term_dates",),
        ),
        Rule(
            code="Q-NOT-ON-ROLL",
            severity=Severity.QUERY,
            columns=("urn", "pupil_ref", "start_date"),
            message="By the pupils file this pupil was on the roll of the school with URN {on_roll} on {start_date}, and not registered at two schools. Correct the school or the date, or bring the pupils file up to date.",
            broken_by=_not_on_roll,
            plain="Where pupils are loaded, the pupil is on the school's roll on the day, or registered at two schools",
            needs=("pupils",),
        ),
        Rule(
            code="Q-AFTER-PERMANENT-EXCLUSION",
            severity=Severity.QUERY,
            columns=("start_date", "pupil_ref", "urn"),
            message="This pupil was permanently excluded from this school on {excluded_on}, before this suspension. Check both.",
            broken_by=_after_permanent_exclusion,
            plain="No suspension follows a permanent exclusion from the same school",
            needs=("permanent_exclusions",),
        ),
    ),
)
