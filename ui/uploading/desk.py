"""What a user is doing with the file in hand: the one thing that the upload page keeps in the session."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Literal, NoReturn

import streamlit as st

from ui import text

_KEY = "upload desk"
Cell = tuple[int, str]
"""A cell of the file: the line that its row starts on, and its header."""


@dataclass(frozen=True)
class Said:
    """What a press of a button did, and where to look (names and addresses)."""

    kind: Literal["success", "warning", "error"]
    sentence: str
    links: tuple[tuple[str, str], ...] = ()


@dataclass
class Desk:
    """The file in hand, by the number that the browser's upload got, and what the user decided about it.

    `edits` are the cells that were mended in the page, `headers` what the user said that headers mean (by dataset),
    `lines` and `columns` (in their order) what the editor shows, and `seen_version` the data version of the differences
    on the screen.
    `said` stands at the top of the page until a file is dropped or another button is pressed.
    """

    round: int = 0
    file_id: str = ""
    edits: dict[Cell, str] = field(default_factory=dict)
    headers: dict[str, dict[str, str]] = field(default_factory=dict)
    lines: tuple[int, ...] = ()
    columns: tuple[str, ...] = ()
    editor: int = 0
    seen_version: int | None = None
    said: Said | None = None


def desk() -> Desk:
    """The desk of this session."""
    found: Desk = st.session_state.setdefault(_KEY, Desk())
    return found


def take(file_id: str) -> None:
    """Put a file on the desk. What was mended in, and said of, another file is dropped."""
    here = desk()
    if here.file_id != file_id:
        st.session_state[_KEY] = Desk(round=here.round, file_id=file_id, editor=here.editor + 1)


def tell(said: Said) -> NoReturn:
    """Draw the page anew with what was done at the top."""
    desk().said = said
    st.rerun()


def finish(said: Said) -> NoReturn:
    """Take the file off the desk, and draw the page anew with what was done at the top."""
    here = desk()
    st.session_state[_KEY] = Desk(round=here.round + 1, editor=here.editor + 1)
    tell(said)


def show_said() -> None:
    """Show what the last press of a button did."""
    said = desk().said
    if said is None:
        return
    box: dict[str, Callable[..., object]] = {"success": st.success, "warning": st.warning, "error": st.error}
    box[said.kind](text.plain(said.sentence))
    if said.links:
        links = " · ".join(f'<a href="{text.html(address)}">{text.html(name)}</a>' for name, address in said.links)
        st.html(f'<p class="table">Look at: {links}</p>')
