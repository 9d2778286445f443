"""What schools had and what was to be expected of them, term by term or year by year.

Expected is a school's pupils times the rate of its phase in its local authority in the same term: so season, a rise
everywhere, and a term that is not over yet are in both. An event without a headcount beside it counts in neither.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt
import pandas as pd

from analysis.denominators import HEADLINE, headcounts_at, open_at
from analysis.records import Records, within
from analysis.targeting.constants import Numbers, OfEach, Table, of_each
from analysis.targeting.published_rows import rows_of_schools
from analysis.targeting.steadied import Steadied
from data_model.terms import TERMS, Period, previous_year

YEARS = 3
"""How many years a school's history goes back: each counts half as much as the one after it."""
WITHHELD = 1.5
"""What stands for DfE's `x` in files without URNs, which was always 1 or 2."""

SCHOOL = ("key", "urn", "laestab", "school_name", "la_code", "phase")


@dataclass(frozen=True, eq=False)
class History:
    """Schools by periods, the latest first. NaN where nothing is known.

    `schools`: `key` (its URN, or LAESTAB where none is known), `urn, laestab, school_name, la_code, phase` of the
    headline phases, one row each; `listed`, whether it is open at the end and so can be gone to. `observed` and
    `pupils` are of shape (schools, periods). `a_year` is how many periods make a year.
    """

    schools: pd.DataFrame
    periods: tuple[Period, ...]
    observed: Numbers
    pupils: Numbers
    a_year: int

    @cached_property
    def phases(self) -> npt.NDArray[np.int64]:
        """The place of each school's phase in HEADLINE."""
        places = {str(phase): place for place, phase in enumerate(HEADLINE)}
        found: npt.NDArray[np.int64] = self.schools["phase"].astype("str").map(places).to_numpy(dtype=np.int64)
        return found

    @cached_property
    def expected(self) -> Numbers:
        """What a school of this size had on average, in its phase, authority and period; NaN without a headcount."""
        rates = self._rates[self.groups]
        expected: Numbers = np.where(self._known, self.pupils * rates, np.nan)
        return expected

    @cached_property
    def counted(self) -> Numbers:
        """What schools had where something is expected of them; NaN elsewhere."""
        counted: Numbers = np.where(np.isnan(self.expected), np.nan, self.observed)
        return counted

    @property
    def latest_year(self) -> tuple[Period, ...]:
        """The periods of the latest year, the latest first."""
        return self.periods[: self.a_year]

    @property
    def summed(self) -> tuple[Period, ...]:
        """What its figures are sums of, for what is hidden is decided on these: academic years, else terms."""
        if self.latest_year[0].year != self.latest_year[-1].year:
            return self.periods
        return tuple(Period(each.year) for each in self.periods[:: self.a_year])

    @property
    def latest(self) -> tuple[Numbers, Numbers]:
        """What schools had in the latest year and what was expected; NaN where nothing of it is known."""
        observed, expected = (_sum(each[:, : self.a_year]) for each in (self.counted, self.expected))
        return observed, expected

    def steadied(self, constants: Table | OfEach) -> Steadied:
        """The steadied ratio of each school from all its periods, those of earlier years counting less.

        `constants` are those of each phase, or of each school.
        """
        weights = 0.5 ** (np.arange(len(self.periods)) // self.a_year)
        observed, expected = (np.nansum(each * weights, axis=1) for each in (self.counted, self.expected))
        each = constants if isinstance(constants, OfEach) else of_each(self.phases, constants)
        return Steadied(observed, expected, self.next_expected, each)

    @cached_property
    def next_expected(self) -> Numbers:
        """What is expected of each school in a year like the latest: its latest pupils at each period's rate."""
        rates = np.nansum(self._rates[self.groups][:, : self.a_year], axis=1)
        expected: Numbers = self.latest_pupils * rates
        return expected

    @cached_property
    def latest_pupils(self) -> Numbers:
        """Each school's latest headcount; NaN where none is known."""
        newest = np.argmax(self._known, axis=1)
        pupils = self.pupils[np.arange(len(self.pupils)), newest]
        return np.where(self._known.any(axis=1), pupils, np.nan)

    def between(self, first: int, end: int) -> "History":
        """The history of the periods from one place to before another."""
        part = slice(first, end)
        return History(self.schools, self.periods[part], self.observed[:, part], self.pupils[:, part], self.a_year)

    @property
    def whole_years(self) -> tuple[str, ...]:
        """The academic years of which every period is known of some school, the latest first."""
        known = {each for each, of_schools in zip(self.periods, self._known.T, strict=True) if of_schools.any()}
        starts = range(0, len(self.periods), self.a_year)
        return tuple(
            self.periods[start].year for start in starts if known.issuperset(self.periods[start : start + self.a_year])
        )

    @cached_property
    def _known(self) -> npt.NDArray[np.bool_]:
        return ~np.isnan(self.observed) & (self.pupils > 0)

    @cached_property
    def groups(self) -> npt.NDArray[np.int64]:
        """The place of each school's authority and phase among all that there are."""
        numbers = self.schools["la_code"].to_numpy(dtype=np.int64) * len(HEADLINE) + self.phases
        places: npt.NDArray[np.int64] = np.unique(numbers, return_inverse=True)[1]
        return places

    @cached_property
    def _rates(self) -> Numbers:
        """Suspensions a pupil, of shape (authorities' phases, periods)."""
        count = int(self.groups.max(initial=-1)) + 1
        parts = (np.where(self._known, each, 0.0) for each in (self.observed, self.pupils))
        had, pupils = (_by_group(each, self.groups, count) for each in parts)
        return np.divide(had, pupils, out=np.zeros_like(had), where=pupils > 0)


def _sum(of: Numbers) -> Numbers:
    total: Numbers = np.where(np.isnan(of).all(axis=1), np.nan, np.nansum(of, axis=1))
    return total


def _by_group(of: Numbers, groups: npt.NDArray[np.int64], count: int) -> Numbers:
    # Without schools numpy counts in whole numbers, weights or not.
    columns = [np.bincount(groups, weights=column, minlength=count).astype(np.float64) for column in of.T]
    return np.stack(columns, axis=1) if columns else np.empty((count, 0))


def terms_back(period: Period, years: int = YEARS) -> tuple[Period, ...]:
    """The terms of so many years up to a term, or to the end of an academic year, the latest first."""
    last = TERMS.index(period.term) if period.term else len(TERMS) - 1
    year, terms = period.year, list(reversed(TERMS[: last + 1]))
    found = [Period(year, term) for term in terms]
    while len(found) < years * len(TERMS):
        year = previous_year(year)
        found += [Period(year, term) for term in reversed(TERMS)]
    return tuple(found[: years * len(TERMS)])


def years_of_terms(period: Period) -> frozenset[str]:
    """The academic years whose terms the list of a period is made from; none where the period is a whole year."""
    return frozenset(each.year for each in terms_back(period)) if period.term else frozenset()


def own_history(records: Records, period: Period, years: int = YEARS) -> History:
    """The history of a scope's schools from its own records, by term; a term that was not loaded is unknown."""
    schools = records.current_schools
    schools = schools[schools["phase"].isin(list(map(str, HEADLINE)))]
    periods = terms_back(period, years)
    loaded = records.loaded["suspensions"]
    urns = schools["urn"]
    observed, pupils = [], []
    for each in periods:
        counts = within(records.narrow[0], "start_date", each)["urn"].value_counts()
        none = np.nan if each not in loaded else 0.0
        observed.append(urns.map(counts).fillna(0).to_numpy(dtype=np.float64) + none)
        pupils.append(urns.map(headcounts_at(records, each)[0]).to_numpy(dtype=np.float64))
    last = min(period.bounds[1], records.now or period.bounds[1])
    here = records.schools.loc[open_at(records.schools, last), "current_urn"]
    frame = schools.assign(key=urns, listed=urns.isin(here))[[*SCHOOL, "listed"]].reset_index(drop=True)
    return History(frame, periods, np.stack(observed, axis=1), np.stack(pupils, axis=1), len(TERMS))


def published_history(published: pd.DataFrame, period: Period, years: int = YEARS) -> History:
    """The history of the schools of DfE's published file, by term where the period is one, else by year.

    A school is its LAESTAB in its phase. It is listed where the period itself has a row of it.
    """
    back = terms_back(period, years) if period.term else _years_back(period, years)
    rows = rows_of_schools(published[published["academic_year"].isin({each.year for each in back})])
    asked = rows["term"].isin({str(each.term or "") for each in back})
    rows = rows[asked & rows["phase"].isin(list(map(str, HEADLINE)))]
    when = rows["academic_year"].astype("str") + "-" + rows["term"].astype("str")
    places = {f"{each.year}-{each.term or ''}": place for place, each in enumerate(back)}
    place = when.map(places)
    rows = rows.assign(place=place)[place.notna()].sort_values("place", kind="stable")
    rows = rows.astype({"phase": "str", "place": "int64", "la_code": "int64", "laestab": "int64"})
    school, found = pd.factorize(pd.MultiIndex.from_frame(rows[["laestab", "phase"]]))
    first = rows[~pd.Series(school, index=rows.index).duplicated()]
    shape = (len(found), len(back))
    observed, pupils = np.full(shape, np.nan), np.full(shape, np.nan)
    cells = school, rows["place"].to_numpy()
    observed[cells] = printed(rows).to_numpy(dtype=np.float64)
    pupils[cells] = rows["headcount"].to_numpy(dtype=np.float64)
    frame = first.assign(
        key=first["urn"].astype("Int64").fillna(first["laestab"]).astype("int64"), listed=first["place"].eq(0)
    )
    return History(
        frame[[*SCHOOL, "listed"]].reset_index(drop=True), back, observed, pupils, len(TERMS) if period.term else 1
    )


def printed(rows: pd.DataFrame) -> pd.Series:
    """The suspensions of published rows; `x` of the files without URNs is 1 or 2, and stands as WITHHELD."""
    low = rows["suspensions"].isna() & rows["suspensions_marker"].eq("x") & rows["urn"].isna()
    return rows["suspensions"].mask(low, WITHHELD)


def _years_back(period: Period, years: int) -> tuple[Period, ...]:
    return tuple(Period(previous_year(period.year, by)) for by in range(years))


def joined(histories: Sequence[History]) -> History:
    """Histories of several authorities over the same periods as one. Raises ValueError without any."""
    first, *others = histories
    if any((each.periods, each.a_year) != (first.periods, first.a_year) for each in others):
        raise ValueError("Histories over different periods cannot be put together.")
    return History(
        pd.concat([each.schools for each in histories], ignore_index=True),
        first.periods,
        np.concatenate([each.observed for each in histories]),
        np.concatenate([each.pupils for each in histories]),
        first.a_year,
    )
