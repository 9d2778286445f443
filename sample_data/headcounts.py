"""The headcounts dataset: each school's roll at each census, and in January its parts."""

from datetime import date, timedelta

import numpy as np
import pandas as pd

from data_model.headcounts import HEADCOUNTS
from sample_data.arrays import Array, Random
from sample_data.calendars import Calendars
from sample_data.details import YEAR_GROUPS
from sample_data.frames import dataset_frame, labels
from sample_data.population import ETHNICITIES, SEN, Population
from sample_data.schools import Register
from sample_data.world import World

_CENSUSES = ("AUT", "SPR", "SUM")
_JANUARY = 1
_ETHNICITY_CODES = tuple(code for code, _ in ETHNICITIES)
_GROUPS: dict[str, tuple[str, ...]] = {
    "NC year": YEAR_GROUPS,
    "FSM": ("N", "Y"),
    "SEN provision": SEN,
    "Ethnicity": _ETHNICITY_CODES,
    "Sex": ("F", "M"),
}
_GROUP_NAMES = ("Total", *_GROUPS)
_VALUES = ("Total", *dict.fromkeys(value for values in _GROUPS.values() for value in values))
# In AP schools, whose rolls come and go: pupils by year group from Reception, on free meals, by SEN, and boys.
_AP_SHARES = {
    "NC year": np.array([0, 0, 1, 2, 3, 4, 5, 5, 10, 20, 25, 25, 0, 0]) / 100,
    "FSM": np.array([0.42, 0.58]),
    "SEN provision": np.array([0.17, 0.58, 0.25]),
    "Ethnicity": np.array([share for _, share in ETHNICITIES]),
    "Sex": np.array([0.3, 0.7]),
}


def headcounts_frame(rng: Random, world: World) -> pd.DataFrame:
    """A Total for each school and census, and in January the parts by each characteristic."""
    register, population, calendars = world.register, world.population, world.calendars
    totals = [
        _count(register, population, calendars, term, "Total", np.zeros(len(population.pupil))) for term in range(3)
    ]
    parts = [
        _count(register, population, calendars, _JANUARY, group, values)
        for group, values in _characteristics(population).items()
    ]
    rows = pd.concat([*totals, *parts, _ap_schools(rng, register, calendars)], ignore_index=True)
    rows = rows.sort_values(["urn", "year", "term", "group", "value"], kind="stable", ignore_index=True)
    dates = np.array(
        [[_census_day(calendars.first_year + year, term) for term in range(3)] for year in range(calendars.years)]
    )
    values = {
        "urn": rows["urn"],
        "academic_year": labels(rows["year"].to_numpy(), [calendars.label(year) for year in range(calendars.years)]),
        "census_term": labels(rows["term"].to_numpy(), _CENSUSES),
        "characteristic_group": labels(rows["group"].to_numpy(), _GROUP_NAMES),
        "characteristic": labels(rows["value"].to_numpy(), _VALUES),
        "headcount": rows["headcount"],
        "census_date": dates[rows["year"], rows["term"]],
    }
    return dataset_frame(HEADCOUNTS, pd.DataFrame(values))


def _characteristics(population: Population) -> dict[str, Array]:
    """Each enrolment's position among the values of each group."""
    pupil = population.pupil
    return {
        "NC year": population.year_group,
        "FSM": population.free_meals[pupil],
        "SEN provision": population.sen,
        "Ethnicity": population.ethnicity[pupil],
        "Sex": population.boy[pupil],
    }


def _count(
    register: Register, population: Population, calendars: Calendars, term: int, group: str, values: Array
) -> pd.DataFrame:
    """Pupils by school, year and value at one census."""
    names = _GROUPS.get(group, ("Total",))
    school = register.row_of[population.site[:, term], population.year]
    keys = (school * calendars.years + population.year) * len(names) + values.astype(np.int64)
    counts = np.bincount(keys)
    found = np.flatnonzero(counts)
    return _rows(
        register,
        found // len(names) // calendars.years,
        found // len(names) % calendars.years,
        term,
        group,
        found % len(names),
        counts[found],
    )


def _rows(
    register: Register, school: Array, year: Array, term: Array | int, group: str, value: Array, headcount: Array
) -> pd.DataFrame:
    places = np.array([_VALUES.index(name) for name in _GROUPS.get(group, ("Total",))])
    return pd.DataFrame(
        {
            "urn": register.urns[school],
            "year": year,
            "term": term,
            "group": _GROUP_NAMES.index(group),
            "value": places[value],
            "headcount": headcount,
        }
    )


def _ap_schools(rng: Random, register: Register, calendars: Calendars) -> pd.DataFrame:
    """AP schools' rolls (sole and dual main registrations alone): steady, about one pupil in 600."""
    rows = np.flatnonzero(register.frame["phase"].eq("ap"))
    school, year, term = (
        grid.ravel() for grid in np.meshgrid(rows, np.arange(calendars.years), np.arange(3), indexing="ij")
    )
    usual = np.repeat(rng.integers(16, 31, len(rows)), calendars.years * 3)
    headcount = usual + rng.integers(0, 2, len(usual))
    found = [_rows(register, school, year, term, "Total", np.zeros(len(school), dtype=np.int64), headcount)]
    january = term == _JANUARY
    for group, shares in _AP_SHARES.items():
        counts = rng.multinomial(headcount[january], shares / shares.sum())
        at, value = np.nonzero(counts)
        found.append(_rows(register, school[january][at], year[january][at], _JANUARY, group, value, counts[at, value]))
    return pd.concat(found, ignore_index=True)


def _census_day(year: int, term: int) -> np.datetime64:
    """The first Thursday in October, the third in January or the third in May."""
    first = (date(year, 10, 1), date(year + 1, 1, 15), date(year + 1, 5, 15))[term]
    return np.datetime64(first + timedelta(days=(3 - first.weekday()) % 7))
