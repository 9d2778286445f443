"""The command line: stdout is only the data, notes go to stderr, wrong usage is one sentence and exit code 2."""

import csv
import io
import json
import subprocess
import sys
from pathlib import Path

import pytest
from commands import Run
from sqlalchemy import Engine
from worlds import World

from analysis.measures import MEASURES
from analysis.table import COLUMNS
from data_model.store import writing


@pytest.fixture
def loaded(empty_database: Engine) -> Engine:
    """The app's own database with a primary that had three suspensions in 2024/25, one of half a day."""
    with writing(empty_database) as connection:
        world = World(connection)
        world.school(900001)
        world.roll(900001, 300)
        for day, sessions in (("2024-10-01", 2), ("2025-02-03", 2), ("2025-06-02", 1)):
            world.suspension(900001, "P1", day, sessions)
    return empty_database


def test_for_publication_small_numbers_are_hidden(loaded: Engine, run: Run) -> None:
    (row,) = json.loads(run("table suspension_rate --by school --year 202425 --json --for-publication").out)
    assert (row["count"], row["out_of"], row["rate"]) == ("[c]", 300, "[c]")
    ran = run("table suspension_rate --by school --year 202425 --for-publication")
    assert "[c]: fewer than 5 pupils, or hidden to protect such a figure." in ran.err
    (line,) = csv.DictReader(io.StringIO(ran.out))
    assert line["count"] == line["rate"] == "[c]"


def test_json_is_the_promised_list(loaded: Engine, run: Run) -> None:
    ran = run("table suspension_rate --by school --year 202425 --json")
    assert ran.code == 0
    (row,) = json.loads(ran.out)
    assert row == {
        "la_code": "999",
        "la_name": "Larkshire (fictional)",
        "urn": 900001,
        "laestab": 9990001,
        "school_name": "School 900001",
        "phase": "primary",
        "year": "202425",
        "term": None,
        "count": 3,
        "out_of": 300,
        "rate": 1,
        "source": "local",
    }
    assert list(row) == list(COLUMNS)


def test_numbers_are_not_rounded(loaded: Engine, run: Run) -> None:
    (row,) = json.loads(run("table days_lost_rate --by la --year 202425 --json").out)
    assert (row["count"], row["rate"]) == (2.5, 2.5 / 300 * 100)


@pytest.mark.parametrize("flag", ["", " --csv"])
def test_csv_has_the_same_columns(loaded: Engine, run: Run, flag: str) -> None:
    ran = run(f"table suspension_rate --by phase --year 202425{flag}")
    rows = list(csv.reader(io.StringIO(ran.out)))
    assert rows[0] == list(COLUMNS)
    assert rows[1] == ["999", "Larkshire (fictional)", "", "", "", "primary", "202425", "", "3", "300", "1", "local"]


def test_notes_go_to_stderr(loaded: Engine, run: Run) -> None:
    ran = run("table suspension_rate --by school --year 202425 --term aut --json")
    assert json.loads(ran.out)[0]["out_of"] is None
    ran = run("table suspension_rate --by la --year 202425 --term AUT --json")
    assert "No denominator: School 900001 (900001)" in ran.err
    assert json.loads(ran.out)[0]["rate"] is None


def test_an_authority_without_data_is_an_empty_list(loaded: Engine, run: Run) -> None:
    ran = run("table suspension_rate --by la --year 202425 --la 331 --json")
    assert (ran.code, json.loads(ran.out)) == (0, [])
    assert "Nothing is loaded" in ran.err


def test_the_source_can_be_chosen(loaded: Engine, run: Run) -> None:
    assert json.loads(run("table suspension_rate --by la --year 202425 --source published --json").out) == []


@pytest.mark.parametrize(
    ("line", "sentence"),
    [
        ("", "Missing command."),
        ("tables", "No such command 'tables'."),
        ("table", "Missing argument 'measure'."),
        ("table suspension_rate --by la", "Missing option '--year'."),
        ("table suspension_rate --year 202425", "Missing option '--by'."),
        ("table rates --by la --year 202425", "measure 'rates' is not one of suspension_rate, "),
        ("table suspension_rate --by town --year 202425", "--by 'town' is not one of school, phase, la."),
        ("table suspension_rate --by la --year 2024", "--year is an academic year such as 202526, not '2024'."),
        ("table suspension_rate --by la --year 202425-AUT", "--year is an academic year such as 202526"),
        ("table suspension_rate --by la --year 202425 --term XMAS", "--term 'XMAS' is not one of AUT, SPR, SUM."),
        ("table suspension_rate --by la --year 202425 --phase all", "--phase 'all' is not one of primary, "),
        ("table suspension_rate --by la --year 202425 --la 99", "--la is a three-digit code such as 999, not '99'."),
        ("table suspension_rate --by la --year 202425 --la ²²²", "--la is a three-digit code"),
        ("table suspension_rate --by la --year 202425 --source dfe", "--source 'dfe' is not one of local, published."),
        ("table suspension_rate --by la --year 202425 --csv --json", "Choose one of --csv and --json."),
        ("table suspension_rate --by la --year 202425 --round", "No such option: --round"),
    ],
)
def test_wrong_usage_is_one_sentence_and_exit_2(loaded: Engine, run: Run, line: str, sentence: str) -> None:
    ran = run(line)
    assert (ran.code, ran.out) == (2, "")
    assert ran.err.startswith(sentence)
    assert ran.err.count("\n") == 1


def test_measures_are_listed(run: Run) -> None:
    listed = json.loads(run("measures --json").out)
    assert [measure["id"] for measure in listed] == list(MEASURES)
    assert all(measure["plain"] and measure["caveat"] and measure["source"] for measure in listed)
    assert run("measures").out.count("\n") == len(MEASURES)


def test_it_runs_as_a_module_and_a_broken_database_is_one_sentence(tmp_path: Path) -> None:
    (tmp_path / "not.db").write_text("this is no database, and long enough for a header to be read " * 20)
    words = ["table", "suspension_rate", "--by", "la", "--year", "202425"]
    ran = subprocess.run(
        [sys.executable, "-m", "analysis", *words],
        env={"OUTREACH_DATABASE_URL": f"sqlite:///{tmp_path / 'not.db'}", "PATH": ""},
        cwd=Path(__file__).parents[2],
        capture_output=True,
        text=True,
        check=False,
    )
    assert (ran.returncode, ran.stdout) == (2, "")
    assert ran.stderr.startswith("The database could not be used")
    assert ran.stderr.count("\n") == 1
