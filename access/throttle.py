"""At most ten guesses in five minutes: for each name, wherever from, and for each address, whatever the names."""

from datetime import datetime, timedelta
from ipaddress import IPv6Address, ip_address, ip_network

from sqlalchemy import ColumnElement, Connection, Engine, delete, func, insert, select

from access.noting import key_of, noting
from access.seal import digest
from data_model.accounts import sign_in_attempts as attempts

MOST = 10
WINDOW = timedelta(minutes=5)


class TooMany(Exception):
    """There were ten guesses in five minutes. This one may not be looked at. The message is for the one who guesses."""


def attempt(engine: Engine, name: str, address: str, now: datetime) -> int:
    """Count a guess before it is looked at, and return its number. Raises TooMany for the eleventh.

    It is in the database before the others are counted, so that of any number at once, in any number of processes, no
    more than ten get past. A guess that is refused here is not counted: otherwise a lock could be held for ever.
    """
    who, where = digest(name.strip().lower(), "attempt by"), digest(network_of(address), "attempt from")
    with noting(engine) as connection:
        connection.execute(delete(attempts).where(attempts.c.at < now - WINDOW))
        made = connection.execute(insert(attempts).values(who=who, address=where, at=now))
        number = key_of(made)
    with noting(engine) as connection:
        by_name = _count(connection, attempts.c.who == who, now)
        by_address = _count(connection, attempts.c.address == where, now)
        if max(by_name, by_address) > MOST:
            _forget(connection, number)
        else:
            return number
    raise TooMany("There were too many tries to sign in. Wait five minutes, then try again.")


def forgive(engine: Engine, number: int) -> None:
    """A guess that was right does not count."""
    with noting(engine) as connection:
        _forget(connection, number)


def network_of(address: str) -> str:
    """What is counted as one address: an IPv6 network of 64 bits, as one subscriber has; otherwise the address."""
    try:
        parsed = ip_address(address)
    except ValueError:
        return address
    if isinstance(parsed, IPv6Address):
        return str(parsed.ipv4_mapped or ip_network((parsed, 64), strict=False))
    return str(parsed)


def _count(connection: Connection, which: ColumnElement[bool], now: datetime) -> int:
    recent = attempts.c.at >= now - WINDOW
    return connection.execute(select(func.count()).select_from(attempts).where(which, recent)).scalar_one()


def _forget(connection: Connection, number: int) -> None:
    connection.execute(delete(attempts).where(attempts.c.attempt_id == number))
