"""Thresholds: those in force, what was in force before, and who may set them for an authority."""

import pytest
from panel_world import (
    LEADER,
    MANAGER,
    NORTHERNER,
    OTHERS,
    OURS,
    STRANGER,
    WHY,
    everything,
    set_thresholds,
)
from sqlalchemy import Engine

from access.people import Person
from data_model.store import reading
from data_model.thresholds import USUAL, Thresholds
from recording.checking import NotRecorded, SeemsToName
from recording.thresholds import Setting, thresholds_in_force, thresholds_of, withdraw_thresholds

pytestmark = pytest.mark.both_databases


def in_force(engine: Engine, la_code: int = OURS) -> Thresholds:
    with reading(engine) as connection:
        return thresholds_in_force(connection, la_code)


def settings_of(engine: Engine, by: Person = MANAGER, la_code: int = OURS) -> tuple[Setting, ...]:
    with reading(engine) as connection:
        return thresholds_of(connection, by.scope, la_code)


def values(**changes: object) -> dict[str, object]:
    return {**USUAL.model_dump(), **changes}


def test_before_any_are_set_the_usual_ones_are_in_force(engine: Engine) -> None:
    assert in_force(engine) == USUAL
    assert settings_of(engine) == ()


def test_the_newest_that_hold_are_in_force_and_those_before_stay_to_be_read(engine: Engine) -> None:
    first = set_thresholds(engine)
    second = set_thresholds(engine, values=values(days_lost=12, some_suspensions=3), note=None)
    assert in_force(engine) == Thresholds(**values(days_lost=12, some_suspensions=3))
    assert [(each.thresholds_id, each.in_force) for each in settings_of(engine)] == [(second, True), (first, False)]
    withdraw_thresholds(engine, MANAGER, thresholds_id=second, **WHY)
    assert in_force(engine).days_lost == 8.5
    newest, before = settings_of(engine)
    assert newest.withdrawn and newest.withdrawn.why == WHY["why"]
    assert (before.in_force, before.set_by, before.note) == (True, MANAGER.name, "As the schools asked.")
    withdraw_thresholds(engine, MANAGER, thresholds_id=first, **WHY)
    assert in_force(engine) == USUAL


def test_they_are_an_authority_s_own(engine: Engine) -> None:
    set_thresholds(engine)
    set_thresholds(engine, STRANGER, la_code=OTHERS, values=values(days_lost=3))
    assert (in_force(engine).days_lost, in_force(engine, OTHERS).days_lost) == (8.5, 3)
    assert settings_of(engine, STRANGER) == settings_of(engine, MANAGER, OTHERS) == ()


def test_who_reaches_a_part_of_an_authority_does_not_set_them_for_all(engine: Engine) -> None:
    before = everything(engine)
    with pytest.raises(NotRecorded, match="1 school is not among those"):
        set_thresholds(engine, NORTHERNER)
    with pytest.raises(NotRecorded, match="No school of this local authority is among those that you reach"):
        set_thresholds(engine, la_code=825)
    assert everything(engine) == before


def test_a_leader_reads_the_numbers_and_neither_who_nor_why(engine: Engine) -> None:
    set_thresholds(engine)
    (read,) = settings_of(engine, LEADER)
    assert (read.thresholds.days_lost, read.set_by, read.note) == (8.5, None, None)


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        (values(many_suspensions=1), "Many suspensions cannot be fewer than some"),
        (values(days_lost=0), "Days lost must be more than 0"),
        (values(attendance_below=101), "Attendance below, % must be at most 100"),
        (values(transition_plan="02-29"), "Plan agreed by must be a day that every year has"),
        (values(transition_plan="31 May"), "Plan agreed by must be a day that every year has"),
        (values(recent_weeks=0), "Latest school weeks must be at least 1"),
        (values(some_suspensions=1.5), "Suspensions: some must be a whole number"),
        ({"days_lost": 10}, "Suspensions: some is missing"),
    ],
)
def test_what_cannot_be_is_refused_in_a_sentence(engine: Engine, given: dict[str, object], sentence: str) -> None:
    before = everything(engine)
    with pytest.raises(NotRecorded, match=sentence):
        set_thresholds(engine, values=given)
    assert everything(engine) == before


def test_a_note_that_seems_to_name_somebody_is_asked_about(engine: Engine) -> None:
    with pytest.raises(SeemsToName):
        set_thresholds(engine, note="As Mrs Smith asked.")
    assert set_thresholds(engine, note="As Mrs Smith asked.", names_nobody=True)
