"""Where a school stands, in fixed words whose claims were tested (`docs/statistics.md`)."""

import numpy as np
import numpy.typing as npt

from analysis.targeting.history import WITHHELD
from analysis.targeting.steadied import Steadied
from analysis.wording import counted
from data_model.codes import Phase
from data_model.labelled import Labelled

SURE = 0.9
"""How sure the words have to be."""
FAR = 1.5
"""Times the average from which a school is much higher."""
LEAST_EXPECTED = 2.0
"""Suspensions a year below which a school is too small to say anything of, unless its own counts are clear."""


class Band(Labelled):
    """A standing among the schools of one phase of one authority."""

    MUCH_HIGHER = "much_higher", "Much higher than average"
    HIGHER = "higher", "Higher than average"
    IN_LINE = "in_line", "In line, or we cannot tell"
    LOWER = "lower", "Lower than average"
    TOO_SMALL = "too_small", "Too small to say"


HIGH_NEED = (str(Band.MUCH_HIGHER), str(Band.HIGHER))
"""The bands of schools in high need."""

STAY_ABOVE = {Phase.PRIMARY: 0.8, Phase.SECONDARY: 0.9, Phase.SPECIAL: 0.9}
"""Of schools much higher than average, how many are above it in the next year, as the words say it: in tenths.

Measured on DfE's years to 2016/17: 81 %, 89 % and 94 %; never said to be more than nine in ten.
"""


def bands(found: Steadied) -> npt.NDArray[np.object_]:
    """The band of each school."""
    above, far = found.sure_above(1) >= SURE, found.sure_above(FAR) >= SURE
    below = found.sure_above(1) <= 1 - SURE
    clear = above | below
    small = (found.next_expected < LEAST_EXPECTED) & ~clear
    conditions = [small, far, above, below]
    chosen = np.select(conditions, [0, 1, 2, 3], default=4)
    order = [Band.TOO_SMALL, Band.MUCH_HIGHER, Band.HIGHER, Band.LOWER, Band.IN_LINE]
    each: npt.NDArray[np.object_] = np.array(order, dtype=object)[chosen]
    return each


def words(band: Band, phase: Phase, observed: float) -> str:
    """What a band means for a school of a phase that had so many suspensions in the last three terms."""
    match band:
        case Band.MUCH_HIGHER:
            stay = f"about {round(STAY_ABOVE[phase] * 10)} in 10 schools like this stay above average"
            return f"Much higher than this LA’s average for its phase ({stay})"
        case Band.HIGHER:
            return "Higher than average for its phase; could be partly a bad year"
        case Band.LOWER:
            return "Lower than average for its phase"
        case Band.TOO_SMALL:
            had = "1 or 2 suspensions" if observed == WITHHELD else counted(observed, "suspension")
            return f"Too small to say: {had}, one child can move this"
        case _:
            return "In line, or we cannot tell"
