"""The one way in: a measure, an authority, a year and what to tell apart, for pages and the command line alike."""

import pandas as pd
from sqlalchemy import Connection

from access.scope import Scope
from analysis.alternative_provision.masks import without_small
from analysis.outcomes.figures import Asked, By
from analysis.outcomes.measures import OUTCOMES

COLUMNS = ("measure", "year", "by", "group", "count", "out_of", "value", "low", "high", "unit", "note")
_FIGURES = ["count", "out_of", "value", "low", "high", "note"]


def outcome(connection: Connection, scope: Scope, *, measure: str, la: int, year: str, by: str = "") -> pd.DataFrame:
    """The rows of a measure (by its id): COLUMNS, a row a group, and HIDDEN of what is hidden.

    `by` is one of the measure's own, the first without one. Nothing where the scope hides small numbers and does not
    reach the authority whole: what is hidden is decided on whole authorities.
    """
    declared = OUTCOMES[measure]
    chosen = By(by) if by else declared.by[0]
    if chosen not in declared.by:
        raise ValueError(f"{measure} is not told apart by {chosen}.")
    asks = scope.full_figures or la in scope.la_codes
    figures = declared.answer(connection, scope, Asked(la, year, chosen)) if asks else []
    rows = pd.DataFrame([vars(each) for each in figures], columns=["group", *_FIGURES, "pupils"])
    given = {"measure": measure, "year": year, "by": str(chosen), "unit": declared.unit}
    table = rows.assign(**given)[list(COLUMNS)]
    behind = pd.DataFrame([dict(enumerate(each.pupils)) for each in figures], index=table.index)
    return without_small(table, behind, _FIGURES, full=scope.full_figures)
