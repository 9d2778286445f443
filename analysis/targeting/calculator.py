"""The steadied ratio of one school as a sum that anybody can do again: every figure follows from printed ones.

The averages of terms are rounded first, and everything after is worked out from what is then printed. How many
decimals that takes is found by trying: as few as give the ratio and the gain that the list prints.
"""

from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal

import numpy as np

from analysis.targeting.history import History
from analysis.targeting.printed import rounded, suspensions, times
from analysis.targeting.where_next import window
from data_model.terms import Period

_MOST_DECIMALS = 6
_RATIO_DECIMALS = 2
"""How many more decimals the ratio has than the averages, where a gain is worked out from it."""


@dataclass(frozen=True)
class TermSum:
    """What a school of so many pupils averages in a term (or year): `pupils * phase_suspensions / phase_pupils`.

    `next_average` is the same of the school's latest pupils, in the latest year alone. `had`, `pupils` and `average`
    are None where nothing is known of the school, which then counts in neither side.
    """

    period: Period
    had: Decimal | None
    pupils: int | None
    phase_suspensions: Decimal
    phase_pupils: int
    average: Decimal | None
    next_average: Decimal | None


@dataclass(frozen=True)
class YearSum:
    """What a school had in a year and what such a school averages, and both times the year's `weight`."""

    label: str
    weight: Decimal
    had: Decimal
    average: Decimal
    missing: tuple[Period, ...]

    @property
    def counts_had(self) -> Decimal:
        """What it had, as it counts."""
        return self.had * self.weight

    @property
    def counts_average(self) -> Decimal:
        """The average, as it counts."""
        return self.average * self.weight


@dataclass(frozen=True)
class Sums:
    """The sum behind a school's ratio and gain: `years` the latest first (those that anything is known of), `prior`
    what is added to both sides, `latest_pupils` and `next_average` what a year like the latest brings such a school."""

    terms: tuple[TermSum, ...]
    years: tuple[YearSum, ...]
    prior: Decimal
    latest_pupils: int
    next_average: Decimal
    decimals: int

    @property
    def had(self) -> Decimal:
        """What the school had in the years that count, as they count."""
        return sum((year.counts_had for year in self.years), Decimal(0))

    @property
    def average(self) -> Decimal:
        """What such a school averages in the years that count, as they count."""
        return sum((year.counts_average for year in self.years), Decimal(0))

    @property
    def ratio(self) -> Decimal:
        """How many times the average, to so many decimals as the gain is worked out with."""
        exact = (self.prior + self.had) / (self.prior + self.average)
        return rounded(exact, _step(self.decimals + _RATIO_DECIMALS))

    @property
    def gain(self) -> Decimal:
        """Suspensions above the average in a year like the latest; 0 below it."""
        return max(Decimal(0), (self.ratio - 1) * self.next_average)


def sums_of(history: History, place: int, prior: float, ratio: float, gain: float) -> Sums:
    """The sum of the school at a place of the history, that gives `ratio` and `gain` as they are printed.

    `prior` is the constant that its ratio was worked out with. The sum also gives the average of the latest year as the
    list prints it.
    """
    wanted = times(ratio), suspensions(gain), suspensions(float(history.latest[1][place]))
    for decimals in range(1, _MOST_DECIMALS):
        found = _sums(history, place, prior, decimals)
        if (times(found.ratio), suspensions(found.gain), suspensions(found.years[0].average)) == wanted:
            return found
    return _sums(history, place, prior, _MOST_DECIMALS)


def _sums(history: History, place: int, prior: float, decimals: int) -> Sums:
    latest_pupils = int(history.latest_pupils[place])
    terms = _terms(history, place, latest_pupils, _step(decimals))
    return Sums(
        terms=tuple(term for term in terms if term.average is not None or term.next_average is not None),
        years=_years(history, terms),
        prior=Decimal(str(float(prior))),
        latest_pupils=latest_pupils,
        next_average=sum((term.next_average for term in terms if term.next_average is not None), Decimal(0)),
        decimals=decimals,
    )


def _terms(history: History, place: int, latest_pupils: int, step: Decimal) -> list[TermSum]:
    known = ~np.isnan(history.expected)
    alike = history.schools[["la_code", "phase"]].eq(history.schools[["la_code", "phase"]].iloc[place]).all(axis=1)
    of_phase = alike.to_numpy()
    found = []
    for column, period in enumerate(history.periods):
        there = of_phase & known[:, column]
        had = Decimal(float(history.observed[there, column].sum()))
        pupils = int(history.pupils[there, column].sum())
        averages = _averages(had, pupils, step)
        is_known = bool(known[place, column])
        own_pupils = int(history.pupils[place, column]) if is_known else None
        found.append(
            TermSum(
                period=period,
                had=Decimal(float(history.observed[place, column])) if is_known else None,
                pupils=own_pupils,
                phase_suspensions=had,
                phase_pupils=pupils,
                average=None if own_pupils is None else averages(own_pupils),
                next_average=averages(latest_pupils) if column < history.a_year and pupils else None,
            )
        )
    return found


def _averages(phase_suspensions: Decimal, phase_pupils: int, step: Decimal) -> Callable[[int], Decimal]:
    return lambda pupils: rounded(pupils * phase_suspensions / phase_pupils, step)


def _years(history: History, terms: list[TermSum]) -> tuple[YearSum, ...]:
    found = []
    for year, start in enumerate(range(0, len(terms), history.a_year)):
        of_year = terms[start : start + history.a_year]
        known = [(term.had, term.average) for term in of_year if term.had is not None and term.average is not None]
        if known:
            found.append(
                YearSum(
                    label=window(history.between(start, start + history.a_year)),
                    weight=Decimal(1) / 2**year,
                    had=sum((had for had, _ in known), Decimal(0)),
                    average=sum((average for _, average in known), Decimal(0)),
                    missing=tuple(term.period for term in of_year if term.average is None),
                )
            )
    return tuple(found)


def _step(decimals: int) -> Decimal:
    return Decimal(1).scaleb(-decimals)
