"""Which case is open: kept in the session, never in an address."""

import streamlit as st

from ui import shell

_OPEN = "the case that is open"
_PAGE = "case"


def choose(case_id: str | None) -> None:
    """Keep which case is open, until the session ends; None closes it."""
    st.session_state[_OPEN] = case_id


def chosen() -> str | None:
    """The case that is open. Whether who is here may see it is for the query to say."""
    found = st.session_state.get(_OPEN)
    return found if isinstance(found, str) else None


def go_to(case_id: str) -> None:
    """Open the page of a case."""
    choose(case_id)
    st.switch_page(st.Page(shell.function_of(_PAGE), title=shell.title_of(_PAGE), url_path=_PAGE))
