"""The core of targeting against slow loops: steadied ratios, what is expected, and what was published."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats
from worlds import World

from access.scope import EVERYWHERE, Scope
from analysis import queries
from analysis.denominators import HEADLINE
from analysis.targeting.constants import CONSTANTS, of_each
from analysis.targeting.history import SCHOOL, WITHHELD, History, own_history, printed, published_history
from analysis.targeting.steadied import Steadied
from data_model.store import open_database, reading
from data_model.terms import Period, Term
from loaders.published import load_published
from loaders.upload_record import Sender

TERMS = tuple(Period(year, term) for year in ("202425", "202324") for term in (Term.SUM, Term.SPR, Term.AUT))
FILE = Path(__file__).parents[1] / "published" / "exclusions_by_geographic_level_coventry_warwickshire.csv"


def _steadied(rng: np.random.Generator, number: int = 60) -> tuple[Steadied, np.ndarray]:
    phases = rng.integers(0, len(HEADLINE), number)
    expected = rng.lognormal(1.5, 1.5, number)
    observed = rng.poisson(expected * rng.gamma(1, 1, number)) / rng.choice([1, 2, 4], number)
    return Steadied(observed, expected, expected * rng.uniform(0.3, 1, number), of_each(phases)), phases


@pytest.mark.parametrize("seed", range(5))
def test_it_is_what_a_slow_loop_says(seed: int) -> None:
    found, phases = _steadied(np.random.default_rng(seed))
    low, high = found.ratio_range(0.8)
    next_low, next_high = found.next_range(0.95)
    far = found.sure_above(1.5)
    for at, phase in enumerate(phases):
        constants = CONSTANTS[HEADLINE[phase]]
        known = constants.prior + found.observed[at]
        ratio = known / (constants.prior + found.expected[at])
        shape = known / constants.dispersion
        true = stats.gamma(shape, scale=ratio / shape)
        assert found.ratio[at] == pytest.approx(ratio)
        assert (low[at], high[at]) == pytest.approx((true.ppf(0.1), true.ppf(0.9)))
        assert far[at] == pytest.approx(1 - true.cdf(1.5), abs=1e-9)
        mean, average = ratio * found.next_expected[at], found.next_expected[at]
        assert found.next_count[at] == pytest.approx(mean)
        assert found.gain[at] == pytest.approx(max(0, mean - average))
        variance = constants.dispersion * mean + mean**2 * (1 / shape + constants.drift)
        count = stats.nbinom(mean**2 / (variance - mean), mean / variance)
        assert count.mean() == pytest.approx(mean)
        assert count.var() == pytest.approx(variance)
        at_most = sum(count.pmf(each) for each in range(int(average) + 1))
        assert found.chance_above[at] == pytest.approx(1 - at_most, abs=1e-9)
        ends = []
        for share in (0.025, 0.975):
            each = 0
            while count.cdf(each) < share:
                each += 1
            ends.append(each)
        assert (next_low[at], next_high[at]) == tuple(ends)


@given(st.integers(0, 10_000), st.floats(0.5, 0.95))
@settings(deadline=None, max_examples=40)
def test_the_ratio_lies_in_its_range_and_there_is_never_less_than_nothing_to_gain(seed: int, share: float) -> None:
    found, _ = _steadied(np.random.default_rng(seed), 20)
    low, high = found.ratio_range(max(share, 0.8))
    assert ((low <= found.ratio) & (found.ratio <= high)).all()
    wide_low, wide_high = found.ratio_range(0.99)
    assert ((wide_low <= low) & (high <= wide_high)).all()
    assert (found.gain >= 0).all()
    assert ((found.gain > 0) == (found.ratio > 1)).all()


@given(st.floats(0, 300), st.floats(0, 300), st.floats(0.5, 300), st.sampled_from(range(len(HEADLINE))))
@settings(deadline=None)
def test_the_more_was_counted_the_surer(one: float, other: float, expected: float, phase: int) -> None:
    alike = np.full(2, expected)
    found = Steadied(np.array(sorted([one, other])), alike, alike / 2, of_each(np.full(2, phase)))
    assert found.chance_above[0] <= found.chance_above[1] + 1e-12
    assert (found.sure_above(1)[0] <= found.sure_above(1)[1] + 1e-12) and found.ratio[0] <= found.ratio[1]


def test_of_a_school_of_which_nothing_is_known_nothing_is_said() -> None:
    found = Steadied(np.zeros(1), np.zeros(1), np.full(1, 5.0), of_each(np.zeros(1, dtype=np.int64)))
    assert (found.ratio[0], found.gain[0]) == (1, 0)


def _history(seed: int) -> History:
    rng = np.random.default_rng(seed)
    number = 80
    phases = rng.choice([str(phase) for phase in HEADLINE], number)
    urns = np.arange(number) + 100_000
    frame = pd.DataFrame({"key": urns, "urn": urns, "laestab": urns, "school_name": "A", "phase": phases})
    frame = frame.assign(la_code=rng.choice([301, 302, 303], number), listed=True)[[*SCHOOL, "listed"]]
    pupils = rng.integers(20, 1_200, (number, len(TERMS))).astype(float)
    observed = rng.poisson(pupils / 40).astype(float)
    pupils[rng.random(pupils.shape) < 0.1] = np.nan
    observed[rng.random(pupils.shape) < 0.1] = np.nan
    return History(frame, TERMS, observed, pupils, 3)


@pytest.mark.parametrize("seed", range(5))
def test_what_is_expected_of_an_authoritys_phase_is_what_it_had(seed: int) -> None:
    history = _history(seed)
    for la in (301, 302, 303):
        for phase in HEADLINE:
            of = (history.schools["la_code"].eq(la) & history.schools["phase"].eq(str(phase))).to_numpy()
            for term in range(len(TERMS)):
                known = [
                    at
                    for at in np.flatnonzero(of)
                    if not np.isnan(history.observed[at, term] + history.pupils[at, term])
                ]
                had = sum(history.observed[at, term] for at in known)
                roll = sum(history.pupils[at, term] for at in known)
                for at in np.flatnonzero(of):
                    if at in known:
                        assert history.expected[at, term] == pytest.approx(history.pupils[at, term] * had / roll)
                        assert history.counted[at, term] == history.observed[at, term]
                    else:
                        assert np.isnan(history.expected[at, term])
                        assert np.isnan(history.counted[at, term])
                assert np.nansum(history.expected[of, term]) == pytest.approx(had)


def test_older_years_count_half_and_a_quarter() -> None:
    history = _history(1)
    found = history.steadied(CONSTANTS)
    for at in range(len(history.schools)):
        weights = [1, 1, 1, 0.5, 0.5, 0.5]
        known = [term for term in range(len(TERMS)) if not np.isnan(history.expected[at, term])]
        assert found.observed[at] == pytest.approx(sum(weights[term] * history.observed[at, term] for term in known))
        assert found.expected[at] == pytest.approx(sum(weights[term] * history.expected[at, term] for term in known))


def test_a_part_of_a_history_is_what_was_then() -> None:
    history = _history(2)
    then = history.between(3, 6)
    assert then.periods == TERMS[3:]
    np.testing.assert_array_equal(then.expected, history.expected[:, 3:])
    later = replace(history, observed=history.observed * np.array([9, 9, 9, 1, 1, 1]))
    np.testing.assert_array_equal(later.between(3, 6).expected, then.expected)


def test_a_school_without_a_headcount_is_on_neither_side(world: World) -> None:
    for urn, roll in ((900_001, 200), (900_002, 100), (900_003, 0)):
        world.school(urn)
        for census in ("AUT", "SPR", "SUM"):
            if roll:
                world.roll(urn, roll, census=census)
        for pupil in range(6):
            world.suspension(urn, f"P{urn}-{pupil}", "2025-02-03")
    world.suspension(900_001, "P1", "2024-10-01")
    history = own_history(world.records, Period("202425"))
    spring = history.periods.index(Period("202425", Term.SPR))
    assert history.observed[:, spring].tolist() == [6, 6, 6]
    np.testing.assert_array_equal(history.counted[:, spring], [6, 6, np.nan])
    np.testing.assert_allclose(history.expected[:, spring], [8, 4, np.nan])
    summer = history.periods.index(Period("202425", Term.SUM))
    assert np.isnan(history.observed[:, summer]).all(), "a term of which nothing was loaded is unknown, and not 0"


@pytest.fixture(scope="module")
def published(tmp_path_factory: pytest.TempPathFactory) -> Iterator[pd.DataFrame]:
    engine = open_database(f"sqlite:///{tmp_path_factory.mktemp('published')}/published.db")
    load_published(engine, FILE, FILE.name, Sender("tester", EVERYWHERE))
    with reading(engine) as connection:
        yield queries.records(connection, Scope(frozenset({331, 937}), full_figures=True)).published
    engine.dispose()


def test_a_withheld_count_is_one_or_two_in_files_without_urns_alone(published: pd.DataFrame) -> None:
    schools = published[published["geographic_level"].eq("school")]
    withheld = schools["suspensions"].isna() & schools["suspensions_marker"].eq("x")
    assert withheld.sum() > 100
    assert schools["urn"].isna().all()
    assert printed(schools)[withheld].eq(WITHHELD).all()
    assert printed(schools[~withheld]).equals(schools.loc[~withheld, "suspensions"])
    assert printed(schools.assign(urn=100_001)).isna().sum() == schools["suspensions"].isna().sum()


def test_the_published_history_is_that_of_the_rows(published: pd.DataFrame) -> None:
    history = published_history(published, Period("201617"))
    assert [period.year for period in history.periods] == ["201617", "201516", "201415"]
    rows = published[published["geographic_level"].eq("school") & published["academic_year"].eq("201617")]
    figures = dict(zip(zip(rows["laestab"], rows["phase"].astype("str"), strict=True), printed(rows), strict=True))
    seen = 0
    for at, school in history.schools.iterrows():
        known = figures.get((school["laestab"], school["phase"]))
        assert school["listed"] == (known is not None)
        if known is not None and pd.notna(known):
            assert history.observed[at, 0] == known
            seen += 1
    assert seen > 200
    assert history.schools["la_code"].isin([331, 937]).all()
