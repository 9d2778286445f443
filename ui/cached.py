"""The only caching. A key is the data version, the scope of who asks, and the question: never a frame.

    cached.answer(queries.schools)                         asks the database: queries.schools(connection, scope)
    cached.counted(some_table, measure="suspension_rate")  asks the records: some_table(records, measure=...)
    cached.records()                                       the records themselves: shared, so never change them

A question is a function of a module, and what it returns can be pickled. A choice is text, a number, a code, a period
or None, and never holds anything about a pupil.
"""

from collections.abc import Callable
from typing import Any, TypeVar

import streamlit as st

from access.roles import Permission, may
from access.scope import Scope
from analysis import queries
from analysis.records import Records
from data_model.store import current_version, database, reading
from data_model.terms import Period
from ui import who

T = TypeVar("T")
Choice = str | int | float | bool | Period | None
Key = tuple[int, tuple[int, ...], bool]
"""The data version and the scope: plain values, because Streamlit must be able to hash them."""


def scope() -> Scope:
    """What the questions of who is here may reach: nothing, unless they may see schools."""
    return _scope(_key())


def records() -> Records:
    """Everything that measures are counted from, in the scope of who is here. Shared: never change it."""
    return _records(*_key()[:2])


def warm() -> None:
    """Read the records before anybody asks, so that the first visitor does not wait for them."""
    version = _version()
    _records(version, _local_authorities(version))


def answer(question: Callable[..., T], **choices: Choice) -> T:
    """What `question(connection, scope, **choices)` returns, in the scope of who is here. A copy of one's own."""
    found: T = _answer(_key(), _name(question), _stable(choices), question, choices)
    return found


def counted(question: Callable[..., T], **choices: Choice) -> T:
    """What `question(records, **choices)` returns, in the scope of who is here. A copy of one's own."""
    version, codes, _ = _key()
    found: T = _counted(version, codes, _name(question), _stable(choices), question, choices)
    return found


def _version() -> int:
    with reading(database()) as connection:
        return current_version(connection)


def _key() -> Key:
    version, role = _version(), who.role()
    codes = _local_authorities(version) if may(role, Permission.SCHOOLS) else ()
    return version, codes, Scope.of(role, frozenset(codes)).pupil_rows


def _scope(key: Key) -> Scope:
    return Scope(frozenset(key[1]), key[2])


def _name(question: Callable[..., Any]) -> str:
    return f"{question.__module__}.{question.__qualname__}"


def _stable(choices: dict[str, Choice]) -> str:
    for name, choice in choices.items():
        assert isinstance(choice, str | int | float | Period | None), f"{name} is no choice: a cache key is plain"
    return repr(sorted(choices.items()))


@st.cache_data(max_entries=2, show_spinner=False)
def _local_authorities(version: int) -> tuple[int, ...]:
    with reading(database()) as connection:
        return tuple(sorted(queries.local_authorities(connection)))


# Frames of a whole LA: no copy for every reader. They hold no pupils' rows, so all who may reach the LAs share them.
@st.cache_resource(max_entries=2, show_spinner=False)
def _records(version: int, codes: tuple[int, ...]) -> Records:
    with reading(database()) as connection:
        return queries.records(connection, Scope(frozenset(codes)))


@st.cache_data(max_entries=300, show_spinner=False)
def _answer(key: Key, name: str, choices: str, _question: Callable[..., Any], _choices: dict[str, Choice]) -> Any:
    with reading(database()) as connection:
        return _question(connection, _scope(key), **_choices)


@st.cache_data(max_entries=300, show_spinner=False)
def _counted(
    version: int,
    codes: tuple[int, ...],
    name: str,
    choices: str,
    _question: Callable[..., Any],
    _choices: dict[str, Choice],
) -> Any:
    return _question(_records(version, codes), **_choices)
