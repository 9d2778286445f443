"""The command line: python -m sample_data --out DIR."""

from pathlib import Path
from typing import Annotated

import typer

from sample_data.generate import MOST_SCHOOLS, MOST_YEARS, SCHOOLS, SEED, YEARS
from sample_data.write import write

cli = typer.Typer(add_completion=False, pretty_exceptions_enable=False)
_WRONG_USAGE = 2


@cli.command()
def main(
    out: Annotated[Path, typer.Option(help="The folder to write to; made if it is not there.", show_default=False)],
    schools: Annotated[int, typer.Option(min=1, max=MOST_SCHOOLS, help="How many schools.")] = SCHOOLS,
    years: Annotated[int, typer.Option(min=1, max=MOST_YEARS, help="How many academic years, up to 2025/26.")] = YEARS,
    seed: Annotated[int, typer.Option(min=0, help="Another number makes another LA.")] = SEED,
) -> None:
    """Write a fictional local authority as CSV files, and a few untidy ones for trying the Upload page."""
    try:
        for line in write(out, schools, years, seed):
            typer.echo(line)
    except OSError as error:
        typer.echo(f"The files cannot be written: {error.strerror or 'the folder cannot be used'}.", err=True)
        raise typer.Exit(_WRONG_USAGE) from None


if __name__ == "__main__":
    cli()
