"""The administrator's page: how long what is kept, what is past its time, and a pupil erased. It shows no pupil."""

from datetime import date

import pandas as pd
import streamlit as st

from access.keeping import erasing, purging
from access.keeping.commands import after_erasing
from access.keeping.purging import Purged
from access.roles import Permission
from data_model.catalogue import DATASETS
from data_model.retention_schedule import KEPT_FOR, SCHEDULE
from data_model.store import database
from data_model.wording import counted
from ui import show, text, who

_SCHEDULE = {
    "holds": "What is held",
    "starts_from": "Starts from",
    "period": "Kept for",
    "why": "Why",
    "decided_by": "Decided by",
}
_DUE = {"holds": "What is held", "rows": "Rows"}
_DELETE, _ERASE = "DELETE", "ERASE"


def retention() -> None:
    """Draw the page."""
    who.require(Permission.RETENTION)
    who.require(Permission.APPLY_RETENTION)
    st.title("Retention", anchor=False)
    _schedule()
    _what_is_due()
    _erase_a_pupil()
    _export_a_pupil()


def _schedule() -> None:
    st.header("How long what is kept", anchor=False)
    rows = [{name: getattr(keeping, name) for name in _SCHEDULE} for keeping in SCHEDULE]
    show.table(pd.DataFrame(rows), columns=_SCHEDULE, caption="The retention schedule", name="retention-schedule")


def _what_is_due() -> None:
    st.header("What is past its time", anchor=False)
    st.write("Look first: counting deletes nothing. Deleting cannot be undone.")
    if st.button("Count what is past its time"):
        who.require(Permission.APPLY_RETENTION)
        _show_due(purging.dry_run(database(), date.today()))
    with st.form("delete what is past its time", border=False, clear_on_submit=True):
        typed = st.text_input(f"To delete it, type {_DELETE}", autocomplete="off")
        if st.form_submit_button("Delete what is past its time"):
            who.require(Permission.APPLY_RETENTION)
            _purge(typed)


def _show_due(due: Purged) -> None:
    if not due.total:
        st.info("Nothing is past its time.")
        return
    rows = [(KEPT_FOR[table].holds, rows) for table, rows in due.rows.items()]
    caption = f"{counted(due.total, 'row')} would be deleted"
    show.table(pd.DataFrame(rows, columns=list(_DUE)), columns=_DUE, caption=caption, name="past-its-time")


def _purge(typed: str) -> None:
    if typed.strip() != _DELETE:
        st.error(f"Nothing was deleted. Type {_DELETE}, in capitals, to say that you mean it.")
        return
    gone = purging.purge(database(), who.person(), date.today())
    st.success(f"{counted(gone.total, 'row')} deleted." if gone.total else "Nothing was past its time.")


def _erase_a_pupil() -> None:
    st.header("Erase a pupil", anchor=False)
    st.write(
        "Every row about the pupil goes, in every table at once, and so does what later files replaced. It cannot be "
        "undone. If the pupil is in a later file, its sender is asked."
    )
    # In a form and without a place in the address: a reference must not end up in histories and logs.
    with st.form("erase a pupil", border=False, clear_on_submit=True):
        reference = st.text_input("The pupil’s reference or UPN", autocomplete="off")
        reason = st.text_input("Why: who asked, and when. Write no names", autocomplete="off")
        typed = st.text_input(f"To erase the pupil, type {_ERASE}", autocomplete="off")
        pressed = st.form_submit_button("Erase")
    if pressed:
        who.require(Permission.APPLY_RETENTION)
        _erase(reference, reason, typed)


def _erase(reference: str, reason: str, typed: str) -> None:
    held = sum(erasing.ask_what_is_held(database(), reference, who.person()).values())
    if typed.strip() != _ERASE:
        st.error(f"Nothing was erased. {counted(held, 'row')} held: type {_ERASE}, in capitals, to erase them.")
        return
    try:
        gone = erasing.erase(database(), reference, who.person(), reason)
    except erasing.NotErased as refused:
        st.error(text.plain(refused))
        return
    tables = ", ".join(f"{_title(table)} {rows:,}" for table, rows in gone.items())
    st.success(text.plain(f"{counted(sum(gone.values()), 'row')} erased: {tables}. {after_erasing()}"))


def _title(table: str) -> str:
    return DATASETS[table].title if table in DATASETS else table.replace("_", " ")


def _export_a_pupil() -> None:
    st.header("What is held on a pupil", anchor=False)
    st.write(
        "An administrator sees no pupil’s data here. For a pupil’s right of access, somebody who may do this runs, on "
        "the server:"
    )
    st.code("python -m access export-pupil --to FOLDER --by YOUR-SIGN-IN-NAME", language=None)
