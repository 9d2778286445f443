"""Requests for outreach: which schools it serves, which pupils they refer, and what was decided."""

import numpy as np
import pandas as pd

from data_model.outreach import OUTREACH_REFERRALS
from sample_data.arrays import Array, Random, choose, count_within, sample_by_weight
from sample_data.calendars import LA, Calendars
from sample_data.consequences import is_away
from sample_data.details import numbered
from sample_data.events import Events
from sample_data.figures import PRIMARY
from sample_data.frames import dataset_frame, known, labels
from sample_data.population import Population
from sample_data.schools import Register
from sample_data.world import World

_SERVED = {True: 0.64, False: 0.22}  # of the quarter of schools that suspend most, and of the others
_CHANCE = np.array([0.08, 0.15, 0.22])  # of a referral after a pupil's first, second and later suspensions in a year
_PRIMARY_FACTOR = 3.0
_NOT_SERVED_FACTOR = 0.12
_OTHER_A_YEAR = 0.006
_WHOLE_SCHOOL_A_YEAR = 0.18
CONCERNS = (
    "persistent_disruption",
    "aggression",
    "SEMH",
    "EBSA",
    "substance",
    "exploitation",
    "transition",
    "bereavement_trauma",
    "other",
)
_TRANSITION = CONCERNS.index("transition")
_AFTER_SUSPENSION = np.array([44, 20, 22, 1, 4, 3, 2, 3, 1])
_WITHOUT = np.array([8, 5, 30, 26, 2, 3, 14, 9, 3])
_SOURCES = ("school", "phone_line", "parent", "fap", "social_care", "vs", "yjs", "health")
_SOURCE_SHARES = np.array([72, 9, 4, 4, 4, 3, 2, 2])
DECISIONS = ("accepted", "advice_only", "declined", "redirected", "waiting")
ACCEPTED, _ADVICE, _DECLINED, _REDIRECTED, _WAITING = range(5)
_DECISION_SHARES = {True: np.array([70, 14, 9, 7, 0]), False: np.array([0, 50, 32, 18, 0])}
_DECLINE_REASONS = (
    "Not enough evidence of support so far",
    "Another service is better placed",
    "No capacity this term",
)
_TWELVE_WEEKS = 84


def served_sites(rng: Random, register: Register, population: Population, events: Events, years: int) -> Array:
    """Whether outreach works with each site in each year: most that suspended much the year before, and some others."""
    sites = register.sites
    shape = (len(sites.phase), years)
    site = population.site[:, 1] * years + population.year
    real = events.enrolment[~events.lunchtime]
    suspensions = np.bincount(site[real], minlength=shape[0] * years).reshape(shape)
    rate = suspensions / np.maximum(np.bincount(site, minlength=shape[0] * years).reshape(shape), 1)
    known_rate = rate[:, np.maximum(np.arange(years) - 1, 0)]
    high = np.zeros(shape, dtype=bool)
    for phase in np.unique(sites.phase):
        members = sites.phase == phase
        high[members] = known_rate[members] >= np.quantile(known_rate[members], 0.75, axis=0)
    willing = rng.random(shape[0])[:, None]
    return np.asarray(willing < np.where(high, _SERVED[True], _SERVED[False]))


def make_referrals(
    rng: Random,
    register: Register,
    population: Population,
    events: Events,
    spells: pd.DataFrame,
    served: Array,
    calendars: Calendars,
) -> pd.DataFrame:
    """Referrals in order of receipt: `pupil, site, urn, received, concern, decision, decided`.

    `pupil` is -1 for a whole school, `concern` a position in `CONCERNS`, `decision` one in `DECISIONS`, and `decided`
    missing while it waits. A pupil has one in a year at most.
    """
    found = pd.concat(
        [
            _after_suspensions(rng, register, population, events, served, calendars),
            _other_pupils(rng, population, served, calendars),
            _whole_schools(rng, register, served, calendars),
        ],
        ignore_index=True,
    )
    received = found["received"].to_numpy("datetime64[D]")
    away = is_away(found["pupil"].to_numpy(), received, received, spells)
    found = found[found["received"].notna() & ~away].sort_values(["received", "pupil"], kind="stable")
    year = calendars.year_of(found["received"].to_numpy("datetime64[D]"))
    again = found.assign(year=year).duplicated(["pupil", "year"]) & found["pupil"].ge(0)
    found, year = found[~again].reset_index(drop=True), year[~again.to_numpy()]
    return found.assign(
        urn=register.urn_at(found["site"].to_numpy(), year),
        **_decisions(rng, served[found["site"], year], found["received"].to_numpy("datetime64[D]"), calendars),
    )


def _after_suspensions(
    rng: Random, register: Register, population: Population, events: Events, served: Array, calendars: Calendars
) -> pd.DataFrame:
    enrolment = events.enrolment
    site = population.site[enrolment, events.term]
    chance = _CHANCE[np.minimum(count_within(enrolment), 2)]
    chance = chance * np.where(register.sites.phase[site] == PRIMARY, _PRIMARY_FACTOR, 1.0)
    chance = chance * np.where(served[site, population.year[enrolment]], 1.0, _NOT_SERVED_FACTOR)
    rows = np.flatnonzero(rng.random(len(chance)) < chance)
    return pd.DataFrame(
        {
            "pupil": population.pupil[enrolment[rows]],
            "site": site[rows],
            "received": calendars.later(events.last_day[rows], rng.integers(2, 15, len(rows))),
            "concern": choose(rng, _AFTER_SUSPENSION, len(rows)),
        }
    )


def _other_pupils(rng: Random, population: Population, served: Array, calendars: Calendars) -> pd.DataFrame:
    """Pupils whom no suspension brought: anxiety, loss, a hard change of school."""
    weight = served[population.site[:, 1], population.year] * np.exp(0.5 * population.frailty[population.pupil])
    weight[population.year_group > 11] = 0
    rows = sample_by_weight(rng, weight, int((weight > 0).sum() * _OTHER_A_YEAR))
    concern = choose(rng, _WITHOUT, len(rows))
    concern = np.where((population.year_group[rows] == 6) & (rng.random(len(rows)) < 0.5), _TRANSITION, concern)
    day = np.where(concern == _TRANSITION, rng.integers(135, 170, len(rows)), rng.integers(5, 180, len(rows)))
    received = calendars.later(calendars.days[LA, population.year[rows], 0, 0], day)
    site = population.site[rows, calendars.term_of(received)]
    return pd.DataFrame({"pupil": population.pupil[rows], "site": site, "received": received, "concern": concern})


def _whole_schools(rng: Random, register: Register, served: Array, calendars: Calendars) -> pd.DataFrame:
    still_open = np.arange(served.shape[1]) < register.sites.closes[:, np.newaxis]
    site, year = np.nonzero(served & still_open & (rng.random(served.shape) < _WHOLE_SCHOOL_A_YEAR))
    received = calendars.later(calendars.days[LA, year, 0, 0], rng.integers(5, 160, len(site)))
    return pd.DataFrame({"pupil": -1, "site": site, "received": received, "concern": choose(rng, _WITHOUT, len(site))})


def _decisions(rng: Random, served: Array, received: Array, calendars: Calendars) -> dict[str, Array]:
    decision = np.where(
        served, choose(rng, _DECISION_SHARES[True], len(served)), choose(rng, _DECISION_SHARES[False], len(served))
    )
    decided = calendars.later(received, rng.integers(2, 18, len(served)))
    return {"decision": np.where(np.isnat(decided), _WAITING, decision), "decided": decided}


def referrals_frame(rng: Random, world: World, referrals: pd.DataFrame, events: Events, first_id: int) -> pd.DataFrame:
    """The outreach referrals dataset, in order of receipt."""
    size = len(referrals)
    pupil = referrals["pupil"].to_numpy()
    is_pupil = pupil >= 0
    lately = _suspended_lately(pupil, referrals["received"].to_numpy("datetime64[D]"), events, world.population)
    decision = referrals["decision"].to_numpy()
    second = choose(rng, _WITHOUT, size)
    second = np.where((second != referrals["concern"]) & (rng.random(size) < 0.4), second, -1)
    risk = np.clip(np.round(4 + 1.2 * lately + 1.5 * rng.standard_normal(size)), 1, 10).astype(np.int64)
    agreement = np.where(is_pupil, choose(rng, np.array([80, 17, 3]), size), -1)
    values = {
        "referral_id": numbered("R", first_id, size),
        "received_date": referrals["received"],
        "source": labels(np.where(is_pupil, choose(rng, _SOURCE_SHARES, size), 0), _SOURCES),
        "urn": referrals["urn"],
        "pupil_ref": world.references(pupil),
        "primary_concern": labels(referrals["concern"].to_numpy(), CONCERNS),
        "secondary_concern": labels(second, CONCERNS),
        "risk_1_10": known(is_pupil, risk),
        "attendance_pct": np.where(is_pupil, np.round(100 * rng.beta(9, 2.2, size), 1), np.nan),
        "susp_12w": known(is_pupil, lately),
        "internal_12w": known(is_pupil, rng.poisson(1.5, size)),
        "parent_agreement": labels(agreement, ("y", "verbal", "not_needed")),
        **{name: _yes_no(rng, is_pupil, share) for name, share in _HISTORY},
        "decision": labels(decision, DECISIONS),
        "decline_reason": labels(np.where(decision == _DECLINED, rng.integers(0, 3, size), -1), _DECLINE_REASONS),
        "decision_date": referrals["decided"],
    }
    return dataset_frame(OUTREACH_REFERRALS, pd.DataFrame(values))


_HISTORY = (("psp_in_place", 0.5), ("ehap", 0.3), ("prior_move", 0.12))


def _yes_no(rng: Random, asked: Array, share: float) -> pd.Categorical:
    return labels(np.where(asked, rng.random(len(asked)) < share, -1), ("N", "Y"))


def _suspended_lately(pupil: Array, received: Array, events: Events, population: Population) -> Array:
    """How often each pupil was suspended in the twelve weeks before the referral; lunchtimes are not counted."""
    real = ~events.lunchtime
    span = 1 << 20
    keys = np.sort(population.pupil[events.enrolment[real]].astype(np.int64) * span + events.day[real].astype(np.int64))
    own = pupil.astype(np.int64) * span + received.astype(np.int64)
    return np.asarray(np.searchsorted(keys, own) - np.searchsorted(keys, own - _TWELVE_WEEKS))
