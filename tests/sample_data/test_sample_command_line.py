"""python -m sample_data: files, a line each, and never a traceback."""

import subprocess
import sys
from pathlib import Path

import pytest
from typer.testing import CliRunner

from data_model.catalogue import DATASETS
from sample_data.__main__ import cli

ROOT = Path(__file__).parents[2]
SMALL = ["--schools", "12", "--years", "2", "--seed", "5"]


def contents(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_writes_the_same_files_for_the_same_seed(tmp_path: Path) -> None:
    first = CliRunner().invoke(cli, ["--out", str(tmp_path / "first"), *SMALL])
    command = [sys.executable, "-m", "sample_data", "--out", str(tmp_path / "second"), *SMALL]
    second = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
    assert first.exit_code == 0
    assert second.stderr == ""
    written = contents(tmp_path / "second")
    assert written == contents(tmp_path / "first")
    assert {f"{name}.csv" for name in DATASETS} <= set(written)
    assert sum(name.startswith("messy/") for name in written) == 8
    assert len(second.stdout.splitlines()) == len(written)
    assert "schools.csv: 12 rows" in second.stdout


@pytest.mark.parametrize(
    "arguments",
    [["--schools", "0"], ["--schools", "24001"], ["--years", "99"], ["--seed", "-1"], ["--schools", "many"]],
    ids=" ".join,
)
def test_wrong_usage_gets_a_sentence(arguments: list[str], tmp_path: Path) -> None:
    done = CliRunner().invoke(cli, ["--out", str(tmp_path / "out"), *arguments])
    assert done.exit_code == 2
    assert done.stdout == ""
    assert "Traceback" not in done.stderr
    assert arguments[0] in done.stderr
    assert not (tmp_path / "out").exists()


def test_the_folder_must_be_named() -> None:
    done = CliRunner().invoke(cli, [])
    assert done.exit_code == 2
    assert "--out" in done.stderr


def test_a_folder_that_cannot_be_written_gets_a_sentence(tmp_path: Path) -> None:
    in_the_way = tmp_path / "file"
    in_the_way.touch()
    done = CliRunner().invoke(cli, ["--out", str(in_the_way), "--schools", "1", "--years", "1"])
    assert done.exit_code == 2
    assert done.stderr.startswith("The files cannot be written")
