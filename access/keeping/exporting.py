"""What is held on one pupil, for the pupil's right of access: a JSON file and a CSV file that people can read."""

import csv
import io
import json
import os
from collections.abc import Iterator, Mapping
from datetime import date
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine

from access import audit
from access.audit import Action
from access.keeping import pseudonyms, pupil_rows
from access.noting import moment, noting
from access.people import Person
from access.seal import unseal
from data_model import inert
from data_model.about_pupils import WRITTEN_ABOUT_PUPILS, WrittenAbout
from data_model.catalogue import DATASETS
from data_model.dataset import Dataset
from data_model.labelled import Labelled

_ABOUT = (
    "All that this dashboard holds on the pupil under the reference that was given. Read the notes of contacts before "
    "you send this: they can tell of other people, whose own rights stand beside the pupil's."
)
_NOW, _BEFORE, _ASKED = "Held now", "As it was before a later file changed or removed it", "Question about a row"
HEADER = ("table", "row", "state", "name", "value")


class NothingHeld(Exception):
    """There is nothing to export. The message is a sentence."""


def export_pupil(engine: Engine, reference: str, who: Person | str, folder: Path) -> list[Path]:
    """Write what is held on a pupil into `folder`, and return the two files. The trail keeps that it was done.

    Raises NothingHeld, and Unsealable where the pseudonym key is missing, or names were encrypted with another secret
    key.
    """
    with noting(engine) as connection:
        found = pupil_rows.held(connection, pupil_rows.references_of(connection, reference))
        if not found.counts:
            raise NothingHeld("Nothing is held under this reference. Check it against the school's system.")
        sections = list(_sections(connection, found))
        subject = audit.subject_of_pupil(reference)
        audit.record_about(connection, who, Action.EXPORTED, [subject], subject, {"tables": found.counts})
    told = {"about": _ABOUT, "made_at": f"{moment():%Y-%m-%dT%H:%M:%SZ}", "held": sections}
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    return [
        _write(folder / "pupil.json", json.dumps(told, indent=2, ensure_ascii=False)),
        _write(folder / "pupil.csv", _csv(sections)),
    ]


def _sections(connection: Connection, found: pupil_rows.Held) -> Iterator[dict[str, Any]]:
    made = pseudonyms.configured()
    sent = pseudonyms.sent_of(connection, made, list(found.references))
    for name, rows in found.rows.items():
        dataset = DATASETS[name]
        before = [change["before"] for change in found.changes if change["dataset"] == name]
        for state, each in ((_NOW, rows), (_BEFORE, before)):
            yield from ({"table": dataset.title, "state": state, "row": _readable(dataset, row, sent)} for row in each)
    for about in WRITTEN_ABOUT_PUPILS:
        for row in found.written[about.table.name]:
            yield {"table": about.title, "state": _NOW, "row": _as_written(about, row, sent)}
    for query in found.queries:
        row = {"Column": query["column_name"], "Question": query["message"], "Line of the file": query["line"]}
        yield {"table": DATASETS[query["dataset"]].title, "state": _ASKED, "row": row}


def _readable(dataset: Dataset, row: Mapping[str, Any], sent: Mapping[str, str]) -> dict[str, Any]:
    """The filled cells under their titles in the data dictionary; codes with labels, references as they were sent."""
    cells = {}
    for name, column in dataset.columns.items():
        value = row.get(name)
        if value is None:
            continue
        if column.is_sealed:
            value = unseal(value, dataset.name)
        elif column.codes:
            value = _labelled(column.codes, value)
        elif name in dataset.references:
            value = sent.get(value, value)
        cells[column.title] = _plain(value)
    return {**cells, "Upload": row["upload_id"]}


def _as_written(about: WrittenAbout, row: Mapping[str, Any], sent: Mapping[str, str]) -> dict[str, Any]:
    """The filled cells of what somebody wrote down, with who and when, and the reference as it was sent."""
    cells = {}
    for name, column in about.table.columns.items():
        value = row[name]
        if value is None or value == [] or column.primary_key:
            continue
        field = about.row.model_fields.get(name)
        title = (field.title if field else None) or name.replace("_", " ").capitalize()
        kind = field.annotation if field else None
        if isinstance(kind, type) and issubclass(kind, Labelled):
            value = _labelled(kind, value)
        elif name == about.pupil.name:
            value = sent.get(value, value)
        cells[title] = ", ".join(value) if isinstance(value, list) else _plain(value)
    return cells


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, date) else value


def _labelled(codes: Any, value: str) -> str:
    known = {str(code): code.label for code in codes}
    return f"{value}: {known[value]}" if value in known and known[value] != value else value


def _csv(sections: list[dict[str, Any]]) -> str:
    out = io.StringIO(newline="")
    writer = csv.writer(out)
    writer.writerow(HEADER)
    for number, section in enumerate(sections, 1):
        for name, value in section["row"].items():
            writer.writerow([section["table"], number, section["state"], name, _inert(value)])
    return "\ufeff" + out.getvalue()


def _inert(value: Any) -> Any:
    """A cell that no spreadsheet runs as a formula."""
    return value if isinstance(value, int | float) else inert.cell(str(value))


def _write(path: Path, text: str) -> Path:
    with open(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w", encoding="utf-8") as file:  # noqa: PTH123
        file.write(text)
    return path
