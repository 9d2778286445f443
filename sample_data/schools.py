"""The register of one local authority's schools."""

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from data_model.schools import SCHOOLS
from sample_data import changes, names
from sample_data.arrays import Array, Random
from sample_data.figures import AP, PHASES, PRIMARY, SECONDARY, SPECIAL
from sample_data.frames import dataset_frame
from sample_data.sites import Sites, districts_of, make_sites

SCHOOLS_IN_AN_LA = 2_400
"""How many schools one LA code has establishment numbers for, phase by phase."""
_FIRST_URN = 900_001
_TOP_LA_CODE = 999  # no local authority of England has a code from 990 on
_SHARES = np.array([0.732, 0.167, 0.067, 0.034])  # of 120: 88 primary, 20 secondary, 8 special, 4 AP
_ESTABLISHMENT_NUMBERS = (2000, 4000, 7000, 1100)  # where each phase's numbers start, as in England
_MAINTAINED = "Local authority maintained schools"
_AGES = {PRIMARY: (4, 11), SECONDARY: (11, 16), SPECIAL: (4, 16), AP: (5, 16)}


@dataclass(frozen=True)
class Register:
    """The schools dataset of one LA, its sites, and which row of the register teaches each site in each year."""

    frame: pd.DataFrame
    sites: Sites
    row_of: Array
    la_code: int

    @property
    def urns(self) -> Array:
        """The URN of each row."""
        return np.asarray(self.frame["urn"].to_numpy(np.int64))

    def urn_at(self, site: Array, year: Array) -> Array:
        """The URN that taught at a site in a year."""
        return np.asarray(self.urns[self.row_of[site, year]])

    @property
    def ap_urns(self) -> Array:
        """The URNs of AP schools: the first takes primary pupils; of three or more, the last is for medical needs."""
        return np.asarray(self.urns[self.frame["phase"].eq("ap").to_numpy(bool)])


def make_register(rng: Random, number: int, schools: int, first_year: int, years: int) -> Register:
    """`schools` rows for the `number`th local authority; where there are schools and years enough, some change."""
    counts = _phase_counts(schools)
    phase = np.repeat(np.arange(len(PHASES)), counts)
    changing = changes.there_is_room(schools, years)
    site_row = np.flatnonzero(phase != AP)
    if changing:
        site_row = site_row[~np.isin(site_row, changes.rows_to_come(counts))]
    sites = make_sites(rng, phase[site_row], closing=changing, years=years)
    row_of = np.repeat(site_row[:, None], years, axis=1)
    rows = _rows(rng, number, phase, sites, site_row)
    if changing:
        changes.make(rows, row_of, sites, counts, first_year)
    _override(rows)
    return Register(dataset_frame(SCHOOLS, pd.DataFrame(rows)), sites, row_of, _TOP_LA_CODE - number)


def _phase_counts(schools: int) -> Array:
    counts: Array = np.floor(_SHARES * schools).astype(np.int64)
    if schools >= len(PHASES):
        counts = np.maximum(counts, 1)
    counts[PRIMARY] += schools - counts.sum()
    return counts


def _rows(rng: Random, number: int, phase: Array, sites: Sites, site_row: Array) -> list[dict[str, Any]]:
    """One row for each school, as if nothing ever changed. Rows without a site are AP, or schools still to come."""
    site_of = np.full(len(phase), -1)
    site_of[site_row] = np.arange(len(site_row))
    place_in_phase = np.concatenate([np.arange((phase == of_phase).sum()) for of_phase in range(len(PHASES))])
    offsets = rng.integers(0, 300, (len(phase), 2)) * 100.0
    rows = []
    for at, (of_phase, in_phase) in enumerate(zip(phase.tolist(), place_in_phase.tolist(), strict=True)):
        overall = number * SCHOOLS_IN_AN_LA + at
        own = {
            "urn": _FIRST_URN + overall,
            "laestab": (_TOP_LA_CODE - number) * 10_000 + _ESTABLISHMENT_NUMBERS[of_phase] + in_phase,
            "phase": PHASES[of_phase],
            "status": "open",
            # In the North Sea, east of every place in England.
            "easting": 700_000 + offsets[at, 0],
            "northing": 300_000 + offsets[at, 1],
            "district": names.district(in_phase % districts_of(len(site_row))),
        }
        rows.append(own | _kind(of_phase, in_phase, overall) | _size(of_phase, sites, int(site_of[at])))
    return rows


def _kind(phase: int, in_phase: int, overall: int) -> dict[str, Any]:
    """Name and governance: half the primaries, most secondaries and some others are academies."""
    academy = in_phase % 4 < (2, 3, 2, 1)[phase] and in_phase % 10 != 9
    types = {
        (PRIMARY, False): ("Community school", _MAINTAINED),
        (SECONDARY, False): ("Foundation school", _MAINTAINED),
        (SPECIAL, False): ("Community special school", "Special schools"),
        (AP, False): ("Pupil referral unit", _MAINTAINED),
        (SPECIAL, True): ("Academy special converter", "Academies"),
        (AP, True): ("Academy alternative provision converter", "Academies"),
    }
    mainstream_academy = ("Academy sponsor led" if in_phase % 5 == 2 else "Academy converter", "Academies")
    establishment_type, group = types.get((phase, academy), mainstream_academy)
    place = names.place(overall)
    return {
        "school_name": names.school(place, phase, academy=academy, number=in_phase),
        "ward": place,
        "establishment_type": establishment_type,
        "establishment_type_group": group,
        "trust_name": names.TRUSTS[overall % len(names.TRUSTS)] if academy else None,
        "open_date": f"{2012 + overall % 7}-09-01" if academy else None,
    }


def _size(phase: int, sites: Sites, site: int) -> dict[str, Any]:
    low, high = _AGES[phase]
    if site < 0:
        return {"low_age": low, "high_age": high, "capacity": 90, "admissions_policy": "Not applicable"}
    policy = "Selective" if sites.selective[site] else "Non-selective" if phase == SECONDARY else "Not applicable"
    return {
        "low_age": max(low, int(sites.lowest[site]) + 4),
        "high_age": max(high, int(sites.highest[site]) + 5),
        "capacity": int(sites.capacity[site]),
        "admissions_policy": policy,
        "district": names.district(int(sites.district[site])),
    }


def _override(rows: list[dict[str, Any]]) -> None:
    """Two schools that the LA sends outreach to whatever the figures say."""
    still_open = [row for row in rows if row["status"] == "open" and row["phase"] != "ap"]
    for row in still_open[5::80][:2]:
        row["outreach_priority_override"] = "Y"
