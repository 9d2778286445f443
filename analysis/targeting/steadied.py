"""The steadied ratio: how many times the average of its phase a school stands at, once chance is allowed for.

A gamma prior of mean 1 that weighs as much as `prior` suspensions is added to what was counted; a school's true ratio
then lies in a gamma distribution, and next year's count in a negative binomial one (Clayton and Kaldor, Biometrics
43(3), 1987, for the ratio; D. Spiegelhalter, Statistics in Medicine 24(8), 2005, for overdispersed counts).
"""

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from scipy import stats
from scipy.special import gammaln

from analysis.targeting.constants import Numbers, OfEach


@dataclass(frozen=True, eq=False)
class Steadied:
    """Of each of a row of schools, what its weighted counts `observed` say beside those `expected`.

    `next_expected` is what a school of its size and phase has in a year. A count of nothing beside an expectation of
    nothing gives a ratio of 1: nothing is known.
    """

    observed: Numbers
    expected: Numbers
    next_expected: Numbers
    constants: OfEach

    @cached_property
    def ratio(self) -> Numbers:
        """How many times the average of its phase: (prior + observed) / (prior + expected)."""
        return (self.constants.prior + self.observed) / (self.constants.prior + self.expected)

    @cached_property
    def shape(self) -> Numbers:
        """How much is known of the ratio, in independent suspensions."""
        return (self.constants.prior + self.observed) / self.constants.dispersion

    def ratio_range(self, share: float = 0.8) -> tuple[Numbers, Numbers]:
        """The range in which the true ratio lies with this chance, the ends equally likely to be passed."""
        low = stats.gamma.ppf((1 - share) / 2, self.shape, scale=self.ratio / self.shape)
        high = stats.gamma.ppf((1 + share) / 2, self.shape, scale=self.ratio / self.shape)
        return low, high

    def sure_above(self, times: float) -> Numbers:
        """The chance that the true ratio is above so many times the average."""
        chance: Numbers = stats.gamma.sf(times, self.shape, scale=self.ratio / self.shape)
        return chance

    @cached_property
    def gain(self) -> Numbers:
        """Suspensions above what is expected of such a school in a year; 0 for one below the average."""
        return np.maximum(0.0, (self.ratio - 1) * self.next_expected)

    @cached_property
    def next_count(self) -> Numbers:
        """How many suspensions it will have in a year, at the average of its phase as it is now."""
        return self.ratio * self.next_expected

    @cached_property
    def chance_above(self) -> Numbers:
        """The chance that next year's count will be above what is then expected."""
        chance: Numbers = self._next.sf(np.floor(self.next_expected))
        return chance

    def next_range(self, share: float = 0.8) -> tuple[Numbers, Numbers]:
        """The range in which next year's count will lie with this chance or more; the ends are in it."""
        return self._next.ppf((1 - share) / 2), self._next.ppf((1 + share) / 2)

    def log_score(self, counts: Numbers) -> Numbers:
        """The logarithm of the chance that was given to these counts of next year, which are rounded."""
        # scipy's own checks its arguments one by one and takes five times as long, which 75 tries over England are not.
        count, (size, chance) = np.round(counts), self._size_and_chance
        ways = gammaln(count + size) - gammaln(size) - gammaln(count + 1)
        score: Numbers = ways + size * np.log(chance) + count * np.log1p(-chance)
        return score

    @cached_property
    def _next(self) -> "stats.distributions.rv_frozen":
        return stats.nbinom(*self._size_and_chance)

    @cached_property
    def _size_and_chance(self) -> tuple[Numbers, Numbers]:
        """Next year's negative binomial distribution, as scipy is told of it."""
        mean = np.maximum(self.next_count, 1e-9)
        known = 1 / (1 / self.shape + self.constants.drift)
        variance = self.constants.dispersion * mean + mean**2 / known
        return mean**2 / (variance - mean), mean / variance
