"""Outreach and managed moves, worked out by hand: who is in which group, what followed, what held, what is refused."""

from datetime import date
from typing import Any

import numpy as np
import pandas as pd
import pytest
from worlds import LA, World

from access.scope import Scope
from analysis.moves_and_outreach.case_mix import described, kinds
from analysis.moves_and_outreach.comparison import Outcome, difference
from analysis.moves_and_outreach.follow_up import Known, followed
from analysis.moves_and_outreach.held import mm_success
from analysis.moves_and_outreach.queries import moves_and_outreach
from analysis.moves_and_outreach.starts import Group, starts
from analysis.moves_and_outreach.views import Picture
from data_model.school_days import SchoolDays

HOME, OTHER, ELSEWHERE = 900021, 900022, 123456
UNTIL = pd.Timestamp("2026-07-10")
BY_WEEKDAYS = SchoolDays({})


def _frame(rows: list[dict[str, Any]], *columns: str) -> pd.DataFrame:
    frame = pd.DataFrame(rows, columns=list(columns))
    days = [name for name in columns if name.endswith("_date") or name in ("day", "week_start", "start", "end")]
    return frame.assign(**{name: pd.to_datetime(frame[name]).astype("datetime64[s]") for name in days})


def _cases(*rows: dict[str, Any]) -> pd.DataFrame:
    given = [{"urn": HOME, "case_type": "pupil"} | row for row in rows]
    return _frame(given, "pupil", "urn", "case_type", "start_date", "end_date")


def _moves(*rows: dict[str, Any]) -> pd.DataFrame:
    given = [{"urn": HOME, "to_urn": OTHER, "pupil": place} | row for place, row in enumerate(rows)]
    return _frame(given, "pupil", "urn", "to_urn", "start_date", "end_date", "outcome")


def _directions(*rows: dict[str, Any]) -> pd.DataFrame:
    return _frame([{"urn": HOME} | row for row in rows], "pupil", "urn", "start_date", "end_date")


def _groups(cases: pd.DataFrame, moves: pd.DataFrame, directions: pd.DataFrame) -> set[tuple[int, str]]:
    found = starts(cases, moves, directions, UNTIL, pd.Series([HOME, OTHER])).rows
    return set(zip(found["pupil"], found["group"], strict=True))


def test_what_began_first_counts_and_what_follows_closely_is_in_no_group() -> None:
    cases = _cases(
        {"pupil": 1, "start_date": "2025-01-06"},
        {"pupil": 1, "start_date": "2025-11-03"},  # again: a pupil counts once
        {"pupil": 2, "start_date": "2025-01-06", "case_type": "transition_y6_7"},  # no outreach of this kind
        {"pupil": 3, "start_date": "2026-07-13"},  # after the last day known
        {"pupil": 4, "start_date": "2025-01-06"},
    )
    moves = _moves(
        {"pupil": 1, "start_date": "2025-03-03"},  # eight weeks after outreach: either may have done it
        {"pupil": 4, "start_date": "2025-11-03"},  # long after
        {"pupil": 5, "start_date": "2025-03-03", "to_urn": ELSEWHERE},
        {"pupil": 6, "start_date": "2025-03-03", "outcome": "withdrawn"},  # never began
    )
    directions = _directions({"pupil": 7, "start_date": "2025-03-03"})
    expected = {(1, "outreach"), (4, "outreach"), (4, "moved"), (7, "directed")}
    assert _groups(cases, moves, directions) == expected
    found = starts(cases, moves, directions, UNTIL, pd.Series([HOME, OTHER]))
    assert (found.after_another, found.left_the_area) == (1, 1)


def _known(**frames: pd.DataFrame) -> Known:
    nothing = {
        "suspensions": _frame([], "pupil", "day"),
        "exclusions": _frame([], "pupil", "day"),
        "away": _frame([], "pupil", "start", "end"),
        "sessions": _frame([], "pupil", "week_start", "expected", "present"),
        "pupils": _frame([], "pupil", "sex", "sen", "year_group").assign(valid_from=pd.Series(dtype="datetime64[s]")),
    }
    given = {name: frame.astype({"pupil": "int64"}) for name, frame in (nothing | frames).items()}
    return Known(**given, phases=pd.Series({HOME: "secondary"}), school_days=BY_WEEKDAYS, until=UNTIL)


def test_what_followed_is_counted_in_school_weeks_from_the_day_after_the_start() -> None:
    began = starts(_cases({"pupil": 1, "start_date": "2026-01-05"}), _moves(), _directions(), UNTIL, pd.Series([HOME]))
    suspensions = _frame(
        [
            {"pupil": 1, "day": "2024-12-01"},  # more than a year before
            {"pupil": 1, "day": "2025-03-03"},
            {"pupil": 1, "day": "2025-12-08"},  # lately
            {"pupil": 1, "day": "2026-01-05"},  # the day of the start is before
            {"pupil": 1, "day": "2026-02-16"},  # 30 school days on
        ],
        *("pupil", "day"),
    )
    # Away on the 30th school day (16 February) and back by the 60th (30 March).
    away = _frame([{"pupil": 1, "start": "2026-02-02", "end": "2026-02-27"}], "pupil", "start", "end")
    weeks = pd.date_range("2025-11-24", "2026-03-30", freq="7D")
    present = [8] * 6 + [9] * (len(weeks) - 6)
    sessions = pd.DataFrame(
        {"pupil": 1, "week_start": weeks.astype("datetime64[s]"), "expected": 10, "present": present}
    )
    row = followed(began.rows, _known(suspensions=suspensions, away=away, sessions=sessions)).iloc[0]
    assert (row["suspended_before"], row["suspended_lately"]) == (3, 2)
    assert row["suspended_after"] == 6.0
    assert (row["mainstream_6"], row["mainstream_12"], row["mainstream_24"]) == (0.0, 1.0, 1.0)
    assert row["attendance_before"] == pytest.approx(80)
    assert row["attendance_change"] == pytest.approx(10)


def test_what_is_not_due_is_not_known() -> None:
    began = starts(_cases({"pupil": 1, "start_date": "2026-05-11"}), _moves(), _directions(), UNTIL, pd.Series([HOME]))
    row = followed(began.rows, _known()).iloc[0]
    assert row["seen"] == pytest.approx(44 / 5)  # school days from Tuesday 12 May to Friday 10 July
    assert row["mainstream_6"] == 1.0
    assert np.isnan(row["mainstream_12"])


def test_moves_that_held_are_counted_among_those_due() -> None:
    # Twelve school weeks after Monday 5 January is Monday 30 March.
    day = "2026-01-05"
    stayed = [{"start_date": day, "outcome": "sustained"}] * 5
    broke = [
        {"start_date": day, "end_date": "2026-03-27", "outcome": "returned"},  # the school day before
        {"start_date": day, "outcome": "pex"},  # without an end: nobody knows that the child stayed
        {"start_date": day, "end_date": "2026-02-02", "outcome": "withdrawn"},  # it had begun
    ]
    later = [
        {"start_date": day, "end_date": "2026-03-30", "outcome": "returned"},  # still there on that day
        {"start_date": day, "end_date": "2026-06-01", "outcome": "returned"},
        {"start_date": "2026-06-01", "outcome": "ongoing"},  # not due
        {"start_date": day, "outcome": "withdrawn"},  # never began
    ]
    found = mm_success(_moves(*stayed, *broke, *later), BY_WEEKDAYS, UNTIL)
    assert (found.count, found.out_of, found.not_due) == (7, 10, 1)
    assert found.share == pytest.approx(0.7)
    assert (round(found.low, 3), round(found.high, 3)) == (0.397, 0.892)  # Wilson, 7 of 10
    few = mm_success(_moves(*stayed), BY_WEEKDAYS, UNTIL)
    assert (few.count, few.out_of) == (5, 5)
    assert np.isnan(few.share)


def _rows(group: Group, number: int, **cells: Any) -> pd.DataFrame:
    given: dict[str, Any] = {
        "group": str(group),
        "phase": "secondary",
        "year_group": "9",
        "sex": "M",
        "sen": "N",
        "suspended_before": 2,
        "suspended_lately": 1,
        "attendance_before": 90.0,
        "seen": 30.0,
        "suspended_after": np.where(np.arange(number) % 2, 3.0, np.nan),
        "mainstream_12": 1.0,
        "attendance_change": np.linspace(-5, 5, number),
    }
    return pd.DataFrame(given | cells, index=range(number)).assign(pupil=range(number))


def _together(*parts: pd.DataFrame) -> pd.DataFrame:
    return pd.concat(parts, ignore_index=True)


def test_pupils_alike_are_compared_and_a_plain_difference_is_the_difference_of_shares() -> None:
    moved = _rows(Group.MOVED, 20, suspended_after=[3.0] * 5 + [np.nan] * 15)
    rows = _together(_rows(Group.OUTREACH, 40), moved)
    found = difference(rows, Outcome.NOT_SUSPENDED)
    assert not found.refused
    assert (found.moved, found.outreach) == (20, 40)
    assert found.points == pytest.approx(75 - 50)
    assert found.low < 0 < found.high
    assert not found.is_clear


def test_directions_are_in_no_comparison() -> None:
    rows = _together(_rows(Group.OUTREACH, 40), _rows(Group.MOVED, 20), _rows(Group.DIRECTED, 40, suspended_after=1.0))
    without = _together(_rows(Group.OUTREACH, 40), _rows(Group.MOVED, 20))
    assert difference(rows, Outcome.NOT_SUSPENDED) == difference(without, Outcome.NOT_SUSPENDED)


@pytest.mark.parametrize(
    ("moved", "outcome", "why"),
    [
        (_rows(Group.MOVED, 14), Outcome.NOT_SUSPENDED, "known of 14 pupils who moved, and a comparison takes 15"),
        (_rows(Group.MOVED, 4), Outcome.NOT_SUSPENDED, "known of fewer than 5 pupils who moved"),
        (_rows(Group.MOVED, 20, seen=11.0), Outcome.NOT_SUSPENDED, "known of 0 pupils who moved"),
        (_rows(Group.MOVED, 20, phase="primary"), Outcome.NOT_SUSPENDED, "The groups were different from the start"),
        (_rows(Group.MOVED, 20, suspended_before=9), Outcome.NOT_SUSPENDED, "are like enough pupils with outreach"),
        (_rows(Group.MOVED, 20, suspended_lately=0), Outcome.NOT_SUSPENDED, "are like enough pupils with outreach"),
        (_rows(Group.MOVED, 20, attendance_before=np.nan), Outcome.NOT_SUSPENDED, "known of too few pupils who moved"),
        (_rows(Group.MOVED, 20, sen=None), Outcome.NOT_SUSPENDED, "special educational needs is known of too few"),
        (_rows(Group.MOVED, 20), Outcome.IN_MAINSTREAM, "alike for nearly all pupils of one group"),
        (_rows(Group.MOVED, 20, attendance_change=np.nan), Outcome.ATTENDANCE, "attendance in the 6 school weeks"),
    ],
    ids=["few", "very few", "not due", "phase", "band", "lately", "attendance", "needs", "one-sided", "change"],
)
def test_a_comparison_that_cannot_be_made_is_refused_in_words(moved: pd.DataFrame, outcome: Outcome, why: str) -> None:
    found = difference(_together(_rows(Group.OUTREACH, 60), moved), outcome)
    assert found.refused.startswith("Not comparable: ")
    assert why in found.refused
    assert np.isnan(found.points)


def test_a_kind_with_one_pupil_of_a_group_is_not_compared() -> None:
    rows = _together(_rows(Group.OUTREACH, 3), _rows(Group.MOVED, 2), _rows(Group.MOVED, 1, phase="primary"))
    found = kinds(described(rows)).set_index("phase")
    assert bool(found.loc["Secondary", "comparable"])
    assert not bool(found.loc["Primary", "comparable"])


def _small_world(world: World) -> None:
    world.school(HOME, "secondary")
    world.school(OTHER, "secondary")
    for place in range(30):
        world.case(HOME, "2025-09-08", pupil_ref=f"P{place}", case_type="pupil")
        world.suspension(HOME, f"P{place}", "2025-09-03")
    for place in range(3):
        world.save(
            "managed_moves",
            move_id=f"M{place}",
            pupil_ref=f"Q{place}",
            from_urn=HOME,
            to_urn=OTHER,
            start_date=date(2025, 9, 8),
            parent_agreed="Y",
        )
    world.suspension(HOME, "P1", "2026-03-02")


def _picture(world: World, *, full: bool) -> Picture:
    found = moves_and_outreach(world.connection, Scope(frozenset({LA}), full_figures=full), LA)
    assert found is not None
    return found


def test_small_numbers_are_hidden_and_full_figures_are_not(world: World) -> None:
    _small_world(world)
    full, protected = _picture(world, full=True), _picture(world, full=False)
    assert dict(full.headings)["moved"] == "Managed move (3 pupils)"
    assert dict(protected.headings)["moved"] == "Managed move (fewer than 5 pupils)"
    assert "3 of the 3 managed moves" in full.held
    assert "hidden" in protected.held
    assert len(full.kinds)
    assert protected.kinds.empty
    cells = (
        protected.outcomes.astype(str).to_numpy().ravel().tolist()
        + protected.case_mix.astype(str).to_numpy().ravel().tolist()
    )
    assert not [cell for cell in cells if str(cell).startswith(("1 of ", "2 of ", "3 of ", "29 of 30"))]


def test_a_part_of_an_authority_is_refused(world: World) -> None:
    _small_world(world)
    assert moves_and_outreach(world.connection, Scope(districts=frozenset({(LA, "North")})), LA) is None


def test_without_suspensions_nothing_is_said_of_what_followed(world: World) -> None:
    world.school(HOME, "secondary")
    assert "no suspensions are loaded" in _picture(world, full=True).nothing
