"""The constants of the steadied ratio, put to an authority's own years.

Constants around the published ones are tried on every year that another followed, but for the last: those are an
authority's own that gave the next year's counts the best log score (T. Gneiting and A. Raftery, JASA 102, 2007). The
last year is kept back to judge them. A list does not jump because of an estimate: the own constants are used only if
they clearly beat the published ones there (BEYOND, ENOUGH), and they change with whole academic years alone.
"""

from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import product

import numpy as np
import numpy.typing as npt

from analysis.denominators import HEADLINE
from analysis.records import Records
from analysis.targeting.backtest import Origin, origins
from analysis.targeting.constants import CONSTANTS, Constants, Numbers, OfEach, Table, of_each
from analysis.targeting.history import History
from analysis.targeting.steadied import Steadied
from analysis.targeting.whole_years import own_years, published_years
from analysis.wording import listed
from data_model.codes import Phase
from data_model.local_authorities import la_name
from data_model.terms import Period

PAIRS = 60
"""School-years, each with the year that followed, below which constants are not chosen from."""
BEYOND = 3.0
"""Standard errors by which the own constants have to score better in the year that was kept back.

With two, chance alone would change the list of a phase in some ten of England's 150 authorities every year.
"""
ENOUGH = 0.05
"""And by so much: what came was given a chance a twentieth larger. For less no list that people plan by is changed."""


def _nearest_first(prior: Sequence[float], dispersion: Sequence[float], drift: Sequence[float]) -> Numbers:
    return np.array(sorted(product(prior, dispersion, drift), key=lambda times: np.abs(np.log(times)).sum()))


MOST = np.array([2.0, 2.0, 4.0])
"""What the published prior, dispersion and drift are multiplied or divided by at most.

Whatever a few years say, the rule stays close to the one that was tested on England's.
"""
_ENDS = [(1.0, most, 1 / most) for most in MOST]
_BETWEEN = (1.0, 1.5, 0.75)
ROUNDS = _nearest_first(*_ENDS), _nearest_first(_BETWEEN, _BETWEEN, (1.0,))
"""The two rounds of what is tried: as they are, half or double; then between. The nearest come first and win a tie."""


@dataclass(frozen=True)
class Estimate:
    """The constants of one phase of one authority: the `published` ones, and the `best` on its own years.

    `pairs` are how many school-years the best were chosen on, `held_out` how many judged them: there their log score
    was `better` by so much a school, with a standard error of `error` (missing where fewer than two judged).
    """

    la_code: int
    phase: Phase
    published: Constants
    best: Constants
    pairs: int
    held_out: int
    better: float
    error: float

    @property
    def is_own(self) -> bool:
        """Whether the authority's own constants are used."""
        clearly = self.better > BEYOND * self.error and self.better >= ENOUGH
        return self.pairs >= PAIRS and self.best != self.published and clearly

    @property
    def used(self) -> Constants:
        """The constants that the list uses."""
        return self.best if self.is_own else self.published

    @property
    def why(self) -> str:
        """A sentence: which constants are used, and why."""
        if self.pairs == 0:
            return "The published ones: fewer than three whole years in a row are known."
        if self.pairs < PAIRS:
            return f"The published ones: there are {self.pairs} school-years to choose from, and {PAIRS} are needed."
        if self.best == self.published:
            return f"The published ones: none around them suited {self.pairs} school-years of these schools better."
        if np.isnan(self.error):
            return "The published ones: too few schools could be judged in the year that was kept back."
        by = (
            f"on {self.held_out} schools (log score {abs(self.better):.3f} a school apart, give or take "
            f"{self.error:.3f}, its standard error)"
        )
        if self.is_own:
            return f"This authority’s own: they foresaw the last year, kept back, better than the published ones {by}."
        how, chance = ("better", ", too little to change a list for") if self.better > 0 else ("worse", "")
        return f"The published ones: its own foresaw the last year, kept back, {how} {by}{chance}."


@dataclass(frozen=True)
class Estimates:
    """The estimates of one or more authorities."""

    each: tuple[Estimate, ...]

    def of_each(self, history: History) -> OfEach:
        """The constants that are used for each school of a history; the published ones where none were estimated."""
        rows = zip(history.schools["la_code"], history.phases, strict=True)
        used = [self._used.get((la, HEADLINE[phase]), CONSTANTS[HEADLINE[phase]]) for la, phase in rows]
        table = np.array([(each.prior, each.dispersion, each.drift) for each in used], dtype=np.float64).reshape(-1, 3)
        return OfEach(*table.T)

    @cached_property
    def _used(self) -> dict[tuple[int, Phase], Constants]:
        return {(each.la_code, each.phase): each.used for each in self.each}

    @property
    def in_words(self) -> str:
        """A sentence: whose constants the list uses."""
        own = [each for each in self.each if each.is_own]
        if not own:
            return "Counts are steadied with the published constants (see “Can we trust this?”)."
        authorities = sorted({each.la_code for each in own})
        if len(authorities) > 1:
            return (
                f"Counts are steadied with the published constants, and with their own in {len(authorities)} of them."
            )
        phases = listed([each.phase.label.lower() for each in own])
        whose = f"{la_name(authorities[0])}’s own for {phases} schools"
        return f"Counts are steadied with {whose}: they foresaw its last year better than the published constants."


@dataclass(frozen=True, eq=False)
class _Pairs:
    """School-years: what is said of the next year with any constants, what came, and whose school it is."""

    said: Steadied
    came: Numbers
    groups: npt.NDArray[np.int64]

    def scores(self, times: Numbers) -> Numbers:
        """The log score of each with the published constants times these, three of each pair."""
        of = self.said.constants
        prior, dispersion, drift = times
        return replace(
            self.said, constants=OfEach(of.prior * prior, of.dispersion * dispersion, of.drift * drift)
        ).log_score(self.came)

    def by_group(self, of: Numbers, count: int) -> Numbers:
        """The sum of a number of each pair over the authorities' phases."""
        return np.bincount(self.groups, weights=of, minlength=count).astype(np.float64)


def estimate(history: History, published: Table = CONSTANTS) -> Estimates:
    """The constants of every authority and phase of a history of whole years, as long as there is one."""
    schools = history.schools[["la_code", "phase"]].assign(group=history.groups).drop_duplicates("group")
    count = len(schools)
    known = [each for each in origins(history) if each.judged.any()]
    earlier, last = (_pairs(part, history, published) for part in (known[1:], known[:1]))
    pairs = earlier.by_group(np.ones(len(earlier.came)), count)
    best = _best(earlier, count)
    held_out, better, error = _better(last, best, count)
    found = []
    for la_code, phase, group in schools.sort_values("group").itertuples(index=False):
        own = published[Phase(phase)]
        prior, dispersion, drift = map(float, best[group])
        tried = Constants(own.prior * prior, own.dispersion * dispersion, own.drift * drift)
        judged = int(pairs[group]), int(held_out[group]), float(better[group]), float(error[group])
        found.append(Estimate(int(la_code), Phase(phase), own, tried, *judged))
    return Estimates(tuple(found))


def own_estimates(records: Records, until: Period) -> Estimates:
    """The estimates of one authority from its own records, as things stood at the end of a period."""
    return _kept(records, ("own constants", until), lambda: own_years(records, until))


def published_estimates(records: Records, la_codes: Collection[int], until: Period) -> Estimates:
    """The estimates of authorities from DfE's published figures, as things stood at the end of a period."""
    codes = frozenset(la_codes)

    def past() -> History | None:
        return published_years(records.published[records.published["la_code"].isin(codes)], until)

    return _kept(records, ("published constants", until, codes), past)


def _kept(records: Records, key: tuple[object, ...], past: Callable[[], History | None]) -> Estimates:
    if key not in records.kept:
        history = past()
        records.kept[key] = estimate(history) if history is not None else Estimates(())
    found: Estimates = records.kept[key]
    return found


def _pairs(known: Iterable[Origin], history: History, published: Table) -> _Pairs:
    """The pairs of some origins, one after the other."""
    nothing = np.empty((0, 4))
    constants = of_each(history.phases, published)
    parts, places = [nothing], [np.empty(0, dtype=np.int64)]
    for each in known:
        said, there = each.said(constants), np.flatnonzero(each.judged)
        columns = (said.observed, said.expected, said.next_expected, each.next_had)
        parts.append(np.stack([column[there] for column in columns], axis=1))
        places.append(there)
    place = np.concatenate(places)
    observed, expected, next_expected, came = np.concatenate(parts).T
    own = of_each(history.phases[place], published)
    return _Pairs(Steadied(observed, expected, next_expected, own), came, history.groups[place])


def _best(pairs: _Pairs, count: int) -> Numbers:
    """What the published constants are multiplied by to give each group's pairs the best score: three columns."""
    best = np.ones((count, 3))
    for tried in ROUNDS:
        around = [np.clip(best * times, 1 / MOST, MOST) for times in tried]
        scores = [pairs.by_group(pairs.scores(each[pairs.groups].T), count) for each in around]
        best = np.stack(around)[np.argmax(scores, axis=0), np.arange(count)]
    return best


def _better(last: _Pairs, best: Numbers, count: int) -> tuple[Numbers, Numbers, Numbers]:
    """How many schools judge each group's best constants, by how much a school they score better, and its error."""
    difference = last.scores(best[last.groups].T) - last.scores(np.ones((3, 1)))
    number = last.by_group(np.ones(len(difference)), count)
    with np.errstate(divide="ignore", invalid="ignore"):
        mean = last.by_group(difference, count) / number
        squares = last.by_group((difference - mean[last.groups]) ** 2, count)
        error = np.sqrt(squares / (number - 1) / number)
    return number, mean, np.where(number > 1, error, np.nan)
