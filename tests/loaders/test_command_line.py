"""The command line: what it prints, what it answers the shell, and that it never ends in a traceback."""

import csv
import io
import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from desk import SCHOOLS, suspensions
from sqlalchemy import Engine

from access.scope import EVERYWHERE
from data_model.catalogue import DATASETS
from data_model.settings import settings
from data_model.store import database
from loaders import __main__ as command_line
from loaders import files
from loaders.remember import remember_headers

ROOT = Path(__file__).parents[2]
GOOD = suspensions("P1,900001,2025-10-06,,2,SUSP,DB")
QUERY = suspensions("P2,900001,2025-10-04,,2,SUSP,DB")
ERROR = suspensions("P3,900001,2025-10-07,,0,SUSP,DB", "P4,900001,2025-10-07,,2,SUSP,DB")
CHECK_KEYS = ["dataset", "file", "encoding", "delimiter", "header_line"]
CHECK_KEYS += ["rows", "accepted", "rejected", "errors", "queries", "notes"]
ISSUE_KEYS = ["line", "column", "value", "code", "severity", "message"]

Run = Callable[..., tuple[int, str, str]]


@pytest.fixture
def run(
    empty_database: Engine, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> Run:
    """`run("check", "suspensions", "x.csv")`: the exit code, stdout and stderr, in a folder of the test's own."""
    monkeypatch.chdir(tmp_path)

    def run(*arguments: str | Path) -> tuple[int, str, str]:
        monkeypatch.setattr(sys, "argv", ["loaders", *map(str, arguments)])
        with pytest.raises(SystemExit) as stop:
            command_line.main()
        said = capsys.readouterr()
        assert "Traceback" not in said.out + said.err
        return int(str(stop.value.code or 0)), said.out, said.err

    return run


@pytest.fixture
def send(run: Run, tmp_path: Path) -> Callable[..., tuple[int, Any]]:
    """`send("check", "suspensions", text, *options)`: the exit code and the one JSON value on stdout."""

    def send(command: str, dataset: str, content: str, *options: str) -> tuple[int, Any]:
        path = tmp_path / f"{dataset}.csv"
        path.write_text(content, encoding="utf-8")
        code, out, err = run(command, dataset, path, "--json", *options)
        assert err == ""
        return code, json.loads(out)

    return send


@pytest.fixture
def schools(send: Callable[..., tuple[int, Any]]) -> None:
    assert send("load", "schools", SCHOOLS)[0] == 0


# --- datasets and templates ---


def test_datasets_are_described_in_the_order_to_load_them(run: Run) -> None:
    code, out, _ = run("datasets", "--json")
    described = json.loads(out)
    assert code == 0
    assert [dataset["dataset"] for dataset in described] == list(DATASETS)
    for found, dataset in zip(described, DATASETS.values(), strict=True):
        assert [column["name"] for column in found["columns"]] == list(dataset.columns)
        assert {rule["code"] for rule in found["rules"]} == {rule.code for rule in dataset.rules}
        assert found["key"] == list(dataset.key)
    reasons = next(
        c for d in described for c in d["columns"] if (d["dataset"], c["name"]) == ("suspensions", "reason_1")
    )
    assert len(reasons["codes"]) == 30
    assert {"code": "OT", "valid_to": "2020-07-31"}.items() <= reasons["codes"][-1].items()


def test_datasets_are_listed_for_people(run: Run) -> None:
    code, out, _ = run("datasets")
    assert code == 0
    assert all(name in out for name in DATASETS)


@pytest.mark.parametrize("name", DATASETS)
def test_a_template_is_a_file_with_every_column_whose_cells_are_good(run: Run, name: str) -> None:
    code, out, _ = run("template", name)
    assert code == 0
    header, example = csv.reader(io.StringIO(out))
    assert header == list(DATASETS[name].columns)
    assert len(example) == len(header)
    table = files.read_file(out.encode(), "template.csv")
    checked = files.check_table(database(), table, "", DATASETS[name], scope=EVERYWHERE)
    rules = {rule.code for rule in DATASETS[name].rules} | {"E-NO-SCHOOLS"}
    assert [issue for issue in files.summary(checked)["errors"] if issue["code"] not in rules] == []
    assert checked.report.match.unknown == ()


# --- check ---


def test_the_keys_of_a_report(send: Callable[..., tuple[int, Any]], schools: None) -> None:
    code, report = send("check", "suspensions", ERROR.replace("P4,900001,2025-10-07", "P4,900001,2025-10-04"))
    assert code == 1
    assert list(report) == CHECK_KEYS
    assert {**report, "errors": 0, "queries": 0, "notes": 0} == {
        "dataset": "suspensions",
        "file": "suspensions.csv",
        "encoding": "utf-8",
        "delimiter": ",",
        "header_line": 1,
        "rows": 2,
        "accepted": 1,
        "rejected": 1,
        "errors": 0,
        "queries": 0,
        "notes": 0,
    }
    (error,), (query,) = report["errors"], report["queries"]
    assert list(error) == list(query) == ISSUE_KEYS
    assert (error["line"], error["column"], error["value"], error["code"]) == (2, "sessions", "0", "E-RANGE")
    assert (error["severity"], query["severity"], query["code"]) == ("error", "query", "Q-WEEKEND")
    assert all(isinstance(note, str) for note in report["notes"])


def test_check_answers_0_for_what_would_load_and_writes_nothing(
    send: Callable[..., tuple[int, Any]], schools: None, empty_database: Engine
) -> None:
    path = Path(str(empty_database.url.database))
    before = path.read_bytes()
    assert send("check", "suspensions", GOOD)[0] == 0
    assert send("check", "suspensions", QUERY)[0] == 0
    assert send("check", "suspensions", ERROR)[0] == 1
    assert path.read_bytes() == before
    send("load", "suspensions", GOOD)
    code, report = send("check", "suspensions", GOOD)
    assert code == 0
    assert "This file is already loaded, as upload 2." in report["notes"]


def test_a_missing_column_and_missing_schools_answer_1(send: Callable[..., tuple[int, Any]]) -> None:
    code, report = send("check", "suspensions", "pupil_ref,urn\nP1,900001\n")
    assert (code, {error["code"] for error in report["errors"]}) == (1, {"E-COLUMN-MISSING"})
    code, report = send("check", "suspensions", GOOD)
    assert code == 1
    assert [(error["line"], error["code"]) for error in report["errors"]] == [(None, "E-NO-SCHOOLS")]


def test_the_report_for_people_says_where_and_what(run: Run, schools: None, tmp_path: Path) -> None:
    (tmp_path / "x.csv").write_text(ERROR, encoding="utf-8")
    code, out, err = run("check", "suspensions", "x.csv")
    assert (code, err) == (1, "")
    assert out.startswith("x.csv: 1 of 2 rows accepted, 1 rejected.\n")
    assert "error: line 2, sessions: Sessions must be a whole number from 1 to 90, such as 3. [E-RANGE]" in out


def test_a_chosen_term(send: Callable[..., tuple[int, Any]], schools: None) -> None:
    code, report = send("check", "suspensions", GOOD, "--period", "202425-SUM")
    assert (code, report["errors"][0]["code"]) == (1, "E-WRONG-TERM")
    assert send("check", "suspensions", GOOD, "--period", "202526-AUT")[0] == 0


# --- what cannot be read or carried out ---


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (["check", "suspensions", "missing.csv"], "E-NO-FILE"),
        (["check", "suspensions", "."], "E-NO-FILE"),
        (["load", "suspensions", "missing.csv"], "E-NO-FILE"),
        (["published", "missing.csv"], "E-NO-FILE"),
        (["check", "suspensions", "workbook.csv"], "E-NOT-CSV"),
        (["load", "suspensions", "workbook.csv"], "E-NOT-CSV"),
        (["published", "workbook.csv"], "E-NOT-CSV"),
        (["check", "suspensoins", "good.csv"], "E-DATASET"),
        (["load", "suspensoins", "good.csv"], "E-DATASET"),
        (["check", "suspensions", "good.csv", "--period", "2025"], "E-PERIOD"),
        (["load", "suspensions", "good.csv", "--period", "autumn"], "E-PERIOD"),
        (["check"], "E-USAGE"),
        (["check", "suspensions"], "E-USAGE"),
        (["check", "suspensions", "good.csv", "--colour"], "E-USAGE"),
        (["load", "suspensions", "good.csv", "--source", "elsewhere"], "E-USAGE"),
        (["undo", "first"], "E-USAGE"),
        (["guess"], "E-USAGE"),
        ([], "E-USAGE"),
    ],
)
def test_what_cannot_be_carried_out_answers_2_in_one_object(
    run: Run, tmp_path: Path, arguments: list[str], code: str
) -> None:
    (tmp_path / "good.csv").write_text(GOOD, encoding="utf-8")
    (tmp_path / "workbook.csv").write_bytes(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1")
    answer, out, err = run(*arguments, "--json")
    assert (answer, err) == (2, "")
    report = json.loads(out)
    assert list(report) == CHECK_KEYS
    (error,) = report["errors"]
    assert list(error) == ISSUE_KEYS
    assert (error["code"], error["line"]) == (code, None)
    answer, out, err = run(*arguments)
    assert (answer, out) == (2, "")
    assert err.count("\n") == 1
    assert err.strip().endswith((".", "?"))


@pytest.mark.parametrize(
    ("url", "code"),
    [
        ("not a url", "E-DATABASE"),
        ("sqlite:////dev/null/outreach.db", "E-UNAVAILABLE"),
        ("sqlite:///good.csv", "E-UNAVAILABLE"),
        ("postgresql+pg8000://localhost/outreach", "E-DATABASE"),
    ],
)
def test_a_database_that_cannot_be_used_is_told_without_its_address(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, url: str, code: str
) -> None:
    (tmp_path / "good.csv").write_text(GOOD * 20, encoding="utf-8")
    with monkeypatch.context() as elsewhere:
        elsewhere.setenv("OUTREACH_DATABASE_URL", url)
        _forget()
        answer, out, err = run("load", "suspensions", "good.csv", "--json")
    _forget()
    assert (answer, err) == (2, "")
    (error,) = json.loads(out)["errors"]
    assert error["code"] == code
    assert url not in error["message"]


def _forget() -> None:
    settings.cache_clear()
    database.cache_clear()


def test_a_fault_of_ours_is_told_with_its_place_and_without_what_cells_say(
    send: Callable[..., tuple[int, Any]], schools: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*arguments: object, **options: object) -> None:
        raise ValueError("P1")

    monkeypatch.setattr(files, "check_table", broken)
    code, report = send("check", "suspensions", GOOD)
    assert (code, report["errors"][0]["code"]) == (2, "E-INTERNAL")
    assert "ValueError in test_command_line, line" in report["errors"][0]["message"]
    assert "P1" not in json.dumps(report)


# --- load, uploads, undo ---


def test_load_saves_and_says_what_it_did(send: Callable[..., tuple[int, Any]], schools: None) -> None:
    code, report = send("load", "suspensions", GOOD)
    assert code == 0
    assert list(report) == [*CHECK_KEYS, "upload_id", "new", "changed", "unchanged", "removed", "gone"]
    assert (report["upload_id"], report["new"], report["changed"]) == (2, 1, 0)


def test_load_saves_nothing_on_an_error_unless_told_to(send: Callable[..., tuple[int, Any]], schools: None) -> None:
    code, report = send("load", "suspensions", ERROR)
    assert (code, report["upload_id"]) == (1, None)
    assert any("nothing was saved" in note for note in report["notes"])
    code, report = send("load", "suspensions", ERROR, "--good-rows")
    assert (code, report["accepted"], report["new"]) == (0, 1, 1)


def test_load_saves_nothing_on_an_open_query_unless_told_to(
    send: Callable[..., tuple[int, Any]], schools: None
) -> None:
    assert send("load", "suspensions", QUERY)[0] == 1
    assert send("load", "suspensions", QUERY, "--good-rows")[0] == 1
    code, report = send("load", "suspensions", QUERY, "--accept-queries")
    assert (code, report["new"], len(report["queries"])) == (0, 1, 1)


def test_the_same_file_again_answers_0_and_names_its_upload(
    send: Callable[..., tuple[int, Any]], schools: None
) -> None:
    send("load", "suspensions", GOOD)
    code, report = send("load", "suspensions", GOOD)
    assert (code, report["upload_id"]) == (0, 2)
    assert any("already loaded, as upload 2" in note for note in report["notes"])


def test_a_nil_return(send: Callable[..., tuple[int, Any]], schools: None) -> None:
    assert send("load", "suspensions", suspensions())[0] == 1
    options = ("--period", "202526-AUT", "--urn", "900001")
    assert send("load", "suspensions", suspensions(), *options)[0] == 0
    code, report = send("load", "suspensions", suspensions(), *options)
    assert (code, report["upload_id"]) == (0, 2)
    assert send("load", "suspensions", suspensions(), "--period", "202526-AUT", "--urn", "900002")[0] == 0


def test_gone_rows_are_removed_where_told_to(send: Callable[..., tuple[int, Any]], schools: None) -> None:
    two = suspensions("P1,900001,2025-10-06,,2,SUSP,DB", "P2,900001,2025-10-07,,2,SUSP,DB")
    send("load", "suspensions", two)
    code, report = send("load", "suspensions", GOOD)
    assert (code, report["gone"], report["removed"]) == (0, 1, 0)
    code, report = send("load", "suspensions", GOOD, "--remove-gone")
    assert (code, report["gone"], report["removed"]) == (0, 0, 1)


def test_what_was_saved_and_what_stays_is_said_to_people(run: Run, schools: None, tmp_path: Path) -> None:
    path = tmp_path / "suspensions.csv"
    path.write_text(suspensions("P1,900001,2025-10-06,,2,SUSP,DB", "P2,900001,2025-10-07,,2,SUSP,DB"))
    assert "Saved as upload 2: 2 new, 0 changed, 0 unchanged, 0 removed.\n" in run("load", "suspensions", path)[1]
    path.write_text(GOOD)
    said = run("load", "suspensions", path)[1]
    assert "1 saved rows are not in the file and stay: see --remove-gone." in said


def test_headers_that_were_explained_for_a_sender_are_known(
    send: Callable[..., tuple[int, Any]], schools: None
) -> None:
    own = GOOD.replace("reason_1", "Why")
    assert send("check", "suspensions", own)[0] == 1
    code, report = send("check", "suspensions", own, "--sender", "Bromcom")
    assert (code, report["errors"][0]["code"]) == (2, "E-SENDER")
    remember_headers(database(), "Bromcom, Larkfield", "suspensions", {"why": "reason_1"})
    code, report = send("check", "suspensions", own, "--sender", "Bromcom")
    assert "Choose one of Bromcom, Larkfield." in report["errors"][0]["message"]
    assert send("check", "suspensions", own, "--sender", " Bromcom,  Larkfield ")[0] == 0
    code, report = send("load", "suspensions", own, "--sender", "Bromcom, Larkfield")
    assert (code, report["new"]) == (0, 1)


def test_a_published_file_in_the_wrong_box_is_pointed_to_its_own_command(run: Run) -> None:
    extract = ROOT / "tests" / "published" / "gias_schema_sample_anonymised.csv"
    for command in ("check", "load"):
        code, out, _ = run(command, "schools", extract, "--json")
        assert (code, json.loads(out)["errors"][0]["code"]) == (1, "E-COLUMN-MISSING")
        assert any("load it with `python -m loaders published`" in note for note in json.loads(out)["notes"])


def test_an_extract_of_schools_is_loaded_for_the_authorities_that_are_named(run: Run) -> None:
    extract = ROOT / "tests" / "published" / "gias_schema_sample_anonymised.csv"
    code, out, _ = run("published", extract, "--la", "1", "--json")
    assert (code, json.loads(out)["errors"][0]["code"]) == (2, "E-USAGE")
    code, out, _ = run("published", extract, "--la", "331", "--la", "202", "--json")
    assert code == 0
    assert any("of other local authorities" in note for note in json.loads(out)["notes"])


def test_uploads_are_listed_newest_first_and_undone(
    run: Run, send: Callable[..., tuple[int, Any]], schools: None
) -> None:
    send("load", "suspensions", GOOD)
    code, out, _ = run("uploads", "--json")
    uploads = json.loads(out)
    assert (code, [upload["dataset"] for upload in uploads]) == (0, ["suspensions", "schools"])
    assert {"sha256", "uploaded_by", "uploaded_at", "period", "rows_accepted", "rows_rejected", "rows_queried"} <= set(
        uploads[0]
    )
    code, out, _ = run("undo", "2", "--json")
    assert (code, json.loads(out)) == (0, {"upload_id": 2, "rows": 1})
    code, out, _ = run("uploads")
    assert "suspensions.csv (undone)" in out.splitlines()[0]
    code, out, _ = run("undo", "2", "--json")
    assert (code, json.loads(out)["errors"][0]["code"]) == (1, "E-NOT-SAVED")
    code, out, err = run("undo", "99")
    assert (code, out) == (1, "")
    assert err == "There is no upload 99. `python -m loaders uploads` lists them.\n"


# --- as a process of its own ---


@pytest.fixture
def shell(tmp_path: Path) -> Iterator[Callable[..., "subprocess.CompletedProcess[bytes]"]]:
    """The command as a scheduled job runs it."""
    kept = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}
    environment = kept | {"OUTREACH_DATABASE_URL": f"sqlite:///{tmp_path / 'shell.db'}", "PYTHONIOENCODING": "ascii"}

    def shell(*arguments: str | bytes) -> "subprocess.CompletedProcess[bytes]":
        command = [sys.executable, "-W", "error", "-m", "loaders", *arguments]
        return subprocess.run(command, cwd=ROOT, env=environment, capture_output=True)

    yield shell


def test_it_runs_as_a_command(shell: Callable[..., "subprocess.CompletedProcess[bytes]"], tmp_path: Path) -> None:
    path = tmp_path / "schools.csv"
    path.write_text(SCHOOLS.replace("Lanternmere", "Lanternmère"), encoding="utf-8")
    done = shell("load", "schools", str(path), "--json")
    assert (done.returncode, done.stderr) == (0, b"")
    assert json.loads(done.stdout)["new"] == 3


def test_a_file_whose_name_is_no_text(
    shell: Callable[..., "subprocess.CompletedProcess[bytes]"], tmp_path: Path
) -> None:
    path = os.fsencode(tmp_path) + b"/sch\xff\xe9ools.csv"
    Path(os.fsdecode(path)).write_text(SCHOOLS, encoding="utf-8")
    done = shell("load", "schools", path, "--json")
    assert (done.returncode, done.stderr) == (0, b"")
    assert json.loads(done.stdout)["file"] == "sch??ools.csv"


def test_a_name_that_is_no_text_is_written_as_escapes(run: Run) -> None:
    code, out, err = run("check", "nothing", "sch\udcffools.csv", "--json")
    assert (code, err, json.loads(out)["file"]) == (2, "", "sch\udcffools.csv")
