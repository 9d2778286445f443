"""The choices that pages share. Each is kept in the address, so that a link shows what its sender saw.

Nothing here is ever about a pupil: addresses end up in histories and logs.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import TypeVar

import pandas as pd
import streamlit as st

from analysis.measures import MEASURES, Measure
from data_model.catalogue import DATASETS
from data_model.codes import Phase, SchoolStatus
from data_model.dataset import Dataset
from data_model.labelled import Labelled
from data_model.terms import Period
from ui import text
from ui.documents import Document

T = TypeVar("T")
L = TypeVar("L", bound=Labelled)

_SCHOOL = "school"
_PICKED = "picked_school"


def authority(authorities: Mapping[int, str]) -> int:
    """The code of the local authority that the user chose, out of names by code; no choice is shown for only one."""
    if len(authorities) == 1:
        return next(iter(authorities))
    return _choice("Local authority", list(authorities), "la", authorities.__getitem__)


def period(periods: Sequence[Period]) -> Period:
    """The period that the user chose out of `periods`, the first unless they chose another."""
    return _choice("Period", periods, "period", lambda period: period.label)


def phase(among: Sequence[Phase] = tuple(Phase)) -> Phase | None:
    """The phase that the user chose out of some, None for all."""
    phases: tuple[Phase | None, ...] = (None, *among)
    return _choice("Phase", phases, "phase", lambda phase: phase.label if phase else "All phases")


def measure(measures: Sequence[Measure] = tuple(MEASURES.values())) -> Measure:
    """The measure that the user chose out of `measures`."""
    return MEASURES[_choice("Measure", [measure.id for measure in measures], "measure", lambda id: MEASURES[id].name)]


def one_of(label: str, names: Sequence[str], key: str, every: str) -> str | None:
    """The name that the user chose out of `names`, None for `every` one of them; no choice is shown without any."""
    return _choice(label, (None, *names), key, lambda name: name or every) if names else None


def labelled(label: str, codes: Sequence[L], key: str) -> L:
    """The code that the user chose, the first unless they chose another."""
    return _choice(label, codes, key, lambda code: code.label)


def labelled_or_all(label: str, codes: Sequence[L], key: str, every: str) -> L | None:
    """The code that the user chose, None for `every` one of them."""
    return _choice(label, (None, *codes), key, lambda code: code.label if code else every)


def view(names: Sequence[str], key: str = "view") -> str:
    """Which part of a page the user chose to see, the first unless they chose another."""
    chosen: str = st.segmented_control(
        "Show", names, default=names[0], required=True, key=key, bind="query-params", label_visibility="collapsed"
    )
    return chosen


def by_term(label: str = "Over time by") -> bool:
    """Whether the user wants terms and not whole years: the two are never mixed."""
    return _choice(label, ("Year", "Term"), "by", str) == "Term"


def dataset(datasets: Sequence[Dataset]) -> Dataset:
    """The dataset that the user chose out of `datasets`."""
    titles = {dataset.name: dataset.title for dataset in datasets}
    return DATASETS[_choice("Dataset", list(titles), "dataset", titles.__getitem__)]


def document(documents: Mapping[str, Document]) -> Document:
    """The document that the user chose, the first unless they chose another."""
    return documents[_choice("Document", list(documents), "document", lambda name: documents[name].title)]


def school(schools: pd.DataFrame) -> int | None:
    """The key of the school that the address names (`?school=`, a URN or LAESTAB) or the user chose, None without one.

    `schools` is that of `analysis.choices`: `key, numbers, school_name, status`, one row a school. Says so where no
    such school is loaded.
    """
    names = _names(schools)
    asked = st.query_params.get(_SCHOOL, "").strip()
    found = _find(schools, asked)
    if asked and found is None:
        st.warning(f"No school with the URN or LAESTAB {text.plain(asked)} is loaded. Choose one from the list.")
    st.session_state[_PICKED] = found
    return st.selectbox(
        "School",
        list(names),
        format_func=names.__getitem__,
        index=None,
        key=_PICKED,
        placeholder="Type a school’s name, URN or LAESTAB",
        on_change=_put_school_in_address,
    )


def _choice(label: str, options: Sequence[T], key: str, written: Callable[[T], str]) -> T:
    # A bound value is written into the address as it is shown, and stays when the user goes to another page.
    chosen: T = st.selectbox(label, options, format_func=written, key=key, bind="query-params")
    return chosen


def _names(schools: pd.DataFrame) -> Mapping[int, str]:
    ordered = schools.sort_values("school_name", key=lambda names: names.astype(str).str.casefold())
    rows = ordered[["key", "numbers", "school_name"]].itertuples(index=False)
    return {int(key): f"{name} ({', '.join(numbers.split())})" for key, numbers, name in rows}


def _find(schools: pd.DataFrame, asked: str) -> int | None:
    """The key of the one school with that URN or LAESTAB (999/4001 is read too), None where there is none."""
    number = asked.replace("/", "")
    # A school and the one it replaced can share a LAESTAB: the open one is meant.
    open_first = schools.sort_values("status", key=lambda status: status.eq(SchoolStatus.CLOSED), kind="stable")
    found = open_first[[number in numbers.split() for numbers in open_first["numbers"]]]
    return int(found["key"].iloc[0]) if len(found) else None


def _put_school_in_address() -> None:
    picked = st.session_state[_PICKED]
    if picked is None:
        st.query_params.pop(_SCHOOL, None)
    else:
        st.query_params[_SCHOOL] = str(picked)
