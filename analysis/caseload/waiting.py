"""Who waits: referrals that nobody has decided on, and those that were accepted and have no case."""

from datetime import date

import pandas as pd

from analysis.caseload.limits import LONGEST
from analysis.caseload.queries import Casework
from data_model.codes import ReferralDecision
from data_model.labelled import Labelled


class Waited(Labelled):
    """How long a referral has waited, in school days: first contact is due after 15."""

    UP_TO_FIVE = "5", "Up to 5 school days", 5
    UP_TO_TEN = "10", "6 to 10", 10
    UP_TO_FIFTEEN = "15", "11 to 15", 15
    LONGER = "more", "More than 15", 10_000

    most: int

    def __init__(self, _value: str, _label: str, most: int) -> None:
        self.most = most


def waiting(rows: Casework, on: date) -> pd.DataFrame:
    """The referrals that wait on a day, the longest first: the columns of the dataset, `accepted`, `waited` (school
    days since it was received) and `how_long` (Waited).

    One that was accepted waits until it has a case, and is no longer listed after the time that a case may take.
    """
    wait = _without_case(rows, on)
    known = wait[~wait["accepted"] | wait["received_date"].ge(pd.Timestamp(on - LONGEST))]
    days = [
        rows.calendar.between(each.received_date.date(), on, -1 if pd.isna(each.urn) else int(each.urn))
        for each in known.itertuples()
    ]
    waited = pd.Series(days, index=known.index, dtype="int64")
    found = known.assign(waited=waited, how_long=[str(_band(each)) for each in waited])
    return found.sort_values(["received_date", "referral_id"], kind="stable", ignore_index=True)


def forgotten(rows: Casework, on: date) -> int:
    """How many referrals were accepted longer ago than a case may take, and never got one."""
    wait = _without_case(rows, on)
    return int((wait["accepted"] & wait["received_date"].lt(pd.Timestamp(on - LONGEST))).sum())


def _without_case(rows: Casework, on: date) -> pd.DataFrame:
    referrals = rows.referrals[rows.referrals["received_date"].le(pd.Timestamp(on))]
    cases = set(rows.cases["referral_id"].dropna())
    accepted = referrals["decision"].eq(str(ReferralDecision.ACCEPTED))
    undecided = referrals["decision"].isna() | referrals["decision"].eq(str(ReferralDecision.WAITING))
    wait = referrals.assign(accepted=accepted)[accepted | undecided]
    return wait[~wait["referral_id"].isin(cases)]


def _band(days: int) -> Waited:
    return next(each for each in Waited if days <= each.most)
