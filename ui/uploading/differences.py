"""What saving would do, row by row, and the button that does it."""

from collections.abc import Sequence
from typing import Any

import pandas as pd
import streamlit as st

from access.roles import Permission
from analysis import queries
from data_model.dataset import Dataset
from data_model.store import database
from loaders.check import Report
from loaders.compare import Comparison
from loaders.files import Checked
from loaders.headers import CORRECTION_COLUMNS
from loaders.layout import normalise_header
from loaders.save import NotSaved, Saved, Sender, SomebodySaved, save
from ui import cached, show, text, who
from ui.uploading.desk import Said, desk, finish, tell
from ui.uploading.words import count, listed

_MOST = 200
_LINKED_SCHOOLS = 6
PLACES = (("Overview", "/overview"), ("Schools", "/schools"), ("Data quality", "/data_quality"))
"""Where to look after anything was saved."""


def offer(checked: Checked, source: str) -> None:
    """Show what saving would change, ask what is to be asked, and save at the press of the button."""
    report, difference = checked.report, checked.comparison
    st.header("Save", anchor=False)
    if not report.accepted:
        st.write("Nothing can be saved until the errors are put right.")
        return
    _show_counts(difference)
    _show_rows(report, difference)
    good_rows = bool(report.rejected) and st.checkbox(
        f"Save the good rows, and leave out the {count(report.rejected, 'row')} with errors", key=_key("good rows")
    )
    queried = int(report.queried_rows.sum())
    accept_queries = bool(queried) and st.checkbox(
        f"I have looked at the questions: save {count(queried, 'such row')} as they are"
        if queried > 1
        else "I have looked at the question: save the row as it is",
        key=_key("queries"),
    )
    remove_gone = _ask_about_gone(report, difference)
    if checked.loaded_before is not None and not remove_gone:
        st.write("There is nothing to save: this file is loaded already.")
        return
    # What the user saw: if somebody saved meanwhile, the data version has moved on, and saving is refused.
    here = desk()
    seen, here.seen_version = here.seen_version, difference.version
    if st.button(f"Save {count(report.accepted, 'row')}", type="primary", key=_key("save")):
        who.require(Permission.SAVE_UPLOADS)
        with st.spinner("Saving…"):
            _save(checked, source, seen, good_rows=good_rows, accept_queries=accept_queries, remove_gone=remove_gone)


def _key(name: str) -> str:
    """A key of the file in hand, so that a box ticked for one file is not ticked for the next."""
    return f"upload {name} {desk().file_id}"


def _save(checked: Checked, source: str, seen_version: int | None, **choices: bool) -> None:
    report = checked.report
    sender = Sender(who.role().label, source)
    try:
        saved = save(database(), report, checked.sha256, sender, seen_version=seen_version, **choices)
    except SomebodySaved as reason:
        tell(Said("warning", f"Nothing was saved. {reason}"))
    except NotSaved as reason:
        st.error(text.plain(reason))
    else:
        finish(Said("success", sentence(report.dataset, saved, report.rejected), links(report)))


def sentence(dataset: Dataset, saved: Saved, left_out: int) -> str:
    """What an upload did, in words."""
    parts = [
        f"{count(number, 'row')} {what}"
        for number, what in (
            (saved.new, "added"),
            (saved.changed, "changed"),
            (saved.unchanged, "already there"),
            (saved.removed, "removed"),
        )
        if number
    ]
    errors = f" {count(left_out, 'row')} with errors left out." if left_out else ""
    return f"Saved as upload {saved.upload_id} ({dataset.title}): {listed(parts)}.{errors}"


def links(report: Report) -> tuple[tuple[str, str], ...]:
    """Where to look: the pages, and those of the file's schools where they are few."""
    school = report.dataset.school
    urns = [urn for urn in report.columns[school].values if urn is not None] if school in report.columns else []
    if len(urns) > _LINKED_SCHOOLS:
        return PLACES
    names = _school_names()
    return (*PLACES, *((names.get(urn, str(urn)), f"/school?school={urn}") for urn in urns))


def _show_counts(difference: Comparison) -> None:
    new, changed, same, gone = st.columns(4)
    with new:
        show.metric("New", f"{len(difference.new):,}", explained="Rows that are not saved yet")
    with changed:
        show.metric("Changed", f"{difference.changed_rows:,}", explained="Rows that are saved and differ in this file")
    with same:
        show.metric("The same", f"{difference.unchanged:,}", explained="Rows that are saved just as they are here")
    with gone:
        show.metric(
            "Not in this file",
            f"{len(difference.gone):,}",
            explained="Saved rows of the same schools and terms that this file does not have",
        )


def _show_rows(report: Report, difference: Comparison) -> None:
    dataset = report.dataset
    if difference.changed:
        cells = difference.changes(report, _MOST)
        rows = [(*change.key, dataset.columns[change.column].title, change.before, change.after) for change in cells]
        _list(
            "changed",
            rows,
            [*_titles(dataset, dataset.key), "Column", "Saved now", "In this file"],
            difference.changed_rows,
        )
    if len(difference.new):
        names = [name for name in dataset.columns if name in report.columns]
        rows = [
            tuple(report.stored(name)[report.columns[name].place[row]] for name in names)
            for row in difference.new[:_MOST]
        ]
        _list("new", rows, _titles(dataset, names), len(difference.new))
    if difference.gone:
        width = len(dataset.columns)
        _list(
            "not in this file",
            [row[:width] for row in difference.gone[:_MOST]],
            _titles(dataset, difference.columns[:width]),
            len(difference.gone),
        )


def _titles(dataset: Dataset, names: Sequence[str]) -> list[str]:
    return [dataset.columns[name].title for name in names]


def _list(kind: str, rows: Sequence[tuple[Any, ...]], titles: Sequence[str], whole: int) -> None:
    """Rows as a table that opens; columns that none of them fills are left out."""
    frame = pd.DataFrame(rows, columns=list(titles), dtype=object).dropna(axis="columns", how="all").fillna("")
    first = f", the first {_MOST:,} here" if len(rows) >= _MOST else ""
    with st.expander(f"{count(whole, 'row')} {kind}"):
        show.table(
            frame,
            columns={title: title for title in frame.columns},
            caption=f"{count(whole, 'row')} {kind}{first}",
            name=f"rows-{kind.replace(' ', '-')}",
        )


def _ask_about_gone(report: Report, difference: Comparison) -> bool:
    if not difference.gone:
        return False
    if {normalise_header(header) for header in report.table.headers} >= set(map(normalise_header, CORRECTION_COLUMNS)):
        st.write("This is a file of corrections: saved rows that are not in it stay.")
        return False
    return st.checkbox(
        f"Remove the {count(len(difference.gone), 'saved row')} not in this file (otherwise they stay)",
        key=_key("gone"),
    )


def _school_names() -> dict[int, str]:
    schools = cached.answer(queries.schools)
    return dict(zip(schools["urn"].astype(int), schools["school_name"].astype(str), strict=True))
