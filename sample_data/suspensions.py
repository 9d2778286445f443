"""Suspensions from AP schools, and the suspensions dataset."""

import numpy as np
import pandas as pd

from data_model.suspensions import SUSPENSIONS
from sample_data.arrays import Array, Random
from sample_data.calendars import LA, Calendars
from sample_data.details import at_event, numbered, reasons
from sample_data.events import Events, draw_sessions, draw_spans, one_after_the_other, within_the_limit
from sample_data.figures import REASONS
from sample_data.frames import dataset_frame, labels
from sample_data.placements import Placements
from sample_data.population import Population
from sample_data.world import World

_AP_A_WEEK, _AP_CHILD = 0.045, 0.5
_CANCELLED, _REINSTATED = 0.006, 0.001
_DAY_6_AFTER = 10  # sessions: five school days
_NEVER = np.datetime64("NaT")


def ap_events(rng: Random, placements: Placements, population: Population, calendars: Calendars) -> Events:
    """Suspensions of pupils in full-time placements at AP schools, sorted by placement and day."""
    days = calendars.all_days[LA]
    full = placements[placements.full_time & placements.at_ap_school]
    first = np.searchsorted(days, full.start)
    last = np.searchsorted(days, np.where(np.isnat(full.end), calendars.last_day, full.end), side="right")
    length = np.maximum(last - first, 0)
    expected = _AP_A_WEEK / 5 * length * rng.gamma(_AP_CHILD, 1 / _AP_CHILD, len(length))
    place = np.repeat(np.arange(len(length)), rng.poisson(expected))
    at = np.floor(length[place] * rng.random(len(place))).astype(np.int64)
    order = np.lexsort((at, place))
    place, at = place[order], at[order]
    sessions = draw_sessions(rng, len(place))
    lunchtime = np.zeros(len(place), dtype=bool)
    afternoon, spans = draw_spans(rng, sessions, lunchtime)
    at = one_after_the_other(at, spans, place)
    inside = at + spans <= length[place]
    place, at, spans = place[inside], at[inside], spans[inside]
    day, last_day = days[first[place] + at], days[first[place] + at + spans - 1]
    enrolment = population.enrolment(full.pupil[place], calendars.year_of(day))
    term = calendars.term_of(day)
    events = Events(
        enrolment=enrolment,
        urn=full.provider_urn[place],
        term=term.astype(np.int8),
        day=day,
        last_day=last_day,
        sessions=sessions[inside],
        lunchtime=lunchtime[inside],
        afternoon=afternoon[inside],
    )
    one_term = (calendars.year_of(day) * 3 + term) == (calendars.year_of(last_day) * 3 + calendars.term_of(last_day))
    return events[one_term & (enrolment >= 0)]


def together(first: Events, second: Events) -> Events:
    """All suspensions, sorted by enrolment, term and day, each pupil within the limit of a term at all schools."""
    both = Events.stacked(first, second)
    both = both[np.lexsort((both.day, both.term, both.enrolment))]
    return both[within_the_limit(both.sessions, both.lunchtime, both.enrolment.astype(np.int64) * 3 + both.term)]


def suspensions_frame(rng: Random, world: World, events: Events, first_id: int) -> pd.DataFrame:
    """The suspensions dataset, in order of the start."""
    population, calendars = world.population, world.calendars
    full = events[np.lexsort((population.pupil[events.enrolment], events.urn, events.day))]
    size = len(full.day)
    luck = rng.random(size)
    cancelled, considered = (calendars.later(full.day, rng.integers(*days, size)) for days in ((1, 5), (8, 25)))
    status = np.where(luck < _CANCELLED, 1, np.where(luck < _CANCELLED + _REINSTATED, 2, 0))
    status = np.where(np.isnat(np.where(status == 1, cancelled, considered)), 0, status)
    meeting = calendars.later(full.last_day, 1 + (rng.random(size) < 0.2) * rng.integers(1, 4, size))
    met = (rng.random(size) < 0.85) & (status == 0) & ~full.lunchtime
    values = {
        "suspension_id": numbered("S", first_id, size),
        "pupil_ref": world.references(population.pupil[full.enrolment]),
        "urn": full.urn,
        "start_date": full.day,
        "end_date": full.last_day,
        "sessions": full.sessions,
        "category": labels(full.lunchtime.astype(np.int8), ("SUSP", "LNCH")),
        **reasons(rng, size, REASONS),
        **at_event(population, full.enrolment),
        "am_pm_start": labels(full.afternoon.astype(np.int8), ("AM", "PM")),
        "status": labels(status, ("active", "cancelled", "reinstated")),
        "cancelled_date": np.where(status == 1, cancelled, _NEVER),
        "gb_considered_date": np.where(status == 2, considered, _NEVER),
        "la_notified_date": np.where(
            rng.random(size) < 0.96, calendars.later(full.day, rng.integers(0, 4, size)), _NEVER
        ),
        **_day_6(rng, full, world.register.ap_urns, calendars),
        "reintegration_meeting_date": np.where(met, meeting, _NEVER),
    }
    return dataset_frame(SUSPENSIONS, pd.DataFrame(values))


def _day_6(rng: Random, full: Events, urns: Array, calendars: Calendars) -> dict[str, object]:
    """Provision from the sixth school day of each longer suspension, at an AP school."""
    needed = full.sessions > _DAY_6_AFTER
    provider = pd.Series(rng.choice(urns, len(needed)) if len(urns) else np.zeros(len(needed)), dtype="Int64")
    return {
        "day6_provider_urn": provider.where(needed & (len(urns) > 0)),
        "day6_start": np.where(needed, _sixth_day(full, calendars), _NEVER),
    }


def _sixth_day(full: Events, calendars: Calendars) -> Array:
    return calendars.later(full.day, np.full(len(full.day), 5))
