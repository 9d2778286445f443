"""When suspensions happen: a few children have many, some schools have more than others, and both last over years."""

from dataclasses import dataclass

import numpy as np

from sample_data.arrays import Array, Columns, Random, choose, group_starts, running_maximum, running_total
from sample_data.calendars import Calendars
from sample_data.figures import (
    FIRST_YEAR,
    PRIMARY,
    SECONDARY,
    SESSIONS,
    SPECIAL,
    SUSPENSION_RATE,
    TERM_SHARE,
    YEAR_GROUP,
)
from sample_data.population import LOOKED_AFTER, Population
from sample_data.schools import Register
from sample_data.sites import Sites

MOST_SESSIONS_A_TERM = 30  # fifteen days: from there on the governing board must meet

# By phase (primary, secondary, special), tuned together so that tests/sample_data/test_calibration.py holds.
# Children: those whose frailty is well above the first figure are prone for good; a gamma of the second shape by year.
_PRONE_ABOVE = np.array([2.1, 1.0, 1.0])
_PRONE_STEEPNESS = 4.0
_CHILD_BY_YEAR = np.array([0.3, 0.65, 0.45])
_CHILD_BY_TERM = 0.35
# Schools: a gamma of the first shape for good; the spread of the logarithm by which they drift, and differ by year.
_SCHOOL_FOR_GOOD = np.array([0.75, 1.6, 0.35])
_SCHOOL_DRIFT = np.array([0.15, 0.15, 0.05])
_SCHOOL_BY_YEAR = np.array([0.15, 0.24, 0.05])
# Suspensions that would not fit in a term, or pass its fifteen days, are left out: so many more are needed.
_LEFT_OUT = np.array([1.33, 1.41, 1.27])
_SEX, _FREE_MEALS, _LOOKED_AFTER = 1.65, 3.6, 2.2
_SEN_FACTOR = np.array([1.0, 3.9, 3.9])
_LUNCHTIMES = np.array([0.05, 0.01, 0.0])
_STARTS_IN_AFTERNOON = 0.12
_DISCONTINUOUS = 0.015


@dataclass(frozen=True)
class Events(Columns):
    """Suspensions, sorted by enrolment, term and day.

    `enrolment` is the pupil's year, `urn` the school that suspends, `day` the first day, `last_day` the last,
    `sessions` the half days lost, `lunchtime` whether it is for lunchtimes only, `afternoon` whether it starts after
    lunch.
    """

    enrolment: Array
    urn: Array
    term: Array
    day: Array
    last_day: Array
    sessions: Array
    lunchtime: Array
    afternoon: Array


def make_events(rng: Random, register: Register, population: Population, calendars: Calendars) -> Events:
    """Every suspension from a mainstream or special school, within the limits that schools keep."""
    sites = register.sites
    expected = expected_suspensions(rng, sites, population, calendars)
    enrolment = np.repeat(np.arange(len(expected)), rng.poisson(expected))
    term = _terms(rng, enrolment)
    order = np.lexsort((term, enrolment))
    enrolment, term = enrolment[order], term[order]
    year, site = population.year[enrolment], population.site[enrolment, term]
    lunchtime = rng.random(len(enrolment)) < _LUNCHTIMES[sites.phase[site]]
    sessions = np.where(lunchtime, 1, draw_sessions(rng, len(enrolment)))
    afternoon, spans = draw_spans(rng, sessions, lunchtime)
    in_calendar = (sites.calendar[site], year, term)
    length = calendars.lengths[in_calendar]
    first = _school_days(rng, length, spans, enrolment * 3 + term)
    fits = first + spans <= length
    events = Events(
        enrolment=enrolment,
        urn=register.urn_at(site, year),
        term=term,
        day=calendars.days[*in_calendar, np.where(fits, first, 0)],
        last_day=calendars.days[*in_calendar, np.where(fits, first + spans - 1, 0)],
        sessions=sessions,
        lunchtime=lunchtime,
        afternoon=afternoon,
    )[fits]
    return events[within_the_limit(events.sessions, events.lunchtime, events.enrolment * 3 + events.term)]


def _school_days(rng: Random, length: Array, spans: Array, group: Array) -> Array:
    """The school day of its term that each suspension starts on, in order within each group of one pupil and term."""
    # The first weeks of a term are quieter than the rest.
    day = np.floor(length * rng.random(len(length)) ** 0.92).astype(np.int64)
    return one_after_the_other(day[np.lexsort((day, group))], spans, group)


def expected_suspensions(rng: Random, sites: Sites, population: Population, calendars: Calendars) -> Array:
    """How many suspensions each enrolment may expect, so that each phase and year comes to its published rate."""
    pupil, year = population.pupil, population.year
    site = population.site[:, 1]
    phase = sites.phase[site]
    by_year = _CHILD_BY_YEAR[phase]
    weight = (
        YEAR_GROUP[population.year_group]
        * np.where(population.boy, _SEX, 1.0)[pupil]
        * np.where(population.free_meals, _FREE_MEALS, 1.0)[pupil]
        * np.where(population.social_care == LOOKED_AFTER, _LOOKED_AFTER, 1.0)[pupil]
        * np.where(phase == SPECIAL, 1.0, _SEN_FACTOR[population.sen])
        / (1 + np.exp(_PRONE_STEEPNESS * (_PRONE_ABOVE[phase] - population.frailty[pupil])))
        * rng.gamma(by_year)
        / by_year
        * _school_effects(rng, sites, calendars.years)[site, year]
    )
    group = phase * calendars.years + year
    totals = np.bincount(group, weight, minlength=3 * calendars.years)
    headcounts = np.bincount(group, minlength=3 * calendars.years)
    offset = calendars.first_year - FIRST_YEAR
    rates = SUSPENSION_RATE[:, offset : offset + calendars.years].ravel() / 100 * np.repeat(_LEFT_OUT, calendars.years)
    return np.asarray(weight * (rates * headcounts / np.maximum(totals, 1e-9))[group])


def _school_effects(rng: Random, sites: Sites, years: int) -> Array:
    """How many times the usual each site suspends, by year: for good (gamma), drifting, and by the year."""
    phase = sites.phase
    for_good = np.empty(len(phase))
    for number in (PRIMARY, SECONDARY, SPECIAL):
        members = np.flatnonzero(phase == number)
        for_good[members] = _spread(rng, _SCHOOL_FOR_GOOD[number], len(members))
    for_good[sites.selective] *= 0.3
    steps = rng.standard_normal((len(phase), years)) * _SCHOOL_DRIFT[phase][:, None]
    by_year = rng.standard_normal((len(phase), years)) * _SCHOOL_BY_YEAR[phase][:, None]
    return np.asarray(for_good[:, None] * np.exp(np.cumsum(steps, axis=1) + by_year))


def _spread(rng: Random, shape: float, size: int) -> Array:
    """Gamma values of mean 1, ranked as a large sample would be: a small LA gets a fair picture too."""
    many = np.sort(rng.gamma(shape, 1 / shape, 40 * max(size, 25)))
    middles = (np.arange(size) + 0.5) / max(size, 1)
    return np.asarray(rng.permutation(np.quantile(many, middles)))


def _terms(rng: Random, enrolment: Array) -> Array:
    """A term for each suspension: a child's troubles come together, so each has terms of their own."""
    run = np.cumsum(group_starts(enrolment)) - 1
    weights = TERM_SHARE * rng.gamma(_CHILD_BY_TERM, size=(int(run[-1]) + 1 if len(run) else 0, 3))
    limits = np.cumsum(weights, axis=1) / np.maximum(weights.sum(axis=1, keepdims=True), 1e-300)
    past = (rng.random(len(run))[:, None] > limits[run]).sum(axis=1)
    return np.asarray(np.minimum(past, 2).astype(np.int8))


def draw_sessions(rng: Random, size: int) -> Array:
    """The half days of each suspension."""
    lengths = np.array([length for length, _ in SESSIONS])
    return np.asarray(lengths[choose(rng, np.array([share for _, share in SESSIONS]), size)])


def draw_spans(rng: Random, sessions: Array, lunchtime: Array) -> tuple[Array, Array]:
    """Whether each suspension starts after lunch, and over how many school days it stretches."""
    afternoon = (rng.random(len(sessions)) < _STARTS_IN_AFTERNOON) & ~lunchtime
    interrupted = (rng.random(len(sessions)) < _DISCONTINUOUS) & (sessions > 2)
    return afternoon, (sessions + afternoon + 1) // 2 + interrupted


def one_after_the_other(day: Array, spans: Array, group: Array) -> Array:
    """Days moved back where one would start before the pupil is in school again for a day, within each group."""
    needed = spans + 1
    before = running_total(needed, group) - needed
    return np.asarray(running_maximum(day - before, group) + before)


def within_the_limit(sessions: Array, lunchtime: Array, group: Array) -> Array:
    """True for each suspension that keeps its pupil's term (a run of equal groups) within fifteen days."""
    counted = np.where(lunchtime, 0, sessions)
    return np.asarray(running_total(counted, group) <= MOST_SESSIONS_A_TERM)
