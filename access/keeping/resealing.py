"""What the secret key before sealed, sealed again with the one that is set: pupils' names and second factors."""

from sqlalchemy import Connection, Engine, select

from access import audit
from access.audit import Action
from access.keeping.pupil_rows import replaced_references
from access.keeping.replacing import replace
from access.people import Person
from access.seal import Unsealable, sealed_again
from access.sign_in.second_factor import PURPOSE
from data_model.accounts import accounts
from data_model.catalogue import DATASETS
from data_model.store import compact, writing

_SEALED = [(dataset, name) for dataset in DATASETS.values() for name in dataset.sealed]


class NotResealed(Exception):
    """Nothing was changed. The message is a sentence that says why and what to do."""


def reseal(engine: Engine, who: Person | str) -> int:
    """Seal everything that is kept sealed with the key that is set, in one transaction; returns how many texts.

    Raises NotResealed where one was sealed with neither that key nor the one before.
    """
    with writing(engine) as connection:
        try:
            new = _again(connection)
        except Unsealable:
            raise NotResealed(
                "A name or a second factor was sealed with another key than OUTREACH_SECRET_KEY and "
                "OUTREACH_SECRET_KEY_BEFORE. Set OUTREACH_SECRET_KEY_BEFORE to that key. Nothing was changed."
            ) from None
        columns = [(dataset.name, name) for dataset, name in _SEALED]
        columns.append((accounts.name, accounts.c.second_factor.name))
        replace(connection, new, columns, [dataset.name for dataset, _ in _SEALED])
        audit.record(connection, who, Action.RESEALED, None, texts=len(new))
    compact(engine)
    return len(new)


def _again(connection: Connection) -> dict[str, str]:
    """Each sealed text that is stored, and the same sealed anew."""
    found = {}
    for dataset, name in _SEALED:
        column = dataset.table.c[name]
        stored = set(connection.scalars(select(column).where(column.is_not(None))))
        for sealed in stored | replaced_references(connection, dataset, name):
            found[sealed] = sealed_again(sealed, dataset.name)
    factor = accounts.c.second_factor
    for sealed in connection.scalars(select(factor).where(factor.is_not(None))):
        found[sealed] = sealed_again(sealed, PURPOSE)
    return found
