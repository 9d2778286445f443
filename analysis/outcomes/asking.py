"""The one way in: a measure, an authority, a year and what to tell apart, for pages and the command line alike."""

import pandas as pd
from sqlalchemy import Connection

from access.scope import Scope
from analysis.hiding.parts import hidden_groups
from analysis.hiding.protection import HIDDEN, withheld
from analysis.outcomes.figures import Asked, By, Figure
from analysis.outcomes.measures import OUTCOMES
from data_model.settings import settings

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
    rows = pd.DataFrame([vars(each) for each in figures], columns=["group", *_FIGURES])
    given = {"measure": measure, "year": year, "by": str(chosen), "unit": declared.unit}
    table = rows.assign(**given)[list(COLUMNS)]
    if scope.full_figures or table.empty:
        return table.assign(**{HIDDEN: ""})
    return withheld(table, _hidden(figures), _FIGURES)


def _hidden(figures: list[Figure]) -> "pd.Series[bool]":
    told = [each.hidden for each in figures]
    if None not in told:
        return pd.Series(told, dtype=bool)
    return hidden_groups(pd.DataFrame([dict(enumerate(each.pupils)) for each in figures]), settings().small_number)
