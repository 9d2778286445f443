"""Children of Year 6 who need a plan for Year 7.

Everybody with a transition case, and half of the others who were suspended in Year 6 or have an education, health and
care plan: about two in a hundred of a year group (an assumption; nothing national says). Whether they settled goes by
the suspensions of their first secondary term that are on file.

Of those who start after the sample's last day a place at a secondary school nearby is known for most, and nobody has
told a school that is not known (both assumptions; places are offered on 1 March).
"""

import numpy as np
import pandas as pd

from data_model.transitions import TRANSITIONS
from sample_data.arrays import Array, Random, choose
from sample_data.calendars import LA
from sample_data.cases import TYPES
from sample_data.consequences import is_away
from sample_data.figures import PRIMARY, SECONDARY
from sample_data.frames import dataset_frame, known, labels
from sample_data.population import SEN
from sample_data.referrals import CONCERNS
from sample_data.story import Story

_YEAR_6 = 6
_CHANCE = 0.55
_NEEDS = ("usual", "enhanced", "intensive")
_SETTLED = ("settled", "some_concern", "not_settled", "left")
_SETTLED_SHARES = (np.array([74, 20, 6]), np.array([25, 48, 27]), np.array([5, 40, 55]))  # by suspensions: 0, 1, more
_PLACE_KNOWN, _TOLD = 0.9, 0.85
_NEED_SHARES = np.array([10, 62, 28])
_CONCERN_SHARES = np.array([20, 14, 30, 12, 0, 2, 14, 6, 2])


def transitions_frame(story: Story) -> pd.DataFrame:
    """The transitions dataset, in order of the year and the day on which a child was identified."""
    rng, calendars = story.random("transitions"), story.calendars
    found = _first_term(rng, story, _identified(rng, story))
    size, case = len(found), found["case"].to_numpy()
    there, stayed = found["there"].to_numpy(), found["stayed"].to_numpy()
    over = found["year"].to_numpy() + 1 < calendars.years
    has_place = np.where(over, there, rng.random(size) < _PLACE_KNOWN) & found["to_urn"].gt(0).to_numpy()
    told = has_place & (rng.random(size) < _TOLD)
    need = np.where(case >= 0, _NEEDS.index("intensive"), choose(rng, _NEED_SHARES, size))
    settled = found["settled"].to_numpy()
    half_term = np.where(stayed, np.clip(settled + rng.integers(-1, 2, size), 0, 2), 1)
    plan = calendars.later(found["identified"].to_numpy("datetime64[D]"), rng.integers(8, 30, size))
    attendance = np.round(np.clip(94 - 5 * settled + 3.5 * rng.standard_normal(size), 35, 100), 1)
    values = {
        "pupil_ref": story.world.references(found["pupil"].to_numpy()),
        "academic_year": [calendars.label(year + 1) for year in found["year"]],
        "identified_date": found["identified"],
        "from_urn": found["from_urn"],
        "to_urn": known(has_place, found["to_urn"].to_numpy()),
        "need": labels(need, _NEEDS),
        "concern": labels(choose(rng, _CONCERN_SHARES, size), CONCERNS),
        "case_id": np.r_[story.frames["outreach_cases"]["case_id"].to_numpy(object), None][case],
        "plan_date": plan,
        "told_date": np.where(told, _told(rng, story, found["year"].to_numpy(), plan), np.datetime64("NaT")),
        "visits": known((need > 0) & has_place, rng.integers(0, 5, size)),
        "key_adult": labels((has_place & (rng.random(size) < 0.35 + 0.25 * need)).astype(np.int8), ("N", "Y")),
        "summer_programme": labels((rng.random(size) < 0.12 + 0.2 * need).astype(np.int8), ("N", "Y")),
        "started": labels(np.where(over, there.astype(np.int8), -1), ("N", "Y")),
        "settled_half_term": labels(np.where(there, half_term, -1), _SETTLED),
        "settled": labels(np.where(there, settled, -1), _SETTLED),
        "autumn_attendance_pct": np.where(stayed, attendance, np.nan),
    }
    return dataset_frame(TRANSITIONS, pd.DataFrame(values))


def _told(rng: Random, story: Story, year: Array, plan: Array) -> Array:
    """When the secondary school was told: once there was a plan, and the places were offered."""
    months = 12 * (story.calendars.first_year + 1 + year - 1970) + 2
    offers = months.astype("datetime64[M]").astype("datetime64[D]")
    return story.calendars.later(np.maximum(plan, offers), rng.integers(0, 15, len(plan)))


def _identified(rng: Random, story: Story) -> pd.DataFrame:
    """The children who are chosen, with the day in spring or summer on which they are: `identified`."""
    found, calendars = _cohort(story), story.calendars
    size, case = len(found), found["case"].to_numpy()
    chosen = (case >= 0) | (rng.random(size) < _CHANCE)
    day = calendars.later(calendars.days[LA, found["year"], 1, 0], rng.integers(5, 80, size))
    # What a worker started on had been seen before.
    started = np.r_[story.cases["start"].to_numpy("datetime64[D]"), np.datetime64("NaT")][case]
    day = np.where(started < day, started, day)
    chosen &= ~is_away(found["pupil"].to_numpy(), day, day, story.spells)
    return found.assign(identified=day)[chosen].sort_values(["identified", "pupil"], ignore_index=True)


def _first_term(rng: Random, story: Story, found: pd.DataFrame) -> pd.DataFrame:
    """With the first secondary term: `from_urn, to_urn` (0: none), whether the pupil started there (`there`), whether
    at its end the pupil was still there (`stayed`), and how `settled` by then (a position in `_SETTLED`)."""
    population, calendars = story.population, story.calendars
    pupil, year = found["pupil"].to_numpy(), found["year"].to_numpy()
    then = np.minimum(year + 1, calendars.years - 1)
    row = population.enrolment(pupil, then)
    first = calendars.days[LA, then, 0, 0]
    last = calendars.days[LA, then, 0, calendars.lengths[LA, then, 0] - 1]
    site = population.site[row]
    there = (year + 1 < calendars.years) & (row >= 0) & ~is_away(pupil, first, first, story.spells)
    stayed = there & (site[:, 0] == site[:, 1]) & ~is_away(pupil, last, last, story.spells)
    often = np.minimum(story.suspended_between(pupil, first, last + 1), 2)
    draws = np.stack([choose(rng, shares, len(found)) for shares in _SETTLED_SHARES])
    return found.assign(
        from_urn=story.register.urn_at(population.site[found["row"], 2], year),
        to_urn=np.where(
            year + 1 < calendars.years,
            story.register.urn_at(site[:, 0], then),
            _offered(rng, story, population.site[found["row"], 2]),
        ),
        there=there,
        stayed=stayed,
        settled=np.where(stayed, draws[often, np.arange(len(found))], _SETTLED.index("left")),
    )


def _offered(rng: Random, story: Story, site: Array) -> Array:
    """For each primary site the URN of a secondary school nearby, 0 where the LA has none."""
    sites = story.register.sites
    usual = (sites.phase == SECONDARY) & ~sites.selective & (sites.closes == sites.closes.max())
    secondary = np.flatnonzero(usual)
    if not len(secondary):
        return np.zeros(len(site), dtype=np.int64)
    far = np.abs(sites.district[site][:, None] - sites.district[secondary])
    nearest = secondary[np.argmin(far + 1.5 * rng.random(far.shape), axis=1)]
    return story.register.urn_at(nearest, np.full(len(site), story.calendars.years - 1))


def _cohort(story: Story) -> pd.DataFrame:
    """Children of Year 6 of whom something is known that a plan would be made for: `pupil, year, row, case`.

    `row` is the enrolment in Year 6, `case` a transition case of that year, or -1.
    """
    population, calendars = story.population, story.calendars
    primary = story.register.sites.phase[population.site[:, 2]] == PRIMARY
    rows = np.flatnonzero((population.year_group == _YEAR_6) & primary & np.isin(population.pupil, story.world.known))
    pupil, year = population.pupil[rows].astype(np.int64), population.year[rows].astype(np.int64)
    first, last = calendars.first_days[year], calendars.first_days[year] + 330
    cases = story.cases.assign(case=np.arange(len(story.cases)))
    cases = cases[cases["kind"].eq(TYPES.index("transition_y6_7"))]
    own = pd.Series(cases["case"].to_numpy(), index=pd.MultiIndex.from_arrays([cases["pupil"], _year(story, cases)]))
    own = own[~own.index.duplicated()]
    case = own.reindex(pd.MultiIndex.from_arrays([pupil, year])).fillna(-1).to_numpy(np.int64)
    troubled = story.suspended_between(pupil, first, last) > 0
    has_plan = population.sen[rows] == SEN.index("E")
    found = pd.DataFrame({"pupil": pupil, "year": year, "row": rows, "case": case})
    return found[(case >= 0) | troubled | has_plan].reset_index(drop=True)


def _year(story: Story, cases: pd.DataFrame) -> Array:
    return story.calendars.year_of(cases["start"].to_numpy("datetime64[D]"))
