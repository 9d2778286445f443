"""Frozen lists: as they were, under a name of their own, for who may see full figures of schools that they reach."""

import pytest
from panel_world import (
    LEADER,
    MANAGER,
    NORTH,
    NORTHERNER,
    OTHERS,
    OURS,
    PANEL,
    SOUTH,
    STEWARD,
    STRANGER,
    THEIRS,
    WHY,
    everything,
    freeze,
    rows,
)
from sqlalchemy import Engine

from access.people import Person
from access.scope import OutOfScope
from data_model.frozen_lists import frozen_lists
from data_model.store import reading
from recording.checking import NotRecorded, SeemsToName
from recording.frozen_lists import KeptList, kept_lists, list_rows, withdraw_list

pytestmark = pytest.mark.both_databases


def lists(engine: Engine, by: Person = MANAGER, la_code: int = OURS) -> tuple[KeptList, ...]:
    with reading(engine) as connection:
        return kept_lists(connection, by.scope, la_code)


def test_a_list_is_read_as_it_was_frozen(engine: Engine) -> None:
    number = freeze(engine, name="  Panel of March ")
    (kept,) = lists(engine)
    assert (kept.list_id, kept.name, kept.schools, kept.out_of_reach) == (number, "Panel of March", 2, 0)
    assert (kept.frozen_by, kept.data_version, kept.withdrawn) == (MANAGER.name, 1, None)
    asked = kept.question
    assert (asked.period, asked.phase, asked.filters, asked.order) == (
        "202526-AUT",
        None,
        {"district": ["North"]},
        "most to gain",
    )
    with reading(engine) as connection:
        found = list_rows(connection, MANAGER.scope, number)
    assert list(found["urn"]) == [NORTH, SOUTH]
    assert list(found["observed"]) == [3, 40]


def test_a_name_is_one_lists_whatever_its_letters_and_stays_so_when_withdrawn(engine: Engine) -> None:
    withdraw_list(engine, MANAGER, list_id=freeze(engine), **WHY)
    with pytest.raises(NotRecorded, match="of that name is there already"):
        freeze(engine, name="PANEL of march")
    freeze(engine, STRANGER, la_code=OTHERS, rows=[{"urn": THEIRS}])
    freeze(engine, name="Panel of April")
    newest, withdrawn = lists(engine)
    assert (newest.name, newest.withdrawn) == ("Panel of April", None)
    assert withdrawn.withdrawn and (withdrawn.withdrawn.by, withdrawn.withdrawn.why) == (MANAGER.name, WHY["why"])


@pytest.mark.parametrize("by", [LEADER, PANEL], ids=lambda person: str(person.role))
def test_without_full_figures_no_list_is_read(engine: Engine, by: Person) -> None:
    number = freeze(engine)
    with reading(engine) as connection:
        with pytest.raises(OutOfScope, match="fewer than five"):
            kept_lists(connection, by.scope, OURS)
        with pytest.raises(OutOfScope, match="fewer than five"):
            list_rows(connection, by.scope, number)


def test_a_list_is_read_as_far_as_its_schools_are_reached(engine: Engine) -> None:
    number = freeze(engine)
    (kept,) = lists(engine, NORTHERNER)
    assert (kept.schools, kept.out_of_reach) == (1, 1)
    with reading(engine) as connection:
        assert list(list_rows(connection, NORTHERNER.scope, number)["urn"]) == [NORTH]
        assert len(list_rows(connection, STEWARD.scope, number)) == 2
    assert lists(engine, STRANGER) == lists(engine, STRANGER, OTHERS) == ()
    for asked in (number, number + 1):
        with reading(engine) as connection, pytest.raises(OutOfScope, match="no such list"):
            list_rows(connection, STRANGER.scope, asked)


def test_who_reaches_a_part_neither_freezes_nor_withdraws_the_whole(engine: Engine) -> None:
    number = freeze(engine)
    before = everything(engine)
    with pytest.raises(NotRecorded, match="1 school is not among those"):
        freeze(engine, NORTHERNER, name="Mine")
    with pytest.raises(NotRecorded, match="1 school is not among those"):
        withdraw_list(engine, NORTHERNER, list_id=number, **WHY)
    assert everything(engine) == before


QUESTION = {"period": "202526", "phase": "primary", "filters": {}, "order": "most unusual"}


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        ({"name": " "}, "Name is missing"),
        ({"name": "n" * 81}, "Name has more than 80 characters"),
        ({"name": "a\u200bb"}, "Name holds an invisible character"),
        ({"rows": []}, "Schools is missing"),
        ({"rows": [{"observed": 3}]}, "needs its URN"),
        ({"rows": [{"urn": "900001"}]}, "needs its URN"),
        ({"rows": [{"urn": NORTH}, {"urn": NORTH}]}, "in the list twice"),
        ({"rows": [{"urn": NORTH, "pupil_ref": "P1"}]}, "Schools, row 1 holds a pupil's reference"),
        ({"rows": [{"urn": NORTH, "pupils": {"a": 1}}]}, "must be plain text or a number"),
        ({"rows": [{"urn": THEIRS}]}, "not among those that you reach"),
        ({"rows": [{"urn": NORTH}], "la_code": OTHERS}, "not among those that you reach"),
        ({"question": QUESTION | {"phase": "nursery"}}, "Phase must be one of those"),
        ({"question": QUESTION | {"order": ""}}, "Order is missing"),
        ({"data_version": 99}, "Load the page again"),
    ],
    ids=lambda part: ascii(part)[:40],
)
def test_what_is_wrong_with_a_list_is_said_and_nothing_is_written(
    engine: Engine, given: dict[str, object], sentence: str
) -> None:
    before = everything(engine)
    with pytest.raises(NotRecorded, match=sentence):
        freeze(engine, **given)
    assert everything(engine) == before


def test_a_persons_name_is_asked_about(engine: Engine) -> None:
    with pytest.raises(SeemsToName, match="Name: the words seem to name a person"):
        freeze(engine, name="About Oliver")
    freeze(engine, name="About Oliver", names_nobody=True, question=QUESTION)
    assert rows(engine, frozen_lists)[0]["question"] == QUESTION
