"""One clock of one pupil on a day: how much is left, where it stands, and why, in sentences."""

from dataclasses import dataclass
from datetime import date

from analysis.clocks.definitions import Clock, State
from analysis.wording import counted
from data_model.school_days import SchoolDays
from data_model.terms import in_words

_WEEKDAYS = "Term dates do not reach that far, so weekdays were counted, holidays or not."


@dataclass(frozen=True)
class Running:
    """A clock that was started. `due` is the day by which it has to be met, or on which the days of a total are, or
    were, all used; None where they are not.

    `school_days_left` are those until `due`, below 0 past it, or those that a total still may have. `met` is the day on
    which what is due was done. `estimated` is true where the start is not recorded as the law has it, or weekdays were
    counted for want of term dates: the explanation says which.
    """

    clock: Clock
    pupil: int
    urn: int
    started: date
    due: date | None
    school_days_left: float
    state: State
    met: date | None
    estimated: bool
    explanation: str


@dataclass(frozen=True)
class Told:
    """What a deadline's sentences say: `why` it runs, what is due (`must`, up to the day), and what was `done`.

    `assumed` says what was taken for a start that is not recorded; blank where it is.
    """

    why: str
    must: str
    done: str
    assumed: str = ""


def deadline(
    clock: Clock,
    told: Told,
    *,
    pupil: int,
    urn: int,
    started: date,
    met: date | None,
    on: date,
    calendar: SchoolDays,
) -> Running:
    """A clock with a day by which something is due, as it stands on a day. `met`: when it was done, where known."""
    area = -1 if clock.by_authority else urn
    due = (calendar.counting if clock.first_day_counts else calendar.after)(started, clock.limit, area)
    left = calendar.between(on, due.day, area, by_term_dates=due.by_term_dates)
    state = _state(clock, left, met, past=due.day < on, late=met is not None and met > due.day)
    sentences = (
        told.why,
        f"{told.must} {in_words(due.day)}.",
        told.assumed,
        "" if due.by_term_dates else _WEEKDAYS,
        _standing(state, left, met, told.done),
    )
    return Running(
        clock=clock,
        pupil=pupil,
        urn=urn,
        started=started,
        due=due.day,
        school_days_left=float(left),
        state=state,
        met=met,
        estimated=bool(told.assumed) or not due.by_term_dates,
        explanation=" ".join(filter(None, sentences)),
    )


def _state(clock: Clock, left: int, met: date | None, *, past: bool, late: bool) -> State:
    if met:
        return State.MET_LATE if late else State.MET
    if past:
        return State.LAPSED if clock.lapses else State.LATE
    return State.SOON if left <= clock.warns_at and not clock.lapses else State.RUNNING


def _standing(state: State, left: int, met: date | None, done: str) -> str:
    if met:
        late = ", which was late" if state is State.MET_LATE else ""
        return f"{done} {in_words(met)}{late}."
    if state is State.LAPSED:
        return "That time is over."
    if state is State.LATE:
        return f"That was {counted(-left, 'school day')} ago." if left else "That day is over."
    if left == 0:
        return "That is today."
    return f"{counted(left, 'school day')} {'is' if left == 1 else 'are'} left."
