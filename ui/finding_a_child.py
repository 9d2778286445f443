"""Choosing one child among those whom who is here may see: by reference or name, in the session alone."""

from datetime import date

import streamlit as st

from analysis.pupil_story import queries, views
from ui import children, show, text

_MOST, _MOST_DUE = 10, 20
_FEWEST_LETTERS = 2
_ASKED_FOR = "child asked for"


def find() -> None:
    """Ask for a child; a button for each that is found opens the story. Few children are all offered at once.

    What is typed stays in the session: it is in no address, and in no cache.
    """
    reached = children.ask(queries.children)
    if not reached:
        show.nothing("There is no child whom you may see.")
        return
    typed = st.text_input(
        "Find a child", placeholder="Reference or name, or a part of it", key=_ASKED_FOR, max_chars=60
    ).strip()
    few = len(reached) <= _MOST
    if not few and len(typed) < _FEWEST_LETTERS:
        return
    named = children.labels(reached)
    found = [each for each in reached if typed.casefold() in f"{each} {named[each]}".casefold()]
    _offer(found[:_MOST], named)
    if not found:
        show.nothing("No child whom you may see has that in the reference or the name.")
    elif len(found) > _MOST:
        st.caption(text.plain(f"The first {_MOST} of {len(found)}. Type more to find fewer."))


def due(on: date) -> None:
    """Offer the children of whom a clock is due soon or late, the first to fall due first, where somebody asks."""
    if not st.toggle("Show every child with a clock that is near or late"):
        return
    found = children.ask(queries.needing_somebody, on=on)
    if found.empty:
        show.nothing("No clock of a child whom you may see is near or late.")
        return
    first = found.head(_MOST_DUE)
    named = children.labels(set(first["pupil_ref"]))
    children.saw("Clocks that are near or late", set(first["pupil_ref"]))
    rows = zip(first["pupil_ref"], views.clock_rows(first).itertuples(), strict=True)
    for place, (reference, clock) in enumerate(rows):
        _button(reference, named[reference], f"due {place}")
        st.write(text.plain(f"{clock.name}, {clock.stands.lower()}. {clock.explanation}"))
    if len(found) > _MOST_DUE:
        st.caption(text.plain(f"The first {_MOST_DUE} of {len(found)} clocks."))


def _offer(found: list[str], named: dict[str, str]) -> None:
    children.saw("Finding a child", found)
    with st.container(horizontal=True):
        for place, reference in enumerate(found):
            _button(reference, named[reference], f"child {place}")


def _button(reference: str, label: str, key: str) -> None:
    st.button(text.plain(label), key=key, on_click=_open, args=(reference,))


def _open(reference: str) -> None:
    children.choose(reference)
    st.session_state[_ASKED_FOR] = ""
