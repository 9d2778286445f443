"""What exclusions, placements and moves do to where pupils are, and so to who can still be suspended where."""

from dataclasses import replace

import numpy as np
import pandas as pd

from sample_data.arrays import Array
from sample_data.calendars import LA, Calendars
from sample_data.ends import BREAKDOWN, HOME
from sample_data.events import Events
from sample_data.exclusions import Exclusions
from sample_data.placements import Placements
from sample_data.population import Population
from sample_data.schools import Register

_NEVER = np.datetime64("2100-01-01")


def absences(exclusions: Exclusions, placements: Placements, calendars: Calendars) -> pd.DataFrame:
    """When pupils are not at the school that had them: `pupil, since, until, why`, one row for each spell.

    Excluded pupils are away until they are reinstated or start elsewhere, pupils in full-time placements until they
    return, and pupils who go anywhere but back home for good. Who starts at a new school does so with the next term.
    `why` is the close reason that outreach would record.
    """
    returns = np.isin(placements.ended, (HOME, BREAKDOWN)) & (placements.tier < 3)
    is_open = np.isnat(placements.end)
    starts_anew = np.where(placements.goes_to >= 0, calendars.next_term(placements.end), np.datetime64("NaT"))
    escalated = np.where(placements.tier == 3, "escalated_t3", "escalated_t2")
    placed = pd.DataFrame(
        {
            "pupil": placements.pupil,
            "since": np.where(placements.full_time, placements.start, placements.end),
            "until": np.where(returns, placements.end, starts_anew),
            "why": np.where(placements.full_time, escalated, "moved"),
        }
    )[placements.full_time | ~(returns | is_open)]
    anew = pd.Series(starts_anew, index=placements.pupil)[placements.tier == 3]
    anew = anew[~anew.index.duplicated(keep="last")].reindex(exclusions.pupil)
    excluded = pd.DataFrame(
        {
            "pupil": exclusions.pupil,
            "since": exclusions.decision,
            "until": np.where(exclusions.stands, anew.to_numpy("datetime64[D]"), exclusions.back),
            "why": "pex",
        }
    )
    return pd.concat([excluded, placed], ignore_index=True).fillna({"until": pd.Timestamp(_NEVER)})


def is_away(pupil: Array, first: Array, last: Array, spells: pd.DataFrame) -> Array:
    """Whether each pupil is away on any day from `first` to `last`."""
    rows = np.flatnonzero(np.isin(pupil, spells["pupil"]))
    own = pd.DataFrame({"row": rows, "pupil": pupil[rows], "first": first[rows], "last": last[rows]})
    pairs = own.merge(spells, on="pupil")
    result = np.zeros(len(pupil), dtype=bool)
    result[pairs.loc[(pairs["last"] >= pairs["since"]) & (pairs["first"] <= pairs["until"]), "row"]] = True
    return result


def moved(register: Register, population: Population, placements: Placements, calendars: Calendars) -> Population:
    """The population with pupils at their new schools from the term after the placement that led there."""
    moves = placements[(placements.goes_to >= 0) & ~np.isnat(placements.end)]
    site = population.site.copy()
    phase = register.sites.phase
    for year in range(calendars.years):
        row = population.enrolment(moves.pupil, np.full(len(moves.pupil), year))
        for term in range(3):
            now = (row >= 0) & (calendars.days[LA, year, term, 0] > moves.end)
            now &= phase[site[row, term]] == phase[moves.goes_to]
            site[row[now], term] = moves.goes_to[now]
    return replace(population, site=site)


def still_possible(
    register: Register, events: Events, spells: pd.DataFrame, before: Population, after: Population
) -> Events:
    """The suspensions that fall in no absence, each from the school where its pupil then is.

    They were drawn for the population `before`; in `after` some pupils are at new schools.
    """
    away = is_away(before.pupil[events.enrolment], events.day, events.last_day, spells)
    site = after.site[events.enrolment, events.term]
    stayed = site == before.site[events.enrolment, events.term]
    urn = np.where(stayed, events.urn, register.urn_at(site, before.year[events.enrolment]))
    return replace(events, urn=urn)[~away]


def by_the_school_of_the_day(
    events: Events, stays: pd.DataFrame, register: Register, population: Population, calendars: Calendars
) -> Events:
    """The suspensions, those of pupils who stay at another school from that school. stays: `Moved.stays`."""
    pupil = population.pupil[events.enrolment]
    stay = open_stay(pupil, events.day, stays)
    rows = np.flatnonzero(stay >= 0)
    urn = events.urn.copy()
    site = stays["goes_to"].to_numpy(np.int64)[stay[rows]]
    urn[rows] = register.urn_at(site, calendars.year_of(events.day[rows]))
    return replace(events, urn=urn)


def open_stay(pupil: Array, day: Array, stays: pd.DataFrame) -> Array:
    """The row in `stays` (`pupil, start, end`) that each pupil is in on a day, -1 for none."""
    rows = np.flatnonzero(np.isin(pupil, stays["pupil"]))
    own = pd.DataFrame({"row": rows, "pupil": pupil[rows], "day": day[rows].astype("datetime64[s]")})
    pairs = own.merge(stays.assign(stay=np.arange(len(stays))), on="pupil")
    pairs = pairs[(pairs["start"] <= pairs["day"]) & ~(pairs["end"] < pairs["day"])]
    result = np.full(len(pupil), -1)
    result[pairs["row"]] = pairs["stay"]
    return result
