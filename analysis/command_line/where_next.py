"""`targeting` and `backtest`: the list of schools to go to next, and whether earlier lists could be trusted."""

from typing import Annotated

import typer

from analysis import queries
from analysis.command_line import asking
from analysis.command_line.printing import print_frame, print_notes
from analysis.denominators import HEADLINE
from analysis.hiding.protection import HIDDEN, HIDDEN_MARK
from analysis.targeting import backtest as judged
from analysis.targeting.history import years_of_terms
from analysis.targeting.list_to_print import COLUMNS, list_to_print
from analysis.targeting.trust import figures, trust_where_loaded


def targeting(
    year: asking.Year,
    term: asking.OfTerm = None,
    la: asking.La = None,
    phase: Annotated[str | None, typer.Option(help=f"{', '.join(HEADLINE)}; all without it.")] = None,
    for_publication: asking.ForPublication = False,
    as_csv: asking.AsCsv = False,
    as_json: asking.AsJson = False,
    run_by: asking.RunBy = None,
) -> None:
    """Print the list of schools, most to gain first: how high, how much, how sure, and the outreach they have now."""
    asking.json_or_csv(as_json, as_csv)
    period, code = asking.period(year, term), asking.la_code(la)
    asked = asking.one_of(phase, list(HEADLINE), "--phase")
    with asking.asked_of(run_by, for_publication=for_publication, la=code) as (connection, scope):
        records = queries.records_of_lists(connection, scope, years_of_terms(period))
        rows, notes = list_to_print(records, period, code, asked)
    asking.take_away(run_by, "targeting", rows=len(rows), for_publication=for_publication)
    print_notes(notes)
    print_frame(rows, COLUMNS, as_json=as_json)


def backtest(
    la: asking.La = None,
    for_publication: asking.ForPublication = False,
    as_csv: asking.AsCsv = False,
    as_json: asking.AsJson = False,
    run_by: asking.RunBy = None,
) -> None:
    """Print what earlier lists said beside what happened next, a row for each phase."""
    asking.json_or_csv(as_json, as_csv)
    code = asking.la_code(la)
    with asking.asked_of(run_by, for_publication=for_publication, la=code) as (connection, scope):
        records = queries.records_of_lists(connection, scope)
    found = trust_where_loaded(records, code)
    rows = figures(found)
    notes = [note for each in found for note in each.notes] or ["Nothing is loaded for this question."]
    if rows[HIDDEN].ne("").any():
        notes.append(f"{HIDDEN_MARK}: of fewer than {records.protection} schools, whose own counts it could give away.")
    asking.take_away(run_by, "backtest", rows=len(rows), for_publication=for_publication)
    print_notes(notes)
    print_frame(rows, judged.COLUMNS, as_json=as_json)
