"""Every pupil under the pseudonym of the key that is set, whatever the key was before or whether there was none."""

import re

from sqlalchemy import Connection, Engine, delete, select

from access import audit
from access.audit import Action
from access.keeping import pseudonyms
from access.keeping.pseudonyms import Pseudonyms
from access.keeping.pupil_rows import replaced_references, written_references
from access.keeping.replacing import replace
from access.people import Person
from access.seal import Unsealable
from data_model import fingerprints
from data_model.about_pupils import WRITTEN_ABOUT_PUPILS
from data_model.catalogue import DATASETS
from data_model.dataset import Dataset
from data_model.retention import pupil_identities
from data_model.settings import settings
from data_model.store import compact, writing

_WORKED_OUT = re.compile(r"CS-([0-9a-f]{12})")
_IDENTIFIERS = ("referral_id", "case_id")
Renamed = dict[str, str]


class NotChanged(Exception):
    """Nothing was changed. The message is a sentence that says why and what to do."""


def rotate(engine: Engine, who: Person | str) -> int:
    """Put every pupil under the pseudonym of the key that is set, in one transaction; returns how many references.

    Raises NotChanged where no key is set, or a sealed reference cannot be read with the key before.
    """
    new = pseudonyms.configured()
    if new is None:
        raise NotChanged("Set OUTREACH_PSEUDONYM_KEY and OUTREACH_PSEUDONYM_KEY_ID to the new key and its name first.")
    with writing(engine) as connection:
        names = _stored(connection)
        sent = _sent(connection, new, names)
        renamed = {stored: new.of(reference) for stored, reference in sent.items()}
        identifiers = _identifiers(connection) if any(stored == sent[stored] for stored in sent) else {}
        _rename(connection, renamed, identifiers)
        connection.execute(delete(pupil_identities))
        pseudonyms.remember(connection, new, sent.values())
        _verify(connection, new, sent)
        fingerprints.record_again(connection)
        audit.record(connection, who, Action.CHANGED_PSEUDONYMS, None, key_id=new.key_id, references=len(sent))
    compact(engine)
    return len(sent)


def _stored(connection: Connection) -> set[str]:
    found = written_references(connection)
    for dataset in DATASETS.values():
        for name in dataset.references:
            column = dataset.table.c[name]
            found |= set(connection.execute(select(column).where(column.is_not(None)).distinct()).scalars())
            found |= replaced_references(connection, dataset, name)
    return found


def _sent(connection: Connection, new: Pseudonyms, stored: set[str]) -> Renamed:
    """What was sent, by what is stored."""
    chosen = settings()
    sent = {reference: reference for reference in stored if not pseudonyms.is_pseudonym(reference)}
    rows = connection.execute(select(pupil_identities)).all()
    for row in rows:
        before = new if row.key_id == new.key_id else None
        if before is None and chosen.pseudonym_key_before:
            before = Pseudonyms(chosen.pseudonym_key_before, row.key_id)
        if before is None:
            raise NotChanged(
                f"Set OUTREACH_PSEUDONYM_KEY_BEFORE to the key {row.key_id}: what was sent is sealed with it."
            )
        try:
            sent[row.pupil_ref] = before.unseal(row.sealed)
        except Unsealable:
            raise NotChanged(
                f"A reference cannot be read with the key {row.key_id} as it is set. Nothing was changed."
            ) from None
    if lost := stored - set(sent):
        raise NotChanged(f"Of {len(lost)} pseudonyms it is not kept what was sent. Nothing was changed.")
    return {reference: sent[reference] for reference in stored}


def _identifiers(connection: Connection) -> Renamed:
    """Identifiers that were worked out from references without a key, and what they are with one."""
    found: set[str] = set()
    for dataset in DATASETS.values():
        for name in _worked_out(dataset):
            column = dataset.table.c[name]
            found |= set(connection.execute(select(column).where(column.like("CS-%")).distinct()).scalars())
            found |= {each for each in replaced_references(connection, dataset, name) if each.startswith("CS-")}
    matches = {each: _WORKED_OUT.fullmatch(each) for each in found}
    return {each: f"CS-{pseudonyms.key_of_identifier(match[1])}" for each, match in matches.items() if match}


def _worked_out(dataset: Dataset) -> list[str]:
    return [name for name in _IDENTIFIERS if name in dataset.columns]


def _rename(connection: Connection, references: Renamed, identifiers: Renamed) -> None:
    """Change the stored values everywhere."""
    columns = [(set_.name, name) for set_ in DATASETS.values() for name in (*set_.references, *_worked_out(set_))]
    columns += [(about.table.name, about.pupil.name) for about in WRITTEN_ABOUT_PUPILS]
    named = [dataset.name for dataset in DATASETS.values() if dataset.references or _worked_out(dataset)]
    replace(connection, {**references, **identifiers}, columns, named)


def _verify(connection: Connection, new: Pseudonyms, sent: Renamed) -> None:
    """Refuse to commit where any stored reference is not the pseudonym of one that was sent, or cannot be read."""
    expected = {new.of(reference) for reference in sent.values()}
    kept = connection.execute(select(pupil_identities)).all()
    readable = {row.pupil_ref for row in kept if new.of(new.unseal(row.sealed)) == row.pupil_ref}
    if _stored(connection) != expected or readable != expected:
        raise NotChanged("The pseudonyms did not come out as they should. Nothing was changed: please report it.")
