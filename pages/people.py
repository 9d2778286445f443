"""The administrator's page: who may sign in, as what, and how far they reach."""

from collections.abc import Callable

import pandas as pd
import streamlit as st

from access.roles import Permission, Role
from access.scope import Grant
from access.sign_in import accounts, passwords
from access.sign_in.accounts import Account, Refused
from data_model.codes import Phase, ProviderType
from data_model.reference import local_authorities
from data_model.settings import settings
from data_model.store import database
from ui import show, text, who
from ui.clock import moment

_COLUMNS = {
    "name": "Sign-in name",
    "full_name": "Name",
    "role": "Role",
    "way": "Signs in by",
    "reach": "Reaches",
    "since": "Since",
    "state": "Now",
}
_SAID = "people said"


def people() -> None:
    """Draw the page: everybody, a form to add somebody, and what can be changed about whoever is chosen."""
    who.require(Permission.PEOPLE)
    who.require(Permission.MANAGE_PEOPLE)
    st.title("People", anchor=False)
    if not settings().is_live:
        show.nothing("The demonstration has no accounts: anyone at this computer can see it as every role.")
        return
    if said := st.session_state.pop(_SAID, None):
        st.success(text.plain(said), icon=":material/check:")
    everybody = accounts.people(database())
    show.table(_frame(everybody), columns=_COLUMNS, caption="Everybody who may sign in, or might once", name="people")
    _add()
    _change(everybody)


def _frame(everybody: list[Account]) -> pd.DataFrame:
    rows = [
        (
            account.sign_in_name,
            account.full_name,
            account.role.label,
            _way_in(account),
            "; ".join(map(accounts.in_words, account.grants)) or "No data",
            moment(account.created_at),
            "Disabled" if account.disabled_at else "May sign in",
        )
        for account in everybody
    ]
    return pd.DataFrame(rows, columns=list(_COLUMNS))


def _way_in(account: Account) -> str:
    if account.from_provider:
        return "Work account"
    return "Password and second factor" if account.has_second_factor else "Password, second factor not set up yet"


def _add() -> None:
    st.header("Add somebody", anchor=False)
    with st.form("add somebody", border=False, clear_on_submit=True):
        name = st.text_input("Sign-in name, such as a work e-mail address", max_chars=200)
        full_name = st.text_input("Name", max_chars=200)
        role = st.selectbox("Role", list(Role), format_func=lambda role: role.label)
        if st.form_submit_button("Add", type="primary"):
            who.require(Permission.MANAGE_PEOPLE)
            _told(lambda: _created(name, full_name, role))


def _created(name: str, full_name: str, role: Role) -> str:
    password = passwords.one_time()
    accounts.create(database(), who.person(), name, full_name, role, password)
    return (
        f"{accounts.one_form(name)} was added. Tell them this password by telephone, it works once: {password} "
        "It is not shown again. They reach no data until you grant them some below."
    )


def _change(everybody: list[Account]) -> None:
    st.header("Change what somebody may do", anchor=False)
    names = [account.sign_in_name for account in everybody]
    name = st.selectbox("Who?", names, index=None, placeholder="Choose somebody", key="person to change")
    account = next((each for each in everybody if each.sign_in_name == name), None)
    if account is None:
        return
    _role(account)
    _grant(account)
    _take_back(account)
    _way_in_again(account)


def _role(account: Account) -> None:
    with st.form(f"role {account.account_id}", border=False):
        roles = list(Role)
        role = st.selectbox("Role", roles, index=roles.index(account.role), format_func=lambda role: role.label)
        if st.form_submit_button("Change the role"):
            _do(
                lambda: accounts.set_role(database(), who.person(), account.account_id, role), "Their role was changed."
            )


def _grant(account: Account) -> None:
    names = {code: authority.name for code, authority in local_authorities().items()}
    with st.form(f"grant {account.account_id}", border=False):
        la_code = st.selectbox("Let them reach", list(names), format_func=lambda code: f"{names[code]} ({code})")
        district = st.text_input("Only this district, as the schools file spells it (blank: the whole authority)")
        service = st.selectbox(
            "Only pupils of this outreach service (managers and stewards)",
            [None, *ProviderType],
            format_func=lambda service: service.label if service else "Every service",
        )
        panel = st.text_input(
            "Fair Access Panel (panel members)",
            help=f"The name of a phase ({', '.join(Phase)}) or of a district. Blank: no panel.",
        )
        if st.form_submit_button("Grant it"):
            granted = Grant(la_code, _filled(district), str(service) if service else None, _filled(panel))
            _do(lambda: accounts.grant(database(), who.person(), account.account_id, granted), "It was granted.")


def _filled(words: str) -> str | None:
    return words.strip() or None


def _take_back(account: Account) -> None:
    if not account.grants:
        return
    with st.form(f"take back {account.account_id}", border=False):
        granted = st.selectbox("No longer let them reach", account.grants, format_func=accounts.in_words)
        if st.form_submit_button("Take it back"):
            _do(lambda: accounts.take_back(database(), who.person(), account.account_id, granted), "It was taken back.")


def _way_in_again(account: Account) -> None:
    number, by = account.account_id, who.person()
    if account.disabled_at:
        if st.button("Let them sign in again"):
            _do(lambda: accounts.enable(database(), by, number), "They may sign in again.")
        return
    if st.button("Let them in no more"):
        _do(lambda: accounts.disable(database(), by, number), "They may not sign in any more, and were signed out.")
    if account.has_second_factor and st.button("Reset their second factor"):
        said = "They set up a new second factor when they next sign in. They were signed out."
        _do(lambda: accounts.reset_second_factor(database(), by, number), said)
    if st.button("Sign them out everywhere"):
        _do(lambda: accounts.end_sessions(database(), by, number), "They were signed out everywhere.")


def _do(change: Callable[[], object], said: str) -> None:
    who.require(Permission.MANAGE_PEOPLE)

    def changed() -> str:
        change()
        return said

    _told(changed)


def _told(change: Callable[[], str]) -> None:
    try:
        st.session_state[_SAID] = change()
    except Refused as refused:
        st.error(text.plain(refused))
    else:
        st.rerun()
