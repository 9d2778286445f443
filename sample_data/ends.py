"""How long alternative provision placements last, and what comes after them."""

import numpy as np

from sample_data.arrays import Array, Random, choose
from sample_data.calendars import LA, Calendars
from sample_data.figures import LAST_YEAR_GROUP
from sample_data.schools import Register
from sample_data.starts import Starts

ENDS = (
    "returned_home_school",
    "new_mainstream",
    "special",
    "post16",
    "other_ap",
    "ehe",
    "moved_la",
    "breakdown",
    "custody",
)
HOME, NEW_SCHOOL, SPECIAL_SCHOOL, POST_16, _OTHER_AP, _HOME_EDUCATION, _MOVED, BREAKDOWN, _CUSTODY = range(len(ENDS))
# By tier, then by age (Reception to Year 6, Years 7 to 9, Years 10 and 11), in the order of ENDS. Younger children
# return more often (Ofsted 2022); after a permanent exclusion fewer than half go back to mainstream schools.
_SHARES = {
    1: np.array([[88, 2, 2, 0, 2, 1, 1, 4, 0], [80, 3, 2, 0, 4, 2, 1, 8, 0], [72, 2, 1, 0, 6, 3, 1, 14, 1]]),
    2: np.array([[74, 6, 7, 0, 2, 1, 1, 9, 0], [60, 7, 5, 0, 8, 3, 2, 15, 0], [42, 4, 3, 0, 19, 5, 2, 24, 1]]),
    3: np.array([[0, 55, 26, 0, 4, 5, 4, 6, 0], [0, 44, 15, 0, 14, 7, 6, 13, 1], [0, 14, 8, 0, 26, 10, 6, 32, 4]]),
}
_WEEKS = np.array([10.0, 13.0, 34.0])
_WEEKS_SPREAD = np.array([3.0, 4.0, 12.0])
_LONGEST = np.array([20, 30, 60])  # a tier 2 placement is planned for two terms at most


def planned_weeks(rng: Random, tier: Array) -> Array:
    """How many weeks each placement is planned for."""
    weeks = np.round(_WEEKS[tier - 1] + _WEEKS_SPREAD[tier - 1] * rng.standard_normal(len(tier)))
    return np.asarray(np.clip(weeks, 4, _LONGEST[tier - 1]).astype(np.int64))


def ends(rng: Random, starts: Starts, weeks: Array, year_group: Array, calendars: Calendars) -> tuple[Array, Array]:
    """The last day of each placement (NaT while open) and what came after (a position in `ENDS`, -1 while open)."""
    size = len(weeks)
    ended = _what_comes_after(rng, starts.tier, year_group)
    early = ended == BREAKDOWN
    lasted = weeks * np.where(early, rng.uniform(0.1, 0.7, size), rng.lognormal(0.0, 0.25, size))
    end = starts.start + np.maximum(np.round(lasted * 7), 5).astype(np.int64)
    year = np.maximum(calendars.year_of(starts.start), 0)
    summer = calendars.later(calendars.days[LA, year, 0, 0], calendars.lengths[LA, year].sum(axis=1) - 1)
    leaves_school = (year_group == LAST_YEAR_GROUP) & (end > summer)
    end = np.where(leaves_school, summer, end)
    ended = np.where(leaves_school & ~early, POST_16, ended)
    end = np.where(end < calendars.first_days[0], end, calendars.later(end, np.zeros(size, dtype=np.int64)))
    return end, np.where(np.isnat(end), -1, ended)


def _what_comes_after(rng: Random, tier: Array, year_group: Array) -> Array:
    age = np.digitize(year_group, (7, 10))
    ended = np.full(len(tier), -1)
    for of_tier, by_age in _SHARES.items():
        for of_age, shares in enumerate(by_age):
            rows = np.flatnonzero((tier == of_tier) & (age == of_age))
            ended[rows] = choose(rng, shares, len(rows))
    return ended


def new_schools(rng: Random, register: Register, site: Array, ended: Array) -> Array:
    """The site where a pupil who does not go home starts: another mainstream one of the phase, else -1."""
    sites = register.sites
    goes_to = np.full(len(site), -1)
    for phase in range(2):
        # Sites on the LA's calendar alone, so that suspensions keep falling on school days.
        usual = (
            (sites.phase == phase) & (sites.calendar == LA) & (sites.closes == sites.closes.max()) & ~sites.selective
        )
        rows = np.flatnonzero((ended == NEW_SCHOOL) & (sites.phase[site] == phase))
        if usual.any():
            goes_to[rows] = rng.choice(np.flatnonzero(usual), len(rows))
    return goes_to
