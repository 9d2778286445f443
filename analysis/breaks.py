"""Where a series may not be read across: what it counts, or the school itself, is not what it was before."""

from collections.abc import Iterable
from datetime import date
from itertools import pairwise

from data_model.terms import Period

PANDEMIC = ("201920", "202021")
"""Years in which schools were closed to most pupils for a part."""
CLOSED, REOPENED, ACADEMY = "Schools closed (Covid)", "Schools open again", "Became an academy"
PANDEMIC_NOTE = (
    "The line is broken at 2019/20 and after 2020/21: schools were closed to most pupils for part of those years, and "
    "the reasons for suspension changed in 2020/21."
)
ACADEMY_NOTE = "The line is broken where the school became an academy: staff, rules and records may all have changed."


def breaks(periods: Iterable[Period], became_academy: date | None = None) -> dict[Period, str]:
    """The periods that a new stretch starts at, with the reason in words; none before the first of them."""
    ordered = sorted(set(periods))
    found: dict[Period, str] = {}
    for before, after in pairwise(ordered):
        if before.year < PANDEMIC[0] <= after.year:
            found[after] = CLOSED
        if before.year <= PANDEMIC[-1] < after.year:
            found[after] = REOPENED
        if became_academy and before.bounds[1] < became_academy <= after.bounds[1]:
            found[after] = ACADEMY
    return found


def notes(found: dict[Period, str]) -> tuple[str, ...]:
    """Sentences to show with a series that has these breaks."""
    said = {CLOSED: PANDEMIC_NOTE, REOPENED: PANDEMIC_NOTE, ACADEMY: ACADEMY_NOTE}
    return tuple(dict.fromkeys(said[reason] for reason in found.values()))
