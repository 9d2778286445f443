"""Who somebody is here, how far they reach, and what they can do about their own way in."""

import streamlit as st

from access import identity
from access.people import Person
from access.roles import Permission
from access.scope import Grant
from access.sign_in import accounts
from data_model.settings import settings
from data_model.store import database
from data_model.wording import counted
from ui import show, text, who


def your_account() -> None:
    """Draw the page."""
    who.require(Permission.YOUR_ACCOUNT)
    st.title("Your account", anchor=False)
    person = who.person()
    st.write(f"You are {text.plain(person.name)}. Your role is: {text.plain(person.role.label)}.")
    show.link("What your role may see and do", "who_may_see_what")
    st.header("What you reach", anchor=False)
    _show_reach(person)
    if not settings().is_live:
        show.nothing("In the demonstration nobody signs in, so there is no password to change.")
        return
    st.header("Your way in", anchor=False)
    st.html(
        '<p class="onward"><a href="/sign-in/change-password">Change your password</a></p>'
        '<p class="onward"><a href="/sign-in/change-second-factor">Change your second factor</a>, '
        "for a new phone or another app</p>"
        '<p class="onward"><a href="/sign-in/new-recovery-codes">Make new recovery codes</a></p>'
        '<p class="onward"><a href="/sign-out">Sign out</a></p>'
    )
    st.write("If you have lost your phone and your recovery codes, ask your administrator to reset your second factor.")
    _offer_to_end_others(person)


def _show_reach(person: Person) -> None:
    if not person.may(Permission.SCHOOLS):
        st.write("Your role sees no data about schools or pupils.")
    elif not settings().is_live:
        st.write("In the demonstration every role reaches everything that is loaded: it is all invented.")
    elif not person.grants:
        st.write("Nothing yet: ask your administrator to grant you what you need for your work.")
    else:
        st.markdown(
            "\n".join(f"* {text.plain(accounts.in_words(grant))}" for grant in sorted(person.grants, key=_order))
        )


def _order(grant: Grant) -> str:
    return accounts.in_words(grant)


def _offer_to_end_others(person: Person) -> None:
    st.write("Sign out everywhere else if you left a computer signed in, or lost one.")
    session_id = identity.session_in(st.user.get("who"))
    if st.button("Sign out everywhere else") and session_id and person.account_id is not None:
        ended = accounts.end_other_sessions(database(), person, session_id)
        st.success(f"{counted(ended, 'other session')} ended.", icon=":material/check:")
