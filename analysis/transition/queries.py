"""Transitions: read whole for counts, and child by child for those who may see children."""

from datetime import date

import pandas as pd
from sqlalchemy import Connection, select

from access.reach import of_school
from access.scope import Scope
from analysis import queries
from analysis.casework.rows import pupil_rows
from analysis.frames import read
from analysis.transition import views
from analysis.transition.steps import due_days, end_of_half_term
from analysis.transition.views import Cohort
from data_model.belonging import LA_CODE, school_of
from data_model.school_days import SchoolDays
from data_model.schools import SCHOOLS
from data_model.settings import settings
from data_model.transitions import TRANSITIONS

_COUNTED = (
    *("academic_year", "to_urn", "need", "plan_date", "told_date", "visits", "key_adult", "summer_programme"),
    *("started", "settled_half_term", "settled", "autumn_attendance_pct"),
)


def cohort(connection: Connection, scope: Scope, la: int, on: str, days: str, year: str | None = None) -> Cohort | None:
    """Counts of the children who start Year 7 in `year` (None: the latest), as things stood on a day.

    `days` are those of the steps (`steps.days_of`): people set them, so what is cached is asked for by them.

    Without small numbers where the scope hides them; then None where it does not reach the authority whole: what is
    hidden is decided on the whole.
    """
    if not scope.full_figures and la not in scope.la_codes:
        return None
    own = scope.within(la)
    rows, names = _rows(connection, own), _names(connection, own)
    threshold = None if scope.full_figures else settings().small_number
    day = date.fromisoformat(on)
    return views.cohort(rows, names, year, days, day, _ends(connection, own, day), threshold)


def children(connection: Connection, scope: Scope, la: int, on: date, days: str, year: str) -> pd.DataFrame:
    """The children of `views.children` who start Year 7 in `year`; of those whom the scope reaches.

    Raises OutOfScope where the scope has no rows about pupils.
    """
    own = scope.within(la)
    rows = pupil_rows(connection, scope, TRANSITIONS, la_code=la)
    return views.children(rows, _names(connection, own), year, due_days(year, days), on, _ends(connection, own, on))


def _rows(connection: Connection, scope: Scope) -> pd.DataFrame:
    table, (rows, urn) = TRANSITIONS.table, school_of(TRANSITIONS)
    schools = SCHOOLS.table
    statement = select(*(table.c[name] for name in _COUNTED)).select_from(rows.outerjoin(schools, schools.c.urn == urn))
    return read(connection, statement.where(of_school(connection, scope, LA_CODE.is_(None))))


def _names(connection: Connection, scope: Scope) -> "pd.Series[str]":
    return queries.schools(connection, scope).set_index("urn")["school_name"].astype("object")


def _ends(connection: Connection, scope: Scope, day: date) -> date:
    return end_of_half_term(SchoolDays.of(queries.term_dates(connection, scope)), day)
