"""The clocks of every pupil of a local authority on a day, as a table."""

from collections.abc import Iterator
from dataclasses import dataclass, fields
from datetime import date, timedelta
from itertools import groupby

import pandas as pd

from analysis.clocks.days_out import known, suspended
from analysis.clocks.definitions import FAIR_ACCESS, State
from analysis.clocks.of_exclusions import of_exclusions
from analysis.clocks.of_suspensions import of_suspensions
from analysis.clocks.running import Running, Told, deadline
from analysis.clocks.totals import totals
from data_model.school_days import SchoolDays
from data_model.terms import in_words

LATELY = timedelta(weeks=13)
"""What was due longer ago is taken to be missing in the records, not in life."""

_DAYS = {
    "suspensions": ("start_date", "end_date", "cancelled_date", "gb_considered_date", "day6_start"),
    "exclusions": (
        "head_decision_date",
        "gb_notified_date",
        "gb_meeting_date",
        "irp_requested_date",
        "irp_date",
        "day6_start",
        "next_start_date",
    ),
    "placements": ("start_date",),
    "referrals": ("agreed_date", "allocated_date"),
}
_OTHERS = {
    "suspensions": ("pupil", "urn", "sessions", "category", "status", "am_pm_start", "ncyg"),
    "exclusions": ("pupil", "urn", "status", "ncyg"),
    "placements": ("pupil", "attendance_pattern"),
    "referrals": ("pupil", "urn"),
}
_KINDS = {
    "clock": "str",
    "pupil": "int64",
    "urn": "int64",
    "started": "datetime64[s]",
    "due": "datetime64[s]",
    "school_days_left": "float64",
    "state": "str",
    "met": "datetime64[s]",
    "estimated": "bool",
    "explanation": "str",
}


@dataclass(frozen=True, eq=False)
class Events:
    """What clocks are started and stopped by: the rows of one local authority, with `pupil` as a number.

    suspensions: `pupil, urn, start_date, end_date, sessions, category, status, cancelled_date, gb_considered_date,
    day6_start, am_pm_start, ncyg`, every one of them: cancelled, reinstated and lunchtime ones too.
    exclusions: `pupil, urn, head_decision_date, status` (of PexStatus), `gb_notified_date, gb_meeting_date,
    irp_requested_date, irp_date, day6_start, next_start_date, ncyg`, every one that a head decided on.
    placements: `pupil, start_date, attendance_pattern`.
    referrals: `pupil, urn, agreed_date, allocated_date`, of unplaced children whom a Fair Access Panel is to consider;
    leave out those that were withdrawn.
    term_dates: the columns of the dataset. Days are datetime64; a column that is missing counts as blank.
    """

    suspensions: pd.DataFrame
    exclusions: pd.DataFrame
    placements: pd.DataFrame
    referrals: pd.DataFrame
    term_dates: pd.DataFrame


def clocks_on(events: Events, on: date) -> pd.DataFrame:
    """Every clock that was started by a day, as it then stood: one row each, by pupil and start.

    Columns: `clock` (of CLOCKS), `pupil, urn, started, due` (missing for a total that is not used up),
    `school_days_left` (below 0 past the day, or past the total), `state` (of State), `met` (when it was), `estimated`
    (a start was assumed, or weekdays were counted), `explanation`. What happened after the day is not known of.
    """
    calendar = SchoolDays.of(events.term_dates)
    rows = {each.name: _whole(events, each.name) for each in fields(events) if each.name in _DAYS}
    found = [
        *_of_suspended(rows["suspensions"], calendar, on),
        *of_exclusions(rows["exclusions"], rows["placements"], calendar, on),
        *_of_referrals(rows["referrals"], calendar, on),
    ]
    frame = pd.DataFrame([_row(each) for each in found], columns=list(_KINDS), dtype=object).astype(_KINDS)
    return frame.sort_values(["pupil", "started"], kind="stable", ignore_index=True)


def _row(running: Running) -> dict[str, object]:
    said = {name: getattr(running, name) for name in _KINDS}
    return said | {"clock": running.clock.id, "state": str(running.state)}


def needing_attention(rows: pd.DataFrame, on: date) -> pd.DataFrame:
    """The rows of `clocks_on` that somebody has to look at: due soon, late since LATELY, or a total near or passed."""
    urgent = rows["state"].isin([str(state) for state in State if state.needs_attention])
    long_ago = rows["state"].eq(str(State.LATE)) & rows["due"].lt(pd.Timestamp(on - LATELY))
    return rows[urgent & ~long_ago].reset_index(drop=True)


def _of_suspended(rows: pd.DataFrame, calendar: SchoolDays, on: date) -> Iterator[Running]:
    every = sorted(suspended(rows, calendar, on), key=lambda each: each.pupil)
    for _, own in groupby(every, key=lambda each: each.pupil):
        of_pupil = list(own)
        yield from totals(of_pupil, calendar, on)
        yield from of_suspensions(of_pupil, calendar, on)


def _of_referrals(rows: pd.DataFrame, calendar: SchoolDays, on: date) -> Iterator[Running]:
    for row in rows[rows["agreed_date"].le(pd.Timestamp(on))].itertuples(index=False):
        agreed = row.agreed_date.date()
        why = f"On {in_words(agreed)} it was agreed that the Fair Access Panel considers this child."
        yield deadline(
            FAIR_ACCESS,
            Told(why, "A school place must be allocated by", "It was allocated on"),
            pupil=int(row.pupil),
            urn=0 if pd.isna(row.urn) else int(row.urn),
            started=agreed,
            met=known(row.allocated_date, on),
            on=on,
            calendar=calendar,
        )


def _whole(events: Events, name: str) -> pd.DataFrame:
    """The rows of events with every column that they may have, days as days."""
    rows = getattr(events, name)
    frame = rows.reindex(columns=[*_OTHERS[name], *_DAYS[name]])
    return frame.astype(dict.fromkeys(_DAYS[name], "datetime64[s]"))
