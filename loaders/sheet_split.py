"""A caseload sheet, one row for each child, split into referrals and cases whose lines are the sheet's own."""

import hashlib
import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date

import numpy as np
import numpy.typing as npt
import pandas as pd
import pyarrow as pa

from access.keeping import pseudonyms
from data_model.codes import ReferralDecision
from data_model.columns import looks_like_upn
from data_model.dataset import Dataset
from data_model.outreach import OUTREACH_CASES, OUTREACH_REFERRALS
from loaders.dates import DateDecision, DateFormat, decide, read_date
from loaders.school_names import NamedSchools, find_schools
from loaders.sheet_headers import CHILD_NAME, IGNORED, SCHOOL, SheetMapping, columns
from loaders.sheet_words import WORDED, code_meant
from loaders.text_table import TextTable

_DIGITS = re.compile(r"\d+")
_NAMED_LINES = 10

Mask = npt.NDArray[np.bool_]


@dataclass(frozen=True)
class SplitSheet:
    """A sheet in two: `referrals` has every row of it, `cases` those that say when work started or ended.

    `dates` is what was decided over all dates of the sheet, and `school_questions` holds a sentence for each school's
    name, as typed, that is not certain.
    """

    referrals: TextTable
    cases: TextTable
    notes: tuple[str, ...]
    dates: DateDecision
    school_questions: Mapping[str, str]


def split(
    table: TextTable, mapping: SheetMapping, schools: pd.DataFrame, *, parent_agreement: str | None = None
) -> SplitSheet:
    """Split a sheet whose mapping has no issues. `schools` are the loaded ones, with columns `urn, school_name`.

    Cells stay as typed, for the ordinary checks to judge, except where `notes` says otherwise. `parent_agreement` is
    the parents' answer for the rows that give none.
    """
    sheet = _cells(table, mapping)
    dates = _decide_dates(sheet)
    worked = _filled(sheet, "start_date") | _filled(sheet, "end_date")
    named = _fill_schools(sheet, schools)
    notes = [
        *_mapping_notes(mapping),
        *_school_notes(named, schools),
        *_put_codes_for_words(sheet),
        *_fill_received_date(sheet),
        *_fill_decision(sheet, worked, table),
        *_fill_agreement(sheet, parent_agreement, table),
    ]
    _fill_identifiers(sheet, table, dates.format)
    whole = ~table.broken
    return SplitSheet(
        _part(table, sheet, OUTREACH_REFERRALS, np.ones(len(table), dtype=np.bool_)),
        _part(table, sheet, OUTREACH_CASES, worked & whole),
        tuple(notes),
        dates,
        named.questions,
    )


def _cells(table: TextTable, mapping: SheetMapping) -> pd.DataFrame:
    """The sheet's cells as typed, a column for each meaning; those of rows of a wrong shape are blank."""
    meant = {
        meaning: column.to_pylist()
        for header, column in zip(table.headers, table.columns, strict=True)
        if (meaning := mapping.by_header.get(header, IGNORED)) not in (IGNORED, CHILD_NAME)
    }
    sheet = pd.DataFrame(meant, index=range(len(table)), dtype=object)
    sheet.loc[table.broken] = ""
    for needed in ("pupil_ref", "urn", "received_date", "start_date"):
        if needed not in sheet:
            sheet[needed] = ""
    return sheet


def _filled(sheet: pd.DataFrame, column: str) -> Mask:
    if column not in sheet:
        return np.zeros(len(sheet), dtype=np.bool_)
    return np.array([bool(cell.strip()) for cell in sheet[column]], dtype=np.bool_)


def _decide_dates(sheet: pd.DataFrame) -> DateDecision:
    dated = [name for name, column in columns().items() if issubclass(column.kind, date) and name in sheet]
    return decide(sorted({cell.strip() for name in dated for cell in sheet[name]} - {""}))


def _mapping_notes(mapping: SheetMapping) -> list[str]:
    names, ignored = mapping.headers(CHILD_NAME), mapping.headers(IGNORED)
    read = [
        f"{header!r} as {means}" for header, means in mapping.by_header.items() if means not in (IGNORED, CHILD_NAME)
    ]
    notes = [f"Read {', '.join(read)}."]
    if names:
        notes.append(f"Children's names are never stored, so these were not read: {', '.join(names)[:400]}.")
    if ignored:
        notes.append(f"Columns that referrals and cases do not have were ignored: {', '.join(ignored)[:400]}.")
    if mapping.headers("susp_12w"):
        notes.append("Suspensions were taken as those in the 12 weeks before the referral.")
    return notes


def _fill_schools(sheet: pd.DataFrame, schools: pd.DataFrame) -> NamedSchools:
    """Put the school's URN into `urn`: as typed, else as its name is found. Names that are not certain stay."""
    if SCHOOL in sheet:
        sheet["urn"] = sheet["urn"].where(_filled(sheet, "urn"), sheet.pop(SCHOOL))
    typed = sorted({cell for cell in sheet["urn"] if cell.strip() and not _DIGITS.fullmatch(cell.strip())})
    named = find_schools(typed, schools)
    sheet["urn"] = [str(named.urns.get(cell, cell)) for cell in sheet["urn"]]
    return named


def _school_notes(named: NamedSchools, schools: pd.DataFrame) -> list[str]:
    if not named.urns:
        return []
    known = dict(zip(schools["urn"], schools["school_name"], strict=True))
    found = [f"{name.strip()!r} is {known[urn]} ({urn})" for name, urn in named.urns.items()]
    return [f"Schools were found by their names: {'; '.join(found)}."]


def _put_codes_for_words(sheet: pd.DataFrame) -> list[str]:
    """Replace common words by the codes that they mean. A word for work that goes on is no reason to have closed."""
    notes = []
    ended = _filled(sheet, "end_date")
    for name in WORDED:
        if name not in sheet:
            continue
        cells = sheet[name].tolist()
        meant = [code_meant(name, cell, may_go_on=not end) for cell, end in zip(cells, ended, strict=True)]
        changed = pd.Series([(cell.strip(), code) for cell, code in zip(cells, meant, strict=True) if code is not None])
        sheet[name] = [cell if code is None else str(code) for cell, code in zip(cells, meant, strict=True)]
        for (cell, code), count in changed.value_counts(sort=False).items():
            notes.append(f"{columns()[name].title}: {cell!r} was read as {code or 'blank'} in {_rows(count)}.")
    return notes


def _fill_received_date(sheet: pd.DataFrame) -> list[str]:
    lacking = ~_filled(sheet, "received_date") & _filled(sheet, "start_date")
    sheet["received_date"] = sheet["received_date"].mask(lacking, sheet["start_date"])
    if not lacking.any():
        return []
    return [f"{_rows(lacking.sum())} without a date of referral took the start date for it."]


def _fill_decision(sheet: pd.DataFrame, worked: Mask, table: TextTable) -> list[str]:
    """Work that was started was accepted; a row without a start waits, unless its outcome says something else."""
    outcome = _filled(sheet, "close_reason")
    if "decision" not in sheet:
        sheet["decision"] = ""
    blank = ~_filled(sheet, "decision") & ~table.broken
    started, waiting = blank & _filled(sheet, "start_date"), blank & ~worked & ~outcome
    sheet["decision"] = sheet["decision"].mask(started, str(ReferralDecision.ACCEPTED))
    sheet["decision"] = sheet["decision"].mask(waiting, str(ReferralDecision.WAITING))
    notes = []
    if started.any():
        notes.append(f"{_rows(started.sum())} with a start date and no decision: the referral was accepted.")
    if waiting.any():
        notes.append(f"{_rows(waiting.sum())} without a start date and a decision: the referral is waiting.")
    lost = table.lines[outcome & ~worked & ~table.broken].tolist()
    if lost:
        lines = ", ".join(map(str, lost[:_NAMED_LINES])) + (", …" if len(lost) > _NAMED_LINES else "")
        notes.append(f"{_rows(len(lost))} with an outcome but no start date: the outcome was not kept (line {lines}).")
    return notes


def _fill_agreement(sheet: pd.DataFrame, parent_agreement: str | None, table: TextTable) -> list[str]:
    lacking = ~_filled(sheet, "parent_agreement") & ~table.broken
    if not lacking.any():
        return []
    if parent_agreement is None:
        once = "one answer can be given for all of them (on the command line: --parent-agreement)"
        return [f"{_rows(lacking.sum())} without the parents' agreement to take part: {once}."]
    given = sheet["parent_agreement"] if "parent_agreement" in sheet else pd.Series("", sheet.index, dtype=object)
    sheet["parent_agreement"] = given.mask(lacking, parent_agreement)
    return [f"{_rows(lacking.sum())} without the parents' agreement took the one answer for all: {parent_agreement}."]


def _fill_identifiers(sheet: pd.DataFrame, table: TextTable, dates: DateFormat | None) -> None:
    """Give each row the identifier that it will have in next month's sheet too, unless the sheet has its own."""
    rows = zip(sheet["pupil_ref"], sheet["urn"], sheet["received_date"], table.lines, strict=True)
    identifiers = [_identifier(reference, urn, day, line, dates) for reference, urn, day, line in rows]
    stable = pd.Series(identifiers, sheet.index, dtype=object)
    for name in ("referral_id", "case_id"):
        sheet[name] = sheet[name].where(_filled(sheet, name), stable) if name in sheet else stable


def _identifier(reference: str, urn: str, day: str, line: int, dates: DateFormat | None) -> str:
    """A hash of the child, the school and the day of referral; of a row that lacks one, of its line too."""
    plain = unicodedata.normalize("NFC", reference.strip())
    read = read_date(day.strip(), dates) if dates else None
    parts = [
        plain.upper() if looks_like_upn(plain) else plain,
        urn.strip(),
        str(read) if isinstance(read, date) else day,
    ]
    known = "|".join(parts if all(parts) else [*parts, f"line {line}"])
    plain = hashlib.sha256(known.encode()).hexdigest()[:12]
    return f"CS-{pseudonyms.key_of_identifier(plain) if pseudonyms.configured() else plain}"


def _part(table: TextTable, sheet: pd.DataFrame, dataset: Dataset, chosen: Mask) -> TextTable:
    names = [name for name in dataset.columns if name in sheet]
    lines = table.lines[chosen]
    return replace(
        table,
        headers=tuple(names),
        columns=tuple(pa.array(sheet[name][chosen].tolist(), pa.string()).dictionary_encode() for name in names),
        lines=lines,
        broken=table.broken[chosen],
        issues=tuple(issue for issue in table.issues if issue.line in lines),
        notes=(),
    )


def _rows(count: int) -> str:
    return "1 row" if count == 1 else f"{count:,} rows"
