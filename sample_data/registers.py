"""The register of providers and the workforce: places and posts that fit the placements and cases there are.

Places are what was taken up in two thirds of the weeks of a year: about eight in ten are taken, and now and then more
than there are. Posts: general knowledge of what services of this size look like.
"""

import math

import numpy as np
import pandas as pd

from data_model.providers import PROVIDERS
from data_model.workforce import WORKFORCE
from sample_data import names
from sample_data.ap_placements import UKPRN
from sample_data.calendars import LA
from sample_data.figures import PHASES
from sample_data.frames import dataset_frame
from sample_data.story import Story

_SETTINGS = (
    ("NFE", "College", "fe", "Y"),
    ("OOT", "Tuition Service", "tuition", "N"),
    ("OTH", "Outdoor Learning", "non_school", "N"),
    ("WBP", "Workshops", "non_school", "N"),
)
_DAILY_RATES = {"pru": 92.0, "ap_academy": 95.0, "independent": 110.0, "fe": 58.0, "tuition": 120.0, "non_school": 75.0}
_FTE = (1.0, 1.0, 0.8, 1.0, 0.6, 1.0)
_FAMILY_PRACTITIONERS = 40  # schools for each
_EVERY_DAYS = 7


def provider_refs(story: Story) -> dict[int, str]:
    """The register's reference of each AP school, by URN."""
    return {
        int(urn): f"AP{story.register.la_code}-{number:02d}" for number, urn in enumerate(story.register.ap_urns, 1)
    }


def providers_frame(story: Story) -> pd.DataFrame:
    """The providers dataset: a row for each provider and year."""
    rng, register, calendars = story.random("providers"), story.register, story.calendars
    schools = register.frame.set_index("urn")
    rows = []
    refs = provider_refs(story)
    for urn, ref in refs.items():
        academy = schools.loc[urn, "establishment_type_group"] == "Academies"
        primary = urn == min(refs)
        own = {"provider_ref": ref, "name": schools.loc[urn, "school_name"], "urn": urn, "registered": "Y"}
        own |= {"kind": "ap_academy" if academy else "pru", "phase": PHASES[0] if primary else PHASES[1]}
        rows.append(own | {"ofsted": "Good" if academy else "Requires improvement"})
    place = names.place(names.MOST_PLACES - 1 - story.number)
    registered = {"name": f"{place} Independent School", "ukprn": UKPRN, "kind": "independent", "phase": "secondary"}
    others = [registered | {"registered": "Y", "ofsted": "Good"}]
    others += [
        {"name": f"{place} {word}", "setting_type": setting, "kind": kind, "phase": "both", "registered": is_registered}
        for setting, word, kind, is_registered in _SETTINGS
    ]
    for number, own in enumerate(others, start=len(refs) + 1):
        rows.append({"provider_ref": f"AP{register.la_code}-{number:02d}", **own})
    values = [
        {**own, **_in_year(story, own, year), "la_code": register.la_code}
        for own in rows
        for year in range(calendars.years)
    ]
    found = pd.DataFrame(values)
    met = np.array(["met", "met", "met", "partly", "not"], dtype=object)
    standards = {
        f"std_{name}": np.where(found["registered"].eq("N"), met[rng.integers(0, 5, len(found))], "na")
        for name in ("safeguarding", "health_safety", "admissions", "quality")
    }
    looked_at = found["valid_from"].to_numpy("datetime64[D]") - rng.integers(20, 330, len(found))
    return dataset_frame(PROVIDERS, found.assign(**standards, qa_date=looked_at, qa_due=looked_at + 365))


def _in_year(story: Story, own: dict[str, object], year: int) -> dict[str, object]:
    firsts = story.calendars.first_days
    found: dict[str, object] = {
        "valid_from": firsts[year],
        "valid_until": firsts[year + 1] - 1 if year < story.calendars.years - 1 else np.datetime64("NaT"),
        "daily_rate_gbp": round(_DAILY_RATES[str(own["kind"])] * 1.03**year),
    }
    if "setting_type" in own:  # places are bought one by one
        return found
    tiers = {tier: _places(story, own, tier, year) for tier in (1, 2, 3)}
    return found | {"places": sum(tiers.values())} | {f"places_t{tier}": places for tier, places in tiers.items()}


def _places(story: Story, own: dict[str, object], tier: int, year: int) -> int:
    """Full-time places: those that two thirds of the weeks of the year needed."""
    placed = story.placements
    urn = own.get("urn", 0)
    here = (placed.provider_urn == urn) if urn else (placed.provider == 1)
    rows = here & (placed.tier == tier)
    weeks = story.calendars.days[LA, year].ravel()
    weeks = weeks[~np.isnat(weeks)][::5]
    open_then = (placed.start[rows] <= weeks[:, None]) & ~(placed.end[rows] < weeks[:, None])
    needed = (open_then * placed.sessions[rows]).sum(axis=1) / 10
    return math.ceil(float(np.quantile(needed, 0.67))) if len(needed) else 0


def workforce_frame(story: Story, first_worker: int) -> pd.DataFrame:
    """The workforce dataset: every worker of a case with the cases that the post carries, and who works beside them."""
    rng, calendars = story.random("workforce"), story.calendars
    began = calendars.first_days[0]
    workers = int(story.cases["worker"].max()) + 1 if len(story.cases) else 1
    rows = []
    for worker in range(workers):
        fte = _FTE[worker % len(_FTE)]
        own = {
            "worker_ref": f"W{first_worker + worker:02d}",
            "role": "senior" if worker % 5 == 4 else "outreach_worker",
        }
        own |= {"provider_type": "la_team", "vacancy": "N", "band": "PO2" if worker % 5 == 4 else "SO1"}
        capacity = _capacity(story, worker)
        # Some came back from leave with other hours: two rows, one after the other.
        if worker % 6 == 2 and calendars.years > 1:
            changed = calendars.first_days[calendars.years // 2]
            before = {"start_date": began - 400, "end_date": changed - 1, "fte": 1.0, "capacity_cases": capacity + 1}
            rows += [own | before, own | {"start_date": changed, "fte": fte, "capacity_cases": capacity}]
        else:
            begun = began - int(rng.integers(30, 1500))
            rows.append(own | {"start_date": begun, "fte": fte, "capacity_cases": capacity})
    rows += _beside(story)
    return dataset_frame(WORKFORCE, pd.DataFrame(rows).assign(la_code=story.register.la_code))


def _capacity(story: Story, worker: int) -> int:
    """How many cases at a time: what the worker carried in nine of ten weeks, so that a tenth lies above."""
    own = story.cases[story.cases["worker"] == worker]
    start, end = (own[name].to_numpy("datetime64[D]") for name in ("start", "end"))
    weeks = story.calendars.all_days[LA][::_EVERY_DAYS]
    load = ((start <= weeks[:, None]) & ~(end < weeks[:, None])).sum(axis=1)
    return max(3, math.ceil(float(np.quantile(load, 0.9))))


def _beside(story: Story) -> list[dict[str, object]]:
    """A manager, family practitioners, the phone line and a vacancy: under references of their own."""
    la, began = story.register.la_code, story.calendars.first_days[0]
    usual = {"start_date": began, "provider_type": "la_team", "vacancy": "N", "fte": 1.0}
    rows: list[dict[str, object]] = [
        usual | {"worker_ref": f"{la}-M1", "role": "manager", "band": "PO5", "capacity_cases": 0},
        usual | {"worker_ref": f"{la}-R1", "role": "first_response", "band": "SO2", "capacity_cases": 0},
        usual
        | {"worker_ref": f"{la}-V1", "role": "outreach_worker", "band": "SO1", "capacity_cases": 0, "vacancy": "Y"}
        | {"start_date": story.calendars.first_days[-1] + 122},
    ]
    family = usual | {"role": "family_practitioner", "band": "SO1", "capacity_cases": 14}
    rows += [family | {"worker_ref": ref} for ref in family_workers(story)]
    return rows


def family_workers(story: Story) -> list[str]:
    """The references of whole-family practitioners."""
    count = max(1, len(story.register.frame) // _FAMILY_PRACTITIONERS)
    return [f"{story.register.la_code}-F{number}" for number in range(1, count + 1)]
