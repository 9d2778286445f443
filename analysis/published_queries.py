"""What may be read of the published statistics.

They are public, but what is returned is still no more than the question needs: a scope that names no local authority
gives empty frames.
"""

from collections.abc import Collection

import pandas as pd
from sqlalchemy import ColumnElement, Connection, Select, and_, false, or_, select, true, tuple_

from access.reach import reached_urns
from access.scope import Scope
from analysis.frames import read
from data_model.published import published_la_rates as la_rates
from data_model.published import published_statistics as statistics
from data_model.published import statistical_neighbours
from data_model.terms import Period, Term

_AREA = ("geographic_level", "area_code", "phase", "academic_year", "term", "la_code", "la_name", "region_code")
_SCHOOL = ("laestab", "urn", "school_name")
_COUNTS = ("headcount", "permanent_exclusions", "suspensions", "pupils_suspended")
_MARKERS = ("suspensions_marker",)
_RATES = ("permanent_exclusion_rate", "suspension_rate", "one_plus_rate")


def published_statistics(connection: Connection, scope: Scope, year: str | None = None) -> pd.DataFrame:
    """The published rows of the scope's schools and LAs, of one academic year if it is given.

    Columns: `geographic_level` (school or la), `area_code, phase, academic_year, term` (empty for a year), `la_code,
    la_name, region_code, laestab, urn, school_name`, the counts `headcount, permanent_exclusions, suspensions,
    pupils_suspended`, missing where DfE prints no number, and `suspensions_marker`, what it prints instead.
    """
    columns = [statistics.c[name] for name in (*_AREA, *_SCHOOL, *_COUNTS, *_MARKERS)]
    statement = select(*columns).where(_own(scope))
    return read(connection, statement.where(statistics.c.academic_year == year) if year else statement)


def published_schools(connection: Connection, scope: Scope, terms_of: Collection[str] = ()) -> pd.DataFrame:
    """The published rows that lists of schools are made from and judged by: a third of all, or less.

    Those of schools by whole year; by term in the academic years `terms_of`, and where an authority's year has terms
    alone. The columns of `published_statistics` but for names of areas, permanent exclusions and pupils suspended.
    """
    left_out = {"la_name", "region_code", "permanent_exclusions", "pupils_suspended"}
    columns = [statistics.c[name] for name in (*_AREA, *_SCHOOL, *_COUNTS, *_MARKERS) if name not in left_out]
    whole = statistics.alias()
    # Not a correlated `exists`: SQLite takes minutes for England's, whose rows it then looks up one by one.
    known = select(whole.c.la_code, whole.c.academic_year).where(
        whole.c.geographic_level == "school", whole.c.term == ""
    )
    in_terms_alone = tuple_(statistics.c.la_code, statistics.c.academic_year).not_in(known)
    period = or_(statistics.c.term == "", statistics.c.academic_year.in_(terms_of), in_terms_alone)
    return read(connection, select(*columns).where(_own(scope), statistics.c.geographic_level == "school", period))


def published_periods(connection: Connection, scope: Scope) -> frozenset[Period]:
    """The terms and whole years that there are published rows of schools for."""
    periods = select(statistics.c.academic_year, statistics.c.term).distinct()
    found = connection.execute(periods.where(_own(scope), statistics.c.geographic_level == "school"))
    return frozenset(Period(year, Term(term) if term else None) for year, term in found)


def _own(scope: Scope) -> ColumnElement[bool]:
    # Of an LA that is not reached whole, the published rows of the schools that are.
    return or_(statistics.c.la_code.in_(scope.la_codes), statistics.c.urn.in_(reached_urns(scope)))


def published_areas(connection: Connection, scope: Scope, la_code: int) -> pd.DataFrame:
    """The published rows that one LA of the scope is compared with: England, the regions and its neighbours.

    Columns: `geographic_level, area_code, phase, academic_year, term, la_code, la_name, region_code, region_name`, the
    counts, and the rates as printed. Empty where the scope does not name the LA.
    """
    columns = [statistics.c[name] for name in (*_AREA, "region_name", *_COUNTS, *_RATES)]
    level = statistics.c.geographic_level
    of_neighbours = and_(level == "la", statistics.c.la_code.in_(_neighbours_of(la_code)))
    compared = or_(level.in_(("country", "region")), of_neighbours)
    return read(connection, select(*columns).where(compared, _reaches(scope, la_code)))


def published_rates(connection: Connection, scope: Scope, la_code: int) -> pd.DataFrame:
    """The annual rates of DfE's LA tool for England, the regions and the LA's neighbours.

    Columns: `measure, phase, geographic_level, area_code, area_name, la_code, region_name, academic_year, value`. Empty
    where the scope does not name the LA.
    """
    names = ("measure", "phase", "geographic_level", "area_code", "area_name", "la_code", "region_name")
    columns = [la_rates.c[name] for name in (*names, "academic_year", "value")]
    own_or_neighbour = or_(la_rates.c.la_code.in_(_neighbours_of(la_code)), la_rates.c.la_code == la_code)
    compared = or_(la_rates.c.geographic_level != "la", own_or_neighbour)
    return read(connection, select(*columns).where(compared, _reaches(scope, la_code)))


def neighbours(connection: Connection, scope: Scope, la_code: int) -> pd.DataFrame:
    """The statistical neighbours of one LA of the scope, nearest first: `rank, neighbour_code, closeness`."""
    columns = [statistical_neighbours.c[name] for name in ("rank", "neighbour_code", "closeness")]
    statement = select(*columns).where(statistical_neighbours.c.la_code == la_code, _reaches(scope, la_code))
    return read(connection, statement.order_by(statistical_neighbours.c.rank))


def _neighbours_of(la_code: int) -> Select[tuple[int]]:
    return select(statistical_neighbours.c.neighbour_code).where(statistical_neighbours.c.la_code == la_code)


def _reaches(scope: Scope, la_code: int) -> ColumnElement[bool]:
    return true() if la_code in scope.authorities else false()
