"""What followed each start, in school weeks of five school days: holidays are no weeks in which nothing happened.

Re-engagement with learning has no measure of its own. Three things stand for it, and none is the whole of it: no new
suspension, in a mainstream school, attendance. Engagement as a school judges it is left out: a new school, an old
school and an outreach worker judge at different times, and not by one scale.
"""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from data_model.codes import AttendancePattern, Phase
from data_model.school_days import SchoolDays

HORIZONS = (6, 12, 24)
"""School weeks after which it is asked how things are."""
JUDGED = 12
"""The school weeks after which groups are compared."""
WEEK = 5
_YEAR, _LATELY = pd.Timedelta(days=365), pd.Timedelta(days=12 * 7)
_WEEKS_BEFORE, _FEWEST_SESSIONS = 6, 20
_BEFORE, _AFTER = pd.Timedelta(days=70), pd.Timedelta(days=140)  # room for holidays
_MAINSTREAM = (str(Phase.PRIMARY), str(Phase.SECONDARY))


@dataclass(frozen=True, eq=False)
class Known:
    """What is known of pupils (`pupil` is a number in every frame), up to the day `until`.

    suspensions: `pupil, day`. exclusions: `pupil, day`, those that stand. away: `pupil, start, end`, full-time
    placements and directions to places that are no mainstream school. sessions: `pupil, week_start, expected, present`.
    pupils: `pupil, valid_from, sex, sen, year_group`. phases: phase by URN.
    """

    suspensions: pd.DataFrame
    exclusions: pd.DataFrame
    away: pd.DataFrame
    sessions: pd.DataFrame
    pupils: pd.DataFrame
    phases: "pd.Series[str]"
    school_days: SchoolDays
    until: pd.Timestamp


def in_mainstream(column: int) -> str:
    """The column that says whether a pupil was in a mainstream school after so many school weeks."""
    return f"mainstream_{column}"


def followed(starts: pd.DataFrame, known: Known) -> pd.DataFrame:
    """The starts with what was known of each pupil on the day, and what followed.

    Before: `phase, year_group, sex, sen, suspended_before` (times in the year before), `suspended_lately` (in
    the 12 weeks before), `attendance_before` (percent of
    the six school weeks before; missing where too few half days are known). After: `seen` (school weeks until which
    anything is known), `suspended_after` (school weeks to the next suspension or permanent exclusion; missing where
    none), `mainstream_6, _12, _24` (missing where that day is not reached), `attendance_change` (points, the twelve
    school weeks after less the six before).
    """
    rows = starts.reset_index(drop=True)
    days = known.school_days
    place = list(zip(rows["start"], rows["urn"].fillna(-1).astype("int64"), strict=True))
    seen = [days.between(start.date(), known.until.date(), urn) / WEEK for start, urn in place]
    rows = rows.assign(seen=np.array(seen, dtype="float64"), phase=rows["urn"].map(known.phases).astype("object"))
    rows = _with_facts(rows, known)
    return _with_attendance(_with_whereabouts(_with_next(rows, known), known), known)


def is_due(rows: pd.DataFrame, weeks: int) -> "pd.Series[bool]":
    """Of whom it is known how things were after so many school weeks."""
    return rows["seen"].ge(weeks)


def _with_facts(rows: pd.DataFrame, known: Known) -> pd.DataFrame:
    pupils = known.pupils.sort_values("valid_from", kind="stable")
    ordered = rows.reset_index().sort_values("start", kind="stable")
    facts = pd.merge_asof(ordered, pupils, left_on="start", right_on="valid_from", by="pupil").set_index("index")
    pairs = _pairs(rows, known.suspensions)
    gap = pairs["start"] - pairs["day"]
    before, lately = (
        pairs[gap.ge(pd.Timedelta(0)) & gap.le(length)].groupby("row").size().reindex(rows.index).fillna(0)
        for length in (_YEAR, _LATELY)
    )
    named = {name: facts[name].reindex(rows.index) for name in ("sex", "sen", "year_group")}
    return rows.assign(suspended_before=before.astype("int64"), suspended_lately=lately.astype("int64"), **named)


def _with_next(rows: pd.DataFrame, known: Known) -> pd.DataFrame:
    """Adds `suspended_after`, in school weeks from the start."""
    events = pd.concat([known.suspensions[["pupil", "day"]], known.exclusions[["pupil", "day"]]])
    pairs = _pairs(rows, events)
    later = pairs[pairs["day"].gt(pairs["start"]) & pairs["day"].le(known.until)]
    first = later.groupby("row")["day"].min()
    weeks = {
        row: known.school_days.between(rows.at[row, "start"].date(), day.date(), int(rows.at[row, "urn"])) / WEEK
        for row, day in first.items()
    }
    return rows.assign(suspended_after=pd.Series(weeks, dtype="float64").reindex(rows.index))


def _with_whereabouts(rows: pd.DataFrame, known: Known) -> pd.DataFrame:
    excluded = _pairs(rows, known.exclusions)
    excluded = excluded[excluded["day"].gt(excluded["start"])].groupby("row")["day"].min().reindex(rows.index)
    away = _pairs(rows, known.away.rename(columns={"start": "from", "end": "to"}))
    for weeks in HORIZONS:
        reached = [
            known.school_days.after(start.date(), WEEK * weeks, int(urn)).day
            for start, urn in zip(rows["start"], rows["urn"].fillna(-1), strict=True)
        ]
        day = pd.Series(pd.to_datetime(reached), index=rows.index).astype("datetime64[s]")
        then = day.reindex(away["row"]).set_axis(away.index)
        there = away["from"].le(then) & (away["to"].isna() | away["to"].ge(then))
        out = rows.index.isin(away.loc[there, "row"]) | excluded.le(day)
        rows[in_mainstream(weeks)] = (~out).astype("float64").where(is_due(rows, weeks))
    return rows


def _with_attendance(rows: pd.DataFrame, known: Known) -> pd.DataFrame:
    pairs = _pairs(rows, known.sessions).sort_values(["row", "week_start"], kind="stable")
    before = pairs[pairs["week_start"].lt(pairs["start"]) & pairs["week_start"].ge(pairs["start"] - _BEFORE)]
    after = pairs[pairs["week_start"].gt(pairs["start"]) & pairs["week_start"].le(pairs["start"] + _AFTER)]
    then = _percent(before.groupby("row").tail(_WEEKS_BEFORE)).reindex(rows.index)
    now = _percent(after.groupby("row").head(JUDGED)).reindex(rows.index)
    return rows.assign(attendance_before=then, attendance_change=(now - then).where(is_due(rows, JUDGED)))


def _percent(sessions: pd.DataFrame) -> "pd.Series[float]":
    sums = sessions.groupby("row")[["expected", "present"]].sum()
    sums = sums[sums["expected"] >= _FEWEST_SESSIONS]
    return 100 * sums["present"] / sums["expected"]


def _pairs(rows: pd.DataFrame, events: pd.DataFrame) -> pd.DataFrame:
    """Each start with each event of its pupil; `row` is the start's place."""
    return rows[["pupil", "start"]].rename_axis("row").reset_index().merge(events, on="pupil")


def away_from_mainstream(placements: pd.DataFrame, directions: pd.DataFrame, phases: "pd.Series[str]") -> pd.DataFrame:
    """When pupils were in no mainstream school: `pupil, start, end` (NaT: still).

    placements: `pupil, start_date, end_date, attendance_pattern`; part-time ones leave a pupil at school. directions:
    `pupil, to_urn, start_date, end_date, attendance_pattern`; those to another mainstream school are in one.
    """
    elsewhere = directions[~directions["to_urn"].map(phases).isin(_MAINSTREAM)]
    both = pd.concat([placements, elsewhere], ignore_index=True)
    part_time = both["attendance_pattern"].astype("object").eq(str(AttendancePattern.PART_TIME))
    named = both[~part_time].rename(columns={"start_date": "start", "end_date": "end"})
    return named[["pupil", "start", "end"]].astype({"start": "datetime64[s]", "end": "datetime64[s]"})
