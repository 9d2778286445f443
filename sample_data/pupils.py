"""The pupils dataset: those with any event, as each school year and each change of school found them."""

import numpy as np
import pandas as pd

from data_model.pupils import PUPILS
from data_model.terms import TERMS, periods_of, term_bounds
from sample_data.arrays import Array, Random
from sample_data.consequences import open_stay
from sample_data.details import YEAR_GROUPS
from sample_data.frames import dataset_frame, labels
from sample_data.placements import Placements
from sample_data.population import ETHNICITIES, SEN, SOCIAL_CARE, Population
from sample_data.world import World

_NEEDS = ("SEMH", "SLCN", "MLD", "ASD", "SPLD", "OTH", "PD", "HI", "NSA")
_NEED_SHARES = {
    "K": np.array([0.27, 0.25, 0.16, 0.10, 0.13, 0.03, 0.01, 0.01, 0.04]),
    "E": np.array([0.22, 0.18, 0.10, 0.38, 0.03, 0.04, 0.03, 0.02, 0.0]),
}


def pupils_frame(rng: Random, world: World, placements: Placements, stays: pd.DataFrame) -> pd.DataFrame:
    """A row for each September on roll of each pupil that a dataset names, and for each change of school since.

    stays: `Moved.stays`. Meanwhile a pupil is registered at both schools.
    """
    population = world.population
    needs = _needs(rng, population)
    records = _records(world, placements, stays)
    rows, valid_from = records["enrolment"].to_numpy(), records["day"].to_numpy("datetime64[D]")
    pupil, year = population.pupil[rows], population.year[rows]
    main, status = records["main"].to_numpy(), records["status"].to_numpy()
    sen = population.sen[rows]
    has_need = sen != SEN.index("N")
    meals = population.free_meals[pupil]
    born = (population.reception[pupil] - 5 - 1970) * 12 + 8 + population.born[pupil]
    values = pd.DataFrame(
        {
            "pupil_ref": world.references(pupil),
            "valid_from": valid_from,
            "upn": world.references(pupil),
            "birth_month": born.astype("datetime64[M]").astype(str),
            "sex": labels(population.boy[pupil].astype(np.int8), ("F", "M")),
            "ncyg": labels(population.year_group[rows], YEAR_GROUPS),
            "ethnicity": labels(population.ethnicity[pupil], [code for code, _ in ETHNICITIES]),
            "fsm_category": labels(np.where(meals, 0, -1), ("TFSM",)),
            "fsm6": labels(meals.astype(np.int8), ("N", "Y")),
            "pupil_premium": labels(np.where(meals, 0, -1), ("DPP",)),
            "sen_provision": labels(sen, SEN),
            "sen_primary_need": labels(np.where(has_need, needs[pupil], -1), _NEEDS),
            "eal": labels((population.ethnicity[pupil] % 7 == 1).astype(np.int8), ("N", "Y")),
            "social_care": labels(population.social_care[pupil], [code for code, _ in SOCIAL_CARE]),
            "young_carer": labels((pupil % 61 == 0).astype(np.int8), ("N", "S")),
            "main_urn": main,
            "enrol_status": labels(status, ("C", "M")),
            "home_la": str(world.register.la_code),
            "yjs_involved": labels(((population.frailty[pupil] > 2.3) & (year > 1)).astype(np.int8), ("N", "Y")),
        }
    )
    return dataset_frame(PUPILS, values)


def _needs(rng: Random, population: Population) -> Array:
    """Each pupil's primary need; of children who are prone to suspension more often SEMH."""
    size = len(population.reception)
    plan = (population.first_sen == SEN.index("E")) | (population.plan_from < 100)
    luck = rng.random(size)
    usual = [np.searchsorted(np.cumsum(_NEED_SHARES[sen] / _NEED_SHARES[sen].sum()), luck) for sen in ("K", "E")]
    need = np.where(plan, usual[1], usual[0])
    prone = population.frailty + 0.5 * rng.standard_normal(size) > 1.2
    return np.where(prone & (rng.random(size) < 0.6), 0, np.minimum(need, len(_NEEDS) - 1))


def _records(world: World, placements: Placements, stays: pd.DataFrame) -> pd.DataFrame:
    """When each record starts and what it says of the roll: `enrolment, day, main, status`, by pupil and day.

    `status` is 0 for a sole registration and 1 for a dual one.
    """
    population = world.population
    days = _days_to_look(world, placements, stays)
    enrolment, day = days["enrolment"].to_numpy(), days["day"].to_numpy("datetime64[D]")
    pupil, term = population.pupil[enrolment], _terms(day)
    site = population.site[enrolment, term]
    home = world.register.urn_at(site, population.year[enrolment])
    main, status = _where_on_roll(pupil, day, home, placements)
    stay = open_stay(pupil, day, stays)
    # A move that holds ends in the holidays before the term in which the pupil is on the new school's roll alone.
    status[(stay >= 0) & (np.r_[stays["goes_to"].to_numpy(np.int64), -1][stay] != site)] = 1
    records = days.assign(main=main, status=status)
    same = records[["enrolment", "main", "status"]].eq(records[["enrolment", "main", "status"]].shift()).all(axis=1)
    return records[~same]


def _days_to_look(world: World, placements: Placements, stays: pd.DataFrame) -> pd.DataFrame:
    """The days on which a known pupil's school may be another: `enrolment, day`, sorted by pupil and day."""
    population, calendars = world.population, world.calendars
    rows = np.flatnonzero(np.isin(population.pupil, world.known))
    septembers = calendars.first_days[population.year[rows]]
    found = [(rows, septembers)]
    for number, term in enumerate(TERMS[1:], start=1):
        starts = [term_bounds(calendars.label(year), term)[0] for year in range(calendars.years)]
        moved = rows[population.site[rows, number] != population.site[rows, number - 1]]
        found.append((moved, np.array(starts, dtype="datetime64[D]")[population.year[moved]]))
    spells = placements[placements.at_ap_school]
    pupil = np.r_[spells.pupil, stays["pupil"].to_numpy()]
    start, end = (stays[name].to_numpy("datetime64[D]") for name in ("start", "end"))
    for day in (np.r_[spells.start, start], np.r_[spells.end, end] + 1):
        there = ~np.isnat(day) & (day >= calendars.first_days[0]) & (day <= calendars.last_day)
        year = calendars.year_of(day[there])
        enrolment = population.enrolment(pupil[there], year)
        later = (enrolment >= 0) & (day[there] > calendars.first_days[year])
        found.append((enrolment[later], day[there][later]))
    enrolment, day = (np.concatenate(parts) for parts in zip(*found, strict=True))
    order = np.lexsort((day, population.pupil[enrolment]))
    return pd.DataFrame({"enrolment": enrolment[order], "day": day[order]}).drop_duplicates(ignore_index=True)


def _terms(days: Array) -> Array:
    """DfE's term of each day: 0 for autumn, 1 for spring, 2 for summer."""
    terms = periods_of(pd.Series(days.astype("datetime64[s]")))["term"].astype(object)
    return np.asarray(terms.map({str(term): number for number, term in enumerate(TERMS)}), dtype=np.int64)


def _where_on_roll(pupil: Array, day: Array, home: Array, placements: Placements) -> tuple[Array, Array]:
    """The main school and enrolment status (0 sole, 1 dual) of each pupil on a day, by the placement then open."""
    rows = pd.DataFrame({"row": np.arange(len(pupil)), "pupil": pupil, "day": day})
    spells = pd.DataFrame(
        {
            "pupil": placements.pupil,
            "start": placements.start,
            "end": placements.end,
            "provider_urn": placements.provider_urn,
            "tier": placements.tier,
        }
    )[placements.at_ap_school]
    open_then = rows.merge(spells, on="pupil")
    open_then = open_then[(open_then["start"] <= open_then["day"]) & ~(open_then["end"] < open_then["day"])]
    main, status = home.copy(), np.zeros(len(pupil), dtype=np.int8)
    sole = open_then["tier"].eq(3)
    main[open_then.loc[sole, "row"]] = open_then.loc[sole, "provider_urn"]
    status[open_then.loc[~sole, "row"]] = 1
    return main, status
