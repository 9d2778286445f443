"""Headers that nobody knows: the user says which column each one is, and it is remembered for the next file."""

from collections.abc import Mapping, Sequence
from typing import NoReturn

import streamlit as st

from access.roles import Permission
from analysis.wording import counted, listed
from data_model.dataset import Column, Dataset
from data_model.store import database
from loaders.headers import known_names
from loaders.layout import normalise_header
from loaders.remember import forget_headers, remember_headers
from loaders.report import Report
from loaders.text_table import TextTable
from ui import text, who
from ui.uploading.desk import desk

_MOST = 30
_EXAMPLES = 2

Meaning = tuple[str, str]
"""A header of the file, normalised, and the column it is: '' for none."""


def offer(report: Report, headers: Mapping[str, str], sender: str) -> None:
    """Ask which header is which column, where a needed column is missing, two headers mean one, or one is unknown.

    `headers` is what was said of them already.
    """
    missing, clashing = _missing(report), _clashing(report, headers)
    if missing or clashing:
        st.header("Which column is which?", anchor=False)
        with _form(report.dataset):
            said = [meaning for column in missing for meaning in _ask_header(column, report)]
            said += [meaning for column, own in clashing.items() for meaning in _ask_which(column, own, report)]
            _submit(said, report.dataset, sender)
    elif report.match.unknown:
        with st.expander(f"{counted(len(report.match.unknown), 'column')} ignored: say what they are, if they matter"):
            _ask_unknown(report, sender)
    _offer_to_ask_again(report, headers, sender)


def _missing(report: Report) -> list[Column]:
    codes = {issue.code for issue in report.file_issues}
    if "E-COLUMN-MISSING" not in codes:
        return []
    return [
        column for name, column in report.dataset.columns.items() if column.required and name not in report.match.places
    ]


def _clashing(report: Report, headers: Mapping[str, str]) -> dict[str, list[str]]:
    """The columns that several headers mean, with those headers."""
    names = {**known_names(report.dataset), **headers}
    found: dict[str, list[str]] = {}
    for header in report.table.headers:
        found.setdefault(names.get(normalise_header(header), ""), []).append(header)
    return {name: own for name, own in found.items() if name and len(own) > 1}


def _ask_header(column: Column, report: Report) -> list[Meaning]:
    header = st.selectbox(
        f"{column.title} ({column.name})",
        [None, *report.match.unknown],
        format_func=lambda header: with_examples(header, report.table) if header else "Not in this file",
        help=text.plain(column.description) or None,
    )
    return [(normalise_header(header), column.name)] if header else []


def _ask_which(name: str, headers: Sequence[str], report: Report) -> list[Meaning]:
    right = st.selectbox(
        f"{report.dataset.columns[name].title} ({name}): which of these is it?",
        headers,
        format_func=lambda header: with_examples(header, report.table),
    )
    return [(normalise_header(header), name if header == right else "") for header in headers]


def _ask_unknown(report: Report, sender: str) -> None:
    absent = [column for name, column in report.dataset.columns.items() if name not in report.match.places]
    titles = {column.name: f"{column.title} ({column.name})" for column in absent}
    with _form(report.dataset):
        said: list[Meaning] = []
        for header in report.match.unknown[:_MOST]:
            name = st.selectbox(
                text.plain(with_examples(header, report.table)),
                ["", *titles],
                format_func=lambda name: titles[name] if name else "Ignore it",
                key=f"upload unknown {desk().file_id} {header}",
            )
            said.append((normalise_header(header), name))
        _submit(said, report.dataset, sender)


def _form(dataset: Dataset) -> st.delta_generator.DeltaGenerator:
    return st.form(f"upload mapping {desk().file_id} {dataset.name}", border=False)


def _submit(said: Sequence[Meaning], dataset: Dataset, sender: str) -> None:
    remembering = f", and remember it for {text.plain(sender)}" if sender else ""
    if not st.form_submit_button(f"Read the file like this{remembering}", type="primary"):
        return
    headers, columns = [header for header, _ in said], [name for _, name in said if name]
    if len(set(headers)) < len(headers) or len(set(columns)) < len(columns):
        st.error("Each column can be chosen once. Look at your choices again.")
    else:
        _keep(dict(said), dataset, sender)


def _keep(said: dict[str, str], dataset: Dataset, sender: str) -> NoReturn:
    if sender:
        who.require(Permission.SAVE_UPLOADS)
        remember_headers(database(), sender, dataset.name, said)
    desk().headers.setdefault(dataset.name, {}).update(said)
    st.rerun()


def _offer_to_ask_again(report: Report, headers: Mapping[str, str], sender: str) -> None:
    used = [header for header in report.table.headers if normalise_header(header) in headers]
    if not used:
        return
    parts = [f"“{header}” is {headers[normalise_header(header)] or 'ignored'}" for header in used]
    st.write(text.plain(f"As you said: {listed(parts)}."))
    if st.button("Ask me again which column is which", type="tertiary"):
        if sender:
            who.require(Permission.SAVE_UPLOADS)
            forget_headers(database(), sender, report.dataset.name, [normalise_header(header) for header in used])
        desk().headers.pop(report.dataset.name, None)
        st.rerun()


def with_examples(header: str, table: TextTable) -> str:
    """A header with the first cells below it, which tell more than its name."""
    cells = table.columns[table.headers.index(header)].dictionary[: _EXAMPLES + 1].to_pylist()
    shown = [" ".join(cell.split())[:30] for cell in cells if cell.strip()][:_EXAMPLES]
    return f"{header} (such as {', '.join(shown)})" if shown else f"{header} (blank)"
