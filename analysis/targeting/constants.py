"""The constants of the steadied ratio, and what they were found on.

They were chosen on DfE's school-level exclusions of 2006/07 to 2016/17 (235,050 school-years) so that what is claimed
of schools that were picked for a bad year is, on average, what their next year was. The backtest (`backtest.py`) puts
them to an authority's own years, and estimates them anew where there are three or more.
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from analysis.denominators import HEADLINE
from data_model.codes import Phase

Numbers = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Constants:
    """Of one phase. `prior`: suspensions that are added to both sides, what is counted and what is expected.

    `dispersion`: how many times the variance of a count is that of independent suspensions, because a pupil who was
    suspended once is likely to be again. `drift`: the variance by which a school's true ratio moves in a year.
    """

    prior: float
    dispersion: float
    drift: float


CONSTANTS = {
    Phase.PRIMARY: Constants(prior=2, dispersion=3, drift=0.05),
    Phase.SECONDARY: Constants(prior=6, dispersion=4, drift=0.12),
    Phase.SPECIAL: Constants(prior=1, dispersion=3, drift=0.01),
}
"""By phase. Alternative provision has none: its pupils were placed there, and it is not what outreach is sent to."""

REPEAT_PATTERN = {Phase.PRIMARY: 4.3, Phase.SECONDARY: 4.5, Phase.SPECIAL: 5.0}
"""Σc²/Σc over England's pupils of 2016/17, c being a pupil's suspensions: where an authority's own is not known."""

Table = dict[Phase, Constants]


@dataclass(frozen=True, eq=False)
class OfEach:
    """The constants of the phase of each of a row of schools."""

    prior: Numbers
    dispersion: Numbers
    drift: Numbers


def of_each(phases: npt.NDArray[np.int64], constants: Table = CONSTANTS) -> OfEach:
    """The constants for each school, by the place of its phase in HEADLINE."""
    table = np.array([[constants[p].prior, constants[p].dispersion, constants[p].drift] for p in HEADLINE])
    prior, dispersion, drift = table[phases].T
    return OfEach(prior, dispersion, drift)
