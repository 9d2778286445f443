"""Who runs a command: the same permissions and the same scope decide at the command line as on the pages.

Whoever has a shell and the database's password could do without us. What this gives is that a scheduled job does no
more than the account that it names may do, and that the audit trail says whose it is.
"""

from collections.abc import Collection
from getpass import getuser
from typing import Annotated

import typer

from access import audit
from access.audit import Action
from access.keeping.pseudonyms import subjects_of
from access.noting import noting
from access.people import Person
from access.roles import Permission, Role
from access.scope import EVERYWHERE, Grant
from access.sign_in import accounts
from access.sign_in.accounts import Refused
from data_model.settings import settings
from data_model.store import database

By = Annotated[
    str | None,
    typer.Option("--by", envvar="OUTREACH_BY", help="In live mode: the sign-in name of whose job this is."),
]


def who_runs(by: str | None, permission: Permission, option: str = "--by") -> Person:
    """The account that a command acts for; in the demonstration whoever is at this computer, who may do everything.

    `option` is what names it. Raises Refused where live mode is told of nobody, or of somebody who may not do this.
    """
    if not settings().is_live:
        return Person(None, at_this_computer(), Role.STEWARD, frozenset(map(Grant, EVERYWHERE.la_codes)))
    if by is None:
        raise Refused(f"Say whose job this is: {option} and a sign-in name, or OUTREACH_BY.")
    account = accounts.named(database(), by)
    if account.disabled_at:
        audit.refused(database(), account.person, permission)
        raise Refused(f"{account.sign_in_name} is disabled. Name another account, or ask to have it enabled.")
    if not account.person.may(permission):
        audit.refused(database(), account.person, permission)
        may_not = f"as {account.role.label} {account.sign_in_name} may not do this ({permission.label})"
        raise Refused(f"Nothing was done: {may_not}. Name an account that may.")
    return account.person


def took_away(person: Person, figures: str, *, rows: int, kind: str, about: Collection[str] = ()) -> None:
    """Record that a command prints figures, before it does; `kind` as of a file that a page hands over.

    `about` are the references of the pupils whom they tell of, where they tell of any.
    """
    told = {"rows": rows, "kind": kind, "how": "the command line"}
    with noting(database()) as connection:
        pupils = subjects_of(connection, list(about))
        audit.record_about(connection, person, Action.DOWNLOADED, pupils, figures, told)


def at_this_computer() -> str:
    """The name of the user of this computer."""
    try:
        return getuser()
    except (KeyError, OSError):  # a scheduled job may run without a user's name
        return "command line"
