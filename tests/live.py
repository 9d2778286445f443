"""Live mode in a test: a database with people, a server, and visitors who sign in over plain HTTP."""

import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from html import unescape
from pathlib import Path

import pyotp
import pytest
import requests
from app_database import app_database
from servers import ROOT, serving
from sqlalchemy import Engine, select, update
from websockets.sync.client import ClientConnection, connect

from access.noting import moment, noting
from access.roles import Role
from access.scope import Grant
from access.sign_in import accounts, second_factor
from data_model.accounts import accounts as account_rows
from data_model.accounts import sign_in_sessions

PASSWORD = "seven purple kettles sing"
SECRET_KEY = "a key of the tests alone, 0123456789 and more"
COOKIE = "outreach_session"
PAGE = {"Accept": "text/html,application/xhtml+xml", "Sec-Fetch-Mode": "navigate"}


@dataclass(frozen=True)
class Live:
    """A server in live mode, and its database."""

    address: str
    engine: Engine
    log: Path

    def add(self, name: str, role: Role = Role.MANAGER, *, secret: str | None = None, la_code: int | None = 999) -> int:
        """Somebody with PASSWORD who has accepted the rules; with a second factor where there is a `secret`."""
        return add_person(self.engine, name, role, secret=secret, la_code=la_code)

    def visitor(self) -> "Visitor":
        """Somebody with a browser without any cookie."""
        return Visitor(self.address)


def add_person(engine: Engine, name: str, role: Role, *, secret: str | None = None, la_code: int | None = 999) -> int:
    """Somebody with PASSWORD who has accepted the rules; with a second factor where there is a `secret`."""
    account_id = accounts.create(engine, "the test", name, "Zed Person", role, PASSWORD, must_change=False)
    if la_code:
        accounts.grant(engine, "the test", account_id, Grant(la_code))
    with noting(engine) as connection:
        connection.execute(
            update(account_rows).where(account_rows.c.account_id == account_id).values(accepted_use_at=moment())
        )
        if secret:
            second_factor.enrol(connection, account_id, secret, 0)
    return account_id


class Visitor:
    """A browser as far as HTTP goes: cookies, and the headers with which browsers say where a form comes from."""

    def __init__(self, address: str) -> None:
        self.address = address
        self.http = requests.Session()

    def open(self, path: str, **headers: str) -> requests.Response:
        """Open a page, as by a link; redirects are not followed."""
        return self.http.get(self.address + path, headers={**PAGE, **headers}, allow_redirects=False, timeout=30)

    def send(self, path: str, form: Mapping[str, str], **headers: str) -> requests.Response:
        """Send a form from a page of the app; redirects are not followed."""
        said = {**PAGE, "Origin": self.address, **headers}
        return self.http.post(self.address + path, data=form, headers=said, allow_redirects=False, timeout=30)

    def give_password(self, name: str, password: str = PASSWORD, onward: str = "/") -> requests.Response:
        """Send the first form."""
        return self.send("/sign-in", {"name": name, "password": password, "next": onward})

    def give_code(self, secret: str, onward: str = "/", steps: int = 0) -> requests.Response:
        """Send the code of the present time step, or of some steps later."""
        code = pyotp.TOTP(secret).at(moment() + timedelta(seconds=30 * steps))
        return self.send("/sign-in/code", {"code": code, "next": onward})

    def sign_in(self, name: str, secret: str) -> "Visitor":
        """Sign in whole."""
        assert self.give_password(name).headers["location"].startswith("/sign-in/code")
        assert self.give_code(secret).headers["location"] == "/"
        return self

    @property
    def token(self) -> str | None:
        """What the session's cookie holds."""
        return self.http.cookies.get(COOKIE)

    def websocket(self, streamlit_session: str | None = None, **headers: str) -> ClientConnection:
        """The app's websocket, with this visitor's cookies, as Streamlit's front end opens it."""
        cookies = "; ".join(f"{cookie.name}={cookie.value}" for cookie in self.http.cookies)
        said = {"Origin": self.address, "Cookie": cookies, **headers}
        protocols = ["streamlit", self.http.cookies.get("_streamlit_xsrf") or "none"]
        protocols += [streamlit_session] if streamlit_session else []
        return connect(
            self.address.replace("http", "ws", 1) + "/_stcore/stream",
            additional_headers={name: value for name, value in said.items() if name != "Origin"},
            origin=said["Origin"] or None,  # type: ignore[arg-type]
            subprotocols=protocols,  # type: ignore[arg-type]
            open_timeout=20,
            max_size=None,
        )


def hidden(page: requests.Response, name: str) -> str:
    """The value of a hidden field of a page."""
    found = re.search(rf'name="{name}" value="([^"]*)"', page.text)
    assert found, page.text
    return unescape(found[1])


def age_sessions(engine: Engine, *, created: timedelta = timedelta(), seen: timedelta = timedelta()) -> None:
    """Make every session older, and longer without anything happening."""
    with noting(engine) as connection:
        for row in connection.execute(select(sign_in_sessions)).all():
            older = {"created_at": row.created_at - created, "last_seen_at": row.last_seen_at - seen}
            mine = sign_in_sessions.c.session_id == row.session_id
            connection.execute(update(sign_in_sessions).where(mine).values(older))


@contextmanager
def live_settings(database: Path) -> Iterator[Engine]:
    """Live mode in this process too, over the database at `database`."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("OUTREACH_MODE", "live")
        patch.setenv("OUTREACH_SECRET_KEY", SECRET_KEY)
        with app_database(database) as engine:
            yield engine


@contextmanager
def live_server(folder: Path, port: int | None = None, **settings: str) -> Iterator[Live]:
    """A server in live mode on a database with an administrator, and the settings in this process too."""
    with live_settings(folder / "live.db") as engine:
        add_person(engine, "admin@example.org", Role.ADMIN, secret=pyotp.random_base32(), la_code=None)
        log = folder / "server.log"
        with serving(ROOT / "app.py", log, port=port, probe="/healthz", **settings) as address:
            yield Live(address, engine, log)
