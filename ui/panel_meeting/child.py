"""One child on one screen: the big facts first, then what was tried, what happened, what is needed, who helps."""

from collections.abc import Iterable

import pandas as pd
import streamlit as st

from analysis.panel_meeting import queries as asked
from analysis.panel_meeting.child import Child, Fact
from ui import children, show, telling, text
from ui.panel_meeting import deciding
from ui.panel_meeting.meeting import Meeting
from ui.panel_meeting.tonight import PLACE

_TRIED = {"strategy_words": "Tried", "weeks": "Weeks", "helped_words": "Did it help?", "exhausted_words": "Exhausted"}
_AGENCIES = {"agency_words": "Agency", "answer_words": "Answer", "when": "Asked on"}


def child(meeting: Meeting) -> None:
    """Show the child that the user chose out of the list, and a form for the decision."""
    telling.said()
    if meeting.items.empty:
        show.nothing("Nobody is left on the list.")
        return
    references = frozenset(meeting.items["pupil_ref"])
    named = meeting.items["pupil_ref"].map(children.labels(references))
    by_number = dict(zip(meeting.items["fap_ref"], named, strict=True))
    children.saw(PLACE, references)
    chosen = st.selectbox("Child", list(by_number), format_func=lambda ref: f"{by_number[ref]}, {ref}", key="on_screen")
    item = meeting.items[meeting.items["fap_ref"].eq(chosen)].to_dict("records")
    found = children.ask(asked.children, items=item, on=meeting.on)
    if not found:
        show.nothing("This child is no longer on your panel’s list.")
        return
    _big_facts(found[0])
    left, right = st.columns([3, 2], gap="large")
    with left:
        _tried(found[0], str(chosen))
        _facts("What happened", found[0].history)
    with right:
        _facts("Heard", found[0].heard)
        _needs(found[0], str(chosen))
    for sentence in found[0].clocks:
        st.write(text.plain(sentence))
    deciding.form(meeting, str(chosen), f"{by_number[chosen]}, {chosen}")


def _big_facts(found: Child) -> None:
    item = found.item
    place, when = f"{item['school_name']}, {item['year_group']}", f"{item['waiting_days']} days"
    tiles = st.columns(4)
    facts = (
        ("At", place),
        ("Asked for", item["business_words"]),
        ("Waiting", f"{when}. Place due by {item['due_words']}" if not pd.isna(item["due"]) else when),
        ("Strategies exhausted", found.exhausted),
    )
    for tile, (label, value) in zip(tiles, facts, strict=True):
        with tile:
            st.html(f'<div class="card"><p>{text.html(label)}</p><h3>{text.html(value)}</h3></div>')
    if item.get("category_words"):
        st.markdown(f"**Category {text.plain(item['category_words'])}**")


def _tried(found: Child, reference: str) -> None:
    if found.tried.empty:
        st.markdown("**What was tried.** No plan is loaded: ask what the school has tried.")
        return
    show.table(
        found.tried,
        columns=_TRIED,
        caption="What was tried",
        name="panel-tried",
        about=[str(found.item["pupil_ref"])],
    )


def _needs(found: Child, reference: str) -> None:
    if found.needs:
        _facts("Needs", found.needs)
    if found.agencies is None:
        return
    if found.agencies.empty:
        st.markdown("**Agencies.** None is recorded.")
        return
    show.table(
        found.agencies,
        columns=_AGENCIES,
        caption="Agencies",
        name="panel-agencies",
        about=[str(found.item["pupil_ref"])],
    )


def _facts(title: str, facts: Iterable[Fact]) -> None:
    said = "".join(f"<dt>{text.html(name)}</dt><dd>{text.html(value)}</dd>" for name, value in facts)
    st.html(f'<h3>{text.html(title)}</h3><dl class="facts">{said}</dl>')
