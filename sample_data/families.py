"""Family support: whole-family cases of children whom outreach does not work with at the time.

Calibrated to School-Home Support's published figures (source 96): attendance of persistently absent children rose by
about eight points in seven cases of ten; and to its remark that a quarter of referrals to early help came back
without action (source 97).
"""

import numpy as np
import pandas as pd

from data_model.casework_codes import FamilyIssue
from data_model.family_support import FAMILY_SUPPORT
from sample_data.arrays import Random, choose
from sample_data.calendars import LA
from sample_data.details import numbered
from sample_data.figures import LAST_YEAR_GROUP
from sample_data.frames import dataset_frame, labels
from sample_data.registers import family_workers
from sample_data.story import Story, free

_ISSUES = [str(issue) for issue in FamilyIssue]
_ISSUE_SHARES = np.array([34, 16, 9, 10, 7, 7, 5, 4, 3, 4, 1])
_CLOSES = ("goals_met", "partial", "stepped_up", "disengaged", "moved")
_CLOSE_SHARES = np.array([46, 28, 11, 11, 4])
_REASONS = ("threshold", "waiting_list", "family_declined", "no_answer")
_REASON_SHARES = np.array([48, 20, 20, 12])
_A_YEAR = 11  # new cases for each practitioner and year
_SCHOOLS_SERVED = 0.4
_NO_ACTION, _TAKEN_UP = 0.25, 0.6
_RISES, _RISE = 0.7, 8.4


def family_support_frame(story: Story, first_id: int) -> pd.DataFrame:
    """The family support dataset, in order of the referral."""
    rng, last = story.random("family_support"), story.calendars.last_day
    workers = np.array(family_workers(story), dtype=object)
    found = _cases(rng, story, _A_YEAR * len(workers) * story.calendars.years)
    size, site = len(found), found["site"].to_numpy()
    referred, start, end = (found[name].to_numpy("datetime64[D]") for name in ("referred", "start", "end"))
    begun, closed = ~np.isnat(start), ~np.isnat(end)
    weeks = np.where(begun, (np.where(closed, end, last) - start).astype(np.int64) // 7, 0)
    on = np.where(begun, rng.poisson(1.4, size), 0)
    taken_up = rng.binomial(on, _TAKEN_UP)
    no_action = rng.binomial(on - taken_up, _NO_ACTION / (1 - _TAKEN_UP))
    before = np.clip(82 + 7 * rng.standard_normal(size), 35, 97)
    rise = np.where(rng.random(size) < _RISES, _RISE, -2) + 3 * rng.standard_normal(size)
    values = {
        "family_id": numbered("H", first_id, size),
        "pupil_ref": story.world.references(found["pupil"].to_numpy()),
        "urn": story.urn_on(site, referred),
        "worker_ref": workers[site % len(workers)],
        "referred_date": referred,
        "start_date": start,
        "end_date": end,
        "close_reason": labels(np.where(closed, choose(rng, _CLOSE_SHARES, size), -1), _CLOSES),
        **_issues(rng, size),
        "children": 1 + rng.poisson(1.1, size),
        "meetings": rng.poisson(0.35 * weeks),
        "calls": rng.poisson(0.9 * weeks),
        "visits": rng.poisson(0.25 * weeks),
        "referrals_on": on,
        "referrals_taken_up": taken_up,
        "referrals_no_action": no_action,
        "no_action_reason": labels(np.where(no_action > 0, choose(rng, _REASON_SHARES, size), -1), _REASONS),
        "attendance_before_pct": np.round(before, 1),
        "attendance_after_pct": np.round(np.where(closed, np.clip(before + rise, 20, 100), np.nan), 1),
    }
    return dataset_frame(FAMILY_SUPPORT, pd.DataFrame(values))


def _cases(rng: Random, story: Story, size: int) -> pd.DataFrame:
    """Up to `size` cases, one for a child, of schools that are served: `pupil, site, referred, start, end`."""
    population, calendars = story.population, story.calendars
    served = rng.random(len(story.register.sites.phase)) < _SCHOOLS_SERVED
    rows = np.flatnonzero(np.isin(population.pupil, story.world.known) & (population.year_group < LAST_YEAR_GROUP))
    chance = np.where(population.free_meals[population.pupil[rows]], 0.6, 0.2)
    rows = rng.permutation(rows[served[population.site[rows, 1]] & (rng.random(len(rows)) < chance)])
    rows = rng.permutation(rows[np.unique(population.pupil[rows], return_index=True)[1]])[: 3 * size]
    pupil, year = population.pupil[rows].astype(np.int64), population.year[rows].astype(np.int64)
    referred = calendars.later(calendars.days[LA, year, 0, 0], rng.integers(5, 185, len(rows)))
    start = calendars.later(referred, rng.integers(3, 20, len(rows)))
    end = calendars.later(start + rng.integers(60, 260, len(rows)), np.zeros(len(rows), dtype=np.int64))
    site, until = story.site_on(pupil, referred), np.where(np.isnat(end), calendars.last_day, end)
    usable = (site >= 0) & (story.site_on(pupil, until) >= 0)
    usable &= free(pupil, referred, np.where(np.isnat(start), referred, start), story.taken())
    found = pd.DataFrame({"pupil": pupil, "site": site, "referred": referred, "start": start, "end": end})
    return found[usable].head(size).sort_values(["referred", "pupil"], ignore_index=True)


def _issues(rng: Random, size: int) -> dict[str, pd.Categorical]:
    """One issue always, and others that differ from it and from each other."""
    first, second, third = (choose(rng, _ISSUE_SHARES, size) for _ in range(3))
    luck = rng.random(size)
    second = np.where((luck < 0.75) & (second != first), second, -1)
    third = np.where((luck < 0.4) & (second >= 0) & (third != first) & (third != second), third, -1)
    return {f"issue_{number}": labels(of, _ISSUES) for number, of in enumerate((first, second, third), start=1)}
