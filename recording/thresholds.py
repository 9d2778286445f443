"""Setting the thresholds from which an authority wants to look at a child, and reading those that were in force."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Engine, Row, insert, select

from access import audit
from access.audit import Action
from access.noting import key_of, moment, noting, utc
from access.people import Person
from access.roles import Permission
from access.scope import Scope
from data_model.belonging import LA_CODE
from data_model.schools import SCHOOLS
from data_model.thresholds import Thresholds, ThresholdsSet, in_force, thresholds_set
from recording.allowing import refuse_unless_may, refuse_unreached, schools_reached
from recording.checking import NotRecorded, checked
from recording.withdrawing import Withdrawn, reason, sees_names, sees_words, standing, withdraw, withdrawn

_schools = SCHOOLS.table.c


@dataclass(frozen=True)
class Setting:
    """Thresholds as they were set. `set_at` is UTC; `in_force` is true of the newest that holds."""

    thresholds_id: int
    la_code: int
    thresholds: Thresholds
    set_at: datetime
    set_by: str | None
    note: str | None
    in_force: bool
    withdrawn: Withdrawn | None


def set_thresholds(
    engine: Engine,
    person: Person,
    *,
    la_code: int,
    values: Mapping[str, Any],
    note: str | None = None,
    names_nobody: bool = False,
) -> int:
    """Set an authority's thresholds, which are in force from now on; returns their number.

    `values` holds every field of Thresholds. Raises NotRecorded, and writes nothing, where the person may not or does
    not reach the whole authority, or a value is wrong; SeemsToName where the note seems to name a person.
    """
    refuse_unless_may(person, Permission.SET_THRESHOLDS)
    given = checked(ThresholdsSet, {**values, "la_code": la_code, "note": note}, names_nobody=names_nobody)
    if given.many_suspensions < given.some_suspensions:
        raise NotRecorded("Many suspensions cannot be fewer than some. Correct one of them.")
    with noting(engine) as connection:
        _refuse_a_part(connection, person.scope, given.la_code)
        row = {**given.model_dump(), "recorded_by": person.name, "recorded_at": moment()}
        thresholds_id = key_of(connection.execute(insert(thresholds_set).values(row)))
        told = given.model_dump(exclude={"note"})
        audit.record(connection, person, Action.THRESHOLDS_SET, f"thresholds {thresholds_id}", **told)
    return thresholds_id


def withdraw_thresholds(
    engine: Engine, person: Person, *, thresholds_id: int, why: str, names_nobody: bool = False
) -> None:
    """Mark thresholds as withdrawn: they stay to be read, and those before them are in force again.

    Raises NotRecorded, and changes nothing, where the person may not, does not reach the whole authority or gives no
    reason, or they are withdrawn already; SeemsToName where the reason seems to name a person.
    """
    refuse_unless_may(person, Permission.SET_THRESHOLDS)
    said = reason(why, names_nobody=names_nobody)
    with noting(engine) as connection:
        _refuse_a_part(connection, person.scope, standing(connection, thresholds_set, thresholds_id).la_code)
        withdraw(connection, person, thresholds_set, thresholds_id, said, Action.THRESHOLDS_WITHDRAWN)


def thresholds_in_force(connection: Connection, la_code: int) -> Thresholds:
    """An authority's thresholds: those that it set last and that hold, else the usual ones. They name nobody."""
    return in_force(connection, la_code)


def thresholds_of(connection: Connection, scope: Scope, la_code: int) -> tuple[Setting, ...]:
    """Every time that an authority's thresholds were set, newest first, withdrawn ones too.

    Nothing where the scope reaches no school of it. Who set them is told to scopes with workers' names, the note to
    those with free text.
    """
    if not schools_reached(connection, scope, la_code):
        return ()
    query = select(thresholds_set).where(thresholds_set.c.la_code == la_code)
    rows = connection.execute(query.order_by(thresholds_set.c.thresholds_id.desc())).all()
    newest = next((row.thresholds_id for row in rows if row.withdrawn_at is None), None)
    return tuple(_setting(row, scope, row.thresholds_id == newest) for row in rows)


def _refuse_a_part(connection: Connection, scope: Scope, la_code: int) -> None:
    """Raises NotRecorded where a school of the authority is not reached, or it has none: thresholds hold for all."""
    schools = list(connection.execute(select(_schools.urn).where(LA_CODE.in_([la_code]))).scalars())
    if not schools:
        raise NotRecorded("No school of this local authority is among those that you reach.")
    refuse_unreached(connection, scope, la_code, schools)


def _thresholds(row: Row[Any]) -> Thresholds:
    return Thresholds(**{name: getattr(row, name) for name in Thresholds.model_fields})


def _setting(row: Row[Any], scope: Scope, in_force: bool) -> Setting:
    return Setting(
        thresholds_id=row.thresholds_id,
        la_code=row.la_code,
        thresholds=_thresholds(row),
        set_at=utc(row.recorded_at),
        set_by=row.recorded_by if sees_names(scope) else None,
        note=row.note if sees_words(scope) else None,
        in_force=in_force,
        withdrawn=withdrawn(row, scope),
    )
