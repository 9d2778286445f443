"""Who is due back, and who is back and may need support again: single children, for those who may see them."""

from datetime import date
from typing import Any

import pandas as pd
from sqlalchemy import Connection

from access.scope import Scope
from analysis import queries
from analysis.alternative_provision.stays import Ending, endings
from analysis.casework.attendance_change import attendance_change
from analysis.casework.rows import pupil_rows
from analysis.wording import amount, counted, listed
from data_model.attendance import ATTENDANCE
from data_model.codes import Tier
from data_model.exclusions import PERMANENT_EXCLUSIONS
from data_model.placements import AP_PLACEMENTS
from data_model.school_days import SchoolDays
from data_model.suspensions import SUSPENSIONS
from data_model.terms import in_words
from data_model.thresholds import Thresholds

SOON = 30
"""School days within which somebody is due back soon: six school weeks."""
FOLLOWED = 120
"""School days for which a return is followed: 24 school weeks."""

_DUE = ["pupil_ref", "urn", "school", "tier", "start_date", "due_on", "school_days", "sentence"]
_BACK = ["pupil_ref", "urn", "school", "back_on", "suspensions", "days_lost", "attendance", "sentence"]


def due_back(connection: Connection, scope: Scope, la: int, on: date) -> pd.DataFrame:
    """The children in an open placement who are due back within SOON school days, or were due by now: the longest
    overdue first.

    One row a placement: `pupil_ref, urn, school` (of the home school), `tier` in words, `start_date`, `due_on` (the
    planned day of the return, else the planned end), `school_days` until then (below 0: overdue), `sentence`. Raises
    OutOfScope where the scope has no rows about pupils.
    """
    rows = _known_on(pupil_rows(connection, scope, AP_PLACEMENTS, la_code=la), on)
    there = rows[rows["end_date"].isna()]
    there = there.assign(due_on=there["planned_reintegration_date"].fillna(there["planned_end_date"]))
    there = there.dropna(subset=["due_on"])
    calendar = SchoolDays.of(queries.term_dates(connection, scope.within(la)))
    days = [
        calendar.between(on, day.date(), _number(urn)) for day, urn in zip(there["due_on"], there["urn"], strict=True)
    ]
    there = there.assign(school_days=pd.Series(days, index=there.index, dtype="int64"))
    there = there[there["school_days"] <= SOON].sort_values(["school_days", "pupil_ref"], kind="stable")
    tiers = there["tier"].astype("str").map({str(tier): tier.label for tier in Tier}).fillna("")
    said = pd.Series([_due_sentence(row) for row in there.to_dict("records")], index=there.index, dtype="object")
    found = there.assign(school=_names(connection, scope, there), tier=tiers, sentence=said)
    return found[_DUE].reset_index(drop=True)


def back_again(connection: Connection, scope: Scope, la: int, on: date, thresholds: Thresholds) -> pd.DataFrame:
    """The children who came back in the last FOLLOWED school days and may need support again: suspended or excluded
    since, or with attendance that is low or falling since. The latest return first.

    One row a child: `pupil_ref, urn, school` (where they are back), `back_on`, `suspensions` and `days_lost` since,
    `attendance` in percent of the latest weeks since the return (missing where too little is known), `sentence`. Raises
    OutOfScope where the scope has no rows about pupils.
    """
    back = _back(connection, scope, la, on)
    pupils = list(back["pupil_ref"])
    since = back.set_index("pupil_ref")["back_on"]
    suspended = _since(pupil_rows(connection, scope, SUSPENSIONS, pupils=pupils), "start_date", since, on)
    suspended = suspended.drop_duplicates(["pupil_ref", "urn", "start_date"])
    excluded = _since(
        pupil_rows(connection, scope, PERMANENT_EXCLUSIONS, pupils=pupils), "head_decision_date", since, on
    )
    weeks = _since(pupil_rows(connection, scope, ATTENDANCE, pupils=pupils), "week_start", since, on)
    number = {pupil: place for place, pupil in enumerate(pupils)}
    change = attendance_change(weeks.assign(pupil=weeks["pupil_ref"].map(number).astype("int64")), on, thresholds)
    of_pupil = suspended.groupby("pupil_ref")
    told = change.assign(pupil_ref=change["pupil"].map(dict(enumerate(pupils)))).set_index("pupil_ref")
    found = back.set_index("pupil_ref", drop=False).assign(
        suspensions=of_pupil.size(),
        days_lost=of_pupil["sessions"].sum() / 2,
        excluded=excluded.groupby("pupil_ref").size(),
        attendance=told["attendance"],
        wobbles=told["is_low"] | told["is_falling"],
        attended=told["sentence"],
    )
    found = found.fillna({"suspensions": 0, "days_lost": 0.0, "excluded": 0, "wobbles": False, "attended": ""})
    found = found.astype({"suspensions": "int64", "wobbles": "bool"})
    found = found[found["suspensions"].gt(0) | found["excluded"].gt(0) | found["wobbles"]]
    said = pd.Series([_back_sentence(row) for row in found.to_dict("records")], index=found.index, dtype="object")
    found = found.assign(school=_names(connection, scope, found), sentence=said)
    return found[_BACK].reset_index(drop=True)


def _back(connection: Connection, scope: Scope, la: int, on: date) -> pd.DataFrame:
    """The latest return of each child that is followed still: `pupil_ref, urn, back_on`; not of who is placed again."""
    rows = _known_on(pupil_rows(connection, scope, AP_PLACEMENTS, la_code=la), on).astype({"pupil_ref": "str"})
    latest = rows.sort_values(["start_date", "placement_id"], kind="stable").drop_duplicates("pupil_ref", keep="last")
    back = latest[latest["end_date"].notna() & endings(latest).eq(Ending.RETURNED.number)]
    back = back.assign(urn=back["destination_urn"].fillna(back["urn"]), back_on=back["end_date"])
    calendar = SchoolDays.of(queries.term_dates(connection, scope.within(la)))
    followed = [
        calendar.between(day.date(), on, _number(urn)) <= FOLLOWED
        for day, urn in zip(back["back_on"], back["urn"], strict=True)
    ]
    back = back[pd.Series(followed, index=back.index, dtype="bool")]
    return back.sort_values(["back_on", "pupil_ref"], ascending=[False, True])[["pupil_ref", "urn", "back_on"]]


def _known_on(rows: pd.DataFrame, on: date) -> pd.DataFrame:
    """Placements as they were known on a day: what ended later is open."""
    there = rows[rows["start_date"].le(pd.Timestamp(on))]
    return there.assign(end_date=there["end_date"].where(there["end_date"].le(pd.Timestamp(on))))


def _since(rows: pd.DataFrame, day: str, since: pd.Series, on: date) -> pd.DataFrame:
    own = rows.assign(pupil_ref=rows["pupil_ref"].astype("str"))
    back = own["pupil_ref"].map(since).astype("datetime64[s]")
    return own[own[day].gt(back) & own[day].le(pd.Timestamp(on))]


def _names(connection: Connection, scope: Scope, rows: pd.DataFrame) -> pd.Series:
    schools = queries.schools(connection, scope).set_index("urn")["school_name"].astype("str")
    return rows["urn"].map(schools).fillna("Not known")


def _number(urn: Any) -> int:
    return -1 if pd.isna(urn) else int(urn)


def _due_sentence(row: dict[Any, Any]) -> str:
    days, due = int(row["school_days"]), in_words(row["due_on"].date())
    if days < 0:
        return f"Was due back on {due}: {counted(-days, 'school day')} ago."
    return f"Due back on {due}: in {counted(days, 'school day')}." if days else f"Due back on {due}: in the holidays."


def _back_sentence(row: dict[Any, Any]) -> str:
    facts = []
    if row["suspensions"]:
        lost = amount(row["days_lost"])
        facts.append(
            f"suspended {counted(row['suspensions'], 'time')} since ({lost} {'day' if lost == '1' else 'days'})"
        )
    if row["excluded"]:
        facts.append("permanently excluded since")
    said = f"Back since {in_words(row['back_on'].date())}{': ' if facts else ''}{listed(facts)}."
    return f"{said} {row['attended']}" if row["wobbles"] else said
