"""Every pupil on roll, year by year: who they are, which year group they are in and which site teaches them."""

from dataclasses import dataclass

import numpy as np

from data_model import codes
from sample_data.arrays import Array, Random, choose
from sample_data.figures import PRIMARY, SECONDARY, SPECIAL
from sample_data.sites import Sites

ETHNICITIES = (
    ("WBRI", 0.62),
    ("WOTH", 0.075),
    ("APKN", 0.047),
    ("BAFR", 0.044),
    ("AIND", 0.042),
    ("MOTH", 0.025),
    ("AOTH", 0.023),
    ("ABAN", 0.019),
    ("MWAS", 0.017),
    ("MWBC", 0.016),
    ("OOTH", 0.023),
    ("BCRB", 0.010),
    ("MWBA", 0.010),
    ("BOTH", 0.008),
    ("CHNE", 0.006),
    ("WROM", 0.004),
    ("WIRI", 0.003),
    ("WIRT", 0.001),
    ("NOBT", 0.007),
)
SOCIAL_CARE = (("none", 0.957), ("CIN", 0.022), ("CPP", 0.007), ("CLA", 0.008), ("previously_CLA", 0.006))
LOOKED_AFTER = [code for code, _ in SOCIAL_CARE].index(codes.SocialCare.LOOKED_AFTER)
SEN = ("N", "K", "E")
_SEN_SHARES = np.array([0.82, 0.15, 0.03])
_BECOMES_PLAN = 0.12
_MOVES_A_YEAR = 0.018
_STAYS_ON = 0.5
_NEVER = np.iinfo(np.int16).max


@dataclass(frozen=True)
class Population:
    """Pupils, and their enrolments: one for each pupil and year, sorted by pupil and year.

    Of pupils: `reception` is the calendar year they started school in, `born` their month of birth counted from
    September, `frailty` a standard normal number that stays with them: how prone they are to being suspended.
    Of enrolments: `pupil`, `year` (from the sample's first), `year_group` (Reception is 0), `site` by term.
    """

    reception: Array
    born: Array
    boy: Array
    free_meals: Array
    ethnicity: Array
    social_care: Array
    first_sen: Array
    plan_from: Array
    frailty: Array
    pupil: Array
    year: Array
    year_group: Array
    site: Array

    @property
    def sen(self) -> Array:
        """The SEN provision of each enrolment: a position in `SEN`."""
        has_plan = self.year >= self.plan_from[self.pupil]
        return np.where(has_plan, SEN.index("E"), self.first_sen[self.pupil]).astype(np.int8)

    def enrolment(self, pupil: Array, year: Array) -> Array:
        """The enrolment of each pupil in a year, -1 where there is none."""
        size = int(self.year.max()) + 2
        keys = self.pupil.astype(np.int64) * size + self.year
        wanted = pupil.astype(np.int64) * size + np.clip(year, 0, size - 1)
        at = np.minimum(np.searchsorted(keys, wanted), len(keys) - 1)
        return np.where(keys[at] == wanted, at, -1)


@dataclass(frozen=True)
class _Stays:
    """From when to when one pupil is taught in one phase. `reception` is the pupil's first year at any school."""

    pupil: Array
    site: Array
    reception: Array
    lowest: Array
    highest: Array


def make_population(rng: Random, sites: Sites, first_year: int, years: int) -> Population:
    """Everybody who is on roll at a site in any of the years."""
    stays = _stays(rng, sites, first_year, years)
    first = np.maximum(first_year, stays.reception + stays.lowest)
    last = np.minimum(first_year + years - 1, stays.reception + stays.highest)
    length = np.maximum(last - first + 1, 0)
    stay = np.repeat(np.arange(len(length)), length)
    calendar_year = np.repeat(first - np.r_[0, np.cumsum(length)[:-1]], length) + np.arange(len(stay))
    order = np.lexsort((calendar_year, stays.pupil[stay]))
    stay, calendar_year = stay[order], calendar_year[order]
    pupil, year = np.unique(stays.pupil[stay], return_inverse=True)[1], calendar_year - first_year
    reception = stays.reception[stay][np.r_[True, np.diff(pupil) > 0]]
    site = np.repeat(stays.site[stay][:, None], 3, axis=1)
    year_group = (calendar_year - stays.reception[stay]).astype(np.int8)
    _move(rng, sites, pupil, year, year_group, site)
    return Population(
        reception=reception,
        **_characteristics(rng, sites, site[np.r_[True, np.diff(pupil) > 0], 0], years),
        pupil=pupil.astype(np.int32),
        year=year.astype(np.int16),
        year_group=year_group,
        site=site.astype(np.int32),
    )


def _stays(rng: Random, sites: Sites, first_year: int, years: int) -> _Stays:
    """A stay for each place in each cohort; where both are in the years, Year 7 places go to Year 6 leavers."""
    cohorts = np.arange(first_year - int(sites.highest.max()), first_year + years)
    site, cohort = (grid.ravel() for grid in np.meshgrid(np.arange(len(sites.phase)), cohorts, indexing="ij"))
    size = np.round(sites.intake[site] * (1 + 0.05 * rng.standard_normal(len(site)))).astype(np.int64)
    too_early = cohort + sites.highest[site] < first_year
    too_late = cohort + sites.lowest[site] >= first_year + sites.closes[site]
    size[too_early | too_late] = 0
    site, cohort = np.repeat(site, size), np.repeat(cohort, size)
    highest = sites.highest[site]
    highest = np.where((highest == 13) & (rng.random(len(site)) > _STAYS_ON), 11, highest)
    pupil = np.arange(len(site))
    primary = np.flatnonzero(sites.phase[site] == PRIMARY)
    secondary = np.flatnonzero(sites.phase[site] == SECONDARY)
    for entering in range(first_year + 1, first_year + years):
        places = secondary[cohort[secondary] == entering - 7]
        leavers = primary[cohort[primary] == entering - 7]
        places, leavers = (_by_district(rng, sites, site, rows) for rows in (places, leavers))
        filled = min(len(places), len(leavers))
        pupil[places[:filled]] = pupil[leavers[:filled]]
    return _Stays(pupil, site, cohort, sites.lowest[site], highest)


def _by_district(rng: Random, sites: Sites, site: Array, rows: Array) -> Array:
    """Rows in the order of their districts, loosely: most children go to a secondary school nearby."""
    return np.asarray(rows[np.argsort(sites.district[site[rows]] + rng.random(len(rows)) * 1.5, kind="stable")])


def _move(rng: Random, sites: Sites, pupil: Array, year: Array, year_group: Array, site: Array) -> None:
    """Change the `site` of pupils who move to another school of the phase at a term's start, or whose school closes."""
    phase = sites.phase[site[:, 0]]
    can_move = np.isin(phase, (PRIMARY, SECONDARY)) & (year_group <= 11)
    closed = year >= sites.closes[site[:, 0]]
    leaves = np.flatnonzero(can_move & (closed | (rng.random(len(pupil)) < _MOVES_A_YEAR)))
    if not len(leaves):
        return
    leaves = leaves[np.unique(pupil[leaves], return_index=True)[1]]
    term = np.where(closed[leaves], 0, rng.integers(0, 3, len(leaves)))
    move = np.full(int(pupil.max(initial=0)) + 1, -1)
    move[pupil[leaves]] = np.arange(len(leaves))
    goes_to = _destinations(rng, sites, site[leaves, 0])
    which = move[pupil]
    same_phase = (which >= 0) & (phase == sites.phase[site[leaves[which], 0]])
    for column in range(3):
        since = leaves[which] * 3 + term[which]
        gone = same_phase & (np.arange(len(pupil)) * 3 + column >= since)
        site[gone, column] = goes_to[which[gone]]


def _destinations(rng: Random, sites: Sites, origin: Array) -> Array:
    """For each site left, another of its phase that does not close, larger ones more often."""
    result = origin.copy()
    for phase in (PRIMARY, SECONDARY):
        open_sites = np.flatnonzero((sites.phase == phase) & (sites.closes == sites.closes.max()))
        leaving = np.flatnonzero(sites.phase[origin] == phase)
        if len(open_sites):
            result[leaving] = open_sites[choose(rng, sites.intake[open_sites], len(leaving))]
    return result


def _characteristics(rng: Random, sites: Sites, first_site: Array, years: int) -> dict[str, Array]:
    """Who the pupils are, by the deprivation of the site where they first appear."""
    size = len(first_site)
    special = sites.phase[first_site] == SPECIAL
    boy = rng.random(size) < np.where(special, 0.72, 0.51)
    free_meals = rng.random(size) < sites.deprivation[first_site]
    at_risk = 0.75 + 0.25 * boy + 0.5 * free_meals
    draw = rng.random(size) / at_risk
    first_sen = np.where(draw < _SEN_SHARES[2], 2, np.where(draw < 1 - _SEN_SHARES[0], 1, 0))
    first_sen[special] = SEN.index("E")
    becomes = (first_sen == SEN.index("K")) & (rng.random(size) < _BECOMES_PLAN)
    return {
        "born": rng.integers(0, 12, size),
        "boy": boy,
        "free_meals": free_meals,
        "ethnicity": choose(rng, np.array([share for _, share in ETHNICITIES]), size),
        "social_care": choose(rng, np.array([share for _, share in SOCIAL_CARE]), size),
        "first_sen": first_sen.astype(np.int8),
        "plan_from": np.where(becomes, rng.integers(1, years + 1, size), _NEVER).astype(np.int16),
        "frailty": rng.standard_normal(size),
    }
