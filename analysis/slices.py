"""One local authority in one period: what the counting functions of a measure are handed."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from functools import cached_property

import pandas as pd

from analysis.denominators import (
    HEADLINE,
    OutOf,
    headcounts_at,
    missing_note,
    open_at,
    schools_without_headcount,
)
from analysis.records import Records, within
from data_model.codes import SchoolStatus
from data_model.terms import Period


class By(StrEnum):
    """What a table has a row for."""

    SCHOOL = "school"
    PHASE = "phase"
    LA = "la"


GROUPED_BY = {By.SCHOOL: "urn", By.PHASE: "phase", By.LA: "la_code"}
"""The column of the records that tells the rows of a table apart."""


@dataclass(frozen=True, eq=False)
class Slice:
    """The records of one LA, one period and, where `phase` is given, one phase, to be grouped `by`.

    Grouped by LA without a phase, `suspensions` and the like hold the headline phases alone: primary, secondary and
    special. Counting functions return a Series by `key`; groups without events are absent from counts.
    """

    records: Records
    la_code: int
    period: Period
    by: By
    phase: str | None = None

    @property
    def key(self) -> str:
        """The column to group by."""
        return GROUPED_BY[self.by]

    @property
    def last_day(self) -> date:
        """The period's last day, or the last day in the data where that is earlier."""
        last = self.period.bounds[1]
        return min(last, self.records.now or last)

    @cached_property
    def phases(self) -> tuple[str, ...] | None:
        """The phases that are in; None for all."""
        if self.phase:
            return (self.phase,)
        return tuple(map(str, HEADLINE)) if self.by is By.LA else None

    @cached_property
    def suspensions(self) -> pd.DataFrame:
        """Suspensions that started in the period."""
        return self._of_phases(within(self.records.narrow[0], "start_date", self.period))

    @cached_property
    def times_suspended(self) -> pd.DataFrame:
        """How often each pupil of each group was suspended (key, `pupil`, `times`): enrolments, or children."""
        each = self.suspensions.groupby([self.key, "pupil"], observed=True)
        return each.size().rename("times").reset_index()

    @cached_property
    def permanent_exclusions(self) -> pd.DataFrame:
        """Permanent exclusions that heads decided on in the period, whatever came of them."""
        return self._of_phases(within(self.records.narrow[1], "head_decision_date", self.period))

    def placements(self, tier: str) -> pd.DataFrame:
        """All placements of a tier, of any time. An LA's include those from AP schools and without a home school."""
        placed = self.records.placements_by_tier[tier]
        return self._of_phases(placed) if self.phase else placed

    @cached_property
    def schools(self) -> pd.DataFrame:
        """The schools that were open at some time in the period, or that the period has events of."""
        first, last = map(pd.Timestamp, self.period.bounds)
        schools = self._of_phases(self.records.current_schools)
        started = schools["open_date"].isna() | schools["open_date"].le(last)
        undated = schools["status"].eq(SchoolStatus.CLOSED) & schools["close_date"].isna()
        proposed = schools["status"].eq(SchoolStatus.PROPOSED_TO_OPEN) & schools["open_date"].isna()
        going = schools["close_date"].isna() | schools["close_date"].ge(first)
        # A converter is the school that it was before: it was there before it opened under its own number.
        before = self.records.schools[self.records.schools["urn"].ne(self.records.schools["current_urn"])]
        continued = before.loc[open_at(before, min(last, pd.Timestamp(self.last_day)).date()), "current_urn"]
        started |= schools["urn"].isin(continued)
        with_events = {*self.suspensions["urn"], *self.permanent_exclusions["urn"], *self.headcounts.index}
        there = (started & going & ~undated & ~proposed) | schools["urn"].isin(with_events)
        return schools[there]

    @cached_property
    def _headcounts(self) -> tuple[pd.Series, bool]:
        return headcounts_at(self.records, self.period)

    @property
    def headcounts(self) -> pd.Series:
        """The headcount of each school by URN, of every phase."""
        return self._headcounts[0]

    @cached_property
    def pupils_on_roll(self) -> OutOf:
        """Headcounts by group. A phase or LA has none where a school that was open at the census has none."""
        headcounts, provisional = self._headcounts
        if self.by is By.SCHOOL:
            return OutOf(headcounts, (), provisional)
        missing = self._of_phases(schools_without_headcount(self.records, self.period, headcounts))
        schools = self._of_phases(self.records.current_schools)
        groups = schools[self.key].astype("object" if self.by is By.PHASE else "int64")
        sums = schools["urn"].map(headcounts).groupby(groups).sum(min_count=1)
        sums[sums.index.isin(missing[self.key])] = float("nan")
        notes = (missing_note(missing, self.period, provisional),) if len(missing) else ()
        return OutOf(sums, notes, provisional)

    @cached_property
    def highest_rate_schools(self) -> pd.DataFrame:
        """The schools at or above the rate of the last school of their phase's top fifth, rounded up; no rate of 0."""
        schools = self.schools
        headcounts = schools["urn"].map(self.headcounts)
        counts = schools["urn"].map(self.suspensions["urn"].value_counts()).fillna(0)
        rated = schools.assign(rate=(counts / headcounts).where(headcounts > 0)).dropna(subset=["rate"])
        by_phase = rated.groupby("phase", observed=True)["rate"]
        place, fifth = by_phase.rank(method="min", ascending=False), -(-by_phase.transform("size") // 5)
        return rated[(place <= fifth) & rated["rate"].gt(0)]

    def _of_phases(self, frame: pd.DataFrame) -> pd.DataFrame:
        if self.phases is None:
            return frame
        return frame[frame["phase"].eq(self.phase) if self.phase else frame["phase"].isin(self.phases)]


def slice_of(records: Records, la_code: int, period: Period, by: By, phase: str | None = None) -> Slice:
    """The slice of one LA's records, kept with them: all measures of a period filter and look up headcounts once."""
    key = ("slice", la_code, period, by, phase)
    if key not in records.kept:
        records.kept[key] = Slice(records, la_code, period, by, phase)
    found: Slice = records.kept[key]
    return found
