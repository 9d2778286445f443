"""What has to happen next, case by case and referral by referral, and how late it is on a day."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import pandas as pd

from analysis.caseload.last_days import with_last_days
from analysis.caseload.limits import (
    CONTACT_WITHIN,
    FIRST_CONTACT_DAYS,
    FIRST_VISIT_DAYS,
    HELD_EARLY,
    IN_SCHOOL_DAYS,
    LONGEST,
    REVIEW_WITHIN,
    Step,
)
from analysis.caseload.queries import Casework
from analysis.caseload.waiting import waiting
from analysis.records import open_on
from analysis.wording import counted
from data_model.school_days import SchoolDays

COLUMNS = {
    "case_id": "str",
    "referral_id": "str",
    "pupil_ref": "str",
    "urn": "Int64",
    "worker_ref": "str",
    "step": "str",
    "due": "datetime64[s]",
    "late": "bool",
    "how_late": "str",
    "by_term_dates": "bool",
}


@dataclass(frozen=True)
class _Next:
    step: Step
    due: date
    by_term_dates: bool = True


def steps(rows: Casework, on: date) -> pd.DataFrame:
    """Every next step of the cases that are open on a day and of the referrals that wait, by the day it is due.

    The columns of COLUMNS: `case_id` is missing for a referral without a case, `worker_ref` where nobody has it or the
    scope does not say. `late` is true from the day after `due` on; `how_late` says by how much, or how long there is.
    """
    still_open = open_on(rows.cases, on)
    # The last day of a case still counts among those open, but nothing is due on it any more.
    going_on = still_open[~still_open["end_date"].le(pd.Timestamp(on))]
    cases = with_last_days(going_on, rows.contacts, rows.referrals)
    found = [
        _row(each, row, rows.calendar, on) for row in cases.to_dict("records") for each in _of_case(row, rows.calendar)
    ]
    for row in waiting(rows, on).to_dict("records"):
        due = rows.calendar.after(row["received_date"].date(), FIRST_CONTACT_DAYS, _area(row["urn"]))
        step = Step.OPENING if row["accepted"] else Step.DECISION
        found.append(_row(_Next(step, due.day, due.by_term_dates), row, rows.calendar, on))
    table = pd.DataFrame(found, columns=list(COLUMNS)).astype(COLUMNS)
    return table.sort_values(["due", "referral_id", "case_id"], kind="stable", ignore_index=True)


def until(found: pd.DataFrame, day: date) -> pd.DataFrame:
    """The steps that are due on a day or before."""
    return found[found["due"].le(pd.Timestamp(day))].reset_index(drop=True)


def _of_case(row: dict[str, Any], calendar: SchoolDays) -> Iterator[_Next]:
    """What is next on an open case: contacts first, then the review, then its end."""
    received, area = row["received_date"].date(), _area(row["urn"])
    if pd.isna(row["first_contact"]):
        first = calendar.after(received, FIRST_CONTACT_DAYS, area)
        yield _Next(Step.FIRST_CONTACT, first.day, first.by_term_dates)
    else:
        if pd.isna(row["first_visit"]):
            visit = calendar.after(received, FIRST_VISIT_DAYS, area)
            yield _Next(Step.FIRST_VISIT, visit.day, visit.by_term_dates)
        yield _Next(Step.CONTACT, row["last_contact"].date() + CONTACT_WITHIN)
    yield _Next(Step.REVIEW, _review_due(row))
    yield _Next(Step.TIME_LIMIT, row["start_date"].date() + LONGEST)


def _review_due(row: dict[str, Any]) -> date:
    """The day that was agreed for a review to come; else some weeks after the last, or after the start."""
    agreed, last = row["review_due"], row["last_review"]
    # Cases keep the day that was agreed for a review that has been held since, or a little before: that one is over.
    if pd.notna(agreed) and (pd.isna(last) or agreed > last + HELD_EARLY):
        return agreed.date()  # type: ignore[no-any-return]
    since = row["start_date"] if pd.isna(last) else last
    return since.date() + REVIEW_WITHIN  # type: ignore[no-any-return]


def _row(following: _Next, row: dict[str, Any], calendar: SchoolDays, on: date) -> dict[str, object]:
    own = {name: row.get(name) for name in ("case_id", "referral_id", "pupil_ref", "urn", "worker_ref")}
    own = {name: None if pd.isna(value) else value for name, value in own.items()}
    return own | {
        "step": str(following.step),
        "due": following.due,
        "late": following.due < on,
        "how_late": _how_late(following, _area(row["urn"]), calendar, on),
        "by_term_dates": following.by_term_dates,
    }


def _how_late(following: _Next, area: int, calendar: SchoolDays, on: date) -> str:
    """How far a day is from the day that a step is due, in what the step is counted in."""
    if following.due == on:
        return "today"
    late = following.due < on
    if following.step in IN_SCHOOL_DAYS:
        days = calendar.between(
            min(on, following.due), max(on, following.due), area, by_term_dates=following.by_term_dates
        )
        length = counted(days, "school day")
    else:
        length = in_weeks(abs(on - following.due))
    return f"{length} late" if late else f"in {length}"


def in_weeks(length: timedelta) -> str:
    """A length in days, and from two weeks on in whole weeks."""
    return counted(length.days, "day") if length.days < 14 else counted(length.days // 7, "week")


def _area(urn: object) -> int:
    return -1 if pd.isna(urn) else int(urn)  # type: ignore[call-overload]
