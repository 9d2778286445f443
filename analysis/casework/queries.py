"""What is known of each child of an authority whom the scope reaches: what children without support are found from."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta

import pandas as pd
from sqlalchemy import Connection

from access.scope import OutOfScope, Scope
from analysis import queries
from analysis.casework.rows import pupil_rows
from analysis.continuity import sponsored_openings
from analysis.joining import after_opening, of_current_school, that_count
from data_model.attendance import ATTENDANCE
from data_model.casework_codes import CallKind
from data_model.codes import ReferralDecision
from data_model.exclusions import OVER, PERMANENT_EXCLUSIONS
from data_model.family_support import FAMILY_SUPPORT
from data_model.first_response import FIRST_RESPONSE
from data_model.labelled import Labelled
from data_model.outreach import OUTREACH_CASES, OUTREACH_REFERRALS
from data_model.placements import AP_PLACEMENTS
from data_model.suspensions import SUSPENSIONS

_WEEKS_KEPT = timedelta(days=400)
"""Attendance of about a year: more than the most school weeks that thresholds compare."""


class Beside(Labelled):
    """What a child has beside outreach cases: said of them, and no reason to leave them out."""

    WAITING = "waiting", "referral waiting"
    PLACED = "placed", "in alternative provision"
    FAMILY = "family", "family support"
    EXCLUDED = "excluded", "permanently excluded"


@dataclass(frozen=True, eq=False)
class Children:
    """Rows about the children of one authority. `pupil` is a number, the place of a child in `references`.

    suspensions: `pupil, urn, start_date, sessions`, those that count. cases: `pupil, start_date, end_date`.
    weeks: rows of attendance. considered: `pupil, urn, date`, calls of heads who consider a permanent exclusion.
    beside: `pupil, kind` (Beside), `start_date, end_date`. schools: `urn, school_name, phase`, those with
    figures.
    whole: whether the authority is reached whole, so that a case of any of its schools is known.
    """

    references: tuple[str, ...]
    suspensions: pd.DataFrame
    cases: pd.DataFrame
    weeks: pd.DataFrame
    considered: pd.DataFrame
    beside: pd.DataFrame
    schools: pd.DataFrame
    whole: bool


def children(connection: Connection, scope: Scope, la: int) -> Children:
    """The children of an authority. Raises OutOfScope where the scope has no rows about pupils."""
    if not scope.pupil_rows:
        raise OutOfScope("These rows are about single pupils, and you may not see pupils’ rows.")
    own = scope.within(la)
    schools = queries.schools(connection, own)
    suspended = after_opening(pupil_rows(connection, own, SUSPENSIONS), "start_date", sponsored_openings(schools))
    frames = {
        "suspensions": of_current_school(that_count(suspended), schools),
        "cases": pupil_rows(connection, own, OUTREACH_CASES),
        "weeks": of_current_school(_lately(pupil_rows(connection, own, ATTENDANCE)), schools),
        "considered": of_current_school(_considered(pupil_rows(connection, own, FIRST_RESPONSE)), schools),
        "beside": pd.concat(_beside(connection, own), ignore_index=True),
    }
    numbers, references = pd.factorize(pd.concat([frame["pupil_ref"].astype("str") for frame in frames.values()]))
    start = 0
    for name, frame in frames.items():
        end = start + len(frame)
        frames[name] = frame.drop(columns="pupil_ref").assign(pupil=numbers[start:end].astype("int64"))
        start = end
    register = schools[schools["urn"].eq(schools["current_urn"])][["urn", "school_name", "phase"]]
    whole = la in scope.la_codes and scope.services is None
    return Children(tuple(references), schools=register.reset_index(drop=True), whole=whole, **frames)


def _lately(weeks: pd.DataFrame) -> pd.DataFrame:
    return weeks[weeks["week_start"] > weeks["week_start"].max() - _WEEKS_KEPT]


def _considered(calls: pd.DataFrame) -> pd.DataFrame:
    considered = calls[calls["kind"].eq(CallKind.PEX_CONSIDERED)]
    return considered[["pupil_ref", "urn", "received_date"]].rename(columns={"received_date": "date"})


def _beside(connection: Connection, scope: Scope) -> Iterator[pd.DataFrame]:
    """Frames of `pupil_ref, kind, start_date, end_date`: what lasts has no end."""
    referrals = pupil_rows(connection, scope, OUTREACH_REFERRALS)
    undecided = referrals["decision"].isna() | referrals["decision"].eq(ReferralDecision.WAITING)
    yield _spans(referrals[undecided], Beside.WAITING, "received_date")
    yield _spans(pupil_rows(connection, scope, AP_PLACEMENTS), Beside.PLACED, "start_date", "end_date")
    yield _spans(pupil_rows(connection, scope, FAMILY_SUPPORT), Beside.FAMILY, "referred_date", "end_date")
    excluded = pupil_rows(connection, scope, PERMANENT_EXCLUSIONS)
    stands = excluded[~excluded["review_outcome"].isin(OVER)]
    yield _spans(stands, Beside.EXCLUDED, "head_decision_date")


def _spans(rows: pd.DataFrame, kind: Beside, starts: str, ends: str | None = None) -> pd.DataFrame:
    end = rows[ends] if ends else pd.Series(pd.NaT, index=rows.index)
    return pd.DataFrame(
        {
            "pupil_ref": rows["pupil_ref"].astype("str"),
            "kind": str(kind),
            "start_date": rows[starts].astype("datetime64[s]"),
            "end_date": end.astype("datetime64[s]"),
        }
    )
