"""What each dataset looks like, for people who have to make the files."""

import csv
import io
from typing import Any

from data_model.catalogue import DATASETS
from data_model.dataset import Column, Dataset


def template(dataset: Dataset) -> str:
    """The CSV that a sender starts from: the header, and one example row to write over."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(dataset.columns)
    writer.writerow(column.example if column.required else "" for column in dataset.columns.values())
    return text.getvalue()


def describe_all() -> list[dict[str, Any]]:
    """Every dataset with its columns, codes and rules, as plain values: what `datasets --json` prints."""
    return [describe(dataset) for dataset in DATASETS.values()]


def describe(dataset: Dataset) -> dict[str, Any]:
    """One dataset as plain values."""
    return {
        "dataset": dataset.name,
        "title": dataset.title,
        "about": dataset.plain,
        "optional": dataset.optional,
        "key": list(dataset.key),
        "columns": [_describe_column(column) for column in dataset.columns.values()],
        "rules": [
            {"code": rule.code, "severity": str(rule.severity), "columns": list(rule.columns), "rule": rule.plain}
            for rule in dataset.rules
        ],
    }


def _describe_column(column: Column) -> dict[str, Any]:
    return {
        "name": column.name,
        "title": column.title,
        "required": column.required,
        "kind": "code"
        if column.codes
        else {str: "text", int: "whole number", float: "number"}.get(column.kind, "date"),
        "description": column.description,
        "example": column.example,
        "also_read": list(column.aliases),
        "codes": [
            {
                "code": str(code),
                "label": code.label,
                "valid_from": str(code.valid_from) if code.valid_from else None,
                "valid_to": str(code.valid_to) if code.valid_to else None,
            }
            for code in column.codes or ()
        ],
    }
