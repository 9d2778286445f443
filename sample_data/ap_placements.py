"""The AP placements dataset."""

import numpy as np
import pandas as pd

from data_model.placements import AP_PLACEMENTS
from sample_data.arrays import Random
from sample_data.calendars import Calendars
from sample_data.details import numbered
from sample_data.ends import ENDS, HOME, NEW_SCHOOL, SPECIAL_SCHOOL
from sample_data.figures import SPECIAL
from sample_data.frames import dataset_frame, known, labels
from sample_data.placements import FURTHER_EDUCATION, PROVIDERS, REGISTERED, Placements
from sample_data.schools import Register
from sample_data.starts import REASONS
from sample_data.world import World

UKPRN = 99_990_001
"""The one registered provider without a URN. Real UKPRNs start with 100."""
_SESSION_COST = np.array([30.0, 34.0, 42.0])


def placements_frame(rng: Random, world: World, placements: Placements, first_id: int) -> pd.DataFrame:
    """The AP placements dataset, in order of the start."""
    full = placements[np.lexsort((placements.pupil, placements.start))]
    size = len(full.pupil)
    weeks_cost = full.sessions * _SESSION_COST[full.tier - 1] * rng.uniform(0.9, 1.2, size)
    payer = np.where(full.tier == 1, 1, np.where(full.tier == 2, rng.integers(0, 3, size), 0))
    registration = np.where(full.at_ap_school, np.where(full.tier == 3, 0, 1), -1)
    values = {
        "placement_id": numbered("A", first_id, size),
        "pupil_ref": world.references(full.pupil),
        "home_urn": full.home_urn,
        "provider_urn": known(full.at_ap_school, full.provider_urn),
        "provider_ukprn": known(full.provider == REGISTERED, np.full(size, UKPRN)),
        "setting_type": labels(np.maximum(full.provider - FURTHER_EDUCATION, -1), PROVIDERS[FURTHER_EDUCATION:]),
        "tier": labels(full.tier - 1, ("1", "2", "3")),
        "commissioner": labels(payer, ("LA", "school", "joint")),
        "placement_reason": labels(full.reason, REASONS),
        "start_date": full.start,
        "planned_end_date": full.planned,
        "end_date": full.end,
        "attendance_pattern": labels(full.full_time.astype(np.int8), ("PT", "FT")),
        "sessions_per_week": full.sessions,
        "registration": labels(registration, ("sole", "dual_subsidiary")),
        "weekly_cost_gbp": np.round(weeks_cost),
        "funding_line": labels((payer == 1).astype(np.int8), ("high needs block", "school budget")),
        "reintegration_plan": labels((full.tier == 2).astype(np.int8), ("N", "Y")),
        "planned_reintegration_date": np.where(full.tier == 2, full.planned, np.datetime64("NaT")),
        "end_reason": labels(full.ended, ENDS),
        "destination_urn": _destination(rng, full, world.register, world.calendars),
    }
    return dataset_frame(AP_PLACEMENTS, pd.DataFrame(values))


def _destination(rng: Random, full: Placements, register: Register, calendars: Calendars) -> pd.Series:
    """The home school, the new one or a special school, by what came after; blank otherwise."""
    year = np.clip(calendars.year_of(full.end), 0, calendars.years - 1)
    urn = np.where(full.ended == HOME, full.home_urn, 0)
    urn = np.where((full.ended == NEW_SCHOOL) & (full.goes_to >= 0), register.urn_at(full.goes_to, year), urn)
    special = np.flatnonzero(register.sites.phase == SPECIAL)
    if len(special):
        urn = np.where(full.ended == SPECIAL_SCHOOL, register.urn_at(rng.choice(special, len(year)), year), urn)
    return known(urn > 0, urn)
