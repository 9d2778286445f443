"""Calls logged, corrected and followed up on the page: for those who enter casework."""

from collections.abc import Mapping

import streamlit as st

from analysis.first_response import sentences
from analysis.first_response.queries import calls_to_choose
from analysis.first_response.views import Considered
from data_model.first_response import FIRST_RESPONSE
from loaders.versions import current
from ui import cached, children, show, text
from ui.entering.form import entry_form
from ui.entering.past import versions
from ui.opening import Place

_CALL = ("received_date", "channel", "caller", "urn", "kind", "theme", "ncyg", "risk_1_10")
_ANSWER = ("answered_date", "minutes_to_answer", "minutes", "worker_ref", "advice")
_CONSIDERED = ("challenge_made", "offered", "whereabouts_5", "whereabouts_20")
_BECAME = ("became", "referral_id")


def log(place: Place) -> None:
    """A form for a call that came, and one to correct a call that was logged."""
    st.header("A call that came", anchor=False)
    st.write("No name and no reference is needed: calls are anonymous. Leave blank what was not said.")
    today = place.today.isoformat()
    entry_form(
        FIRST_RESPONSE,
        (*_CALL, *_ANSWER, *_CONSIDERED[:2], *_BECAME, "pupil_ref"),
        {"received_date": today, "answered_date": today, "channel": "phone", "became": "nothing"},
        "log a call",
        submit="Log the call",
        saved="The call is logged.",
    )
    st.header("A call to correct", anchor=False)
    _correct(
        cached.answer(calls_to_choose, la=place.la),
        (*_CALL, *_ANSWER, *_CONSIDERED, *_BECAME, "pupil_ref"),
        "Call to correct",
        "correct a call",
    )


def ask_where(found: Considered, place: Place) -> None:
    """The calls after which it is to be asked where the child is, and a form for the answer."""
    if found.to_ask.empty:
        show.nothing("After every call whose day has come it is recorded where the child was.")
        return
    st.header(text.plain(sentences.to_ask(found)), anchor=False)
    rows = found.to_ask.assign(received_date=found.to_ask["received_date"].dt.date)
    show.table(
        rows,
        columns={
            "call_id": "Call",
            "school_name": "School",
            "received_date": "Called on",
            "after": "School days after, to be asked about",
        },
        caption="The school is asked, and knows which child its head had called about",
        name="where-to-ask",
        source=place.local,
    )
    due = rows.drop_duplicates("call_id")
    names = {str(call): f"{call}, {school}" for call, school in zip(due["call_id"], due["school_name"], strict=True)}
    _correct(names, (*_CONSIDERED, *_BECAME), "Call that the school answered for", "answer for a call")


def _correct(names: Mapping[str, str], columns: tuple[str, ...], label: str, key: str) -> None:
    """A choice of calls, and a form for the chosen one with its earlier versions."""
    chosen = st.selectbox(
        label,
        list(names),
        index=None,
        format_func=lambda call: text.plain(names.get(call, call)),
        key=f"chosen to {key}",
        placeholder="Choose a call",
    )
    if chosen is None:
        return
    entry_form(
        FIRST_RESPONSE,
        columns,
        key=key,
        edit=children.ask(current, dataset=FIRST_RESPONSE, key=[chosen]),
        saved="Saved.",
    )
    versions(FIRST_RESPONSE, [chosen], key)
