"""Whatever breaks, and wherever: no value is in a log, an answer or what a page is sent; a reference is in both."""

import json
import os
import re
import secrets
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import requests
from breakages import ERRORS, LEAKS
from live_people import run
from servers import ROOT, serving
from websockets.exceptions import ConnectionClosed
from websockets.sync.client import connect

from data_model.store import open_database

MARK = f"Canary{secrets.token_hex(5)}"
"""Made anew, so that it is in nobody's code."""


@dataclass(frozen=True)
class Breaking:
    """A server that breaks, and its log."""

    address: str
    log: Path

    def websocket(self, path: str) -> Any:
        """A websocket of the server."""
        return connect(
            self.address.replace("http", "ws", 1) + path,
            origin=self.address,  # type: ignore[arg-type]
            subprotocols=["streamlit", "none"],  # type: ignore[list-item]
            max_size=None,
        )

    def records(self) -> list[dict[str, Any]]:
        """What the server wrote to standard error: every line is one JSON object."""
        return [json.loads(line) for line in self.log.read_text().splitlines() if line.startswith("{")]


@pytest.fixture(scope="module")
def breaking(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Breaking]:
    log = tmp_path_factory.mktemp("breaking") / "server.log"
    script = ROOT / "tests" / "breaking_app.py"
    with serving(script, log, TESTS_MARK=MARK, PYTHONPATH=str(ROOT), OUTREACH_LOG_LEVEL="DEBUG") as address:
        yield Breaking(address, log)


def _was_told(breaking: Breaking, said: str) -> dict[str, Any]:
    """The record of the reference in what somebody was told."""
    found = re.findall(r"\b[0-9a-f]{8}\b", said)
    assert found, said
    return next(record for record in breaking.records() if record.get("reference") == found[-1])


@pytest.mark.parametrize("kind", ERRORS)
def test_a_page_breaks(breaking: Breaking, kind: str) -> None:
    with breaking.websocket("/_stcore/stream") as socket:
        sent = run(socket, query=f"kind={kind}").all
    assert MARK.encode() not in sent
    assert b"Something went wrong on this page" in sent
    record = _was_told(breaking, re.search(rb"the reference ([0-9a-f]{8})", sent)[0].decode())
    assert (record["message"], record["logger"]) == ("A page broke", "ui.errors")
    assert f" {'_' + kind}" in record["place"]


@pytest.mark.parametrize("kind", ERRORS)
def test_a_route_breaks(breaking: Breaking, kind: str) -> None:
    answer = requests.get(f"{breaking.address}/broken/{kind}?pupil={MARK}", timeout=30)
    assert (answer.status_code, MARK in answer.text + str(answer.headers)) == (500, False)
    assert _was_told(breaking, answer.text)["message"] == "A request failed"


@pytest.mark.parametrize("kind", ERRORS)
def test_a_websocket_breaks(breaking: Breaking, kind: str) -> None:
    with breaking.websocket(f"/broken/{kind}?pupil={MARK}") as socket, pytest.raises(ConnectionClosed) as closed:
        socket.recv(timeout=20)
    assert MARK not in str(closed.value)


def test_streamlits_websocket_is_sent_nonsense(breaking: Breaking) -> None:
    with breaking.websocket(f"/_stcore/stream?pupil={MARK}") as socket:
        socket.send(MARK.encode())
        socket.send(MARK)
        with pytest.raises((ConnectionClosed, TimeoutError)):
            while True:
                assert MARK.encode() not in (frame := socket.recv(timeout=3)), frame


@pytest.mark.parametrize("kind", LEAKS)
def test_what_raises_nothing(breaking: Breaking, kind: str) -> None:
    assert requests.get(f"{breaking.address}/broken/{kind}", timeout=30).status_code == 200
    with breaking.websocket("/_stcore/stream") as socket:
        assert MARK.encode() not in run(socket, query=f"kind={kind}").all


def test_the_log_has_no_value_after_all_that(breaking: Breaking) -> None:
    requests.get(f"{breaking.address}/{MARK}?q={MARK}", timeout=30)
    requests.get(f"{breaking.address}/media/{MARK}.csv", timeout=30)
    written = breaking.log.read_text()
    assert MARK not in written
    records = breaking.records()
    lines = [line for line in written.splitlines() if line.strip() and not re.match(r"\s+(You can now|URL:)", line)]
    assert len(lines) == len(records), "every line but the server's greeting is a record"
    assert all({"time", "level", "logger", "message"} <= record.keys() for record in records)
    broke = [record for record in records if record["logger"] == "uvicorn.error" and record["level"] == "ERROR"]
    assert {"_" + kind for kind in ERRORS} <= {record["place"].split()[-1] for record in broke} | {
        frame.split()[-1] for record in broke for frame in record["place"].split(" > ")
    }
    assert {"/-", "/media/-"} <= {record.get("path") for record in records}


def _python(*arguments: str, **settings: str) -> "subprocess.CompletedProcess[str]":
    path = os.pathsep.join([str(ROOT), str(ROOT / "tests")])
    command = [sys.executable, *arguments]
    return subprocess.run(
        command, env=os.environ | settings | {"PYTHONPATH": path}, cwd=ROOT, capture_output=True, text=True
    )


def test_a_command_breaks() -> None:
    code = (
        "import sys, breakages; from data_model import logs; logs.run(lambda: breakages.ERRORS['chained'](sys.argv[1]))"
    )
    done = _python("-c", code, MARK)
    record, sentence = done.stderr.splitlines()
    assert (done.returncode, done.stdout, MARK in done.stderr) == (70, "", False)
    assert json.loads(record)["reference"] in sentence


@pytest.mark.parametrize("as_json", [[], ["--json"]], ids=["words", "json"])
@pytest.mark.parametrize(
    "harm",
    [
        "DROP TABLE schools",
        "CREATE TRIGGER no BEFORE INSERT ON schools BEGIN SELECT RAISE(ABORT, 'no'); END",
    ],
    ids=["no table", "refused"],
)
def test_saving_breaks(tmp_path: Path, harm: str, as_json: list[str]) -> None:
    url = f"sqlite:///{tmp_path / 'outreach.db'}"
    engine = open_database(url)
    with engine.begin() as connection:
        connection.exec_driver_sql(harm)
    engine.dispose()
    file = tmp_path / "schools.csv"
    file.write_text(
        f"urn,laestab,school_name,phase,establishment_type_group\n900001,9994001,{MARK},primary,Academies\n"
    )
    arguments = ["-m", "loaders", "load", "schools", str(file), "--accept-queries", *as_json]
    done = _python(*arguments, OUTREACH_DATABASE_URL=url)
    assert (done.returncode, MARK in done.stdout + done.stderr) == (2, False)
    assert "could not be used" in done.stdout + done.stderr
