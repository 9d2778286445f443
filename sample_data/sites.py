"""Where pupils are taught. A site stays where it is; the school (URN) that teaches there may change."""

from dataclasses import dataclass

import numpy as np

from sample_data import calendars
from sample_data.arrays import Array, Random, quantiles_shuffled
from sample_data.figures import PRIMARY, SECONDARY, SPECIAL

_SCHOOLS_IN_A_DISTRICT = 30
_OCCUPANCY = 0.93
_YEAR_GROUP_SIZES = {PRIMARY: (15, 20, 30, 30, 30, 45, 60, 60), SECONDARY: (120, 150, 180, 180, 210, 240)}
_CLOSING_INTAKE = 11


@dataclass(frozen=True)
class Sites:
    """One array entry for each site, alternative provision left out.

    `intake` is the pupils in each year group, `lowest` and `highest` the year groups (Reception is 0), `deprivation`
    the share of pupils on free school meals, `closes` the year from which a site has no pupils.
    """

    phase: Array
    district: Array
    intake: Array
    lowest: Array
    highest: Array
    deprivation: Array
    selective: Array
    calendar: Array
    closes: Array

    @property
    def capacity(self) -> Array:
        """How many pupils there is room for."""
        return np.asarray(np.ceil(self.intake * (self.highest - self.lowest + 1) / _OCCUPANCY).astype(np.int64))


def make_sites(rng: Random, phase: Array, *, closing: bool, years: int) -> Sites:
    """Sites for these phases, primary first. With `closing` the last primary is small and closes during the years."""
    size = len(phase)
    secondary, special = np.flatnonzero(phase == SECONDARY), np.flatnonzero(phase == SPECIAL)
    lowest = np.where(phase == PRIMARY, 0, 7)
    lowest[special[::2]] = 0
    highest = np.where(phase == PRIMARY, 6, 11)
    highest[secondary[rng.random(len(secondary)) < 0.5]] = 13
    selective = np.zeros(size, dtype=bool)
    selective[secondary[7::8]] = True
    calendar = np.full(size, calendars.LA)
    calendar[secondary[1:2]] = calendars.OTHER_TRAINING_DAYS
    calendar[special[:1]] = calendars.LONG_OCTOBER
    intake = _intakes(rng, phase, lowest)
    closes = np.full(size, years)
    if closing:
        last_primary = np.flatnonzero(phase == PRIMARY)[-1]
        intake[last_primary] = _CLOSING_INTAKE
        closes[last_primary] = max(1, years - 2)
    return Sites(
        phase=phase,
        district=_districts(phase),
        intake=intake,
        lowest=lowest,
        highest=highest,
        deprivation=_deprivation(rng, phase, selective),
        selective=selective,
        calendar=calendar,
        closes=closes,
    )


def districts_of(schools: int) -> int:
    """How many districts an LA of this size has."""
    return max(1, schools // _SCHOOLS_IN_A_DISTRICT)


def _districts(phase: Array) -> Array:
    """Each phase's schools spread over the districts in turn."""
    return np.concatenate([np.arange((phase == number).sum()) % districts_of(len(phase)) for number in range(3)])


def _intakes(rng: Random, phase: Array, lowest: Array) -> Array:
    special = np.where(lowest == 0, rng.integers(8, 13, len(phase)), rng.integers(13, 20, len(phase)))
    intake = special.astype(np.int64)
    for number, sizes in _YEAR_GROUP_SIZES.items():
        members = np.flatnonzero(phase == number)
        intake[members] = rng.permutation(np.round(_OCCUPANCY * np.resize(sizes, len(members))))
    return intake


def _deprivation(rng: Random, phase: Array, selective: Array) -> Array:
    """About a quarter of pupils are on free school meals, 46 % in special schools, few in selective ones."""
    usual = 0.06 + 0.5 * quantiles_shuffled(rng, len(phase)) ** 1.6
    return np.where(phase == SPECIAL, 0.46, np.where(selective, 0.06, usual))
