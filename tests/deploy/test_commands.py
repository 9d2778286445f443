"""Every command that the documents and the units name is there."""

import re
from importlib import import_module
from pathlib import Path

import pytest
import typer

ROOT = Path(__file__).parents[2]
DOCUMENTS = [ROOT / "docs/for-it-teams.md", *sorted((ROOT / "docs/governance").glob("*.md"))]
UNITS = sorted((ROOT / "deploy").rglob("*.service"))
AWAITED = {"purge", "verify-audit"}
"""They come with the audit trail and the retention schedule."""
_COMMAND = re.compile(r"(?:\boutreach|python -m) (access|data_model|loaders|analysis) ([a-z][a-z-]+)((?: --[a-z-]+)*)")


@pytest.mark.parametrize("path", [*DOCUMENTS, *UNITS, ROOT / "deploy/outreach"], ids=lambda path: path.name)
def test_every_command_exists(path: Path) -> None:
    for package, name, options in _COMMAND.findall(path.read_text()):
        commands = typer.main.get_command(import_module(f"{package}.__main__").cli).commands
        if name in AWAITED - commands.keys():
            continue
        assert name in commands, f"python -m {package} {name}"
        taken = {option for parameter in commands[name].params for option in parameter.opts}
        assert set(options.split()) <= taken, f"python -m {package} {name}{options}"
