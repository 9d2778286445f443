"""Writes a large, correct suspensions file and the schools it needs, optionally with faults at known lines."""

import csv
from pathlib import Path

import numpy as np

from data_model.columns import upn_check_letter

HEADER = [
    *("suspension_id", "pupil_ref", "urn", "start_date", "end_date", "sessions", "category"),
    *("reason_1", "reason_2", "reason_3", "ncyg", "sen_provision", "cla", "am_pm_start", "status"),
    *("cancelled_date", "la_notified_date", "day6_start", "reintegration_meeting_date"),
]
FAULTS = ("pupil_ref", "urn", "start_date", "sessions", "category", "reason_1", "ncyg", "sen_provision")


def write(folder: Path, rows: int, faulty: float = 0.0, seed: int = 1) -> tuple[Path, Path, dict[int, str]]:
    """Write `schools.csv` and `suspensions.csv` with so many rows; returns both and the faults: line to column."""
    random = np.random.default_rng(seed)
    schools = max(20, min(23_700, rows // 75))
    pupils = max(50, rows // 3)
    school_file = folder / "schools.csv"
    with school_file.open("w", newline="") as out:
        writer = csv.writer(out)
        writer.writerow(["urn", "laestab", "school_name", "phase", "establishment_type_group"])
        writer.writerows([900_000 + i, 2_010_000 + i, f"School {i}", "secondary", "Academies"] for i in range(schools))
    numbers = random.choice(np.arange(10_000_000), pupils, replace=False)
    references = [upn_check_letter(digits) + digits for digits in (f"99920{number:07d}" for number in numbers)]
    # One suspension for each pupil and week, so that no key is met twice.
    pupil = random.integers(0, pupils, rows)
    week = np.zeros(rows, dtype=np.int64)
    seen: dict[int, int] = {}
    for row, who in enumerate(pupil.tolist()):
        week[row] = seen[who] = seen.get(who, int(random.integers(0, 20))) + 3
    starts = np.datetime64("2021-09-06") + 7 * week + random.integers(0, 3, rows)
    sessions = random.choice([1, 2, 3, 4, 6], rows, p=[0.2, 0.35, 0.15, 0.2, 0.1])
    reasons = random.choice(["DB", "VA", "PP", "PA", "DM", "DA"], rows, p=[0.5, 0.18, 0.14, 0.08, 0.05, 0.05])
    years = random.choice(["7", "8", "9", "10", "11"], rows)
    needs = random.choice(["N", "K", "E"], rows, p=[0.55, 0.35, 0.1])
    faults = {}
    broken = {"pupil_ref": "A999200000000", "urn": "12", "start_date": "2023-02-31", "sessions": "2.5"}
    broken |= {"category": "PERM", "reason_1": "XX", "ncyg": "Y8", "sen_provision": "Q"}
    chosen = set(random.choice(rows, int(rows * faulty), replace=False).tolist()) if faulty else set()
    suspension_file = folder / "suspensions.csv"
    with suspension_file.open("w", newline="") as out:
        writer = csv.writer(out)
        writer.writerow(HEADER)
        for row in range(rows):
            day = str(starts[row])
            cells = [
                f"S{row:07d}",
                references[pupil[row]],
                str(900_000 + pupil[row] % schools),
                day,
                "",
                str(sessions[row]),
            ]
            cells += ["SUSP", reasons[row], "", "", years[row], needs[row], "N", "AM", "", "", day, "", ""]
            if row in chosen:
                column = FAULTS[row % len(FAULTS)]
                cells[HEADER.index(column)] = broken[column]
                faults[row + 2] = column
            writer.writerow(cells)
    return school_file, suspension_file, faults
