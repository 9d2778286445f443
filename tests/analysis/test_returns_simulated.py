"""The page's own function on placements whose true returns are known. `pytest -m slow -s` prints the figures."""

from datetime import date

import numpy as np
import pandas as pd
import pytest
from scipy.integrate import quad

from analysis.alternative_provision.queries import Provision
from analysis.alternative_provision.returns import WITHIN, returns
from analysis.alternative_provision.stays import stays

pytestmark = pytest.mark.slow

WORLDS, SEED, PLACEMENTS = 1_000, 20_261_122, 150
NOW, DAYS = date(2026, 7, 17), 80 * 7
RETURN, OTHER = (1.05, 73.0), (1.3, 110.0)
"""Weibull shape and scale, in weeks: who goes back to school mostly does so early, and other ends come later."""
_NOTHING = pd.DataFrame()


def truly_returned() -> float:
    """The percentage that truly returns within the weeks that the page asks for, of all that ever start."""

    def hazard(time: float) -> float:
        (shape, scale), (other_shape, other_scale) = RETURN, OTHER
        own = shape / scale * (time / scale) ** (shape - 1)
        return float(own * np.exp(-((time / scale) ** shape) - (time / other_scale) ** other_shape))

    return 100 * float(quad(hazard, 0, WITHIN)[0])


def placements(random: np.random.Generator) -> pd.DataFrame:
    """Placements that started evenly over a year and a half: what ends after the last day in the data is recorded, and
    not known of yet."""
    back, other = (7 * scale * random.weibull(shape, PLACEMENTS) for shape, scale in (RETURN, OTHER))
    started = pd.Timestamp(NOW) - pd.to_timedelta(random.integers(0, DAYS, PLACEMENTS), unit="D")
    ended = started + pd.to_timedelta(np.ceil(np.minimum(back, other)), unit="D")
    return pd.DataFrame(
        {
            "pupil": np.arange(PLACEMENTS),
            "tier": "2",
            "placement_reason": "behaviour_support",
            "phase": "secondary",
            "year_group": 9.0,
            "start_date": started,
            "end_date": ended,
            "end_reason": np.where(back < other, "returned_home_school", "special"),
        }
    )


def test_what_the_page_says_of_returns_is_right_and_what_it_warns_of_is_not() -> None:
    random, truth = np.random.default_rng(SEED), truly_returned()
    found = []
    for _ in range(WORLDS):
        frames = (placements(random), *[_NOTHING] * 6)
        world = Provision(*frames, ap_schools=frozenset(), now=NOW)
        found.append(returns(stays(world), "all").rows.iloc[0])
    rows = pd.DataFrame(found)
    bias = rows["share"].astype(float).mean() - truth
    covered = 100 * ((rows["low"].astype(float) <= truth) & (rows["high"].astype(float) >= truth)).mean()
    claimed = rows["claimed"].astype(float).mean() - truth
    print(f"returned within a year: truth {truth:.1f} %, bias {bias:+.2f} points, covers {covered:.1f} %")
    print(f"“returned / closed” would have claimed {truth + claimed:.1f} %")
    assert abs(bias) <= 1
    assert 93 <= covered <= 97
    assert claimed > 8
