"""A meeting's list of schools: frozen under a name, read again, withdrawn.

Frozen lists hold full figures, so they are for scopes that may see those, and the schools that a scope reaches alone.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import pandas as pd
from sqlalchemy import Connection, Engine, Row, insert, select

from access import audit
from access.audit import Action
from access.noting import key_of, moment, noting, utc
from access.people import Person
from access.roles import Permission
from access.scope import OutOfScope, Scope
from data_model.frozen_lists import FrozenList, ListQuestion, frozen_lists
from data_model.store import current_version
from recording.allowing import refuse_unless_may, refuse_unreached, schools_reached
from recording.checking import NotRecorded, checked
from recording.withdrawing import Withdrawn, reason, sees_names, standing, withdraw, withdrawn

_PROTECTED = "Frozen lists hold figures of fewer than five pupils, and you may not see those."


@dataclass(frozen=True)
class KeptList:
    """A frozen list without its rows. `frozen_at` is UTC; `schools` counts those that the reader reaches, and
    `out_of_reach` the others."""

    list_id: int
    la_code: int
    name: str
    question: ListQuestion
    data_version: int
    frozen_at: datetime
    frozen_by: str | None
    schools: int
    out_of_reach: int
    withdrawn: Withdrawn | None


def freeze_list(
    engine: Engine,
    person: Person,
    *,
    la_code: int,
    name: str,
    question: Mapping[str, Any],
    rows: Sequence[Mapping[str, Any]],
    data_version: int,
    names_nobody: bool = False,
) -> int:
    """Freeze a list of schools under a name that no other of the LA has; returns its number.

    `question` holds `period`, `phase` (or None), `filters` (a dictionary) and `order`; `rows` the schools in order,
    each with its `urn` and figures: no pupil's data. `data_version` is that of the data which the figures were worked
    out from. Raises NotRecorded, and writes nothing, where the person may not or does not reach a school, the name is
    taken or a value is wrong; SeemsToName where the name seems to be a person's.
    """
    refuse_unless_may(person, Permission.FREEZE_LISTS)
    given = {
        "la_code": la_code,
        "name": name,
        "question": checked(ListQuestion, question),
        "rows": [dict(row) for row in rows],
        "data_version": data_version,
    }
    kept = checked(FrozenList, given, names_nobody=names_nobody)
    with noting(engine) as connection:
        refuse_unreached(connection, person.scope, kept.la_code, [row["urn"] for row in kept.rows])
        _refuse_taken(connection, kept)
        if kept.data_version > current_version(connection):
            raise NotRecorded("The data were put back to an older state. Load the page again, then freeze the list.")
        row = {**kept.model_dump(mode="json"), "recorded_by": person.name, "recorded_at": moment()}
        list_id = key_of(connection.execute(insert(frozen_lists).values(row)))
        told = {"la_code": kept.la_code, "schools": len(kept.rows), "period": kept.question.period}
        audit.record(connection, person, Action.LIST_FROZEN, f"list {list_id}", **told)
    return list_id


def _refuse_taken(connection: Connection, kept: FrozenList) -> None:
    names = select(frozen_lists.c.name).where(frozen_lists.c.la_code == kept.la_code)
    if kept.name.casefold() in {name.casefold() for name in connection.execute(names).scalars()}:
        raise NotRecorded("A list of that name is there already, perhaps a withdrawn one. Choose another name.")


def kept_lists(connection: Connection, scope: Scope, la_code: int) -> tuple[KeptList, ...]:
    """The frozen lists of an LA with a school that the scope reaches, newest first, withdrawn ones too.

    Raises OutOfScope where the scope has not full figures.
    """
    _refuse_protected(scope)
    query = select(frozen_lists).where(frozen_lists.c.la_code == la_code).order_by(frozen_lists.c.list_id.desc())
    own = schools_reached(connection, scope, la_code)
    kept = (_kept(row, scope, own) for row in connection.execute(query).all())
    return tuple(each for each in kept if each.schools)


def list_rows(connection: Connection, scope: Scope, list_id: int) -> pd.DataFrame:
    """The rows of a frozen list as they were frozen, in order, of the schools that the scope reaches.

    Raises OutOfScope where the scope has not full figures, or there is no such list with a school that it reaches.
    """
    _refuse_protected(scope)
    row = connection.execute(select(frozen_lists).where(frozen_lists.c.list_id == list_id)).first()
    own = schools_reached(connection, scope, row.la_code) if row else ()
    rows = [each for each in row.rows if each["urn"] in own] if row else []
    if not rows:
        raise OutOfScope("There is no such list of schools that you reach.")
    return pd.DataFrame(rows)


def withdraw_list(engine: Engine, person: Person, *, list_id: int, why: str, names_nobody: bool = False) -> None:
    """Mark a list as withdrawn: it stays to be read, and keeps its name.

    Raises NotRecorded, and changes nothing, where the person may not, does not reach every school of it or gives no
    reason, or it is withdrawn already; SeemsToName where the reason seems to name a person.
    """
    refuse_unless_may(person, Permission.FREEZE_LISTS)
    said = reason(why, names_nobody=names_nobody)
    with noting(engine) as connection:
        row = standing(connection, frozen_lists, list_id)
        refuse_unreached(connection, person.scope, row.la_code, [each["urn"] for each in row.rows])
        withdraw(connection, person, frozen_lists, list_id, said, Action.LIST_WITHDRAWN)


def _refuse_protected(scope: Scope) -> None:
    if not scope.full_figures:
        raise OutOfScope(_PROTECTED)


def _kept(row: Row[Any], scope: Scope, own: frozenset[int]) -> KeptList:
    schools = sum(each["urn"] in own for each in row.rows)
    return KeptList(
        list_id=row.list_id,
        la_code=row.la_code,
        name=row.name,
        question=ListQuestion.model_validate(row.question),
        data_version=row.data_version,
        frozen_at=utc(row.recorded_at),
        frozen_by=row.recorded_by if sees_names(scope) else None,
        schools=schools,
        out_of_reach=len(row.rows) - schools,
        withdrawn=withdrawn(row, scope),
    )
