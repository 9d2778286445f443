"""What measures are counted from: the typed rows of one scope, read once."""

from collections.abc import Sequence
from dataclasses import dataclass, fields
from datetime import date
from functools import cached_property
from typing import Any, Self

import pandas as pd

from data_model.codes import PexStatus, Source, Tier
from data_model.terms import Period, Term, academic_year, term_of, terms_between

DATED = {
    "suspensions": ("start_date",),
    "permanent_exclusions": ("head_decision_date",),
    "placements": ("start_date", "end_date"),
    "referrals": ("received_date",),
    "cases": ("start_date", "end_date"),
    "contacts": ("date",),
}
"""The day on which something happened, and for what lasts the day on which it ended."""

_WHOSE = ("urn", "la_code", "phase")
_COVERED_BY = {
    "suspensions": (("suspensions", "start_date"),),
    "permanent_exclusions": (("permanent_exclusions", "head_decision_date"),),
    "ap_placements": (("placements", "start_date"), ("placements", "end_date")),
    "outreach_cases": (("cases", "start_date"), ("cases", "end_date"), ("contacts", "date")),
}
_SENT_AS = {"outreach_cases": ("outreach_cases", "outreach_contacts")}
RARE = ("permanent_exclusions", "ap_placements", "outreach_cases")
"""A term without one of these is nothing unusual: between the first term and the last that have any, 0 is 0."""

NOT_DFE = [str(PexStatus.WITHDRAWN), str(PexStatus.REINSTATED), str(PexStatus.PENDING)]
"""Where permanent exclusions stand that DfE does not count."""


@dataclass(frozen=True, eq=False)
class Records:
    """The rows of one scope. Frames are never changed once they are here.

    source: where the suspensions and permanent exclusions come from; records of two sources are never mixed.

    schools: the columns of the dataset, `la_code`, `current_urn` (the school that carries its figures).
    headcounts: `urn, la_code, phase, academic_year, census_term, headcount, census_date`.
    suspensions: `urn, la_code, phase, pupil, start_date, sessions, category, status, reason_1..3, ncyg, sen_provision,
    cla, fsm6` (as at the suspension), only those that count: no lunchtime, cancelled or reinstated ones.
    permanent_exclusions: `urn, la_code, phase, pupil, head_decision_date, review_outcome, status, day6_start,
    reason_1..3`, with every decision of a head, whatever came of it.
    placements: `urn, la_code, phase` (of the home school), `pupil, tier, start_date, end_date, end_reason,
    destination_urn, ...`.
    referrals: `urn, la_code, phase, received_date, source, decision`.
    cases: `urn, la_code, phase, pupil, case_type, tier, start_date, end_date, close_reason`.
    contacts: `urn, la_code, phase, date, kind, minutes`.
    published: DfE's own rows of the same schools and LAs, see `published_queries.published_statistics`.
    sent: `dataset, urn, academic_year, term, rows`; `urn` 0 is the whole local authority. term_dates: the dataset.

    `urn` is the school that carries the figures, 0 where an event names none; `pupil` is a number that is the same
    child in every frame and means nothing outside them (-1: no pupil).

    protection: figures of fewer pupils than this are hidden (analysis/hiding), None where all may be seen.
    whole: what these are a part of, where they are cut at a day (analysis/as_at.py).
    decided_on: the whole authorities that these are a part of, where some are reached in part.
    districts_alone: the districts (LA, district) of the authorities of which no more than these is reached.
    """

    schools: pd.DataFrame
    headcounts: pd.DataFrame
    suspensions: pd.DataFrame
    permanent_exclusions: pd.DataFrame
    placements: pd.DataFrame
    referrals: pd.DataFrame
    cases: pd.DataFrame
    contacts: pd.DataFrame
    term_dates: pd.DataFrame
    sent: pd.DataFrame
    published: pd.DataFrame
    source: Source = Source.NOTIFIED
    protection: int | None = None
    whole: "Records | None" = None
    decided_on: "Records | None" = None
    districts_alone: frozenset[tuple[int, str]] = frozenset()

    @property
    def deciding(self) -> "Records":
        """What decides what is hidden, and up to which day figures go: alike for a part and the whole."""
        return self.decided_on or self

    @cached_property
    def now(self) -> date | None:
        """The last day on which anything in the data happened; None where there are no events."""
        every = [(each, *dated) for each in dict.fromkeys((self, self.deciding)) for dated in DATED.items()]
        days = [getattr(each, name)[column].max() for each, name, columns in every for column in columns]
        known = [day for day in days if pd.notna(day)]
        return max(known).date() if known else None

    @cached_property
    def current_schools(self) -> pd.DataFrame:
        """The schools that carry figures: those that became another by converting are part of it."""
        own = self.schools["urn"].eq(self.schools["current_urn"])
        return self.schools[own].sort_values("urn", ignore_index=True)

    @cached_property
    def districts(self) -> pd.Series:
        """The district of each school that carries figures by URN, missing where none is known."""
        return self.current_schools.set_index("urn")["district"].astype("str")

    @cached_property
    def loaded(self) -> dict[str, frozenset[Period]]:
        """The terms that each dataset covers: those with rows or a nil return, and for rare events those between."""
        return {dataset: self._terms_loaded(dataset) for dataset in _COVERED_BY}

    @cached_property
    def by_la(self) -> dict[int, Self]:
        """The same records for each local authority that has any, by its code."""
        codes = sorted({*self.schools["la_code"], *self.published["la_code"]})
        if len(codes) == 1 and set(codes).issuperset(self.deciding.schools["la_code"]):
            return {codes[0]: self}
        return {code: self._of_la(code) for code in codes}

    @cached_property
    def kept(self) -> dict[tuple[object, ...], Any]:
        """What was worked out from these records before, so that the measures of one period share their work."""
        return {}

    @cached_property
    def placements_by_tier(self) -> dict[str, pd.DataFrame]:
        """The placements of each tier: `urn, la_code, phase, start_date, end_date`."""
        placed = self.placements[[*_WHOSE, "start_date", "end_date"]]
        return {str(tier): placed[self.placements["tier"].eq(tier)] for tier in Tier}

    @cached_property
    def narrow(self) -> tuple[pd.DataFrame, pd.DataFrame]:
        """Suspensions and permanent exclusions with the columns that measures count by: choosing rows takes a third."""
        exclusions = self.permanent_exclusions[[*_WHOSE, "head_decision_date", "status"]]
        return self.suspensions[[*_WHOSE, "pupil", "start_date", "sessions"]], exclusions

    def _terms_loaded(self, dataset: str) -> frozenset[Period]:
        days = [getattr(self, frame)[day] for frame, day in _COVERED_BY[dataset]]
        distinct = {day for column in days for day in column.drop_duplicates().dropna().dt.date}
        sent = self.sent[self.sent["dataset"].isin(_SENT_AS.get(dataset, (dataset,)))]
        returned = sent[["academic_year", "term"]].astype("str").drop_duplicates()
        terms = {Period(academic_year(day), term_of(day)) for day in distinct}
        terms |= {Period(year, Term(term)) for year, term in returned.itertuples(index=False)}
        if dataset in RARE and terms:
            terms |= set(terms_between(min(terms).bounds[0], max(terms).bounds[0]))
        return frozenset(terms)

    def _of_la(self, la_code: int) -> Self:
        parts = {f.name: getattr(self, f.name) for f in fields(self)}
        frames = {name: part for name, part in parts.items() if isinstance(part, pd.DataFrame)}
        own = {name: part[part["la_code"].eq(la_code)] for name, part in frames.items() if "la_code" in part}
        urns = {0, *own["schools"]["urn"]}
        sent = self.sent[self.sent["urn"].isin(urns)]
        dates = self.term_dates[self.term_dates["applies_to"].isin({la_code, *urns})]
        decided_on = self.decided_on and self.decided_on.by_la.get(la_code)
        alone = frozenset(each for each in self.districts_alone if each[0] == la_code)
        given = {"source": self.source, "protection": self.protection, "decided_on": decided_on}
        return type(self)(**{**own, "sent": sent, "term_dates": dates, **given, "districts_alone": alone})


def counted_by_dfe(exclusions: pd.DataFrame) -> pd.DataFrame:
    """The permanent exclusions that DfE's figures hold: upheld, or (so far) without an outcome."""
    return exclusions[~exclusions["status"].isin(NOT_DFE)]


def within(frame: pd.DataFrame, column: str, period: Period) -> pd.DataFrame:
    """The rows whose date lies in the period, by DfE's cut-offs."""
    first, last = period.bounds
    return frame[frame[column].between(pd.Timestamp(first), pd.Timestamp(last))]


def within_all(frame: pd.DataFrame, column: str, periods: Sequence[Period]) -> pd.DataFrame:
    """The rows whose date lies in one of several periods that follow each other, the latest first."""
    first, last = periods[-1].bounds[0], periods[0].bounds[1]
    return frame[frame[column].between(pd.Timestamp(first), pd.Timestamp(last))]


def open_on(frame: pd.DataFrame, day: date) -> pd.DataFrame:
    """The placements or cases that had started and not ended on a day; the last day of one still counts."""
    when = pd.Timestamp(day)
    return frame[frame["start_date"].le(when) & (frame["end_date"].isna() | frame["end_date"].ge(when))]
