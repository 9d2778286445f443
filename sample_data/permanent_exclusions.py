"""The permanent exclusions dataset."""

import numpy as np
import pandas as pd

from data_model.exclusions import PERMANENT_EXCLUSIONS
from sample_data.arrays import Random
from sample_data.calendars import Calendars
from sample_data.details import at_event, numbered, reasons
from sample_data.exclusions import REVIEW_WINDOW, Exclusions
from sample_data.figures import PERMANENT_EXCLUSION_REASONS
from sample_data.frames import dataset_frame, known
from sample_data.placements import Placements
from sample_data.schools import Register
from sample_data.world import World

_NEVER = np.datetime64("NaT")


def exclusions_frame(
    rng: Random, world: World, exclusions: Exclusions, placements: Placements, first_id: int
) -> pd.DataFrame:
    """The permanent exclusions dataset, in order of the decision."""
    full = exclusions[np.lexsort((exclusions.pupil, exclusions.decision))]
    size = len(full.pupil)
    decided = np.where(np.isnat(full.reviewed), full.meeting, full.reviewed)
    left = world.calendars.later(decided, np.full(size, REVIEW_WINDOW + 1))
    off_roll = np.where(np.isin(full.outcome, ("ANO", "INO", "LNO")), left, _NEVER)
    values = {
        "pex_id": numbered("X", first_id, size),
        "pupil_ref": world.references(full.pupil),
        "urn": full.urn,
        "head_decision_date": full.decision,
        **reasons(rng, size, PERMANENT_EXCLUSION_REASONS),
        **at_event(world.population, full.enrolment),
        "gb_notified_date": full.notified,
        "gb_meeting_date": full.meeting,
        "review_outcome": pd.Series(full.outcome).where(full.outcome != ""),
        "irp_requested_date": full.requested,
        "irp_date": full.reviewed,
        "day6_start": full.day_6,
        "home_la": str(world.register.la_code),
        "off_roll_date": off_roll,
        **_afterwards(full, placements, world.register, world.calendars),
        "funding_adjustment_gbp": np.where(np.isnat(off_roll), np.nan, rng.integers(10, 60, size) * 100.0),
    }
    return dataset_frame(PERMANENT_EXCLUSIONS, pd.DataFrame(values))


def _afterwards(
    full: Exclusions, placements: Placements, register: Register, calendars: Calendars
) -> dict[str, object]:
    """Who provides from the sixth day on, and at which mainstream school the pupil starts afterwards."""
    places = placements[placements.tier == 3]
    place = pd.Series(np.arange(len(places.pupil)), index=places.pupil)
    at = place[~place.index.duplicated(keep="last")].reindex(full.pupil).fillna(-1).to_numpy(np.int64)
    names = register.frame.set_index("urn")["school_name"].astype(object)
    provided = full.stands & (at >= 0) & (places.provider_urn[at] > 0) if len(places.pupil) else full.stands & False
    if not provided.any():
        return {}
    next_start = np.where(places.goes_to[at] >= 0, calendars.next_term(places.end[at]), _NEVER)
    next_start = np.where(provided, next_start, _NEVER)
    starts = ~np.isnat(next_start)
    year = np.where(starts, calendars.year_of(next_start), 0)
    return {
        "day6_provider": names.reindex(np.where(provided, places.provider_urn[at], 0)).to_numpy(),
        "next_school_urn": known(starts, register.urn_at(places.goes_to[at], year)),
        "next_start_date": next_start,
    }
