"""The command line: python -m analysis. Made for an LA data team's scheduled jobs; the output is a promise (README)."""

import csv
import json
import sys
from dataclasses import replace
from typing import Annotated, Any, NoReturn

import pandas as pd
import typer
from sqlalchemy import Engine
from sqlalchemy.exc import SQLAlchemyError

from access.accounts import Refused
from access.command_line import who_runs
from access.people import Person
from access.roles import Permission
from analysis import queries
from analysis.measures import MEASURES, Measure
from analysis.protection import HIDDEN, HIDDEN_MARK, is_hidden
from analysis.slices import By
from analysis.table import COLUMNS, ORIGINS, MeasureTable, measure_table
from data_model import inert, logs
from data_model.codes import Phase
from data_model.store import database, reading
from data_model.terms import Period, Term

_WRONG_USAGE = 2

cli = typer.Typer(add_completion=False, pretty_exceptions_enable=False, help=__doc__)

RunBy = Annotated[
    str | None,
    typer.Option("--run-by", envvar="OUTREACH_BY", help="In live mode: the sign-in name of whose job this is."),
]
AsJson = Annotated[bool, typer.Option("--json", help="Print one JSON list and nothing else.")]


class _Stop(Exception):
    """Ends a command; its message is the sentence to print."""


@cli.command()
def measures(as_json: AsJson = False) -> None:
    """List the measures: what each means, how it is worked out and what it does not say."""
    if as_json:
        _print_json([_described(measure) for measure in MEASURES.values()])
        return
    for measure in MEASURES.values():
        typer.echo(f"{measure.id:34} {measure.plain}")


@cli.command()
def table(
    measure: Annotated[str, typer.Argument(help="`python -m analysis measures` lists them.", show_default=False)],
    by: Annotated[str, typer.Option(help="school, phase or la.")],
    year: Annotated[str, typer.Option(help="The academic year, such as 202526.")],
    term: Annotated[str | None, typer.Option(help="AUT, SPR or SUM; the whole year without it.")] = None,
    phase: Annotated[str | None, typer.Option(help=f"{', '.join(Phase)}; all without it.")] = None,
    la: Annotated[str | None, typer.Option(help="Three-digit LA code; all that are loaded without it.")] = None,
    source: Annotated[str | None, typer.Option(help="local or published; local where loaded without it.")] = None,
    for_publication: Annotated[
        bool, typer.Option("--for-publication", help="Hide small numbers, and print [c] in their place.")
    ] = False,
    as_csv: Annotated[bool, typer.Option("--csv", help="Print CSV (what is printed without --json too).")] = False,
    as_json: AsJson = False,
    run_by: RunBy = None,
) -> None:
    """Print a measure's table: only the figures go to stdout, notes about them to stderr."""
    if as_csv and as_json:
        raise _Stop("Choose one of --csv and --json.")
    period = _period(year, term)
    asked = {
        "measure": _one_of(measure, list(MEASURES), "measure"),
        "by": _one_of(by, list(By), "--by"),
        "phase": _one_of(phase, list(Phase), "--phase"),
        "source": _one_of(source, list(ORIGINS), "--source"),
    }
    engine, reach = _database(), _runs(run_by).scope
    if for_publication and reach.districts:
        raise _Stop("Figures for publication are made by somebody who reaches the whole local authority.")
    with reading(engine) as connection:
        # Of everywhere, the demonstration's, what is loaded is all there is to read.
        loaded = reach.la_codes & queries.local_authorities(connection)
        scope = replace(reach, la_codes=loaded, full_figures=reach.full_figures and not for_publication)
        found = measure_table(connection, scope, period=period, la=_la_code(la), **asked)
    _print_notes(found)
    rows = _rows(found.rows)
    if as_json:
        _print_json(rows)
        return
    writer = csv.DictWriter(sys.stdout, list(COLUMNS), lineterminator="\n")
    writer.writeheader()
    writer.writerows({name: _cell(value) for name, value in row.items()} for row in rows)


def _described(measure: Measure) -> dict[str, Any]:
    left_out = {"counts", "out_of", "published"}
    return {name: value for name, value in vars(measure).items() if name not in left_out}


def _period(year: str, term: str | None) -> Period:
    chosen = _one_of(term.upper() if term else None, list(Term), "--term")
    try:
        whole = Period.parse(year)
    except ValueError:
        whole = None
    if whole is None or whole.term:
        raise _Stop(f"--year is an academic year such as 202526, not {year[:20]!r}.")
    return Period(whole.year, Term(chosen) if chosen else None)


def _la_code(text: str | None) -> int | None:
    if text is None:
        return None
    if len(text) != 3 or not (text.isascii() and text.isdecimal()):
        raise _Stop(f"--la is a three-digit code such as 999, not {text[:20]!r}.")
    return int(text)


def _one_of(value: str | None, options: list[Any], name: str) -> Any:
    if value is not None and value not in options:
        raise _Stop(f"{name} {value[:40]!r} is not one of {', '.join(options)}.")
    return value


def _database() -> Engine:
    try:
        return database()
    except SystemExit as problem:
        raise _Stop(str(problem)) from None


def _runs(by: str | None) -> Person:
    try:
        return who_runs(by, Permission.DOWNLOAD_PUBLISHABLE)
    except Refused as refused:
        raise _Stop(str(refused)) from None


def _rows(frame: pd.DataFrame) -> list[dict[str, Any]]:
    """The rows with missing cells as None, hidden ones as [c] and whole numbers without a decimal point."""
    plain = frame.astype(object).where(frame.notna(), None)
    for column in ("count", "out_of", "rate"):
        plain[column] = plain[column].mask(is_hidden(frame, column), HIDDEN_MARK)
    rows = plain.drop(columns=HIDDEN).to_dict("records")
    return [{str(name): _plain(value) for name, value in row.items()} for row in rows]


def _plain(value: Any) -> Any:
    return int(value) if isinstance(value, float) and value.is_integer() else value


def _cell(value: Any) -> Any:
    return inert.cell(value) if isinstance(value, str) else value


def _print_notes(found: MeasureTable) -> None:
    for note in found.notes:
        typer.echo(inert.one_line(note), err=True)


def _print_json(value: Any) -> None:
    sys.stdout.write(inert.one_line(json.dumps(value, default=str, ensure_ascii=False)) + "\n")


def _fail(sentence: str) -> NoReturn:
    typer.echo(inert.one_line(sentence), err=True)
    sys.exit(_WRONG_USAGE)


def main() -> None:
    """Run the command line. Whatever goes wrong is told in one sentence, with exit code 2."""
    sys.stdout.reconfigure(encoding="utf-8")  # type: ignore[union-attr]
    try:
        sys.exit(cli(standalone_mode=False) or 0)
    except typer.TyperException as problem:
        _fail(f"{problem.format_message().rstrip('.')}. Add --help to see how it is used.")
    except _Stop as stop:
        _fail(str(stop))
    except (SQLAlchemyError, OSError) as problem:
        _fail(f"The database could not be used ({type(problem).__name__}). Try again, or ask whoever runs it.")


if __name__ == "__main__":
    logs.run(main)
