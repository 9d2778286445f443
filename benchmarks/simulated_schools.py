"""Made-up schools between which nothing differs but size and chance, with pupils who are suspended again and again.

What a funnel says of them is known beforehand: none of them stands out. Two kinds of pupils: of the first each has a
risk of their own, nearly nothing for most (a gamma distribution); of the second a few are suspended at all, and after
each time as likely once more.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from analysis.targeting.constants import Numbers
from analysis.targeting.funnel import Place, limits, places, repeat_of
from analysis.targeting.history import SCHOOL, History
from data_model.codes import Phase
from data_model.terms import Period

REPEAT = 4.0
"""The repeat pattern that the pupils are made to have, Σc²/Σc: England's are 4.3 to 5.0."""
RATE = {Phase.PRIMARY: 0.015, Phase.SECONDARY: 0.11, Phase.SPECIAL: 0.12}
"""Suspensions a pupil and year, about as in England in 2016/17."""
NUMBER = {Phase.PRIMARY: 230, Phase.SECONDARY: 55, Phase.SPECIAL: 15}
_PUPILS = {Phase.PRIMARY: 270, Phase.SECONDARY: 950, Phase.SPECIAL: 110}

Counts = npt.NDArray[np.int64]
Pupils = Callable[[np.random.Generator, Counts, Numbers], list[Counts]]


def own_risk(rng: np.random.Generator, pupils: Counts, rate: Numbers) -> list[Counts]:
    """How often each pupil of each school is suspended, where each has a risk of their own."""
    # E[c²]/E[c] = 1 + rate + rate × the variance of the risk, whose mean is 1.
    variance = (REPEAT - 1 - rate) / rate
    risk = [rng.gamma(1 / each, each, size) for each, size in zip(variance, pupils, strict=True)]
    return [rng.poisson(each * of) for each, of in zip(rate, risk, strict=True)]


def once_more(rng: np.random.Generator, pupils: Counts, rate: Numbers) -> list[Counts]:
    """The same, where some are suspended and each time as likely once more: only those who were at all."""
    # E[c²]/E[c] = (2 - p) / p where the last time has the chance p.
    last = 2 / (1 + REPEAT)
    return [rng.geometric(last, rng.poisson(size * each * last)) for each, size in zip(rate, pupils, strict=True)]


PUPILS: dict[str, Pupils] = {"own risk": own_risk, "once more": once_more}


@dataclass(frozen=True)
class Alarms:
    """Of schools of one phase: how many were looked at, and the shares above the inner and the outer limit."""

    schools: int
    inner: float
    outer: float


def schools(rng: np.random.Generator) -> tuple[pd.DataFrame, Counts]:
    """An authority's schools as a History has them, and how many pupils each has."""
    phases = np.repeat([str(phase) for phase in NUMBER], list(NUMBER.values()))
    middle = np.repeat([_PUPILS[phase] for phase in NUMBER], list(NUMBER.values()))
    pupils = np.maximum(20, middle * rng.lognormal(0, 0.4, len(phases))).astype(np.int64)
    urns = np.arange(100_001, 100_001 + len(phases))
    frame = pd.DataFrame({"key": urns, "urn": urns, "laestab": urns, "la_code": 999, "phase": phases, "listed": True})
    return frame.assign(school_name="Made up")[[*SCHOOL, "listed"]], pupils


def alarms(pupils: Pupils, times: float, tries: int, *, plain: bool = False, seed: int = 1) -> dict[Phase, Alarms]:
    """How often schools lie above the limits, by phase, with the repeat pattern found from the pupils themselves.

    With `times` 1 all schools are alike, and every school is looked at. Else one secondary of an authority has so many
    times as many suspended pupils as others of its size, and only that one is looked at. `plain` takes the limits of
    independent suspensions.
    """
    rng = np.random.default_rng(seed)
    found = [_once(rng, pupils, times, plain) for _ in range(tries)]
    every = pd.concat(found, ignore_index=True)
    far = every["place"].eq(str(Place.FAR_ABOVE))
    above = far | every["place"].eq(str(Place.ABOVE))
    return {
        phase: Alarms(int(of.sum()), float(above[of].mean()), float(far[of].mean()))
        for phase in NUMBER
        if (of := every["phase"].eq(str(phase))).any()
    }


def _once(rng: np.random.Generator, pupils: Pupils, times: float, plain: bool) -> pd.DataFrame:
    frame, size = schools(rng)
    rate = frame["phase"].map({str(phase): rate for phase, rate in RATE.items()}).to_numpy(dtype=np.float64)
    odd = NUMBER[Phase.PRIMARY]  # the first secondary
    # More pupils of the same kind, and not the same pupils more often: the pattern stays as it is.
    drawn = size.copy()
    drawn[odd] = round(size[odd] * times)
    each = pupils(rng, drawn, rate)
    observed = np.array([[one.sum()] for one in each], dtype=np.float64)
    history = History(frame, (Period("202425"),), observed, size[:, None].astype(np.float64), 1)
    had, expected = history.latest
    factor = np.ones(len(frame)) if plain else _factors(frame["phase"], each)
    found = pd.DataFrame({"phase": frame["phase"], "place": [str(at) for at in places(had, limits(expected, factor))]})
    return found if times == 1 else found.iloc[[odd]]


def _factors(phases: pd.Series, each: list[Counts]) -> Numbers:
    factors = np.empty(len(phases))
    for phase in NUMBER:
        of = phases.eq(str(phase)).to_numpy()
        counts = np.concatenate([one for one, there in zip(each, of, strict=True) if there])
        factors[of] = repeat_of(counts[counts > 0], phase).factor
    return factors
