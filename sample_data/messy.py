"""Deliberately untidy files for trying the Upload page, made from the fictional LA's newest term."""

import csv
import io
from collections.abc import Callable, Sequence

import pandas as pd

from data_model.suspensions import SUSPENSIONS
from sample_data.messy_rows import Frames, caseload, corrected_suspensions, ended_placements, new_suspensions

_Cells = dict[str, str]
_Table = list[list[str]]

_SIMS_HEADERS = (
    *("UPN", "School URN", "Exclusion Start Date", "Exclusion End Date", "Sessions Lost", "Exclusion Type"),
    *("Exclusion Reason", "Exclusion Reason 2", "NC Year", "SEN Status", "In Care", "AM/PM"),
)
_ABOUT = {
    "suspensions_sims_export.csv": "suspensions as a school system prints them: title lines, semicolons, Windows "
    "letters, day-first dates, its own header names and a totals line. Loads; some rows correct what is saved.",
    "suspensions_with_faults.csv": "suspensions that were not loaded before, good rows among rows with a dozen faults.",
    "suspensions_corrected.csv": "the same suspensions with every fault put right. Loads.",
    "placements_utf16_tabs.csv": "placements as a spreadsheet's Unicode text: UTF-16, tabs. Loads; some have ended.",
    "caseload_sheet.csv": "one row for each child, as outreach managers keep them: splits into referrals and cases. "
    "It does not say whether parents agreed, so you are asked.",
    "suspensions_nil_return.csv": "a header and no rows: a nil return, to be confirmed for a term.",
    "suspensions_mixed_dates.csv": "dates written in two ways in one file: refused, with the lines to mend.",
}


def messy_files(frames: Frames) -> dict[str, bytes]:
    """The files by name, README.txt among them. `frames` are the datasets of one LA."""
    new = _day_first(new_suspensions(frames))
    columns = list(new[0]) if new else list(SUSPENSIONS.columns)
    return {
        "suspensions_sims_export.csv": _sims_export(_day_first(corrected_suspensions(frames))),
        "suspensions_with_faults.csv": _csv([columns, *(list(row.values()) for row in _with_faults(new))]),
        "suspensions_corrected.csv": _csv([columns, *(list(row.values()) for row in new)]),
        "placements_utf16_tabs.csv": _placements(ended_placements(frames)),
        "caseload_sheet.csv": _caseload(caseload(frames)),
        "suspensions_nil_return.csv": _csv([list(SUSPENSIONS.columns)]),
        "suspensions_mixed_dates.csv": _csv([columns, *_mixed_dates(new)]),
        "README.txt": "".join(f"{name}: {about}\n" for name, about in _ABOUT.items()).encode(),
    }


def _texts(rows: pd.DataFrame, date_format: str) -> list[_Cells]:
    return [
        {str(name): _text(value, date_format) for name, value in row.items()} for row in rows.to_dict(orient="records")
    ]


def _text(value: object, date_format: str) -> str:
    if pd.isna(value):
        return ""
    return f"{value:{date_format}}" if isinstance(value, pd.Timestamp) else str(value)


def _day_first(rows: pd.DataFrame) -> list[_Cells]:
    return _texts(rows, "%d/%m/%Y")


def _csv(table: _Table, delimiter: str = ",", encoding: str = "utf-8") -> bytes:
    text = io.StringIO()
    csv.writer(text, delimiter=delimiter, lineterminator="\r\n").writerows(table)
    return text.getvalue().encode(encoding)


def _sims_export(rows: Sequence[_Cells]) -> bytes:
    """The dash in the title and the currency sign below it are what give Windows-1252 away."""
    total = sum(int(row["sessions"]) for row in rows)
    blank = [""] * len(_SIMS_HEADERS)
    table = [
        ["Suspensions report – Larkshire (fictional)", *blank[1:]],
        ["Printed on 17 July 2026 · all schools’ data", *blank[1:]],
        blank,
        list(_SIMS_HEADERS),
        *(list(row.values()) for row in rows),
        blank,
        ["Total", "", "", "", str(total), *blank[5:]],
    ]
    return _csv(table, delimiter=";", encoding="cp1252")


def _put(column: str, value: str) -> Callable[[_Cells], _Cells]:
    return lambda row: row | {column: value}


def _wrong_check_letter(row: _Cells) -> _Cells:
    letter = "B" if row["pupil_ref"][0] == "A" else "A"
    return row | {"pupil_ref": letter + row["pupil_ref"][1:]}


def _ends_before_it_starts(row: _Cells) -> _Cells:
    return row | {"end_date": "01/05/2026"}


def _hidden_character(row: _Cells) -> _Cells:
    return row | {"urn": f"{row['urn'][:3]}\u200b{row['urn'][3:]}"}


_FAULTS: tuple[Callable[[_Cells], _Cells], ...] = (
    _wrong_check_letter,
    _put("urn", "999999"),
    _put("start_date", "06/07/26"),
    _put("start_date", "46209"),
    _put("sessions", "0"),
    _put("sessions", "95"),
    _put("sessions", "1.5"),
    _put("category", "PERM"),
    _put("reason_1", "ZZ"),
    _put("reason_1", ""),
    _ends_before_it_starts,
    _hidden_character,
    _put("pupil_ref", "9.99E+11"),
    _put("start_date", "06/07/2030"),
)


def _with_faults(rows: Sequence[_Cells]) -> list[_Cells]:
    """A fault in each of the first rows, then good ones, and at last the first good one once more."""
    faulty = [fault(row) for fault, row in zip(_FAULTS, rows, strict=False)]
    good = list(rows[len(_FAULTS) :])
    return [*faulty, *good, *good[:1]]


def _mixed_dates(rows: Sequence[_Cells]) -> _Table:
    """Every third row with its dates the international way."""
    return [
        list((row if number % 3 else {name: _year_first(cell) for name, cell in row.items()}).values())
        for number, row in enumerate(rows)
    ]


def _year_first(cell: str) -> str:
    return "-".join(reversed(cell.split("/"))) if cell.count("/") == 2 else cell


def _placements(rows: pd.DataFrame) -> bytes:
    table = [list(rows.columns), *(list(row.values()) for row in _day_first(rows))]
    return _csv(table, delimiter="\t", encoding="utf-16")


def _caseload(rows: pd.DataFrame) -> bytes:
    headers = ["Child UPN", "School", "Date referred", "Date started", "Worker"]
    table = [
        [
            row[name]
            for name in ("pupil_ref", "school", "referred", "started", "worker", "suspensions", "outcome", "closed")
        ]
        for row in _day_first(rows)
    ]
    return _csv([[*headers, "No. of suspensions", "Outcome", "Date closed"], *table])
