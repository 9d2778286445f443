"""Who is here, what they may do, and how far their questions reach."""

from typing import NoReturn

import streamlit as st

from access import roles
from access.identity import role_of
from access.roles import Permission, Role


def role() -> Role:
    """The role of who is here, as the gate told it."""
    return role_of(st.user.get("role"))


def may(permission: Permission) -> bool:
    """Whether who is here has a permission."""
    return roles.may(role(), permission)


def require(permission: Permission) -> None:
    """Do nothing where who is here has the permission; otherwise say so and stop. The first line of every page."""
    if not may(permission):
        refuse()


def refuse() -> NoReturn:
    """Say that this page is not for who is here, and stop."""
    st.title("Not available to you", anchor=False)
    st.write(f"This page is not among those that the role “{role().label}” may see. Choose one from the menu.")
    st.stop()
