"""How long things last and how they end: against lifelines, statsmodels, a slow loop, and what always holds."""

from datetime import date
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from statsmodels.duration.survfunc import CumIncidenceRight, SurvfuncRight

from analysis.statistics.intervals import wilson
from analysis.statistics.survival import (
    OPEN,
    Share,
    TooFew,
    aalen_johansen,
    due_only,
    kaplan_meier,
    observed,
    would_have_claimed,
)

GOLDEN = Path(__file__).parents[1] / "golden" / "survival"
CASES = ["150 placements", "25, few open", "60, most open"]


@pytest.fixture(scope="module")
def seen() -> pd.DataFrame:
    return pd.read_csv(GOLDEN / "seen.csv")


@pytest.fixture(scope="module")
def lifelines() -> pd.DataFrame:
    return pd.read_csv(GOLDEN / "lifelines.csv")


@pytest.mark.parametrize("case", CASES)
@pytest.mark.parametrize("of", [0, 1, 2])
def test_without_ties_it_is_what_lifelines_says(
    seen: pd.DataFrame, lifelines: pd.DataFrame, case: str, of: int
) -> None:
    data = seen[seen["case"] == case]
    said = lifelines[(lifelines["case"] == case) & (lifelines["of"] == of)]
    curve = aalen_johansen(data["seen"], data["end"], of) if of else kaplan_meier(data["seen"], data["end"] > 0)
    found = [curve.by(time) for time in said["time"]]
    for share, expected in zip(found, said.itertuples(), strict=True):
        assert share is not None
        assert share.share == pytest.approx(expected.share, abs=1e-6)
        if pd.isna(expected.low) or expected.share == 1:  # nobody is left, and lifelines gives no range
            assert share.low < share.share <= share.high
        else:
            assert (share.low, share.high) == pytest.approx((expected.low, expected.high), abs=1e-6)


@pytest.mark.parametrize("case", CASES)
def test_so_is_the_median_with_its_range(seen: pd.DataFrame, lifelines: pd.DataFrame, case: str) -> None:
    data = seen[seen["case"] == case]
    said = lifelines[(lifelines["case"] == case) & (lifelines["of"] == -1)].iloc[0]
    found = kaplan_meier(data["seen"], data["end"] > 0).quantile(0.5)
    for ours, theirs in ((found.time, said["share"]), (found.low, said["low"]), (found.high, said["high"])):
        assert (np.inf if ours is None else ours) == pytest.approx(theirs, abs=1e-6)


@pytest.mark.parametrize("case", CASES)
@pytest.mark.parametrize("rounded", [False, True])
def test_with_ties_too_it_is_what_statsmodels_says(seen: pd.DataFrame, case: str, rounded: bool) -> None:
    data = seen[seen["case"] == case]
    times = data["seen"].round(-1) + 5 if rounded else data["seen"]
    every = SurvfuncRight(times, data["end"] > 0)
    curve = kaplan_meier(times, data["end"] > 0)
    assert list(curve.times) == pytest.approx(list(every.surv_times))
    assert list(1 - curve.share) == pytest.approx(list(every.surv_prob), abs=1e-9)
    with np.errstate(divide="ignore", invalid="ignore"):  # it divides by those left where nobody is
        theirs = CumIncidenceRight(times, data["end"])
    for way in (1, 2):
        ours = aalen_johansen(times, data["end"], way)
        found = [ours.by(time) for time in theirs.times]
        assert [each.share for each in found if each] == pytest.approx(list(theirs.cinc[way - 1]), abs=1e-9)


def redistributed(times: list[int], ends: list[int], of: int, by: int) -> float:
    """The share that ended in one way by a time: each who is lost from sight leaves its weight to those still there.

    B. Efron, Berkeley Symposium 5(4), 1967. No product, no hazard, and nothing to divide but weights.
    """
    weights = [1 / len(times)] * len(times)
    order = sorted(range(len(times)), key=lambda each: (times[each], ends[each] == OPEN))
    for place, each in enumerate(order):
        later = [other for other in order[place + 1 :] if times[other] > times[each]]
        if ends[each] == OPEN and later:
            for other in later:
                weights[other] += weights[each] / len(later)
            weights[each] = 0.0
    return sum(weight for weight, time, end in zip(weights, times, ends, strict=True) if end == of and time <= by)


LIVES = st.lists(st.tuples(st.integers(0, 12), st.integers(0, 3)), min_size=1, max_size=25)


@given(LIVES, st.integers(1, 3), st.integers(0, 12))
def test_it_is_the_slow_way_of_handing_weights_on(lives: list[tuple[int, int]], of: int, by: int) -> None:
    times, ends = [time for time, _ in lives], [end for _, end in lives]
    found = aalen_johansen(times, ends, of).by(by)
    if found is None:
        assert by > max(times)
    elif by <= max(times) or OPEN not in ends:
        assert found.share == pytest.approx(redistributed(times, ends, of, by), abs=1e-9)


@given(LIVES, st.integers(0, 12))
def test_ways_of_ending_add_up_to_having_ended(lives: list[tuple[int, int]], by: int) -> None:
    times, ends = [time for time, _ in lives], np.array([end for _, end in lives])
    every = kaplan_meier(times, ends > 0).by(by)
    ways = [aalen_johansen(times, ends, way).by(by) for way in (1, 2, 3)]
    assert (every is None) == all(way is None for way in ways)
    if every is not None:
        assert sum(way.share for way in ways if way) == pytest.approx(every.share, abs=1e-9)
        for share in (every, *(way for way in ways if way)):
            assert 0 <= share.low <= share.share + 1e-9
            assert share.share - 1e-9 <= share.high <= 1
            assert share.out_of == len(times)


@given(LIVES)
def test_a_share_never_falls_and_the_order_of_rows_is_nothing(lives: list[tuple[int, int]]) -> None:
    times, ends = [time for time, _ in lives], [end for _, end in lives]
    curve, turned = aalen_johansen(times, ends, 1), aalen_johansen(times[::-1], ends[::-1], 1)
    assert (np.diff(curve.share) >= -1e-12).all()
    assert list(turned.share) == pytest.approx(list(curve.share))
    assert list(turned.low) == pytest.approx(list(curve.low))


def slow_variance(times: list[int], ends: list[int], of: int, by: int) -> float:
    """The variance of an incidence by its sum over every earlier time, as Collett writes it."""
    steps, still, share = [], 1.0, 0.0
    for time in sorted({time for time, end in zip(times, ends, strict=True) if end != OPEN and time <= by}):
        there = sum(each >= time for each in times)
        every = sum(each == time and end != OPEN for each, end in zip(times, ends, strict=True))
        own = sum(each == time and end == of for each, end in zip(times, ends, strict=True))
        share += still * own / there
        steps.append((there, every, own, still, share))
        still *= 1 - every / there
    found = 0.0
    for there, every, own, before, then in steps:
        if there > every:
            found += (share - then) ** 2 * every / (there * (there - every))
        found += before**2 * own * (there - own) / there**3
        found -= 2 * (share - then) * before * own / there**2
    return found


@given(LIVES, st.integers(1, 3), st.integers(0, 12))
def test_its_range_is_that_of_the_slow_sum(lives: list[tuple[int, int]], of: int, by: int) -> None:
    times, ends = [time for time, _ in lives], [end for _, end in lives]
    found = aalen_johansen(times, ends, of).by(min(by, max(times)))
    assert found is not None
    if 0 < found.share < 1 - 1e-9:
        spread = np.sqrt(max(slow_variance(times, ends, of, min(by, max(times))), 0.0))
        half = 1.959963984540054 * spread / abs(found.share * np.log(found.share))
        middle = np.log(-np.log(found.share))
        expected = tuple(float(np.exp(-np.exp(middle + side * half))) for side in (1, -1))
        assert (found.low, found.high) == pytest.approx(expected, abs=1e-6)


def test_ten_placements_by_hand() -> None:
    # Ten weeks 1 to 10; ends at 2 (returned), 4 (broke down), 6 and 6 (returned); the others are open when last seen.
    weeks, ends = [1, 2, 3, 4, 5, 6, 6, 8, 9, 10], [0, 1, 0, 2, 0, 1, 1, 0, 0, 0]
    # Week 2: 9 there, 1/9. Week 4: 7 there, still 8/9 before, 6/7 of it after. Week 6: 5 there, 2 return: 2/5 of 16/21.
    assert aalen_johansen(weeks, ends, 1).by(10).share == pytest.approx(1 / 9 + 8 / 9 * 6 / 7 * 2 / 5)  # type: ignore[union-attr]
    assert aalen_johansen(weeks, ends, 2).by(10).share == pytest.approx(8 / 9 / 7)  # type: ignore[union-attr]
    claims = would_have_claimed(ends, 1)
    assert (claims.of_closed, claims.of_all) == (3 / 4, 3 / 10)


def test_nothing_is_said_past_what_was_seen() -> None:
    curve = kaplan_meier([10, 20, 30], [True, False, False])
    assert curve.by(30) is not None
    assert curve.by(31) is None
    assert kaplan_meier([10, 20], [True, True]).by(500) == Share(1.0, pytest.approx(0.5, abs=0.5), 1.0, 2)


def test_while_nothing_has_ended_the_range_is_that_of_nothing_of_those_still_seen() -> None:
    found = kaplan_meier([5] * 30 + [20] * 30, [False] * 60).by(10)
    assert found is not None
    assert (found.share, found.low, found.high) == (0, 0, pytest.approx(float(wilson(0, 30)[1])))


def test_a_median_that_is_not_reached_says_so() -> None:
    found = kaplan_meier([10, 20, 30, 30, 30], [True, True, False, False, False]).quantile(0.5)
    assert found.time is None
    assert found.high is None


def test_days_are_seen_up_to_the_last_day_known() -> None:
    started = np.array(["2026-01-05", "2026-01-05", "2026-02-01"], dtype="datetime64[D]")
    ended = np.array(["2026-01-15", "NaT", "2026-03-15"], dtype="datetime64[D]")
    days, over = observed(started, ended, date(2026, 3, 1))
    assert list(days) == [10, 55, 28]
    assert list(over) == [True, False, False]


@pytest.mark.parametrize(
    ("started", "ended"), [("NaT", "2026-01-01"), ("2026-05-01", "NaT"), ("2026-01-05", "2026-01-01")]
)
def test_days_that_cannot_be_are_refused(started: str, ended: str) -> None:
    with pytest.raises(ValueError, match="start"):
        observed([np.datetime64(started)], [np.datetime64(ended)], date(2026, 3, 1))


def test_sustained_counts_those_who_are_due_and_nobody_else() -> None:
    held = [True] * 15 + [False] * 5 + [False] * 4 + [True] * 6
    due = [True] * 20 + [False] * 10
    found = due_only(held, due, minimum=15)
    low, high = wilson(15, 20)
    assert (found.share, found.low, found.high, found.out_of) == (0.75, float(low), float(high), 20)


@pytest.mark.parametrize("few", [0, 1, 19])
def test_too_few_are_refused_without_saying_how_few(few: int) -> None:
    asked = [
        lambda: kaplan_meier([1.0] * few, [True] * few, minimum=20),
        lambda: aalen_johansen([1.0] * few, [1] * few, 1, minimum=20),
        lambda: due_only([True] * 30, [True] * few + [False] * (30 - few), minimum=20),
    ]
    for ask in asked:
        with pytest.raises(TooFew, match=r"^Too small to say: this needs 20 or more\.$"):
            ask()


@pytest.mark.parametrize(
    ("seen", "ends"), [([-1.0], [1]), ([np.nan], [1]), ([np.inf], [0]), ([1.0, 2.0], [1]), ([1.0], [-1])]
)
def test_what_cannot_be_is_refused(seen: list[float], ends: list[int]) -> None:
    with pytest.raises(ValueError, match=r"\.$"):
        aalen_johansen(seen, ends, 1)
