"""What suspensions and permanent exclusions record alike: reasons, and the pupil as at the event."""

import numpy as np
import pandas as pd

from sample_data.arrays import Array, Random, choose
from sample_data.frames import labels
from sample_data.population import LOOKED_AFTER, SEN, Population

YEAR_GROUPS = ("R", *(str(year) for year in range(1, 14)))
_SECOND, _THIRD = 0.22, 0.05


def reasons(rng: Random, size: int, shares: tuple[tuple[str, float], ...]) -> dict[str, pd.Categorical]:
    """`reason_1` to `reason_3`: one reason always, sometimes two or three different ones, no weight in their order."""
    codes = [code for code, _ in shares]
    weights = np.array([share for _, share in shares])
    first, second, third = (choose(rng, weights, size) for _ in range(3))
    luck = rng.random(size)
    second = np.where((luck < _SECOND) & (second != first), second, -1)
    third = np.where((luck < _THIRD) & (second >= 0) & (third != first) & (third != second), third, -1)
    return {f"reason_{number}": labels(of, codes) for number, of in enumerate((first, second, third), start=1)}


def at_event(population: Population, enrolment: Array) -> dict[str, pd.Categorical]:
    """`ncyg`, `sen_provision` and `cla` of the pupil at the time."""
    looked_after = population.social_care[population.pupil[enrolment]] == LOOKED_AFTER
    return {
        "ncyg": labels(population.year_group[enrolment], YEAR_GROUPS),
        "sen_provision": labels(population.sen[enrolment], SEN),
        "cla": labels(looked_after.astype(np.int8), ("N", "Y")),
    }


def numbered(letter: str, start: int, size: int) -> list[str]:
    """Identifiers such as `S000001`, in order from `start`."""
    return [f"{letter}{number:06d}" for number in range(start, start + size)]
