"""Where a child could go: schools with their share and room, and free places; and what became of the last list."""

import pandas as pd
import streamlit as st

from analysis import queries
from analysis.alternative_provision.queries import provision
from analysis.panel import fair_share as shares
from analysis.panel import places as room
from analysis.panel_meeting import minutes, sentences
from analysis.panel_meeting import places_free as free
from analysis.panel_meeting import queries as asked
from data_model.settings import settings
from data_model.terms import in_words
from ui import cached, children, show, text
from ui.panel_meeting import deciding
from ui.panel_meeting.meeting import Meeting

SCHOOLS = {
    "school_name": "School",
    "room_words": "Room in the school",
    "year_groups": "Pupils by year group",
    "taken": "Pupils taken",
    "share_words": "Share of all taken (range)",
    "roll_words": "Share of pupils on roll",
    "says": "What that says",
}
PLACES = {
    "provider": "Provider",
    "kind_words": "Kind",
    "places": "Places",
    "taken": "Placements open",
    "free_words": "Room",
    "next_words": "Next planned end",
}
_MINUTES = {"fap_ref": "Panel’s reference", "decision_words": "Decision", "school_name": "At", "became": "Since then"}
_COUNTS = {
    "decision_words": "Decision",
    "children": "Children",
    "started": "Started",
    "refused": "School refused",
    "waiting": "Neither yet",
}


def schools_and_places(meeting: Meeting) -> None:
    """Show the schools that come before the panel, and the places that providers have free."""
    _schools(meeting)
    st.header("Places in alternative provision", anchor=False)
    rows = place_rows(meeting)
    if rows is None:
        show.nothing("Places are counted for the whole authority, and you reach a part of it.")
        return

    def places() -> pd.DataFrame:
        again = place_rows(meeting)
        return rows.iloc[:0] if again is None else again

    st.write(text.plain(free.finding(rows, meeting.on)))
    if len(rows):
        show.table(
            rows,
            columns=PLACES,
            caption="Places that are commissioned, placements that are open, and when the next is planned to end",
            source=meeting.place.local,
            name="panel-places",
            publish=places,
        )


def place_rows(meeting: Meeting) -> pd.DataFrame | None:
    """Providers with commissioned places, and what is free; None for who reaches a part of the authority alone."""
    found = cached.answer(provision, la=meeting.place.la)
    return None if found is None else free.places_free(found, meeting.on, fewest())


def school_name(meeting: Meeting, urn: int) -> str:
    """What a school is called."""
    names = meeting.schools.set_index("urn")["school_name"]
    return str(names.get(urn, urn))


def fewest() -> int | None:
    """Below which number of pupils a count is hidden from who is here; None where nothing is."""
    return settings().small_number if cached.hides_small_numbers() else None


def school_rows(meeting: Meeting) -> pd.DataFrame:
    """The panel's schools by name, with their share of pupils taken and their room."""
    here = meeting.schools[meeting.schools["close_date"].isna()].rename(columns={"urn": "key"})
    rows = meeting.panel.of(here)[["key", "school_name"]]
    known = room.with_year_groups(
        cached.counted(room.places, la=meeting.place.la), cached.answer(queries.year_groups), fewest()
    )
    rows = rows.merge(known, on="key")
    found = cached.counted(shares.fair_share, la=meeting.place.la)
    if found is None:
        return rows.assign(taken=float("nan"), share_words=None, roll_words=None, says=None)
    rows = rows.merge(found.rows.drop(columns=["school_name", "roll"]), on="key", how="left", suffixes=("", "_share"))
    both = rows["hidden"].fillna("") + " " + rows["hidden_share"].fillna("")
    return rows.assign(hidden=both.str.strip())


def _schools(meeting: Meeting) -> None:
    found = cached.counted(shares.fair_share, la=meeting.place.la)

    def asked_anew() -> pd.DataFrame:
        return school_rows(meeting)

    rows = asked_anew()
    said = "No placements are loaded, so nothing says who took whom."
    if found is not None:
        said = shares.finding(found, found.rows[found.rows["key"].isin(rows["key"])])
    st.header(text.plain(said), anchor=False)
    show.table(
        rows,
        columns=SCHOOLS,
        caption="Room, and pupils who came from alternative provision to a school that was new to them, in three years",
        source=meeting.place.local,
        name="panel-schools-tonight",
        publish=asked_anew,
    )
    st.caption("Of twenty schools that each take their share, about one stands out by chance alone.")


def last_time(meeting: Meeting) -> None:
    """Show what the last meeting decided, and what became of it: by reference, or as counts to a panel's members."""
    deciding.said(meeting)
    every = cached.answer(asked.decisions, la=meeting.place.la, panel=meeting.panel.name)
    found = minutes.last_meeting(every, meeting.on)
    if found is None:
        st.header("Last time", anchor=False)
        show.nothing("No earlier meeting of this panel is loaded.")
        return
    day, rows = found
    if cached.hides_small_numbers():
        st.header(text.plain(f"The last meeting was on {in_words(day)}"), anchor=False)
        st.write(
            "A panel sees a child while the child is on its list. Of earlier lists it sees how many, here of all "
            "meetings up to then; the outreach manager has each child."
        )
        earlier = every[every["meeting_date"].le(pd.Timestamp(day))]
        show.table(
            minutes.counted_by_decision(earlier, meeting.on, fewest()),
            columns=_COUNTS,
            caption="What was decided, and what became of it",
            source=meeting.place.local,
            name="panel-decisions",
        )
        return
    rows = minutes.with_what_became(rows, meeting.schools, meeting.on)
    # The panel's reference leads to the child, so the trail keeps whose decisions were seen, and taken away.
    about = children.ask(asked.pupils_of, la=meeting.place.la, referrals=set(rows["fap_ref"]))
    children.saw("Panel meeting: last time", about)
    st.header(text.plain(sentences.minutes(rows, day)), anchor=False)
    show.table(
        rows,
        columns=_MINUTES,
        caption="Decisions of the last meeting, by the panel’s reference: these children are off the list",
        source=meeting.place.local,
        name="panel-last-time",
        about=about,
    )
    deciding.put_right(meeting, rows)
