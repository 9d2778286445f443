"""The list of children without support: who is on it, what stands beside each, and what is new since a decision."""

from datetime import UTC, date, datetime
from typing import Any

import pandas as pd
import pytest
from sqlalchemy import Engine
from worlds import World

from access.roles import Role
from access.scope import Grant, OutOfScope, Scope
from analysis.casework import sentences, views
from analysis.casework.queries import Children, children
from analysis.casework.views import Chosen, Standing
from analysis.casework.without_support import Fact
from data_model.store import reading, writing
from data_model.thresholds import USUAL, Thresholds

LA, NORTH, SOUTH, ELSEWHERE = 999, 900001, 900002, 900331
ON, TODAY = date(2025, 12, 1), date(2025, 12, 8)
MANAGER = Scope.of(Role.MANAGER, frozenset({Grant(LA)}))


@pytest.fixture
def engine(empty_database: Engine) -> Engine:
    """Children of two districts and another authority: suspended, supported, called about, away."""
    with writing(empty_database) as connection:
        world = World(connection)
        world.school(NORTH, la=LA, district="North", school_name="Lanternmere Primary School")
        world.school(SOUTH, la=LA, district="South", phase="secondary", school_name="Quillbrook High School")
        world.school(ELSEWHERE, la=331, district="North")
        for pupil, urn in (("TWICE", NORTH), ("OPEN", SOUTH), ("CLOSED", SOUTH), ("FAR", ELSEWHERE)):
            world.suspension(urn, pupil, "2025-10-06", source="notified")
            world.suspension(urn, pupil, "2025-11-10", source="notified", sessions=10)
        world.suspension(NORTH, "TWICE", "2025-11-11", source="census")
        world.suspension(NORTH, "LUNCH", "2025-11-10", source="notified", category="LUNCH")
        world.suspension(NORTH, "LUNCH", "2025-11-11", source="notified", status="cancelled")
        world.suspension(NORTH, "LUNCH", "2025-11-12", source="notified")
        world.case(SOUTH, "2025-11-17", pupil_ref="OPEN", provider_type="la_team")
        world.case(SOUTH, "2025-01-06", "2025-06-27", pupil_ref="CLOSED", provider_type="la_team")
        world.save(
            "first_response",
            call_id="L1",
            received_date=date(2025, 11, 24),
            kind="pex_considered",
            pupil_ref="CALLED",
            urn=NORTH,
        )
        world.save(
            "outreach_referrals", referral_id="R1", received_date=date(2025, 11, 25), urn=NORTH, pupil_ref="CALLED"
        )
        for week in range(10):
            day = (pd.Timestamp("2025-09-15") + pd.Timedelta(weeks=week)).date()
            sessions = {"possible": 10, "present": 9 if week < 6 else 4, "authorised": 0, "unauthorised": 0}
            sessions["unauthorised"] = 10 - sessions["present"]
            world.save("attendance", pupil_ref="AWAY", urn=SOUTH, week_start=day, **sessions)
    return empty_database


def found(engine: Engine, scope: Scope = MANAGER) -> Children:
    with reading(engine) as connection:
        return children(connection, scope, LA)


def rows(engine: Engine, scope: Scope = MANAGER, thresholds: Thresholds = USUAL) -> dict[str, dict[str, Any]]:
    listed = views.listing(found(engine, scope), ON, thresholds)
    return {row["pupil_ref"]: row for row in listed.to_dict("records")}


def test_who_is_listed_and_who_is_not(engine: Engine) -> None:
    """Neither a child with an open case, nor one of another authority, nor lunchtimes and cancelled suspensions."""
    assert list(rows(engine)) == ["CALLED", "TWICE", "CLOSED", "AWAY"]


def test_facts_stand_side_by_side_with_their_counts(engine: Engine) -> None:
    listed = rows(engine)
    closed = listed["CLOSED"]
    assert (closed["suspensions"], closed["days_lost"]) == (2, 6)
    assert (closed["school_name"], closed["phase_name"]) == ("Quillbrook High School", "Secondary")
    assert (closed["last_case"], closed["considered_words"]) == ("27 June 2025", "no")
    assert listed["TWICE"]["suspensions"] == 2, "the census's copy is not counted again"
    assert listed["CALLED"]["considered_words"] == "24 November 2025"
    assert listed["CALLED"]["beside"] == "referral waiting since 25 November 2025"
    assert listed["AWAY"]["attendance_words"] == "16 of 40 half days (40%), before: 54 of 60 half days (90%)"
    assert not any("score" in name for name in closed)


def test_a_district_and_a_service_see_what_they_reach(engine: Engine) -> None:
    north = Scope.of(Role.MANAGER, frozenset({Grant(LA, district="North")}))
    assert list(rows(engine, north)) == ["CALLED", "TWICE"]
    assert not found(engine, north).whole
    team = Scope.of(Role.MANAGER, frozenset({Grant(LA, service="la_team")}))
    assert list(rows(engine, team)) == ["CLOSED"]
    assert not found(engine, team).whole
    assert found(engine).whole
    assert list(rows(engine, Scope.of(Role.MANAGER, frozenset()))) == []


@pytest.mark.parametrize("role", [Role.LEADER, Role.PANEL, Role.ADMIN])
def test_without_rows_about_pupils_nothing_is_read(engine: Engine, role: Role) -> None:
    with pytest.raises(OutOfScope, match="single pupils"):
        found(engine, Scope.of(role, frozenset({Grant(LA, panel="primary")})))


def test_thresholds_change_the_list(engine: Engine) -> None:
    stricter = Thresholds(**{**USUAL.model_dump(), "some_suspensions": 3, "many_suspensions": 3})
    assert list(rows(engine, thresholds=stricter)) == ["CALLED", "AWAY"]
    every = found(engine)
    now, then = views.how_many(every, ON, USUAL), views.how_many(every, ON, stricter)
    assert sentences.change(now, then) == "2 children would be listed instead of 4."
    assert sentences.change(4, 4) == "4 children would be listed, as now."


def test_who_avoids_school_is_a_list_of_its_own(engine: Engine) -> None:
    (row,) = views.avoiding(found(engine), ON, USUAL).to_dict("records")
    assert (row["pupil_ref"], row["absent"], row["weeks_in_part"]) == ("AWAY", 24, 4)
    assert (row["attendance_words"], row["support"]) == ("16 of 40 half days (40%)", "no outreach case")


def decision(pupil: str = "CLOSED", **changes: Any) -> dict[str, Any]:
    usual = {"support_id": 1, "pupil_ref": pupil, "urn": SOUTH, "decision": "not_now", "reason": "Because."}
    usual |= {"look_again": date(2026, 1, 12), "facts": ("some_suspensions",), "suspensions": 2}
    usual |= {"last_happened": date(2025, 11, 10), "decided_at": datetime(2025, 11, 20, 9, tzinfo=UTC)}
    return usual | {"withdrawn_at": None} | changes


def stands(engine: Engine, *decisions: dict[str, Any], pupil: str = "CLOSED", today: date = TODAY) -> dict[str, Any]:
    columns = list(decision())
    with_them = views.with_decisions(
        views.listing(found(engine), ON, USUAL), pd.DataFrame(decisions, columns=columns), today
    )
    (row,) = with_them[with_them["pupil_ref"].eq(pupil)].to_dict("records")
    return row


def test_a_child_waits_until_somebody_decides(engine: Engine) -> None:
    row = stands(engine)
    assert (row["standing"], row["to_decide"], row["decision_words"]) == (Standing.UNDECIDED, True, "No decision yet")
    row = stands(engine, decision())
    assert (row["standing"], row["to_decide"]) == (Standing.DECIDED, False)
    assert row["decision_words"] == "Not now, 20 November 2025; look again on 12 January 2026"


def test_a_decision_holds_until_its_day(engine: Engine) -> None:
    assert stands(engine, decision(look_again=date(2025, 12, 9)))["standing"] == Standing.DECIDED
    row = stands(engine, decision(look_again=TODAY))
    assert (row["standing"], row["to_decide"]) == (Standing.LOOK_AGAIN, True)
    assert row["decision_words"] == "Time to look again. Before: Not now, 20 November 2025"


@pytest.mark.parametrize(
    ("pupil", "known", "words"),
    [
        ("CLOSED", {"suspensions": 1}, "1 more suspension"),
        (
            "CLOSED",
            {"suspensions": 1, "last_happened": date(2025, 10, 6)},
            "1 more suspension, the last on 10 November 2025",
        ),
        ("CALLED", {"suspensions": 0}, "a permanent exclusion was being considered on 24 November 2025"),
        ("CALLED", {"suspensions": 0, "last_happened": None}, "a permanent exclusion was being considered on 24"),
        ("AWAY", {"suspensions": 0, "last_happened": None}, "attendance fell"),
    ],
)
def test_what_is_new_since_is_said_and_asks_again(
    engine: Engine, pupil: str, known: dict[str, Any], words: str
) -> None:
    row = stands(engine, decision(pupil, **known), pupil=pupil)
    assert row["decision_words"].startswith(f"New since the decision: {words}")
    assert (row["standing"], row["to_decide"]) == (Standing.NEW, True)


def test_a_withdrawn_decision_leaves_the_one_before(engine: Engine) -> None:
    newest = decision(support_id=2, decision="offer_outreach", withdrawn_at=datetime(2025, 11, 21, tzinfo=UTC))
    assert stands(engine, newest, decision())["decision_words"].startswith("Not now")
    assert stands(engine, newest)["standing"] == Standing.UNDECIDED


def test_a_choice_keeps_the_order(engine: Engine) -> None:
    listed = views.with_decisions(
        views.listing(found(engine), ON, USUAL), pd.DataFrame([decision()], columns=list(decision())), TODAY
    )

    def chosen(**choice: Any) -> list[str]:
        return list(views.of_choice(listed, Chosen(**choice))["pupil_ref"])

    assert chosen() == ["CALLED", "TWICE", "CLOSED", "AWAY"]
    assert chosen(fact=Fact.CONSIDERED) == ["CALLED"]
    assert chosen(school="Quillbrook High School") == ["CLOSED", "AWAY"]
    assert chosen(standing=Standing.DECIDED) == ["CLOSED"]
    assert chosen(standing=Standing.UNDECIDED, school="Quillbrook High School") == ["AWAY"]


def test_decisions_about_children_of_whom_no_row_is_left_are_counted(engine: Engine) -> None:
    both = pd.DataFrame([decision(), decision("GONE")], columns=list(decision()))
    left = views.gone(both, found(engine).references)
    assert left == 1
    (note,) = [each for each in sentences.notes(USUAL, whole=True, gone=left) if "no row is left" in each]
    assert "about 1 child " in note
