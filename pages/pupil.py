"""A pupil's story: one child on one line of time, with the clocks that the law has running."""

from datetime import date

import pandas as pd
import streamlit as st

from access.roles import Permission
from analysis.clocks.definitions import CLOCKS
from analysis.pupil_story import queries, views
from analysis.pupil_story.queries import Story
from charts.story_line import story_line
from recording.thresholds import thresholds_in_force
from ui import children, finding_a_child, opening, show, text, who
from ui.opening import Place

_PLACE = "A pupil’s story"
_STRATEGIES = {
    "strategy": "Strategy",
    "plan": "Plan",
    "started": "From",
    "weeks": "Weeks tried",
    "helped": "Did it help",
    "exhausted": "Exhausted",
}
_MEASURES = {"measure": "Measure", "day": "On", "stage": "At which point", "rater": "By whom", "value": "Value"}


def pupil() -> None:
    """Show the story of one child, for those who may see it."""
    who.require(Permission.PUPIL)
    st.title("A pupil’s story", anchor=False)
    place = opening.place(deadlines=True)
    if place is None:
        return
    left, right = st.columns([2, 1])
    with right:
        on = _day(place)
    with left:
        finding_a_child.find()
    reference = children.chosen()
    if reference is None:
        show.nothing("Choose a child to read what is recorded, at every school, and which deadlines are running.")
        finding_a_child.due(on)
        return
    thresholds = children.ask(lambda connection, scope: thresholds_in_force(connection, place.la))
    found = children.ask(queries.story, reference=reference, on=on, thresholds=thresholds)
    if found is None:
        show.nothing("Nothing is recorded of this child that you may see. Choose another.")
        return
    children.saw(_PLACE, [reference])
    _show(found, place)


def _day(place: Place) -> date:
    chosen = st.date_input("Deadlines as on", place.today, format="DD/MM/YYYY")
    return chosen if isinstance(chosen, date) else place.today


def _show(found: Story, place: Place) -> None:
    st.header(text.plain(children.labels([found.reference])[found.reference]), anchor=False)
    if found.in_part:
        st.caption(text.plain(found.in_part))
    for sentence in (found.roll, *views.in_short(found)):
        st.write(text.plain(sentence))
    _clocks(found, place)
    _line(found, place)
    _tried(found, place)
    _voice(found)
    _timeline(found, place)


def _clocks(found: Story, place: Place) -> None:
    st.header(text.plain(views.title(found)), anchor=False)
    if len(found.attention):
        show.table(
            views.clock_rows(found.attention),
            columns=views.CLOCK_COLUMNS,
            caption="Due soon or late, the first to fall due first",
            name="story-attention",
            source=place.local,
            about=[found.reference],
        )
    calm = found.clocks[~found.clocks["explanation"].isin(found.attention["explanation"])]
    if len(calm):
        with st.expander("The other clocks: running, met, or over"):
            show.table(
                views.clock_rows(calm),
                columns=views.CLOCK_COLUMNS,
                caption="Clocks that need nobody now",
                name="story-clocks",
                source=place.local,
                about=[found.reference],
            )
    show.notes(clock.explained for clock in CLOCKS)


def _line(found: Story, place: Place) -> None:
    events, weeks = views.line(found)
    show.finding(
        story_line(
            events,
            weeks,
            lane="what",
            start="day",
            end="end",
            words="said",
            week="week",
            percent="percent",
            unit="attendance by week, and what happened" if len(weeks) else "what happened",
            until=found.on,
        ),
        views.whole_timeline(found),
        columns=views.TIMELINE,
        title=found.attendance or "Attendance: too little is loaded to say",
        source=place.local,
        name="story-line",
        about=[found.reference],
    )
    st.caption(
        "Attendance is of the half days that could be attended: those of a suspension are left out. Internal "
        "suspensions and days kept apart are no suspensions and have lines of their own."
    )


def _tried(found: Story, place: Place) -> None:
    st.header("What was tried, and what was measured", anchor=False)
    st.write(text.plain(views.tried(found.strategies)))
    _table(found, found.strategies, _STRATEGIES, "Strategies, the newest plan first", "story-strategies", place)
    if found.measures.empty:
        show.nothing("No measures of an outreach case are recorded.")
    _table(found, found.measures, _MEASURES, "Measures of outreach cases", "story-measures", place)


def _table(found: Story, rows: pd.DataFrame, columns: dict[str, str], caption: str, name: str, place: Place) -> None:
    if len(rows):
        with st.expander(caption):
            show.table(rows, columns=columns, caption=caption, name=name, source=place.local, about=[found.reference])


def _voice(found: Story) -> None:
    st.header("The child’s own view", anchor=False)
    if not found.voice:
        show.nothing("No record has the child’s own view. Ask the child.")
    for sentence in found.voice:
        st.write(text.plain(sentence))


def _timeline(found: Story, place: Place) -> None:
    st.header("Everything that happened, the newest first", anchor=False)
    shown = st.multiselect(
        "Show only",
        views.kinds(found),
        format_func=lambda kind: kind.label,
        placeholder="Everything",
        key="story kinds",
    )
    show.table(
        views.timeline(found, shown),
        columns=views.TIMELINE,
        caption="One line of time across schools",
        name="story-timeline",
        source=place.local,
        about=[found.reference],
    )
