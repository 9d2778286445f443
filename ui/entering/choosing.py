"""Yours, theirs, and as it was: what somebody chooses from where two people edited one row."""

from collections.abc import Mapping

import streamlit as st

from data_model.dataset import Dataset
from loaders.entering import Difference, SomebodyElse
from loaders.versions import Texts
from ui import clock, text
from ui.entering.fields import Choices, in_plain_words, name_of

THEIRS: Texts = {}
"""What `choose` returns where theirs is left as it stands."""


def choose(clash: SomebodyElse, dataset: Dataset, key: str, among: Mapping[str, Choices]) -> Texts | None:
    """The row that somebody put together out of both versions, THEIRS where they leave the other's, None until then.

    Where one of the two alone changed a cell, that one is chosen already; where both did, neither is.
    """
    st.warning(text.plain(f"{clash}{_who(clash)}"), icon=":material/group:")
    with st.form(f"choose {key}"):
        picked = {each.column: _pick(each, dataset, key, among) for each in clash.differences}
        if not clash.differences:
            st.write(_what_is_left(clash))
        left, right = st.columns(2)
        mine = left.form_submit_button("Save what is chosen" if clash.theirs else "Save mine", type="primary")
        leave = right.form_submit_button("Leave it as it stands and drop mine")
    if leave:
        return THEIRS
    if not mine:
        return None
    if None in picked.values():
        st.error("Choose yours or theirs wherever both of you changed something.")
        return None
    theirs = clash.theirs.cells if clash.theirs else {}
    return {**clash.yours, **{name: theirs[name] for name, which in picked.items() if which == "theirs"}}


def _who(clash: SomebodyElse) -> str:
    if clash.theirs is None:
        return ""
    by = f" by {clash.theirs.changed_by}" if clash.theirs.changed_by else ""
    return f" It was saved{by} on {clock.moment(clash.theirs.changed_at)}."


def _what_is_left(clash: SomebodyElse) -> str:
    if clash.theirs is None:
        return "Save yours to put the row back with what you typed, or leave it out."
    return "What you can see of both is the same."


def _pick(each: Difference, dataset: Dataset, key: str, among: Mapping[str, Choices]) -> str | None:
    column, offered = dataset.columns[each.column], among.get(each.column)
    said = {
        "yours": f"Yours: {in_plain_words(column, each.yours, offered)}",
        "theirs": f"Theirs: {in_plain_words(column, each.theirs, offered)}",
    }
    was = "" if each.as_it_was is None else f" (it was: {in_plain_words(column, each.as_it_was, offered)})"
    return st.radio(
        text.plain(f"{name_of(column, offered)}{was}"),
        list(said),
        index=0 if each.only_yours else 1 if each.only_theirs else None,
        format_func=lambda which: text.plain(said[which]),
        key=f"choose {key} {each.column}",
    )
