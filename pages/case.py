"""One case: its facts, what must happen next, its timeline, and what is written down about it."""

import streamlit as st

from access.roles import Permission
from ui import opening, who


def case() -> None:
    """Draw the page."""
    who.require(Permission.CASE)
    st.title("Case", anchor=False)
    opening.place()
