"""Alternative provision placements in three tiers: with whom, for how long, and never two at a time."""

from dataclasses import dataclass

import numpy as np

from sample_data.arrays import Array, Columns, Random, choose, group_starts, running_maximum
from sample_data.calendars import Calendars
from sample_data.ends import BREAKDOWN, ends, new_schools, planned_weeks
from sample_data.events import Events
from sample_data.exclusions import Exclusions
from sample_data.figures import LAST_YEAR_GROUP
from sample_data.population import Population
from sample_data.schools import Register
from sample_data.starts import REASONS, Starts, wanted_placements

PROVIDERS = ("urn", "ukprn", "NFE", "OOT", "OTH", "WBP")
_AP_SCHOOL, REGISTERED, FURTHER_EDUCATION, _TUITION = range(4)
# By tier, in the order of PROVIDERS.
_PROVIDER_SHARES = {
    1: np.array([30, 20, 2, 15, 28, 5]),
    2: np.array([68, 13, 1, 4, 11, 3]),
    3: np.array([100, 0, 0, 0, 0, 0]),
}
_MEDICAL_SHARES = np.array([45, 0, 0, 55, 0, 0])
_PRIMARY_LAST = 6


@dataclass(frozen=True)
class Placements(Columns):
    """Placements, sorted by pupil and start. `provider` is a position in `PROVIDERS`, `ended` one in `ENDS` or -1.

    `end` is NaT while a placement is open. `goes_to` is the site where a pupil starts who does not go home, or -1.
    """

    pupil: Array
    tier: Array
    reason: Array
    start: Array
    planned: Array
    end: Array
    ended: Array
    provider: Array
    provider_urn: Array
    full_time: Array
    sessions: Array
    home_urn: Array
    goes_to: Array

    @property
    def at_ap_school(self) -> Array:
        """Whether the provider is an AP school."""
        return np.asarray(self.provider == _AP_SCHOOL)


def make_placements(
    rng: Random,
    register: Register,
    population: Population,
    events: Events,
    exclusions: Exclusions,
    calendars: Calendars,
) -> Placements:
    """Every placement of a pupil on roll up to Year 11."""
    starts = wanted_placements(rng, register, population, events, exclusions, calendars)
    enrolment = population.enrolment(starts.pupil, np.maximum(calendars.year_of(starts.start), 0))
    usable = ~np.isnat(starts.start) & (enrolment >= 0) & (population.year_group[enrolment] <= LAST_YEAR_GROUP)
    placements = _placed(rng, register, population, starts[usable], enrolment[usable], calendars)
    placements = placements[~(placements.end < calendars.first_days[0])]
    return _one_at_a_time(_cut_short(placements, exclusions))


def _placed(
    rng: Random, register: Register, population: Population, starts: Starts, enrolment: Array, calendars: Calendars
) -> Placements:
    size = len(enrolment)
    year_group = population.year_group[enrolment]
    provider = _providers(rng, starts, has_ap_schools=len(register.ap_urns) > 0)
    weeks = planned_weeks(rng, starts.tier)
    end, ended = ends(rng, starts, weeks, year_group, calendars)
    full_time = (starts.tier == 3) | ((starts.tier == 2) & (provider != _TUITION) & (rng.random(size) < 0.7))
    part_time = np.where(starts.tier == 1, rng.integers(1, 5, size), rng.integers(4, 7, size))
    site = population.site[enrolment, calendars.term_of(np.maximum(starts.start, calendars.first_days[0]))]
    return Placements(
        pupil=starts.pupil,
        tier=starts.tier,
        reason=starts.reason,
        start=starts.start,
        planned=starts.start + 7 * weeks,
        end=end,
        ended=ended,
        provider=provider,
        provider_urn=_ap_school(rng, register, starts.medical, year_group, provider),
        full_time=full_time,
        sessions=np.where(full_time, 10, part_time),
        home_urn=register.urn_at(site, population.year[enrolment]),
        goes_to=new_schools(rng, register, site, ended),
    )


def _providers(rng: Random, starts: Starts, *, has_ap_schools: bool) -> Array:
    provider = np.full(len(starts.pupil), _AP_SCHOOL)
    for tier, shares in _PROVIDER_SHARES.items():
        rows = np.flatnonzero(starts.tier == tier)
        provider[rows] = choose(rng, shares, len(rows))
    medical = np.flatnonzero(starts.medical)
    provider[medical] = choose(rng, _MEDICAL_SHARES, len(medical))
    if not has_ap_schools:
        provider[provider == _AP_SCHOOL] = REGISTERED
    return provider


def _ap_school(rng: Random, register: Register, medical: Array, year_group: Array, provider: Array) -> Array:
    """The AP school of each placement that has one (0 otherwise): by age, and one for medical needs."""
    urns = register.ap_urns
    result = np.zeros(len(provider), dtype=np.int64)
    if not len(urns):
        return result
    part = max(1, len(urns) // 4)
    young = ~medical & (year_group <= _PRIMARY_LAST)
    middle = urns[part:-part] if len(urns) > 2 * part else urns
    for members, pool in ((young, urns[:part]), (medical, urns[-part:]), (~medical & ~young, middle)):
        rows = np.flatnonzero(members & (provider == _AP_SCHOOL))
        result[rows] = rng.choice(pool, len(rows))
    return result


def _cut_short(placements: Placements, exclusions: Exclusions) -> Placements:
    """A permanent exclusion ends what was running, as a breakdown, and after it only the place it leads to starts."""
    size = int(max(placements.pupil.max(initial=0), exclusions.pupil.max(initial=0))) + 1
    decision = np.full(size, np.datetime64("NaT"), dtype="datetime64[D]")
    decision[exclusions.pupil[exclusions.stands]] = exclusions.decision[exclusions.stands]
    excluded = decision[placements.pupil]
    follows = (placements.reason == REASONS.index("permanent_exclusion")) & (placements.start >= excluded)
    runs_over = (placements.start < excluded) & ~(placements.end < excluded)
    placements.end[runs_over] = excluded[runs_over]
    placements.ended[runs_over] = BREAKDOWN
    placements.goes_to[runs_over] = -1
    return placements[follows | ~(placements.start >= excluded)]


def _one_at_a_time(placements: Placements) -> Placements:
    """Leave out what starts before all of the pupil's earlier placements have ended."""
    placements = placements[np.lexsort((placements.start, placements.pupil))]
    start = placements.start.astype(np.int64)
    open_ended = start.max(initial=0) + 10_000
    end = np.where(np.isnat(placements.end), open_ended, placements.end.astype(np.int64))
    before = np.roll(running_maximum(end, placements.pupil), 1)
    return placements[group_starts(placements.pupil) | (start > before)]
