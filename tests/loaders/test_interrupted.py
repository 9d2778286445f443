"""Loads that are killed, that find the disk full, or that meet another: nothing in part, nothing lost."""

import random
import sqlite3
import subprocess
import sys
import threading
import time
from collections import Counter
from contextlib import closing
from pathlib import Path

import pytest
from desk import Desk, suspensions
from load_until_killed import ROWS
from sqlalchemy import event
from sqlalchemy.exc import OperationalError

from loaders.save import NotSaved

ROOT = Path(__file__).parents[2]


def killed_after(desk: Desk, first: int, seconds: float) -> list[int]:
    """The numbers of the files that a process said it had saved before it was killed, `seconds` after the first."""
    command = [sys.executable, str(Path(__file__).with_name("load_until_killed.py")), str(desk.path), str(first)]
    with subprocess.Popen(command, cwd=ROOT, env={"PYTHONPATH": str(ROOT)}, stdout=subprocess.PIPE, text=True) as child:
        assert child.stdout
        said = [child.stdout.readline()]
        time.sleep(seconds)
        child.kill()
        said += child.stdout.readlines()
    return [int(line) for line in said if line.endswith("\n")]


def whole_files(desk: Desk) -> set[int]:
    """The numbers of the files in the database, every one of which is there whole, with its record."""
    with closing(sqlite3.connect(desk.path)) as database:
        assert database.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    rows = desk.rows("suspensions")
    uploads = {upload["upload_id"]: upload for upload in desk.uploads() if upload["dataset"] == "suspensions"}
    found = {int(upload["file_name"].removesuffix(".csv")) for upload in uploads.values()}
    assert {row["upload_id"] for row in rows} <= set(uploads)
    assert Counter(row["pupil_ref"].split("X")[0] for row in rows if row["sessions"] == 2) == {
        f"P{number}": ROWS - (number + 1 in found) for number in found
    }
    assert all(upload["rows_accepted"] == ROWS + 1 for upload in uploads.values())
    return found


def kill_often(desk: Desk, times: int) -> None:
    chance = random.Random(times)
    acknowledged: set[int] = set()
    for _ in range(times):
        first = max(whole_files(desk) | {0}) + 1
        acknowledged |= set(killed_after(desk, first, chance.uniform(0, 0.4)))
        assert acknowledged <= whole_files(desk)


def test_a_load_that_is_killed_leaves_nothing_in_part_and_loses_nothing_it_acknowledged(desk: Desk) -> None:
    kill_often(desk, times=2)


def test_a_full_disk_leaves_what_was_there(desk: Desk) -> None:
    desk.load("suspensions", suspensions("P1,900001,2025-10-06,,2,SUSP,DB"))
    before, uploads = desk.digest(), desk.uploads()
    desk.engine.dispose()

    @event.listens_for(desk.engine, "connect")
    def no_more_pages(connection: sqlite3.Connection, record: object) -> None:
        connection.execute("PRAGMA max_page_count = 1")  # the file may not grow from its present size

    many = suspensions(*(f"P{number},900001,2025-10-07,,2,SUSP,DB" for number in range(3_000)))
    with pytest.raises(OperationalError, match="full"):
        desk.load("suspensions", many, accept_queries=True)
    assert (desk.digest(), desk.uploads()) == (before, uploads)


def in_threads(*work: "threading.Thread") -> None:
    for thread in work:
        thread.start()
    for thread in work:
        thread.join()


def test_writers_at_once_lose_nothing(desk: Desk) -> None:
    def write(writer: int) -> None:
        for number in range(3):
            desk.load("suspensions", suspensions(f"P{writer}X{number},900001,2025-10-06,,2,SUSP,DB"))

    in_threads(*(threading.Thread(target=write, args=[writer]) for writer in range(3)))
    assert len(desk.rows("suspensions")) == 9
    assert len({row["upload_id"] for row in desk.rows("suspensions")}) == 9


def test_one_file_from_two_people_at_once_is_loaded_once(desk: Desk) -> None:
    outcomes: list[str] = []

    def write() -> None:
        try:
            desk.load("suspensions", suspensions("P1,900001,2025-10-06,,2,SUSP,DB"))
            outcomes.append("saved")
        except NotSaved as reason:
            outcomes.append(str(reason)[:27])

    in_threads(threading.Thread(target=write), threading.Thread(target=write))
    assert sorted(outcomes) == ["This file is already loaded", "saved"]
    assert len(desk.uploads()) == 2
