"""What somebody asked of the list: which schools, in which order, at the end of which period."""

from collections.abc import Callable
from dataclasses import dataclass
from urllib.parse import urlencode

import pandas as pd
import streamlit as st

from analysis.denominators import HEADLINE
from analysis.sources import PUBLISHED
from analysis.targeting import list_views as views
from analysis.targeting.beside import list_with_context
from analysis.targeting.list_views import Order
from analysis.targeting.register import Size
from analysis.targeting.where_next import WhereNext
from data_model.terms import Period
from ui import cached, filters, show, text
from ui.opening import Place
from ui.show import Source
from ui.where_next import replies

_SCHOOL = "school"
_MORE = {
    "trust_name": ("Trust", "trust", "All trusts and none"),
    "governance": ("Kind of school", "governance", "All kinds"),
    "admissions": ("Admissions", "admissions", "Selective or not"),
}


@dataclass(frozen=True, eq=False)
class Asked:
    """The list as it was asked for: `rows` are the schools that were chosen, in order and in words.

    `again` makes the same rows anew, for a file without small numbers.
    """

    place: Place
    found: WhereNext
    order: Order
    filters: dict[str, str | None]
    rows: pd.DataFrame
    again: Callable[[], pd.DataFrame]

    @property
    def source(self) -> Source:
        """Where the list's figures come from."""
        return self.place.source([PUBLISHED]) if self.found.published else self.place.local

    @property
    def period(self) -> Period:
        """The period at whose end the list stands."""
        return self.found.period

    @property
    def reply_column(self) -> dict[str, str]:
        """The column of the right of reply and its heading, where anything was sent or came back."""
        return {"reply": "Right of reply"} if self.rows["reply"].ne("").any() else {}

    @property
    def narrowed(self) -> list[str]:
        """What was chosen out of all schools, in words."""
        return [str(getattr(value, "label", value)) for value in self.filters.values() if value]


def asked(place: Place) -> Asked | None:
    """The list that the user chose; None where there is none, which is said.

    The list of a period is worked out once for all filters: choosing among its schools asks for nothing anew.
    """
    first, second, third = st.columns(3)
    with first:
        period = filters.period(place.periods)
    found = cached.counted(list_with_context, la=place.la, period=period)
    if found is None or found.rows.empty:
        show.nothing(f"No suspensions are loaded for {period.label}, so there is no list.")
        return None
    with second:
        phase = filters.phase(HEADLINE)
    with third:
        order = filters.labelled("Order by", tuple(Order), "order")
    chosen = {"phase": phase, **_more(found.rows)}

    def again() -> pd.DataFrame:
        rows = cached.counted(list_with_context, la=place.la, period=period).rows
        ordered = views.in_order(views.chosen(rows, **chosen), order)
        return views.in_words(replies.beside(ordered, place.la, period))

    return Asked(place, found, order, chosen, again(), again)


def _more(rows: pd.DataFrame) -> dict[str, str | None]:
    with st.expander("More filters: district, trust, kind of school, admissions, size", key="more filters"):
        columns = [*st.columns(3), *st.columns(3)]
        with columns[0]:
            district = filters.one_of("District", views.options(rows, "district"), "district", "All districts")
        chosen = {}
        for column, (name, (label, key, every)) in zip(columns[1:], _MORE.items(), strict=False):
            with column:
                chosen[name] = filters.one_of(label, views.options(rows, name), key, every)
        with columns[4]:
            size = filters.labelled_or_all("Size", tuple(Size), "size", "All sizes")
    return {"district": district, **chosen, "size": size}


def school_in_address() -> int | None:
    """The key of the school that the address asks about (`?school=`), None without one."""
    asked_for = st.query_params.get(_SCHOOL, "").strip()
    if asked_for and not (asked_for.isascii() and asked_for.isdigit() and len(asked_for) < 10):
        st.warning(f"No school with the URN {text.plain(asked_for)} is on the list.")
        return None
    return int(asked_for) if asked_for else None


def address(*, to_a_school: bool) -> str:
    """This page with the choices in its address, ready for a school's key after it; or without a school."""
    there = {name: value for name, value in st.query_params.to_dict().items() if name != _SCHOOL}
    if to_a_school:
        there[_SCHOOL] = ""
    return "/targeting" + (f"?{urlencode(there)}" if there else "")
