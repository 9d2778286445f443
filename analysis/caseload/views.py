"""The caseload as its page shows it: asked once, in the scope of who is here."""

from dataclasses import dataclass
from datetime import date

import pandas as pd
from sqlalchemy import Connection

from access.scope import Scope
from analysis.caseload import reasons
from analysis.caseload.capacity import CaseloadRatio, by_worker, caseload_ratio, vacancies
from analysis.caseload.due import steps, until
from analysis.caseload.first_contact import FirstContacts, first_contact_shares
from analysis.caseload.limits import NEAR_THE_LIMIT, THIS_WEEK, Step
from analysis.caseload.queries import Casework, casework
from analysis.caseload.reasons import Reasons
from analysis.caseload.waiting import Waited, forgotten, waiting
from analysis.records import open_on

NO_SCHOOL = "No school"
NOBODY, NOT_TOLD = "Nobody yet", "Not told to you"
"""What stands for a worker where there is none, and where the scope does not say who works."""


@dataclass(frozen=True, eq=False)
class Caseload:
    """An authority's casework on a day. Rows name pupils by `pupil_ref`, which no page shows as it is.

    this_week: what is overdue or due by `by`: the columns of `due.COLUMNS`, `school` and `what`, `worker`, `standing`.
    near_limit: open cases that reach their time limit within four weeks, or are past it: the same columns.
    waiting: `referral_id, pupil_ref, urn, school, received_date, waited, how_long` and `decision` in words.
    ages: `decision, how_long, count` for the picture of the waiting list.
    workers: `worker, fte, open_cases, capacity, room`, empty where the scope does not say who works.
    """

    on: date
    by: date
    open_cases: int
    this_week: pd.DataFrame
    near_limit: pd.DataFrame
    waiting: pd.DataFrame
    ages: pd.DataFrame
    forgotten: int
    workers: pd.DataFrame
    vacant: float
    ratio: CaseloadRatio
    first_contact: FirstContacts
    decisions: Reasons
    declines: Reasons
    closes: Reasons
    by_term_dates: bool

    @property
    def overdue(self) -> int:
        """How many things are late."""
        return int(self.this_week["late"].sum())

    @property
    def pupils(self) -> frozenset[str]:
        """The references of all pupils in it, for the audit trail."""
        every = (self.this_week, self.near_limit, self.waiting)
        return frozenset(reference for rows in every for reference in rows["pupil_ref"].dropna())


def caseload(connection: Connection, scope: Scope, *, la: int, on: str) -> Caseload:
    """The casework of an authority on a day, `on` as ISO text. Raises OutOfScope without rows about pupils."""
    rows, day = casework(connection, scope, la=la), date.fromisoformat(on)
    following = steps(rows, day)
    by = day + THIS_WEEK
    ends = following[following["step"].eq(str(Step.TIME_LIMIT))]
    wait = _waiting(rows, day)
    ratio = caseload_ratio(rows.cases, rows.posts, day)
    last_year = rows.referrals[rows.referrals["received_date"].ge(pd.Timestamp(reasons.since(day)))]
    return Caseload(
        on=day,
        by=by,
        open_cases=len(open_on(rows.cases, day)),
        this_week=told(until(following, by), rows),
        near_limit=told(until(ends, day + NEAR_THE_LIMIT), rows),
        waiting=wait,
        ages=_ages(wait),
        forgotten=forgotten(rows, day),
        workers=_workers(rows, day),
        vacant=float(vacancies(rows.posts, day)["fte"].fillna(0).sum()),
        ratio=ratio,
        first_contact=first_contact_shares(last_year, rows.cases, rows.contacts, rows.calendar, day),
        decisions=reasons.decisions(rows, day),
        declines=reasons.declines(rows, day),
        closes=reasons.closes(rows, day),
        by_term_dates=bool(following["by_term_dates"].all()),
    )


def cases_to_open(connection: Connection, scope: Scope, *, la: int, on: str, closed_too: bool = False) -> pd.DataFrame:
    """The cases of which one can be opened, by the school's name: `case_id, pupil_ref, school, worker, is_open`."""
    rows, day = casework(connection, scope, la=la), pd.Timestamp(on)
    going_on = rows.cases["end_date"].isna() | rows.cases["end_date"].gt(day)
    found = told(rows.cases.assign(is_open=going_on), rows)
    found = found if closed_too else found[found["is_open"]]
    ordered = found.sort_values(["school", "case_id"], kind="stable", ignore_index=True)
    return ordered[["case_id", "pupil_ref", "school", "worker", "is_open"]]


def told(rows: pd.DataFrame, whole: Casework) -> pd.DataFrame:
    """Rows of cases or next steps with `school` and `worker`, and of next steps `what` and `standing`, in words."""
    found = rows.assign(school=_schools(rows, whole), worker=_workers_of(rows, whole))
    if "step" not in rows:
        return found
    labels = {str(step): step.label for step in Step}
    standing = [
        f"Overdue: {each}" if late else f"Due {each}" for each, late in zip(rows["how_late"], rows["late"], strict=True)
    ]
    return found.assign(what=rows["step"].map(labels), standing=pd.Series(standing, index=rows.index, dtype="str"))


def _schools(rows: pd.DataFrame, whole: Casework) -> pd.Series:
    names = [NO_SCHOOL if pd.isna(urn) else whole.names.get(int(urn), NO_SCHOOL) for urn in rows["urn"]]
    return pd.Series(names, index=rows.index, dtype="str")


def _workers_of(rows: pd.DataFrame, whole: Casework) -> pd.Series:
    if "worker_ref" not in whole.cases:
        return pd.Series(NOT_TOLD, index=rows.index, dtype="str")
    return rows["worker_ref"].astype("str").where(rows["worker_ref"].notna(), NOBODY)


def _waiting(rows: Casework, on: date) -> pd.DataFrame:
    found = waiting(rows, on)
    words = ["Accepted, no case yet" if each else "Not decided yet" for each in found["accepted"]]
    return found.assign(
        school=_schools(found, rows),
        decided=pd.Series(words, index=found.index, dtype="str"),
        band=found["how_long"].map({str(each): each.label for each in Waited}),
    )


def _ages(wait: pd.DataFrame) -> pd.DataFrame:
    """How many wait for how long, by decision: every length there is, with 0 where nobody has waited that long."""
    counts = wait.groupby(["decided", "band"]).size()
    every = pd.MultiIndex.from_product([sorted(set(wait["decided"])), [each.label for each in Waited]])
    return counts.reindex(every, fill_value=0).rename_axis(["decided", "band"]).rename("count").reset_index()


def _workers(rows: Casework, on: date) -> pd.DataFrame:
    found = by_worker(rows, on)
    room = found["capacity"] - found["open_cases"]
    return found.assign(worker=found["worker_ref"].fillna(NOBODY), room=room)
