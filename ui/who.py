"""Who is here, what they may do, and how far their questions reach."""

from collections.abc import Callable
from itertools import product
from typing import NoReturn

import streamlit as st

from access import identity
from access.noting import moment
from access.people import Person
from access.roles import Permission, Role
from access.roles import may as may_of
from access.scope import Grant, Scope
from access.sign_in import accounts, sessions
from analysis import queries
from data_model.codes import Phase
from data_model.settings import settings
from data_model.store import current_version, database, reading
from ui import text, trail

_PANELS = (str(Phase.PRIMARY), str(Phase.SECONDARY))


def person() -> Person:
    """Who is here, as the gate told it; looked up anew at every run, so that what was taken away is gone at once."""
    told = st.user.get("who")
    return _signed_in(told) if settings().is_live else _looking_as(identity.role_in(told) or identity.DEFAULT_ROLE)


def _signed_in(told: object) -> Person:
    session_id = identity.session_in(told)
    person = sessions.person_of(database(), session_id, moment()) if session_id else None
    if person is None:
        # The gate closes this tab at once; nothing may be drawn until it has.
        st.title("You are signed out", anchor=False)
        st.html('<p><a href="/sign-in">Sign in again</a></p>')
        st.stop()
    return person


def _looking_as(role: Role) -> Person:
    with reading(database()) as connection:
        version = current_version(connection)
    # A panel's member sits on a panel, and sees its list alone: in the demonstration on those of both phases.
    panels = _PANELS if may_of(role, Permission.PANEL_PUPIL_ROWS) else (None,)
    every = product(_everywhere(version), panels)
    return Person(None, role.label, role, frozenset(Grant(la, panel=panel) for la, panel in every))


# Asked several times in every run, and a table of half a million published rows takes a while to go through.
@st.cache_data(max_entries=2, show_spinner=False)
def _everywhere(version: int) -> tuple[int, ...]:
    with reading(database()) as connection:
        return tuple(sorted(queries.local_authorities(connection)))


class NoLonger(Exception):
    """Who asked is signed out, or has another role or reach than when the page was drawn."""


def unless_changed() -> Callable[[], None]:
    """To be called later, where no page is drawn: raises NoLonger unless who is here now still is, as now.

    A file is made when its button is pressed, and the page round it may have been drawn hours before.
    """
    if not settings().is_live:
        return lambda: None
    then, session_id = person(), identity.session_in(st.user.get("who"))

    def check() -> None:
        if session_id is None or sessions.person_of(database(), session_id, moment()) != then:
            raise NoLonger("The page was drawn for other rights than there are now. Load it again.")

    return check


def scopes() -> list[Scope]:
    """How far the questions of those who may come reach, for what is made ready before they do."""
    if settings().is_live:
        return [each.person.scope for each in accounts.people(database()) if each.grants and not each.disabled_at]
    return [_looking_as(role).scope for role in Role]


def role() -> Role:
    """The role of who is here."""
    return person().role


def may(permission: Permission) -> bool:
    """Whether who is here has a permission."""
    return person().may(permission)


def require(permission: Permission) -> None:
    """Do nothing where who is here has the permission; otherwise say so and stop. The first line of every page."""
    if not may(permission):
        refuse(permission)


def refuse(permission: Permission) -> NoReturn:
    """Say that this page is not for who is here, and stop. The audit trail keeps that they asked."""
    trail.refused(person(), permission)
    st.title("Not available to you", anchor=False)
    st.write(f"This page is not among those that the role “{role().label}” may see. Choose one from the menu.")
    st.stop()


def ask_for_a_grant() -> None:
    """Say to somebody who was granted nothing whom to ask."""
    st.title("You cannot see any data yet", anchor=False)
    st.write(
        "You are signed in, but no local authority’s data was granted to you. Ask the administrator of this dashboard "
        f"to grant your account, {text.plain(person().name)}, what you need for your work."
    )
