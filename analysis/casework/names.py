"""What children are called on the screen: by name to those who may know it, and by reference to the others."""

from collections.abc import Collection

from sqlalchemy import Connection, select

from access.roles import Permission
from access.scope import Scope
from access.seal import Unsealable, unseal
from analysis.casework.rows import reached_pupils
from data_model.pupil_names import PUPIL_NAMES


def labels(connection: Connection, scope: Scope, pupils: Collection[str]) -> dict[str, str]:
    """What each of these pupils is called, by reference: “Robin Fictional (A123)”.

    The reference alone where the scope may see no names or does not reach the child, where no name is loaded, and where
    it was encrypted with another secret key.
    """
    named = _names(connection, scope, pupils) if Permission.NAMES in scope.columns else {}
    return {pupil: f"{named[pupil]} ({pupil})" if pupil in named else pupil for pupil in pupils}


def _names(connection: Connection, scope: Scope, pupils: Collection[str]) -> dict[str, str]:
    names = PUPIL_NAMES.table.c
    own = names.pupil_ref.in_(sorted(reached_pupils(connection, scope, pupils)))
    try:
        return {
            row.pupil_ref: f"{unseal(row.forename, PUPIL_NAMES.name)} {unseal(row.surname, PUPIL_NAMES.name)}"
            for row in connection.execute(select(names.pupil_ref, names.forename, names.surname).where(own))
        }
    except Unsealable:
        return {}
