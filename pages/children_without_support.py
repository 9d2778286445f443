"""Children without support: whom facts point out and nobody supports, and what is decided of each."""

import streamlit as st

from access.roles import Permission
from ui import opening, who


def children_without_support() -> None:
    """Draw the page."""
    who.require(Permission.CHILDREN_WITHOUT_SUPPORT)
    st.title("Children without support", anchor=False)
    opening.place()
