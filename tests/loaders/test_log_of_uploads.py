"""What the log says of an upload that was saved: which it is and how many rows, and nothing that stands in them."""

import json
import os
import subprocess
import sys
from pathlib import Path

from servers import ROOT

_LOADS = """
import sys
from pathlib import Path
from desk import Desk, SCHOOLS, suspensions
from data_model import logs
from loaders.save import NotSaved

logs.configure("INFO")
with Desk(Path(sys.argv[1])) as desk:
    desk.load("schools", SCHOOLS)
    days = {"CANARY1": "2025-10-06", "CANARY2": "2025-10-04", "CANARY3": "CANARY"}
    text = suspensions(*(f"{pupil},900001,{day},,2,SUSP,DB" for pupil, day in days.items()))
    for choices in ({}, {"good_rows": True, "accept_queries": True}):
        try:
            desk.load("suspensions", text, **choices)
        except NotSaved:
            pass
"""


def test_an_upload_that_is_saved_is_one_line_of_counts(tmp_path: Path) -> None:
    """In a process of its own: whoever writes the log writes all of it."""
    paths = os.pathsep.join([str(ROOT), str(ROOT / "tests")])
    command = [sys.executable, "-c", _LOADS, str(tmp_path / "desk.db")]
    done = subprocess.run(
        command, capture_output=True, text=True, cwd=ROOT, env=os.environ | {"PYTHONPATH": paths}, check=True
    )
    lines = [json.loads(line) for line in done.stderr.splitlines()]
    told = [{name: line[name] for name in line if name not in ("time", "level")} for line in lines]
    about = {"logger": "loaders.save", "message": "Upload saved"}
    assert told == [
        about | {"upload_id": 1, "dataset": "schools", "accepted": 3, "rejected": 0, "queried": 0},
        about | {"upload_id": 2, "dataset": "suspensions", "accepted": 2, "rejected": 1, "queried": 1},
    ], "and no line of the file that was refused"
    assert "CANARY" not in done.stderr
