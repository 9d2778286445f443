"""What a suspension sets going: the governing board's consideration, and education from the sixth day in a row."""

from collections.abc import Iterator, Sequence
from datetime import date

from analysis.clocks.days_out import Suspended
from analysis.clocks.definitions import (
    BOARD_IF_ASKED,
    BOARD_MUST_MEET,
    DAY_6_SUSPENSION,
    DAYS_IN_TERM,
    FIVE_DAYS,
    Clock,
)
from analysis.clocks.running import Running, Told, deadline
from analysis.clocks.totals import half_days_in, in_days, term_in_words
from data_model.school_days import SchoolDays
from data_model.terms import Period, in_words

_MUST = {
    BOARD_MUST_MEET.id: "The governing board must meet by",
    BOARD_IF_ASKED.id: "If the parents ask, the governing board must meet by",
}
_PAST = {BOARD_MUST_MEET.id: DAYS_IN_TERM.limit, BOARD_IF_ASKED.id: FIVE_DAYS}
_NOT_TOLD = "When the board was told is not recorded, so school days were counted from the first day of the suspension."


def of_suspensions(suspensions: Sequence[Suspended], calendar: SchoolDays, on: date) -> list[Running]:
    """The clocks that one pupil's suspensions set going, in order of their start. Cancelled ones set none going."""
    return [*_of_board(suspensions, calendar, on), *_of_day_6(suspensions, calendar, on)]


def _of_board(suspensions: Sequence[Suspended], calendar: SchoolDays, on: date) -> Iterator[Running]:
    counting = [each for each in suspensions if not each.cancelled]
    for place, each in enumerate(counting):
        half_days, term = _with_those_before(counting[:place], each, calendar)
        clock = _clock(half_days)
        if clock is None:
            continue
        given = sum(number for _, number in each.given)
        why = (
            f"Suspended from {in_words(each.first)} for {in_days(given)}, which made {in_days(half_days)} in "
            f"{term_in_words(term)}: past {_PAST[clock.id]}."
        )
        told = Told(why, _MUST[clock.id], "It considered this on", _NOT_TOLD)
        yield deadline(
            clock,
            told,
            pupil=each.pupil,
            urn=each.urn,
            started=each.first,
            met=each.considered,
            on=on,
            calendar=calendar,
        )


def _with_those_before(before: Sequence[Suspended], each: Suspended, calendar: SchoolDays) -> tuple[int, Period]:
    """The half days in a term that a suspension made together with those before it, in the term where they are most."""
    terms = dict.fromkeys(calendar.period(day, each.urn) for day, _ in each.given)
    sums = {
        term: half_days_in(each, term, calendar, given=True)
        + sum(half_days_in(other, term, calendar, given=False) for other in before)
        for term in terms
    }
    worst = max(sums, key=lambda term: sums[term])
    return sums[worst], worst


def _clock(half_days: int) -> Clock | None:
    if half_days > 2 * DAYS_IN_TERM.limit:
        return BOARD_MUST_MEET
    return BOARD_IF_ASKED if half_days > 2 * FIVE_DAYS else None


def _of_day_6(suspensions: Sequence[Suspended], calendar: SchoolDays, on: date) -> Iterator[Running]:
    standing = [each for each in suspensions if each.stands and each.in_a_row and each.compulsory_age]
    for row in _rows(standing, calendar):
        half_days = sum(number for each in row for _, number in each.given)
        if half_days <= 2 * FIVE_DAYS:
            continue
        together = f", {len(row)} suspensions without a school day between them" if len(row) > 1 else ""
        why = f"Suspended from {in_words(row[0].first)} for {in_days(half_days)} in a row{together}."
        told = Told(why, "The school must arrange full-time education by", "Provision is recorded from")
        yield deadline(
            DAY_6_SUSPENSION,
            told,
            pupil=row[0].pupil,
            urn=row[0].urn,
            started=row[0].given[0][0],
            met=min((each.day_6_start for each in row if each.day_6_start), default=None),
            on=on,
            calendar=calendar,
        )


def _rows(suspensions: Sequence[Suspended], calendar: SchoolDays) -> list[list[Suspended]]:
    """Suspensions from one school that follow each other without a school day between them, together."""
    found: dict[int, list[list[Suspended]]] = {}
    for each in suspensions:
        rows = found.setdefault(each.urn, [])
        if rows and each.first <= calendar.after(max(other.last for other in rows[-1]), 1, each.urn).day:
            rows[-1].append(each)
        else:
            rows.append([each])
    return [row for rows in found.values() for row in rows]
