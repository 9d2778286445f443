"""What people see and take away, into the audit trail. Nothing here changes figures, so caches stay as they are."""

from collections.abc import Collection

import streamlit as st

from access import audit
from access.audit import Action
from access.keeping.pseudonyms import subjects_of
from access.noting import noting
from access.people import Person
from access.seal import digest
from data_model.store import database

_TOLD = "told the audit trail"


def saw_pupils(person: Person, place: str, references: Collection[str]) -> None:
    """Record that a person sees these pupils, by their references as sent or as stored, before they are shown.

    Once in a session for the same pupils in the same place: the page is drawn anew at every click.
    """
    if not references:
        return
    told: set[str] = st.session_state.setdefault(_TOLD, set())
    what = digest(" ".join([place, *sorted(references)]), "seen")
    if what not in told:
        with noting(database()) as connection:
            pupils = subjects_of(connection, list(references))
            audit.record_about(connection, person, Action.SAW_PUPILS, pupils, place)
        told.add(what)


def downloaded(person: Person, file: str, *, rows: int, kind: str, references: Collection[str] = ()) -> None:
    """Record that a file was asked for, before it is handed over. `kind` says what for, such as `full`."""
    with noting(database()) as connection:
        pupils = subjects_of(connection, list(references))
        audit.record_about(connection, person, Action.DOWNLOADED, pupils, file, {"rows": rows, "kind": kind})


def refused(person: Person, what: str) -> None:
    """Record that somebody asked for what their role may not see or do: once a minute."""
    audit.refused(database(), person, what)


def read_audit(person: Person) -> None:
    """Record that somebody read the trail itself: once in a session."""
    told: set[str] = st.session_state.setdefault(_TOLD, set())
    if Action.READ_AUDIT not in told:
        with noting(database()) as connection:
            audit.record(connection, person, Action.READ_AUDIT)
        told.add(Action.READ_AUDIT)
