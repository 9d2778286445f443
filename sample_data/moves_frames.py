"""The datasets of managed moves, off-site directions and safeguarding separations."""

import numpy as np
import pandas as pd

from data_model.moves import MANAGED_MOVES, OFF_SITE_DIRECTIONS, SAFEGUARDING_SEPARATIONS
from sample_data.arrays import Array, Random
from sample_data.details import numbered
from sample_data.frames import dataset_frame, known, labels
from sample_data.moves import PROVISION
from sample_data.population import SEN
from sample_data.story import Story

_REVIEW_AFTER, _PERIOD = 42, 84
_NEVER = np.datetime64("NaT")
# Engagement with learning: the new school's judgement, from 0 to 100. A move that holds was going better by week six.
_BASELINE, _SPREAD = 41.0, 13.0
_CHANGE = {True: (9.0, 15.0), False: (2.0, -4.0)}


def moves_frame(story: Story, moves: pd.DataFrame, panel_refs: Array, had_plan: Array, first_id: int) -> pd.DataFrame:
    """The managed moves dataset. `panel_refs` are the panel referrals that moves came from, None where none did;
    `had_plan` says whether a behaviour plan was in force."""
    rng, size, calendars = story.random("managed_moves dataset"), len(moves), story.calendars
    start, end = (moves[name].to_numpy("datetime64[D]") for name in ("start", "end"))
    on_roll = moves["on_roll"].to_numpy("datetime64[D]")
    review = calendars.later(start + _REVIEW_AFTER, rng.integers(0, 4, size))
    lasted = np.where(np.isnat(end), calendars.last_day, end)
    values = {
        "move_id": numbered("M", first_id, size),
        "pupil_ref": story.world.references(moves["pupil"].to_numpy()),
        "from_urn": story.urn_on(moves["site"].to_numpy(), start),
        "to_urn": story.urn_on(moves["goes_to"].to_numpy(), np.where(np.isnat(on_roll), start, on_roll)),
        "agreed_date": calendars.earlier(start, rng.integers(2, 10, size)),
        "start_date": start,
        "review_6w_date": np.where(review < lasted, review, _NEVER),
        "planned_end_date": start + _PERIOD,
        "end_date": end,
        "outcome": moves["outcome"],
        "on_roll_to_date": on_roll,
        "parent_agreed": "Y",
        "behaviour_plan": labels(had_plan.astype(np.int8), ("N", "Y")),
        "panel_ref": panel_refs,
        **_engagement(rng, start, lasted, moves["outcome"].eq("sustained").to_numpy()),
    }
    return dataset_frame(MANAGED_MOVES, pd.DataFrame(values))


def directions_frame(
    story: Story, directions: pd.DataFrame, provider_refs: dict[int, str], first_id: int
) -> pd.DataFrame:
    """The off-site directions dataset. `provider_refs` are those of AP schools, by URN."""
    rng, size, calendars = story.random("off_site_directions dataset"), len(directions), story.calendars
    pupil = directions["pupil"].to_numpy()
    start, end = (directions[name].to_numpy("datetime64[D]") for name in ("start", "end"))
    lasted = np.where(np.isnat(end), calendars.last_day, end)
    planned = directions["planned"].to_numpy("datetime64[D]")
    planned = np.where(np.isnat(planned), np.where(np.isnat(end), start + _PERIOD, lasted + 7), planned)
    reviews = (lasted - start).astype(np.int64) // _REVIEW_AFTER
    reviewed = calendars.later(start + _REVIEW_AFTER * reviews, np.zeros(size, dtype=np.int64))
    provider = directions["provider_urn"].fillna(0).to_numpy(np.int64)
    to_school = directions["goes_to"].to_numpy() >= 0
    other = story.urn_on(np.maximum(directions["goes_to"].to_numpy(), 0), start)
    has_plan = story.population.sen[story.population.enrolment(pupil, calendars.year_of(start))] == SEN.index("E")
    full_time = np.where(to_school, 1, directions["full_time"].eq(True).to_numpy())
    values = {
        "direction_id": numbered("D", first_id, size),
        "pupil_ref": story.world.references(pupil),
        "from_urn": story.urn_on(directions["site"].to_numpy(), start),
        "to_urn": known(to_school | (provider > 0), np.where(to_school, other, provider)),
        "provider_ref": [provider_refs.get(urn) for urn in provider],
        "notice_date": calendars.earlier(start, rng.integers(2, 10, size)),
        "start_date": start,
        "planned_end_date": planned,
        "attendance_pattern": labels(full_time.astype(np.int8), ("PT", "FT")),
        "reviews": reviews,
        "last_review_date": np.where((reviews > 0) & (reviewed <= lasted), reviewed, _NEVER),
        "ehcp_la_invited": labels(np.where(has_plan, rng.random(size) < 0.6, -1), ("N", "Y")),
        "end_date": end,
        "next_step": directions["next_step"].replace("", None),
        **_engagement(rng, start, lasted, directions["next_step"].eq("returned").to_numpy()),
    }
    return dataset_frame(OFF_SITE_DIRECTIONS, pd.DataFrame(values))


def separations_frame(story: Story, separations: pd.DataFrame, first_id: int) -> pd.DataFrame:
    """The safeguarding separations dataset."""
    start = separations["start"].to_numpy("datetime64[D]")
    values = {
        "separation_id": numbered("G", first_id, len(separations)),
        "pupil_ref": story.world.references(separations["pupil"].to_numpy()),
        "urn": story.urn_on(separations["site"].to_numpy(), start),
        "start_date": start,
        "end_date": separations["end"],
        "la_told_date": separations["told"],
        "provision": labels(separations["provision"].to_numpy(), PROVISION),
    }
    return dataset_frame(SAFEGUARDING_SEPARATIONS, pd.DataFrame(values))


def _engagement(rng: Random, start: Array, lasted: Array, held: Array) -> dict[str, Array]:
    """Engagement at the start and, where the pupil was still there and somebody asked, after six and twelve weeks."""
    size = len(start)
    baseline = _BASELINE + _SPREAD * rng.standard_normal(size)
    asked = rng.random((3, size)) < np.array([0.9, 0.75, 0.65])[:, None]
    found = {"reengagement_baseline": np.where(asked[0], baseline, np.nan)}
    for number, (name, days) in enumerate((("6w", _REVIEW_AFTER), ("12w", _PERIOD)), start=1):
        change = np.where(held, _CHANGE[True][number - 1], _CHANGE[False][number - 1])
        still_there = (lasted - start).astype(np.int64) >= days - 7
        value = baseline + change + 9 * rng.standard_normal(size)
        found[f"reengagement_{name}"] = np.where(asked[number] & still_there, value, np.nan)
    return {name: np.round(np.clip(value, 0, 100)) for name, value in found.items()}
