"""A pupil's story."""

import streamlit as st

from access.roles import Permission
from ui import children, show, who


def pupil() -> None:
    """Show the story of one child, for those who may see it."""
    who.require(Permission.PUPIL)
    st.title("A pupil’s story", anchor=False)
    if children.chosen() is None:
        show.nothing("Choose a child.")
