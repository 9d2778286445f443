"""The audit trail: who did and saw what. Each event is sealed to the one before."""

import json
from hashlib import sha256
from typing import Any

from sqlalchemy import Connection, insert, select

from access.noting import moment
from access.people import Person
from data_model.audit_trail import audit_events


def record(connection: Connection, who: Person | str, action: str, subject: str | None = None, **detail: Any) -> None:
    """Append an event inside the caller's transaction."""
    newest = select(audit_events.c.hash).order_by(audit_events.c.event_id.desc()).limit(1)
    previous = connection.execute(newest).scalar() or "0" * 64
    event: dict[str, Any] = {
        "at": moment(),
        "account_id": who.account_id if isinstance(who, Person) else None,
        "who": who.name if isinstance(who, Person) else who,
        "action": action,
        "subject": subject,
        "detail": detail,
        "previous_hash": previous,
    }
    said = json.dumps({**event, "at": event["at"].isoformat()}, sort_keys=True)
    connection.execute(insert(audit_events).values({**event, "hash": sha256(said.encode()).hexdigest()}))
