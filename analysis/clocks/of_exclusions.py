"""What a permanent exclusion sets going: education from the sixth day, the board's meeting, and the review panel's."""

from collections.abc import Iterator
from datetime import date
from typing import Any

import pandas as pd

from analysis.clocks.days_out import AFTER_YEAR_11, known
from analysis.clocks.definitions import BOARD_MUST_MEET, DAY_6_EXCLUSION, REVIEW_HEARING, REVIEW_REQUEST, Clock
from analysis.clocks.running import Running, Told, deadline
from data_model.codes import AttendancePattern, PexStatus
from data_model.school_days import SchoolDays
from data_model.terms import in_words

_NOT_TOLD = "When the board was told is not recorded, so school days were counted from the head's decision."
_NOT_GIVEN = "When parents were told is not recorded, so school days were counted from the board's meeting."


def of_exclusions(rows: pd.DataFrame, placements: pd.DataFrame, calendar: SchoolDays, on: date) -> Iterator[Running]:
    """The clocks of the permanent exclusions that a head had decided on by a day; withdrawn ones set none going.

    `rows` and `placements` are those of `table.Events`.
    """
    full_time = placements[placements["attendance_pattern"].eq(str(AttendancePattern.FULL_TIME))]
    starts = {pupil: sorted(days.dropna().dt.date) for pupil, days in full_time.groupby("pupil")["start_date"]}
    decided = rows[rows["head_decision_date"].le(pd.Timestamp(on)) & rows["status"].ne(str(PexStatus.WITHDRAWN))]
    for row in decided.sort_values("head_decision_date", kind="stable").itertuples(index=False):
        for clock, told, started, met in _of_one(row, starts.get(row.pupil, []), on):
            yield deadline(
                clock,
                told,
                pupil=int(row.pupil),
                urn=int(row.urn),
                started=started,
                met=met,
                on=on,
                calendar=calendar,
            )


def _of_one(row: Any, placed: list[date], on: date) -> Iterator[tuple[Clock, Told, date, date | None]]:
    decided, told_on = row.head_decision_date.date(), known(row.gb_notified_date, on)
    met, asked = known(row.gb_meeting_date, on), known(row.irp_requested_date, on)
    reinstated = row.status == PexStatus.REINSTATED
    why = f"Permanently excluded on {in_words(decided)}."
    educated = _educated_from(row, decided, placed, on)
    if row.ncyg not in AFTER_YEAR_11 and (educated or not reinstated):
        words = Told(why, "Full-time education must begin by", "It is recorded from")
        yield DAY_6_EXCLUSION, words, decided, educated
    if met or not reinstated:
        words = Told(why, "The governing board must meet by", "It met on", "" if told_on else _NOT_TOLD)
        yield BOARD_MUST_MEET, words, told_on or decided, met
    if met and (asked or not reinstated):
        not_back = f"The governing board met on {in_words(met)} and did not reinstate the pupil."
        words = Told(not_back, "Parents may ask for a review until", "They asked on", _NOT_GIVEN)
        yield REVIEW_REQUEST, words, met, asked
    if asked:
        words = Told(f"Parents asked for a review on {in_words(asked)}.", "The panel must begin by", "It met on")
        yield REVIEW_HEARING, words, asked, known(row.irp_date, on)


def _educated_from(row: Any, decided: date, placed: list[date], on: date) -> date | None:
    """The first day of provision, a full-time placement or a new school after the decision, as far as is recorded."""
    days = [known(row.day6_start, on), known(row.next_start_date, on), *(day for day in placed if day <= on)]
    return min((day for day in days if day and day >= decided), default=None)
