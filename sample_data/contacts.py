"""Outreach contacts: about one a week for each case in term time, and calls and training for schools."""

import numpy as np
import pandas as pd

from data_model.outreach import OUTREACH_CONTACTS
from sample_data.arrays import Array, Random, choose
from sample_data.calendars import LA, Calendars
from sample_data.cases import WHOLE_SCHOOL
from sample_data.details import numbered
from sample_data.frames import dataset_frame, labels
from sample_data.schools import Register

_A_WEEK = 0.78
_CALLS = {True: 2.5, False: 0.08}  # from schools that outreach serves, and from others
_KINDS = (
    "consultation",
    "observation",
    "1to1",
    "staff_support",
    "family_visit",
    "multi_agency",
    "review",
    "group",
    "admin",
    "phone_line",
    "training",
)
_MULTI_AGENCY = _KINDS.index("multi_agency")
PHONE_LINE = _KINDS.index("phone_line")
_FIRST_CONTACT = np.array([60, 25, 0, 5, 10, 0, 0, 0, 0, 0, 0])
_PUPIL_CONTACT = np.array([6, 9, 38, 15, 11, 6, 7, 4, 3, 1, 0])
_SCHOOL_CONTACT = np.array([15, 22, 0, 30, 0, 3, 8, 0, 4, 0, 18])
_CALL = np.array([30, 0, 0, 10, 0, 0, 0, 0, 0, 45, 15])
_PLACES = ("school", "home", "online", "neutral", "ap")
_WITH = ("child", "parent", "staff", "agency")
# For each kind: where, and with whom, most such contacts are.
_USUAL_PLACE = np.array([0, 0, 0, 0, 1, 2, 0, 0, 2, 2, 0])
_USUAL_WITH = np.array([2, 0, 0, 2, 1, 3, 1, 0, 2, 2, 2])
_USUAL_MINUTES = np.array([45, 60, 50, 45, 60, 60, 45, 60, 30, 20, 120])
_OUTCOMES = ("strategy", "advice", "no_show", "referral_out")
_AGENCIES = ("CAMHS", "Early help", "Educational psychology", "Social care", "Youth justice service")


def make_contacts(
    rng: Random, register: Register, cases: pd.DataFrame, served: Array, calendars: Calendars
) -> pd.DataFrame:
    """Contacts in order of the date: `case` (a row of cases or -1), `urn, worker, date, kind, place` and `visit`."""
    contacts = pd.concat(
        [_for_cases(rng, cases, calendars), _for_schools(rng, register, cases, served, calendars)], ignore_index=True
    )
    contacts = contacts.sort_values(["date", "case", "urn"], kind="stable", ignore_index=True)
    place = _USUAL_PLACE[contacts["kind"]]
    place = np.where(rng.random(len(contacts)) < 0.1, choose(rng, np.array([50, 20, 20, 10, 0]), len(contacts)), place)
    return contacts.assign(place=place, visit=(place != _PLACES.index("online")))


def _for_cases(rng: Random, cases: pd.DataFrame, calendars: Calendars) -> pd.DataFrame:
    """A first contact within days, then one in most weeks, on school days until the case closes."""
    start, end = cases["start"].to_numpy("datetime64[D]"), cases["end"].to_numpy("datetime64[D]")
    until = np.where(np.isnat(end), calendars.last_day, end)
    weeks = (until - start).astype(np.int64) // 7 + 1
    case = np.repeat(np.arange(len(cases)), weeks)
    week = np.arange(len(case)) - np.repeat(np.cumsum(weeks) - weeks, weeks)
    first = week == 0
    wanted = start[case] + 7 * week + rng.integers(0, 5, len(case))
    date = calendars.later(wanted, np.zeros(len(case), dtype=np.int64))
    # In holidays there is nobody at school to see.
    soon = ((date - wanted).astype(np.int64) <= 2) & (date <= until[case]) & (rng.random(len(case)) < _A_WEEK)
    date = np.where(first, np.minimum(calendars.later(start[case], rng.integers(0, 6, len(case))), until[case]), date)
    whole_school = cases["kind"].to_numpy()[case] == WHOLE_SCHOOL
    kinds = (choose(rng, shares, len(case)) for shares in (_FIRST_CONTACT, _SCHOOL_CONTACT, _PUPIL_CONTACT))
    at_first, with_school, with_pupil = kinds
    kind = np.where(first, at_first, np.where(whole_school, with_school, with_pupil))
    urn, worker = cases["urn"].to_numpy()[case], cases["worker"].to_numpy()[case]
    contacts = pd.DataFrame({"case": case, "urn": urn, "worker": worker, "date": date, "kind": kind})
    return contacts[(first | soon) & ~np.isnat(date)]


def _for_schools(
    rng: Random, register: Register, cases: pd.DataFrame, served: Array, calendars: Calendars
) -> pd.DataFrame:
    calls = rng.poisson(np.where(served, _CALLS[True], _CALLS[False]))
    calls[register.sites.closes[:, None] <= np.arange(served.shape[1])] = 0  # nobody rings from a closed school
    site, year = (np.repeat(at, calls.ravel()) for at in (grid.ravel() for grid in np.indices(served.shape)))
    date = calendars.later(calendars.days[LA, year, 0, 0], rng.integers(3, 180, len(site)))
    workers = int(cases["worker"].max()) + 1 if len(cases) else 1
    return pd.DataFrame(
        {
            "case": -1,
            "urn": register.urn_at(site, year),
            "worker": rng.integers(0, workers, len(site)),
            "date": date,
            "kind": choose(rng, _CALL, len(site)),
        }
    )


def contacts_frame(
    rng: Random, contacts: pd.DataFrame, case_ids: Array, first_worker: int, first_id: int
) -> pd.DataFrame:
    """The outreach contacts dataset, in order of the date."""
    size = len(contacts)
    kind, case, place = (contacts[name].to_numpy() for name in ("kind", "case", "place"))
    outcome = np.where(rng.random(size) < 0.85, choose(rng, np.array([52, 35, 8, 5]), size), -1)
    agency = (kind == _MULTI_AGENCY) | (outcome == _OUTCOMES.index("referral_out"))
    minutes = np.clip(np.round(_USUAL_MINUTES[kind] * rng.lognormal(0, 0.35, size) / 5) * 5, 5, 480)
    travel = np.where(contacts["visit"], 5 * rng.integers(2, 9, size), 0)
    values = {
        "contact_id": numbered("K", first_id, size),
        "date": contacts["date"],
        "worker_ref": [f"W{first_worker + worker:02d}" for worker in contacts["worker"]],
        "case_id": np.where(case >= 0, np.r_[case_ids, None][case], None),
        "urn": contacts["urn"],
        "kind": labels(kind, _KINDS),
        "location": labels(place, _PLACES),
        "minutes": minutes.astype(np.int64),
        "travel_minutes": travel,
        "contact_with": labels(_USUAL_WITH[kind], _WITH),
        "outcome": labels(outcome, _OUTCOMES),
        "agency": labels(np.where(agency, rng.integers(0, len(_AGENCIES), size), -1), _AGENCIES),
        "threshold_met": labels(np.where(agency, rng.random(size) < 0.45, -1), ("N", "Y")),
    }
    return dataset_frame(OUTREACH_CONTACTS, pd.DataFrame(values))
