"""The datasets of what panels were asked and what they decided."""

import numpy as np
import pandas as pd

from data_model.fair_access import FAP_DECISIONS, FAP_REFERRALS
from sample_data.arrays import Array, choose
from sample_data.details import numbered
from sample_data.frames import dataset_frame, known, labels
from sample_data.panel import INCLUSION, PanelWork, is_primary
from sample_data.story import Story

_REASONS = {
    "place_school": "Nearest school with room in the year group",
    "la_direction": "The ground for refusing was not accepted",
    "outreach_t1": "Support in school has not been tried to the end",
    "ap_t2": "A time-limited place with a date to come back",
    "managed_move": "A fresh start that both schools and the parents agree to",
    "defer": "Papers are missing",
    "no_action": "The plan in school is working",
}
_GROUNDS = ("full", "behaviour", "fair_share", "needs")


def fap_referrals_frame(
    story: Story, work: PanelWork, plan_ids: Array, exhausted: Array, first_id: int
) -> pd.DataFrame:
    """The panel referrals dataset. `plan_ids` and `exhausted` (1, 0, -1 for not told) are of each referral's plan."""
    rng, found = story.random("fap_referrals dataset"), work.referrals
    size = len(found)
    heard = (rng.random((2, size)) < np.array([0.6, 0.75])[:, None]).astype(np.int8)
    values = {
        "fap_ref": numbered("F", first_id, size),
        "referral_date": found["referred"],
        "pupil_ref": story.world.references(found["pupil"].to_numpy()),
        "urn": found["urn"],
        "business": found["business"],
        "agreed_date": found["agreed"],
        "category": found["category"],
        "current_status": found["status"],
        "panel": labels(is_primary(work).astype(np.int8), ("secondary", "primary")),
        "plan_id": plan_ids,
        "strategies_exhausted": labels(exhausted, ("N", "Y")),
        "child_heard": labels(heard[0], ("N", "Y")),
        "parent_heard": labels(heard[1], ("N", "Y")),
    }
    return dataset_frame(FAP_REFERRALS, pd.DataFrame(values))


def fap_decisions_frame(story: Story, work: PanelWork, fap_refs: Array) -> pd.DataFrame:
    """The panel decisions dataset, in order of the meeting."""
    rng, found = story.random("fap_decisions dataset"), work.decisions
    size = len(found)
    placed = found["decision"].isin(["place_school", "la_direction"]).to_numpy()
    category = work.referrals["category"].to_numpy()[found["referral"]]
    refused = found["refused"].eq("Y").to_numpy()
    values = {
        "fap_ref": fap_refs[found["referral"]],
        "meeting_date": found["meeting"],
        "decision": found["decision"],
        "reason": found["decision"].map(_REASONS),
        "allocated_urn": known(found["allocated"].gt(0).to_numpy(), found["allocated"].to_numpy()),
        "start_date": found["starts"],
        "refused": found["refused"].replace("", None),
        "refusal_ground": labels(np.where(refused, choose(rng, np.array([45, 30, 15, 10]), size), -1), _GROUNDS),
        "share_weight": np.where(placed, np.where(category == "d", 2.0, 1.0), np.nan),
    }
    return dataset_frame(FAP_DECISIONS, pd.DataFrame(values))


def needs_a_plan(work: PanelWork) -> pd.DataFrame:
    """The referrals for which a school shows what it tried: `pupil, day`."""
    found = work.referrals[work.referrals["business"].eq(INCLUSION)]
    return found.rename(columns={"referred": "day"})[["pupil", "day"]]
