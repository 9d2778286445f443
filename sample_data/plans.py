"""Behaviour plans: what schools had tried before they asked outreach, the panel or another school."""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from data_model.behaviour_plans import BEHAVIOUR_PLANS
from data_model.casework_codes import Strategy
from sample_data.arrays import Array, choose, count_within, group_starts
from sample_data.calendars import LA
from sample_data.details import numbered
from sample_data.frames import dataset_frame, labels
from sample_data.story import Story

_STRATEGIES = [str(strategy) for strategy in Strategy]
# How often a plan has each strategy, in the order of the code set: what costs little is tried first.
_TRIED = np.array([70, 62, 48, 55, 72, 40, 34, 26, 30, 24, 12, 18, 20, 14, 30, 8]) / 100
_HELPED = ("yes", "partly", "no", "too_soon")
_HELPED_SHARES = np.array([12, 36, 45, 7])
_ANEW_AFTER = np.timedelta64(250, "D")
_VALID_FOR = np.timedelta64(365, "D")
_SHORTEST, _LONGEST = np.timedelta64(60, "D"), np.timedelta64(130, "D")


@dataclass(frozen=True)
class Plans:
    """`plans`: `pupil, urn, start, plan_id`, one row each; `frame` is the dataset, a row for each strategy."""

    plans: pd.DataFrame
    frame: pd.DataFrame

    def in_force(self, pupil: Array, day: Array) -> Array:
        """The row of `plans` that each pupil had on a day, started within the year before; -1 for none."""
        asked = pd.DataFrame({"row": np.arange(len(pupil)), "pupil": pupil, "day": day.astype("datetime64[s]")})
        plans = self.plans[["pupil", "start"]].assign(plan=np.arange(len(self.plans)))
        pairs = asked.merge(plans, on="pupil")
        pairs = pairs[(pairs["start"] <= pairs["day"]) & (pairs["day"] - pairs["start"] <= _VALID_FOR)]
        result = np.full(len(pupil), -1)
        result[pairs["row"]] = pairs["plan"]
        return result

    @property
    def exhausted(self) -> Array:
        """Whether more than half of each plan's strategies are exhausted."""
        share = self.frame["exhausted"].eq("Y").groupby(self.frame["plan_id"].astype(object)).mean()
        return np.asarray(share.reindex(self.plans["plan_id"]).to_numpy() > 0.5)


def make_plans(story: Story, needs: pd.DataFrame, first_id: int) -> Plans:
    """A plan before each referral that says there was one, and before those of `needs` (`pupil, day`) that may.

    None is in force on the day of a referral that says there was none.
    """
    rng = story.random("behaviour_plans")
    told = story.frames["outreach_referrals"]["psp_in_place"].astype(object).to_numpy()
    day = story.referrals["received"]
    referred = pd.DataFrame({"pupil": story.referrals["pupil"], "day": day})
    without = referred[(told == "N") & referred["pupil"].ge(0)]
    wanted = pd.concat(
        [referred[told == "Y"].assign(certain=True), needs[["pupil", "day"]].assign(certain=False)],
        ignore_index=True,
    )
    asked = wanted["day"].to_numpy("datetime64[D]")
    pupil = wanted["pupil"].to_numpy(np.int64)
    start = story.calendars.earlier(asked, rng.integers(30, 75, len(wanted)))
    # Who was on no roll here then came with this school year.
    this_year = story.calendars.days[LA, story.calendars.year_of(asked), 0, 0]
    start = np.where(story.site_on(pupil, start) < 0, this_year, start)
    site = story.site_on(pupil, start)
    wanted["start"] = start.astype("datetime64[s]")
    wanted["urn"] = story.urn_on(site, start)
    # What starts at the same time as the question would not be a plan that was tried.
    wanted = wanted[(wanted["start"] < wanted["day"]) & (site >= 0)].reset_index(drop=True)
    wanted = wanted[wanted["certain"] | ~_denied(wanted, without)]
    wanted = wanted.sort_values(["pupil", "start"], kind="stable", ignore_index=True)
    plans = wanted[_far_apart(wanted)].sort_values(["start", "pupil"], ignore_index=True)
    plans = plans.assign(plan_id=numbered("B", first_id, len(plans)))
    return Plans(plans, _frame(story, plans, without))


def _denied(wanted: pd.DataFrame, without: pd.DataFrame) -> Array:
    pairs = wanted.assign(row=np.arange(len(wanted))).merge(without[["pupil", "day"]], on="pupil", suffixes=("", "_of"))
    rows = pairs.loc[(pairs["start"] <= pairs["day_of"]) & (pairs["day_of"] - pairs["start"] <= _LONGEST), "row"]
    result = np.zeros(len(wanted), dtype=bool)
    result[rows] = True
    return result


def _far_apart(wanted: pd.DataFrame) -> Array:
    """Whether each plan starts long enough after the pupil's one before: else that one is still in force."""
    pupil, start = wanted["pupil"].to_numpy(), wanted["start"].to_numpy("datetime64[D]")
    day, certain = wanted["day"].to_numpy("datetime64[D]"), wanted["certain"].to_numpy()
    kept = np.zeros(len(wanted), dtype=bool)
    first, last = group_starts(pupil), np.datetime64("1900-01-01")
    for row in range(len(wanted)):
        too_old = day[row] - last > _VALID_FOR
        kept[row] = first[row] or start[row] - last > _ANEW_AFTER or (certain[row] and too_old)
        last = start[row] if kept[row] else last
    return kept


def _ends(story: Story, plans: pd.DataFrame, without: pd.DataFrame, lasted: Array) -> Array:
    """The last day of each plan, before the next referral that says there was none; missing while it runs."""
    start = plans["start"].to_numpy("datetime64[D]")
    end = start + lasted
    pairs = plans.assign(row=np.arange(len(plans))).merge(without[["pupil", "day"]], on="pupil", suffixes=("", "_of"))
    pairs = pairs[pairs["day_of"] > pairs["start"]].sort_values("day_of").drop_duplicates("row")
    rows = pairs["row"].to_numpy()
    end[rows] = np.minimum(end[rows], pairs["day_of"].to_numpy("datetime64[D]") - 1)
    return np.where(end > story.calendars.last_day, np.datetime64("NaT"), end)


def _frame(story: Story, plans: pd.DataFrame, without: pd.DataFrame) -> pd.DataFrame:
    rng, size = story.random("behaviour_plans dataset"), len(plans)
    tried = rng.random((size, len(_STRATEGIES))) < _TRIED
    tried[:, :1] |= ~tried.any(axis=1, keepdims=True)
    row, strategy = np.nonzero(tried)
    start = plans["start"].to_numpy("datetime64[D]")
    end = _ends(story, plans, without, rng.integers(_SHORTEST.astype(int), _LONGEST.astype(int), size))
    helped = choose(rng, _HELPED_SHARES, len(row))
    exhausted = (helped == 2) | ((helped == 1) & (rng.random(len(row)) < 0.5))
    weeks = np.clip(1 + count_within(row) + rng.integers(0, 8, len(row)), 1, 16)
    values = {
        "plan_id": plans["plan_id"].to_numpy(object)[row],
        "strategy": labels(strategy, _STRATEGIES),
        "pupil_ref": story.world.references(plans["pupil"].to_numpy()[row]),
        "urn": plans["urn"].to_numpy()[row],
        "kind": labels(choose(rng, np.array([70, 20, 10]), size)[row], ("psp", "ibp", "risk")),
        "start_date": start[row],
        "review_date": np.minimum(start + 42, np.where(np.isnat(end), story.calendars.last_day, end))[row],
        "end_date": end[row],
        "weeks": weeks,
        "helped": labels(helped, _HELPED),
        "exhausted": labels(exhausted.astype(np.int8), ("N", "Y")),
    }
    return dataset_frame(BEHAVIOUR_PLANS, pd.DataFrame(values))
