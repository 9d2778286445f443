"""The whole fictional LA, or a whole country of them, from one seed."""

from collections.abc import Iterator
from dataclasses import asdict, dataclass, replace

import numpy as np
import pandas as pd

from data_model.catalogue import DATASETS
from sample_data.ap_placements import placements_frame
from sample_data.attendance import attendance_frame
from sample_data.calendars import Calendars
from sample_data.cases import cases_frame, make_cases
from sample_data.consequences import absences, by_the_school_of_the_day, moved, still_possible
from sample_data.contacts import contacts_frame, make_contacts
from sample_data.events import make_events
from sample_data.exclusions import make_exclusions
from sample_data.figures import FIRST_YEAR, LAST_YEAR
from sample_data.following import following_frames
from sample_data.frames import dataset_frame
from sample_data.headcounts import headcounts_frame
from sample_data.moves import make_moves
from sample_data.permanent_exclusions import exclusions_frame
from sample_data.placements import make_placements
from sample_data.population import make_population
from sample_data.pupils import pupils_frame
from sample_data.referrals import make_referrals, referrals_frame, served_sites
from sample_data.schools import SCHOOLS_IN_AN_LA, make_register
from sample_data.story import Story
from sample_data.suspensions import ap_events, suspensions_frame, together
from sample_data.term_dates import term_dates_frame
from sample_data.world import World

SEED = 7
SCHOOLS = 120
YEARS = 5
MOST_SCHOOLS = 10 * SCHOOLS_IN_AN_LA
MOST_YEARS = LAST_YEAR - FIRST_YEAR + 1
_STEPS = 32

Frames = dict[str, pd.DataFrame]


@dataclass
class _Counters:
    """Where the identifiers of the next LA start."""

    suspensions: int = 1
    permanent_exclusions: int = 1
    ap_placements: int = 1
    outreach_referrals: int = 1
    outreach_cases: int = 1
    outreach_contacts: int = 1
    first_response: int = 1
    behaviour_plans: int = 1
    family_support: int = 1
    managed_moves: int = 1
    off_site_directions: int = 1
    safeguarding_separations: int = 1
    fap_referrals: int = 1
    internal_suspensions: int = 1
    workers: int = 1

    def past(self, frames: Frames) -> "_Counters":
        """After the rows of these frames."""
        names = [name for name in self.__dataclass_fields__ if name not in ("workers", "behaviour_plans")]
        counts = {name: getattr(self, name) + len(frames[name]) for name in names}
        # Of these a worker has many cases, and a plan many rows.
        counts["workers"] = self.workers + frames["outreach_cases"]["worker_ref"].nunique()
        counts["behaviour_plans"] = self.behaviour_plans + frames["behaviour_plans"]["plan_id"].nunique()
        return _Counters(**counts)


def generate(schools: int = SCHOOLS, years: int = YEARS, seed: int = SEED) -> Frames:
    """Every dataset by name, typed as a checked file is: the same for the same three numbers.

    Raises ValueError, with a sentence, for numbers out of range.
    """
    parts = list(local_authorities(schools, years, seed))
    if len(parts) == 1:
        return parts[0]
    joined = {name: pd.concat([part[name].astype(object) for part in parts], ignore_index=True) for name in DATASETS}
    return {name: dataset_frame(DATASETS[name], frame) for name, frame in joined.items()}


def local_authorities(schools: int = SCHOOLS, years: int = YEARS, seed: int = SEED) -> Iterator[Frames]:
    """The datasets one local authority after another: 999 alone up to 2,400 schools, then 998 and so on.

    Raises ValueError, with a sentence, for numbers out of range.
    """
    if not 1 <= schools <= MOST_SCHOOLS:
        raise ValueError(f"The number of schools must be from 1 to {MOST_SCHOOLS}.")
    if not 1 <= years <= MOST_YEARS:
        raise ValueError(
            f"The number of years must be from 1 to {MOST_YEARS}: before 2020/21 reasons were coded otherwise."
        )
    counters = _Counters()
    for number, first in enumerate(range(0, schools, SCHOOLS_IN_AN_LA)):
        frames = _local_authority(number, min(SCHOOLS_IN_AN_LA, schools - first), years, seed, counters)
        counters = counters.past(frames)
        yield frames


def _local_authority(number: int, schools: int, years: int, seed: int, counters: _Counters) -> Frames:
    """One LA. Each step has random numbers of its own, so that changing one leaves the steps before it as they were."""
    steps = (np.random.default_rng(part) for part in np.random.SeedSequence([seed, number]).spawn(_STEPS))
    first_year = LAST_YEAR - years + 1
    calendars = Calendars(first_year, years)
    register = make_register(next(steps), number, schools, first_year, years)
    drawn = make_population(next(steps), register.sites, first_year, years)
    events = make_events(next(steps), register, drawn, calendars)
    exclusions = make_exclusions(next(steps), register, drawn, events, calendars)
    placements = make_placements(next(steps), register, drawn, events, exclusions, calendars)
    spells = absences(exclusions, placements, calendars)
    population = moved(register, drawn, placements, calendars)
    in_school = still_possible(register, events, spells, drawn, population)
    events = together(in_school, ap_events(next(steps), placements, population, calendars))
    served = served_sites(next(steps), register, population, events, years)
    referrals = make_referrals(next(steps), register, population, events, spells, served, calendars)
    cases = make_cases(next(steps), register, population, referrals, placements, spells, served, calendars)
    contacts = make_contacts(next(steps), register, cases, served, calendars)
    suspended = population.pupil[events.enrolment]
    named = (suspended, exclusions.pupil, placements.pupil, referrals["pupil"], cases["pupil"])
    world = World.of(register, population, calendars, *named)
    story = Story(seed, number, world, events, exclusions, placements, spells, referrals, cases, contacts, frames={})
    moves = make_moves(story)
    events = by_the_school_of_the_day(events, moves.stays, register, population, calendars)
    referred = referrals_frame(next(steps), world, referrals, events, counters.outreach_referrals)
    referral_ids = referred["referral_id"].to_numpy(object)
    worked = cases_frame(next(steps), world, cases, contacts, referral_ids, counters.workers, counters.outreach_cases)
    case_ids = worked["case_id"].to_numpy(object)
    frames = {
        "schools": register.frame,
        "term_dates": term_dates_frame(register, first_year, years),
        "headcounts": headcounts_frame(next(steps), world),
        "pupils": pupils_frame(next(steps), world, placements, moves.stays),
        "suspensions": suspensions_frame(next(steps), world, events, counters.suspensions),
        "permanent_exclusions": exclusions_frame(
            next(steps), world, exclusions, placements, counters.permanent_exclusions
        ),
        "ap_placements": placements_frame(next(steps), world, placements, counters.ap_placements),
        "outreach_referrals": referred,
        "outreach_cases": worked,
        "outreach_contacts": contacts_frame(
            next(steps), contacts, case_ids, counters.workers, counters.outreach_contacts
        ),
        "attendance": attendance_frame(next(steps), world, placements, cases, moves.stays, events, spells),
    }
    return frames | following_frames(replace(story, events=events, frames=frames), moves, asdict(counters))
