"""How the pages about schools begin: which authority, which period, and how far the data goes."""

from collections.abc import Iterable
from contextlib import nullcontext
from dataclasses import dataclass
from datetime import date

import streamlit as st

from access.roles import Permission
from analysis import choices
from analysis.beside_others import SOURCES
from data_model.terms import Period
from data_model.today import not_known_since, today
from ui import cached, filters, tables, text, who
from ui.show import Source


@dataclass(frozen=True)
class Place:
    """The local authority that the page is about, the periods it has figures for, and the last day in its data."""

    la: int
    name: str
    periods: tuple[Period, ...]
    now: date | None
    origin: str

    @property
    def today(self) -> date:
        """The day to which deadlines run."""
        return today(self.now)

    @property
    def has_terms(self) -> bool:
        """Whether there are figures by term, and not by year alone as in older published statistics."""
        return any(period.term for period in self.periods)

    @property
    def local(self) -> Source:
        """The source of the authority's own figures: as notified to it, or the school census."""
        return Source(self.origin, self.now)

    def source(self, kinds: Iterable[object]) -> Source:
        """The source of figures whose `source` column holds these values (local, census or published)."""
        every = [str(kind) for kind in kinds]
        named = dict.fromkeys(kind.split(" ")[0] for kind in every)
        words = " and ".join(SOURCES[kind] for kind in named) or self.origin
        provisional = " (provisional headcounts)" if any("provisional" in kind for kind in every) else ""
        return Source(words + provisional, None if set(named) == {"published"} else self.now)


def place(la: int | None = None, *, deadlines: bool = False) -> Place | None:
    """The authority `la`, or the one that the user chose, and how far its data goes, said in a line.

    There is a choice where several are loaded. None where nothing is loaded, which is said too. On a page of
    `deadlines` the line says to which day they run.
    """
    authorities = cached.counted(choices.authorities)
    if not authorities:
        _nothing_loaded()
        return None
    chosen = _authority(authorities) if la is None else la
    periods = cached.counted(choices.periods, la=chosen)
    records = cached.records().by_la[chosen]
    found = Place(chosen, authorities[chosen], periods, records.now, records.source.label)
    if not periods:
        _no_figures(found)
        return None
    _say_how_far(found, deadlines)
    return found


def _authority(authorities: dict[int, str]) -> int:
    # A choice is no wider than the others on these pages; without one no room is kept for it.
    with st.columns(3)[0] if len(authorities) > 1 else nullcontext():
        return filters.authority(authorities)


def _say_how_far(found: Place, deadlines: bool) -> None:
    name = text.plain(found.name)
    if found.now:
        since = not_known_since(found.now, found.today) if deadlines else ""
        that = f". {since}" if since else ": that is “now” on this page."
        st.markdown(f"**{name}.** The data ends on **{tables.day(found.now)}**{that}")
    else:
        last = max(found.periods, key=lambda period: period.bounds[1])
        st.markdown(f"**{name}.** Only DfE’s published statistics are loaded, the last for **{last.label}**.")


def _nothing_loaded() -> None:
    st.info("Nothing is loaded yet, so there is nothing to show.")
    _say_what_to_do()


def _no_figures(found: Place) -> None:
    st.info(f"The schools of {text.plain(found.name)} are loaded, but nothing that happened in them.")
    _say_what_to_do()


def _say_what_to_do() -> None:
    if who.may(Permission.UPLOAD):
        st.html(
            '<p class="onward">Turn to <a href="/upload">Upload</a> and load the schools first, then their headcounts '
            "and suspensions. Without data of your own, DfE’s published school-level file will do.</p>"
        )
    else:
        st.write("Ask whoever loads the data, an outreach manager or a data steward, to load it on the Upload page.")
