"""Pupils under pseudonyms: what every table holds in place of the reference that was sent, where there is a key.

A pseudonym is a keyed digest (HMAC-SHA-256), so the same pupil has the same one in every file, and nobody can find a
pupil's by going through all references. A plain digest would not do: all UPNs that an LA gave out take seconds. What
was sent is kept sealed beside it, for the pupil's right of access and for a change of the key.
"""

import hmac
import re
from base64 import b32encode, urlsafe_b64encode
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from hashlib import sha256

from cryptography.fernet import Fernet, InvalidToken
from pydantic import SecretStr
from sqlalchemy import Connection, select

from access.audit import subject_of_pupil
from access.seal import Unsealable, derived, digest
from data_model.about_pupils import WRITTEN_ABOUT_PUPILS
from data_model.catalogue import DATASETS
from data_model.columns import one_form
from data_model.retention import pupil_identities
from data_model.settings import settings
from data_model.store import among, insert_rows

_FORM = re.compile(r"P-[A-Z0-9]{1,8}-[A-Z2-7]{32}")
_BYTES = 20  # 160 bits: 32 letters and digits


@dataclass(frozen=True)
class Pseudonyms:
    """The pseudonyms that one key makes. `key_id` stands in each, so that it tells by which key it was made."""

    key: SecretStr
    key_id: str
    _digests: bytes = field(init=False, repr=False)
    _lock: Fernet = field(init=False, repr=False)

    def __post_init__(self) -> None:
        secret = self.key.get_secret_value()
        object.__setattr__(self, "_digests", derived(secret, "pseudonym"))
        object.__setattr__(self, "_lock", Fernet(urlsafe_b64encode(derived(secret, "pseudonym seal"))))

    def of(self, reference: str) -> str:
        """The pseudonym of a reference as it was sent: capitals, digits and two hyphens, never the shape of a UPN."""
        made = hmac.digest(self._digests, one_form(reference).encode(), sha256)[:_BYTES]
        return f"P-{self.key_id.upper()}-{b32encode(made).decode()}"

    def seal(self, reference: str) -> str:
        """The reference encrypted and authenticated."""
        return self._lock.encrypt(reference.encode()).decode()

    def unseal(self, sealed: str) -> str:
        """The reference that was sealed with this key. Raises Unsealable."""
        try:
            return self._lock.decrypt(sealed.encode()).decode()
        except InvalidToken:
            raise Unsealable("The pseudonym key is another than the one that these pupils were saved with.") from None


def configured() -> Pseudonyms | None:
    """The pseudonyms of the settings; None where pupils are kept under the references that are sent."""
    chosen = settings()
    return Pseudonyms(chosen.pseudonym_key, chosen.pseudonym_key_id) if chosen.pseudonym_key else None


def is_pseudonym(reference: str) -> bool:
    """Whether a reference is one of ours, and not one that anybody sent."""
    return bool(_FORM.fullmatch(reference))


def key_of_identifier(plain: str) -> str:
    """An identifier that was worked out from a pupil's reference, so that nobody can find the reference by trying.

    It hangs on the secret key and not on the pseudonym key: the same sheet has the same identifiers when that changes.
    """
    return digest(plain, "identifier")[:12]


def fault(connection: Connection, pseudonyms: Pseudonyms | None) -> str | None:
    """Why these pseudonyms cannot go beside the pupils that are saved, as a sentence; None where they can."""
    kept = connection.execute(select(pupil_identities.c.key_id, pupil_identities.c.sealed).limit(1)).first()
    if pseudonyms is None:
        said = "This database keeps pupils under pseudonyms. Set OUTREACH_PSEUDONYM_KEY to the key that made them."
        return said if kept else None
    others = select(pupil_identities.c.key_id).where(pupil_identities.c.key_id != pseudonyms.key_id).limit(1)
    if connection.execute(others).first() or (not kept and _holds_references(connection)):
        return (
            "The pupils that are saved are not under the pseudonyms of this key. Run `python -m access "
            "rotate-pseudonyms` first, or set the key and its name back."
        )
    if kept:
        try:
            pseudonyms.unseal(kept.sealed)
        except Unsealable as other_key:
            return f"{other_key} Set OUTREACH_PSEUDONYM_KEY back to it."
    return None


def _holds_references(connection: Connection) -> bool:
    columns = [dataset.table.c[name] for dataset in DATASETS.values() for name in dataset.references]
    columns += [about.pupil for about in WRITTEN_ABOUT_PUPILS]
    return any(connection.execute(select(c).where(c.is_not(None)).limit(1)).first() for c in columns)


def remember(connection: Connection, pseudonyms: Pseudonyms, sent: Iterable[str]) -> None:
    """Keep, sealed, the references that are not kept yet."""
    made = {pseudonyms.of(reference): reference for reference in sent}
    for known in _kept(connection, "pupil_ref", made):
        del made[known]
    rows = [
        (pseudonym, pseudonyms.seal(reference), pseudonyms.key_id, subject_of_pupil(reference))
        for pseudonym, reference in made.items()
    ]
    insert_rows(connection, "pupil_identities", ("pupil_ref", "sealed", "key_id", "subject"), rows)


def sent_of(connection: Connection, pseudonyms: Pseudonyms | None, stored: Collection[str]) -> dict[str, str]:
    """The reference that was sent, by each of these stored ones; those that are no pseudonyms are their own.

    Raises Unsealable where the key is another than the one that made them.
    """
    found = {reference: reference for reference in stored}
    for pseudonym, sealed in _kept(connection, "sealed", stored).items():
        if pseudonyms is None:
            raise Unsealable("Set OUTREACH_PSEUDONYM_KEY: what was sent is sealed with it.")
        found[pseudonym] = pseudonyms.unseal(sealed)
    return found


def subjects_of(connection: Connection, stored: Collection[str]) -> list[str]:
    """What the audit trail calls these pupils, by their references as stored or as sent. Needs no pseudonym key."""
    kept = _kept(connection, "subject", [reference for reference in stored if is_pseudonym(reference)])
    return [kept.get(reference) or subject_of_pupil(reference) for reference in stored]


def _kept(connection: Connection, column: str, pseudonyms: Collection[str]) -> dict[str, str]:
    """A column of what is kept of these pseudonyms, by pseudonym."""
    if not pseudonyms:
        return {}
    where, parameters = among(connection, pupil_identities.c.pupil_ref, list(pseudonyms))
    query = f"SELECT pupil_ref, {column} FROM pupil_identities WHERE {where}"  # noqa: S608  # names are ours
    return {row[0]: row[1] for row in connection.exec_driver_sql(query, parameters)}
