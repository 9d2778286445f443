"""What an LA is so far: what the datasets that follow a child are drawn from, and must agree with."""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from sample_data.arrays import Array, Random, count_within
from sample_data.calendars import Calendars
from sample_data.consequences import is_away
from sample_data.events import Events
from sample_data.exclusions import Exclusions
from sample_data.figures import LAST_YEAR_GROUP, PRIMARY, SECONDARY
from sample_data.placements import Placements
from sample_data.population import Population
from sample_data.schools import Register
from sample_data.world import World

DAYS_AROUND = 42
"""Attendance is on file from so many days before a case or placement until so many after it."""
_LATER_ON = np.datetime64("2100-01-01")
_SPAN = 1 << 20

Frames = dict[str, pd.DataFrame]


@dataclass(frozen=True)
class Story:
    """One LA, its children and what happened to them. `frames` holds the datasets that are written already."""

    seed: int
    number: int
    world: World
    events: Events
    exclusions: Exclusions
    placements: Placements
    spells: pd.DataFrame
    referrals: pd.DataFrame
    cases: pd.DataFrame
    contacts: pd.DataFrame
    frames: Frames

    @property
    def register(self) -> Register:
        """The schools."""
        return self.world.register

    @property
    def population(self) -> Population:
        """The pupils."""
        return self.world.population

    @property
    def calendars(self) -> Calendars:
        """The school days."""
        return self.world.calendars

    def random(self, name: str) -> Random:
        """Random numbers of a dataset's own: no other dataset changes with it."""
        return np.random.default_rng(np.random.SeedSequence([self.seed, self.number, *name.encode()]))

    def site_on(self, pupil: Array, day: Array) -> Array:
        """The site that has each pupil on roll on a school day; -1 where none has."""
        year = self.calendars.year_of(day)
        inside = (pupil >= 0) & (year >= 0) & (year < self.calendars.years)
        row = np.where(inside, self.population.enrolment(pupil, np.where(inside, year, 0)), -1)
        return np.where(row >= 0, self.population.site[row, self.calendars.term_of(day)], -1)

    def urn_on(self, site: Array, day: Array) -> Array:
        """The school that teaches at a site on a day in the sample's years."""
        return self.register.urn_at(site, np.clip(self.calendars.year_of(day), 0, self.calendars.years - 1))

    def suspended_between(self, pupil: Array, first: Array, last: Array) -> Array:
        """How many suspensions of each pupil start from `first` until the day before `last`."""
        real = ~self.events.lunchtime
        own = self.population.pupil[self.events.enrolment[real]].astype(np.int64)
        keys = np.sort(own * _SPAN + self.events.day[real].astype(np.int64))
        place = pupil.astype(np.int64) * _SPAN
        start, end = place + first.astype(np.int64), place + last.astype(np.int64)
        return np.asarray(np.searchsorted(keys, end) - np.searchsorted(keys, start))

    def suspended(self) -> pd.DataFrame:
        """When pupils are suspended, lunchtimes left out: `pupil, since, until`."""
        real = self.events[~self.events.lunchtime]
        return _spans(self.population.pupil[real.enrolment], real.day, real.last_day)

    def taken(self) -> pd.DataFrame:
        """When another file says where a pupil is, day by day: `pupil, since, until`.

        While suspended, excluded or in a placement, and while attendance at the school is on file.
        """
        return pd.concat([self.suspended(), self.taken_elsewhere()], ignore_index=True)

    def taken_elsewhere(self) -> pd.DataFrame:
        """The same but suspensions, which pupils can have wherever they are."""
        for_pupils = self.cases[self.cases["pupil"] >= 0]
        placed = self.placements
        parts = [
            _spans(placed.pupil, placed.start - DAYS_AROUND, placed.end + DAYS_AROUND),
            _spans(
                for_pupils["pupil"].to_numpy(),
                for_pupils["start"].to_numpy("datetime64[D]") - DAYS_AROUND,
                for_pupils["end"].to_numpy("datetime64[D]") + DAYS_AROUND,
            ),
            self.spells[["pupil", "since", "until"]],
        ]
        return pd.concat(parts, ignore_index=True)

    def hard_times(self, rng: Random, size: int, at_least: int) -> pd.DataFrame:
        """Moments after a pupil's third or later suspension in a year, say, at a mainstream school: `pupil, site, day`.

        At most one for a pupil and year, in order of the day.
        """
        events, population = self.events, self.population
        number = count_within(events.enrolment) + 1
        site = population.site[events.enrolment, events.term]
        mainstream = np.isin(self.register.sites.phase[site], (PRIMARY, SECONDARY))
        young = population.year_group[events.enrolment] < LAST_YEAR_GROUP
        rows = np.flatnonzero((number >= at_least) & mainstream & young & ~events.lunchtime)
        rows = rng.permutation(rows)
        rows = rows[np.unique(events.enrolment[rows], return_index=True)[1]]
        rows = np.sort(rng.permutation(rows)[:size])
        found = {"pupil": population.pupil[events.enrolment[rows]], "site": site[rows], "day": events.last_day[rows]}
        return pd.DataFrame(found).sort_values(["day", "pupil"], ignore_index=True)

    def other_site(self, rng: Random, site: Array) -> Array:
        """For each site another of its phase that keeps the LA's calendar and stays open; -1 where there is none."""
        sites = self.register.sites
        result = np.full(len(site), -1)
        for phase in (PRIMARY, SECONDARY):
            usual = (sites.phase == phase) & (sites.calendar == 0) & (sites.closes == sites.closes.max())
            pool = np.flatnonzero(usual & ~sites.selective)
            rows = np.flatnonzero(sites.phase[site] == phase)
            if len(pool) > 1:
                at = rng.integers(0, len(pool), len(rows))
                same = pool[at] == site[rows]
                result[rows] = pool[(at + same) % len(pool)]
        return result


def free(pupil: Array, first: Array, last: Array, taken: pd.DataFrame) -> Array:
    """Whether each pupil is in none of the spells of `taken` on any day from `first` to `last`."""
    known = ~np.isnat(first) & ~np.isnat(last)
    return known & ~is_away(pupil, first, last, taken)


def with_spans(taken: pd.DataFrame, pupil: Array, since: Array, until: Array) -> pd.DataFrame:
    """The spells of `taken` and these, which are open where `until` is missing."""
    return pd.concat([taken, _spans(pupil, since, until)], ignore_index=True)


def _spans(pupil: Array, since: Array, until: Array) -> pd.DataFrame:
    ends = np.where(np.isnat(until), _LATER_ON, until)
    return pd.DataFrame({"pupil": pupil, "since": since.astype("datetime64[s]"), "until": ends.astype("datetime64[s]")})
