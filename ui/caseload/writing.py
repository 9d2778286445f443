"""What is written down about a referral or a case: decided, opened, logged, closed, corrected. All of it goes the way
of an upload, with who and when (loaders/entering.py)."""

import streamlit as st

from analysis.caseload.capacity import workers
from analysis.caseload.one_case import OneCase
from data_model.catalogue import DATASETS
from data_model.codes import ContactKind, ReferralDecision, Tier
from data_model.terms import in_words
from loaders.versions import Version, current, taken_back
from ui import cached, children, filters
from ui.caseload import choosing, opened
from ui.entering.fields import in_plain_words
from ui.entering.form import entry_form, just_saved
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
_DAY = _CONTACTS.columns["date"]
_THE_CASE = "The case itself"
_CONTACT_CORRECTED = "correct a contact"
_CORRECTED = "The correction is saved. What stood before is kept below."
_BACK = "The entry is put back."
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
            _edit(
                found.case_id,
                ("review_due",),
                "agree a review",
                "Save the day",
                "The day of the review is saved.",
                place,
            )
        case "Close the case":
            _edit(found.case_id, _CLOSED, "close the case", "Close it", "The case is closed.", place)
        case _:
            _correct(found, place)


def _log(
    found: OneCase, place: Place, columns: tuple[str, ...], fixed: dict[str, str], key: str, submit: str, saved: str
) -> None:
    given = {"case_id": found.case_id, "date": place.today.isoformat(), "worker_ref": found.worker or ""} | fixed
    entry_form(_CONTACTS, columns, given, key=key, submit=submit, saved=saved, among=_workers(place))


def _edit(case_id: str, columns: tuple[str, ...], key: str, submit: str, saved: str, place: Place) -> None:
    stood, among = children.ask(current, dataset=_CASES, key=[case_id]), _workers(place)
    entry_form(_CASES, columns, {"case_id": case_id}, key=key, edit=stood, submit=submit, saved=saved, among=among)


def _correct(found: OneCase, place: Place) -> None:
    """Correct the case or one of its contacts, put back one that was taken back, and see who wrote what before."""
    if just_saved(_CONTACT_CORRECTED):  # one that went to another case is no longer among those to choose
        st.success("The correction is saved. What stood before is kept with the contact.", icon=":material/check:")
    contacts = found.timeline[found.timeline["contact_id"].notna()]
    words = {str(row.contact_id): f"{row.what} on {in_words(row.day)}" for row in contacts.itertuples()}
    gone = children.ask(taken_back, dataset=_CONTACTS, column="case_id", cell=found.case_id)
    back = {each.cells["contact_id"]: each for each in gone}
    words |= {row: f"Taken back: {in_plain_words(_DAY, each.cells['date'])}" for row, each in back.items()}
    chosen = st.selectbox("What to correct", [_THE_CASE, *words], format_func=lambda each: words.get(each, each))
    if chosen == _THE_CASE:
        _edit(found.case_id, _OF_A_CASE, "correct the case", "Save the correction", _CORRECTED, place)
        versions(_CASES, [found.case_id], "past of the case", among=_workers(place))
        return
    if chosen in back:
        among, own = _workers(place), {"contact_id": chosen, "case_id": found.case_id}
        given = {**back[chosen].cells, **own}
        entry_form(_CONTACTS, _OF_A_CONTACT, given, key="put back", submit="Put it back", saved=_BACK, among=among)
    else:
        # One that was logged for the wrong child goes to the case of the right one.
        among = {**_workers(place), "case_id": choosing.cases(place, closed_too=True)}
        entry_form(
            _CONTACTS,
            (*_OF_A_CONTACT, "case_id"),
            key=_CONTACT_CORRECTED,
            edit=children.ask(current, dataset=_CONTACTS, key=[chosen]),
            submit="Save the correction",
            among=among,
        )
    versions(_CONTACTS, [chosen], "past of a contact", among=among)


def _workers(place: Place) -> dict[str, dict[str, str]]:
    """The workers that a case or a contact can be of; nothing where none are loaded, and they are typed."""
    found = cached.answer(workers, la=place.la, on=place.today.isoformat())
    return {"worker_ref": found} if found else {}
