"""The backtest against a slow obvious loop, and what it must hold on the real file and on schools of known truth.

The oracle knows lists, dictionaries and scipy.stats: no numpy arrays, no pandas, none of our own functions.
"""

import math
from collections import Counter
from dataclasses import dataclass, replace
from pathlib import Path
from statistics import mean
from typing import Any

import numpy as np
import pandas as pd
import pytest
from schools_with_truth import SimulatedSchools, simulated_schools
from scipy import stats

from access.scope import EVERYWHERE
from analysis import queries
from analysis.targeting.backtest import COLUMNS, Backtest, backtest, together
from analysis.targeting.bands import STAY_ABOVE, Band
from analysis.targeting.history import History, published_history
from data_model.codes import Phase
from data_model.store import open_database
from data_model.terms import Period
from loaders.published.load import load_published
from loaders.upload_record import Sender

FILE = Path(__file__).parent.parent / "published" / "exclusions_by_geographic_level_coventry_warwickshire.csv"
NUMBERS = {"primary": (2, 3, 0.05), "secondary": (6, 4, 0.12), "special": (1, 3, 0.01)}
"""Prior, dispersion and drift as the specification has them."""
Cell = tuple[float, float] | None


@dataclass
class Judged:
    """One school at one origin, as the loop sees it."""

    group: tuple[int, str]
    phase: str
    origin: int
    raw: float
    steadied: float
    came: float
    chance: float
    above: bool
    in80: bool
    in95: bool


@dataclass
class Slow:
    """A world as lists: of each school its group and, by year (0 the latest), its suspensions and pupils or None."""

    groups: list[tuple[int, str]]
    cells: list[list[Cell]]

    @classmethod
    def of(cls, history: History) -> "Slow":
        pairs = [
            [
                None if math.isnan(had) or not pupils > 0 else (float(had), float(pupils))
                for had, pupils in zip(hads, rolls, strict=True)
            ]
            for hads, rolls in zip(history.observed, history.pupils, strict=True)
        ]
        places = zip(history.schools["la_code"], history.schools["phase"], strict=True)
        return cls([(int(la), str(phase)) for la, phase in places], pairs)

    def expected(self, school: int, year: int) -> float | None:
        cell = self.cells[school][year]
        if cell is None:
            return None
        alike = [own[year] for own, group in zip(self.cells, self.groups, strict=True) if group == self.groups[school]]
        known = [each for each in alike if each is not None]
        return cell[1] * sum(had for had, _ in known) / sum(pupils for _, pupils in known)

    def judged(self) -> list[Judged]:
        found = []
        for origin in range(1, len(self.cells[0])):
            there = [school for school in range(len(self.cells)) if self._both_years(school, origin)]
            company = Counter(self.groups[school] for school in there)
            found += [self._one(school, origin) for school in there if company[self.groups[school]] > 1]
        return found

    def _both_years(self, school: int, origin: int) -> bool:
        return all((self.expected(school, year) or 0) > 0 for year in (origin, origin - 1))

    def _one(self, school: int, origin: int) -> Judged:
        group = self.groups[school]
        prior, dispersion, drift = NUMBERS[group[1]]
        had = average = 0.0
        for back in range(3):
            year = origin + back
            if year < len(self.cells[0]) and (cell := self.cells[school][year]) is not None:
                had += 0.5**back * cell[0]
                average += 0.5**back * (self.expected(school, year) or 0)
        ratio = (prior + had) / (prior + average)
        then, after = self.cells[school][origin], self.cells[school][origin - 1]
        now, next_average = self.expected(school, origin), self.expected(school, origin - 1)
        assert then and after and now and next_average
        known = 1 / (dispersion / (prior + had) + drift)
        mu = ratio * next_average
        variance = dispersion * mu + mu * mu / known
        count = stats.nbinom(mu * mu / (variance - mu), mu / variance)
        return Judged(
            group=group,
            phase=group[1],
            origin=origin,
            raw=then[0] / now,
            steadied=ratio,
            came=after[0] / next_average,
            chance=sum(1 - count.cdf(k) for k in [math.floor(next_average)]),
            above=after[0] > next_average,
            in80=bool(count.ppf(0.1) <= after[0] <= count.ppf(0.9)),
            in95=bool(count.ppf(0.025) <= after[0] <= count.ppf(0.975)),
        )


def _picked(rows: list[Judged], by: str) -> list[int]:
    """The places of the top tenth of each authority at each origin."""
    found = []
    for key in sorted({(row.group, row.origin) for row in rows}):
        alike = [place for place, row in enumerate(rows) if (row.group, row.origin) == key]
        best = sorted(alike, key=lambda place: (-getattr(rows[place], by), place))
        found += best[: max(1, round(0.1 * len(alike)))]
    return found


def _slow_figures(rows: list[Judged]) -> dict[str, float]:
    raw, steadied, after = (_picked(rows, by) for by in ("raw", "steadied", "came"))
    came = mean(rows[place].came for place in raw)
    off = 0.0
    for tenth in range(10):
        of = [row for row in rows if min(9, int(row.chance * 10)) == tenth]
        if of:
            off += len(of) * abs(mean(row.chance for row in of) - mean(row.above for row in of))
    return {
        "origins": len({row.origin for row in rows}),
        "hit_rate_raw": mean(place in after for place in raw),
        "hit_rate_steadied": mean(place in after for place in steadied),
        "claimed_over_next_raw": mean(rows[place].raw for place in raw) / came,
        "claimed_over_next_steadied": mean(rows[place].steadied for place in raw) / came,
        "cover80": mean(row.in80 for row in rows),
        "cover95": mean(row.in95 for row in rows),
        "probability_error": off / len(rows),
    }


def with_gaps(world: SimulatedSchools, seed: int) -> History:
    """The same schools, some of which opened, closed, have a year without pupils, or are alone in their phase."""
    draw = np.random.default_rng(seed)
    observed, pupils = world.suspensions.copy(), world.pupils.copy()
    gone = draw.random(observed.shape) < 0.06
    observed[gone] = np.nan
    pupils[draw.random(observed.shape) < 0.03] = 0
    alone = world.schools.assign(la_code=world.schools["la_code"].where(world.schools.index != 0, 990))
    return replace(world.history, schools=alone, observed=observed, pupils=pupils)


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_the_backtest_is_what_a_slow_loop_finds(seed: int) -> None:
    world = simulated_schools(2, 5, seed)
    kept = world.schools.groupby(["la_code", "phase"]).cumcount() < 14
    small = replace(
        world,
        schools=world.schools[kept].reset_index(drop=True),
        suspensions=world.suspensions[kept],
        pupils=world.pupils[kept],
    )
    history = with_gaps(small, seed)
    found, rows = backtest(history), Slow.of(history).judged()
    assert len(found.every) == len(rows)
    for row in found.phases.to_dict("records"):
        slow = _slow_figures([each for each in rows if each.phase == row["phase"]])
        assert {name: row[name] for name in slow} == pytest.approx(slow, rel=1e-9), row["phase"]
    assert 990 not in set(found.every["la_code"]), "who is alone in its phase is its own average"


def test_nothing_is_judged_of_one_year_and_of_no_school() -> None:
    history = simulated_schools(1, 1, 1).history
    nobody = replace(history, schools=history.schools.head(0), observed=history.observed[:0], pupils=history.pupils[:0])
    for each in (backtest(history), backtest(nobody), together([])):
        assert list(each.phases) == list(COLUMNS)
        assert each.phases.empty and each.bands.empty and each.chances.empty and each.every.empty


def test_backtests_of_authorities_are_put_together_as_if_they_had_been_one() -> None:
    history = simulated_schools(2, 4, 5).history
    parts = [
        replace(
            history,
            schools=history.schools[of].reset_index(drop=True),
            observed=history.observed[of],
            pupils=history.pupils[of],
        )
        for la in (301, 302)
        if (of := history.schools["la_code"].eq(la).to_numpy()).any()
    ]
    pd.testing.assert_frame_equal(together([backtest(each) for each in parts]).phases, backtest(history).phases)


def _told(name: str, found: Backtest) -> None:
    print(f"\n{name}\n{found.phases.round(3).to_string(index=False)}\n{found.bands.round(3).to_string(index=False)}")


def _phase(found: Backtest, phase: Phase) -> dict[str, Any]:
    (row,) = found.phases[found.phases["phase"].eq(str(phase))].to_dict("records")
    return row


def _share(found: Backtest, phase: Phase, band: Band) -> float:
    of = found.bands[found.bands["phase"].eq(str(phase)) & found.bands["band"].eq(band)]
    return float(of["above"].iloc[0])


@pytest.fixture(scope="module")
def real(tmp_path_factory: pytest.TempPathFactory) -> Backtest:
    """Of DfE's file of two authorities, 2011/12 to 2016/17."""
    engine = open_database(f"sqlite:///{tmp_path_factory.mktemp('real') / 'published.db'}")
    load_published(engine, FILE, FILE.name, Sender("test", EVERYWHERE))
    with engine.connect() as connection:
        rows = queries.records(connection, EVERYWHERE).published
    engine.dispose()
    found = backtest(published_history(rows, Period("201617"), 6))
    _told("DfE, two authorities", found)
    return found


def test_on_the_real_file_the_steadied_list_claims_what_comes(real: Backtest) -> None:
    """The file has 1,351 school-years of primaries, and 134 of them are picked: the goals as they stand.

    Of secondaries 28 are picked, of specials 10: there the claims can be off by a fifth by chance (their standard
    errors are 0.09 and 0.12), so they are only held to be nearer the truth than that, and than the raw rate's.
    """
    primary, secondary = _phase(real, Phase.PRIMARY), _phase(real, Phase.SECONDARY)
    assert 0.90 <= primary["claimed_over_next_steadied"] <= 1.15
    assert primary["claimed_over_next_raw"] > 1.5
    assert 0.8 <= secondary["claimed_over_next_steadied"] <= 1.3 < secondary["claimed_over_next_raw"]
    assert primary["hit_rate_steadied"] >= primary["hit_rate_raw"] - 0.04
    # One secondary in 28 is 3.6 points: two fewer are allowed for.
    assert secondary["hit_rate_steadied"] >= secondary["hit_rate_raw"] - 0.04 - 1 / 28


@pytest.mark.parametrize("phase", [Phase.PRIMARY, Phase.SECONDARY, Phase.SPECIAL])
def test_on_the_real_file_the_ranges_hold(real: Backtest, phase: Phase) -> None:
    """272 secondaries and 89 specials: a share of 95 % has a standard error of 1.3 and 2.3 points there."""
    row = _phase(real, phase)
    assert 0.75 <= row["cover80"] <= 0.92
    assert 0.92 <= row["cover95"] <= 0.98


def test_on_the_real_file_the_chances_and_the_words_are_right(real: Backtest) -> None:
    """Chance alone puts 272 secondaries, in ten tenths, some 0.05 off: only the primaries are held to 0.04."""
    assert _phase(real, Phase.PRIMARY)["probability_error"] <= 0.04
    assert _phase(real, Phase.SECONDARY)["probability_error"] <= 0.04 + 0.05
    for phase in (Phase.PRIMARY, Phase.SECONDARY):
        # 76 and 38 school-years were called much higher: two standard errors are 0.09 and 0.1.
        assert abs(_share(real, phase, Band.MUCH_HIGHER) - STAY_ABOVE[phase]) <= 0.1
        assert _share(real, phase, Band.LOWER) <= 0.2


@pytest.fixture(scope="module")
def simulated() -> Backtest:
    """Of 40 made-up authorities with pupils who are suspended again and again, and eight years."""
    found = backtest(simulated_schools(40, 8, 20261122).history)
    _told("Simulated, 40 authorities, 8 years, seed 20261122", found)
    return found


@pytest.mark.slow
@pytest.mark.parametrize("phase", [Phase.PRIMARY, Phase.SECONDARY, Phase.SPECIAL])
def test_on_schools_of_known_truth_every_goal_is_met(simulated: Backtest, phase: Phase) -> None:
    row = _phase(simulated, phase)
    assert 0.90 <= row["claimed_over_next_steadied"] <= 1.15
    assert row["claimed_over_next_raw"] > row["claimed_over_next_steadied"] + 0.05
    assert row["hit_rate_steadied"] >= row["hit_rate_raw"] - 0.04
    assert 0.75 <= row["cover80"] <= 0.92
    assert 0.92 <= row["cover95"] <= 0.98
    assert row["probability_error"] <= 0.04


@pytest.mark.slow
@pytest.mark.parametrize("phase", [Phase.PRIMARY, Phase.SECONDARY, Phase.SPECIAL])
def test_on_schools_of_known_truth_the_words_are_true_as_often_as_they_say(simulated: Backtest, phase: Phase) -> None:
    """About 8 or 9 in 10 stay above: within 0.75 to 0.98. The other words claim less, and in their order."""
    stays = _share(simulated, phase, Band.MUCH_HIGHER)
    assert STAY_ABOVE[phase] - 0.05 <= stays <= 0.98
    higher, lower = (_share(simulated, phase, band) for band in (Band.HIGHER, Band.LOWER))
    assert lower <= 0.2 < 0.55 <= higher <= stays
