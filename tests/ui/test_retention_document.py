"""The retention schedule that people read is the one that the app runs by."""

import re

import pytest

from ui.documents import FOLDER

schedule = pytest.importorskip("data_model.retention_schedule", reason="The schedule as data is not here yet.")


def test_the_document_and_the_schedule_are_equal() -> None:
    words = (FOLDER / "retention_schedule.md").read_text()
    lines = re.findall(r"^\| `.*$", words, re.MULTILINE)
    written = [tuple(cell.strip() for cell in line.strip("|").split("|")) for line in lines]
    assert written == [
        (f"`{kept.table}`", kept.holds, kept.starts_from, kept.period, kept.why, kept.decided_by)
        for kept in schedule.SCHEDULE
    ]
