"""Statutory clocks: against a table that was worked out by hand, and what always holds."""

from datetime import date, timedelta
from pathlib import Path

import pandas as pd
import pytest
from clock_events import LA, SCHOOLS, events
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis.clocks.definitions import CLOCKS, State
from analysis.clocks.table import Events, clocks_on, needing_attention
from data_model.columns import closure_days
from data_model.school_days import SchoolDays

GOLDEN = Path(__file__).parents[1] / "golden" / "clocks"
CASES = pd.read_csv(GOLDEN / "worked_by_hand.csv", dtype=str, keep_default_na=False).to_dict("records")
TERM_DATES = pd.read_csv(GOLDEN / "term_dates.csv", dtype={"academic_year": str}, parse_dates=["first_day", "last_day"])


def term_dates(calendar: str) -> pd.DataFrame:
    """The term dates of one calendar of the table; `none` has none."""
    return TERM_DATES[TERM_DATES["calendar"] == calendar].drop(columns="calendar")


USUAL = term_dates("usual")


def day(text: str) -> date:
    return date.fromisoformat(text)


def test_the_table_is_long_enough_and_has_every_clock() -> None:
    assert len(CASES) >= 60
    assert {case["clock"] for case in CASES} == {clock.id for clock in CLOCKS}
    shown = {case["state"] for case in CASES} - {"none"}
    assert shown == {str(state) for state in State}


@pytest.mark.parametrize("case", CASES, ids=[case["case"] for case in CASES])
def test_clocks_that_were_worked_out_by_hand(case: dict[str, str]) -> None:
    rows = clocks_on(events(case["events"], term_dates(case["term_dates"])), day(case["on"]))
    found = rows[rows["clock"] == case["clock"]]
    if case["started"]:
        found = found[found["started"] == pd.Timestamp(case["started"])]
    if case["state"] == "none":
        assert found.empty
        return
    (row,) = found.to_dict("records")
    due = row["due"].date().isoformat() if pd.notna(row["due"]) else ""
    assert (due, row["school_days_left"], row["state"]) == (
        case["due"],
        float(case["school_days_left"]),
        case["state"],
    )
    assert row["estimated"] == (case["estimated"] == "yes")


def explanation(text: str, on: str, clock: str) -> str:
    rows = clocks_on(events(text, USUAL), day(on))
    return str(rows.loc[rows["clock"] == clock, "explanation"].iloc[0])


@pytest.mark.parametrize(
    ("text", "on", "clock", "expected"),
    [
        (
            "X A 2025-11-03",
            "2025-11-14",
            "board_must_meet",
            "Permanently excluded on 3 November 2025. The governing board must meet by 24 November 2025. When "
            "the board was told is not recorded, so school days were counted from the head's decision. 6 school days "
            "are left.",
        ),
        (
            "S A 2025-09-08/2025-09-26 30; S A 2025-10-06/2025-10-06 1",
            "2025-11-05",
            "board_must_meet",
            "Suspended from 6 October 2025 for 0.5 days, which made 15.5 days in the autumn term 2025/26: past 15. The "
            "governing board must meet by 3 November 2025. When the board was told is not recorded, so school days "
            "were counted from the first day of the suspension. That was 2 school days ago.",
        ),
        (
            "S A 2025-09-08/2025-09-26 30; S B 2025-11-03/2025-11-05 6 cancelled=2025-11-04",
            "2025-11-14",
            "days_in_year",
            "Suspended for 16 days in 2025/26, at 2 schools; 1 day of these before a suspension was cancelled. 29 days "
            "of 45 are left.",
        ),
        (
            "S A 2025-10-06/2025-10-13 11",
            "2025-10-14",
            "days_in_term",
            "Suspended for 5.5 days in the autumn term 2025/26, past 5: parents can have the governing board meet. 9.5 "
            "days of 15 are left.",
        ),
        (
            "R 2025-10-13 place=2025-11-14",
            "2025-11-18",
            "fair_access",
            "On 13 October 2025 it was agreed that the Fair Access Panel considers this child. A school place must be "
            "allocated by 17 November 2025. It was allocated on 14 November 2025.",
        ),
    ],
)
def test_each_is_explained_in_sentences(text: str, on: str, clock: str, expected: str) -> None:
    assert explanation(text, on, clock) == expected


def test_without_term_dates_it_says_that_weekdays_were_counted() -> None:
    rows = clocks_on(events("R 2025-10-13", term_dates("none")), day("2025-10-20"))
    assert "Term dates do not reach that far, so weekdays were counted, holidays or not." in rows["explanation"].iloc[0]


def test_nothing_happened_is_an_empty_table_of_the_same_columns() -> None:
    some, none = (clocks_on(events(text, USUAL), day("2025-11-20")) for text in ("X A 2025-11-03", ""))
    assert none.empty
    assert list(none.dtypes) == list(some.dtypes)


def test_how_a_clock_counts_is_said_by_how_it_counts() -> None:
    said = {clock.id: clock.counts for clock in CLOCKS}
    assert said["fair_access"] == "School days of the local authority, that day not counted"
    assert said["day_6_suspension"] == "School days of the school, the first day counted"
    assert said["days_in_year"].startswith("Days of all suspensions at all schools")
    for clock in CLOCKS:
        assert all(
            part in clock.explained for part in (clock.name, clock.plain, clock.starts, clock.warns, clock.source)
        )


def test_what_was_due_long_ago_is_missing_in_the_records_and_needs_nobody_now() -> None:
    found = clocks_on(events("X A 2025-11-03; X A 2025-01-20", USUAL), day("2025-12-01"))
    urgent = needing_attention(found, day("2025-12-01"))
    assert set(urgent["started"]) == {pd.Timestamp("2025-11-03")}
    assert set(urgent["state"]) == {"late"}


# What always holds

DAYS = st.dates(date(2025, 9, 2), date(2026, 7, 21))
SCHOOL = st.sampled_from(sorted(SCHOOLS))


@st.composite
def suspensions(draw: st.DrawFn, more: tuple[str, ...] = ("",)) -> str:
    first = draw(DAYS)
    last = first + timedelta(days=draw(st.integers(0, 20)))
    return f"S {draw(SCHOOL)} {first}/{last} {draw(st.integers(1, 24))} {draw(st.sampled_from(more))}"


EXCLUSIONS = st.builds(lambda school, first: f"X {school} {first}", SCHOOL, DAYS)
REFERRALS = st.builds(lambda first: f"R {first}", DAYS)
HAPPENED = st.lists(st.one_of(suspensions(), EXCLUSIONS, REFERRALS), min_size=1, max_size=5).map("; ".join)
IDENTITY = ["clock", "urn", "started"]
FEWER = settings(max_examples=30)
"""Each of these makes a table, or two."""


def is_open(when: date, area: int) -> bool:
    rows = USUAL[USUAL["applies_to"] == area]
    within = rows[(rows["first_day"] <= pd.Timestamp(when)) & (rows["last_day"] >= pd.Timestamp(when))]
    closed = any(first <= when <= last for each in within["closures"] for first, last in closure_days(each))
    return len(within) > 0 and when.weekday() < 5 and not closed


@FEWER
@given(HAPPENED, DAYS)
def test_nothing_is_due_on_a_day_when_the_school_is_closed(text: str, on: date) -> None:
    rows = clocks_on(events(text, USUAL), on)
    by_dates = rows[~rows["explanation"].str.contains("weekdays were counted") & rows["due"].notna()]
    for row in by_dates.itertuples():
        area = SCHOOLS["B"] if row.urn == SCHOOLS["B"] and row.clock != "fair_access" else LA
        if row.clock in ("days_in_year", "days_in_term"):  # at whichever school the pupil then was
            assert is_open(row.due.date(), LA) or is_open(row.due.date(), SCHOOLS["B"])
        else:
            assert is_open(row.due.date(), area)


def closed(dates: pd.DataFrame, when: date) -> pd.DataFrame:
    """The term dates with one closure more."""
    return dates.assign(
        closures=dates["closures"].where(dates["first_day"] > pd.Timestamp(when), lambda old: old + f"; {when}")
    )


DEADLINES = [clock.id for clock in CLOCKS if clock.id not in ("days_in_year", "days_in_term", "day_6_suspension")]


@FEWER
@given(HAPPENED, DAYS, DAYS)
def test_a_closure_more_never_makes_anything_due_earlier(text: str, on: date, when: date) -> None:
    before, after = (clocks_on(events(text, dates), on) for dates in (USUAL, closed(USUAL, when)))
    # Nor does it make or unmake a clock, but those of suspensions whose days it moves into another term.
    both = before.merge(after, on=IDENTITY, suffixes=("", "_after"))
    both = both[both["clock"].isin(DEADLINES) & ~both["explanation_after"].str.contains("weekdays were counted")]
    assert (both["due_after"] >= both["due"]).all()


@FEWER
@given(HAPPENED, suspensions(), DAYS)
def test_a_suspension_cancelled_before_it_began_changes_nothing(text: str, other: str, on: date) -> None:
    first = other.split()[2].split("/")[0]
    alone, beside = (clocks_on(events(each, USUAL), on) for each in (text, f"{text}; {other} cancelled={first}"))
    # Only which school's it is may differ where two began on one day: so nothing does.
    pd.testing.assert_frame_equal(alone, beside)


@FEWER
@given(HAPPENED, suspensions(), st.integers(1, 20), DAYS)
def test_one_cancelled_later_counts_to_the_year_alone(text: str, other: str, later: int, on: date) -> None:
    cancelled = day(other.split()[2].split("/")[0]) + timedelta(days=later)
    alone = clocks_on(events(text, USUAL), max(on, cancelled))
    beside = clocks_on(events(f"{text}; {other} cancelled={cancelled}", USUAL), max(on, cancelled))
    kept, kept_beside = (rows[rows["clock"] != "days_in_year"].reset_index(drop=True) for rows in (alone, beside))
    pd.testing.assert_frame_equal(kept, kept_beside)
    left, left_beside = (
        rows.loc[rows["clock"] == "days_in_year", "school_days_left"].min() for rows in (alone, beside)
    )
    assert pd.isna(left) or left_beside <= left


@FEWER
@given(HAPPENED, DAYS)
def test_what_comes_later_is_not_known_and_a_day_later_less_is_left(text: str, on: date) -> None:
    tomorrow = on + timedelta(days=1)
    now, then = clocks_on(events(text, USUAL), on), clocks_on(events(text, USUAL), tomorrow)
    assert (now["started"] <= pd.Timestamp(on + timedelta(days=20))).all()  # days of a suspension may be to come
    both = now.merge(then, on=IDENTITY, suffixes=("", "_then"))
    both = both[both["clock"].isin(DEADLINES)]
    gone = both["school_days_left"] - both["school_days_left_then"]
    assert gone.between(0, 1).all()
    assert (both["due"] == both["due_then"]).all()


@FEWER
@given(st.lists(suspensions(("", "pm", "lunch")), min_size=1, max_size=5), st.randoms(use_true_random=False))
def test_the_order_of_rows_is_nothing_and_pupils_are_apart(said: list[str], random: object) -> None:
    on = date(2026, 7, 21)
    turned = said[:]
    random.shuffle(turned)  # type: ignore[attr-defined]
    one, other = (clocks_on(events("; ".join(each), USUAL), on) for each in (said, turned))
    columns = ["clock", "started", "due", "school_days_left", "state"]
    in_year = [rows[rows["clock"] == "days_in_year"][columns].reset_index(drop=True) for rows in (one, other)]
    pd.testing.assert_frame_equal(*in_year)
    alone = events("; ".join(said), USUAL)
    second = alone.suspensions.assign(pupil=2)
    twice = Events(
        pd.concat([alone.suspensions, second]), alone.exclusions, alone.placements, alone.referrals, alone.term_dates
    )
    both = clocks_on(twice, on)
    pd.testing.assert_frame_equal(both[both["pupil"] == 1].reset_index(drop=True), one)
    assert (both["pupil"] == 2).sum() == len(one)


@given(DAYS, st.integers(1, 60), SCHOOL)
def test_counting_from_a_day_and_after_it_agree(when: date, number: int, school: str) -> None:
    calendar = SchoolDays.of(USUAL)
    urn = SCHOOLS[school]
    after, counting = calendar.after(when, number, urn), calendar.counting(when + timedelta(days=1), number, urn)
    if after.by_term_dates:
        assert counting == after
        assert calendar.between(when, after.day, urn) == number
        assert calendar.between(after.day, when, urn) == -number
