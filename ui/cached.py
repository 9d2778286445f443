"""The only caching of figures. A key is the data version, the scope of who asks, and the question: never a frame.

    cached.answer(queries.schools)                         asks the database: queries.schools(connection, scope)
    cached.counted(some_table, measure="suspension_rate")  asks the records: some_table(records, measure=...)
    cached.records()                                       the records themselves: shared, so never change them

A question is a function of a module, and what it returns can be pickled. A choice is text, a number, a code, a period
or None, and never holds anything about a pupil.
"""

from collections.abc import Callable
from contextvars import ContextVar
from dataclasses import astuple, replace
from typing import Any, TypeVar

import streamlit as st

from access.scope import Scope
from analysis import queries
from analysis.records import Records
from data_model.store import current_version, database, reading
from data_model.terms import Period
from ui import who

T = TypeVar("T")
Choice = str | int | float | bool | Period | None


_asked_for: ContextVar[Scope | None] = ContextVar("asked_for", default=None)


def scope() -> Scope:
    """What the questions of who is here may reach."""
    return _asked_for.get() or who.person().scope


def hides_small_numbers() -> bool:
    """Whether small numbers are hidden in what is asked now."""
    return not scope().full_figures


def for_publication(question: Callable[[], T]) -> Callable[[], T]:
    """The same question with small numbers hidden, for a file that others than who is here may see.

    It may be asked later, where nobody is here: it keeps the scope of who is here now.
    """
    protected = replace(scope(), full_figures=False)

    def asked() -> T:
        token = _asked_for.set(protected)
        try:
            return question()
        finally:
            _asked_for.reset(token)

    return asked


def records() -> Records:
    """Everything that measures are counted from, in the scope of who is here. Shared: never change it."""
    return _records(_version(), _of_figures(scope()))


def warm() -> None:
    """Read the records before anybody asks, so that the first visitor does not wait for them."""
    scopes = dict.fromkeys(map(_of_figures, who.scopes()))
    for each in list(scopes)[:_KEPT]:
        _records(_version(), each)


def answer(question: Callable[..., T], **choices: Choice) -> T:
    """What `question(connection, scope, **choices)` returns, in the scope of who is here. A copy of one's own."""
    found: T = _answer(_version(), scope(), _name(question), _stable(choices), question, choices)
    return found


def counted(question: Callable[..., T], **choices: Choice) -> T:
    """What `question(records, **choices)` returns, in the scope of who is here. A copy of one's own."""
    found: T = _counted(_version(), _of_figures(scope()), _name(question), _stable(choices), question, choices)
    return found


def _version() -> int:
    with reading(database()) as connection:
        return current_version(connection)


def _of_figures(scope: Scope) -> Scope:
    """The part of a scope that figures depend on: everybody who reaches the same schools shares them."""
    return Scope(scope.la_codes, districts=scope.districts, full_figures=scope.full_figures)


def _plain(scope: Scope) -> str:
    """A scope as Streamlit can hash it: sets have no order of their own."""
    return repr([sorted(part) if isinstance(part, frozenset) else part for part in astuple(scope)])


def _name(question: Callable[..., Any]) -> str:
    return f"{question.__module__}.{question.__qualname__}"


def _stable(choices: dict[str, Choice]) -> str:
    for name, choice in choices.items():
        assert isinstance(choice, str | int | float | Period | None), f"{name} is no choice: a cache key is plain"
    return repr(sorted(choices.items()))


_SCOPED = {Scope: _plain}
_KEPT = 4


# Frames of a whole LA: no copy for every reader. They hold no pupils' rows, so all who may reach the LAs share them.
@st.cache_resource(max_entries=_KEPT, show_spinner=False, hash_funcs=_SCOPED)
def _records(version: int, scope: Scope) -> Records:
    with reading(database()) as connection:
        return queries.records(connection, scope)


@st.cache_data(max_entries=300, show_spinner=False, hash_funcs=_SCOPED)
def _answer(
    version: int, scope: Scope, name: str, choices: str, _question: Callable[..., Any], _choices: dict[str, Choice]
) -> Any:
    with reading(database()) as connection:
        return _question(connection, scope, **_choices)


@st.cache_data(max_entries=300, show_spinner=False, hash_funcs=_SCOPED)
def _counted(
    version: int, scope: Scope, name: str, choices: str, _question: Callable[..., Any], _choices: dict[str, Choice]
) -> Any:
    return _question(_records(version, scope), **_choices)
