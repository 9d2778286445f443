"""The demonstration keeps no real children's records: the one rule of it, for the page and the command line alike."""

from collections.abc import Iterable, Sequence

from sqlalchemy import Connection, select

from data_model.reference import LocalAuthority, local_authorities
from data_model.schools import SCHOOLS
from data_model.settings import settings
from loaders.report import Report

_SCHOOLS_OF_AN_LA = 10_000  # an LAESTAB is the LA's code and four digits


def refusal(connection: Connection, reports: Sequence[Report], schools: Iterable[int] = ()) -> str | None:
    """Why these files may not be saved here, as a sentence; None in live mode, and for a fictional authority's.

    Checking them is allowed, and so are published statistics: nobody's own records are in either. It is asked of people
    (loaders/save.py), not of what ships with the product.
    """
    if settings().is_live:
        return None
    for laestab in _laestabs(connection, reports, schools):
        authority = local_authorities().get(laestab // _SCHOOLS_OF_AN_LA)
        if authority and _is_real(authority):
            return (
                f"Nothing was saved: this is the demonstration, and these are records of {authority.name}. For your "
                "own data set OUTREACH_MODE=live, where people sign in."
            )
    return None


def _laestabs(connection: Connection, reports: Sequence[Report], schools: Iterable[int]) -> set[int]:
    """The schools that the files are about: those that they name, and those whose URNs they name."""
    urns, named = set(schools), set[int]()
    for report in reports:
        for column in report.columns:
            if column == "laestab":
                named.update(value for value in report.stored(column) if value is not None)
            elif column == "urn" or column.endswith("_urn"):
                urns.update(value for value in report.stored(column) if value is not None)
    table = SCHOOLS.table
    known = connection.execute(select(table.c.laestab).where(table.c.urn.in_(urns), table.c.laestab.is_not(None)))
    return named | set(known.scalars())


def _is_real(authority: LocalAuthority) -> bool:
    return authority.region != ""
