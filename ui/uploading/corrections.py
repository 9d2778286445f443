"""Faulty cells mended in the page, or in a file of the faulty rows alone.

What the editor sends back is never trusted: only text, in the rows that were shown, under the file's own headers.
"""

from collections.abc import Mapping
from typing import Any

import numpy as np
import streamlit as st

from loaders.check import Report
from loaders.correct import faulty_rows_csv, messages_of, rows_frame
from loaders.headers import CORRECTION_COLUMNS
from loaders.text_table import TextTable
from ui import show
from ui.uploading.desk import Cell, desk
from ui.uploading.found import header_of
from ui.uploading.words import count

_MOST = 40
_LINE, _MESSAGE = CORRECTION_COLUMNS
_RIGHT = "✓ Right now"


def take_edits(table: TextTable) -> None:
    """Keep what was typed into the editor since it was drawn: the editor itself may not be drawn again."""
    here = desk()
    here.edits |= edits_in(st.session_state.get(_key(), {}), table, here.lines)


def offer(report: Report) -> None:
    """Offer the faulty rows as a file to mend, and as cells to mend here."""
    here = desk()
    faulty = _faulty_lines(report)
    if not len(faulty) and not report.table.broken.any() and not here.edits:
        return
    st.header("Put right", anchor=False)
    _offer_file(report)
    _choose_lines(faulty)
    if not here.lines:
        st.write("These rows can only be put right in the file itself: correct it, and drop it here again.")
        return
    _edit(report)
    _offer_more(len(set(faulty) - set(here.lines)))


def _faulty_lines(report: Report) -> list[int]:
    """The lines of the rows that something is wrong with or asked of, and whose cells can be mended one by one."""
    faulty = np.zeros(report.rows, dtype=np.bool_)
    for findings in report.findings:
        faulty[findings.rows] = True
    lines: list[int] = report.table.lines[faulty & ~report.table.broken].tolist()
    return lines


def _offer_file(report: Report) -> None:
    faulty = report.rejected + int(report.queried_rows.sum())
    if not faulty:
        return
    show.csv_file(
        f"Download the {count(faulty, 'row')} to put right",
        lambda: faulty_rows_csv(report, with_queries=True).removeprefix("\ufeff"),
        f"{report.dataset.name}-rows-to-put-right",
    )
    st.caption("Each row has what to put right beside it. Correct them in a spreadsheet, and drop that file here.")


def _choose_lines(faulty: list[int]) -> None:
    """Keep the rows on the screen while they are being mended, and add those that have become faulty meanwhile.

    The editor holds what was typed by the place of its row, so it starts anew where other rows are shown.
    """
    here = desk()
    lines = tuple(sorted({*here.lines, *faulty[: max(0, _MOST - len(here.lines))]}))
    if lines != here.lines:
        here.lines, here.editor = lines, here.editor + 1


def _edit(report: Report) -> None:
    here = desk()
    messages = messages_of(report, np.array(here.lines, dtype=np.int64))
    frame = rows_frame(report.table, messages)
    frame[_MESSAGE] = [message or _RIGHT for message in frame[_MESSAGE]]
    st.write("Or type over the cells that are wrong: each row is checked again at once.")
    st.data_editor(
        frame,
        key=_key(),
        hide_index=True,
        disabled=[_LINE, _MESSAGE],
        num_rows="fixed",
        column_order=[_LINE, _MESSAGE, *_faulty_first(report)],
        column_config={
            _LINE: st.column_config.NumberColumn("Line", format="%d", width="small"),
            _MESSAGE: st.column_config.TextColumn("What to put right", width="large"),
        },
        alt="The rows to put right: every cell of the file can be typed over",
    )


def _key() -> str:
    return f"upload cells {desk().editor}"


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


def _faulty_first(report: Report) -> list[str]:
    """The file's headers, those with faults first: nobody should have to look for them."""
    faulty = [header_of(report, findings.column) for findings in report.findings if len(findings.rows)]
    own = [header for header in report.table.headers if header not in CORRECTION_COLUMNS]
    return [header for header in own if header in faulty] + [header for header in own if header not in faulty]


def _offer_more(left: int) -> None:
    here = desk()
    if here.edits:
        st.caption(f"{count(len(here.edits), 'cell')} changed here. Your file itself stays as it is.")
        if st.button("Take my changes back", type="tertiary"):
            here.edits, here.lines = {}, ()
            st.rerun()
    if left:
        st.caption(f"{count(left, 'more row')} to put right: the download has all of them.")
        if st.button("Show the next rows", type="tertiary"):
            here.lines = ()
            st.rerun()
