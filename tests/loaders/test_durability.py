"""What was acknowledged is there, whole and once: killed at random, on a full disk, with many writers at once.

Each kill is a fork: the child loads one file after another and says so in a pipe until the parent kills it. Starting
Python anew for each would take two seconds instead of a tenth.
"""

import os
import random
import resource
import signal
import sqlite3
import time
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from desk import Desk, suspensions
from sqlalchemy import select, text, update
from sqlalchemy.exc import DBAPIError

from data_model import sqlite
from data_model.store import connect, reading, writing
from data_model.uploads import data_version, uploads

ROWS = 60
KILLS = 500


def a_file(number: int) -> str:
    """The file of this number, which also corrects a row of the one before: it deletes, inserts and keeps a journal."""
    rows = [f"P{number}X{row},900001,2025-10-06,,2,SUSP,DB" for row in range(ROWS)]
    return suspensions(*rows, f"P{number - 1}X0,900001,2025-10-06,,3,SUSP,DB")


def load(desk: Desk, number: int) -> None:
    desk.load("suspensions", a_file(number), accept_queries=True)


def forked(work: Callable[[Callable[[int], None]], None]) -> tuple[int, int]:
    """Start `work(say)` in a process of its own: its ID, and where the numbers that it says can be read."""
    heard, said = os.pipe()
    child = os.fork()
    if child:
        os.close(said)
        return child, heard
    try:
        work(lambda number: os.write(said, f"{number}\n".encode()) and None)
    finally:
        os._exit(1)


def loading_from(url: str, first: int) -> Callable[[Callable[[int], None]], None]:
    def work(say: Callable[[int], None]) -> None:
        desk = Desk(url)
        for number in range(first, first + 1_000):
            load(desk, number)
            say(number)

    return work


def numbers(heard: int) -> list[int]:
    """What the child said, to its end; a number that it was killed in the middle of is none."""
    with os.fdopen(heard, "rb") as said:
        return [int(line) for line in said.read().split(b"\n")[:-1]]


def numbers_saved(desk: Desk) -> set[int]:
    """The files that are saved, every one of them whole and once, with its record."""
    with reading(desk.engine) as connection:
        if connection.dialect.name == "sqlite":
            assert sqlite.faults(connection) == []
        rows = connection.execute(text("SELECT pupil_ref, sessions FROM suspensions")).all()
        brought = connection.execute(select(uploads.c.rows_accepted).where(uploads.c.dataset == "suspensions")).all()
    found = Counter(int(row.pupil_ref[1:].partition("X")[0]) for row in rows)
    found.pop(0, None)  # the row that file 1 corrects of a file that never was
    assert set(found.values()) <= {ROWS}
    assert [row.rows_accepted for row in brought] == [ROWS + 1] * len(found)
    assert {row.pupil_ref for row in rows if row.sessions == 3} == {f"P{number - 1}X0" for number in found}
    return set(found)


def kill_often(desk: Desk, times: int, strike: Callable[[int], None]) -> None:
    """Kill a process that loads, again and again, at random moments; every now and then look at everything."""
    chance = random.Random(times)
    acknowledged: set[int] = set()
    first = 1
    for kill in range(times):
        desk.engine.dispose()
        child, heard = forked(loading_from(desk.url, first))
        time.sleep(chance.uniform(0.01, 0.12))
        strike(child)
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)
        acknowledged |= set(numbers(heard))
        saved = newest(desk)
        assert max(acknowledged, default=0) <= saved <= max(acknowledged, default=0) + 1
        acknowledged |= {saved} - {0}
        first = saved + 1
        if kill % 25 == 24 or kill == times - 1:
            assert numbers_saved(desk) == acknowledged == set(range(1, first))
    load(desk, first)
    assert numbers_saved(desk) == set(range(1, first + 1))


def newest(desk: Desk) -> int:
    with reading(desk.engine) as connection:
        count = text("SELECT count(*) FROM uploads WHERE dataset = 'suspensions'")
        return int(connection.execute(count).scalar_one())


def nothing_more(child: int) -> None:
    """The child alone is killed."""


@pytest.fixture(params=["DELETE", "WAL"])
def journalled(request: pytest.FixtureRequest, desk: Desk, monkeypatch: pytest.MonkeyPatch) -> Iterator[Desk]:
    """A desk on SQLite with each journal."""
    monkeypatch.setattr(sqlite, "journal", lambda: request.param)
    desk.engine.dispose()
    with reading(desk.engine) as connection:
        assert connection.execute(text("PRAGMA journal_mode")).scalar() == request.param.lower()
    yield desk


def test_a_few_loads_that_are_killed_lose_nothing(journalled: Desk) -> None:
    kill_often(journalled, 4, nothing_more)


@pytest.mark.slow
def test_500_loads_that_are_killed_lose_nothing(journalled: Desk) -> None:
    kill_often(journalled, KILLS, nothing_more)


@pytest.fixture
def server_desk(request: pytest.FixtureRequest) -> Iterator[Desk]:
    """A desk on PostgreSQL."""
    from desk import with_schools

    server = request.getfixturevalue("postgresql")
    url = server.copy_of("desk.with_schools", with_schools)
    with Desk(url) as opened:
        yield opened
    server.drop(url)


def test_a_few_loads_that_are_killed_lose_nothing_on_postgresql(server_desk: Desk) -> None:
    kill_often(server_desk, 3, nothing_more)


@pytest.mark.slow
def test_500_loads_that_are_killed_lose_nothing_on_postgresql(server_desk: Desk) -> None:
    kill_often(server_desk, KILLS, nothing_more)


@pytest.mark.slow
def test_a_backend_of_postgresql_that_is_killed_loses_nothing(server_desk: Desk) -> None:
    """A killed backend makes the server restart all of them, and recover from its log."""

    def strike(child: int) -> None:
        for status in Path("/proc").glob("[0-9]*/cmdline"):
            try:
                command = status.read_bytes()
            except OSError:
                continue
            if command.startswith(b"postgres:") and (server_desk.engine.url.database or "?").encode() in command:
                os.kill(int(status.parts[2]), signal.SIGKILL)
        _wait_until_up(server_desk)

    kill_often(server_desk, 20, strike)


def _wait_until_up(desk: Desk) -> None:
    for _ in range(200):
        try:
            newest(desk)
            return
        except DBAPIError:
            time.sleep(0.05)
    raise AssertionError("the server did not come back")


def test_a_disk_that_is_full_at_any_write_leaves_what_was_there(journalled: Desk) -> None:
    """The file size that a child may write is cut off a little later each time, until a load comes through."""
    load(journalled, 1)
    before = journalled.digest()
    journalled.engine.dispose()
    size = journalled.path.stat().st_size
    outcomes = set()
    for extra in [*range(-size, 200_000, 16_384), 10_000_000]:
        child, heard = forked(_load_with_room(journalled.url, size + extra))
        os.waitpid(child, 0)
        said = numbers(heard)
        outcomes.add(bool(said))
        journalled.engine.dispose()
        if said:
            assert numbers_saved(journalled) == {1, 2}
            journalled.undo(newest(journalled) + 1)
            journalled.engine.dispose()
            size = journalled.path.stat().st_size
            break
        assert journalled.digest() == before
        with reading(journalled.engine) as connection:
            assert sqlite.faults(connection) == []
    assert outcomes == {False, True}


def _load_with_room(url: str, most_bytes: int) -> Callable[[Callable[[int], None]], None]:
    def work(say: Callable[[int], None]) -> None:
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (max(most_bytes, 0), max(most_bytes, 0)))
        desk = Desk(url)
        try:
            load(desk, 2)
        except (DBAPIError, sqlite3.Error, OSError):
            return
        say(2)

    return work


def add_often(url: str, times: int) -> Callable[[Callable[[int], None]], None]:
    """Read, add one, write: a lost update shows in the sum."""

    def work(say: Callable[[int], None]) -> None:
        engine = connect(url)
        for _ in range(times):
            with writing(engine) as connection:
                column = uploads.c.rows_rejected
                now = connection.execute(select(column).where(uploads.c.upload_id == 1)).scalar_one()
                connection.execute(update(uploads).where(uploads.c.upload_id == 1).values(rows_rejected=now + 1))
        say(times)

    return work


def write_at_once(desk: Desk, writers: int, commits: int) -> None:
    (before,) = desk.rows(data_version)
    desk.engine.dispose()
    children = [forked(add_often(desk.url, commits)) for _ in range(writers)]
    for child, heard in children:
        os.waitpid(child, 0)
        assert numbers(heard) == [commits]  # no writer was told that the database is locked
    assert desk.uploads()[0]["rows_rejected"] == writers * commits
    (after,) = desk.rows(data_version)
    assert after["version"] == before["version"] + writers * commits


@pytest.mark.both_databases
def test_writers_at_once_lose_no_update_and_meet_no_lock(desk: Desk) -> None:
    write_at_once(desk, 4, 5)


@pytest.mark.slow
@pytest.mark.both_databases
def test_8_writers_with_100_commits_lose_no_update_and_meet_no_lock(desk: Desk) -> None:
    write_at_once(desk, 8, 100)
