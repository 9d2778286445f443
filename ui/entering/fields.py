"""One field of a form for one column: asked for as the column says it is, and given back as text."""

from collections.abc import Mapping
from datetime import date, timedelta

import streamlit as st

from analysis import choices
from data_model.dataset import Column
from data_model.terms import in_words
from ui import cached, text

Choices = Mapping[str, str]
"""What may be chosen, with what people read in its place."""

_FIRST_DAY = date(1990, 1, 1)
_AHEAD = timedelta(days=5 * 366)
_NOT_SAID = "not said"


def field(column: Column, given: str, key: str, among: Choices | None = None, *, needed: bool = False) -> str:
    """Ask for a cell: codes and schools by their names, days in a calendar, all else typed. `given` stands there."""
    name = name_of(column, among)
    label = text.plain(f"{name} (needed)" if column.required or needed else name)
    explained = text.plain(column.description) if column.description else None
    if offered := _offered(column, among):
        return _choice(label, explained, given, key, offered)
    if issubclass(column.kind, date):
        return _day(column, label, explained, given, key)
    if column.is_withheld:
        return st.text_area(label, given, key=key, help=explained)
    return st.text_input(label, given, key=key, help=explained, placeholder=_example(column), autocomplete="off")


def name_of(column: Column, among: Choices | None = None) -> str:
    """What a column is called where people choose a school, or a row out of `among`, and never see a number."""
    name = column.title.replace("\u2019s URN", "").replace("'s URN", "").replace("URN", "School")
    return name.removesuffix(" ID") if among else name


def in_plain_words(column: Column, cell: str, among: Choices | None = None) -> str:
    """A cell as people read it: the label of a code, the name of a school, a day in words."""
    if not cell:
        return _NOT_SAID
    if offered := _offered(column, among):
        return offered.get(cell, cell)
    if issubclass(column.kind, date):
        day = _as_day(cell)
        return in_words(day) if day else cell
    return cell


def _offered(column: Column, among: Choices | None) -> Choices:
    """What a cell is chosen from; nothing where it is typed."""
    if among is not None:
        return among
    if column.codes:
        return {str(code): code.label for code in column.codes}
    return schools() if _is_school(column) else {}


def schools() -> dict[str, str]:
    """The name of every school that who is here reaches, by its URN."""
    found = cached.counted(choices.schools).dropna(subset="urn").sort_values("school_name")
    return {str(urn): str(name) for urn, name in zip(found["urn"], found["school_name"], strict=True)}


def _choice(label: str, explained: str | None, given: str, key: str, offered: Choices) -> str:
    options = [*offered, given] if given and given not in offered else list(offered)
    chosen = st.selectbox(
        label,
        options,
        index=options.index(given) if given else None,
        format_func=lambda code: offered.get(code, code),
        key=key,
        help=explained,
        placeholder="Choose",
    )
    return chosen or ""


def _day(column: Column, label: str, explained: str | None, given: str, key: str) -> str:
    day, today = _as_day(given), date.today()
    last = today if column.is_event else today + _AHEAD
    chosen = st.date_input(
        label,
        day,
        min_value=min(_FIRST_DAY, day or _FIRST_DAY),
        max_value=max(last, day or last),
        format="DD/MM/YYYY",
        key=key,
        help=explained,
    )
    return chosen.isoformat() if isinstance(chosen, date) else ""


def _as_day(cell: str) -> date | None:
    try:
        return date.fromisoformat(cell)
    except ValueError:
        return None


def _is_school(column: Column) -> bool:
    return (column.lowest, column.highest) == (100_000, 999_999)


def _example(column: Column) -> str | None:
    return f"such as {column.example}" if column.example and column.kind in (int, float) else None
