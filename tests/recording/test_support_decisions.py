"""Decisions about children without support: as they were recorded, for whom they are reached, refused in words."""

from datetime import date, timedelta

import pandas as pd
import pytest
from panel_world import (
    CHILD,
    LEADER,
    MANAGER,
    NORTH,
    NORTHERNER,
    OTHER_CHILD,
    OTHERS,
    OURS,
    PANEL,
    SOUTH,
    STRANGER,
    THEIRS,
    TODAY,
    WHY,
    decide_support,
    everything,
    person,
)
from sqlalchemy import Engine

from access import audit
from access.audit import subject_of_pupil
from access.people import Person
from access.roles import Role
from access.scope import Grant, OutOfScope
from data_model.catalogue import DATASETS
from data_model.store import reading, writing
from data_model.support_decisions import SupportChoice
from recording.checking import NotRecorded, SeemsToName
from recording.support_decisions import support_decisions_of, withdraw_support

pytestmark = pytest.mark.both_databases
TEAM = person(Role.MANAGER, Grant(OURS, service="la_team"))


def decisions(engine: Engine, by: Person = MANAGER, la_code: int = OURS) -> pd.DataFrame:
    with reading(engine) as connection:
        return support_decisions_of(connection, by.scope, la_code)


def test_a_decision_is_read_as_it_was_recorded(engine: Engine) -> None:
    number = decide_support(engine)
    (kept,) = decisions(engine).to_dict("records")
    assert (kept["support_id"], kept["pupil_ref"], kept["urn"]) == (number, CHILD, NORTH)
    assert (kept["decision"], kept["look_again"]) == (SupportChoice.NOT_NOW, date(2026, 1, 12))
    assert (kept["reason"], kept["decided_by"]) == ("The school has a plan of its own.", MANAGER.name)
    assert (kept["facts"], kept["suspensions"]) == (("some_suspensions",), 2)
    assert kept["last_happened"] == date(2025, 10, 6)
    assert pd.isna(kept["withdrawn_at"])


def test_the_newest_comes_first_and_a_withdrawn_one_stays_to_be_read(engine: Engine) -> None:
    first, second = decide_support(engine), decide_support(engine, decision="offer_outreach", reason=None)
    withdraw_support(engine, MANAGER, support_id=second, **WHY)
    found = decisions(engine)
    assert list(found["support_id"]) == [second, first]
    withdrawn = found.iloc[0]
    assert (withdrawn["withdrawn_by"], withdrawn["withdrawn_why"]) == (MANAGER.name, WHY["why"])
    assert pd.isna(found.iloc[1]["withdrawn_at"])


def test_the_trail_says_of_whom_without_naming_them(engine: Engine) -> None:
    withdraw_support(engine, MANAGER, support_id=decide_support(engine), **WHY)
    actions = [event.action for event in audit.events_about(engine, CHILD)]
    assert actions == ["withdrew a decision about a child without support", "decided about a child without support"]
    assert audit.events_about(engine, OTHER_CHILD) == []
    assert CHILD not in repr(audit.events(engine)) and subject_of_pupil(CHILD)


def test_who_reaches_a_part_reads_and_withdraws_its_own_alone(engine: Engine) -> None:
    north = decide_support(engine)
    south = decide_support(engine, pupil_ref=OTHER_CHILD, urn=SOUTH)
    assert list(decisions(engine, NORTHERNER)["support_id"]) == [north]
    assert list(decisions(engine, TEAM)["support_id"]) == [south]
    assert decisions(engine, STRANGER).empty
    assert decisions(engine, STRANGER, OTHERS).empty
    for by, number in ((NORTHERNER, south), (TEAM, north), (STRANGER, north)):
        before = everything(engine)
        with pytest.raises(NotRecorded, match="not among those that you reach"):
            withdraw_support(engine, by, support_id=number, **WHY)
        assert everything(engine) == before


def test_a_service_decides_of_its_own_children_alone(engine: Engine) -> None:
    decide_support(engine, TEAM, pupil_ref=OTHER_CHILD, urn=SOUTH)
    with pytest.raises(NotRecorded, match="child is not among those that you reach"):
        decide_support(engine, TEAM)


@pytest.mark.parametrize("by", [LEADER, PANEL], ids=lambda person: str(person.role))
def test_without_rows_about_pupils_no_decision_is_read(engine: Engine, by: Person) -> None:
    decide_support(engine)
    with reading(engine) as connection, pytest.raises(OutOfScope, match="single pupils"):
        support_decisions_of(connection, by.scope, OURS)


def test_a_child_whose_rows_are_gone_is_read_of_and_withdrawn_but_not_decided_of_again(engine: Engine) -> None:
    number = decide_support(engine)
    with writing(engine) as connection:
        connection.execute(DATASETS["suspensions"].table.delete())
    assert list(decisions(engine)["support_id"]) == [number]
    with pytest.raises(NotRecorded, match="child is not among those"):
        decide_support(engine)
    withdraw_support(engine, MANAGER, support_id=number, **WHY)


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        ({"decision": "maybe"}, "Decision must be one of those"),
        ({"reason": None}, "“Not now” needs a reason"),
        ({"reason": "  "}, "“Not now” needs a reason"),
        ({"look_again": None}, "“Not now” needs a day to look again"),
        ({"look_again": TODAY}, "Look again on must be after today"),
        ({"look_again": TODAY + timedelta(days=400)}, "must not be after 2 December 2026"),
        ({"reason": "See a\u200bb"}, "Reason holds an invisible character"),
        ({"pupil_ref": "P404404"}, "The child is not among those that you reach"),
        ({"pupil_ref": ""}, "Child is missing"),
        ({"urn": THEIRS}, "not among those that you reach"),
    ],
    ids=lambda part: ascii(part)[:40],
)
def test_what_is_wrong_is_said_and_nothing_is_written(engine: Engine, given: dict[str, object], sentence: str) -> None:
    before = everything(engine)
    with pytest.raises(NotRecorded, match=sentence):
        decide_support(engine, **given)
    assert everything(engine) == before


def test_other_decisions_need_neither_reason_nor_day(engine: Engine) -> None:
    for choice in set(SupportChoice) - {SupportChoice.NOT_NOW}:
        decide_support(engine, decision=choice, reason=None, look_again=None)
    assert len(decisions(engine)) == 3


def test_a_name_in_the_reason_is_asked_about(engine: Engine) -> None:
    with pytest.raises(SeemsToName, match="Reason"):
        decide_support(engine, reason="Thomas has a mentor")
    decide_support(engine, reason="Thomas has a mentor", names_nobody=True)
