"""When somebody first and last was in touch on each case, from its own dates and from its contacts."""

import pandas as pd

from data_model.codes import ContactKind, ContactOutcome, ContactPlace

_NOT_IN_TOUCH = frozenset({str(ContactKind.ADMINISTRATION), str(ContactKind.PANEL)})
_NOBODY_CAME = str(ContactOutcome.NO_SHOW)
_NOT_A_VISIT = frozenset({str(ContactKind.PHONE_LINE)})
_PLACES = frozenset(map(str, ContactPlace)) - {str(ContactPlace.ONLINE)}
_DAY = "datetime64[s]"


def in_touch(contacts: pd.DataFrame) -> pd.DataFrame:
    """The contacts at which somebody was there: not administration or a panel, and not where nobody came."""
    absent = contacts["kind"].isin(_NOT_IN_TOUCH) | contacts["outcome"].eq(_NOBODY_CAME)
    return contacts[~absent]


def visits(contacts: pd.DataFrame) -> pd.DataFrame:
    """The contacts face to face: in a place, and not on the phone line or online."""
    there = in_touch(contacts)
    return there[there["location"].isin(_PLACES) & ~there["kind"].isin(_NOT_A_VISIT)]


def with_last_days(cases: pd.DataFrame, contacts: pd.DataFrame, referrals: pd.DataFrame) -> pd.DataFrame:
    """The cases with `received_date` (of the referral, else the start), `first_contact`, `first_visit`,
    `last_contact` and `last_review`; missing where there was none."""
    touched, visited = in_touch(contacts), visits(contacts)
    reviewed = touched[touched["kind"].eq(str(ContactKind.REVIEW))]
    received = referrals.set_index("referral_id")["received_date"].reindex(cases["referral_id"]).set_axis(cases.index)
    visit = _both(cases["first_visit_date"], _of_cases(cases, visited, "min"), "min")
    contact = _both(cases["first_contact_date"], _of_cases(cases, touched, "min"), "min")
    return cases.assign(
        received_date=received.astype(_DAY).fillna(cases["start_date"].astype(_DAY)),
        first_contact=_both(contact, visit, "min"),
        first_visit=visit,
        last_contact=_both(_both(contact, visit, "max"), _of_cases(cases, touched, "max"), "max"),
        last_review=_both(cases["review_date"], _of_cases(cases, reviewed, "max"), "max"),
    )


def _of_cases(cases: pd.DataFrame, contacts: pd.DataFrame, which: str) -> pd.Series:
    days = contacts.groupby("case_id", observed=True)["date"].agg(which)
    return days.reindex(cases["case_id"]).set_axis(cases.index).astype(_DAY)


def _both(first: pd.Series, second: pd.Series, which: str) -> pd.Series:
    both = pd.concat([first.astype(_DAY), second.astype(_DAY)], axis=1)
    return (both.min(axis=1) if which == "min" else both.max(axis=1)).astype(_DAY)
