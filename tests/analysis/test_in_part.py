"""Who reaches an authority in part: what is theirs, and that the whole authority decides what is hidden of it."""

from collections.abc import Iterable
from dataclasses import fields

import pandas as pd
import pytest
from worlds import LA, World

from access.scope import Scope
from analysis import queries
from analysis.hiding.linked import PHASES, Rows, in_district
from analysis.records import Records

NORTH, SOUTH, THEIRS = 900001, 900002, 900331


@pytest.fixture
def two(world: World) -> World:
    """Two districts, and another authority."""
    for urn, la, district in ((NORTH, LA, "North"), (SOUTH, LA, "South"), (THEIRS, 331, "North")):
        world.school(urn, la=la, district=district)
        world.roll(urn, 100)
        world.suspension(urn, "P1", "2024-10-01")
        world.case(urn, "2024-10-04")
    world.suspension(SOUTH, "P2", "2024-10-20")
    world.placement(None, "2024-10-03")
    return world


def reading(world: World, districts: Iterable[tuple[int, str]], whole: Iterable[int] = ()) -> Records:
    return queries.records(world.connection, Scope(frozenset(whole), districts=frozenset(districts)))


def test_a_part_has_nothing_of_the_rest(two: World) -> None:
    records = reading(two, [(LA, "North")])
    frames = {field.name: getattr(records, field.name) for field in fields(records)}
    for name, frame in frames.items():
        if isinstance(frame, pd.DataFrame) and "urn" in frame:
            assert set(frame["urn"]) <= {NORTH}, name
    assert len(records.suspensions) == len(records.cases) == 1


def test_a_district_that_is_none_has_nothing(two: World) -> None:
    records = reading(two, [(LA, "East")])
    assert records.schools.empty
    assert records.suspensions.empty
    assert records.by_la == {}


def test_beside_an_authority_that_is_reached_whole_each_is_decided_on_its_own(two: World) -> None:
    records = reading(two, [(LA, "North")], whole=[331])
    assert set(records.suspensions["urn"]) == {NORTH, THEIRS}
    ours, theirs = records.by_la[LA], records.by_la[331]
    assert set(ours.deciding.suspensions["urn"]) == {NORTH, SOUTH}
    assert theirs.decided_on is None
    assert reading(two, [(LA, "East")], whole=[331]).by_la[331].decided_on is None


def test_a_part_and_the_whole_end_on_one_day(two: World) -> None:
    assert reading(two, [(LA, "North")]).now == reading(two, [], whole=[LA]).by_la[LA].now


def test_who_sees_full_figures_reads_no_more_than_is_reached(two: World) -> None:
    scope = Scope(districts=frozenset({(LA, "North")}), full_figures=True)
    assert queries.records(two.connection, scope).decided_on is None


def rows_of(schools: list[tuple[str, str | None]]) -> Rows:
    """A pupil in each of some schools, given by phase and district."""
    urns = range(1, len(schools) + 1)
    frame = pd.DataFrame({"urn": urns, "phase": [phase for phase, _ in schools], "pupil": urns, "column": "AUT"})
    districts = pd.Series([district for _, district in schools], index=list(urns), dtype="str")
    return Rows(frame, ("AUT",), districts, whole=False, summed=False)


def test_a_phase_in_a_district_is_a_row_where_it_is_something_of_its_own() -> None:
    split = rows_of([("primary", "North"), ("primary", "North"), ("primary", "South"), ("special", "North")])
    assert set(split.keys) - {"1", "2", "3", "4", *PHASES, "la"} == {in_district("primary", "North")}
    for alike in ([("primary", None)] * 3, [("primary", "North")] * 3):
        assert rows_of(alike).keys == ["1", "2", "3", *PHASES, "la"]


def test_what_is_hidden_of_a_district_is_named_whichever_row_it_is() -> None:
    rows = rows_of([("primary", "North"), ("primary", "North"), ("primary", "South"), ("special", "North")])
    every = {key for key, _ in rows.named(rows.pupils() > 0)}
    parts = {("primary", "North"), ("primary", "South"), ("special", "North"), ("la", "North"), ("la", "South")}
    assert {in_district(*part) for part in parts} <= every
    only_south = rows.pupils() > 0
    only_south[[place for place, key in enumerate(rows.keys) if key != "3"]] = False
    assert {key for key, _ in rows.named(only_south)} == {"3", "primary in South", "la in South"}
