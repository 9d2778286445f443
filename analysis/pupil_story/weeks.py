"""A child's attendance, week by week, at all schools together."""

from collections.abc import Mapping
from datetime import date, timedelta

import pandas as pd

from analysis.casework.attendance_change import attendance_change, sessions_of, windows
from analysis.wording import listed
from data_model.terms import in_words
from data_model.thresholds import Thresholds

_UNTIL_FRIDAY, _A_WEEK = timedelta(days=4), timedelta(days=7)

_COLUMNS = {
    "week": "datetime64[s]",
    "school": "str",
    "expected": "float64",
    "present": "float64",
    "percent": "float64",
    "suspended": "float64",
}


def weeks(attendance: pd.DataFrame, schools: Mapping[int, str]) -> pd.DataFrame:
    """The weeks of one child of which attendance is known, in order: `week` (its Monday), `school` (all of them),
    half days `expected` (possible, and not suspended), `present` and `suspended`, and `percent` present of expected
    (missing where none was expected).

    `attendance`: the child's rows of the dataset; `schools`: names by URN.
    """
    known = sessions_of(attendance.assign(pupil=0))
    if known.empty:
        return pd.DataFrame({name: pd.Series(dtype=kind) for name, kind in _COLUMNS.items()})
    places = known.assign(school=[schools.get(int(urn), f"URN {urn}") for urn in known["urn"]])
    found = (
        places.groupby("week_start")
        .agg(
            school=("school", lambda names: listed(list(dict.fromkeys(names)))),
            expected=("expected", "sum"),
            present=("present", "sum"),
            suspended=("suspended", "sum"),
        )
        .reset_index(names="week")
    )
    percent = (100 * found["present"] / found["expected"]).where(found["expected"] > 0)
    return found.assign(percent=percent)[list(_COLUMNS)].astype(_COLUMNS)


def attendance_in_words(attendance: pd.DataFrame, on: date, thresholds: Thresholds) -> str:
    """The latest school weeks beside those before, by an authority's thresholds, and since when nothing is recorded.

    Blank where too few weeks are known.
    """
    change = attendance_change(attendance.assign(pupil=0), on, thresholds)
    if change.empty:
        return ""
    last = windows(attendance, on, thresholds).recent[-1].date() + _UNTIL_FRIDAY
    since = f" No attendance is recorded after {in_words(last)}." if on - last > _A_WEEK else ""
    return f"{change['sentence'].iloc[0]}{since}"
