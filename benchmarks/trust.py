"""What trust costs for each page: python -m benchmarks.trust [SCHOOLS]

Each control is measured beside the same work without it, in one run, over a fictional LA. Small numbers: the figures
of a page, each time from records that nobody has asked anything yet, as after an upload. The gate, the scope and the
audit: beside a floor, and as their part of a whole page that is drawn from warm caches.
"""

import asyncio
import os
import secrets
import sys
import tempfile
import time
from collections.abc import Callable
from typing import Any

import pandas as pd
from sqlalchemy import Connection, Engine, select, update
from streamlit.testing.v1 import AppTest

from access import audit
from access.door.gate import Gate
from access.identity import as_session
from access.keeping.pseudonyms import subjects_of
from access.noting import moment, noting
from access.roles import Role
from access.scope import Grant, Scope
from access.sign_in import accounts, sessions
from analysis import choices, queries
from analysis.every_school.figures import every_school
from analysis.one_school import profile as school_profile
from analysis.one_school import views as school_views
from analysis.over_time import over_time
from analysis.overview import figures as overview
from analysis.overview import views as overview_views
from analysis.records import Records
from data_model.accounts import accounts as account_rows
from data_model.catalogue import DATASETS
from data_model.codes import Source
from data_model.store import database, reading
from data_model.terms import Period
from sample_data.seed import seed

LA = 999
PUPILS_ON_A_PAGE = 50


def _overview(records: Records, period: Period) -> None:
    overview.headlines(records, LA, period)
    over_time(records, LA, "suspension_rate")
    overview_views.few_schools(records, LA, period)
    overview.exclusions_by_status(records, LA, period)
    overview.placements_by_tier(records, LA, period)
    overview_views.coverage(records, LA, period)


def _schools(records: Records, period: Period) -> None:
    every_school(records, LA, "suspension_rate", period)


def _school(records: Records, period: Period) -> None:
    urn = int(records.current_schools["urn"].iloc[-1])
    school_views.tiles(records, urn, period)
    school_views.over_time(records, urn, measure="suspension_rate")
    school_profile.reasons(records, urn, Period(period.year))
    for column in ("ncyg", "sen_provision", "fsm6"):
        school_profile.breakdown(records, urn, Period(period.year), column)
    school_profile.placements(records, urn, period)
    school_views.outreach_by_term(records, urn)


PAGES: dict[str, Callable[[Records, Period], None]] = {"Overview": _overview, "Schools": _schools, "School": _school}


def fastest(work: Callable[[], object], times: int = 3) -> float:
    """The seconds of the fastest of several goes."""
    taken = []
    for _ in range(times):
        start = time.perf_counter()
        work()
        taken.append(time.perf_counter() - start)
    return min(taken)


def seconds(connection: Connection, page: str, full: bool) -> float:
    """The fastest of three askings of a page's figures, each of records of its own."""
    taken = []
    for _ in range(3):
        records = queries.records(connection, Scope(frozenset({LA}), full_figures=full))
        period = choices.periods(records, LA)[0]
        start = time.perf_counter()
        PAGES[page](records, period)
        taken.append(time.perf_counter() - start)
    return min(taken)


def small_numbers(connection: Connection) -> None:
    """Print what hiding costs the figures of each page."""
    for page in PAGES:
        full, hidden = seconds(connection, page, True), seconds(connection, page, False)
        print(f"small numbers  {page:10} full {full:6.2f} s   hidden {hidden:6.2f} s   ratio {hidden / full:.2f}")


async def _answer(scope: Any, receive: Any, send: Any) -> None:
    await send({"type": "http.response.start", "status": 200, "headers": [(b"content-type", b"text/plain")]})
    await send({"type": "http.response.body", "body": b"ok"})


def _ask(app: Any, token: str) -> None:
    """500 requests, one after the other."""
    headers = [(b"host", b"127.0.0.1:8501"), (b"cookie", f"{sessions.cookie_name()}={token}".encode())]
    scope = {"type": "http", "method": "GET", "path": "/media/x.csv", "query_string": b"", "headers": headers}
    scope |= {"client": ("127.0.0.1", 50_000), "server": ("127.0.0.1", 8501), "scheme": "http", "http_version": "1.1"}

    async def nothing(*_: Any) -> dict[str, Any]:
        return {"type": "http.request", "body": b""}

    async def every() -> None:
        for _ in range(500):
            await app(scope, nothing, nothing)

    asyncio.run(every())


def gate(token: str) -> float:
    """Print what the gate costs a request in live mode; returns the seconds."""
    floor, guarded = (fastest(lambda app=app: _ask(app, token)) / 500 for app in (_answer, Gate(_answer)))
    print(f"gate           a request: {1e3 * guarded:.2f} ms, and {1e3 * floor:.3f} ms without it")
    return guarded - floor


def scope(connection: Connection) -> float:
    """Print what the scope costs the reading of the largest table; returns the seconds."""
    table = DATASETS["suspensions"].table
    found = queries._suspensions(connection, Scope(frozenset({LA})), Source.NOTIFIED)
    columns = [table.c[name] for name in found]
    floor = fastest(lambda: pd.read_sql(select(*columns), connection), 7)
    scoped = fastest(lambda: queries._suspensions(connection, Scope(frozenset({LA})), Source.NOTIFIED), 7)
    print(f"scope          {len(found):,} suspensions: {1e3 * scoped:.0f} ms, and {1e3 * floor:.0f} ms without")
    return scoped - floor


def trail(engine: Engine, references: list[str]) -> float:
    """Print what it costs to record that somebody saw a page of pupils; returns the seconds."""
    with engine.begin() as connection:
        connection.exec_driver_sql("CREATE TABLE floor (words TEXT)")

    def plain() -> None:
        with noting(engine) as connection:
            connection.exec_driver_sql("INSERT INTO floor VALUES ('somebody saw a page')")

    def recorded() -> None:
        with noting(engine) as connection:
            audit.record_about(connection, "a benchmark", audit.Action.SAW_PUPILS, subjects_of(connection, references))

    floor, full = fastest(plain, 20), fastest(recorded, 20)
    print(
        f"audit          {len(references)} pupils: {1e3 * full:.1f} ms, and {1e3 * floor:.1f} ms for saving any one row"
    )
    return full


def _draw(page: str) -> None:
    from ui.shell import function_of

    function_of(page)()


def page(name: str, session_id: str) -> float:
    """The seconds of drawing a page from warm caches, as its script runs."""
    drawn = AppTest.from_function(_draw, default_timeout=300, kwargs={"page": name})
    drawn.user = {"who": as_session(session_id)}
    taken = fastest(drawn.run, 5)
    assert [title.value for title in drawn.title] == [name.replace("_", " ").capitalize()], "the page itself was drawn"
    return taken


def _sign_in(engine: Engine) -> sessions.Started:
    account = accounts.create(
        engine, "a benchmark", "mo@example.org", "Mo", Role.MANAGER, secrets.token_urlsafe(20), must_change=False
    )
    accounts.grant(engine, "a benchmark", account, Grant(LA))
    with noting(engine) as connection:
        mine = account_rows.c.account_id == account
        connection.execute(update(account_rows).where(mine).values(accepted_use_at=moment()))
        return sessions.start(connection, account, moment(), is_complete=True)


def main() -> None:
    """Print a line for each control, and for each page what they are together."""
    schools = int(sys.argv[1]) if len(sys.argv) > 1 else 120
    with tempfile.TemporaryDirectory() as folder:
        os.environ["OUTREACH_MODE"], os.environ["OUTREACH_SECRET_KEY"] = "live", secrets.token_urlsafe(48)
        os.environ["OUTREACH_DATABASE_URL"] = f"sqlite:///{folder}/outreach.db"
        engine = database()
        seed(engine, schools=schools)
        session = _sign_in(engine)
        with reading(engine) as connection:
            small_numbers(connection)
            reads = scope(connection)
            references = [f"P{number:06}" for number in range(PUPILS_ON_A_PAGE)]
        asks, records = gate(session.token), trail(engine, references)
        for name in ("overview", "schools", "data_quality"):
            drawn = page(name, session.session_id)
            each = f"the gate {asks / drawn:.1%}, the audit {records / drawn:.1%} once a session"
            print(f"page           {name}: {1e3 * drawn:.0f} ms a click; of that {each}")
        print(f"               the scope is paid when data are read anew, after an upload: {1e3 * reads:.0f} ms")
        engine.dispose()


if __name__ == "__main__":
    main()
