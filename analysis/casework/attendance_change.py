"""Attendance that is low or falling: a pupil's latest school weeks against those before, by an LA's own thresholds.

A fact and no forecast: who attends less than before, by how much, and in which weeks. Sessions with code E are left out
of both sides, since a suspended child was not expected: suspensions are counted elsewhere, and would be here again.
Children in provision (codes B and K) attend; sessions with code D belong to the other school.
"""

from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np
import pandas as pd

from analysis.wording import counted
from data_model.terms import in_words
from data_model.thresholds import Thresholds

_COLUMNS = {
    "pupil": "int64",
    "urn": "int64",
    "attendance": "float64",
    "sessions": "float64",
    "attendance_before": "float64",
    "sessions_before": "float64",
    "change": "float64",
    "is_low": "bool",
    "is_falling": "bool",
    "sentence": "str",
}
_AVOIDING = {
    **{name: kind for name, kind in _COLUMNS.items() if name not in ("is_low", "sentence")},
    "absent": "float64",
    "authorised": "float64",
    "weeks_absent": "int64",
    "weeks_in_part": "int64",
    "suspended": "float64",
    "sentence": "str",
}
_ROUNDING = 1e-9
_UNTIL_FRIDAY = timedelta(days=4)


@dataclass(frozen=True)
class Windows:
    """The Mondays of the latest school weeks, and of those before them, in order: those of which anybody's is known."""

    recent: tuple[pd.Timestamp, ...]
    before: tuple[pd.Timestamp, ...]


def windows(weeks: pd.DataFrame, on: date, thresholds: Thresholds) -> Windows:
    """The school weeks that are compared on a day: weeks that were over by then and of which anything is known.

    `weeks`: rows of the attendance dataset (`week_start, possible` are read).
    """
    over = weeks["week_start"] + _UNTIL_FRIDAY <= pd.Timestamp(on)
    known = weeks.loc[over & weeks["possible"].gt(0), "week_start"].drop_duplicates().sort_values()
    latest = list(known.iloc[-thresholds.recent_weeks :])
    before = list(known.iloc[: -len(latest)].iloc[-thresholds.weeks_before :]) if latest else []
    return Windows(tuple(latest), tuple(before))


def attendance_change(weeks: pd.DataFrame, on: date, thresholds: Thresholds) -> pd.DataFrame:
    """What each pupil attended in the latest school weeks and before, where there are sessions enough to say.

    `weeks`: rows of the attendance dataset with `pupil` as a number. One row a pupil, by pupil: `pupil, urn` (the
    latest school), `attendance` (percent of the `sessions` that could be attended in the latest weeks),
    `attendance_before, sessions_before` (missing where there were fewer than the fewest), `change` (points), `is_low`
    (below the threshold), `is_falling` (by the threshold or more), `sentence`.
    """
    compared = windows(weeks, on, thresholds)
    sessions = sessions_of(weeks)
    recent, before = (_summed(sessions, mondays) for mondays in (compared.recent, compared.before))
    recent = recent[recent["expected"] >= thresholds.fewest_sessions]
    before = before[before["expected"] >= thresholds.fewest_sessions].reindex(recent.index)
    now, then = 100 * recent["present"] / recent["expected"], 100 * before["present"] / before["expected"]
    found = pd.DataFrame(
        {
            "pupil": recent.index,
            "urn": _latest_school(sessions, compared).reindex(recent.index),
            "attendance": now,
            "sessions": recent["expected"],
            "attendance_before": then,
            "sessions_before": before["expected"],
            "change": now - then,
            # Percentages of small wholes are not exact: 85 less 75 must be 10.
            "is_low": now < thresholds.attendance_below - _ROUNDING,
            "is_falling": then - now >= thresholds.attendance_fall - _ROUNDING,
        }
    ).reset_index(drop=True)
    said = [_sentence(row, compared) for row in found.to_dict("records")]
    return found.assign(sentence=pd.Series(said, dtype=object)).astype(_COLUMNS)


def avoiding_school(weeks: pd.DataFrame, on: date, thresholds: Thresholds) -> pd.DataFrame:
    """The pupils of low attendance whose absence is not suspension: where a talk about emotionally based school
    avoidance (EBSA) may start. It is no finding that a child has it: attendance cannot tell why.

    One row a pupil, by pupil: the columns of `attendance_change` without `is_low`, and of the latest weeks the `absent`
    half days, how many of them were `authorised`, `weeks_absent` (without any attendance), `weeks_in_part` (with some
    attendance and some absence), and the half days `suspended`, which are not among the absent.
    """
    compared = windows(weeks, on, thresholds)
    change = attendance_change(weeks, on, thresholds)
    low = change[change["is_low"]].drop(columns="is_low").set_index("pupil", drop=False)
    sessions = sessions_of(weeks)
    recent = sessions[sessions["week_start"].isin(compared.recent) & sessions["pupil"].isin(low.index)]
    by_week = recent.groupby(["pupil", "week_start"])[["expected", "present"]].sum().reset_index()
    by_week = by_week[by_week["expected"] > 0]
    none, some = by_week["present"].eq(0), by_week["present"].gt(0) & by_week["present"].lt(by_week["expected"])
    sums = recent.groupby("pupil")[["expected", "present", "authorised", "suspended"]].sum().reindex(low.index)
    found = low.assign(
        absent=sums["expected"] - sums["present"],
        authorised=sums["authorised"],
        weeks_absent=_number_of(by_week[none], low.index),
        weeks_in_part=_number_of(by_week[some], low.index),
        suspended=sums["suspended"],
    ).reset_index(drop=True)
    return found[list(_AVOIDING)].astype(_AVOIDING)


def sessions_of(weeks: pd.DataFrame) -> pd.DataFrame:
    """Weeks of which attendance is known: `pupil, urn, week_start`, half days `expected` (possible, not suspended),
    `present`, `authorised` (absent, not suspended) and `suspended`."""
    parts = weeks.reindex(columns=["present", "authorised", "unauthorised", "code_e"]).astype("float64")
    absent = parts[["authorised", "unauthorised"]].sum(axis=1, min_count=2)
    possible, suspended = weeks["possible"].astype("float64"), parts["code_e"].fillna(0.0)
    present = parts["present"].fillna(possible - absent)
    told = weeks[["pupil", "urn", "week_start"]].assign(
        expected=(possible - suspended).clip(lower=0),
        present=np.minimum(present, possible - suspended),
        # Code E is an authorised absence, so it is taken out of those.
        authorised=(parts["authorised"].fillna(0.0) - suspended).clip(lower=0),
        suspended=suspended,
    )
    return told[present.notna() & possible.gt(0)]


def _summed(sessions: pd.DataFrame, mondays: tuple[pd.Timestamp, ...]) -> pd.DataFrame:
    within = sessions[sessions["week_start"].isin(mondays)]
    return within.groupby("pupil")[["expected", "present"]].sum()


def _latest_school(sessions: pd.DataFrame, compared: Windows) -> pd.Series:
    within = sessions[sessions["week_start"].isin(compared.recent)].sort_values(["week_start", "urn"], kind="stable")
    return within.drop_duplicates("pupil", keep="last").set_index("pupil")["urn"]


def _number_of(weeks: pd.DataFrame, pupils: pd.Index) -> pd.Series:
    return weeks["pupil"].value_counts().reindex(pupils).fillna(0)


def _sentence(row: dict[str, float], compared: Windows) -> str:
    first = in_words(compared.recent[0].date())
    said = (
        f"Attended {row['attendance']:.0f}% of {counted(row['sessions'], 'half day')} in the "
        f"{counted(len(compared.recent), 'school week')} from {first}"
    )
    if pd.isna(row["attendance_before"]):
        return f"{said}; what it was before is not known."
    points = round(row["attendance_before"]) - round(row["attendance"])
    moved = f"{counted(abs(points), 'point')} {'less' if points > 0 else 'more'}" if points else "as much"
    weeks = counted(len(compared.before), "school week")
    return (
        f"{said}, and {row['attendance_before']:.0f}% of {row['sessions_before']:.0f} in the {weeks} before: {moved}."
    )
