"""The steps of a transition, and the day by which each is to be done.

On 1 March secondary places are offered (School Admissions Code 2021: national offer day). The days are no law: an
authority sets its own, and the usual ones are a place to start from. A school needs the plan before its new Year 7
visits, and the summer holidays after.
"""

from collections.abc import Callable, Mapping
from datetime import date, timedelta

import pandas as pd

from data_model.casework_codes import Settled, TransitionNeed
from data_model.labelled import Labelled
from data_model.school_days import SchoolDays
from data_model.thresholds import Thresholds


class Step(Labelled):
    """What is to be done for a child, in the order in which it falls due."""

    SCHOOL = "school_known", "Receiving school"
    PLAN = "plan", "Plan"
    TOLD = "told", "Word to the receiving school"
    KEY_ADULT = "key_adult", "Key adult"
    VISIT = "visit", "Visit to the new school"
    HALF_TERM = "half_term", "Look after half a term"
    END_OF_TERM = "end_of_term", "Look after the first term"


SUMMER = "Summer programme"
"""What is arranged for some, and missing for nobody."""
_AFTER_NEW_YEAR = "02-01"
"""A day before this one is in the first year at secondary school, and any other in the calendar year of its start."""
_A_HOLIDAY = 5  # days without school between two school days: more than a weekend with a bank holiday
_LONGEST_HALF_TERM = 60  # school days, where no term dates say when it ends


def days_of(thresholds: Thresholds) -> str:
    """The day of the year of each step, in the order of Step: `03-31 05-31 …`."""
    return " ".join(getattr(thresholds, f"transition_{step}") for step in Step)


def due_days(entry_year: str, days: str) -> dict[Step, date]:
    """The day by which each step is to be done for children who start Year 7 in an academic year, such as `202627`.

    `days` are those of `days_of`.
    """
    start = int(entry_year[:4])
    return {
        step: date.fromisoformat(f"{start + (day < _AFTER_NEW_YEAR)}-{day}")
        for step, day in zip(Step, days.split(), strict=True)
    }


def year_of_steps(entry_year: str) -> tuple[date, date]:
    """The first and the last day that a step can have for children who start Year 7 in an academic year."""
    start = int(entry_year[:4])
    first = date.fromisoformat(f"{start}-{_AFTER_NEW_YEAR}")
    return first, first.replace(year=start + 1) - timedelta(days=1)


def is_over(due: Mapping[Step, date], on: date) -> bool:
    """Whether every step is past its day."""
    return max(due.values()) < on


def concerns(rows: pd.DataFrame, step: Step) -> "pd.Series[bool]":
    """For whom a step is to be done: visits are for more than the usual; who never started there is not looked at."""
    if step is Step.VISIT:
        return ~_is(rows, "need", TransitionNeed.USUAL)
    if step in (Step.HALF_TERM, Step.END_OF_TERM):
        left_before = _is(rows, "settled_half_term", Settled.LEFT) & (step is Step.END_OF_TERM)
        return ~_is(rows, "started", "N") & ~left_before
    return pd.Series(True, index=rows.index)


def is_done(rows: pd.DataFrame, step: Step) -> "pd.Series[bool]":
    """For whom a step is done. rows: the columns of the transitions dataset."""
    return _DONE[step](rows)


def end_of_half_term(days: SchoolDays, day: date) -> date:
    """The last school day before the next holiday; a day in a holiday belongs to the half term that follows."""
    last = days.after(day - timedelta(days=1), 1)
    for _ in range(_LONGEST_HALF_TERM):
        following = days.after(last.day, 1)
        # Past the last term date weekdays are counted: what is known ends there, and so does the half term.
        ends = last.by_term_dates and not following.by_term_dates
        if ends or (following.day - last.day).days > _A_HOLIDAY:
            break
        last = following
    return last.day


def _is(rows: pd.DataFrame, column: str, code: object) -> "pd.Series[bool]":
    return rows[column].astype("object").eq(str(code))


_DONE: dict[Step, Callable[[pd.DataFrame], "pd.Series[bool]"]] = {
    Step.SCHOOL: lambda rows: rows["to_urn"].notna(),
    Step.PLAN: lambda rows: rows["plan_date"].notna(),
    Step.TOLD: lambda rows: rows["told_date"].notna(),
    Step.KEY_ADULT: lambda rows: _is(rows, "key_adult", "Y"),
    Step.VISIT: lambda rows: rows["visits"].fillna(0).gt(0).astype("bool"),
    Step.HALF_TERM: lambda rows: rows["settled_half_term"].notna(),
    Step.END_OF_TERM: lambda rows: rows["settled"].notna(),
}
