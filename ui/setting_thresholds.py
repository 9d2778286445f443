"""The thresholds that point a child out: what other numbers would change, setting them, and those of before."""

from datetime import date
from typing import Any

import pandas as pd
import streamlit as st

from access.roles import Permission
from analysis.casework import sentences, views
from analysis.casework.queries import Children
from data_model.store import database
from data_model.thresholds import USUAL, Thresholds
from recording.checking import NotRecorded, checked
from recording.thresholds import Setting, set_thresholds, thresholds_of, withdraw_thresholds
from ui import children, clock, show, telling, text, who
from ui.opening import Place

_NOT_OF_THE_LIST = ("attendance_below", "sustained_attendance")
"""Thresholds of other lists: they change nothing here."""


def change(found: Children, place: Place, on: date, in_force: Thresholds) -> None:
    """Try other thresholds on the list, set them, and read those of before."""
    st.header("From which number on is a child pointed out?", anchor=False)
    telling.said()
    st.write(
        "The authority sets these numbers. Nobody has shown that any of them is right: each decides how many children "
        "somebody looks at, and how many nobody does."
    )
    values = _typed(in_force)
    _preview(found, on, in_force, values)
    if who.may(Permission.SET_THRESHOLDS):
        _set(place.la, values)
    _history(place.la)


def _typed(in_force: Thresholds) -> dict[str, Any]:
    """A field for each threshold, those in force filled in."""
    columns = st.columns(3)
    values = in_force.model_dump()
    # The days of a transition's steps are set on their own page.
    numbers = {name: value for name, value in values.items() if not isinstance(value, str)}
    for number, (name, value) in enumerate(numbers.items()):
        field = Thresholds.model_fields[name]
        with columns[number % 3]:
            values[name] = st.number_input(
                field.title or name, value=value, step=1 if isinstance(value, int) else 0.5, help=field.description
            )
    return values


def _preview(found: Children, on: date, in_force: Thresholds, values: dict[str, Any]) -> None:
    try:
        would_be = checked(Thresholds, values)
    except NotRecorded as refused:
        st.error(text.plain(refused))
        return
    now = views.how_many(found, on, in_force)
    st.subheader("What that would change", anchor=False)
    st.markdown(text.plain(sentences.change(now, views.how_many(found, on, would_be))))
    avoiding = len(views.avoiding(found, on, in_force)), len(views.avoiding(found, on, would_be))
    st.markdown(text.plain(f"Avoiding school: {sentences.change(*avoiding)}"))


def _set(la: int, values: dict[str, Any]) -> None:
    with st.form("set thresholds", border=False):
        note = st.text_area("Note: who decided it, and why", max_chars=2_000)
        names_nobody = st.checkbox(telling.NAMES_NOBODY)
        if st.form_submit_button("Set these thresholds", type="primary"):
            who.require(Permission.SET_THRESHOLDS)

            def done() -> str:
                given = {"la_code": la, "values": values, "note": note, "names_nobody": names_nobody}
                set_thresholds(database(), who.person(), **given)
                return "The thresholds were set, and are in force from now on."

            telling.told(done)


def _history(la: int) -> None:
    st.header("Set before", anchor=False)
    found = children.ask(thresholds_of, la_code=la)
    if not found:
        show.nothing("None were set yet: the usual ones are in force.")
    before = [*found[1:], None]
    for setting, earlier in zip(found, before, strict=bool(found)):
        with st.expander(text.plain(_headline(setting)), key=f"thresholds {setting.thresholds_id}"):
            _setting(setting, earlier.thresholds if earlier else USUAL)


def _headline(setting: Setting) -> str:
    state = "In force" if setting.in_force else "Withdrawn" if setting.withdrawn else "Replaced by later ones"
    by = f" by {setting.set_by}" if setting.set_by else ""
    return f"{state}: set on {clock.day(setting.set_at)}{by}"


def _setting(setting: Setting, before: Thresholds) -> None:
    said = [setting.note] if setting.note else []
    if setting.withdrawn:
        said.append(f"Withdrawn on {clock.day(setting.withdrawn.at)}: {setting.withdrawn.why or 'no reason is told'}")
    if said:
        st.markdown(text.plain(" ".join(said)))
    rows = [
        {"threshold": Thresholds.model_fields[name].title, "number": _said(value), "before": _said(old)}
        for (name, value), old in zip(
            setting.thresholds.model_dump().items(), before.model_dump().values(), strict=True
        )
    ]
    columns = {"threshold": "Threshold", "number": "As set", "before": "Before"}
    name = f"thresholds-{setting.thresholds_id}"
    show.table(pd.DataFrame(rows), columns=columns, caption="Thresholds as they were set", name=name)
    if setting.withdrawn is None and who.may(Permission.SET_THRESHOLDS):
        _withdraw(setting.thresholds_id)


def _said(value: float | str) -> str:
    return value if isinstance(value, str) else f"{value:g}"


def _withdraw(number: int) -> None:
    with st.form(f"withdraw thresholds {number}", border=False):
        why = st.text_input("Why they no longer hold", max_chars=500)
        names_nobody = st.checkbox(telling.NAMES_NOBODY)
        if st.form_submit_button("Withdraw these thresholds"):
            who.require(Permission.SET_THRESHOLDS)

            def withdrawn() -> str:
                withdraw_thresholds(database(), who.person(), thresholds_id=number, why=why, names_nobody=names_nobody)
                return "The thresholds were withdrawn: those before them are in force again."

            telling.told(withdrawn)
