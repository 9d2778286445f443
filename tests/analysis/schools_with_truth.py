"""Schools of which the truth is known: pupils with frailties of their own, schools that differ and drift.

Every school has a true ratio to its phase's rate, gamma distributed, which moves a little each year. Every pupil has a
frailty: most have next to none, so that the few who are suspended are suspended again and again (Σc²/Σc as in England's
2016/17). Some pupils keep theirs for the next year; the others leave or change.
"""

import csv
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy import stats

from analysis.denominators import HEADLINE
from analysis.targeting.history import History
from data_model.codes import Phase
from data_model.terms import Period, previous_year

Numbers = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Kind:
    """Schools of a phase: how many in an authority, their pupils, suspensions a pupil and year, and how they differ."""

    schools: int
    pupils: int
    rate: float
    repeat: float
    difference: float
    stays: float


KINDS = {
    Phase.PRIMARY: Kind(schools=80, pupils=270, rate=0.014, repeat=4.3, difference=1.5, stays=0.97),
    Phase.SECONDARY: Kind(schools=20, pupils=950, rate=0.094, repeat=4.5, difference=0.67, stays=0.93),
    Phase.SPECIAL: Kind(schools=10, pupils=110, rate=0.13, repeat=5.0, difference=2.5, stays=0.99),
}
_SAME_PUPILS = 0.3
"""The share of pupils who keep their frailty from one year to the next."""
_NAMES = {Phase.PRIMARY: "State-funded primary", Phase.SECONDARY: "State-funded secondary"}


@dataclass(frozen=True, eq=False)
class SimulatedSchools:
    """`schools` as in History; `suspensions` and `pupils` by school and year, the latest first."""

    schools: pd.DataFrame
    suspensions: Numbers
    pupils: Numbers
    last: str

    @property
    def history(self) -> History:
        """The same as what targeting reads."""
        periods = tuple(Period(previous_year(self.last, by)) for by in range(self.suspensions.shape[1]))
        return History(self.schools, periods, self.suspensions, self.pupils, 1)

    def write(self, path: Path) -> Path:
        """The same as DfE's school-level file of today: each year's three terms and the year."""
        with path.open("w", newline="") as file:
            writer = csv.writer(file)
            writer.writerow(LAYOUT)
            for place, school in enumerate(self.schools.itertuples()):
                for column, period in enumerate(self.history.periods):
                    counts = self.suspensions[place, column], self.pupils[place, column]
                    writer.writerows(_rows(school, period.year, *counts))
        return path


LAYOUT = [
    "time_identifier",
    "time_period",
    "geographic_level",
    "country_code",
    "country_name",
    "region_code",
    "region_name",
    "old_la_code",
    "new_la_code",
    "la_name",
    "estab",
    "school_laestab",
    "school_urn",
    "school_name",
    "trust_name",
    "academy_type",
    "academy_open_date",
    "education_phase",
    "headcount",
    "perm_excl",
    "perm_excl_rate",
    "suspension",
    "susp_rate",
    "one_plus_susp",
    "one_plus_susp_rate",
]
"""The header of DfE's file of 2024/25."""
TERM_NAMES = ("Autumn term", "Spring term", "Summer term", "Academic year")


def _rows(school: object, year: str, suspensions: float, pupils: float) -> list[list[object]]:
    if np.isnan(suspensions):
        return []
    a_third, rest = divmod(int(suspensions), 3)
    counts = [a_third, a_third, a_third + rest, int(suspensions)]
    where = ["School", "E92000001", "England", "E12000005", "West Midlands", school.la_code, f"E0800{school.la_code}"]
    who = [f"Authority {school.la_code}", school.laestab % 10_000, school.laestab, school.urn, school.school_name]
    phase = _NAMES.get(Phase(school.phase), "Special")
    return [
        [name, year, *where, *who, "z", "z", "z", phase, int(pupils), 0, 0, count, _rate(count, pupils), *"xx"]
        for name, count in zip(TERM_NAMES, counts, strict=True)
    ]


def _rate(count: float, pupils: float) -> object:
    return round(100 * count / pupils, 2) if pupils else "z"


def simulated_schools(authorities: int, years: int, seed: int, last: str = "202324") -> SimulatedSchools:
    """So many authorities and years, up to and with the academic year `last`; one seed, one world."""
    draw = np.random.default_rng(seed)
    frames, suspensions, pupils = [], [], []
    for phase in HEADLINE:
        kind = KINDS[phase]
        rolls = _rolls(kind, authorities, years, draw)
        ratios = _ratios(kind, len(rolls), years, draw)
        counts = [_counts(kind, roll, ratio, draw) for roll, ratio in zip(rolls, ratios, strict=True)]
        suspensions.append(np.stack(counts)[:, ::-1])
        pupils.append(rolls[:, ::-1].astype(np.float64))
        frames.append(pd.DataFrame({"phase": str(phase), "la_code": 301 + np.arange(len(rolls)) // kind.schools}))
    frame = pd.concat(frames, ignore_index=True)
    number = frame.groupby("la_code").cumcount()
    laestab = frame["la_code"] * 10_000 + 2000 + number
    urn = 100_000 + np.arange(len(frame))
    names = "School " + laestab.astype("str")
    return SimulatedSchools(
        frame.assign(key=urn, urn=urn, laestab=laestab, school_name=names, listed=True),
        np.concatenate(suspensions),
        np.concatenate(pupils),
        last,
    )


def _rolls(kind: Kind, authorities: int, years: int, draw: np.random.Generator) -> npt.NDArray[np.int64]:
    first = kind.pupils * np.exp(draw.normal(0, 0.45, kind.schools * authorities))
    growth = np.exp(np.cumsum(draw.normal(0, 0.02, (len(first), years)), axis=1))
    rolls: npt.NDArray[np.int64] = np.maximum(12, first[:, None] * growth).astype(np.int64)
    return rolls


def _ratios(kind: Kind, schools: int, years: int, draw: np.random.Generator) -> Numbers:
    """True ratios: gamma of mean 1 every year, each close to the one before."""
    standing = draw.normal(size=schools)
    found = []
    for _ in range(years):
        found.append(standing)
        standing = kind.stays * standing + np.sqrt(1 - kind.stays**2) * draw.normal(size=schools)
    shape = 1 / kind.difference
    ratios: Numbers = stats.gamma.ppf(stats.norm.cdf(np.stack(found, axis=1)), shape, scale=1 / shape)
    return ratios


def _counts(kind: Kind, rolls: npt.NDArray[np.int64], ratios: Numbers, draw: np.random.Generator) -> Numbers:
    """The suspensions of one school by year, the earliest first."""
    # Σc²/Σc of Poisson counts with gamma frailties of this shape is 1 + rate + rate / shape.
    shape = kind.rate / (kind.repeat - 1 - kind.rate)
    frailty = draw.gamma(shape, 1 / shape, int(rolls.max()))
    totals = []
    for roll, ratio in zip(rolls, ratios, strict=True):
        totals.append(draw.poisson(kind.rate * ratio * frailty[:roll]).sum())
        changed = draw.random(len(frailty)) > _SAME_PUPILS
        frailty[changed] = draw.gamma(shape, 1 / shape, int(changed.sum()))
    return np.array(totals, dtype=np.float64)
