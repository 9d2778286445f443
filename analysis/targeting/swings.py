"""A school's latest year beside the one before, and whether that is more than chance brings: in words."""

from math import sqrt

import numpy as np

from analysis.targeting.constants import REPEAT_PATTERN
from analysis.targeting.history import WITHHELD, History
from analysis.targeting.printed import suspensions
from analysis.wording import amount, counted
from data_model.codes import Phase

_USUAL = 1.96
"""How many standard deviations a change may be of what chance alone brings in 19 years of 20."""


def swing(before: float, now: float, averages: tuple[float, float], phase: Phase) -> str:
    """From how many suspensions to how many, with `more than usual swings` or `within usual swings`.

    `averages` are those of such a school in both years. A school that had as many as before for its pupils and phase
    may have more or fewer by chance: the variance of a count is that of independent suspensions times the repeat
    pattern of its phase.
    """
    average_before, average_now = averages
    usual_step = average_now / average_before if average_before else 1.0
    spread = sqrt(REPEAT_PATTERN[phase] * (now + before * usual_step**2))
    how = "within" if abs(now - before * usual_step) <= _USUAL * spread else "more than"
    beside = f"a school of this size and phase went from {suspensions(average_before)} to {suspensions(average_now)}"
    if now == before:
        return f"As many as the year before, {counted(now, 'suspension')}: {how} usual swings ({beside})."
    return f"{'Up' if now > before else 'Down'} from {amount(before)} to {amount(now)}: {how} usual swings ({beside})."


def swings(history: History) -> list[str]:
    """The `swing` of each school's latest year; blank where a term of either year is unknown or was withheld."""
    ends = slice(0, history.a_year), slice(history.a_year, 2 * history.a_year)
    (now, before), (average, average_before) = (
        [each[:, end].sum(axis=1) for end in ends] for each in (history.counted, history.expected)
    )
    withheld = (history.observed[:, : 2 * history.a_year] == WITHHELD).any(axis=1)
    known = ~np.isnan(now) & ~np.isnan(before) & ~withheld & (len(history.periods) >= 2 * history.a_year)
    phases = [Phase(name) for name in history.schools["phase"].astype("str")]
    figures = zip(before, now, average_before, average, phases, known, strict=True)
    return [
        swing(float(was), float(has), (float(usually_was), float(usually)), phase) if there else ""
        for was, has, usually_was, usually, phase, there in figures
    ]
