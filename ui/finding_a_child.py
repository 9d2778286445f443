"""Choosing one child among those whom who is here may see: by reference or name, in the session alone."""

import streamlit as st

from analysis.pupil_story import queries
from ui import children, show, text

_MOST = 10
_FEWEST_LETTERS = 2


def find() -> None:
    """Ask for a child; a button for each that is found opens the story. Few children are all offered at once.

    What is typed stays in the session: it is in no address, and in no cache.
    """
    reached = children.ask(queries.children)
    if not reached:
        show.nothing("There is no child whom you may see.")
        return
    few = len(reached) <= _MOST
    with st.columns(2)[0]:
        typed = st.text_input(
            "Find a child", placeholder="Reference or name, or a part of it", key="child asked for", max_chars=60
        ).strip()
    if not few and len(typed) < _FEWEST_LETTERS:
        return
    named = children.labels(reached)
    found = [each for each in reached if typed.casefold() in f"{each} {named[each]}".casefold()]
    _offer(found[:_MOST], named)
    if not found:
        show.nothing("No child whom you may see has that in the reference or the name.")
    elif len(found) > _MOST:
        st.caption(text.plain(f"The first {_MOST} of {len(found)}. Type more to find fewer."))


def _offer(found: list[str], named: dict[str, str]) -> None:
    children.saw("Finding a child", found)
    with st.container(horizontal=True):
        for place, reference in enumerate(found):
            st.button(text.plain(named[reference]), key=f"child {place}", on_click=children.choose, args=(reference,))
