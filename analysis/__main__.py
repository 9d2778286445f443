"""The command line: python -m analysis. Made for an LA data team's scheduled jobs; the output is a promise (README)."""

import sys
from typing import Annotated, Any, NoReturn

import typer
from sqlalchemy.exc import SQLAlchemyError

from analysis.command_line import allocate, asking, outcomes, pupil_clocks, where_next
from analysis.command_line.printing import print_frame, print_json, print_notes
from analysis.measures import MEASURES, Measure
from analysis.slices import By
from analysis.table import COLUMNS, ORIGINS, measure_table
from data_model import inert, logs
from data_model.codes import Phase

_WRONG_USAGE = 2

cli = typer.Typer(add_completion=False, pretty_exceptions_enable=False, help=__doc__)


@cli.command()
def measures(as_json: asking.AsJson = False) -> None:
    """List the measures: what each means, how it is worked out and what it does not say."""
    if as_json:
        print_json([_described(measure) for measure in MEASURES.values()])
        return
    for measure in MEASURES.values():
        typer.echo(f"{measure.id:34} {measure.plain}")


@cli.command()
def table(
    measure: Annotated[str, typer.Argument(help="`python -m analysis measures` lists them.", show_default=False)],
    by: Annotated[str, typer.Option(help="school, phase or la.")],
    year: asking.Year,
    term: asking.OfTerm = None,
    phase: Annotated[str | None, typer.Option(help=f"{', '.join(Phase)}; all without it.")] = None,
    la: asking.La = None,
    source: Annotated[str | None, typer.Option(help="local or published; local where loaded without it.")] = None,
    for_publication: asking.ForPublication = False,
    as_csv: asking.AsCsv = False,
    as_json: asking.AsJson = False,
    run_by: asking.RunBy = None,
) -> None:
    """Print a measure's table: only the figures go to stdout, notes about them to stderr."""
    asking.json_or_csv(as_json, as_csv)
    period = asking.period(year, term)
    asked = {
        "measure": asking.one_of(measure, list(MEASURES), "measure"),
        "by": asking.one_of(by, list(By), "--by"),
        "phase": asking.one_of(phase, list(Phase), "--phase"),
        "source": asking.one_of(source, list(ORIGINS), "--source"),
        "la": asking.la_code(la),
    }
    with asking.asked_of(run_by, for_publication=for_publication) as (connection, scope):
        found = measure_table(connection, scope, period=period, **asked)
    asking.take_away(run_by, f"{measure} by {by}", rows=len(found.rows), for_publication=for_publication)
    print_notes(found.notes)
    print_frame(found.rows, COLUMNS, as_json=as_json)


cli.command()(where_next.targeting)
cli.command()(where_next.backtest)
cli.command()(allocate.allocate)
cli.command()(outcomes.outcomes)
cli.command()(pupil_clocks.clocks)


def _described(measure: Measure) -> dict[str, Any]:
    left_out = {"counts", "out_of", "published"}
    return {name: value for name, value in vars(measure).items() if name not in left_out}


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
    except asking.Stop as stop:
        _fail(str(stop))
    except (SQLAlchemyError, OSError) as problem:
        _fail(f"The database could not be used ({type(problem).__name__}). Try again, or ask whoever runs it.")


if __name__ == "__main__":
    logs.run(main)
