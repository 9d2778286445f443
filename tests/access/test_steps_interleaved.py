"""Whatever happens to an account between any two writes of a step of signing in, the step opens nothing afterwards."""

import asyncio
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from itertools import count
from typing import Any
from urllib.parse import urlencode

import pyotp
import pytest
from live import COOKIE, PASSWORD
from live_people import insider
from sqlalchemy import Connection, Engine, delete, event, func, select, update
from starlette.applications import Starlette

from access.noting import moment, noting, utc
from access.roles import Role
from access.seal import seal
from access.sign_in import accounts, enrolling, passwords, second_factor, sessions
from access.sign_in import pages as sign_in
from data_model.accounts import accounts as account_rows
from data_model.accounts import sign_in_attempts, sign_in_sessions
from data_model.store import reading

pytestmark = pytest.mark.both_databases
NEW = "nine green ladders hum"


@dataclass(frozen=True)
class Somebody:
    """Somebody with a session, at whatever step, and what their app and their paper know."""

    account_id: int
    name: str
    session_id: str
    token: str
    secret: str
    codes: list[str]


def _somebody(engine: Engine, *, is_complete: bool, has_factor: bool = True, chose_password: bool = True) -> Somebody:
    person, secret = insider(engine, Role.MANAGER), pyotp.random_base32()
    with noting(engine) as connection:
        one = account_rows.c.account_id == person.account_id
        name = connection.execute(select(account_rows.c.sign_in_name).where(one)).scalar_one()
        codes = second_factor.enrol(connection, person.account_id, secret, 0) if has_factor else []
        if not chose_password:
            connection.execute(update(account_rows).where(one).values(password_set_at=None))
        mine = sessions.named(person.session_id)
        connection.execute(update(sign_in_sessions).where(mine).values(is_complete=is_complete))
        connection.execute(delete(sign_in_attempts))
    return Somebody(person.account_id, name, person.session_id, person.token, secret, codes)


def _send(path: str, form: dict[str, str], token: str = "") -> tuple[int, str | None]:
    """The answer of the pages of signing in to a form of theirs: its status, and the token in its cookie."""
    body = urlencode(form).encode()
    headers = {"sec-fetch-site": "same-origin", "cookie": f"{COOKIE}={token}"}
    scope = {
        "type": "http",
        "method": "POST",
        "path": path,
        "query_string": b"",
        "client": ("127.0.0.1", 50_000),
        "headers": [(name.encode(), value.encode()) for name, value in headers.items()],
    }
    sent: list[Any] = []

    async def receive() -> Any:
        return {"type": "http.request", "body": body, "more_body": False}

    async def send(message: Any) -> None:
        sent.append(message)

    asyncio.run(Starlette(routes=sign_in.routes())(scope, receive, send))
    cookies = [value.decode() for name, value in sent[0]["headers"] if name == b"set-cookie"]
    tokens = [cookie.split(";")[0].removeprefix(f"{COOKIE}=") for cookie in cookies]
    return sent[0]["status"], tokens[0] if tokens else None


@contextmanager
def _before_write(engine: Engine, number: int, happens: Callable[[], object]) -> Iterator[list[bool]]:
    """Let something happen just before a write of this many begins; what is yielded is not empty when it has."""
    numbers, done = count(1), []

    def listen(connection: Connection, options: dict[str, object]) -> None:
        """Told what a connection is for, which is said before its transaction begins and takes the lock."""
        if options.get("purpose") == "writing" and not done and next(numbers) == number:
            done.append(True)
            happens()

    event.listen(engine, "set_connection_execution_options", listen)
    try:
        yield done
    finally:
        event.remove(engine, "set_connection_execution_options", listen)


def _code(somebody: Somebody) -> str:
    return pyotp.TOTP(somebody.secret).now()


def _sealed(way: enrolling.Enrolling, somebody: Somebody, secret: str) -> dict[str, str]:
    sealed = seal(f"{somebody.session_id} {secret}", way.address)
    return {"sealed": sealed, "code": pyotp.TOTP(secret).now()}


KEY = pyotp.random_base32()
STEPS: dict[str, tuple[dict[str, bool], str, Callable[[Somebody], dict[str, str]]]] = {
    "a code": ({"is_complete": False}, "/sign-in/code", lambda somebody: {"code": _code(somebody)}),
    "a recovery code": (
        {"is_complete": False},
        "/sign-in/recovery",
        lambda somebody: {"code": somebody.codes[0]},
    ),
    "enrolling": (
        {"is_complete": False, "has_factor": False},
        "/sign-in/enrol",
        lambda somebody: _sealed(enrolling.FIRST, somebody, KEY),
    ),
    "the first password of one's own": (
        {"is_complete": True, "chose_password": False},
        "/sign-in/password",
        lambda somebody: {"password": NEW, "again": NEW},
    ),
    "another password": (
        {"is_complete": True},
        "/sign-in/change-password",
        lambda somebody: {"present": PASSWORD, "password": NEW, "again": NEW},
    ),
    "another second factor": (
        {"is_complete": True},
        "/sign-in/new-second-factor",
        lambda somebody: _sealed(enrolling.ANEW, somebody, KEY),
    ),
    "new recovery codes": (
        {"is_complete": True},
        "/sign-in/new-recovery-codes",
        lambda somebody: {"present": PASSWORD, "code": somebody.codes[0]},
    ),
}
"""Each step that ends with a new session: who is at it, its address, and the form that is right."""


CHANGES: dict[str, Callable[[Engine, int], object]] = {
    "disabled": lambda engine, account_id: accounts.disable(engine, "the test", account_id),
    "sessions ended": lambda engine, account_id: accounts.end_sessions(engine, "the test", account_id),
}


def _open(engine: Engine, account_id: int) -> int:
    """How many sessions of an account have not ended, whether its account is disabled or not."""
    mine = sessions.of_account(account_id) & sign_in_sessions.c.ended_at.is_(None)
    with reading(engine) as connection:
        return connection.execute(select(func.count()).select_from(sign_in_sessions).where(mine)).scalar_one()


@pytest.mark.parametrize("step", STEPS)
def test_a_step_gives_one_session_where_nothing_comes_between(empty_database: Engine, step: str) -> None:
    given, address, form = STEPS[step]
    somebody = _somebody(empty_database, **given)
    status, token = _send(address, form(somebody), somebody.token)
    assert (status in (200, 303), sessions.standing(empty_database, token, moment()) is not None) == (True, True)
    assert sessions.standing(empty_database, somebody.token, moment()) is None
    assert _open(empty_database, somebody.account_id) == 1


@pytest.mark.parametrize("change", CHANGES)
@pytest.mark.parametrize("step", STEPS)
def test_a_step_gives_no_session_where_they_were_ended_meanwhile(
    empty_database: Engine, step: str, change: str
) -> None:
    given, address, form = STEPS[step]
    for number in count(1):
        somebody = _somebody(empty_database, **given)
        happens = partial(CHANGES[change], empty_database, somebody.account_id)
        with _before_write(empty_database, number, happens) as happened:
            _, token = _send(address, form(somebody), somebody.token)
        if not happened:
            break
        assert sessions.standing(empty_database, token, moment()) is None, f"before write {number}"
        assert _open(empty_database, somebody.account_id) == 0, f"before write {number}"
    assert number > 1


@pytest.mark.parametrize("change", ["disabled", "another password"])
def test_a_password_that_no_longer_holds_begins_nothing(empty_database: Engine, change: str) -> None:
    hashed = passwords.hashed(NEW)

    def happens() -> None:
        if change == "disabled":
            accounts.disable(empty_database, "the test", somebody.account_id)
            return
        with noting(empty_database) as connection:
            one = account_rows.c.account_id == somebody.account_id
            connection.execute(update(account_rows).where(one).values(password_hash=hashed))
            sessions.end_in(connection, sessions.of_account(somebody.account_id), moment())

    for number in (1, 2, 3):  # the last is the one that would begin a session
        somebody = _somebody(empty_database, is_complete=True)
        with _before_write(empty_database, number, happens) as happened:
            status, token = _send("/sign-in", {"name": somebody.name, "password": PASSWORD})
        assert (bool(happened), status, token) == (True, 401, None)
        assert _open(empty_database, somebody.account_id) == 0


@pytest.mark.parametrize("step", ["another password", "another second factor", "new recovery codes"])
def test_a_new_session_lasts_no_longer_than_the_one_before_it(empty_database: Engine, step: str) -> None:
    _, address, form = STEPS[step]
    somebody = _somebody(empty_database, is_complete=True)
    signed_in = moment() - timedelta(hours=7, minutes=50)
    with noting(empty_database) as connection:
        mine = sessions.named(somebody.session_id)
        connection.execute(update(sign_in_sessions).where(mine).values(created_at=signed_in))
    _, token = _send(address, form(somebody), somebody.token)
    session = sessions.standing(empty_database, token, moment())
    assert session
    assert utc(session.signed_in_at) == signed_in
    assert 0 < session.seconds_left(moment()) <= 600
    assert sessions.standing(empty_database, token, moment() + timedelta(minutes=11)) is None
