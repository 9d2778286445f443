"""The caseload: what must happen this week and who does it, who is waiting, and who has room for more."""

import streamlit as st

from access.roles import Permission
from ui import opening, who


def caseload() -> None:
    """Draw the page."""
    who.require(Permission.CASELOAD)
    st.title("Caseload", anchor=False)
    opening.place()
