"""Who asks at the command line, of what, and for which period. Whatever is wrong stops the command in one sentence."""

from collections.abc import Collection, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import date
from typing import Annotated, Any

import typer
from sqlalchemy import Connection, Engine

from access.command_line import took_away, who_runs
from access.people import Person
from access.roles import Permission
from access.scope import Scope
from access.sign_in.accounts import Refused
from analysis import queries
from data_model.store import database, reading
from data_model.terms import Period, Term

RunBy = Annotated[
    str | None,
    typer.Option("--run-by", envvar="OUTREACH_BY", help="In live mode: the sign-in name of whose job this is."),
]
AsJson = Annotated[bool, typer.Option("--json", help="Print one JSON list and nothing else.")]
AsCsv = Annotated[bool, typer.Option("--csv", help="Print CSV (what is printed without --json too).")]
Year = Annotated[str, typer.Option(help="The academic year, such as 202526.")]
OfTerm = Annotated[str | None, typer.Option(help="AUT, SPR or SUM; the whole year without it.")]
La = Annotated[str | None, typer.Option(help="Three-digit LA code; all that are loaded without it.")]
ForPublication = Annotated[
    bool, typer.Option("--for-publication", help="Hide small numbers, and print [c] in their place.")
]


class Stop(Exception):
    """Ends a command; its message is the sentence to print."""


@contextmanager
def asked_of(
    run_by: str | None,
    *,
    for_publication: bool,
    la: int | None = None,
    permission: Permission = Permission.DOWNLOAD_PUBLISHABLE,
) -> Iterator[tuple[Connection, Scope]]:
    """The database, and what of it whoever runs this may see: of one authority if it is given.

    Stops whoever lacks the permission that the command asks for.
    """
    engine, reach = _database(), _runs(run_by, permission).scope
    with reading(engine) as connection:
        # Of everywhere, the demonstration's, what is loaded is all there is to read.
        loaded = reach.la_codes & queries.local_authorities(connection)
        scope = replace(reach, la_codes=loaded, full_figures=reach.full_figures and not for_publication)
        yield connection, scope if la is None else scope.within(la)


def take_away(run_by: str | None, figures: str, *, rows: int, for_publication: bool) -> None:
    """Record, before they are printed, that somebody takes these figures away."""
    person = _runs(run_by)
    is_full = person.scope.full_figures and not for_publication
    took_away(person, figures, rows=rows, kind="full" if is_full else "publishable")


def take_pupils_away(run_by: str | None, rows: str, pupils: Collection[str], *, number: int) -> None:
    """Record, before they are printed, that somebody takes rows about these pupils away."""
    person = _runs(run_by, Permission.PUPIL_ROWS)
    took_away(person, rows, rows=number, kind="pupils' rows", about=pupils)


def day(text: str | None, name: str) -> date | None:
    """The day that an option gives; None without it."""
    if text is None:
        return None
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise Stop(f"{name} is a day such as 2026-03-31, not {text[:20]!r}.") from None


def period(year: str, term: str | None) -> Period:
    """The period that `--year` and `--term` name."""
    chosen = one_of(term.upper() if term else None, list(Term), "--term")
    try:
        whole = Period.parse(year)
    except ValueError:
        whole = None
    if whole is None or whole.term:
        raise Stop(f"--year is an academic year such as 202526, not {year[:20]!r}.")
    return Period(whole.year, Term(chosen) if chosen else None)


def la_code(text: str | None) -> int | None:
    """The code that `--la` gives, None without it."""
    if text is None:
        return None
    if len(text) != 3 or not (text.isascii() and text.isdecimal()):
        raise Stop(f"--la is a three-digit code such as 999, not {text[:20]!r}.")
    return int(text)


def one_of(value: str | None, options: list[Any], name: str) -> Any:
    """The value, if it is one of the options or none was given."""
    if value is not None and value not in options:
        raise Stop(f"{name} {value[:40]!r} is not one of {', '.join(options)}.")
    return value


def json_or_csv(as_json: bool, as_csv: bool) -> None:
    """Stop where both were asked for."""
    if as_csv and as_json:
        raise Stop("Choose one of --csv and --json.")


def _database() -> Engine:
    try:
        return database()
    except SystemExit as problem:
        raise Stop(str(problem)) from None


def _runs(by: str | None, permission: Permission = Permission.DOWNLOAD_PUBLISHABLE) -> Person:
    try:
        return who_runs(by, permission, "--run-by")
    except Refused as refused:
        raise Stop(str(refused)) from None
