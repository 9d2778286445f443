"""One child on one screen: the big facts first, then what was tried, what happened, what is needed, who helps."""

from collections.abc import Iterable, Mapping

import pandas as pd
import streamlit as st

from analysis.panel_meeting import queries as asked
from analysis.panel_meeting.child import Child, Fact
from ui import children, show, tables, text
from ui.panel_meeting import deciding
from ui.panel_meeting.meeting import Meeting
from ui.panel_meeting.tonight import PLACE

_TRIED = {"strategy_words": "Tried", "weeks": "Weeks", "helped_words": "Did it help?", "exhausted_words": "Exhausted"}
_AGENCIES = {"agency_words": "Agency", "answer_words": "Answer", "when": "Asked on"}


def child(meeting: Meeting) -> None:
    """Show the child that the user chose out of the list, and a form for the decision."""
    deciding.said(meeting)
    if deciding.left_the_list(meeting):
        return
    if meeting.items.empty:
        show.nothing("Nobody is left on the list.")
        return
    references = frozenset(meeting.items["pupil_ref"])
    named = meeting.items["pupil_ref"].map(children.labels(references))
    by_number = dict(zip(meeting.items["fap_ref"], named, strict=True))
    children.saw(PLACE, references)
    if (going_back := deciding.gone_back_to()) in by_number:
        st.session_state["on_screen"] = going_back
    with meeting.beside:
        chosen = st.selectbox(
            "Child", list(by_number), format_func=lambda ref: f"{by_number[ref]}, {ref}", key="on_screen"
        )
    item = meeting.items[meeting.items["fap_ref"].eq(chosen)].to_dict("records")
    found = children.ask(asked.children, items=item, on=meeting.on)
    if not found:
        show.nothing("This child is no longer on your panel’s list.")
        return
    _big_facts(found[0])
    left, right = st.columns(2, gap="medium")
    with left:
        _table("What was tried", found[0].tried, _TRIED, "No plan is loaded: ask what the school has tried.")
        _facts("What happened", found[0].history)
    with right:
        _facts("Heard", found[0].heard)
        _facts("Needs", found[0].needs)
        if found[0].agencies is not None:
            _table("Agencies", found[0].agencies, _AGENCIES, "None is recorded.")
    for sentence in found[0].clocks:
        st.write(text.plain(sentence))
    deciding.form(meeting, str(chosen), f"{by_number[chosen]}, {chosen}")


def _big_facts(found: Child) -> None:
    item = found.item
    asked_for, category = str(item["business_words"]), str(item.get("category_words", "None"))
    facts = (
        ("At", f"{item['school_name']}, {item['year_group']}"),
        ("Asked for", asked_for if category == "None" else f"{asked_for}: {category}"),
        ("Waiting", f"{item['waiting_days']} days. Limits: {item['limits_words']}"),
        ("Strategies exhausted", found.exhausted),
    )
    cards = "".join(f"<div><dt>{text.html(label)}</dt><dd>{text.html(value)}</dd></div>" for label, value in facts)
    st.html(f'<dl class="big-facts">{cards}</dl>')


def _table(title: str, rows: pd.DataFrame, columns: Mapping[str, str], otherwise: str) -> None:
    """A table as it is read from the back of a room: nothing of one child is taken away from here."""
    if rows.empty:
        st.html(f'<h2 class="part">{text.html(title)}</h2><p>{text.html(otherwise)}</p>')
    else:
        st.html(tables.html(rows[list(columns)].rename(columns=columns), caption=title))


def _facts(title: str, facts: Iterable[Fact]) -> None:
    said = "".join(f"<dt>{text.html(name)}</dt><dd>{text.html(value)}</dd>" for name, value in facts)
    if said:
        st.html(f'<h2 class="part">{text.html(title)}</h2><dl class="facts">{said}</dl>')
