"""How often may be guessed in five minutes: ten times at a name, wherever from, and a hundred times from an address.

The first is against guesses at one account, the second against a few at each of many. A whole council comes from one
address: ten for that would let anybody there lock out everybody.
"""

from datetime import datetime, timedelta
from ipaddress import IPv6Address, ip_address, ip_network

from sqlalchemy import ColumnElement, Connection, Engine, delete, func, insert, select

from access.noting import key_of, noting
from access.seal import digest
from data_model.accounts import sign_in_attempts as attempts

MOST_AT_A_NAME = 10
MOST_FROM_AN_ADDRESS = 100
WINDOW = timedelta(minutes=5)


class TooMany(Exception):
    """There were too many guesses. This one may not be looked at. The message is for the one who guesses."""


def attempt(engine: Engine, name: str, address: str, now: datetime) -> int:
    """Count a guess before it is looked at, and return its number. Raises TooMany for the eleventh at a name.

    It is in the database before the others are counted, so that of any number at once, in any number of processes, no
    more than ten get past. A guess that is refused here is not counted: otherwise a lock could be held for ever, and
    guesses at a name that is locked would count against everybody at the same address.
    """
    who, where = digest(name.strip().lower(), "attempt by"), digest(network_of(address), "attempt from")
    with noting(engine) as connection:
        connection.execute(delete(attempts).where(attempts.c.at < now - WINDOW))
        made = connection.execute(insert(attempts).values(who=who, address=where, at=now))
        number = key_of(made)
    with noting(engine) as connection:
        at_name = _count(connection, attempts.c.who == who, now)
        from_address = _count(connection, attempts.c.address == where, now)
        if at_name <= MOST_AT_A_NAME and from_address <= MOST_FROM_AN_ADDRESS:
            return number
        _forget(connection, number)
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
