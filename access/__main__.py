"""The command line: python -m access. For those who run the dashboard: who may sign in, what is kept, and backups."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Annotated

import typer
from sqlalchemy import Engine

from access import audit
from access.keeping import backing_up
from access.keeping import commands as keeping
from access.roles import Permission, Role
from access.scope import Grant
from access.sign_in import accounts, passwords
from access.sign_in.accounts import Account, Refused
from data_model import inert, logs
from data_model.settings import settings
from data_model.store import database, reading

cli = typer.Typer(add_completion=False, pretty_exceptions_enable=False, no_args_is_help=True, help=__doc__)
cli.add_typer(keeping.commands)
cli.add_typer(backing_up.commands)

Name = Annotated[str, typer.Argument(help="The sign-in name.", show_default=False)]
By = Annotated[
    str | None, typer.Option("--by", help="Your own sign-in name: an administrator's. The audit trail keeps it.")
]
_COMMAND_LINE = "the command line"


@contextmanager
def _told() -> Iterator[None]:
    """Say a refusal as a sentence, and end with exit code 1."""
    try:
        yield
    except Refused as refused:
        typer.echo(str(refused), err=True)
        raise typer.Exit(1) from None


def _engine() -> Engine:
    if not settings().is_live:
        raise Refused(
            "The demonstration has no accounts. Set OUTREACH_MODE=live, and the database that live mode uses."
        )
    if settings().secret_is_default:
        raise Refused("Set OUTREACH_SECRET_KEY first, to the value that the service has: 32 or more random characters.")
    return database()


def _by(engine: Engine, by: str | None) -> str:
    """Who makes the change, for the audit trail. Nobody need be named while there is no account."""
    with reading(engine) as connection:
        if not accounts.how_many(connection):
            return _COMMAND_LINE
    if by is None:
        raise Refused("Say who you are: --by and the sign-in name of an administrator.")
    person = accounts.named(engine, by)
    if person.disabled_at or not person.person.may(Permission.MANAGE_PEOPLE):
        audit.refused(engine, person.person, Permission.MANAGE_PEOPLE)
        raise Refused(f"{person.sign_in_name} is not an administrator who may sign in, so may not change people.")
    return f"{person.sign_in_name}, on the command line"


@cli.command("create-user")
def create_user(
    name: Name,
    full_name: Annotated[str, typer.Option(help="The person's name.", show_default=False)],
    role: Annotated[Role, typer.Option(help="What they are at work.", show_default=False)],
    by: By = None,
    ask_password: Annotated[
        bool, typer.Option("--ask-password", help="Ask for the password, instead of printing a one-time one.")
    ] = False,
    la: Annotated[list[int] | None, typer.Option("--la", help="An LA that they reach, whole: its code.")] = None,
) -> None:
    """Add somebody. The first must be an administrator. Prints a password that works once, and must then be changed."""
    with _told():
        engine = _engine()
        who = _by(engine, by)
        if who == _COMMAND_LINE and role is not Role.ADMIN:
            raise Refused("The first account must be an administrator's: --role admin.")
        password = _ask_password() if ask_password else passwords.one_time()
        account_id = accounts.create(engine, who, name, full_name, role, password, must_change=not ask_password)
        for la_code in la or ():
            accounts.grant(engine, who, account_id, Grant(la_code))
        typer.echo(f"{accounts.one_form(name)} may sign in as {role.label} at {settings().public_url}.")
        if not ask_password:
            typer.echo(f"Tell them this password, by telephone: {password}\nIt works once. Then they choose their own.")


@cli.command("set-password")
def set_password(name: Name, by: By = None) -> None:
    """Give somebody who forgot theirs a password that works once, and end their sessions."""
    with _told():
        engine = _engine()
        password = passwords.one_time()
        accounts.set_password(engine, _by(engine, by), _account(engine, name).account_id, password, must_change=True)
        typer.echo(f"Tell them this password, by telephone: {password}\nIt works once. Then they choose their own.")


@cli.command()
def grant(
    name: Name,
    la: Annotated[int, typer.Option("--la", help="The LA's three-digit code.", show_default=False)],
    district: Annotated[str | None, typer.Option(help="One of its districts; otherwise all of it.")] = None,
    service: Annotated[str | None, typer.Option(help="One outreach service; otherwise every one.")] = None,
    panel: Annotated[str | None, typer.Option(help="The Fair Access Panel that they sit on.")] = None,
    take_back: Annotated[bool, typer.Option("--take-back", help="Take such a grant back instead.")] = False,
    by: By = None,
) -> None:
    """Let somebody reach an LA, or less of it. Without any grant they see no data."""
    with _told():
        engine = _engine()
        who, account = _by(engine, by), _account(engine, name)
        change = accounts.take_back if take_back else accounts.grant
        change(engine, who, account.account_id, Grant(la, district, service, panel))
        typer.echo(_line(_account(engine, name)))


@cli.command("set-role")
def set_role(
    name: Name, role: Annotated[Role, typer.Argument(help="The new role.", show_default=False)], by: By = None
) -> None:
    """Change what somebody is at work. It holds from their next click."""
    with _told():
        engine = _engine()
        accounts.set_role(engine, _by(engine, by), _account(engine, name).account_id, role)
        typer.echo(_line(_account(engine, name)))


@cli.command()
def disable(name: Name, by: By = None) -> None:
    """Let somebody in no more, and sign them out everywhere."""
    with _told():
        engine = _engine()
        accounts.disable(engine, _by(engine, by), _account(engine, name).account_id)
        typer.echo(_line(_account(engine, name)))


@cli.command()
def enable(name: Name, by: By = None) -> None:
    """Let somebody in again."""
    with _told():
        engine = _engine()
        accounts.enable(engine, _by(engine, by), _account(engine, name).account_id)
        typer.echo(_line(_account(engine, name)))


@cli.command("reset-second-factor")
def reset_second_factor(name: Name, by: By = None) -> None:
    """For somebody who lost their phone: they set up a new second factor when they next sign in."""
    with _told():
        engine = _engine()
        accounts.reset_second_factor(engine, _by(engine, by), _account(engine, name).account_id)
        typer.echo(_line(_account(engine, name)))


@cli.command("end-sessions")
def end_sessions(name: Name, by: By = None) -> None:
    """Sign somebody out everywhere, within ten seconds."""
    with _told():
        engine = _engine()
        ended = accounts.end_sessions(engine, _by(engine, by), _account(engine, name).account_id)
        typer.echo(f"Sessions ended: {ended}.")


@cli.command()
def people() -> None:
    """List everybody: what they are, how they sign in, and how far they reach."""
    with _told():
        for account in accounts.people(_engine()):
            typer.echo(_line(account))


def _account(engine: Engine, name: str) -> Account:
    return accounts.named(engine, name)


def _ask_password() -> str:
    password: str = typer.prompt("Password", hide_input=True, confirmation_prompt=True)
    return password


def _line(account: Account) -> str:
    ways = [
        *(["password"] if account.has_password else []),
        *(["second factor"] if account.has_second_factor else []),
        *(["provider"] if account.from_provider else []),
        *(["DISABLED"] if account.disabled_at else []),
    ]
    reach = "; ".join(map(_reach, account.grants)) or "no data"
    return inert.one_line(f"{account.sign_in_name:32} {account.role.label:28} {', '.join(ways):26} {reach}")


def _reach(granted: Grant) -> str:
    parts = ((name, getattr(granted, name)) for name in ("district", "service", "panel"))
    return ", ".join([f"LA {granted.la_code}", *(f"{name} {value}" for name, value in parts if value)])


if __name__ == "__main__":
    logs.run(cli)
