"""`clocks`: the statutory clocks of single pupils on a day, for those who may see rows about pupils."""

from typing import Annotated

import pandas as pd
import typer

from access.roles import Permission
from analysis.alternative_provision.queries import last_day
from analysis.clocks.definitions import CLOCKS
from analysis.clocks.table import needing_attention
from analysis.command_line import asking
from analysis.command_line.printing import print_frame, print_notes
from analysis.pupil_story.clocks import clocks_of
from data_model.terms import in_words
from data_model.today import not_known_since, today

COLUMNS = (
    *("pupil_ref", "urn", "clock", "name", "state", "started", "due", "school_days_left", "met", "estimated"),
    "explanation",
)
_NAMES = {clock.id: clock.name for clock in CLOCKS}
_DAYS = ("started", "due", "met")


def clocks(
    on: Annotated[str | None, typer.Option("--on", help="The day, such as 2026-03-31; today without it.")] = None,
    attention: Annotated[bool, typer.Option("--attention", help="Those alone that are due soon or late.")] = False,
    la: asking.La = None,
    as_csv: asking.AsCsv = False,
    as_json: asking.AsJson = False,
    run_by: asking.RunBy = None,
) -> None:
    """Print the clocks that the law has running for pupils, due soon or late first, each explained in a sentence."""
    asking.json_or_csv(as_json, as_csv)
    chosen, code = asking.day(on, "--on"), asking.la_code(la)
    permission = Permission.PUPIL_ROWS
    with asking.asked_of(run_by, for_publication=False, la=code, permission=permission) as (connection, scope):
        ends = [day for each in scope.authorities if (day := last_day(connection, scope, each))]
        day = chosen or today(max(ends, default=None))
        found = clocks_of(connection, scope, on=day)
    rows = _printed(needing_attention(found, day) if attention else found)
    asking.take_pupils_away(run_by, "clocks", set(rows["pupil_ref"]), number=len(rows))
    none = "" if len(rows) else f"No such clock is known of on {in_words(day)}."
    print_notes(list(filter(None, (not_known_since(min(ends, default=None), day), none))))
    print_frame(rows, COLUMNS, as_json=as_json)


def _printed(found: pd.DataFrame) -> pd.DataFrame:
    days = {name: found[name].dt.strftime("%Y-%m-%d") for name in _DAYS}
    return found.assign(name=found["clock"].map(_NAMES), urn=found["urn"].mask(found["urn"].eq(0)), **days)
