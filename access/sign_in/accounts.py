"""Who may sign in, as what, and how far they reach. Every change is in the audit trail."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, Engine, Row, delete, func, insert, select, update

from access import audit
from access.audit import Action
from access.identity import role_named
from access.noting import key_of, moment, noting, utc
from access.people import Person
from access.roles import Role
from access.scope import Grant
from access.sign_in import passwords, second_factor, sessions
from access.sign_in.sessions import Session, Started
from data_model.accounts import accounts, grants
from data_model.reference import local_authorities
from data_model.store import reading

By = Person | str
"""Who made a change: a person, or what acted, such as `the command line`."""


class Refused(Exception):
    """The change was not made. The message is a sentence that says why and what to do."""


@dataclass(frozen=True)
class Account:
    """Somebody who may sign in, or might once."""

    account_id: int
    sign_in_name: str
    full_name: str
    role: Role
    has_password: bool
    has_second_factor: bool
    from_provider: bool
    created_at: datetime
    disabled_at: datetime | None
    grants: tuple[Grant, ...]

    @property
    def person(self) -> Person:
        """The account as somebody who acts."""
        return Person(self.account_id, self.sign_in_name, self.role, frozenset(self.grants))


def people(engine: Engine) -> list[Account]:
    """Every account, by its sign-in name."""
    with reading(engine) as connection:
        reached = _grants(connection)
        rows = connection.execute(select(accounts).order_by(accounts.c.sign_in_name)).all()
    return [_account(row, reached.get(row.account_id, ())) for row in rows]


def named(engine: Engine, sign_in_name: str) -> Account:
    """The account of that name. Raises Refused where there is none."""
    wanted = one_form(sign_in_name)
    for account in people(engine):
        if account.sign_in_name == wanted:
            return account
    raise Refused(f"Nobody has the sign-in name {wanted}. `python -m access people` lists everybody.")


def one_form(sign_in_name: str) -> str:
    """A sign-in name as it is kept: without spaces around it, in lower case."""
    return sign_in_name.strip().lower()


def create(
    engine: Engine, by: By, sign_in_name: str, full_name: str, role: Role, password: str, *, must_change: bool = True
) -> int:
    """Add an account with a password, and return its number. It reaches nothing until something is granted.

    Raises Refused for a name that is taken or cannot be used, and for a password that is easy to guess.
    """
    name = one_form(sign_in_name)
    _refuse_name(name, full_name)
    _refuse_password(password, name, full_name)
    row = {
        "sign_in_name": name,
        "full_name": full_name.strip(),
        "role": role,
        "password_hash": passwords.hashed(password),
        "password_set_at": None if must_change else moment(),
    }
    with noting(engine) as connection:
        return _add(connection, by, row)


def create_from_provider(
    connection: Connection, by: By, issuer: str, subject: str, sign_in_name: str, full_name: str, role: Role
) -> int:
    """Add the account of somebody whom the provider vouches for, and return its number. Raises Refused."""
    name = one_form(sign_in_name)
    _refuse_name(name, full_name)
    row = {"sign_in_name": name, "full_name": full_name.strip(), "role": role, "issuer": issuer, "subject": subject}
    return _add(connection, by, row)


def follow_provider(connection: Connection, row: Row[Any], role: Role) -> None:
    """Give an account the role that the provider gives it now."""
    if row.role != role:
        _set(connection, row.account_id, role=role)
        detail = {"before": row.role, "after": str(role)}
        audit.record(connection, "the provider", Action.ROLE_CHANGED, _subject(row.account_id), **detail)


def set_role(engine: Engine, by: By, account_id: int, role: Role) -> None:
    """Give an account another role. Raises Refused for the last administrator."""
    with noting(engine) as connection:
        before = _row(connection, account_id)
        if role is not Role.ADMIN:
            _refuse_last_administrator(connection, before)
        _set(connection, account_id, role=role)
        audit.record(connection, by, Action.ROLE_CHANGED, _subject(account_id), before=before.role, after=str(role))


def grant(engine: Engine, by: By, account_id: int, granted: Grant) -> None:
    """Let an account reach a part of the data. Nothing happens where it does already."""
    with noting(engine) as connection:
        _row(connection, account_id)
        if granted not in _grants(connection, account_id).get(account_id, ()):
            _add_grant(connection, by, account_id, granted)


def take_back(engine: Engine, by: By, account_id: int, granted: Grant) -> None:
    """No longer let an account reach a part of the data."""
    with noting(engine) as connection:
        which = (getattr(grants.c, name).is_not_distinct_from(value) for name, value in _said(granted).items())
        done = connection.execute(delete(grants).where(grants.c.account_id == account_id, *which))
        if done.rowcount:
            audit.record(connection, by, Action.GRANT_TAKEN_BACK, _subject(account_id), **_said(granted))


def grant_in(connection: Connection, by: By, account_id: int, la_codes: Sequence[int]) -> None:
    """Within a transaction, let a new account reach whole LAs."""
    for la_code in la_codes:
        _add_grant(connection, by, account_id, Grant(la_code))


def set_password(engine: Engine, by: By, account_id: int, password: str, *, must_change: bool) -> None:
    """Give an account a new password and end its sessions. Raises Refused for one that is easy to guess."""
    hashed = _hash_of_new(engine, account_id, password)
    with noting(engine) as connection:
        _set(connection, account_id, password_hash=hashed, password_set_at=None if must_change else moment())
        ended = sessions.end_in(connection, sessions.of_account(account_id), moment())
        audit.record(connection, by, Action.PASSWORD_SET, _subject(account_id), works_once=must_change)
    sessions.close_tabs(ended)


def choose_password(engine: Engine, session: Session, password: str) -> Started:
    """Give somebody the password that they chose, and a session in the place of all that they had.

    Raises Refused for one that is easy to guess, and Ended where their session ended meanwhile.
    """
    hashed = _hash_of_new(engine, session.account_id, password)
    with noting(engine) as connection:
        started, ended = sessions.renew(connection, session, moment())
        _set(connection, session.account_id, password_hash=hashed, password_set_at=moment())
        audit.record(connection, session.person, Action.PASSWORD_SET, _subject(session.account_id), works_once=False)
    sessions.close_tabs(ended)
    return started


def accept_rules(engine: Engine, by: Person, account_id: int) -> None:
    """Note that somebody accepted the rules of use."""
    with noting(engine) as connection:
        _set(connection, account_id, accepted_use_at=moment())
        audit.record(connection, by, Action.RULES_ACCEPTED, _subject(account_id))


def disable(engine: Engine, by: By, account_id: int) -> None:
    """Let somebody in no more, and end their sessions. Raises Refused for the last administrator."""
    with noting(engine) as connection:
        _refuse_last_administrator(connection, _row(connection, account_id))
        _set(connection, account_id, disabled_at=moment())
        ended = sessions.end_in(connection, sessions.of_account(account_id), moment())
        audit.record(connection, by, Action.ACCOUNT_DISABLED, _subject(account_id), sessions_ended=len(ended))
    sessions.close_tabs(ended)


def enable(engine: Engine, by: By, account_id: int) -> None:
    """Let somebody in again."""
    with noting(engine) as connection:
        _row(connection, account_id)
        _set(connection, account_id, disabled_at=None)
        audit.record(connection, by, Action.ACCOUNT_ENABLED, _subject(account_id))


def reset_second_factor(engine: Engine, by: By, account_id: int) -> None:
    """Forget somebody's second factor and recovery codes, and end their sessions: they set up a new one."""
    with noting(engine) as connection:
        _row(connection, account_id)
        second_factor.forget(connection, account_id)
        ended = sessions.end_in(connection, sessions.of_account(account_id), moment())
        audit.record(connection, by, Action.SECOND_FACTOR_RESET, _subject(account_id))
    sessions.close_tabs(ended)


def change_second_factor(engine: Engine, session: Session, secret: str, step: int) -> tuple[list[str], Started]:
    """Put a new second factor, proven in a time step, in place of the old one of whoever has the session.

    Returns the new recovery codes, which are not kept, and a session in the place of all that there were. Raises Ended.
    """
    with noting(engine) as connection:
        started, ended = sessions.renew(connection, session, moment())
        codes = second_factor.enrol(connection, session.account_id, secret, step)
        audit.record(connection, session.person, Action.SECOND_FACTOR_CHANGED, _subject(session.account_id))
    sessions.close_tabs(ended)
    return codes, started


def replace_recovery_codes(engine: Engine, session: Session) -> tuple[list[str], Started]:
    """New recovery codes, which are not kept, in place of all the old ones of whoever has the session.

    Returns them, and a session in the place of all that there were. Raises Ended.
    """
    with noting(engine) as connection:
        started, ended = sessions.renew(connection, session, moment())
        codes = second_factor.replace_codes(connection, session.account_id)
        audit.record(connection, session.person, Action.RECOVERY_CODES_REPLACED, _subject(session.account_id))
    sessions.close_tabs(ended)
    return codes, started


def end_sessions(engine: Engine, by: By, account_id: int) -> int:
    """Sign somebody out everywhere; return how many sessions that ended."""
    with noting(engine) as connection:
        _row(connection, account_id)
        ended = sessions.end_in(connection, sessions.of_account(account_id), moment())
        audit.record(connection, by, Action.SESSIONS_ENDED, _subject(account_id), sessions_ended=len(ended))
    sessions.close_tabs(ended)
    return len(ended)


def end_other_sessions(engine: Engine, person: Person, session_id: str) -> int:
    """Sign somebody out everywhere but in one session of theirs; return how many sessions that ended."""
    assert person.account_id is not None
    others = sessions.of_account(person.account_id) & ~sessions.named(session_id)
    with noting(engine) as connection:
        ended = sessions.end_in(connection, others, moment())
        audit.record(connection, person, Action.SESSIONS_ENDED, _subject(person.account_id), sessions_ended=len(ended))
    sessions.close_tabs(ended)
    return len(ended)


def in_words(granted: Grant) -> str:
    """What a grant lets somebody reach: `Kent (886), the district North, the service pru`."""
    authority = local_authorities().get(granted.la_code)
    whole = f"{authority.name} ({granted.la_code})" if authority else f"Local authority {granted.la_code:03d}"
    parts = (
        ("the district", granted.district),
        ("the pupils of the service", granted.service),
        ("the Fair Access Panel", granted.panel),
    )
    return ", ".join([whole, *(f"{what} {value}" for what, value in parts if value)])


def somebody_can_administer(connection: Connection) -> bool:
    """Whether there is an administrator who can sign in with a password."""
    return _administrators(connection, accounts.c.password_hash.is_not(None)) > 0


def how_many(connection: Connection) -> int:
    """How many accounts there are, disabled ones included."""
    return connection.execute(select(func.count()).select_from(accounts)).scalar_one()


def _add(connection: Connection, by: By, row: dict[str, Any]) -> int:
    taken = select(accounts.c.account_id).where(accounts.c.sign_in_name == row["sign_in_name"])
    if connection.execute(taken).first():
        raise Refused(f"Somebody already has the sign-in name {row['sign_in_name']}. Choose another.")
    added = connection.execute(insert(accounts).values({**row, "created_at": moment()}))
    account_id = key_of(added)
    audit.record(connection, by, Action.ACCOUNT_CREATED, _subject(account_id), role=str(row["role"]))
    return account_id


def _add_grant(connection: Connection, by: By, account_id: int, granted: Grant) -> None:
    connection.execute(insert(grants).values(account_id=account_id, **_said(granted)))
    audit.record(connection, by, Action.GRANTED, _subject(account_id), **_said(granted))


def _set(connection: Connection, account_id: int, **values: object) -> None:
    connection.execute(update(accounts).where(accounts.c.account_id == account_id).values(values))


def _row(connection: Connection, account_id: int) -> Row[Any]:
    row = connection.execute(select(accounts).where(accounts.c.account_id == account_id)).one_or_none()
    if row is None:
        raise Refused("There is no such account. `python -m access people` lists everybody.")
    return row


def _grants(connection: Connection, account_id: int | None = None) -> dict[int, tuple[Grant, ...]]:
    query = select(grants).order_by(grants.c.grant_id)
    if account_id is not None:
        query = query.where(grants.c.account_id == account_id)
    found: dict[int, tuple[Grant, ...]] = {}
    for row in connection.execute(query):
        reach = Grant(row.la_code, row.district, row.service, row.panel)
        found[row.account_id] = (*found.get(row.account_id, ()), reach)
    return found


def _account(row: Row[Any], reached: tuple[Grant, ...]) -> Account:
    role = role_named(row.role)
    assert role, "roles come from access.roles alone"
    return Account(
        row.account_id,
        row.sign_in_name,
        row.full_name,
        role,
        has_password=row.password_hash is not None,
        has_second_factor=row.second_factor is not None,
        from_provider=row.issuer is not None,
        created_at=utc(row.created_at),
        disabled_at=row.disabled_at and utc(row.disabled_at),
        grants=reached,
    )


def _said(granted: Grant) -> dict[str, int | str | None]:
    return {
        "la_code": granted.la_code,
        "district": granted.district,
        "service": granted.service,
        "panel": granted.panel,
    }


def _subject(account_id: int) -> str:
    return f"account {account_id}"


def _administrators(connection: Connection, able: ColumnElement[bool]) -> int:
    which = (accounts.c.role == Role.ADMIN) & accounts.c.disabled_at.is_(None) & able
    return connection.execute(select(func.count()).select_from(accounts).where(which)).scalar_one()


def _refuse_last_administrator(connection: Connection, row: Row[Any]) -> None:
    others = _administrators(connection, accounts.c.account_id != row.account_id)
    if row.role == Role.ADMIN and row.disabled_at is None and not others:
        raise Refused(f"{row.sign_in_name} is the only administrator. Make somebody else an administrator first.")


def _refuse_name(name: str, full_name: str) -> None:
    if not name or len(name) > 200 or not name.isprintable() or " " in name:
        raise Refused("Give a sign-in name without spaces, such as a work e-mail address.")
    if not full_name.strip() or len(full_name) > 200 or not full_name.isprintable():
        raise Refused("Give the person's full name.")


def _hash_of_new(engine: Engine, account_id: int, password: str) -> str:
    """The hash of a password that an account may have. Raises Refused for one that is easy to guess, or not new."""
    with reading(engine) as connection:
        row = _row(connection, account_id)
    _refuse_password(password, row.sign_in_name, row.full_name)
    if passwords.matches(row.password_hash, password):
        raise Refused("Choose another password than the one that you have.")
    return passwords.hashed(password)


def _refuse_password(password: str, *about: str) -> None:
    fault = passwords.fault(password, about)
    if fault:
        raise Refused(fault)
