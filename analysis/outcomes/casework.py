"""The measures of casework: first contact, caseload, suspensions and attendance after, moves, calls and clocks."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date

import numpy as np
import pandas as pd
from sqlalchemy import Connection

from access.scope import Scope
from analysis import queries
from analysis.alternative_provision.queries import last_day
from analysis.caseload import first_contact as contacting
from analysis.caseload.capacity import caseload_ratio
from analysis.casework.attendance_change import sessions_of
from analysis.clocks.definitions import CLOCKS, State
from analysis.first_response.views import FEWEST as FEWEST_CALLS
from analysis.hiding.linked import LA
from analysis.hiding.masks import OPEN_CASES
from analysis.hiding.protection import hidden_rows
from analysis.joining import that_count
from analysis.moves_and_outreach import held
from analysis.moves_and_outreach.masks import ALL_MOVES, Cells, held_in_years
from analysis.outcomes.figures import NOT_DUE, WHOLE, Asked, By, Figure, of_share
from analysis.outcomes.queries import posts, rows_of
from analysis.pupil_story import clocks
from analysis.statistics.intervals import bootstrap_by_pupil
from analysis.statistics.survival import Share, TooFew, due_only
from analysis.wording import amount
from data_model.attendance import ATTENDANCE
from data_model.casework_codes import CallBecame
from data_model.codes import Phase
from data_model.dataset import Dataset
from data_model.first_response import FIRST_RESPONSE
from data_model.moves import MANAGED_MOVES
from data_model.outreach import OUTREACH_CASES, OUTREACH_CONTACTS, OUTREACH_REFERRALS
from data_model.school_days import SchoolDays
from data_model.settings import settings
from data_model.suspensions import SUSPENSIONS
from data_model.terms import Period
from data_model.thresholds import in_force

FEWEST_CLOSED = 15
"""Cases whose time has come, below which nothing is said of what followed."""
FEWEST_CLOCKS = 10
_DAYS_A_WEEK = 5
_BEFORE, _AFTER = 6, 12
_NO_SCHOOL = "No school named"
_JUDGED = 12
"""School weeks after a close that are told before others."""
_CASE = ("case_id", "referral_id", "start_date", "end_date", "first_contact_date", "first_visit_date", "review_date")
_CONTACT = ("contact_id", "case_id", "date", "kind", "outcome", "location")
_RTM = (
    "Points. Cases open when attendance is at its worst, and some of it would have come back without support: this is "
    "no effect"
)


def first_contact(connection: Connection, scope: Scope, asked: Asked) -> list[Figure]:
    """The accepted referrals of the year with a first contact within the standard, among those due."""
    own, now = _reached(connection, scope, asked)
    if now is None:
        return []
    day = min(now, asked.last)
    referrals = rows_of(connection, own, OUTREACH_REFERRALS, ("referral_id", "received_date", "decision"))
    referrals = _in_year(referrals, "received_date", asked)
    cases = rows_of(connection, own, OUTREACH_CASES, _CASE)
    contacts = rows_of(connection, own, OUTREACH_CONTACTS, _CONTACT)
    calendar = _calendar(connection, own)
    figures = []
    for group, rows in _groups(referrals, asked.by):
        found = contacting.first_contact_shares(rows, cases, contacts, calendar, day)
        median = found.median.time if found.median else None
        note = f"Half had one within {amount(median)} school days" if median is not None else ""
        figures.append(of_share(group, found.count, found.out_of, found.share, contacting.MINIMUM, note))
    return figures


def caseload(connection: Connection, scope: Scope, asked: Asked) -> list[Figure]:
    """Open cases for each full-time worker on the last day of the year that the data reaches."""
    own, now = _reached(connection, scope, asked)
    if now is None:
        return []
    day = min(now, asked.last)
    cases = rows_of(connection, own, OUTREACH_CASES, ("start_date", "end_date"))
    found = caseload_ratio(cases, posts(connection, asked.la), day)
    note = "" if found.ratio is not None else "Too small to say: no hours of workers are known"
    gone = None
    if not scope.full_figures:  # the Overview tells the same cases
        gone = LA in hidden_rows(queries.records(connection, own), OPEN_CASES, Period(asked.year), [LA])
    return [Figure(WHOLE, found.count, found.out_of, found.ratio, note=note, hidden=gone)]


def resusp_6(connection: Connection, scope: Scope, asked: Asked) -> list[Figure]:
    """Children suspended within 6 school weeks of a case that closed in the year, among those due."""
    return _suspended_after(connection, scope, asked, 6)


def resusp_12(connection: Connection, scope: Scope, asked: Asked) -> list[Figure]:
    """The same within 12 school weeks."""
    return _suspended_after(connection, scope, asked, 12)


def _suspended_after(connection: Connection, scope: Scope, asked: Asked, weeks: int) -> list[Figure]:
    own, now = _reached(connection, scope, asked)
    if now is None:
        return []
    cases = _of_pupils(rows_of(connection, own, OUTREACH_CASES, ("end_date",)))
    cases = _in_year(cases, "end_date", asked).reset_index(drop=True)
    source = str(queries.local_source(connection, own))
    names = ("start_date", "category", "status")
    suspensions = that_count(rows_of(connection, own, SUSPENSIONS, names, source))
    calendar = _calendar(connection, own)
    judged = {each: _again(cases, suspensions, calendar, pd.Timestamp(now), each) for each in (weeks, _JUDGED)}
    return [
        _beside(_of_due(group, part["again"], part["due"], FEWEST_CLOSED), judged[_JUDGED].loc[part.index])
        for group, part in _groups(judged[weeks], asked.by)
    ]


def _again(
    cases: pd.DataFrame, suspensions: pd.DataFrame, calendar: SchoolDays, now: pd.Timestamp, weeks: int
) -> pd.DataFrame:
    """The cases with `due`, and `again`: whether the child was suspended within so many school weeks."""
    due_on = pd.Series(
        pd.to_datetime(
            [
                calendar.after(end.date(), _DAYS_A_WEEK * weeks, -1 if pd.isna(urn) else int(urn)).day
                for end, urn in zip(cases["end_date"], cases["urn"], strict=True)
            ]
        ),
        index=cases.index,
        dtype="datetime64[s]",
    )
    rows = cases.assign(due_on=due_on)
    pairs = rows.reset_index(names="row").merge(suspensions[["pupil_ref", "start_date"]], on="pupil_ref")
    again = pairs.loc[pairs["start_date"].gt(pairs["end_date"]) & pairs["start_date"].le(pairs["due_on"]), "row"]
    return rows.assign(due=due_on.le(now), again=rows.index.isin(set(again)))


def _beside(figure: Figure, judged: pd.DataFrame) -> Figure:
    """The figure of a shorter time, with the few by whom it differs from that of the longer: they are told too."""
    count, out_of = int((judged["again"] & judged["due"]).sum()), int(judged["due"].sum())
    assert figure.count is not None and figure.out_of is not None, "both are counts"
    more, fewer = abs(int(figure.count) - count), abs(int(figure.out_of) - out_of)
    return replace(figure, pupils=(*figure.pupils, more, fewer, abs(more - fewer)))


def att_change(connection: Connection, scope: Scope, asked: Asked) -> list[Figure]:
    """The change of attendance from the 6 school weeks before a case to the 12 after its start: mean over children."""
    own, now = _reached(connection, scope, asked)
    if now is None:
        return []
    cases = _of_pupils(rows_of(connection, own, OUTREACH_CASES, ("start_date",)))
    cases = _in_year(cases, "start_date", asked).sort_values("start_date", kind="stable").drop_duplicates("pupil_ref")
    names = ("week_start", "possible", "present", "authorised", "unauthorised", "code_e")
    attendance = rows_of(connection, own, ATTENDANCE, names)
    sessions = sessions_of(attendance.assign(pupil=attendance["pupil_ref"]))
    mondays = sessions["week_start"].drop_duplicates().sort_values(ignore_index=True)
    rows = _changes(
        cases, sessions, mondays[mondays.le(pd.Timestamp(now))], in_force(connection, asked.la).fewest_sessions
    )
    return [_mean_change(group, part) for group, part in _groups(rows, asked.by)]


def _changes(cases: pd.DataFrame, sessions: pd.DataFrame, mondays: pd.Series, fewest: int) -> pd.DataFrame:
    """The cases with `change` in points, missing where too little is known, and `due`."""
    weeks = mondays.to_numpy(dtype="datetime64[D]")
    started = cases["start_date"].to_numpy(dtype="datetime64[D]")
    # The week in which a case starts is in neither.
    week = started - (started.astype("datetime64[D]").view("int64") - 4) % 7
    first, after = np.searchsorted(weeks, week, side="left"), np.searchsorted(weeks, week, side="right")
    place = dict(zip(weeks, range(len(weeks)), strict=True))
    known = sessions.assign(week=sessions["week_start"].to_numpy(dtype="datetime64[D]"))
    known = known.assign(week=known["week"].map(place)).dropna(subset=["week"])
    rows = cases.assign(first=first, after=after, due=after + _AFTER <= len(weeks)).reset_index(drop=True)
    pairs = rows.reset_index(names="row")[["row", "pupil_ref", "first", "after"]].merge(
        known[["pupil", "week", "expected", "present"]], left_on="pupil_ref", right_on="pupil"
    )
    parts = []
    for within in (
        pairs["week"].between(pairs["first"] - _BEFORE, pairs["first"] - 1),
        pairs["week"].between(pairs["after"], pairs["after"] + _AFTER - 1),
    ):
        sums = pairs[within].groupby("row")[["expected", "present"]].sum()
        sums = sums[sums["expected"] >= fewest]
        parts.append((100 * sums["present"] / sums["expected"]).reindex(rows.index))
    return rows.assign(change=parts[1] - parts[0])


def _mean_change(group: str, rows: pd.DataFrame) -> Figure:
    own = rows.loc[rows["due"], "change"]
    known = own.dropna()
    pupils = (len(known), len(own) - len(known))
    if len(known) < FEWEST_CLOSED:
        note = f"Too small to say: fewer than {FEWEST_CLOSED}"
        return Figure(group, len(known), len(own), None, note=note, pupils=pupils)
    low, high = bootstrap_by_pupil(known.to_numpy())
    return Figure(group, len(known), len(own), float(known.mean()), low, high, _RTM, pupils)


def mm_success(connection: Connection, scope: Scope, asked: Asked) -> list[Figure]:
    """The managed moves of the year whose child was at the new school 12 school weeks on, among those due."""
    own, now = _reached(connection, scope, asked)
    if now is None:
        return []
    moves = rows_of(connection, own, MANAGED_MOVES, ("to_urn", "start_date", "end_date", "outcome"))
    calendar = _calendar(connection, own)
    hidden = None if scope.full_figures else _hidden_moves(connection, own, moves, calendar, pd.Timestamp(now))
    figures = []
    for group, rows in _groups(_in_year(moves, "start_date", asked), asked.by):
        found = held.mm_success(rows, calendar, pd.Timestamp(now))
        share = None if np.isnan(found.share) else Share(found.share, found.low, found.high, found.out_of)
        figure = of_share(group, found.count, found.out_of, share, held.FEWEST, NOT_DUE if found.not_due else "")
        name = ALL_MOVES if asked.by is By.ALL else group
        figures.append(replace(figure, hidden=None if hidden is None else (name, asked.year) in hidden))
    return figures


def _hidden_moves(
    connection: Connection, own: Scope, moves: pd.DataFrame, calendar: SchoolDays, now: pd.Timestamp
) -> Cells:
    """Of which groups, in which years, is hidden how many moves held: the page tells the sum of the years."""
    source = str(queries.local_source(connection, own))
    suspensions = that_count(rows_of(connection, own, SUSPENSIONS, ("start_date", "category", "status"), source))
    until = suspensions["start_date"].max()  # the page's last day; it says nothing without one
    rows = held.judged(moves, calendar, now)
    on_page = rows if pd.isna(until) else held.judged(moves, calendar, until)
    told = pd.Series(rows.index.isin(on_page.index[on_page["due"]]), index=rows.index)
    labels = {str(phase): phase.label for phase in Phase}
    groups = rows["phase"].astype("object").map(labels).fillna(_NO_SCHOOL)
    return held_in_years(rows.assign(group=groups), told, settings().small_number)


def first_response_conversion(connection: Connection, scope: Scope, asked: Asked) -> list[Figure]:
    """The calls of the year that became a referral, by their own record; a case comes by way of one."""
    own = scope.within(asked.la)
    calls = _in_year(rows_of(connection, own, FIRST_RESPONSE, ("received_date", "became")), "received_date", asked)
    became = calls["became"].isin([str(CallBecame.REFERRAL), str(CallBecame.CASE)])
    rows = calls.assign(became=became, is_case=calls["became"].eq(str(CallBecame.CASE)), due=True)
    return [
        replace(
            _of_due(group, part["became"], part["due"], FEWEST_CALLS),
            pupils=(
                int((~part["became"]).sum()),
                int((part["became"] & ~part["is_case"]).sum()),
                int(part["is_case"].sum()),
            ),
            # What became of calls is crossed with nothing on the page either.
            hidden=True if asked.by is By.PHASE else None,
        )
        for group, part in _groups(rows, asked.by)
    ]


def clocks_met(connection: Connection, scope: Scope, asked: Asked) -> list[Figure]:
    """The statutory clocks that fell due in the year and were met in time."""
    own, now = _reached(connection, scope, asked)
    if now is None:
        return []
    rows = {each.name: _whole(connection, own, each) for each in clocks.DATASETS}
    rows = {name: _as_of_pupils(frame) for name, frame in rows.items()}
    # What is due in a year was set going in it or shortly before, and asks for no more than that term's suspensions.
    given = rows[SUSPENSIONS.name]
    before = pd.Timestamp(asked.first) - pd.DateOffset(years=1)
    rows[SUSPENSIONS.name] = given[given["start_date"].between(before, pd.Timestamp(asked.last))]
    schools, dates = queries.schools(connection, own), queries.term_dates(connection, own)
    found = clocks.clocks_from(rows, schools, dates, now)
    judged = found[found["state"].isin([str(State.MET), str(State.MET_LATE), str(State.LATE)])]
    rights = [clock.id for clock in CLOCKS if clock.lapses]
    judged = _in_year(judged[~judged["clock"].isin(rights)], "due", asked)
    judged = judged.assign(met_in_time=judged["state"].eq(str(State.MET)), due_now=True)
    names = {clock.id: clock.name for clock in CLOCKS}
    parts = (
        [(name, judged[judged["clock"].eq(each)]) for each, name in names.items()]
        if asked.by is By.CLOCK
        else [(WHOLE, judged)]
    )
    return [_of_due(group, part["met_in_time"], part["due_now"], FEWEST_CLOCKS) for group, part in parts if len(part)]


def _of_due(group: str, has: pd.Series, due: pd.Series, minimum: int) -> Figure:
    """The share that has something among those due, in percent."""
    count, out_of = int((has & due).sum()), int(due.sum())
    try:
        share: Share | None = due_only(has, due, minimum=minimum)
    except TooFew:
        share = None
    return of_share(group, count, out_of, share, minimum, NOT_DUE if out_of < len(due) else "")


def _reached(connection: Connection, scope: Scope, asked: Asked) -> tuple[Scope, date | None]:
    """The scope within the authority, and the last day of its data; None where that is before the year."""
    now = last_day(connection, scope, asked.la)
    return scope.within(asked.la), None if now is None or now < asked.first else now


def _in_year(rows: pd.DataFrame, day: str, asked: Asked) -> pd.DataFrame:
    return rows[rows[day].between(pd.Timestamp(asked.first), pd.Timestamp(asked.last))]


def _of_pupils(cases: pd.DataFrame) -> pd.DataFrame:
    return cases[cases["pupil_ref"].notna()]


def _whole(connection: Connection, scope: Scope, dataset: Dataset) -> pd.DataFrame:
    source = str(queries.local_source(connection, scope)) if dataset.by_source else None
    names = [name for name in dataset.columns if name not in ("pupil_ref", "urn")]
    return rows_of(connection, scope, dataset, names, source)


def _as_of_pupils(rows: pd.DataFrame) -> pd.DataFrame:
    return rows[rows["pupil_ref"].notna()].drop(columns="phase").reset_index(drop=True)


def _calendar(connection: Connection, scope: Scope) -> SchoolDays:
    return SchoolDays.of(queries.term_dates(connection, scope))


def _groups(rows: pd.DataFrame, by: By) -> Iterator[tuple[str, pd.DataFrame]]:
    """The rows by the phase of their school, or all together."""
    if by is not By.PHASE:
        if len(rows):
            yield WHOLE, rows
        return
    for phase in Phase:
        own = rows[rows["phase"].eq(str(phase))]
        if len(own):
            yield phase.label, own
    if rows["phase"].isna().any():
        yield _NO_SCHOOL, rows[rows["phase"].isna()]
