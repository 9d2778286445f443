"""What people really send, one tiny file for each case, and exactly what the sender is told (README.md)."""

import json
import os
import re
from datetime import date
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from desk import TODAY, Desk

from access.scope import EVERYWHERE
from data_model.catalogue import DATASETS
from data_model.severity import Severity
from data_model.terms import Period
from loaders import files
from loaders.issues import Unreadable

HERE = Path(__file__).parent
CASES = sorted(path.stem for path in HERE.glob("*.csv"))
# Met where there is no file at all, so that no file can show it: tests/loaders/test_command_line.py does.
# No file alone brings these about: they need no file at all, a key, an erasure, or a sender who reaches less. They are
# shown in tests/access (pseudonyms, erasing) and tests/loaders/test_reach.py.
WITHOUT_A_FILE = {"E-NO-FILE", "E-SECRET-KEY", "E-PSEUDONYM", "E-PSEUDONYM-KEY", "Q-ERASED", "E-OUT-OF-REACH"}


def case_of(name: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((HERE / f"{name}.json").read_text(encoding="utf-8"))
    return found


@cache
def database_with(*loaded: str) -> bytes:
    """A database in which these files of `loaded/` are saved: made once, for all the cases that start from it."""
    with TemporaryDirectory() as folder, Desk(Path(folder) / "loaded.db") as desk:
        for name in loaded:
            desk.load(name, (HERE / "loaded" / f"{name}.csv").read_bytes(), accept_queries=True)
        return desk.path.read_bytes()


def printed(desk: Desk, name: str, case: dict[str, Any]) -> dict[str, Any]:
    """What `check --json` prints of a case."""
    content = (HERE / f"{name}.csv").read_bytes()
    try:
        table = files.read_file(content, f"{name}.csv", max_bytes=case.get("max_bytes"))
    except Unreadable as problem:
        return files.unreadable_summary(case["dataset"], f"{name}.csv", problem.code, str(problem))
    checked = files.check_table(
        desk.engine,
        table,
        files.sha256_of(content),
        DATASETS[case["dataset"]],
        scope=EVERYWHERE,
        today=date.fromisoformat(case["today"]) if "today" in case else TODAY,
        period=Period.parse(case["period"]) if "period" in case else None,
    )
    return files.summary(checked)


@pytest.mark.parametrize("name", CASES)
def test_what_the_sender_is_told(tmp_path: Path, name: str) -> None:
    case = case_of(name)
    with Desk(tmp_path / "case.db", database_with(*case.get("loaded", ["schools"]))) as desk:
        report = printed(desk, name, case)
    if os.environ.get("WRITE_GOLDEN"):
        text = json.dumps(case | {"report": report}, indent=2, ensure_ascii=False)
        (HERE / f"{name}.json").write_text(text + "\n", encoding="utf-8")
    assert report == case_of(name)["report"]
    assert report["rows"] == report["accepted"] + report["rejected"]


@cache
def told() -> list[dict[str, Any]]:
    """Every error and query of every case."""
    reports = [case_of(name)["report"] for name in CASES]
    return [issue for report in reports for issue in (*report["errors"], *report["queries"])]


def codes_in_the_loaders() -> set[str]:
    """Every code that is written out where files are read and checked."""
    elsewhere = ("__main__", "sheet", "caseload")  # the command line and the caseload sheet have tests of their own
    modules = [path for path in Path(files.__file__).parent.glob("*.py") if not path.name.startswith(elsewhere)]
    return {code for path in modules for code in re.findall(r'"([EQ]-[A-Z0-9-]+)"', path.read_text(encoding="utf-8"))}


def test_every_code_is_shown_by_a_case() -> None:
    rules = {rule.code for dataset in DATASETS.values() for rule in dataset.rules if rule.severity is not Severity.NOTE}
    shown = {issue["code"] for issue in told()}
    assert (rules | codes_in_the_loaders()) - WITHOUT_A_FILE - shown == set()


def test_every_note_of_a_rule_is_shown_by_a_case() -> None:
    notes = [note for name in CASES for note in case_of(name)["report"]["notes"]]
    rules = [rule for dataset in DATASETS.values() for rule in dataset.rules if rule.severity is Severity.NOTE]
    for rule in rules:
        before, after = rule.message.split("{count}")
        assert any(note.startswith(before) and note.endswith(after) for note in notes), rule.code


def test_every_message_is_a_sentence_that_repeats_no_pupil_reference() -> None:
    for issue in told():
        assert re.fullmatch(r"[A-Z\d].*[.?]", issue["message"], re.DOTALL), issue["message"]
        assert not re.search(r"\bP0000\d\d\b|[A-Z]\d{12}", issue["message"]), issue["message"]
