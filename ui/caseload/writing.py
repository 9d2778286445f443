"""What is written down about a referral or a case: decided, opened, logged, closed, corrected. All of it goes the way
of an upload, with who and when (loaders/entering.py)."""


import streamlit as st

from analysis.caseload.capacity import workers
from analysis.caseload.one_case import OneCase
from data_model.catalogue import DATASETS
from data_model.codes import ContactKind, ReferralDecision, Tier
from data_model.terms import in_words
from loaders.versions import Version, current
from ui import cached, children, filters
from ui.caseload import opened
from ui.entering.form import entry_form
from ui.entering.past import versions
from ui.opening import Place

_REFERRALS, _CASES = DATASETS["outreach_referrals"], DATASETS["outreach_cases"]
_CONTACTS = DATASETS["outreach_contacts"]
_OF_A_CONTACT = ("date", "kind", "contact_with", "location", "minutes", "outcome", "worker_ref", "notes")
_OF_A_REVIEW = tuple(name for name in _OF_A_CONTACT if name != "kind")
_CLOSED = ("end_date", "close_reason", "plan_left", "risk_close_1_10", "next_school_urn")
_OF_A_CASE = (
    *("worker_ref", "case_type", "tier", "start_date", "first_contact_date", "first_visit_date", "review_due"),
    *("review_date", *_CLOSED),
)
_THE_CASE = "The case itself"
_WAYS = ("Log a contact", "Log a review", "Agree the next review", "Close the case", "Correct an entry")


def decide(referral_id: str, place: Place) -> None:
    """Write down what was decided on a referral; of one that was accepted, open its case and turn to its page."""
    stood = children.ask(current, dataset=_REFERRALS, key=[referral_id])
    entry_form(
        _REFERRALS,
        ("decision", "decline_reason", "decision_date"),
        {"referral_id": referral_id},
        key="decide on a referral",
        edit=stood,
        submit="Save the decision",
        saved="The decision is saved.",
    )
    if stood and stood.cells["decision"] == ReferralDecision.ACCEPTED:
        st.write("It is accepted: open its case.")
        _open_a_case(stood, place)


def _open_a_case(referral: Version, place: Place) -> None:
    given = {name: referral.cells[name] for name in ("referral_id", "urn", "pupil_ref")}
    made = entry_form(
        _CASES,
        ("start_date", "worker_ref", "case_type", "tier"),
        given | {"start_date": place.today.isoformat(), "tier": str(Tier.TARGETED_SUPPORT)},
        key="open a case",
        submit="Open the case",
        among=_workers(place),
    )
    if made:
        opened.go_to(made.cells[0]["case_id"])


def write_down(found: OneCase, place: Place) -> None:
    """Log a contact or a review, agree the next review, close the case, or correct an entry: one form at a time."""
    st.header("Write down", anchor=False)
    # A form that is not drawn is forgotten, and starts with the row as it stands: nobody clashes with themselves.
    match filters.view(_WAYS, key="write"):
        case "Log a contact":
            _log(found, place, _OF_A_CONTACT, {}, "log a contact", "Log the contact", "The contact is logged.")
        case "Log a review":
            review = {"kind": str(ContactKind.REVIEW)}
            _log(found, place, _OF_A_REVIEW, review, "log a review", "Log the review", "The review is logged.")
        case "Agree the next review":
            _edit(found.case_id, ("review_due",), "agree a review", "Save the day", "The day of the review is saved.")
        case "Close the case":
            _edit(found.case_id, _CLOSED, "close the case", "Close it", "The case is closed.")
        case _:
            _correct(found, place)


def _log(
    found: OneCase, place: Place, columns: tuple[str, ...], fixed: dict[str, str], key: str, submit: str, saved: str
) -> None:
    given = {"case_id": found.case_id, "date": place.today.isoformat(), "worker_ref": found.worker or ""} | fixed
    entry_form(_CONTACTS, columns, given, key=key, submit=submit, saved=saved, among=_workers(place))


def _edit(case_id: str, columns: tuple[str, ...], key: str, submit: str, saved: str) -> None:
    stood = children.ask(current, dataset=_CASES, key=[case_id])
    entry_form(_CASES, columns, {"case_id": case_id}, key=key, edit=stood, submit=submit, saved=saved)


def _correct(found: OneCase, place: Place) -> None:
    """Correct the case or one of its contacts, and see who wrote what before."""
    contacts = found.timeline[found.timeline["contact_id"].notna()]
    words = {str(row.contact_id): f"{row.what} on {in_words(row.day)}" for row in contacts.itertuples()}
    chosen = st.selectbox("What to correct", [_THE_CASE, *words], format_func=lambda each: words.get(each, each))
    is_contact = chosen in words
    dataset, row = (_CONTACTS, chosen) if is_contact else (_CASES, found.case_id)
    entry_form(
        dataset,
        _OF_A_CONTACT if is_contact else _OF_A_CASE,
        {dataset.key[0]: row},
        key="correct a contact" if is_contact else "correct the case",
        edit=children.ask(current, dataset=dataset, key=[row]),
        submit="Save the correction",
        saved="The correction is saved. What stood before is kept below.",
        among=_workers(place),
    )
    versions(dataset, [row], "past of what is corrected", among=_workers(place))


def _workers(place: Place) -> dict[str, dict[str, str]]:
    """The workers that a case or a contact can be of; nothing where none are loaded, and they are typed."""
    found = cached.answer(workers, la=place.la, on=place.today.isoformat())
    return {"worker_ref": found} if found else {}
