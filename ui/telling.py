"""Saying what was recorded, or why it was not."""

from collections.abc import Callable

import streamlit as st

from recording.checking import NotRecorded
from ui import text

NAMES_NOBODY = "The words name no child and no other person"
"""What somebody ticks where words seem to name a person and do not."""
_SAID = "what was recorded"


def told(change: Callable[[], str]) -> None:
    """Make a change, and draw the page anew with what it returns said on it; or say why nothing was changed."""
    try:
        st.session_state[_SAID] = change()
    except NotRecorded as refused:
        st.error(text.plain(refused))
    else:
        st.rerun()


def said() -> None:
    """Say what was recorded before the page was drawn anew."""
    if words := st.session_state.pop(_SAID, None):
        st.success(text.plain(words), icon=":material/check:")
