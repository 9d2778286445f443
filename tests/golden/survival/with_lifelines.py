"""What lifelines 0.30.3 says of made-up lengths without ties: it writes `seen.csv` and `lifelines.csv` beside itself.

lifelines 0.30.3 needs pandas before 3, and this project has 3: it is run in an environment of its own,

    python -m venv /tmp/with-lifelines && /tmp/with-lifelines/bin/pip install lifelines==0.30.3
    /tmp/with-lifelines/bin/python tests/golden/survival/with_lifelines.py
"""

from pathlib import Path

import numpy as np
import pandas as pd
from lifelines import AalenJohansenFitter, KaplanMeierFitter
from lifelines.utils import median_survival_times

HERE = Path(__file__).parent
CASES = {"150 placements": (150, 60.0, 1.0), "25, few open": (25, 200.0, 0.3), "60, most open": (60, 12.0, 2.0)}
"""Of each: how many there are, within how many weeks they start, and how many times as likely other ends are."""


def lengths(number: int, weeks: float, others: float, seed: int) -> pd.DataFrame:
    """Lengths seen and how each ended: 1 or 2, or 0 for still open."""
    random = np.random.default_rng(seed)
    first, second = random.exponential(50, number), random.exponential(50 / others, number)
    until = random.uniform(0, weeks, number) + 1
    ended = np.minimum(first, second) <= until
    how = np.where(ended, np.where(first < second, 1, 2), 0)
    return pd.DataFrame({"seen": np.minimum(np.minimum(first, second), until), "end": how})


def said(data: pd.DataFrame) -> pd.DataFrame:
    """The shares that have ended and their ranges, at each time at which one did."""
    every = KaplanMeierFitter().fit(data["seen"], data["end"] > 0)
    band = every.confidence_interval_
    still = pd.DataFrame(
        {
            "of": 0,
            "share": 1 - every.survival_function_.iloc[:, 0],
            "low": 1 - band.iloc[:, 1],
            "high": 1 - band.iloc[:, 0],
        }
    )
    parts = [still.loc[np.sort(data["seen"][data["end"] > 0])]]
    for way in (1, 2):
        fitted = AalenJohansenFitter().fit(data["seen"], data["end"], event_of_interest=way)
        # The columns are labelled upper and lower the wrong way round: sorted, there is no doubt which is which.
        band = np.sort(fitted.confidence_interval_.to_numpy(), axis=1)
        part = pd.DataFrame(
            {"of": way, "share": fitted.cumulative_density_.iloc[:, 0], "low": band[:, 0], "high": band[:, 1]}
        )
        parts.append(part.loc[np.sort(data["seen"][data["end"] == way])])
    middle = median_survival_times(every.confidence_interval_).to_numpy()[0]
    half = pd.DataFrame(
        {"of": -1, "share": every.median_survival_time_, "low": middle[0], "high": middle[1]}, index=[0.5]
    )
    return pd.concat([*parts, half]).rename_axis("time").reset_index()


if __name__ == "__main__":
    made = {name: lengths(*case, seed) for seed, (name, case) in enumerate(CASES.items(), start=1)}
    for file, tables in (("seen.csv", made), ("lifelines.csv", {name: said(data) for name, data in made.items()})):
        pd.concat(tables, names=["case"]).reset_index(level="case").to_csv(
            HERE / file, index=False, float_format="%.12g"
        )
