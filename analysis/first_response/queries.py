"""Calls, read for whole authorities. No pupil and no worker is read: calls leave as counts, or to be followed up."""

import pandas as pd
from sqlalchemy import Connection, select

from access.reach import of_school
from access.scope import OutOfScope, Scope
from analysis import queries
from analysis.first_response import views
from analysis.first_response.views import FirstResponse
from analysis.frames import read
from data_model.first_response import FIRST_RESPONSE
from data_model.school_days import SchoolDays
from data_model.schools import SCHOOLS
from data_model.settings import settings
from data_model.terms import academic_year, in_words

_schools = SCHOOLS.table
_CHOOSE = 200
_COLUMNS = (
    *("call_id", "received_date", "channel", "answered_date", "minutes_to_answer", "urn", "kind", "theme", "advice"),
    *("challenge_made", "offered", "whereabouts_5", "whereabouts_20", "became"),
)


def years(connection: Connection, scope: Scope, la: int) -> list[str]:
    """The academic years in which calls came, the newest first."""
    days = _calls(connection, scope, la)["received_date"]
    return sorted({academic_year(day.date()) for day in days}, reverse=True)


def first_response(connection: Connection, scope: Scope, la: int, year: str, on: str) -> FirstResponse | None:
    """What is shown of the calls of an academic year, as things stood on a day (or when the last call came).

    None where small numbers are hidden from the scope and it reaches a part of the authority alone: what is hidden is
    decided on whole authorities.
    """
    if not scope.full_figures and la not in scope.la_codes:
        return None
    calls = _calls(connection, scope, la)
    days = SchoolDays.of(queries.term_dates(connection, scope.within(la)))
    threshold = None if scope.full_figures else settings().small_number
    return views.first_response(calls, year, pd.Timestamp(on).date(), days, threshold)


def calls_to_choose(connection: Connection, scope: Scope, la: int) -> dict[str, str]:
    """The newest calls by their identifiers, each in a few words without a child: what somebody corrects.

    Raises OutOfScope where the scope has no rows about pupils: a row of a call may be about one.
    """
    if not scope.pupil_rows:
        raise OutOfScope("These rows may be about single pupils, and you may not see pupils’ rows.")
    newest = _calls(connection, scope, la).tail(_CHOOSE).iloc[::-1]
    schools = newest["school_name"].astype("object").fillna("no school")
    days = (in_words(day.date()) for day in newest["received_date"])
    return {
        str(call): f"{call}, {day}, {name}" for call, day, name in zip(newest["call_id"], days, schools, strict=True)
    }


def _calls(connection: Connection, scope: Scope, la: int) -> pd.DataFrame:
    """Every call: the columns above, `school_name` and `phase` (missing for a call of no school)."""
    own, table = scope.within(la), FIRST_RESPONSE.table
    source = table.outerjoin(_schools, _schools.c.urn == table.c.urn)
    columns = [table.c[name] for name in _COLUMNS]
    statement = select(*columns, _schools.c.school_name, _schools.c.phase).select_from(source)
    mine = of_school(connection, own, table.c.urn.is_(None))
    return read(connection, statement.where(mine).order_by(table.c.received_date, table.c.call_id))
