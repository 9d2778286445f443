"""Children without support: facts about pupils of whom no outreach case is open, against thresholds that the LA sets.

Facts and never a score: nothing is added up over facts, and the order is that of what happened last. Who is to be
offered support is for people to decide.
"""

from collections.abc import Collection
from datetime import date, timedelta
from typing import Any

import pandas as pd

from analysis.records import open_on
from analysis.wording import counted, listed
from data_model.labelled import Labelled
from data_model.terms import Period, in_words, previous_year
from data_model.thresholds import Thresholds

_NOBODY = -1


class Fact(Labelled):
    """What is pointed out about a child."""

    SOME_SUSPENSIONS = "some_suspensions", "Some suspensions"
    MANY_SUSPENSIONS = "many_suspensions", "Many suspensions"
    DAYS_LOST = "many_days_lost", "Many days lost"
    CONSIDERED = "considered", "Permanent exclusion being considered"
    ATTENDANCE_FALLING = "attendance_falling", "Attendance falling"


_COLUMNS = {
    "pupil": "int64",
    "urn": "int64",
    "suspensions": "int64",
    "days_lost": "float64",
    "considered_on": "datetime64[s]",
    "attendance": "float64",
    "attendance_before": "float64",
    "last_happened": "datetime64[s]",
    "last_case_ended": "datetime64[s]",
    **{str(fact): "bool" for fact in Fact},
    "sentence": "str",
}


def counted_from(on: date) -> date:
    """The first day of the three terms that suspensions are counted over, by DfE's cut-offs: since last year's same
    term ended."""
    present = Period.of(on)
    return Period(previous_year(present.year), present.term).bounds[1] + timedelta(days=1)


def without_support(
    suspensions: pd.DataFrame,
    cases: pd.DataFrame,
    attendance: pd.DataFrame,
    considered: pd.DataFrame,
    on: date,
    thresholds: Thresholds,
) -> pd.DataFrame:
    """The pupils with a fact at or past its threshold on a day, and no case open: one row each, the newest first.

    suspensions: `pupil, urn, start_date, sessions`, those that count. cases: `pupil, start_date, end_date`.
    attendance: rows of `attendance_change`. considered: `pupil, urn, date`, calls of heads who consider a permanent
    exclusion, of which those count that came since `counted_from`, as of suspensions.

    Columns: `pupil, urn` (of what happened last), `suspensions, days_lost` (since `counted_from`), `considered_on` (the
    latest), `attendance, attendance_before` (missing where not known), `last_happened` (missing where attendance fell
    and nothing happened), `last_case_ended` (missing where there was none), a column of yes or no for each Fact,
    `sentence`.
    """
    heard_of = {*suspensions["pupil"], *considered["pupil"], *attendance["pupil"]}
    known = heard_of - {*open_on(cases, on)["pupil"], _NOBODY}
    found = facts_about(known, suspensions, cases, attendance, considered, on, thresholds)
    found = found[found[list(Fact)].any(axis=1)].reset_index()
    said = [_sentence(row, counted_from(on)) for row in found.to_dict("records")]
    found = found.assign(sentence=pd.Series(said, dtype=object))[list(_COLUMNS)].astype(_COLUMNS)
    return found.sort_values(["last_happened", "pupil"], ascending=[False, True], ignore_index=True)


def facts_about(
    children: Collection[int],
    suspensions: pd.DataFrame,
    cases: pd.DataFrame,
    attendance: pd.DataFrame,
    considered: pd.DataFrame,
    on: date,
    thresholds: Thresholds,
) -> pd.DataFrame:
    """The facts about these pupils, by pupil, at their thresholds or not: columns as of `without_support` but the
    sentence; `urn` is missing where nothing happened."""
    first, last = pd.Timestamp(counted_from(on)), pd.Timestamp(on)
    recent = suspensions[suspensions["start_date"].between(first, last)]
    calls = considered[considered["date"].between(first, last)]
    pupils = pd.Index(sorted(children), name="pupil", dtype="int64")
    of_pupil, of_attendance = recent.groupby("pupil"), attendance.set_index("pupil").reindex(pupils)
    happened = _last_of(recent, calls).reindex(pupils)
    found = pd.DataFrame(index=pupils).assign(
        urn=happened["urn"].fillna(of_attendance["urn"]),
        suspensions=of_pupil.size().reindex(pupils).fillna(0),
        days_lost=of_pupil["sessions"].sum().reindex(pupils).fillna(0) / 2,
        considered_on=calls.groupby("pupil")["date"].max().reindex(pupils),
        attendance=of_attendance["attendance"],
        attendance_before=of_attendance["attendance_before"],
        last_happened=happened["day"],
        last_case_ended=cases[cases["end_date"].lt(last)].groupby("pupil")["end_date"].max().reindex(pupils),
    )
    return found.assign(
        **{
            Fact.SOME_SUSPENSIONS: found["suspensions"] >= thresholds.some_suspensions,
            Fact.MANY_SUSPENSIONS: found["suspensions"] >= thresholds.many_suspensions,
            Fact.DAYS_LOST: found["days_lost"] >= thresholds.days_lost,
            Fact.CONSIDERED: found["considered_on"].notna(),
            Fact.ATTENDANCE_FALLING: of_attendance["is_falling"].eq(True),
        }
    )


def _last_of(suspensions: pd.DataFrame, calls: pd.DataFrame) -> pd.DataFrame:
    """The school and day of what happened last to each pupil."""
    both = pd.concat(
        [
            suspensions[["pupil", "urn", "start_date"]].rename(columns={"start_date": "day"}),
            calls[["pupil", "urn", "date"]].rename(columns={"date": "day"}),
        ]
    ).sort_values(["day", "urn"], kind="stable")
    return both.drop_duplicates("pupil", keep="last").set_index("pupil")


def _sentence(row: dict[str, Any], since: date) -> str:
    said = []
    if row["suspensions"]:
        number, days = counted(row["suspensions"], "suspension"), f"{row['days_lost']:g}"
        said.append(f"{number} and {days} {'day' if row['days_lost'] == 1 else 'days'} lost since {in_words(since)}")
    if row[Fact.CONSIDERED]:
        said.append(f"a permanent exclusion was being considered on {in_words(row['considered_on'].date())}")
    if row[Fact.ATTENDANCE_FALLING]:
        said.append(f"attendance fell from {row['attendance_before']:.0f}% to {row['attendance']:.0f}%")
    ended = row["last_case_ended"]
    before = "no case before" if pd.isna(ended) else f"the last case ended on {in_words(ended.date())}"
    sentence = f"{listed(said)}; {before}."
    return sentence[0].upper() + sentence[1:]
