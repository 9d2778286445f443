"""What commands print: figures to stdout, notes about them to stderr, nothing that a terminal or spreadsheet obeys."""

import csv
import json
import sys
from collections.abc import Collection, Iterable
from typing import Any

import pandas as pd
import typer

from analysis.hiding.protection import HIDDEN_MARK, is_hidden
from data_model import inert


def print_frame(frame: pd.DataFrame, columns: Collection[str], *, as_json: bool) -> None:
    """Print these columns of a frame, as one JSON list or as CSV.

    Missing cells are null or blank, hidden ones [c], and whole numbers have no decimal point.
    """
    plain = frame.astype(object).where(frame.notna(), None)
    for column in columns:
        plain[column] = plain[column].mask(is_hidden(frame, column), HIDDEN_MARK)
    records = plain[[*columns]].to_dict("records")
    rows = [{str(name): _plain(value) for name, value in row.items()} for row in records]
    if as_json:
        print_json(rows)
        return
    writer = csv.DictWriter(sys.stdout, list(columns), lineterminator="\n")
    writer.writeheader()
    writer.writerows({name: _cell(value) for name, value in row.items()} for row in rows)


def print_json(value: Any) -> None:
    """Print one JSON value in one line."""
    sys.stdout.write(inert.one_line(json.dumps(value, default=str, ensure_ascii=False)) + "\n")


def print_notes(notes: Iterable[str]) -> None:
    """Print sentences to stderr, a line each."""
    for note in notes:
        typer.echo(inert.one_line(note), err=True)


def _plain(value: Any) -> Any:
    return int(value) if isinstance(value, float) and value.is_integer() else value


def _cell(value: Any) -> Any:
    return inert.cell(value) if isinstance(value, str) else value
