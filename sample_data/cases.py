"""Outreach cases: those that followed from a referral, and reintegration after alternative provision."""

import numpy as np
import pandas as pd

from data_model.outreach import OUTREACH_CASES
from sample_data import names
from sample_data.arrays import Array, Random, choose, group_starts, running_maximum
from sample_data.calendars import Calendars
from sample_data.consequences import is_away
from sample_data.details import numbered
from sample_data.ends import HOME
from sample_data.frames import dataset_frame, known, labels
from sample_data.placements import Placements
from sample_data.population import Population
from sample_data.referrals import ACCEPTED, CONCERNS
from sample_data.schools import Register
from sample_data.world import World

TYPES = ("pupil", "family", "transition_y6_7", "whole_school", "reintegration", "ap_to_school")
_PUPIL, _FAMILY, _TRANSITION, WHOLE_SCHOOL, _REINTEGRATION, _AP_TO_SCHOOL = range(6)
CLOSES = (
    "goals_met",
    "partial",
    "disengaged",
    "time_limit",
    "moved",
    "declined_consent",
    "capacity",
    "other",
    "pex",
    "escalated_t2",
    "escalated_t3",
)
_CLOSE_SHARES = np.array([43, 28, 10, 8, 3, 4, 2, 2])
_WEEKS, _WEEKS_SPREAD = 15, 0.4
_SCHOOLS_FOR_A_WORKER = 10
_REINTEGRATED = 0.45
_REVIEW_AFTER = 42
_NEVER = np.datetime64("NaT")


def make_cases(
    rng: Random,
    register: Register,
    population: Population,
    referrals: pd.DataFrame,
    placements: Placements,
    spells: pd.DataFrame,
    served: Array,
    calendars: Calendars,
) -> pd.DataFrame:
    """Cases in order of the start: `referral` (a row of referrals or -1), `pupil` (-1 for a whole school), `site, urn,
    kind, start, end` (missing while open), `close` (a position in `CLOSES` or -1) and `worker`."""
    found = pd.concat(
        [_from_referrals(rng, referrals, calendars), _from_placements(rng, placements, calendars)], ignore_index=True
    )
    found = found[found["start"].notna()].reset_index(drop=True)
    pupil, start = found["pupil"].to_numpy(), found["start"].to_numpy("datetime64[D]")
    year = calendars.year_of(start)
    enrolment = population.enrolment(pupil, year)
    on_roll = (pupil < 0) | ((enrolment >= 0) & ~is_away(pupil, start, start, spells))
    site = np.where(pupil < 0, found["site"], population.site[enrolment, calendars.term_of(start)])
    usual = (found["referral"] >= 0) | served[site, year]
    found = found.assign(site=site, urn=register.urn_at(site, year))[on_roll & usual].reset_index(drop=True)
    found = found.assign(**_ends(rng, found, population, spells, calendars))
    found = _one_at_a_time(found)
    workers = max(2, len(register.frame) // _SCHOOLS_FOR_A_WORKER)
    found["worker"] = choose(rng, rng.uniform(0.6, 1.0, workers), len(found))
    return found.sort_values(["start", "pupil", "site"], kind="stable", ignore_index=True)


def _from_referrals(rng: Random, referrals: pd.DataFrame, calendars: Calendars) -> pd.DataFrame:
    rows = np.flatnonzero(referrals["decision"] == ACCEPTED)
    accepted = referrals.iloc[rows]
    family = rng.random(len(rows)) < 0.08
    kind = np.where(accepted["concern"] == CONCERNS.index("transition"), _TRANSITION, np.where(family, _FAMILY, _PUPIL))
    return pd.DataFrame(
        {
            "referral": rows,
            "pupil": accepted["pupil"].to_numpy(),
            "site": accepted["site"].to_numpy(),
            "kind": np.where(accepted["pupil"] < 0, WHOLE_SCHOOL, kind),
            "start": calendars.later(accepted["decided"].to_numpy("datetime64[D]"), rng.integers(1, 14, len(rows))),
        }
    )


def _from_placements(rng: Random, placements: Placements, calendars: Calendars) -> pd.DataFrame:
    """Work that goes with a pupil back into a mainstream school."""
    returned = (placements.tier > 1) & ((placements.ended == HOME) | (placements.goes_to >= 0))
    full = placements[returned & (rng.random(len(returned)) < _REINTEGRATED)]
    new = full.goes_to >= 0
    back = np.where(new, calendars.next_term(full.end), full.end)
    return pd.DataFrame(
        {
            "referral": -1,
            "pupil": full.pupil,
            "site": -1,
            "kind": np.where(new, _AP_TO_SCHOOL, _REINTEGRATION),
            "start": calendars.later(back, rng.integers(1, 6, len(back))),
        }
    )


def _ends(
    rng: Random, found: pd.DataFrame, population: Population, spells: pd.DataFrame, calendars: Calendars
) -> dict[str, Array]:
    """When and why each case closes: as planned, or sooner when the pupil leaves the school."""
    size = len(found)
    start, pupil = found["start"].to_numpy("datetime64[D]"), found["pupil"].to_numpy()
    weeks = np.clip(_WEEKS * rng.lognormal(0, _WEEKS_SPREAD, size), 3, 36)
    end = start + np.round(7 * weeks).astype(np.int64)
    close = choose(rng, _CLOSE_SHARES, size)
    leaves = _leaves_roll(population, pupil, calendars)
    end = np.where(end > leaves, leaves, end)
    pairs = pd.DataFrame({"row": np.arange(size), "pupil": pupil, "start": start}).merge(spells, on="pupil")
    pairs = pairs[pairs["since"] > pairs["start"]].sort_values(["row", "since"], kind="stable")
    pairs = pairs.drop_duplicates("row")
    rows, since = pairs["row"].to_numpy(), pairs["since"].to_numpy("datetime64[D]")
    sooner = since < end[rows]
    end[rows[sooner]] = since[sooner]
    close[rows[sooner]] = pairs["why"].map(CLOSES.index).to_numpy()[sooner]
    end = calendars.later(end, np.zeros(size, dtype=np.int64))
    return {"end": end, "close": np.where(np.isnat(end), -1, close)}


def _leaves_roll(population: Population, pupil: Array, calendars: Calendars) -> Array:
    """The last school day of each pupil's last year on roll; for whole schools and who stays, long after the sample."""
    last_year = np.zeros(len(population.reception), dtype=np.int64)
    last_year[population.pupil] = population.year
    final = np.where(pupil < 0, calendars.years - 1, last_year[pupil])
    last_days = np.array([calendars.terms[0, year][2].last for year in range(calendars.years)], dtype="datetime64[D]")
    stays = final == calendars.years - 1
    return np.where(stays, np.datetime64("2100-01-01"), last_days[final])


def _one_at_a_time(found: pd.DataFrame) -> pd.DataFrame:
    """Leave out a pupil's case that starts before the earlier ones have closed."""
    found = found.sort_values(["pupil", "start"], kind="stable", ignore_index=True)
    end = found["end"].fillna(pd.Timestamp("2100-01-01")).to_numpy("datetime64[D]").astype(np.int64)
    pupil = found["pupil"].to_numpy()
    before = np.roll(running_maximum(end, pupil), 1)
    alone = group_starts(pupil) | (found["start"].to_numpy("datetime64[D]").astype(np.int64) > before) | (pupil < 0)
    return found[alone].reset_index(drop=True)


def cases_frame(
    rng: Random,
    world: World,
    cases: pd.DataFrame,
    contacts: pd.DataFrame,
    referral_ids: Array,
    first_worker: int,
    first_id: int,
) -> pd.DataFrame:
    """The outreach cases dataset, in order of the start."""
    calendars, districts = world.calendars, world.register.sites.district
    size = len(cases)
    start, end = cases["start"].to_numpy("datetime64[D]"), cases["end"].to_numpy("datetime64[D]")
    kind, closed = cases["kind"].to_numpy(), cases["close"].to_numpy() >= 0
    due = start + _REVIEW_AFTER
    reviewed = calendars.later(due, rng.integers(0, 12, size))
    reviewed = np.where(reviewed <= np.where(np.isnat(end), calendars.last_day, end), reviewed, _NEVER)
    by_case = contacts[contacts["case"] >= 0].groupby("case")["date"]
    visits = contacts[(contacts["case"] >= 0) & contacts["visit"]].groupby("case")["date"]
    after_ap = np.isin(kind, (_REINTEGRATION, _AP_TO_SCHOOL))
    tier = np.where(kind == _AP_TO_SCHOOL, 2, np.where(kind == _REINTEGRATION, 1, 0))
    better = np.clip(np.round(7 - 0.6 * (cases["close"] < 2) * 5 + 1.5 * rng.standard_normal(size)), 1, 10)
    referral = cases["referral"].to_numpy()
    values = {
        "case_id": numbered("C", first_id, size),
        "referral_id": np.where(referral >= 0, np.r_[referral_ids, None][referral], None),
        "urn": cases["urn"],
        "pupil_ref": world.references(cases["pupil"].to_numpy()),
        "worker_ref": [f"W{first_worker + worker:02d}" for worker in cases["worker"]],
        "tier": labels(tier, ("1", "2", "3")),
        "case_type": labels(kind, TYPES),
        "provider_type": labels(after_ap.astype(np.int8), ("la_team", "pru")),
        "commissioner": "LA",
        "area": labels(districts[cases["site"]], names.districts(districts)),
        "funding_sources": labels(
            (kind == WHOLE_SCHOOL).astype(np.int8), ("high needs block", "high needs block; schools")
        ),
        "start_date": start,
        "first_contact_date": by_case.min().reindex(range(size)).to_numpy(),
        "first_visit_date": visits.min().reindex(range(size)).to_numpy(),
        "review_due": due,
        "review_date": reviewed,
        "end_date": end,
        "close_reason": labels(cases["close"].to_numpy(), CLOSES),
        "plan_left": labels(np.where(closed, rng.random(size) < 0.7, -1), ("N", "Y")),
        "risk_close_1_10": known(closed & (kind != WHOLE_SCHOOL), better.to_numpy(np.int64)),
    }
    return dataset_frame(OUTREACH_CASES, pd.DataFrame(values))
