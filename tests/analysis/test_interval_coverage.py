"""How often ranges hold the truth, simulated from fixed seeds. `pytest -m slow -s` prints the figures."""

import numpy as np
import pytest

from analysis.statistics.intervals import poisson, repeat_pattern, risk_ratio

pytestmark = pytest.mark.slow

DRAWS = 20_000


def _share(inside: np.ndarray) -> float:
    return round(100 * float(inside.mean()), 1)


@pytest.mark.parametrize(
    ("roll", "risk", "true"),
    [(60, 0.25, 3.0), (150, 0.12, 2.0), (300, 0.08, 1.0), (800, 0.05, 0.5), (3_000, 0.1, 1.5)],
)
def test_risk_ratios_of_ten_pupils_or_more_cover_the_truth(roll: int, risk: float, true: float) -> None:
    rng = np.random.default_rng(20_261_122)
    others_roll = 12_000
    count, others = rng.binomial(roll, risk, DRAWS), rng.binomial(others_roll, risk / true, DRAWS)
    enough = count >= 10
    found = risk_ratio(count[enough], roll, others[enough], others_roll)
    covered = _share((found.low <= true) & (true <= found.high))
    print(f"risk ratio {true}, {roll} on roll, {roll * risk:.0f} expected: covers {covered} % of {enough.sum()}")
    assert 92 <= covered <= 97


@pytest.mark.parametrize(("roll", "chance", "true"), [(150, 0.12, 2.0), (800, 0.05, 1.0)])
def test_so_do_those_of_three_years_in_which_the_same_pupils_come_back(roll: int, chance: float, true: float) -> None:
    rng = np.random.default_rng(20_261_122)
    others_roll, inside, plain = 6_000, [], []
    for _ in range(2_000):
        # Each pupil's own risk: most have little, some a lot, and it stays theirs for three years.
        years = rng.binomial(3, rng.beta(0.4, 0.4 * (1 - chance) / chance, roll))
        others = rng.binomial(3, rng.beta(0.4, 0.4 * (1 - chance / true) / (chance / true), others_roll))
        repeat = repeat_pattern(np.concatenate([years, others]))
        given = (years.sum(), 3 * roll, others.sum(), 3 * others_roll)
        for wider, kept in ((repeat, inside), (1.0, plain)):
            found = risk_ratio(*given, repeat=wider)
            kept.append(bool(found.low <= true <= found.high))
    covered = _share(np.array(inside))
    print(
        f"risk ratio {true} over three years, {roll} on roll: covers {covered} %, {_share(np.array(plain))} % if plain"
    )
    assert 92 <= covered <= 98


@pytest.mark.parametrize("expected", [20, 60, 200])
def test_counts_of_repeat_suspensions_are_covered(expected: int) -> None:
    rng = np.random.default_rng(20_261_122)
    inside, plain = [], []
    for _ in range(4_000):
        # Pupils by the thousand are suspended now and then, each as often as their own geometric has it.
        each = rng.geometric(0.4, rng.poisson(expected * 0.4))
        low, high = poisson(each.sum(), repeat_pattern(each, fallback=4.0))
        inside.append(bool(low <= expected <= high))
        low, high = poisson(each.sum())
        plain.append(bool(low <= expected <= high))
    covered = _share(np.array(inside))
    print(f"{expected} suspensions expected: covers {covered} %, {_share(np.array(plain))} % if plain")
    assert 93 <= covered <= 99.5
