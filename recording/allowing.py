"""Who may write what down, and of which schools: what is not allowed is refused before anything is written."""

from collections.abc import Collection

from sqlalchemy import Connection, literal, select

from access.people import Person
from access.reach import pupils_in, reached
from access.roles import Permission
from access.scope import Scope
from data_model.belonging import LA_CODE
from data_model.catalogue import DATASETS
from data_model.schools import SCHOOLS
from recording.checking import NotRecorded

_schools = SCHOOLS.table.c
_NOT_REACHED = "The child is not among those that you reach."


def refuse_unless_may(person: Person, permission: Permission) -> None:
    """Raises NotRecorded where the person's role has not the permission."""
    if not person.may(permission):
        raise NotRecorded(f"As {person.role.label} you may not do this ({permission.label}).")


def la_of_school(connection: Connection, scope: Scope, urn: int) -> int:
    """The LA of a school. Raises NotRecorded, in the same words, where it is not reached and where it is not loaded."""
    found = connection.execute(select(LA_CODE).where(reached(scope), _schools.urn == urn)).scalar()
    if found is None:
        raise NotRecorded("The school is not among those that you reach.")
    return int(found)


def la_of_child(connection: Connection, scope: Scope, pupil_ref: str, urn: int) -> int:
    """The LA of a child's school. Raises NotRecorded where the school or the child is not reached."""
    la_code = la_of_school(connection, scope, urn)
    theirs = select(_schools.urn).where(_schools.urn == urn, pupils_in(scope, literal(pupil_ref), _schools.urn))
    if not scope.pupil_rows or connection.execute(theirs).first() is None:
        raise NotRecorded(_NOT_REACHED)
    return la_code


def refuse_unknown_child(connection: Connection, pupil_ref: str) -> None:
    """Raises NotRecorded, in the words for a child who is not reached, where no row that is loaded names the child."""
    named = (dataset.table.c[dataset.pupil] for dataset in DATASETS.values() if dataset.pupil)
    if not any(connection.execute(select(literal(1)).where(each == pupil_ref).limit(1)).first() for each in named):
        raise NotRecorded(_NOT_REACHED)


def schools_reached(connection: Connection, scope: Scope, la_code: int) -> frozenset[int]:
    """The URNs of the schools of one LA that the scope reaches."""
    return frozenset(connection.execute(select(_schools.urn).where(reached(scope), LA_CODE.in_([la_code]))).scalars())


def refuse_unreached(connection: Connection, scope: Scope, la_code: int, urns: Collection[int]) -> None:
    """Raises NotRecorded where one of the schools is not in the LA, or the scope does not reach it."""
    outside = len(set(urns) - schools_reached(connection, scope, la_code))
    if outside:
        schools = "1 school is" if outside == 1 else f"{outside:,} schools are"
        raise NotRecorded(f"{schools} not among those that you reach in this local authority. Leave them to others.")
