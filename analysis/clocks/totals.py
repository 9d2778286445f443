"""Days out of school against the 45 that a year may have, and the 15 in a term past which the board must meet."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from analysis.clocks.days_out import Suspended
from analysis.clocks.definitions import DAYS_IN_TERM, DAYS_IN_YEAR, FIVE_DAYS, Clock, State
from analysis.clocks.running import Running
from data_model.school_days import SchoolDays
from data_model.terms import Period, academic_year, in_words, year_label

_HALF_DAYS = 2
_UNDATED = "When a suspension was cancelled or ended is not recorded, so all of its days were counted."


@dataclass(frozen=True)
class _Day:
    """A day out of school: its half days, and the suspension that it is of."""

    day: date
    half_days: int
    of: Suspended


def totals(suspensions: Sequence[Suspended], calendar: SchoolDays, on: date) -> list[Running]:
    """How much of the year's and of the term's days one pupil has used up; nothing where that is none of them.

    Days to come of a suspension that has begun are counted: they have been given.
    """
    days = sorted((_Day(*out, each) for each in suspensions for out in each.out), key=lambda each: each.day)
    year = academic_year(on)
    in_year = [each for each in days if academic_year(each.day) == year]
    term = calendar.period(on, suspensions[-1].urn)
    in_term = [each for each in days if not each.of.cancelled and calendar.period(each.day, each.of.urn) == term]
    found = (_of_year(in_year, year), _of_term(in_term, term))
    return [each for each in found if each]


def half_days_in(suspension: Suspended, term: Period, calendar: SchoolDays, *, given: bool) -> int:
    """The half days of a suspension in a term: all that were given, or those that it came to."""
    days = suspension.given if given else suspension.out
    return sum(half_days for day, half_days in days if calendar.period(day, suspension.urn) == term)


def in_days(half_days: int) -> str:
    """Half days as days, in words: `12.5 days`."""
    return f"{half_days / _HALF_DAYS:g} {'day' if half_days == _HALF_DAYS else 'days'}"


def term_in_words(term: Period) -> str:
    """A term as it stands in a sentence: `the autumn term 2025/26`."""
    assert term.term
    return f"the {term.term.label.lower()} term {year_label(term.year)}"


def _of_year(days: Sequence[_Day], year: str) -> Running | None:
    used = sum(each.half_days for each in days)
    schools = len({each.of.urn for each in days})
    cancelled = sum(each.half_days for each in days if each.of.cancelled)
    said = [
        f"Suspended for {in_days(used)} in {year_label(year)}{f', at {schools} schools' if schools > 1 else ''}",
        f"{in_days(cancelled)} of these before a suspension was cancelled" if cancelled else "",
    ]
    return _total(DAYS_IN_YEAR, days, "; ".join(filter(None, said)))


def _of_term(days: Sequence[_Day], term: Period) -> Running | None:
    used = sum(each.half_days for each in days)
    said = f"Suspended for {in_days(used)} in {term_in_words(term)}"
    if FIVE_DAYS * _HALF_DAYS < used <= DAYS_IN_TERM.limit * _HALF_DAYS:
        said += f", past {FIVE_DAYS}: parents can have the governing board meet"
    return _total(DAYS_IN_TERM, days, said)


def _total(clock: Clock, days: Sequence[_Day], said: str) -> Running | None:
    if not days:
        return None
    used, limit = sum(each.half_days for each in days), clock.limit * _HALF_DAYS
    undated = any(each.of.estimated for each in days)
    left = limit - used
    reached = _reached(days, limit)
    sentences = [f"{said}.", _against(clock, left, reached), _UNDATED if undated else ""]
    return Running(
        clock=clock,
        pupil=days[0].of.pupil,
        urn=max((each.of for each in days), key=lambda each: each.first).urn,
        started=days[0].day,
        due=reached,
        school_days_left=left / _HALF_DAYS,
        state=_state(clock, left),
        met=None,
        estimated=undated,
        explanation=" ".join(filter(None, sentences)),
    )


def _reached(days: Sequence[_Day], limit: int) -> date | None:
    """The day on which the days are all used."""
    used = 0
    for each in days:
        used += each.half_days
        if used >= limit:
            return each.day
    return None


def _against(clock: Clock, left: int, reached: date | None) -> str:
    consequence = " The governing board must meet." if clock is DAYS_IN_TERM and left < 0 else ""
    if left < 0:
        return f"That is {in_days(-left)} more than {clock.limit}.{consequence}"
    if reached:
        return f"That is all of the {clock.limit}, on {in_words(reached)}."
    return f"{in_days(left).capitalize()} of {clock.limit} {'is' if left == _HALF_DAYS else 'are'} left."


def _state(clock: Clock, left: int) -> State:
    if left < 0:
        return State.OVER
    if left == 0:
        return State.AT
    return State.NEAR if left <= clock.warns_at * _HALF_DAYS else State.RUNNING
