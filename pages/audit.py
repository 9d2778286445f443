"""The administrator's page: who did and saw what, and who saw one pupil."""

from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pandas as pd
import streamlit as st

from access import audit as events_kept
from access.audit import Action, Event
from access.noting import noting
from access.roles import Permission, Role
from access.sign_in import accounts
from data_model.store import database
from data_model.wording import counted
from ui import show, trail, who
from ui.clock import moment

_MOST = 1_000
_DAYS = {"The last 7 days": 7, "The last 30 days": 30, "The last year": 365, "Ever": None}
_COLUMNS = {
    "number": "Event",
    "when": "When",
    "who": "Who",
    "action": "Did what",
    "subject": "To what",
    "detail": "More",
}
_DIGEST_LENGTH = 64
_LABELS = {str(each): each.label for each in (*Permission, *Role)}


def audit() -> None:
    """Draw the page: the events, and those about one pupil. That the page was read is an event too."""
    who.require(Permission.AUDIT)
    who.require(Permission.READ_AUDIT)
    trail.read_audit(who.person())
    st.title("Audit", anchor=False)
    st.write(
        "Who signed in, saw pupils, took files away, loaded, undid or changed what. Pupils are kept as digests, so "
        "that nobody can be looked up here but by whoever knows their reference."
    )
    _who_did_what()
    _who_saw_a_pupil()


def _who_did_what() -> None:
    st.header("Who did what", anchor=False)
    left, middle, right = st.columns(3)
    with left:
        person = st.selectbox("Person", events_kept.people_in(database()), index=None, placeholder="Everybody")
    with middle:
        action = st.selectbox("Action", list(Action), index=None, placeholder="Every action")
    with right:
        days = _DAYS[st.selectbox("Days", list(_DAYS))]
    found = events_kept.events(database(), who=person, action=action, first=_since(days), limit=_MOST)
    most = f" (the newest {_MOST:,})" if len(found) == _MOST else ""
    _show(found, f"{counted(len(found), 'event')}{most}, the newest first", "audit")


def _since(days: int | None) -> date | None:
    return datetime.now(UTC).date() - timedelta(days=days) if days else None


def _who_saw_a_pupil() -> None:
    st.header("Who saw a pupil", anchor=False)
    # In a form and without a place in the address: a reference must not end up in histories and logs.
    with st.form("who saw a pupil", border=False):
        reference = st.text_input("The pupil’s reference or UPN", autocomplete="off")
        asked = st.form_submit_button("Look up")
    if not asked or not reference.strip():
        return
    who.require(Permission.READ_AUDIT)
    subject = events_kept.subject_of_pupil(reference)
    with noting(database()) as connection:
        events_kept.record_about(connection, who.person(), Action.SEARCHED, [subject], subject)
    found = [
        event for event in events_kept.events_about(database(), reference, _MOST) if event.action != Action.SEARCHED
    ]
    if not found:
        st.info("Nobody saw, exported or erased a pupil of this reference here. Check the reference.")
        return
    people = counted(len({event.who for event in found}), "person", "people")
    _show(found, f"{counted(len(found), 'event')} about this pupil, by {people}", "audit-of-a-pupil")


def _show(events: list[Event], caption: str, name: str) -> None:
    names = {f"account {account.account_id}": account.sign_in_name for account in accounts.people(database())}
    rows = [
        (
            event.event_id,
            moment(event.at),
            event.who,
            event.action,
            _subject(event.subject, names),
            _words(event.detail),
        )
        for event in events
    ]
    show.table(pd.DataFrame(rows, columns=list(_COLUMNS)), columns=_COLUMNS, caption=caption, name=name)


def _subject(subject: str | None, names: Mapping[str, str]) -> str:
    """What it was done to; of a pupil, the start of the digest, by which events about the same one can be told."""
    if subject is None:
        return ""
    if len(subject) == _DIGEST_LENGTH:
        return f"pupil {subject[:8]}"
    return names.get(subject) or _LABELS.get(subject, subject)


def _words(detail: Mapping[str, Any]) -> str:
    """What else is known of an event; counts of nothing, and what is not so, are left out."""
    return "; ".join(_told(name, value) for name, value in detail.items() if value and name != "pupils_digest")


def _told(name: str, value: Any) -> str:
    words = name.replace("_", " ")
    return words if value is True else f"{words}: {_value(value)}"


def _value(value: Any) -> str:
    if isinstance(value, dict):
        return ", ".join(f"{name} {each:,}" for name, each in value.items() if each)
    return f"{value:,}" if isinstance(value, int) else _LABELS.get(str(value), str(value))
