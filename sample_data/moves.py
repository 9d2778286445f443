"""Managed moves, off-site directions and pupils kept apart: where the other files leave room for them.

Nothing national counts managed moves (FFT inferred them from the census, and Bexley held no figures in 2019: general
knowledge and source 45, 46 of the research). What is assumed: about six in ten hold; a formal review after six of
twelve weeks (Haringey's process). All these years lie before the rules of 26 July 2026, so moves have a review
period.
"""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from sample_data.arrays import Array, Random, choose
from sample_data.calendars import LA
from sample_data.ends import HOME
from sample_data.figures import PRIMARY, SECONDARY
from sample_data.starts import BEHAVIOUR
from sample_data.story import Story, free, with_spans

PROVISION = ("at_school", "tuition", "online")  # a place in alternative provision would be a placement
_NEVER = np.datetime64("NaT")
_WEEKS = 12
_RETURNED = 0.6  # moves that do not hold, for each one that does
_DIRECTIONS = 1.0  # off-site directions to another school, for each managed move that does not hold
_PLACED = 0.6  # of the time-limited placements for behaviour at AP schools, those that the school directed


@dataclass(frozen=True)
class Moved:
    """Managed moves and off-site directions: frames with `pupil, site, goes_to, start, end` and what came of each.

    `taken` are all spells that are spoken for, these among them.
    """

    moves: pd.DataFrame
    directions: pd.DataFrame
    taken: pd.DataFrame

    @property
    def stays(self) -> pd.DataFrame:
        """When pupils are at another mainstream school while on their own school's roll: `pupil, goes_to, start, end`,
        the end missing where that goes on."""
        lasts_until = self.moves["on_roll"].astype("datetime64[s]") - pd.Timedelta(days=1)
        moves = self.moves.assign(end=self.moves["end"].astype("datetime64[s]").fillna(lasts_until))
        to_schools = self.directions[self.directions["goes_to"] >= 0]
        columns = ["pupil", "goes_to", "start", "end"]
        return pd.concat([moves[columns], to_schools[columns]], ignore_index=True)


def make_moves(story: Story) -> Moved:
    """All of them. Nobody is in two places at once, nor at a school whose attendance register says otherwise."""
    rng, taken, suspended = story.random("managed_moves"), story.taken_elsewhere(), story.suspended()
    lasting = _that_last(rng, story, taken, suspended)
    taken = with_spans(taken, *_as_arrays(lasting, "pupil", "start", "on_roll"))
    broken = _for_a_time(rng, story, taken, suspended, round(_RETURNED * len(lasting)), "moves")
    taken = with_spans(taken, *_as_arrays(broken, "pupil", "start", "end"))
    rng = story.random("off_site_directions")
    sent = _for_a_time(rng, story, taken, suspended, round(_DIRECTIONS * len(broken)), "directions")
    taken = with_spans(taken, *_as_arrays(sent, "pupil", "start", "end"))
    moves = pd.concat([lasting, broken], ignore_index=True).sort_values(["start", "pupil"], ignore_index=True)
    directions = pd.concat([sent, _at_ap_schools(rng, story)], ignore_index=True)
    directions = directions.sort_values(["start", "pupil"], ignore_index=True)
    return Moved(moves, directions, pd.concat([taken, suspended], ignore_index=True))


def _as_arrays(frame: pd.DataFrame, pupil: str, *days: str) -> list[Array]:
    return [frame[pupil].to_numpy(np.int64), *(frame[day].to_numpy("datetime64[D]") for day in days)]


def _that_last(rng: Random, story: Story, taken: pd.DataFrame, suspended: pd.DataFrame) -> pd.DataFrame:
    """Changes of school that a managed move led to: of pupils who had been suspended, twelve weeks before."""
    changes = changes_of_school(story)
    day = changes["day"].to_numpy("datetime64[D]")
    start = story.calendars.later(day - 7 * _WEEKS + rng.integers(0, 15, len(day)), np.zeros(len(day), dtype=np.int64))
    pupil = changes["pupil"].to_numpy()
    troubled = story.suspended_between(pupil, start - 365, start) > 0
    there = story.site_on(pupil, start) == changes["site"]
    usable = free(pupil, start, day - 1, taken) & troubled & there & (start >= story.calendars.first_days[0])
    usable &= _can_be_told(story, changes.assign(start=start, end=day - 1), suspended)
    found = changes.assign(start=start, on_roll=day, end=_NEVER, outcome="sustained")[usable]
    return found.drop_duplicates("pupil", ignore_index=True)


def changes_of_school(story: Story) -> pd.DataFrame:
    """When known pupils came to another mainstream school of the phase, and no placement led there:
    `pupil, site, goes_to, day`."""
    population, calendars, sites = story.population, story.calendars, story.register.sites
    rows = np.flatnonzero(np.isin(population.pupil, story.world.known))
    pupil, year = np.repeat(population.pupil[rows], 3), np.repeat(population.year[rows], 3)
    term, site = np.tile(np.arange(3), len(rows)), population.site[rows].ravel()
    before = np.roll(site, 1)
    follows = (pupil == np.roll(pupil, 1)) & (year * 3 + term == np.roll(year * 3 + term, 1) + 1)
    stays_open = sites.closes[before] > year
    placed = story.placements.pupil[story.placements.goes_to >= 0]
    same = (sites.phase[site] == sites.phase[before]) & np.isin(sites.phase[site], (PRIMARY, SECONDARY))
    at = np.flatnonzero(follows & (site != before) & same & stays_open & ~np.isin(pupil, placed))
    at = at[at > 0]
    return pd.DataFrame(
        {
            "pupil": pupil[at],
            "site": before[at],
            "goes_to": site[at],
            "day": calendars.days[LA, year[at], term[at], 0],
        }
    )


def _can_be_told(story: Story, stays: pd.DataFrame, suspended: pd.DataFrame) -> Array:
    """Whether the suspensions of each stay (`pupil, site, goes_to, start, end`) can be the other school's.

    None is going on when the pupil comes or goes; and where the two keep other calendars there is none at all, as a day
    of one may be no school day of the other.
    """
    pupil, start, end = (stays[name].to_numpy() for name in ("pupil", "start", "end"))
    start, end = start.astype("datetime64[D]"), end.astype("datetime64[D]")
    calendar = story.register.sites.calendar
    same_days = calendar[stays["site"].to_numpy()] == calendar[stays["goes_to"].to_numpy()]
    at_the_ends = free(pupil, start, start, suspended) & free(pupil, end, end, suspended)
    return np.asarray(free(pupil, start, end, suspended) | (same_days & at_the_ends))


def _for_a_time(
    rng: Random, story: Story, taken: pd.DataFrame, suspended: pd.DataFrame, size: int, what: str
) -> pd.DataFrame:
    """Stays at another school after which the pupil was back, or that still go on."""
    calendars = story.calendars
    found = story.hard_times(rng, 12 * size + 40, 2)
    rows = len(found)
    pupil, site = found["pupil"].to_numpy(), found["site"].to_numpy()
    start = calendars.later(found["day"].to_numpy("datetime64[D]"), rng.integers(10, 30, rows))
    weeks = np.where(rng.random(rows) < 0.35, _WEEKS, rng.integers(3, _WEEKS, rows))
    end = calendars.later(start + 7 * weeks - 3, np.zeros(rows, dtype=np.int64))
    until = np.where(np.isnat(end), calendars.last_day, end)
    stays = (story.site_on(pupil, start) == site) & (story.site_on(pupil, until) == site)
    stays &= story.urn_on(site, start) == story.urn_on(site, until)  # who comes back does so to no successor
    usable = (
        free(pupil, start, until, taken) & stays & (start < until) & ((until - start).astype(np.int64) <= 7 * _WEEKS)
    )
    # Twelve weeks ahead of the sample's end not everything is known: what would end then still goes on.
    goes_to = story.other_site(rng, site)
    fate = _fate(rng, end, what)
    found = found.assign(start=start, end=end, on_roll=_NEVER, goes_to=goes_to, **{_OUTCOME[what]: fate})
    usable &= (goes_to >= 0) & _can_be_told(story, found.assign(end=until), suspended)
    found = found[usable].drop_duplicates("pupil")
    return found.sample(min(size, len(found)), random_state=rng).sort_values("start", ignore_index=True)


_OUTCOME = {"moves": "outcome", "directions": "next_step"}


def _fate(rng: Random, end: Array, what: str) -> Array:
    ended = np.where(rng.random(len(end)) < 0.1, "withdrawn", "returned") if what == "moves" else "returned"
    return np.where(np.isnat(end), "ongoing" if what == "moves" else "", ended).astype(object)


def _at_ap_schools(rng: Random, story: Story) -> pd.DataFrame:
    """Directions that are the other side of a time-limited placement for behaviour at an AP school."""
    placed = story.placements
    directed = placed.at_ap_school & (placed.tier == 2) & (placed.reason == BEHAVIOUR)
    directed &= placed.start >= story.calendars.first_days[0]
    full = placed[directed & (rng.random(len(directed)) < _PLACED)]
    step = np.where(full.ended == HOME, "returned", "other")
    return pd.DataFrame(
        {
            "pupil": full.pupil,
            "site": story.site_on(full.pupil, full.start),
            "goes_to": -1,
            "provider_urn": full.provider_urn,
            "full_time": full.full_time,
            "start": full.start,
            "end": full.end,
            "planned": full.planned,
            "next_step": np.where(np.isnat(full.end), "", step).astype(object),
        }
    )


def make_separations(story: Story, taken: pd.DataFrame) -> pd.DataFrame:
    """Pupils kept apart for some days, in schools that kept a record of it before the law had a name for it:
    `pupil, site, start, end, told, provision` (a position in `PROVISION`).

    Keeping Children Safe in Education has long asked schools how those who are alleged to have harmed others are kept
    apart. How often is not known: a school in three has one in a year here (an assumption).
    """
    rng, calendars = story.random("safeguarding_separations"), story.calendars
    size = round(len(story.register.sites.phase) * calendars.years / 3)
    found = story.hard_times(rng, 4 * size + 10, 1)
    rows = len(found)
    start = calendars.later(found["day"].to_numpy("datetime64[D]"), rng.integers(3, 60, rows))
    end = calendars.later(start, np.minimum(rng.geometric(0.15, rows), 40))
    pupil = found["pupil"].to_numpy()
    usable = free(pupil, start, np.where(np.isnat(end), calendars.last_day, end), taken)
    usable &= story.site_on(pupil, start) == found["site"].to_numpy()
    told = np.where(rng.random(rows) < 0.8, calendars.later(start, rng.integers(0, 4, rows)), _NEVER)
    provision = choose(rng, np.array([65, 20, 15]), rows)
    found = found.assign(start=start, end=end, told=told, provision=provision)[usable].drop_duplicates("pupil")
    return found.sample(min(size, len(found)), random_state=rng).sort_values(["start", "pupil"], ignore_index=True)
