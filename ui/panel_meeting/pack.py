"""The pack for a circulation list: made when its button is pressed, of what those may read whom it is for."""

from collections.abc import Callable, Mapping
from datetime import UTC, datetime

import pandas as pd
import streamlit as st

from analysis.hiding.protection import HIDDEN_MARK, in_words, is_hidden
from analysis.panel_meeting import queries as asked
from analysis.panel_meeting import sentences
from analysis.panel_meeting.circulation import Circulation
from data_model import terms
from data_model.settings import settings
from data_model.store import database, reading
from data_model.today import not_known_since
from reports import panel_words
from reports.panel_pack import PanelPack, Table, panel_pack, why_no_pdf
from ui import cached, children, clock, filters, show, tables, trail, who
from ui.panel_meeting import elsewhere
from ui.panel_meeting.meeting import Meeting

NAME = "panel-pack.pdf"


def pack(meeting: Meeting) -> None:
    """Offer the pack for the circulation list that the user chose."""
    st.header("Print the pack", anchor=False)
    if reason := why_no_pdf():
        show.nothing(reason)
        return
    circulation = filters.labelled("For", tuple(Circulation), "pack_for")
    urn = _school(meeting) if circulation.is_of_a_school else None
    if circulation.is_of_a_school and urn is None:
        show.nothing("No child on the list is at a school.")
        return
    st.write(
        "The pack holds what its readers may read, and no more. Every page says who printed it, when and for whom; the "
        "audit trail keeps it too."
    )
    content = prepared(meeting, circulation, urn)
    st.download_button("Download the pack (PDF)", content, NAME, "application/pdf", key="pack", on_click="ignore")


def prepared(meeting: Meeting, circulation: Circulation, urn: int | None) -> Callable[[], bytes]:
    """What makes the pack when it is called, later and where nobody is here: for who is here now."""
    person, check, scope = who.person(), who.unless_changed(), cached.scope()
    names = children.labels(frozenset(meeting.items["pupil_ref"])) if circulation.by_name else {}
    others = [] if circulation.is_of_a_school else [_schools(meeting), *_places(meeting)]

    def content() -> bytes:
        check()
        with reading(database()) as connection:
            items, found = asked.for_circulation(
                connection,
                scope,
                circulation=circulation,
                la=meeting.place.la,
                panel=meeting.panel.name,
                on=meeting.on,
                urn=urn,
            )
        called = panel_words.called(items, circulation, names)
        said = (sentences.agenda(items, meeting.on), not_known_since(meeting.place.now, meeting.on))
        of_school = f": {elsewhere.school_name(meeting, urn)}" if urn is not None else ""
        made = panel_pack(
            PanelPack(
                title=f"Panel meeting, {meeting.panel.label}, {terms.in_words(meeting.on)}",
                authority_name=meeting.place.name,
                circulation=f"{circulation.label}{of_school}",
                printed_by=person.name,
                printed_at=clock.in_england(datetime.now(UTC)),
                finding=" ".join(filter(None, said)),
                agenda=panel_words.the_list(items, called),
                children=[panel_words.of_child(child, circulation, called) for child in found],
                others=others,
            )
        )
        references = list(items["pupil_ref"])
        trail.downloaded(person, NAME, rows=len(items), kind=str(circulation), references=references)
        return made

    return content


def _school(meeting: Meeting) -> int | None:
    """The school that the pack is for: one of those with a child on the list."""
    rows = meeting.items.dropna(subset=["urn"])
    names = dict(zip(rows["urn"].astype(int), rows["school_name"], strict=True))
    return st.selectbox("School", list(names), format_func=names.__getitem__, key="pack_school") if names else None


def _schools(meeting: Meeting) -> Table:
    rows = cached.for_publication(lambda: elsewhere.school_rows(meeting))()
    return _table("Schools: room, and fair share", rows, elsewhere.SCHOOLS)


def _places(meeting: Meeting) -> list[Table]:
    rows = cached.for_publication(lambda: elsewhere.place_rows(meeting))()
    return [] if rows is None or rows.empty else [_table("Places in alternative provision", rows, elsewhere.PLACES)]


def _table(caption: str, rows: pd.DataFrame, columns: Mapping[str, str]) -> Table:
    """The frame in words, what is hidden marked and explained."""
    marked = {name: rows[name].astype(object).mask(is_hidden(rows, name), HIDDEN_MARK) for name in columns}
    cells = {
        name: [tables.cell(each, heading, whole=True) for each in marked[name]] for name, heading in columns.items()
    }
    hidden = any(HIDDEN_MARK in column for column in cells.values())
    notes = (f"{in_words(settings().small_number)}.",) if hidden else ()
    return Table(caption, list(columns.values()), list(zip(*cells.values(), strict=True)), notes)
