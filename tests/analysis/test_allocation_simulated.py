"""Ways to share hours out, judged by schools whose true need is known: a simulation with a fixed seed."""

import numpy as np
import pandas as pd
import pytest

from analysis.sharing_hours.plan import Floor, Kind, Plan
from analysis.sharing_hours.proposal import by_raw_rate, in_proportion, propose
from analysis.sharing_hours.share_out import share_out
from analysis.targeting.constants import CONSTANTS
from data_model.codes import Phase

SIZES = {Phase.PRIMARY: (230, 250, 1.5), Phase.SECONDARY: (55, 1000, 20.0), Phase.SPECIAL: (15, 110, 9.0)}
"""Of each phase: schools, pupils, and suspensions a year per 100 of them."""
HOURS, WORLDS, SEED = 4_000, 40, 20_261_122


def world(rng: np.random.Generator) -> pd.DataFrame:
    """300 schools: the suspensions that each would really have next year, and what its last year lets one expect."""
    parts = []
    for phase, (number, size, rate) in SIZES.items():
        constants = CONSTANTS[phase]
        pupils = np.round(size * rng.gamma(8, 1 / 8, number)) + 20
        expected = pupils * rate / 100
        ratio = rng.gamma(2.5, 1 / 2.5, number)
        moved = np.exp(rng.normal(0, np.sqrt(constants.drift), number))
        spread = constants.dispersion
        observed = rng.negative_binomial(expected * ratio / (spread - 1) + 1e-9, 1 / spread)
        steadied = (constants.prior + observed) / (constants.prior + expected)
        parts.append(
            pd.DataFrame(
                {
                    "phase": str(phase),
                    "district": "North",
                    "truth": expected * ratio * moved,
                    "next_expected": expected,
                    "next_count": expected * steadied,
                    "low80": steadied * 0.7,
                    "high80": steadied * 1.3,
                    "observed": observed,
                    "pupils": pupils,
                    "first": False,
                    "hours_now": 0.0,
                }
            )
        )
    return pd.concat(parts, ignore_index=True)


@pytest.mark.slow
def test_greedy_comes_near_to_knowing_the_truth_and_equal_hours_do_not() -> None:
    rng = np.random.default_rng(SEED)
    plan = Plan(HOURS)
    floors = {share: Plan(HOURS, floors=(Floor(Kind.PHASE, "primary", share),)) for share in (0.2, 0.4)}
    found: dict[str, list[float]] = {}
    for _ in range(WORLDS):
        schools = world(rng)
        truth = schools["truth"].to_numpy()

        def really(hours: np.ndarray, truth: np.ndarray = truth) -> float:
            return float((truth * plan.assumption.reached(hours)).sum())

        best = really(share_out(schools.assign(next_count=truth), plan))
        ways = {
            "greedy": share_out(schools, plan),
            "in proportion": in_proportion(schools, plan),
            "raw rate": by_raw_rate(schools, plan),
            "equal": np.full(len(schools), HOURS / len(schools)),
            **{f"floor of {share:.0%}": share_out(schools, each) for share, each in floors.items()},
        }
        for way, hours in ways.items():
            found.setdefault(way, []).append(really(hours) / best)
    shares = {way: float(np.mean(each)) for way, each in found.items()}
    print({way: f"{share:.1%}" for way, share in shares.items()})
    order = [shares[way] for way in ("greedy", "in proportion", "raw rate", "equal")]
    assert order == sorted(order, reverse=True)
    assert shares["greedy"] > 0.9
    assert shares["equal"] < 0.5
    costs = [shares["greedy"] - shares[f"floor of {share}%"] for share in (20, 40)]
    assert 0.02 < costs[0] < 0.12 < costs[1] < 0.25


@pytest.mark.slow
def test_a_whole_country_is_shared_out_in_seconds() -> None:
    rng = np.random.default_rng(SEED)
    schools = pd.concat([world(rng) for _ in range(80)], ignore_index=True)
    plan = Plan(300_000, floors=(Floor(Kind.PHASE, "primary", 0.2),))
    assert propose(schools, plan).rows["hours"].sum() == 300_000
