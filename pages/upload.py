"""The page for files: drop one in, put right what the messages point at, save it, and take it back."""

import streamlit as st

from access.roles import Permission
from ui import who
from ui.uploading import caseload_file, choice, dataset_file, desk, past, published


def upload() -> None:
    """Draw the page: what the file is, what was found in it, what saving changes, and the uploads so far."""
    who.require(Permission.UPLOAD)
    who.require(Permission.PUPIL_ROWS)
    st.title("Upload", anchor=False)
    st.write("Choose what the file holds and drop it in. Nothing is saved until you have seen what would change.")
    top = st.container()
    chosen, file = choice.ask(), choice.drop()
    if file:
        desk.take(file.file_id)
    with top:
        desk.show_said()
    if file is None or chosen is None:
        _say_what_is_missing(has_file=file is not None)
    elif chosen.kind == choice.PUBLISHED:
        published.handle(file)
    elif chosen.kind == choice.CASELOAD:
        caseload_file.handle(chosen, file)
    else:
        dataset_file.handle(chosen, file)
    past.show_uploads()


def _say_what_is_missing(*, has_file: bool) -> None:
    if has_file:
        st.info("Choose above what is in the file.")
