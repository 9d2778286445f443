"""Constants of an authority's own: found where they are there to be found, used only where they are clearly better."""

import time
from dataclasses import replace

import numpy as np
import pytest
from schools_with_truth import simulated_schools
from scipy import stats

from analysis.targeting.constants import CONSTANTS, Constants, of_each
from analysis.targeting.estimate import MOST, PAIRS, Estimate, estimate
from analysis.targeting.history import History
from analysis.targeting.steadied import Steadied
from data_model.codes import Phase
from data_model.terms import Period, previous_year


def world(schools: int, years: int, truth: Constants, seed: int, expected: float = 12.0) -> History:
    """Primaries of one authority that are exactly what the model says, with these constants."""
    draw = np.random.default_rng(seed)
    frame = simulated_schools(1, 1, seed).schools.iloc[[0] * schools].reset_index(drop=True)
    frame = frame.assign(key=range(schools), phase="primary")
    ratio = draw.gamma(truth.prior / truth.dispersion, truth.dispersion / truth.prior, schools)
    columns = []
    for _ in range(years):
        mean = ratio * expected
        columns.append(draw.negative_binomial(mean / (truth.dispersion - 1) + 1e-9, 1 / truth.dispersion))
        ratio = ratio * draw.gamma(1 / truth.drift, truth.drift, schools)
    observed = np.stack(columns[::-1], axis=1).astype(np.float64)
    periods = tuple(Period(previous_year("202324", by)) for by in range(years))
    return History(frame, periods, observed, np.full(observed.shape, 300.0), 1)


def far_off() -> History:
    """An authority that the published constants do not fit."""
    return world(200, 9, Constants(prior=3, dispersion=8, drift=0.05), seed=2, expected=20)


def primary(history: History) -> Estimate:
    (found,) = estimate(history).each
    return found


def test_the_log_score_is_scipys() -> None:
    draw = np.random.default_rng(4)
    observed, expected, ahead = draw.gamma(2, 5, 200), draw.gamma(2, 5, 200), draw.gamma(2, 4, 200)
    found = Steadied(observed, expected, ahead, of_each(draw.integers(0, 3, 200)))
    counts = draw.poisson(ahead).astype(float) + draw.choice([0.0, 0.5], 200)
    each = found.constants
    mean = (each.prior + observed) / (each.prior + expected) * ahead
    variance = each.dispersion * mean + mean**2 * (each.dispersion / (each.prior + observed) + each.drift)
    slow = [
        stats.nbinom.logpmf(round(count), mu * mu / (spread - mu), mu / spread)
        for count, mu, spread in zip(counts, mean, variance, strict=True)
    ]
    assert found.log_score(counts) == pytest.approx(slow, rel=1e-9)


def test_where_the_published_constants_are_far_off_an_authoritys_own_are_found_and_used() -> None:
    found = primary(far_off())
    assert found.is_own and found.used == found.best
    assert found.best.dispersion > 4
    assert "This authority’s own" in found.why
    assert found.better > 3 * found.error > 0


@pytest.mark.parametrize("seed", range(6))
def test_where_the_published_constants_are_true_they_stay(seed: int) -> None:
    found = primary(world(90, 6, CONSTANTS[Phase.PRIMARY], seed))
    assert found.used == CONSTANTS[Phase.PRIMARY]
    assert found.why.startswith("The published ones")


def test_what_is_tried_stays_near_the_published_constants() -> None:
    found = primary(world(150, 9, Constants(prior=40, dispersion=40, drift=1), seed=3, expected=30))
    published = CONSTANTS[Phase.PRIMARY]
    for name, most in zip(("prior", "dispersion", "drift"), MOST, strict=True):
        times = getattr(found.best, name) / getattr(published, name)
        assert 1 / most <= times <= most


def test_the_last_year_takes_no_part_in_the_choice() -> None:
    history = world(120, 6, Constants(prior=4, dispersion=6, drift=0.05), seed=8)
    other = history.observed.copy()
    other[:, 0] = np.random.default_rng(1).permutation(other[:, 0])
    assert primary(history).best == primary(replace(history, observed=other)).best
    assert primary(history).better != primary(replace(history, observed=other)).better


def test_with_too_little_the_published_constants_are_used_and_it_says_why() -> None:
    truth = Constants(prior=4, dispersion=6, drift=0.05)
    two_years, few = primary(world(150, 2, truth, seed=1)), primary(world(PAIRS - 1, 3, truth, seed=1))
    assert (two_years.pairs, two_years.used) == (0, CONSTANTS[Phase.PRIMARY])
    assert "fewer than three whole years" in two_years.why
    assert (few.pairs, few.used) == (PAIRS - 1, CONSTANTS[Phase.PRIMARY])
    assert f"{PAIRS - 1} school-years to choose from, and {PAIRS} are needed" in few.why


def test_each_authority_has_its_own_whoever_is_beside_it() -> None:
    history = simulated_schools(3, 5, 2).history
    of = history.schools["la_code"].eq(302).to_numpy()
    alone = replace(
        history,
        schools=history.schools[of].reset_index(drop=True),
        observed=history.observed[of],
        pupils=history.pupils[of],
    )
    beside = [each for each in estimate(history).each if each.la_code == 302]
    for one, same in zip(estimate(alone).each, beside, strict=True):
        assert (one.best, one.pairs, one.held_out) == (same.best, same.pairs, same.held_out)
        assert one.better == pytest.approx(same.better)


def test_of_each_school_the_constants_of_its_phase_and_authority() -> None:
    history = far_off()
    found = estimate(history)
    assert set(found.of_each(history).prior) == {found.each[0].best.prior}
    elsewhere = replace(history, schools=history.schools.assign(la_code=999))
    assert set(found.of_each(elsewhere).prior) == {CONSTANTS[Phase.PRIMARY].prior}


@pytest.mark.slow
def test_all_of_england_in_a_few_seconds() -> None:
    history = simulated_schools(2, 10, 7).history
    places = np.resize(np.arange(len(history.schools)), 24_000)
    schools = history.schools.iloc[places].reset_index(drop=True)
    england = replace(
        history,
        schools=schools.assign(la_code=300 + np.arange(24_000) // 160),
        observed=history.observed[places],
        pupils=history.pupils[places],
    )
    begun = time.process_time()
    found = estimate(england)
    took = time.process_time() - begun
    print(f"\n24,000 schools, 10 years: {took:.1f} s of one processor, {len(found.each)} estimates")
    assert took < 10
