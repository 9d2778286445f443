"""The measure `first_contact`: how long families wait from the referral to the first contact, open waits counted."""

from dataclasses import dataclass
from datetime import date

import numpy as np
import pandas as pd

from analysis.caseload.last_days import with_last_days
from analysis.caseload.limits import FIRST_CONTACT_DAYS
from analysis.statistics.survival import Share, Time, TooFew, due_only, kaplan_meier
from data_model.codes import ReferralDecision
from data_model.school_days import SchoolDays

MINIMUM = 10
"""Fewer accepted referrals say nothing of a service: statistics.md, section 4."""
WITHIN = FIRST_CONTACT_DAYS


@dataclass(frozen=True)
class FirstContacts:
    """Referrals that were accepted, and how soon somebody was in touch.

    `count` were within the standard of WITHIN school days, of `out_of` whose time to judge it has come; `share` is that
    with its range, None below MINIMUM. `median` is the school days by which half had a first contact, with its range,
    of `accepted` referrals, those still waiting counted for as long as they have waited; None below MINIMUM.
    """

    accepted: int
    waiting: int
    count: int
    out_of: int
    share: Share | None
    median: Time | None


def first_contact_shares(
    referrals: pd.DataFrame, cases: pd.DataFrame, contacts: pd.DataFrame, calendar: SchoolDays, on: date
) -> FirstContacts:
    """The measure, of referrals that were accepted and received up to a day.

    referrals: `referral_id, urn, received_date, decision`; choose the rows of a period or a group before. cases and
    contacts: columns of the datasets, whatever the period. Contacts after the day are not known of yet.
    """
    own = referrals[
        referrals["decision"].eq(str(ReferralDecision.ACCEPTED)) & referrals["received_date"].le(pd.Timestamp(on))
    ]
    touched = _first(own, cases, contacts[contacts["date"].le(pd.Timestamp(on))], on)
    over = touched.notna().to_numpy()
    until = touched.fillna(pd.Timestamp(on))
    seen = np.array(
        [
            # A contact on the day of the referral, or written down as before it, is a wait of nothing.
            max(calendar.between(received.date(), last.date(), -1 if pd.isna(urn) else int(urn)), 0)
            for received, last, urn in zip(own["received_date"], until, own["urn"], strict=True)
        ],
        dtype=np.float64,
    )
    # Whoever was reached early is judged when the others of that day are: counting them before flatters.
    length = np.array(
        [
            calendar.between(received.date(), on, -1 if pd.isna(urn) else int(urn))
            for received, urn in zip(own["received_date"], own["urn"], strict=True)
        ],
        dtype=np.int64,
    )
    within, due = over & (seen <= WITHIN), length > WITHIN
    return FirstContacts(
        accepted=len(own),
        waiting=int((~over).sum()),
        count=int((within & due).sum()),
        out_of=int(due.sum()),
        share=_share(within, due),
        median=_median(seen, over),
    )


def _first(referrals: pd.DataFrame, cases: pd.DataFrame, contacts: pd.DataFrame, on: date) -> pd.Series:
    """The day of the first contact of each referral, by its case; missing where nobody has been in touch by a day."""
    own = with_last_days(cases[cases["referral_id"].notna()], contacts, referrals)
    first = own.groupby("referral_id", observed=True)["first_contact"].min()
    days = first.reindex(referrals["referral_id"]).set_axis(referrals.index)
    return days.where(days.le(pd.Timestamp(on))).astype("datetime64[s]")


def _share(within: np.ndarray, due: np.ndarray) -> Share | None:
    try:
        return due_only(within, due, minimum=MINIMUM)
    except TooFew:
        return None


def _median(seen: np.ndarray, over: np.ndarray) -> Time | None:
    try:
        return kaplan_meier(seen, over, minimum=MINIMUM).quantile()
    except TooFew:
        return None
