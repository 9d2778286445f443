"""What each file holds, column by column: read from the declarations that check the files."""

from typing import Any

import pandas as pd
import streamlit as st

from access.roles import Permission
from data_model.catalogue import DATASETS
from data_model.codes import Code
from data_model.dataset import Dataset
from loaders.template import describe, describe_all, template
from ui import filters, show, who

_DATASETS = {"title": "Dataset", "about": "What it holds", "key": "A row is identified by", "needed": "Needed"}
_COLUMNS = {
    "name": "Column",
    "needed": "Needed",
    "description": "What it is",
    "kind": "Kind",
    "example": "Example",
    "also_read": "Also read as",
}
_CODES = {
    "columns": "Column",
    "code": "Code",
    "label": "Meaning",
    "valid_from": "In use from",
    "valid_to": "In use until",
}
_RULES = {"rule": "Rule", "severity": "If broken", "columns": "Columns it looks at", "code": "Code in messages"}


def data_dictionary() -> None:
    """Draw the page: the datasets, then the columns, codes and rules of the one that is chosen."""
    who.require(Permission.DATA_DICTIONARY)
    st.title("Data dictionary", anchor=False)
    st.write(
        "The files this dashboard reads, in the order to load them. Headers match whatever their case, spaces and "
        "underscores. A blank cell means unknown, never 0."
    )
    show.table(_datasets(), columns=_DATASETS, caption="Every dataset, in the order to load them", name="datasets")
    dataset = filters.dataset(list(DATASETS.values()))
    described = describe(dataset)
    st.header(dataset.title, anchor=False)
    st.write(f"{dataset.plain}.")
    show.csv_file("Download the template", lambda: template(dataset), f"{dataset.name}-template")
    show.table(
        _with_needed(described["columns"]),
        columns=_COLUMNS,
        caption=f"Columns of {dataset.name}.csv",
        name=f"{dataset.name}-columns",
    )
    st.header("Codes", anchor=False)
    show.table(
        _codes(dataset),
        columns=_CODES,
        caption=f"Codes in {dataset.name}.csv",
        name=f"{dataset.name}-codes",
    )
    st.header("Rules", anchor=False)
    st.write("An error stops its row. A query asks whether the row is right, and lets it through once you say so.")
    show.table(
        pd.DataFrame(described["rules"], columns=list(_RULES)).assign(columns=_joined("columns"), rule=_unquoted),
        columns=_RULES,
        caption=f"Rules of {dataset.name}.csv that need more than one cell",
        name=f"{dataset.name}-rules",
    )


def _datasets() -> pd.DataFrame:
    frame = pd.DataFrame(describe_all())
    return frame.assign(key=_joined("key"), needed=frame["optional"].map({True: "Optional", False: "Yes"}))


def _with_needed(columns: list[dict[str, Any]]) -> pd.DataFrame:
    frame = pd.DataFrame(columns)
    needed = frame["required"].map({True: "Yes", False: "If you have it"})
    return frame.assign(also_read=_joined("also_read"), needed=needed)


def _joined(column: str) -> Any:
    """For `assign`: the lists in a column as text."""
    return lambda frame: frame[column].map(", ".join)


def _codes(dataset: Dataset) -> pd.DataFrame:
    """Every code of a dataset, with the columns that take it: code sets that columns share are listed once."""
    users: dict[type[Code], list[str]] = {}
    for column in dataset.columns.values():
        if column.codes:
            users.setdefault(column.codes, []).append(column.name)
    rows = [
        (", ".join(names), str(code), code.label, code.valid_from or "", code.valid_to or "")
        for codes, names in users.items()
        for code in codes
    ]
    return pd.DataFrame(rows, columns=list(_CODES))


def _unquoted(rules: pd.DataFrame) -> pd.Series:
    """The rules without the marks that set column names apart in plain text: here they would be read aloud."""
    return rules["rule"].str.replace("`", "")
