"""Attendance that is low or falling: small weeks by hand, a slow loop, and what always holds."""

from datetime import date, timedelta

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis.casework.attendance_change import attendance_change, avoiding_school, windows
from data_model.thresholds import USUAL, Thresholds

MONDAYS = [date(2025, 9, 8) + timedelta(weeks=week) for week in range(7)]
MONDAYS += [date(2025, 11, 3) + timedelta(weeks=week) for week in range(6)]  # half term is from 27 October
ON = date(2025, 12, 12)
A, B = 900001, 900002
COLUMNS = ["pupil", "urn", "week_start", "possible", "present", "authorised", "unauthorised", "code_e"]


def usual(**changes: float) -> Thresholds:
    """The usual thresholds but for these."""
    return Thresholds(**{**USUAL.model_dump(), **changes})


def weeks(*rows: tuple[object, ...]) -> pd.DataFrame:
    """Rows of attendance: those of COLUMNS, code E left out where it is none."""
    frame = pd.DataFrame([(*row, None)[: len(COLUMNS)] for row in rows], columns=COLUMNS)
    whole = dict.fromkeys(["possible", "present", "authorised", "unauthorised", "code_e"], "Int64")
    return frame.astype({**whole, "week_start": "datetime64[s]"})


def of(pupil: int, present: list[int], urn: int = A) -> list[tuple[object, ...]]:
    """Full weeks of a pupil, the latest of which ends on ON; absences are unauthorised."""
    mondays = MONDAYS[-len(present) :]
    return [(pupil, urn, monday, 10, there, 0, 10 - there) for monday, there in zip(mondays, present, strict=True)]


def test_the_latest_four_school_weeks_are_compared_with_the_six_before_over_half_term() -> None:
    found = windows(weeks(*of(1, [10] * 13)), ON, USUAL)
    assert [day.date() for day in found.recent] == MONDAYS[-4:]
    assert [day.date() for day in found.before] == MONDAYS[-10:-4]


def test_a_week_that_is_not_over_is_not_compared_yet() -> None:
    assert windows(weeks(*of(1, [10] * 13)), date(2025, 12, 11), USUAL).recent[-1].date() == MONDAYS[-2]


def test_a_fall_is_a_fact_in_a_sentence() -> None:
    (row,) = attendance_change(weeks(*of(1, [9] * 6 + [7] * 4)), ON, USUAL).to_dict("records")
    assert (row["attendance"], row["attendance_before"], row["change"]) == pytest.approx((70, 90, -20))
    assert (row["sessions"], row["sessions_before"], row["urn"]) == (40, 60, A)
    assert row["is_falling"] and row["is_low"]
    assert row["sentence"] == (
        "Attended 70% of 40 half days in the 4 school weeks from 17 November 2025, and 90% of 60 in the 6 school "
        "weeks before: 20 points less."
    )


@pytest.mark.parametrize(
    ("before", "recent", "falling", "low"),
    [
        (10, 9, True, False),  # a fall of exactly ten points, and at ninety, which is not below it
        (9, 9, False, False),
        (7, 7, False, True),
        (7, 9, False, False),
    ],
)
def test_thresholds_are_met_exactly(before: int, recent: int, falling: bool, low: bool) -> None:
    (row,) = attendance_change(weeks(*of(1, [before] * 6 + [recent] * 4)), ON, USUAL).to_dict("records")
    assert (row["is_falling"], row["is_low"]) == (falling, low)


def test_an_authority_sets_its_own() -> None:
    rows = weeks(*of(1, [10] * 6 + [9] * 4))
    assert attendance_change(rows, ON, usual(attendance_fall=11))["is_falling"].tolist() == [False]
    assert attendance_change(rows, ON, usual(attendance_below=91))["is_low"].tolist() == [True]
    assert attendance_change(rows, ON, usual(recent_weeks=5))["attendance"].tolist() == [92]


def test_a_suspended_week_is_no_fall_in_attendance() -> None:
    rows = of(1, [10] * 6 + [10] * 4)
    rows[-1] = (1, A, MONDAYS[-1], 10, 0, 10, 0, 10)
    (row,) = attendance_change(weeks(*rows), ON, USUAL).to_dict("records")
    assert (row["attendance"], row["sessions"]) == (100, 30)


def test_two_schools_in_one_week_are_one_pupil_at_the_latest() -> None:
    rows = [*of(1, [10] * 6 + [10, 10, 10]), (1, A, MONDAYS[-1], 4, 4, 0, 0), (1, B, MONDAYS[-1], 6, 0, 0, 6)]
    shifted = [(p, u, m, *rest) for (p, u, _, *rest), m in zip(rows[:9], MONDAYS[-10:-1], strict=True)] + rows[9:]
    (row,) = attendance_change(weeks(*shifted), ON, USUAL).to_dict("records")
    assert (row["attendance"], row["sessions"], row["urn"]) == (85, 40, B)


def test_too_few_half_days_say_nothing() -> None:
    assert attendance_change(weeks(*of(1, [10] * 6)[:-3]), date(2025, 11, 21), usual(fewest_sessions=31)).empty
    (row,) = (
        attendance_change(weeks(*of(1, [5] * 4), *of(2, [10] * 10)), ON, USUAL).query("pupil == 1").to_dict("records")
    )
    assert pd.isna(row["attendance_before"])
    assert not row["is_falling"]
    assert row["sentence"].endswith("; what it was before is not known.")


def test_a_week_whose_attendance_is_not_given_follows_from_its_absences_or_is_left_out() -> None:
    known = (1, A, MONDAYS[-1], 10, None, 2, 3)
    unknown = (1, A, MONDAYS[-2], 10, None, None, None)
    found = attendance_change(weeks(known, unknown), ON, usual(fewest_sessions=1))
    assert (found["attendance"].tolist(), found["sessions"].tolist()) == ([50], [10])


def test_nobody_is_an_empty_table() -> None:
    none = weeks().astype({"pupil": "int64", "urn": "int64"})
    assert attendance_change(none, ON, USUAL).empty
    assert avoiding_school(none, ON, USUAL).empty


def test_absence_that_is_no_suspension_has_its_own_view() -> None:
    rows = [*of(1, [10] * 6), *of(2, [10] * 10), *of(3, [10] * 10)]
    rows = [row for row in rows if row[0] != 1]
    rows += [(1, A, monday, 10, 10, 0, 0) for monday in MONDAYS[-10:-4]]
    rows += [(1, A, MONDAYS[-4], 10, 4, 6, 0), (1, A, MONDAYS[-3], 10, 0, 10, 0), (1, A, MONDAYS[-2], 10, 0, 5, 5)]
    rows += [(1, A, MONDAYS[-1], 10, 6, 4, 0, 2)]
    # Pupil 3 was suspended for two of the four weeks, and attends otherwise.
    rows = [row for row in rows if row[0] != 3 or row[2] not in MONDAYS[-2:]]
    rows += [(3, A, monday, 10, 0, 10, 0, 10) for monday in MONDAYS[-2:]]
    (found,) = avoiding_school(weeks(*rows), ON, USUAL).to_dict("records")
    assert found["pupil"] == 1
    assert (found["absent"], found["authorised"], found["suspended"]) == (28, 23, 2)
    assert (found["weeks_absent"], found["weeks_in_part"]) == (2, 2)
    assert found["is_falling"]
    assert "avoid" not in found["sentence"]


def slow(rows: list[tuple[int, int, int]], thresholds: Thresholds) -> dict[int, tuple[float, float | None]]:
    """What each pupil attended lately and before, by a loop over (pupil, week, present of ten)."""
    mondays = sorted({week for _, week, _ in rows})
    recent = mondays[-thresholds.recent_weeks :]
    before = [week for week in mondays if week not in recent][-thresholds.weeks_before :]
    found = {}
    for pupil in sorted({pupil for pupil, _, _ in rows}):
        shares = []
        for window in (recent, before):
            own = [there for who, week, there in rows if who == pupil and week in window]
            shares.append(10 * sum(own) / len(own) if 10 * len(own) >= thresholds.fewest_sessions else None)
        if shares[0] is not None:
            found[pupil] = (shares[0], shares[1])
    return found


ROWS = st.lists(
    st.tuples(st.integers(1, 3), st.integers(0, 12), st.integers(0, 10)), max_size=40, unique_by=lambda r: r[:2]
)
THRESHOLDS = st.builds(
    usual,
    recent_weeks=st.integers(1, 6),
    weeks_before=st.integers(1, 6),
    fewest_sessions=st.integers(1, 40),
    attendance_fall=st.integers(0, 60),
    attendance_below=st.integers(0, 100),
)


@settings(max_examples=60)
@given(ROWS, THRESHOLDS)
def test_it_is_the_slow_loop(rows: list[tuple[int, int, int]], thresholds: Thresholds) -> None:
    given_rows = weeks(*[(pupil, A, MONDAYS[week], 10, there, 0, 10 - there) for pupil, week, there in rows])
    found = attendance_change(given_rows.astype({"pupil": "int64", "urn": "int64"}), ON, thresholds)
    expected = slow(rows, thresholds)
    assert list(found["pupil"]) == list(expected)
    for row in found.to_dict("records"):
        now, before = expected[row["pupil"]]
        assert row["attendance"] == pytest.approx(now)
        assert (
            pd.isna(row["attendance_before"]) if before is None else row["attendance_before"] == pytest.approx(before)
        )
        assert row["is_low"] == (round(now, 6) < thresholds.attendance_below)
        assert row["is_falling"] == (before is not None and round(before - now, 6) >= thresholds.attendance_fall)
