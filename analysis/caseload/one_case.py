"""One case as its page shows it: its facts, what is next, and its timeline."""

from dataclasses import dataclass
from datetime import date
from typing import Any

import pandas as pd
from sqlalchemy import Connection

from access.roles import Permission
from access.scope import Scope
from analysis import queries
from analysis.caseload.due import steps
from analysis.caseload.queries import Casework, case_rows
from analysis.caseload.timeline import timeline
from analysis.caseload.views import NO_SCHOOL, NOBODY, told
from analysis.wording import counted
from data_model.codes import Agreement, CaseType, Concern, ProviderType, Tier
from data_model.labelled import Labelled
from data_model.school_days import SchoolDays
from data_model.terms import in_words


@dataclass(frozen=True, eq=False)
class OneCase:
    """A case on a day.

    `pupil_ref` is None for work with a group or a whole school, `worker` where there is none or the scope does not say.
    facts: `name, said`. following: the columns of `due.COLUMNS` with `what` and `standing`, by the day it is due; empty
    of a case that is closed. timeline: see there.
    """

    case_id: str
    pupil_ref: str | None
    school: str
    worker: str | None
    is_open: bool
    facts: pd.DataFrame
    following: pd.DataFrame
    timeline: pd.DataFrame


def one_case(connection: Connection, scope: Scope, *, case_id: str, on: str) -> OneCase | None:
    """A case on a day, `on` as ISO text; None where there is none within the scope."""
    found = case_rows(connection, scope, case_id=case_id)
    if found is None:
        return None
    schools = queries.schools(connection, scope).set_index("urn")
    urn = found.case.get("urn")
    la = schools["la_code"].get(urn)
    dates = queries.term_dates(connection, scope)
    own = Casework(
        referrals=_frame(found.referral, ["referral_id", "received_date", "decision", "urn", "pupil_ref"]),
        cases=_frame(found.case, _OF_A_CASE),
        contacts=found.contacts,
        posts=pd.DataFrame(),
        calendar=SchoolDays.of(dates[dates["applies_to"].isin({la, urn})]),
        names={int(urn): str(schools["school_name"].get(urn))} if urn is not None else {},
    )
    day = date.fromisoformat(on)
    following = told(steps(own, day), own)
    school = own.names.get(int(urn), NO_SCHOOL) if urn is not None else NO_SCHOOL
    pupil = found.case.get("pupil_ref")
    return OneCase(
        case_id=case_id,
        pupil_ref=None if pupil is None else str(pupil),
        school=school,
        worker=found.case.get("worker_ref"),
        is_open="end_date" not in found.case or found.case["end_date"] > pd.Timestamp(day),
        facts=_facts(found.case, found.referral, school, day, sees_staff=Permission.STAFF in scope.columns),
        following=following,
        timeline=timeline(found),
    )


_OF_A_CASE = [
    *("case_id", "referral_id", "urn", "pupil_ref", "worker_ref", "start_date", "first_contact_date"),
    *("first_visit_date", "review_due", "review_date", "end_date", "close_reason"),
]
_DAYS = (
    "received_date",
    "start_date",
    "first_contact_date",
    "first_visit_date",
    "review_due",
    "review_date",
    "end_date",
)


def _frame(row: dict[str, Any], columns: list[str]) -> pd.DataFrame:
    """One row, or none, with these columns whatever it lacks."""
    frame = pd.DataFrame([row] if row else [], columns=columns)
    days = dict.fromkeys((name for name in _DAYS if name in columns), "datetime64[s]")
    return frame.astype(dict.fromkeys(columns, object) | days)


def _facts(case: dict[str, Any], referral: dict[str, Any], school: str, on: date, *, sees_staff: bool) -> pd.DataFrame:
    weeks = (pd.Timestamp(on) - case["start_date"]).days // 7
    every = {
        "School": school,
        "Worker": case.get("worker_ref", NOBODY) if sees_staff else "",
        "Kind of work": _label(CaseType, case.get("case_type")),
        "Tier": _label(Tier, case.get("tier")),
        "Opened on": in_words(case["start_date"]),
        "Open for": counted(weeks, "week") if "end_date" not in case else "",
        "Closed on": in_words(case["end_date"]) if "end_date" in case else "",
        "Who works on it": _label(ProviderType, case.get("provider_type")),
        "Main concern": _label(Concern, referral.get("primary_concern")),
        "Parents agree": _label(Agreement, referral.get("parent_agreement")),
        "Risk of exclusion at referral": f"{referral['risk_1_10']:.0f} of 10" if "risk_1_10" in referral else "",
    }
    return pd.DataFrame([(name, said) for name, said in every.items() if said], columns=["name", "said"])


def _label(kind: type[Labelled], code: object) -> str:
    return next((each.label for each in kind if each == code), "")
