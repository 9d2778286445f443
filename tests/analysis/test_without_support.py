"""Children without support: facts against thresholds, a slow loop, and never a score."""

from datetime import date, timedelta

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis.casework.without_support import Fact, counted_from, without_support
from data_model.terms import Period, terms_between
from data_model.thresholds import USUAL, Thresholds

ON = date(2026, 1, 20)
A, B = 900001, 900002


def usual(**changes: float) -> Thresholds:
    """The usual thresholds but for these."""
    return Thresholds(**{**USUAL.model_dump(), **changes})


def suspensions(*rows: tuple[int, int, str, int]) -> pd.DataFrame:
    frame = pd.DataFrame(rows, columns=["pupil", "urn", "start_date", "sessions"])
    return frame.astype({"pupil": "int64", "urn": "int64", "sessions": "int64", "start_date": "datetime64[s]"})


def cases(*rows: tuple[int, str, str | None]) -> pd.DataFrame:
    frame = pd.DataFrame(rows, columns=["pupil", "start_date", "end_date"])
    return frame.astype({"pupil": "int64", "start_date": "datetime64[s]", "end_date": "datetime64[s]"})


def attendance(*rows: tuple[int, float, float, bool]) -> pd.DataFrame:
    frame = pd.DataFrame(rows, columns=["pupil", "attendance", "attendance_before", "is_falling"]).assign(urn=B)
    kinds = {"pupil": "int64", "attendance": "float64", "attendance_before": "float64", "is_falling": "bool"}
    return frame.astype({**kinds, "urn": "int64"})


def calls(*rows: tuple[int, int, str]) -> pd.DataFrame:
    frame = pd.DataFrame(rows, columns=["pupil", "urn", "date"])
    return frame.astype({"pupil": "int64", "urn": "int64", "date": "datetime64[s]"})


def facts(row: dict[str, object]) -> set[Fact]:
    return {fact for fact in Fact if row[str(fact)]}


@pytest.mark.parametrize(
    ("on", "first"),
    [
        (date(2026, 1, 20), date(2025, 4, 21)),  # spring: since Easter Monday last year
        (date(2025, 9, 10), date(2025, 1, 1)),  # autumn: since the last autumn term ended
        (date(2026, 7, 1), date(2025, 8, 1)),  # summer: the school year
    ],
)
def test_suspensions_of_three_terms_are_counted(on: date, first: date) -> None:
    assert counted_from(on) == first
    assert len(list(terms_between(first, Period.of(on).bounds[1]))) == 3


def test_a_child_is_pointed_out_with_facts_in_a_sentence() -> None:
    rows = suspensions((7, A, "2025-10-06", 6), (7, B, "2025-11-10", 15), (7, A, "2025-03-03", 90))
    (row,) = without_support(rows, cases((7, "2025-02-01", "2025-06-30")), attendance(), calls(), ON, USUAL).to_dict(
        "records"
    )
    assert (row["pupil"], row["urn"], row["suspensions"], row["days_lost"]) == (7, B, 2, 10.5)
    assert facts(row) == {Fact.SOME_SUSPENSIONS, Fact.DAYS_LOST}
    assert row["last_happened"] == pd.Timestamp("2025-11-10")
    assert (
        row["sentence"] == "2 suspensions and 10.5 days lost since 21 April 2025; the last case ended on 30 June 2025."
    )


def test_a_head_who_considers_a_permanent_exclusion_is_enough() -> None:
    (row,) = without_support(suspensions(), cases(), attendance(), calls((3, A, "2026-01-12")), ON, USUAL).to_dict(
        "records"
    )
    assert facts(row) == {Fact.CONSIDERED}
    assert row["sentence"] == "A permanent exclusion was being considered on 12 January 2026; no case before."


def test_so_is_attendance_that_fell() -> None:
    found = without_support(
        suspensions(), cases(), attendance((4, 61, 92, True), (5, 50, 52, False)), calls(), ON, USUAL
    )
    (row,) = found.to_dict("records")
    assert (row["pupil"], row["urn"]) == (4, B)
    assert facts(row) == {Fact.ATTENDANCE_FALLING}
    assert row["sentence"] == "Attendance fell from 92% to 61%; no case before."


@pytest.mark.parametrize(
    ("case", "shown"),
    [
        ((7, "2025-12-01", None), False),
        ((7, "2025-12-01", "2026-01-20"), False),  # its last day still counts
        ((7, "2025-12-01", "2026-01-19"), True),
        ((7, "2026-01-21", None), True),  # not begun
        ((8, "2025-12-01", None), True),  # another child's
    ],
)
def test_whoever_has_an_open_case_is_supported(case: tuple[int, str, str | None], shown: bool) -> None:
    rows = suspensions((7, A, "2025-10-06", 6), (7, A, "2025-11-10", 6))
    found = without_support(rows, cases(case), attendance(), calls(), ON, USUAL)
    assert (7 in set(found["pupil"])) is shown


def test_thresholds_are_the_authority_s() -> None:
    rows = suspensions((7, A, "2025-10-06", 6), (7, A, "2025-11-10", 6))
    strict = usual(some_suspensions=3, many_suspensions=5)
    assert without_support(rows, cases(), attendance(), calls(), ON, strict).empty
    (row,) = without_support(rows, cases(), attendance(), calls(), ON, usual(days_lost=6)).to_dict("records")
    assert facts(row) == {Fact.SOME_SUSPENSIONS, Fact.DAYS_LOST}


def test_there_is_no_score_and_no_order_but_of_what_happened_last() -> None:
    rows = suspensions(*[(1, A, "2025-09-15", 20)] * 4, (2, A, "2026-01-12", 1), (2, A, "2026-01-14", 1))
    found = without_support(rows, cases(), attendance(), calls(), ON, USUAL)
    assert list(found["pupil"]) == [2, 1]
    numbers = list(found.select_dtypes("number"))
    assert numbers == ["pupil", "urn", "suspensions", "days_lost", "attendance", "attendance_before"]


def test_events_that_name_nobody_point_out_nobody() -> None:
    rows = suspensions((-1, A, "2025-10-06", 6), (-1, A, "2025-11-10", 6))
    assert without_support(rows, cases(), attendance(), calls(), ON, USUAL).empty


DAYS = st.integers(0, 500).map(lambda back: date(2026, 2, 10) - timedelta(days=back))
PUPILS = st.integers(1, 4)
SUSPENSIONS = st.lists(st.tuples(PUPILS, st.sampled_from([A, B]), DAYS.map(str), st.integers(1, 20)), max_size=10)
CASES = st.lists(st.tuples(PUPILS, DAYS, st.one_of(st.none(), st.integers(0, 200))), max_size=4).map(
    lambda rows: [
        (who, str(day), None if lasts is None else str(day + timedelta(days=lasts))) for who, day, lasts in rows
    ]
)
CALLS = st.lists(st.tuples(PUPILS, st.sampled_from([A, B]), DAYS.map(str)), max_size=3)
FALLING = st.lists(
    st.tuples(PUPILS, st.just(70.0), st.just(90.0), st.booleans()), max_size=4, unique_by=lambda row: row[0]
)
THRESHOLDS = st.builds(
    usual, some_suspensions=st.integers(1, 3), many_suspensions=st.integers(3, 5), days_lost=st.integers(1, 20)
)


def slow(
    suspended: list[tuple[int, int, str, int]],
    supported: list[tuple[int, str, str | None]],
    called: list[tuple[int, int, str]],
    attended: list[tuple[int, float, float, bool]],
    thresholds: Thresholds,
) -> dict[int, tuple[int, float, set[Fact]]]:
    """The facts of each pupil by one loop over pupils."""
    since, on, found = str(counted_from(ON)), str(ON), {}
    for pupil in range(1, 5):
        if any(who == pupil and start <= on and (end is None or end >= on) for who, start, end in supported):
            continue
        own = [half_days for who, _, day, half_days in suspended if who == pupil and since <= day <= on]
        said = set()
        if len(own) >= thresholds.some_suspensions:
            said.add(Fact.SOME_SUSPENSIONS)
        if len(own) >= thresholds.many_suspensions:
            said.add(Fact.MANY_SUSPENSIONS)
        if sum(own) / 2 >= thresholds.days_lost:
            said.add(Fact.DAYS_LOST)
        if any(who == pupil and since <= day <= on for who, _, day in called):
            said.add(Fact.CONSIDERED)
        if any(who == pupil and falls for who, _, _, falls in attended):
            said.add(Fact.ATTENDANCE_FALLING)
        if said:
            found[pupil] = (len(own), sum(own) / 2, said)
    return found


@settings(max_examples=60)
@given(SUSPENSIONS, CASES, CALLS, FALLING, THRESHOLDS)
def test_it_is_the_slow_loop(
    suspended: list[tuple[int, int, str, int]],
    supported: list[tuple[int, str, str | None]],
    called: list[tuple[int, int, str]],
    attended: list[tuple[int, float, float, bool]],
    thresholds: Thresholds,
) -> None:
    found = without_support(
        suspensions(*suspended), cases(*supported), attendance(*attended), calls(*called), ON, thresholds
    )
    said = {row["pupil"]: (row["suspensions"], row["days_lost"], facts(row)) for row in found.to_dict("records")}
    assert said == slow(suspended, supported, called, attended, thresholds)
    assert found["last_happened"].dropna().is_monotonic_decreasing
