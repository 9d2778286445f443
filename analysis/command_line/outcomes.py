"""`outcomes`: a measure of what follows a child, by group, as pages say it."""

from typing import Annotated

import pandas as pd
import typer

from analysis.command_line import asking
from analysis.command_line.printing import print_frame, print_notes
from analysis.outcomes.asking import COLUMNS, outcome
from analysis.outcomes.figures import By
from analysis.outcomes.measures import OUTCOMES

_COLUMNS = ("la_code", *COLUMNS)

Measure = Annotated[str, typer.Argument(help=f"{', '.join(OUTCOMES)}.", show_default=False)]
Apart = Annotated[str | None, typer.Option("--by", help=f"{', '.join(By)}; the measure's first without it.")]


def outcomes(
    measure: Measure,
    year: asking.Year,
    by: Apart = None,
    la: asking.La = None,
    for_publication: asking.ForPublication = False,
    as_csv: asking.AsCsv = False,
    as_json: asking.AsJson = False,
    run_by: asking.RunBy = None,
) -> None:
    """Print a measure of what follows a child, a row a group: only the figures go to stdout, notes to stderr."""
    asking.json_or_csv(as_json, as_csv)
    declared = OUTCOMES[asking.one_of(measure, list(OUTCOMES), "measure")]
    chosen = asking.one_of(by, [str(each) for each in declared.by], "--by") or str(declared.by[0])
    asked, code = asking.period(year, None), asking.la_code(la)
    with asking.asked_of(run_by, for_publication=for_publication, la=code) as (connection, scope):
        parts = [
            outcome(connection, scope, measure=measure, la=each, year=asked.year, by=chosen).assign(
                la_code=f"{each:03d}"
            )
            for each in sorted(scope.authorities)
        ]
    rows = pd.concat(parts, ignore_index=True) if parts else pd.DataFrame(columns=list(_COLUMNS))
    asking.take_away(run_by, f"{measure} by {chosen}", rows=len(rows), for_publication=for_publication)
    print_notes([declared.plain, declared.caveat])
    print_frame(rows, _COLUMNS, as_json=as_json)
