"""Single children on the screen: asked about without a cache, noted in the audit trail, and opened one at a time."""

from collections.abc import Callable, Collection
from typing import TypeVar

import pandas as pd
import streamlit as st

from analysis.casework import names
from data_model.store import database, reading
from ui import cached, shell, text, trail, who

T = TypeVar("T")

_CHOSEN = "the child whose story is open"
_STORY = "pupil"


def ask(question: Callable[..., T], **choices: object) -> T:
    """What `question(connection, scope, **choices)` returns, in the scope of who is here. Nothing of it is kept."""
    with reading(database()) as connection:
        return question(connection, cached.scope(), **choices)


def saw(place: str, references: Collection[str]) -> None:
    """Record, before they are shown, that who is here sees these pupils in a place such as “Caseload”."""
    trail.saw_pupils(who.person(), place, references)


def labels(references: Collection[str]) -> dict[str, str]:
    """What each pupil is called on the screen, by reference: by name to those who may know it."""
    return ask(names.labels, pupils=references)


def story_button(reference: str, label: str, key: str) -> None:
    """A button that opens a child's story. The reference travels in the session and never in an address.

    `key` tells the button from others on the page, and is no reference: Streamlit sends it to the browser.
    """
    if st.button(text.plain(label), key=key, icon=":material/history:"):
        choose(reference)
        st.switch_page(st.Page(shell.function_of(_STORY), title=shell.title_of(_STORY), url_path=_STORY))


def story_of_one(rows: pd.DataFrame, key: str) -> None:
    """The way to the story of one of these children; nothing without any. rows: `pupil_ref`, and `child` in words.

    `key` tells this choice from others on the page.
    """
    if rows.empty:
        return
    # What is chosen is a place in the list: no reference is kept under a widget's key.
    names = list(rows["child"])
    place = st.selectbox(
        "A child’s story",
        range(len(names)),
        format_func=names.__getitem__,
        index=None,
        key=f"{key} child",
        placeholder="Choose a child of the list",
    )
    if place is not None:
        story_button(str(rows["pupil_ref"].iloc[place]), f"Open the story of {names[place]}", f"{key} story")


def choose(reference: str | None) -> None:
    """Keep whose story is open, until the session ends; None closes it."""
    st.session_state[_CHOSEN] = reference


def chosen() -> str | None:
    """The reference of the child whose story is open. Whether who is here may see the child is for the query to say."""
    found = st.session_state.get(_CHOSEN)
    return found if isinstance(found, str) else None
