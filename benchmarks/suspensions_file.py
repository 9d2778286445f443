"""Writes a large, correct suspensions file and the schools it needs, optionally with faults at known lines."""

import csv
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import numpy.typing as npt

from data_model.columns import upn_check_letter

HEADER = [
    *("suspension_id", "pupil_ref", "urn", "start_date", "end_date", "sessions", "category"),
    *("reason_1", "reason_2", "reason_3", "ncyg", "sen_provision", "cla", "am_pm_start", "status"),
    *("cancelled_date", "la_notified_date", "day6_start", "reintegration_meeting_date"),
]
BROKEN = {
    "pupil_ref": "A999200000000",
    "urn": "12",
    "start_date": "2023-02-31",
    "sessions": "2.5",
    "category": "PERM",
    "reason_1": "XX",
    "ncyg": "Y8",
    "sen_provision": "Q",
}
"""A faulty cell of each of these columns."""


def write(folder: Path, rows: int, faulty: float = 0.0, seed: int = 1) -> tuple[Path, Path, dict[int, str]]:
    """Write `schools.csv` and `suspensions.csv` with so many rows; returns both and the faults: line to column."""
    random = np.random.default_rng(seed)
    schools = max(20, min(23_700, rows // 75))
    school_file = _write_schools(folder, schools)
    events = _events(random, rows, schools)
    chosen = set(random.choice(rows, int(rows * faulty), replace=False).tolist()) if faulty else set()
    faults = {}
    suspension_file = folder / "suspensions.csv"
    with suspension_file.open("w", newline="") as out:
        writer = csv.writer(out)
        writer.writerow(HEADER)
        for row, cells in enumerate(events):
            if row in chosen:
                column = list(BROKEN)[row % len(BROKEN)]
                cells[HEADER.index(column)] = BROKEN[column]
                faults[row + 2] = column
            writer.writerow(cells)
    return school_file, suspension_file, faults


def _write_schools(folder: Path, schools: int) -> Path:
    file = folder / "schools.csv"
    with file.open("w", newline="") as out:
        writer = csv.writer(out)
        writer.writerow(["urn", "laestab", "school_name", "phase", "establishment_type_group"])
        writer.writerows([900_000 + i, 2_010_000 + i, f"School {i}", "secondary", "Academies"] for i in range(schools))
    return file


def _events(random: np.random.Generator, rows: int, schools: int) -> Iterator[list[str]]:
    """The cells of each row, all of them right."""
    pupils = max(50, rows // 3)
    numbers = random.choice(np.arange(10_000_000), pupils, replace=False)
    references = [upn_check_letter(digits) + digits for digits in (f"99920{number:07d}" for number in numbers)]
    pupil = random.integers(0, pupils, rows)
    starts = np.datetime64("2021-09-06") + 7 * _weeks(random, pupil) + random.integers(0, 3, rows)
    sessions = random.choice([1, 2, 3, 4, 6], rows, p=[0.2, 0.35, 0.15, 0.2, 0.1])
    reasons = random.choice(["DB", "VA", "PP", "PA", "DM", "DA"], rows, p=[0.5, 0.18, 0.14, 0.08, 0.05, 0.05])
    years = random.choice(["7", "8", "9", "10", "11"], rows)
    needs = random.choice(["N", "K", "E"], rows, p=[0.55, 0.35, 0.1])
    for row in range(rows):
        urn, day = str(900_000 + pupil[row] % schools), str(starts[row])
        cells = [f"S{row:07d}", references[pupil[row]], urn, day, "", str(sessions[row])]
        yield [*cells, "SUSP", reasons[row], "", "", years[row], needs[row], "N", "AM", "", "", day, "", ""]


def _weeks(random: np.random.Generator, pupil: npt.NDArray[np.int64]) -> npt.NDArray[np.int64]:
    """A week for each suspension, none of them twice for one pupil, so that no key is met twice."""
    week = np.zeros(len(pupil), dtype=np.int64)
    seen: dict[int, int] = {}
    for row, who in enumerate(pupil.tolist()):
        week[row] = seen[who] = seen.get(who, int(random.integers(0, 20))) + 3
    return week
