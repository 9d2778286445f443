"""Who needs an alternative provision placement, from when, in which tier and why."""

from dataclasses import dataclass

import numpy as np

from sample_data.arrays import Array, Columns, Random, count_within, group_starts, sample_by_weight
from sample_data.calendars import Calendars
from sample_data.events import Events
from sample_data.exclusions import Exclusions
from sample_data.figures import LAST_YEAR_GROUP, SECONDARY
from sample_data.population import Population
from sample_data.schools import Register

REASONS = ("behaviour_support", "mental_health", "physical_health", "permanent_exclusion", "ehcp_named")
BEHAVIOUR, MENTAL, PHYSICAL, EXCLUSION, PLAN = range(5)
_TIER_1_FROM, _TIER_1_CHANCE = 2, 0.05
_TIER_2_FROM, _TIER_2_CHANCE = 3, 0.09
_MEDICAL_A_YEAR = 0.0018
_CARRIED_OVER = 0.0016


@dataclass(frozen=True)
class Starts(Columns):
    """Placements that are wanted, one array entry for each. `reason` is a position in `REASONS`."""

    pupil: Array
    start: Array
    tier: Array
    reason: Array

    @property
    def medical(self) -> Array:
        """Whether illness is the reason."""
        return np.isin(self.reason, (MENTAL, PHYSICAL))


def wanted_placements(
    rng: Random,
    register: Register,
    population: Population,
    events: Events,
    exclusions: Exclusions,
    calendars: Calendars,
) -> Starts:
    """Placements after suspensions and permanent exclusions, for medical needs, and carried over from before."""
    return Starts.stacked(
        _carried_over(rng, population, exclusions, calendars),
        _after_exclusions(exclusions),
        _after_suspensions(rng, population, events, calendars),
        _medical(rng, register, population, calendars),
    )


def _carried_over(rng: Random, population: Population, exclusions: Exclusions, calendars: Calendars) -> Starts:
    """Places taken up in the months before the first year, of which some are still open then."""
    weight = np.exp(2 * population.frailty[population.pupil]) * (population.year == 0) * (population.year_group + 1.0)
    weight[np.isin(population.pupil, exclusions.pupil)] = 0
    who = sample_by_weight(rng, weight, int((population.year == 0).sum() * _CARRIED_OVER))
    start = calendars.first_days[0] - rng.integers(50, 300, len(who))
    tier = rng.integers(2, 4, len(who))
    return Starts(
        population.pupil[who],
        np.where(np.is_busday(start), start, start - 2),
        tier,
        np.where(tier == 3, EXCLUSION, BEHAVIOUR),
    )


def _after_exclusions(exclusions: Exclusions) -> Starts:
    """A place in tier 3 from the sixth day on."""
    stands = np.flatnonzero(exclusions.stands)
    size = len(stands)
    return Starts(exclusions.pupil[stands], exclusions.day_6[stands], np.full(size, 3), np.full(size, EXCLUSION))


def _after_suspensions(rng: Random, population: Population, events: Events, calendars: Calendars) -> Starts:
    """Tier 1 from the second suspension in a year, tier 2 from the third: one start for a pupil and year."""
    number = count_within(events.enrolment) + 1
    luck = rng.random(len(number))
    second = (number >= _TIER_2_FROM) & (luck < _TIER_2_CHANCE)
    first = (number >= _TIER_1_FROM) & (luck > 1 - _TIER_1_CHANCE)
    chosen = np.flatnonzero(first | second)
    chosen = chosen[group_starts(events.enrolment[chosen])]
    size = len(chosen)
    return Starts(
        population.pupil[events.enrolment[chosen]],
        calendars.later(events.last_day[chosen], rng.integers(6, 25, size)),
        np.where(second[chosen], 2, 1),
        np.where(rng.random(size) < 0.03, PLAN, BEHAVIOUR),
    )


def _medical(rng: Random, register: Register, population: Population, calendars: Calendars) -> Starts:
    """Children too ill for school, most for their mental health, older girls most often."""
    phase = register.sites.phase[population.site[:, 0]]
    age = np.clip(population.year_group - 5, 0, 6) / 6
    weight = age * np.where(population.boy[population.pupil], 0.6, 1.0) * (phase == SECONDARY)
    weight[population.year_group > LAST_YEAR_GROUP] = 0
    who = sample_by_weight(rng, weight, int((phase == SECONDARY).sum() * _MEDICAL_A_YEAR))
    first = calendars.days[0, population.year[who], 0, 0]
    return Starts(
        population.pupil[who],
        calendars.later(first, rng.integers(5, 180, len(who))),
        np.full(len(who), 2),
        np.where(rng.random(len(who)) < 0.87, MENTAL, PHYSICAL),
    )
