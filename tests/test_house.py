"""The habits of the house: style, types, who may import whom, and what the README promises."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

from data_model.settings import Settings

ROOT = Path(__file__).parents[1]
BIN = Path(sys.executable).parent


@pytest.mark.parametrize(
    "command",
    [
        ["ruff", "check", "--no-cache", "."],
        ["ruff", "format", "--no-cache", "--check", "."],
        ["lint-imports", "--no-cache"],
        ["mypy"],
    ],
    ids=lambda command: " ".join(command[:2]),
)
def test_the_code_keeps_the_habits_of_the_house(command: list[str]) -> None:
    done = subprocess.run([BIN / command[0], *command[1:]], cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout[-4000:] + done.stderr[-2000:]


def test_every_requirement_is_pinned_exactly() -> None:
    for name in ("requirements.txt", "requirements-dev.txt"):
        lines = [line.split("#")[0].strip() for line in (ROOT / name).read_text().splitlines()]
        loose = [
            line
            for line in lines
            if line and not line.startswith("-r ") and not re.fullmatch(r"[\w.\[\]-]+==[\w.]+", line)
        ]
        assert not loose, f"{name}: {loose}"


def test_the_readme_names_every_setting() -> None:
    readme = (ROOT / "README.md").read_text()
    missing = [name for name in Settings.model_fields if f"`OUTREACH_{name.upper()}`" not in readme]
    assert not missing


def test_no_day_is_written_in_a_way_that_windows_does_not_know() -> None:
    code = [path for path in ROOT.rglob("*.py") if not {".venv", "venv"} & set(path.parts) and path != Path(__file__)]
    assert [str(path) for path in code if re.search(r"[:%\"' ]%-[a-zA-Z]", path.read_text(encoding="utf-8"))] == []


def test_links_in_the_documents_lead_somewhere() -> None:
    for document in (ROOT / "README.md", *(ROOT / "docs").rglob("*.md")):
        for target in re.findall(r"\]\((?!https?://|#)([^)#]+)", document.read_text()):
            assert (document.parent / target).exists(), f"{document.name} points at {target}"
