"""The limits that casework is held against, and what each is counted in.

From referral to first contact and first visit: school days, as a service's standard says (composed from what English
services publish; definitions.md, section 3). Between contacts and reviews, and for a whole case: weeks of the calendar,
holidays or not, as the checks of an upload count them (data_model/outreach.py).
"""

from datetime import timedelta

from data_model.labelled import Labelled
from data_model.outreach import CONTACT_WEEKS, LONGEST_WEEKS, REVIEW_WEEKS

FIRST_CONTACT_DAYS, FIRST_VISIT_DAYS = 15, 20
"""School days from the day on which a referral was received."""

CONTACT_WITHIN = timedelta(weeks=CONTACT_WEEKS)
REVIEW_WITHIN = timedelta(weeks=REVIEW_WEEKS)
LONGEST = timedelta(weeks=LONGEST_WEEKS)
NEAR_THE_LIMIT = timedelta(weeks=4)
"""From how long before its time limit on a case is pointed out."""
THIS_WEEK = timedelta(weeks=1)
HELD_EARLY = timedelta(weeks=2)
"""A review held no longer than this before the day that was agreed for it is that review."""


class Step(Labelled):
    """What has to happen next, and by when."""

    DECISION = "decision", "Decide on the referral", f"{FIRST_CONTACT_DAYS} school days from the referral"
    OPENING = "opening", "Open a case, make contact", f"{FIRST_CONTACT_DAYS} school days from the referral"
    FIRST_CONTACT = "first_contact", "First contact", f"{FIRST_CONTACT_DAYS} school days from the referral"
    FIRST_VISIT = "first_visit", "First visit", f"{FIRST_VISIT_DAYS} school days from the referral"
    CONTACT = "contact", "Contact", f"{CONTACT_WEEKS} weeks from the last contact"
    REVIEW = "review", "Review", f"the day that was agreed, else {REVIEW_WEEKS} weeks from the last review"
    TIME_LIMIT = "time_limit", "Close, or agree why it goes on", f"{LONGEST_WEEKS} weeks from the start of the case"

    limit: str

    def __init__(self, _value: str, _label: str, limit: str) -> None:
        self.limit = limit


IN_SCHOOL_DAYS = frozenset({Step.DECISION, Step.OPENING, Step.FIRST_CONTACT, Step.FIRST_VISIT})
