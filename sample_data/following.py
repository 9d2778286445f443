"""The datasets that follow a child, written after the others and in agreement with them."""

import numpy as np
import pandas as pd

from sample_data.calls import first_response_frame
from sample_data.children_names import pupil_names_frame
from sample_data.families import family_support_frame
from sample_data.internal import internal_suspensions_frame
from sample_data.measured import agency_involvement_frame, outcome_measures_frame
from sample_data.moves import Moved, make_separations
from sample_data.moves_frames import directions_frame, moves_frame, separations_frame
from sample_data.panel import make_panel
from sample_data.panel_frames import fap_decisions_frame, fap_referrals_frame, needs_a_plan
from sample_data.plans import make_plans
from sample_data.registers import provider_refs, providers_frame, workforce_frame
from sample_data.story import Frames, Story
from sample_data.transitions import transitions_frame


def following_frames(story: Story, moved: Moved, first: dict[str, int]) -> Frames:
    """All fifteen, by name. `first` are the numbers that identifiers start with, by dataset, and of the `workers`."""
    panel = make_panel(story, moved)
    agreed = pd.DataFrame({"pupil": moved.moves["pupil"], "day": moved.moves["start"]})
    plans = make_plans(story, pd.concat([needs_a_plan(panel), agreed]), first["behaviour_plans"])
    asked = panel.referrals
    plan = np.where(
        asked["business"].eq("inclusion_and_placement"),
        plans.in_force(asked["pupil"].to_numpy(), asked["referred"].to_numpy("datetime64[D]")),
        -1,
    )
    plan_ids = np.r_[plans.plans["plan_id"].to_numpy(object), None][plan]
    exhausted = np.r_[plans.exhausted.astype(np.int8), -1][plan]
    referrals = fap_referrals_frame(story, panel, plan_ids, exhausted, first["fap_referrals"])
    fap_refs = referrals["fap_ref"].to_numpy(object)
    from_panel = pd.Series(fap_refs, index=asked["move"])[asked["move"].ge(0).to_numpy()]
    panel_refs = from_panel.reindex(range(len(moved.moves))).to_numpy(object)
    had_plan = plans.in_force(moved.moves["pupil"].to_numpy(), moved.moves["start"].to_numpy("datetime64[D]")) >= 0
    found = {
        "providers": providers_frame(story),
        "workforce": workforce_frame(story, first["workers"]),
        "first_response": first_response_frame(story, moved, first["workers"], first["first_response"]),
        "behaviour_plans": plans.frame,
        "outcome_measures": outcome_measures_frame(story),
        "agency_involvement": agency_involvement_frame(story),
        "family_support": family_support_frame(story, first["family_support"]),
        "managed_moves": moves_frame(story, moved.moves, panel_refs, had_plan, first["managed_moves"]),
        "off_site_directions": directions_frame(
            story, moved.directions, provider_refs(story), first["off_site_directions"]
        ),
        "safeguarding_separations": separations_frame(
            story, make_separations(story, moved.taken), first["safeguarding_separations"]
        ),
        "fap_referrals": referrals,
        "fap_decisions": fap_decisions_frame(story, panel, fap_refs),
        "transitions": transitions_frame(story),
        "internal_suspensions": internal_suspensions_frame(story, moved.stays, first["internal_suspensions"]),
    }
    return found | {"pupil_names": pupil_names_frame(story, story.frames | found)}
