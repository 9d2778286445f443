"""The lists of the caseload: what must happen this week, who waits, who has room, and why."""

import pandas as pd
import streamlit as st

from analysis.caseload import sentences
from analysis.caseload.reasons import Reasons
from analysis.caseload.views import Caseload
from analysis.wording import counted
from charts.against_capacity import against_capacity
from charts.column_by_phase import column_by_phase
from ui import show, text
from ui.caseload import opened, writing
from ui.caseload.children_table import labelled, references
from ui.opening import Place
from ui.show import Source

_THIS_WEEK = {
    "child": "Child",
    "what": "What",
    "due": "Due on",
    "standing": "How it stands",
    "worker": "Who does it",
    "school": "School",
}
_ENDING = {"child": "Child", "due": "Time limit", "standing": "How it stands", "worker": "Worker", "school": "School"}
_WAITING = {
    "child": "Child",
    "received_date": "Referred on",
    "waited": "School days waited",
    "decided": "Decision",
    "school": "School",
}
_AGES = {"band": "Waited", "decided": "Decision", "count": "Referrals"}
_WORKERS = {
    "worker": "Worker",
    "open_cases": "Open cases",
    "capacity": "Cases that the post carries",
    "room": "Room for",
    "fte": "Hours of the week, 1 is full time",
}
_EVERYBODY = "Everybody"
_REFERRAL, _DECIDED_ON = "referral to decide on", "the referral that is decided on"


def _source(place: Place) -> Source:
    return Source("Outreach referrals, cases, contacts and posts", place.now)


def this_week(found: Caseload, place: Place) -> None:
    """What is overdue or due within a week, all of it or one worker's, and the way to each case."""
    st.header(text.plain(sentences.headline(found)), anchor=False)
    rows = found.this_week
    if rows.empty:
        return
    worker = st.selectbox("Who does it", [_EVERYBODY, *sorted(rows["worker"].unique())], key="whose week")
    if worker in set(rows["worker"]):
        rows = rows[rows["worker"].eq(worker)]
    rows = labelled(rows)
    _open_one(rows)
    show.table(
        rows,
        columns=_THIS_WEEK,
        caption=f"{counted(len(rows), 'thing')} to do, the longest due first",
        source=_source(place),
        name="this-week",
        about=references(rows),
    )


def _open_one(rows: pd.DataFrame) -> None:
    cases = rows[rows["case_id"].notna()].drop_duplicates("case_id")
    if cases.empty:
        return
    words = {str(row.case_id): f"{row.child}, {row.school}: {row.what.lower()}" for row in cases.itertuples()}
    left, right = st.columns([3, 1], vertical_alignment="bottom")
    with left:
        case_id = st.selectbox("A case on this list", list(words), format_func=words.__getitem__, key="case to open")
    with right:
        if st.button("Go to the case", type="primary") and case_id:
            opened.go_to(case_id)


def ending(found: Caseload, place: Place) -> None:
    """The cases that are near their time limit, or past it."""
    number = len(found.near_limit)
    st.header(f"{counted(number, 'case') if number else 'No case'} near the time limit", anchor=False)
    if number:
        show.table(
            labelled(found.near_limit),
            columns=_ENDING,
            caption="Cases within four weeks of 22 weeks, or past them",
            source=_source(place),
            name="near-the-limit",
            about=references(found.near_limit),
        )


def waiting(found: Caseload, place: Place) -> None:
    """Who waits, by age, and each."""
    if found.waiting.empty:
        st.header(sentences.waiting(found), anchor=False)
        return
    show.finding(
        column_by_phase(
            found.ages, phase="band", value="count", series="decided", unit="Referrals, by school days waited"
        ),
        found.ages,
        columns=_AGES,
        title=sentences.waiting(found),
        source=_source(place),
        name="waiting-by-age",
    )
    show.table(
        labelled(found.waiting),
        columns=_WAITING,
        caption="Everybody who waits, the longest first",
        source=_source(place),
        name="waiting",
        about=references(found.waiting),
    )


def decide(found: Caseload, place: Place) -> None:
    """Decide on a referral that waits, or open a case for one that was accepted."""
    rows = labelled(found.waiting)
    words = {str(row.referral_id): f"{row.child}, {row.school}" for row in rows.itertuples()}
    # One that was just decided on no longer waits: what was saved of it is still to be said. The browser knows a choice
    # by its words alone, so which one it was is kept here.
    chosen = st.session_state.get(_DECIDED_ON)
    if chosen and chosen not in words:
        words[chosen] = "The referral that you have just dealt with"
    if not words:
        return
    st.session_state[_REFERRAL] = chosen
    referral_id = st.selectbox(
        "A referral that waits",
        list(words),
        format_func=words.__getitem__,
        index=None,
        key=_REFERRAL,
        placeholder="Choose one to decide on it, or to open its case",
        on_change=lambda: st.session_state.update({_DECIDED_ON: st.session_state[_REFERRAL]}),
    )
    if referral_id:
        writing.decide(referral_id, place)


def workers(found: Caseload, place: Place) -> None:
    """Open cases of each worker against what the post carries."""
    if found.workers.empty:
        st.header(text.plain(f"{counted(found.open_cases, 'open case')}"), anchor=False)
        return
    show.finding(
        against_capacity(found.workers, label="worker", value="open_cases", capacity="capacity", unit="Open cases"),
        found.workers,
        columns=_WORKERS,
        title=sentences.workers(found),
        source=_source(place),
        name="cases-by-worker",
    )
    vacant = f" Besides, {found.vacant:g} full-time posts are vacant." if found.vacant else ""
    show.captions([sentences.ratio(found) + vacant, sentences.first_contact(found.first_contact)])


def reasons(found: Caseload, place: Place) -> None:
    """What became of referrals, why they were declined, and why cases closed: each with how many there are."""
    st.header("Why: decisions and reasons", anchor=False)
    decided, declined, closed = st.columns(3, gap="large")
    with decided:
        _counts(found.decisions, "What was decided on {of}", "referral", "Decision", "referral-decisions", place)
    with declined:
        _counts(found.declines, "Why {of} were declined", "referral", "Reason", "decline-reasons", place)
    with closed:
        _counts(found.closes, "Why {of} closed", "case", "Reason", "close-reasons", place)


def _counts(found: Reasons, words: str, what: str, heading: str, name: str, place: Place) -> None:
    if found.of:
        show.table(
            found.rows,
            columns={"reason": heading, "count": f"{what}s".capitalize()},
            caption=words.format(of=counted(found.of, what)),
            source=_source(place),
            name=name,
        )
