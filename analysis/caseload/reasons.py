"""Why referrals were accepted or declined, and why cases closed: counts over twelve months, each of how many."""

from dataclasses import dataclass
from datetime import date, timedelta

import pandas as pd

from analysis.caseload.queries import Casework
from data_model.codes import CaseClose, ReferralDecision
from data_model.labelled import Labelled

NO_REASON = "No reason recorded"
_YEAR = timedelta(days=365)


@dataclass(frozen=True, eq=False)
class Reasons:
    """How often each was given: `rows` with `reason, count`, the most frequent first, and how many there are of all."""

    rows: pd.DataFrame
    of: int


def decisions(rows: Casework, on: date) -> Reasons:
    """What was decided on the referrals that were received in the twelve months up to a day."""
    found = _received(rows, on)
    return _counted(found["decision"].fillna(str(ReferralDecision.WAITING)), ReferralDecision)


def declines(rows: Casework, on: date) -> Reasons:
    """Why referrals were declined, of those that were received in the twelve months up to a day."""
    found = _received(rows, on)
    return _counted(found.loc[found["decision"].eq(str(ReferralDecision.DECLINED)), "decline_reason"])


def closes(rows: Casework, on: date) -> Reasons:
    """Why cases closed, of those that ended in the twelve months up to a day."""
    return _counted(_lately(rows.cases, "end_date", on)["close_reason"], CaseClose)


def since(on: date) -> date:
    """The first of the days that are counted up to a day."""
    return on - _YEAR + timedelta(days=1)


def _received(rows: Casework, on: date) -> pd.DataFrame:
    return _lately(rows.referrals, "received_date", on)


def _lately(rows: pd.DataFrame, column: str, on: date) -> pd.DataFrame:
    return rows[rows[column].between(pd.Timestamp(since(on)), pd.Timestamp(on))]


def _counted(codes: pd.Series, kind: type[Labelled] | None = None) -> Reasons:
    words = {str(code): code.label for code in kind} if kind else {}
    said = codes.astype(object).where(codes.notna(), NO_REASON).map(lambda code: words.get(code, code))
    counts = said.value_counts().rename_axis("reason").reset_index(name="count")
    ordered = counts.sort_values(["count", "reason"], ascending=[False, True], kind="stable", ignore_index=True)
    return Reasons(ordered.astype({"reason": "str", "count": "int64"}), int(counts["count"].sum()))
