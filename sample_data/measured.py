"""Outcome measures of cases, and the agencies that they were referred to.

Baselines: a total of 20 in the Strengths and Difficulties Questionnaire (general knowledge: 16 to 19 is "high" in
teachers' ratings) and an engagement of 45 are assumptions, and attendance and risk are those of the referral and of
the case. What is measured later moves towards the usual, as it does where children are picked at a bad moment: no
effect of outreach is built in. Of closed cases four in five were measured at the close, and fewer afterwards, as
services report (general knowledge).
"""

import numpy as np
import pandas as pd

from data_model.agency_involvement import AGENCY_INVOLVEMENT
from data_model.outcome_measures import OUTCOME_MEASURES
from sample_data.arrays import Array, Random
from sample_data.cases import WHOLE_SCHOOL
from sample_data.figures import PRIMARY
from sample_data.frames import dataset_frame, labels
from sample_data.story import Story

# Mean, spread, the share of the way back to the usual by the close, and the usual.
_SHAPES = {
    "SDQ_total": (20.0, 5.5, 0.30, 12.0),
    "engagement_0_100": (45.0, 14.0, 0.35, 70.0),
    "Boxall": (78.0, 18.0, 0.30, 105.0),
    "Leuven": (2.3, 0.6, 0.35, 3.5),
}
_RANGES = {"SDQ_total": (0, 40), "engagement_0_100": (0, 100), "Boxall": (0, 136), "Leuven": (1, 5)}
_RATERS = {"SDQ_total": "teacher", "engagement_0_100": "teacher", "Boxall": "teacher", "Leuven": "worker"}
_ASKED = {"baseline": 0.92, "review1": 0.7, "closure": 0.8, "followup_12w": 0.5, "followup_26w": 0.35}
_PART_OF_THE_WAY = {"baseline": 0.0, "review1": 0.5, "closure": 1.0, "followup_12w": 0.95, "followup_26w": 0.9}
_AFTER_THE_CLOSE = {"followup_12w": 84, "followup_26w": 182}
_NEVER = np.datetime64("NaT")
_AGENCIES = {
    "CAMHS": "camhs",
    "Early help": "early_help",
    "Educational psychology": "ep",
    "Social care": "social_care",
    "Youth justice service": "yjs",
}
# Weeks from the referral to the first appointment; for mental health services longest (the services' own complaint in
# the research: interviews, not published figures).
_WAITS = {"camhs": 18.0, "ep": 9.0, "social_care": 2.0, "yjs": 3.0, "early_help": 4.0}


def outcome_measures_frame(story: Story) -> pd.DataFrame:
    """The outcome measures dataset, in order of the case, the measure and the day."""
    rng, cases = story.random("outcome_measures"), story.cases
    rows = np.flatnonzero((cases["kind"] != WHOLE_SCHOOL) & cases["pupil"].ge(0))
    worked = story.frames["outreach_cases"].iloc[rows]
    days = _days(worked, story)
    young = story.register.sites.phase[cases["site"].to_numpy()[rows]] == PRIMARY
    used = {
        "SDQ_total": np.ones(len(rows), dtype=bool),
        "engagement_0_100": np.ones(len(rows), dtype=bool),
        "Boxall": young & (rng.random(len(rows)) < 0.6),
        "Leuven": young & (rng.random(len(rows)) < 0.25),
    }
    parts = [_of_measure(rng, measure, used[measure], days) for measure in _SHAPES]
    parts += _on_the_forms(rng, story, rows, days)
    found = pd.concat(parts, ignore_index=True).sort_values(["row", "measure", "on"], kind="stable")
    values = {
        "case_id": worked["case_id"].to_numpy(object)[found["row"]],
        "measure": found["measure"],
        "stage": found["stage"],
        "measured_on": found["on"],
        "value": found["value"],
        "rater": found["rater"],
    }
    return dataset_frame(OUTCOME_MEASURES, pd.DataFrame(values))


def _days(worked: pd.DataFrame, story: Story) -> dict[str, Array]:
    """When each stage of each case was, missing where it was not."""
    start, end = (worked[name].to_numpy("datetime64[D]") for name in ("start_date", "end_date"))
    last = story.calendars.last_day
    first = worked["first_contact_date"].to_numpy("datetime64[D]")
    found = {
        "baseline": np.where(np.isnat(first), start, first),
        "review1": worked["review_date"].to_numpy("datetime64[D]"),
        "closure": end,
    }
    for stage, after in _AFTER_THE_CLOSE.items():
        found[stage] = np.where(end + after <= last, end + after, _NEVER)
    return found


def _of_measure(rng: Random, measure: str, used: Array, days: dict[str, Array]) -> pd.DataFrame:
    mean, spread, back, usual = _SHAPES[measure]
    lowest, highest = _RANGES[measure]
    size = len(used)
    baseline = mean + spread * rng.standard_normal(size)
    own = used & (rng.random(size) < _ASKED["baseline"])
    parts = []
    for stage, on in days.items():
        moved = baseline + _PART_OF_THE_WAY[stage] * back * (usual - baseline)
        value = moved + (stage != "baseline") * 0.45 * spread * rng.standard_normal(size)
        value = np.round(np.clip(value, lowest, highest), 1 if measure == "Leuven" else 0)
        asked = own & ~np.isnat(on) & ((stage == "baseline") | (rng.random(size) < _ASKED[stage]))
        parts.append(_rows(asked, measure, stage, on, value, _RATERS[measure]))
    return pd.concat(parts, ignore_index=True)


def _on_the_forms(rng: Random, story: Story, rows: Array, days: dict[str, Array]) -> list[pd.DataFrame]:
    """Attendance and risk as the referral says at the start, and risk as the case says at its close."""
    referral = story.cases["referral"].to_numpy()[rows]
    forms = story.frames["outreach_referrals"]
    risk = _at(forms["risk_1_10"].astype("float64").to_numpy(), referral)
    attendance = _at(forms["attendance_pct"].to_numpy(), referral)
    at_close = story.frames["outreach_cases"]["risk_close_1_10"].astype("float64").to_numpy()[rows]
    own = ~np.isnan(risk)
    later = np.clip(attendance + 0.25 * (91 - attendance) + 4 * rng.standard_normal(len(rows)), 0, 100)
    asked = ~np.isnat(days["closure"]) & own
    return [
        _rows(own, "risk_1_10", "baseline", days["baseline"], risk, "worker"),
        _rows(asked & ~np.isnan(at_close), "risk_1_10", "closure", days["closure"], at_close, "worker"),
        _rows(own, "attendance_pct", "baseline", days["baseline"], attendance, "teacher"),
        _rows(
            asked & (rng.random(len(rows)) < _ASKED["closure"]),
            "attendance_pct",
            "closure",
            days["closure"],
            np.round(later, 1),
            "teacher",
        ),
    ]


def _at(values: Array, rows: Array) -> Array:
    return np.where(rows >= 0, np.r_[values, np.nan][rows], np.nan)


def _rows(asked: Array, measure: str, stage: str, on: Array, value: Array, rater: str) -> pd.DataFrame:
    row = np.flatnonzero(asked)
    cells = {"row": row, "on": on[row].astype("datetime64[s]"), "value": value[row]}
    return pd.DataFrame(cells).assign(measure=measure, stage=stage, rater=rater)


def agency_involvement_frame(story: Story) -> pd.DataFrame:
    """The agency involvement dataset: what the cases' contacts tell of agencies, once for each case and agency.

    An agency that a contact says found its threshold met accepted, and one that never did refused.
    """
    rng = story.random("agency_involvement")
    contacts = story.frames["outreach_contacts"]
    told = contacts[contacts["agency"].notna() & contacts["case_id"].notna()]
    told = told.astype({"agency": object, "case_id": object, "threshold_met": object})
    told = told.assign(agency=told["agency"].map(_AGENCIES), met=told["threshold_met"].eq("Y"))
    found = (
        told.groupby(["case_id", "agency"], sort=True).agg(referred=("date", "min"), met=("met", "any")).reset_index()
    )
    found = found.sort_values(["referred", "case_id", "agency"], ignore_index=True)
    size, last = len(found), story.calendars.last_day
    referred, met = found["referred"].to_numpy("datetime64[D]"), found["met"].to_numpy()
    answered = story.calendars.later(referred, rng.integers(5, 30, size))
    usual = found["agency"].map(_WAITS).to_numpy(np.float64)
    wait = np.round(usual * rng.lognormal(0, 0.4, size)).astype(np.int64)
    start = story.calendars.later(referred + 7 * wait, np.zeros(size, dtype=np.int64))
    start = np.where(met & (start >= answered), start, np.where(met, answered, _NEVER))
    end = start + 7 * rng.integers(6, 40, size)
    refused = np.where(rng.random(size) < 0.85, 1, 2)
    answer = np.where(np.isnat(answered), 3, np.where(met, 0, refused))
    waited = (start - referred).astype(np.int64) / 7
    values = {
        "case_id": found["case_id"],
        "agency": found["agency"],
        "referred_date": referred,
        "answer": labels(answer, ("accepted", "threshold_not_met", "redirected", "waiting")),
        "answer_date": answered,
        "wait_weeks": np.where(np.isnat(start), np.nan, np.round(waited, 1)),
        "start_date": start,
        "end_date": np.where(end <= last, end, _NEVER),
    }
    return dataset_frame(AGENCY_INVOLVEMENT, pd.DataFrame(values))
