"""Permanent exclusions: who, when, and what governing boards and review panels made of them."""

from dataclasses import dataclass, replace

import numpy as np

from sample_data.arrays import Array, Columns, Random, choose, sample_by_weight
from sample_data.calendars import Calendars
from sample_data.events import Events
from sample_data.figures import FIRST_YEAR, PERMANENT_EXCLUSION_RATE
from sample_data.population import Population
from sample_data.schools import Register

_WITHOUT_SUSPENSION = 0.18
_DAYS_LEFT = 9  # so that the sixth school day after the decision is in the same year
_OUTCOMES = ("ANO", "INO", "LNO", "FRE", "HWD", "JRE", "KRE", "DNO", "GNO", "EON", "NOG")
_SHARES = np.array([0.885, 0.03, 0.012, 0.033, 0.03, 0.006, 0.004, 0, 0, 0, 0])
_REINSTATED = ("FRE", "HWD", "JRE", "KRE")
_REVIEWED = ("INO", "LNO", "JRE", "KRE")
REVIEW_WINDOW = 15
"""School days within which parents may ask for a review."""
_NEVER = np.datetime64("NaT")


@dataclass(frozen=True)
class Exclusions(Columns):
    """Permanent exclusions in order of the pupil; one for a pupil at most.

    `outcome` is "" where none is recorded, `stands` False where the pupil was reinstated or the head withdrew it,
    `day_6` is when provision starts, `back` when a reinstated pupil returns.
    """

    enrolment: Array
    pupil: Array
    urn: Array
    decision: Array
    notified: Array
    meeting: Array
    requested: Array
    reviewed: Array
    outcome: Array
    stands: Array
    day_6: Array
    back: Array


def make_exclusions(
    rng: Random, register: Register, population: Population, events: Events, calendars: Calendars
) -> Exclusions:
    """Permanent exclusions at the published rates, mostly of pupils who have been suspended."""
    counts = np.bincount(events.enrolment[~events.lunchtime], minlength=len(population.pupil))
    enrolment = _who(rng, register, population, counts, calendars)
    enrolment = enrolment[np.unique(population.pupil[enrolment], return_index=True)[1]]
    size = len(enrolment)
    decision = _when(rng, population, events, counts, enrolment, calendars)
    site = population.site[enrolment, calendars.term_of(decision)]
    notified = calendars.later(decision, rng.integers(0, 3, size))
    outcome = np.array(_OUTCOMES, dtype=object)[choose(rng, _SHARES, size)]
    meeting = calendars.later(notified, rng.integers(7, 15, size))
    requested = calendars.later(meeting, rng.integers(5, REVIEW_WINDOW, size))
    requested = np.where(np.isin(outcome, _REVIEWED), requested, _NEVER)
    full = Exclusions(
        enrolment=enrolment,
        pupil=population.pupil[enrolment],
        urn=register.urn_at(site, population.year[enrolment]),
        decision=decision,
        notified=notified,
        meeting=np.where(outcome == "HWD", _NEVER, meeting),
        requested=requested,
        reviewed=calendars.later(requested, rng.integers(8, 15, size)),
        outcome=outcome,
        stands=np.ones(size, dtype=bool),
        # Two schools have calendars of their own: the fifth school day is in time by any.
        day_6=calendars.later(decision, np.where(register.sites.calendar[site] == 0, rng.integers(4, 7, size), 4)),
        back=decision,
    )
    return _as_known(rng, full, calendars)


def _who(rng: Random, register: Register, population: Population, counts: Array, calendars: Calendars) -> Array:
    """Enrolments to end by permanent exclusion, drawn phase by phase and year by year."""
    phase = register.sites.phase[population.site[:, 1]]
    found = []
    for year in range(calendars.years):
        for number, rates in enumerate(PERMANENT_EXCLUSION_RATE):
            members = np.flatnonzero((population.year == year) & (phase == number))
            wanted = rates[calendars.first_year - FIRST_YEAR + year] / 100 * len(members)
            weight = counts[members] ** 1.3
            others = (weight == 0) & (population.year_group[members] <= 11)
            weight[others] = _WITHOUT_SUSPENSION * weight.sum() / max(others.sum(), 1)
            size = int(wanted + rng.random())
            found.append(members[sample_by_weight(rng, weight, size)])
    return np.sort(np.concatenate(found))


def _when(
    rng: Random, population: Population, events: Events, counts: Array, enrolment: Array, calendars: Calendars
) -> Array:
    """The head's decision: days after one of the pupil's later suspensions, or any day where there was none."""
    real = np.flatnonzero(~events.lunchtime)
    start = np.searchsorted(events.enrolment[real], enrolment)
    many = counts[enrolment]
    chosen = start + np.floor(many * rng.random(len(enrolment)) ** 0.4).astype(np.int64)
    after = events.last_day[real][np.minimum(chosen, len(real) - 1)]
    year = population.year[enrolment]
    first = calendars.days[0, year, 0, 0]
    any_day = calendars.later(first, rng.integers(5, 170, len(enrolment)))
    decision = calendars.later(np.where(many > 0, after, any_day), rng.integers(1, 9, len(enrolment)))
    latest = calendars.later(first, calendars.lengths[0, year].sum(axis=1) - _DAYS_LEFT)
    return np.where(np.isnat(decision) | (decision > latest), latest, decision)


def _as_known(rng: Random, full: Exclusions, calendars: Calendars) -> Exclusions:
    """What is known on the sample's last day: recent ones are still before a board or a panel."""
    outcome = full.outcome.copy()
    to_come = np.isnat(full.meeting) & (outcome != "HWD")
    windows_end = calendars.later(full.meeting, np.full(len(outcome), REVIEW_WINDOW))
    reviewed = np.isin(outcome, _REVIEWED)
    outcome[(outcome == "ANO") & np.isnat(windows_end)] = "DNO"
    outcome[reviewed & np.isnat(full.requested)] = "DNO"
    outcome[reviewed & ~np.isnat(full.requested) & np.isnat(full.reviewed)] = "GNO"
    outcome[to_come] = rng.choice(np.array(["", "EON", "NOG"], dtype=object), int(to_come.sum()))
    decided = np.where(reviewed, full.reviewed, full.meeting)
    back = np.where(outcome == "HWD", full.decision + 7, decided)
    return replace(
        full,
        outcome=outcome,
        stands=~np.isin(outcome, _REINSTATED),
        back=calendars.later(back, np.full(len(outcome), 2)),
    )
