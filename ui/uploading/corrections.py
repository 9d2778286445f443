"""Faulty cells mended in the page, or in a file of the faulty rows alone.

What the editor sends back is never trusted: only text, in the rows that were shown, under the file's own headers.
"""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from itertools import chain, takewhile
from typing import Any

import numpy as np
import numpy.typing as npt
import streamlit as st

from analysis.wording import counted
from data_model.severity import Severity
from loaders.correct import faulty_rows_csv, messages_by_line, rows_frame
from loaders.headers import CORRECTION_COLUMNS
from loaders.report import Report
from loaders.text_table import TextTable
from ui import show
from ui.uploading.desk import Cell, desk
from ui.uploading.found import header_of
from ui.uploading.seen import references_of

_MOST = 40
_ROW_HEIGHT = 84  # pixels: four lines; from 64 the text wraps
_LINE, _MESSAGE = CORRECTION_COLUMNS
_RIGHT = "✓ Right now"

Messages = Mapping[int, list[str]]


@dataclass(frozen=True)
class Faulty:
    """What there is to put right in a file.

    `lines` are the file lines, ascending, of the rows whose cells can be mended one by one; `rows` counts all faulty
    rows, and `csv` writes them as a file, which is `about` these pupils. `messages` says what is wrong on some lines,
    `headers` where the faults are.
    """

    table: TextTable
    lines: list[int]
    rows: int
    headers: Collection[str]
    name: str
    csv: Callable[[], str]
    about: Callable[[], Collection[str]]
    messages: Callable[[npt.NDArray[np.int64]], Messages]


def of_report(report: Report) -> Faulty:
    """What there is to put right in a file of one dataset."""
    faulty = np.zeros(report.rows, dtype=np.bool_)
    for findings in report.findings:
        faulty[findings.rows] = True
    header = header_of(report)
    return Faulty(
        table=report.table,
        lines=report.table.lines[faulty & ~report.table.broken].tolist(),
        rows=int((report.rejected_rows | report.queried_rows).sum()),
        headers={header(found.column) for found in report.findings if found.column and len(found.rows)},
        name=report.dataset.name,
        csv=lambda: faulty_rows_csv(report, with_queries=True),
        about=lambda: references_of(report, np.flatnonzero(report.rejected_rows | report.queried_rows)),
        messages=lambda lines: _messages(report, lines),
    )


def _messages(report: Report, lines: npt.NDArray[np.int64]) -> Messages:
    """What a report says of single rows on these lines: what it says of the whole file stands above."""
    last = int(lines[-1])
    issues = chain.from_iterable(
        takewhile(lambda issue: (issue.line or 0) <= last, report.issues(severity))
        for severity in (Severity.ERROR, Severity.QUERY)
    )
    return messages_by_line(lines, (issue for issue in issues if issue.line is not None), header_of(report))


def take_edits(table: TextTable) -> None:
    """Keep what was typed into the editor since it was drawn: the editor itself may not be drawn again."""
    here = desk()
    here.edits |= edits_in(st.session_state.get(_key(), {}), table, here.lines)


def edits_in(changed: Mapping[str, Any], table: TextTable, lines: tuple[int, ...]) -> dict[Cell, str]:
    """The cells that an editor's state changes, of those on the screen: rows added or deleted are ignored."""
    edits: dict[Cell, str] = {}
    for place, cells in changed.get("edited_rows", {}).items():
        if not isinstance(place, int) or not 0 <= place < len(lines):
            continue
        for header, cell in cells.items():
            if header in table.headers and header not in CORRECTION_COLUMNS and isinstance(cell, str | None):
                edits[lines[place], header] = cell or ""
    return edits


def offer(faulty: Faulty) -> None:
    """Offer the faulty rows as a file to mend, and as cells to mend here."""
    if not faulty.lines and not faulty.table.broken.any() and not desk().edits:
        return
    st.header("Put right", anchor=False)
    if faulty.rows:
        _offer_file(faulty)
    _choose_lines(faulty)
    if desk().lines:
        _edit(faulty)
        _offer_more(len(set(faulty.lines) - set(desk().lines)))
    else:
        st.write("These rows can only be put right in the file itself: correct it, and drop it here again.")


def _offer_file(faulty: Faulty) -> None:
    show.csv_file(
        f"Download the {counted(faulty.rows, 'row')} to put right",
        lambda: faulty.csv().removeprefix("\ufeff"),
        f"{faulty.name}-rows-to-put-right",
        about=faulty.about,
    )
    st.caption("Each row has what to put right beside it. Correct them in a spreadsheet, and drop that file here.")


def _choose_lines(faulty: Faulty) -> None:
    """Keep the rows on the screen while they are being mended, and add those that have become faulty meanwhile.

    The editor holds what was typed by the place of its row, so it starts anew where other rows are shown.
    """
    here = desk()
    lines = tuple(sorted({*here.lines, *faulty.lines[: max(0, _MOST - len(here.lines))]}))
    if lines != here.lines:
        here.lines, here.columns, here.editor = lines, _in_order(faulty), here.editor + 1


def _in_order(faulty: Faulty) -> tuple[str, ...]:
    """The editor's columns: what is to be mended first, then what to put right, so that a phone shows both."""
    mended = [header for header in faulty.table.headers if header in faulty.headers]
    return (_LINE, *mended, _MESSAGE, *(header for header in faulty.table.headers if header not in faulty.headers))


def _edit(faulty: Faulty) -> None:
    here = desk()
    frame = rows_frame(faulty.table, faulty.messages(np.array(here.lines, dtype=np.int64)))
    frame[_MESSAGE] = [message or _RIGHT for message in frame[_MESSAGE]]
    st.write("Or type over the cells that are wrong, then check again.")
    # In a form: while the page is drawn anew the grid can lose what is being typed.
    with st.form(f"upload mending {here.file_id}", border=False):
        st.data_editor(
            frame,
            key=_key(),
            hide_index=True,
            disabled=[_LINE, _MESSAGE],
            num_rows="fixed",
            row_height=_ROW_HEIGHT,
            column_order=here.columns,
            column_config={
                _LINE: st.column_config.NumberColumn("Line", format="%d", width="small"),
                _MESSAGE: st.column_config.TextColumn("What to put right", width="large"),
            },
            alt="The rows to put right: every cell of the file can be typed over",
        )
        st.form_submit_button("Check again")


def _key() -> str:
    return f"upload cells {desk().editor}"


def _offer_more(left: int) -> None:
    here = desk()
    if here.edits:
        st.caption(f"{counted(len(here.edits), 'cell')} changed here. Your file itself stays as it is.")
        if st.button("Take my changes back", type="tertiary"):
            here.edits, here.lines = {}, ()
            st.rerun()
    if left:
        st.caption(f"{counted(left, 'more row')} to put right: the download has all of them.")
        if st.button("Show the next rows", type="tertiary"):
            here.lines = ()
            st.rerun()
