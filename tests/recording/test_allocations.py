"""Hours that are shared out: what was proposed and decided, which decision counts, and who reads what of it."""

from datetime import date, timedelta

import pytest
from panel_world import (
    LEADER,
    MANAGER,
    NORTH,
    NORTHERNER,
    OTHERS,
    OURS,
    SOUTH,
    STRANGER,
    THEIRS,
    TODAY,
    WHY,
    decide,
    everything,
)
from sqlalchemy import Engine

from access.people import Person
from data_model.store import reading
from recording.allocations import Decision, decisions_of, withdraw_allocation
from recording.checking import NotRecorded, SeemsToName

pytestmark = pytest.mark.both_databases


def decisions(engine: Engine, by: Person = MANAGER, la_code: int = OURS) -> tuple[Decision, ...]:
    with reading(engine) as connection:
        return decisions_of(connection, by.scope, la_code)


def test_a_decision_is_read_as_it_was_recorded(engine: Engine) -> None:
    number = decide(engine, note="The panel kept ten hours back.")
    (kept,) = decisions(engine)
    assert (kept.decision_id, kept.period, kept.hours) == (number, "202526-AUT", 100)
    assert kept.decided_on == date(2025, 11, 20)
    assert (kept.assumptions, kept.note) == ({"floor_primary": 0.2}, "The panel kept ten hours back.")
    assert (kept.decided_by, kept.out_of_reach, kept.counts, kept.withdrawn) == (MANAGER.name, 0, True, None)
    assert kept.rows.to_dict("list") == {
        "urn": [NORTH, SOUTH],
        "hours_proposed": [30, 70],
        "hours_decided": [20.5, 60],
    }


def test_the_newest_that_holds_counts_for_its_period(engine: Engine) -> None:
    first = decide(engine)
    other = decide(engine, period="202526-SPR")
    second = decide(engine, decided_on=date(2025, 11, 25))
    assert {each.decision_id: each.counts for each in decisions(engine)} == {second: True, other: True, first: False}
    withdraw_allocation(engine, MANAGER, decision_id=second, **WHY)
    assert {each.decision_id: each.counts for each in decisions(engine)} == {second: False, other: True, first: True}
    (withdrawn,) = (each.withdrawn for each in decisions(engine) if each.decision_id == second)
    assert withdrawn and withdrawn.why == WHY["why"]


def test_a_leader_reads_what_was_decided_and_nothing_that_tells_of_hidden_counts(engine: Engine) -> None:
    decide(engine, note="Ten hours are kept back.")
    (kept,) = decisions(engine, LEADER)
    assert list(kept.rows["hours_decided"]) == [20.5, 60]
    assert kept.rows["hours_proposed"].isna().all()
    assert (kept.assumptions, kept.note, kept.decided_by) == (None, None, None)


def test_a_decision_is_read_as_far_as_its_schools_are_reached(engine: Engine) -> None:
    number = decide(engine)
    (kept,) = decisions(engine, NORTHERNER)
    assert (list(kept.rows["urn"]), kept.out_of_reach) == ([NORTH], 1)
    assert decisions(engine, STRANGER) == decisions(engine, STRANGER, OTHERS) == ()
    with pytest.raises(NotRecorded, match="1 school is not among those"):
        withdraw_allocation(engine, NORTHERNER, decision_id=number, **WHY)


def row(urn: int = NORTH, proposed: object = 1, decided: object = 1) -> dict[str, object]:
    return {"urn": urn, "hours_proposed": proposed, "hours_decided": decided}


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        ({"hours": 80}, "come to 80.5, and there are 80.0"),
        ({"hours": 0}, "Hours in all must be more than 0"),
        ({"hours": float("nan")}, "Hours in all must be a number"),
        ({"rows": []}, "Schools is missing"),
        ({"rows": [row(), row(proposed=-1)]}, "Row 2: Hours proposed must be at least 0"),
        ({"rows": [row(decided="lots")]}, "Row 1: Hours decided must be a number"),
        ({"rows": [{"urn": NORTH, "hours_proposed": 1}]}, "Row 1: Hours decided is missing"),
        ({"rows": [row(), row()]}, "A school is there twice"),
        ({"rows": [row(THEIRS)]}, "not among those that you reach"),
        ({"assumptions": {}}, "Assumptions is missing"),
        ({"note": "n" * 2_001}, "Note has more than 2,000 characters"),
        ({"decided_on": TODAY + timedelta(days=1)}, "Decided on is after today"),
    ],
    ids=lambda part: ascii(part)[:40],
)
def test_what_is_wrong_with_a_decision_is_said_and_nothing_is_written(
    engine: Engine, given: dict[str, object], sentence: str
) -> None:
    before = everything(engine)
    with pytest.raises(NotRecorded, match=sentence):
        decide(engine, **given)
    assert everything(engine) == before


def test_a_name_in_the_note_is_asked_about(engine: Engine) -> None:
    with pytest.raises(SeemsToName, match="Note"):
        decide(engine, note="Less for Thomas")
    decide(engine, note="Less for Thomas", names_nobody=True)
