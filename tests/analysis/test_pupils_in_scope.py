"""A district, a service or a panel narrows what is seen, and what names no school is denied to all of them."""

from datetime import date
from functools import partial

import pytest
from sqlalchemy import insert, select
from worlds import World

from access.reach import columns_in, pupils_in
from access.roles import Permission, Role
from access.scope import EVERYWHERE, Grant, Scope
from analysis import published_queries, queries
from analysis.casework.rows import pupil_rows
from data_model.belonging import pupil_of, school_of
from data_model.catalogue import DATASETS
from data_model.columns import Group
from data_model.suspensions import SUSPENSIONS
from data_model.uploads import open_queries

pytestmark = pytest.mark.both_databases

NORTH, SOUTH, THEIRS = 900001, 900002, 900331


@pytest.fixture
def places(world: World) -> World:
    """Two districts of LA 999, and a district of the same name in LA 331; a pupil of two services in each."""
    for urn, la, district in ((NORTH, 999, "North"), (SOUTH, 999, "South"), (THEIRS, 331, "North")):
        world.school(urn, la=la, district=district, phase="secondary" if urn == SOUTH else "primary")
        world.roll(urn, 100)
        for service in ("la_team", "pru"):
            pupil = f"{service}{urn}"
            world.suspension(urn, pupil, "2024-10-01")
            world.case(urn, "2024-10-04", pupil_ref=pupil, provider_type=service)
        world.suspension(urn, f"nobody's{urn}", "2024-10-01")
    world.placement(None, "2024-10-03", setting_type="OOT")
    return world


def suspended(world: World, scope: Scope) -> set[str]:
    """The pupils whose suspensions may be shown."""
    source, urn = school_of(SUSPENSIONS)
    pupil = SUSPENSIONS.table.c.pupil_ref
    return set(world.connection.scalars(select(pupil).select_from(source).where(pupils_in(scope, pupil, urn))))


def managing(*grants: Grant) -> Scope:
    return Scope.of(Role.MANAGER, frozenset(grants))


def test_a_district_is_its_own_schools_alone(places: World) -> None:
    scope = managing(Grant(999, "North"))
    assert queries.schools(places.connection, scope)["urn"].tolist() == [NORTH]
    records = queries.records(places.connection, scope)
    assert set(records.suspensions["urn"]) == set(records.cases["urn"]) == {NORTH}
    assert records.placements.empty


def test_the_only_authority_in_part_is_not_the_whole_of_it(world: World) -> None:
    world.school(NORTH, district="North")
    world.placement(None, "2024-10-03", setting_type="OOT")
    upload = world.sent("suspensions", [0], "202425", "AUT", rows=0)
    query = {"upload_id": upload, "code": "Q-WEEKEND", "message": "P1", "key": ["A1"]}
    world.connection.execute(insert(open_queries).values(query))
    whole, part = managing(Grant(999)), managing(Grant(999, "North"))
    assert len(queries.records(world.connection, whole).placements) == 1
    for question in (queries.sent, queries.open_queries):
        assert len(question(world.connection, whole)) == 1
        assert question(world.connection, part).empty
    assert queries.records(world.connection, part).placements.empty


def test_published_rows_of_a_district_are_those_of_its_schools(places: World) -> None:
    places.published("la", "999", "total", la_code=999, suspensions=1)
    for urn in (NORTH, SOUTH):
        places.published("school", str(urn), "total", la_code=999, urn=urn, suspensions=1)
    found = published_queries.published_statistics(places.connection, managing(Grant(999, "North")))
    assert found["urn"].tolist() == [NORTH]


def test_term_dates_of_an_authority_hold_in_its_districts(places: World) -> None:
    days = {"first_day": date(2024, 9, 3), "last_day": date(2024, 12, 20)}
    for area in (999, 331, SOUTH):
        places.save("term_dates", applies_to=area, academic_year="202425", term="AUT", **days)
    found = queries.term_dates(places.connection, managing(Grant(999, "North")))
    assert found["applies_to"].tolist() == [999]


def test_nobody_without_the_permission_sees_any_pupil(places: World) -> None:
    for role in (Role.LEADER, Role.PANEL, Role.ADMIN):
        assert suspended(places, Scope.of(role, frozenset({Grant(999), Grant(331)}))) == set()
    assert suspended(places, Scope()) == set()


def test_without_a_service_every_pupil_is_seen(places: World) -> None:
    assert len(suspended(places, managing(Grant(999), Grant(331)))) == 9


def test_a_service_is_seen_in_the_place_of_its_grant_alone(places: World) -> None:
    assert suspended(places, managing(Grant(999, "North", "la_team"))) == {f"la_team{NORTH}"}
    assert suspended(places, managing(Grant(999, service="pru"))) == {f"pru{NORTH}", f"pru{SOUTH}"}
    both = managing(Grant(999, "North", "la_team"), Grant(999, "South", "pru"))
    assert suspended(places, both) == {f"la_team{NORTH}", f"pru{SOUTH}"}


def test_a_whole_authority_beside_a_service_of_another_widens_nothing(places: World) -> None:
    scope = managing(Grant(999, service="pru"), Grant(331))
    theirs = {f"la_team{THEIRS}", f"pru{THEIRS}", f"nobody's{THEIRS}"}
    assert suspended(places, scope) == {f"pru{NORTH}", f"pru{SOUTH}"} | theirs


def test_a_closed_case_counts_and_one_elsewhere_does_not(places: World) -> None:
    places.case(NORTH, "2023-01-09", "2023-05-01", pupil_ref=f"nobody's{NORTH}", provider_type="pru")
    places.case(THEIRS, "2023-01-09", pupil_ref=f"la_team{NORTH}", provider_type="pru")
    assert suspended(places, managing(Grant(999, "North", "pru"))) == {f"pru{NORTH}", f"nobody's{NORTH}"}


@pytest.mark.parametrize(
    ("decision", "source", "seen"),
    [(None, "fap", True), ("waiting", "fap", True), ("accepted", "fap", False), (None, "school", False)],
)
def test_a_panel_sees_a_pupil_while_referred_to_it(
    places: World, decision: str | None, source: str, seen: bool
) -> None:
    about = {"received_date": date(2024, 11, 1), "decision": decision, "source": source}
    places.save("outreach_referrals", referral_id="R1", urn=SOUTH, pupil_ref=f"pru{SOUTH}", **about)
    for panel, ours in (("secondary", True), ("South", True), ("primary", False), ("North", False)):
        scope = Scope.of(Role.PANEL, frozenset({Grant(999, panel=panel)}))
        assert suspended(places, scope) == ({f"pru{SOUTH}"} if seen and ours else set())
    elsewhere = Scope.of(Role.PANEL, frozenset({Grant(331, panel="secondary"), Grant(999)}))
    assert suspended(places, elsewhere) == set()


def on_the_list(
    places: World, *decisions: str | None, panel: str | None = "secondary", urn: int | None = SOUTH
) -> None:
    """A referral to a panel of a pupil in the south, and what meetings decided of it, one after the other."""
    about = {"referral_date": date(2024, 11, 1), "pupil_ref": f"pru{SOUTH}", "urn": urn, "panel": panel}
    places.save("fap_referrals", fap_ref="F1", **about)
    for day, decision in enumerate(decisions, 1):
        places.save("fap_decisions", fap_ref="F1", meeting_date=date(2024, 11, day), decision=decision)


def of_panel(panel: str, la: int = 999, district: str | None = None) -> Scope:
    return Scope.of(Role.PANEL, frozenset({Grant(la, district, panel=panel)}))


@pytest.mark.parametrize(
    ("decisions", "seen"),
    [
        ((), True),
        ((None,), True),
        (("defer",), True),
        (("defer", "defer"), True),
        (("place_school",), False),
        (("defer", "no_action"), False),
        (("no_action", "defer"), False),
    ],
    ids=str,
)
def test_a_child_on_a_panels_list_is_seen_until_it_decides(
    places: World, decisions: tuple[str | None, ...], seen: bool
) -> None:
    on_the_list(places, *decisions)
    assert suspended(places, of_panel("secondary")) == ({f"pru{SOUTH}"} if seen else set())


@pytest.mark.parametrize(
    ("panel", "theirs"),
    [("secondary", {"secondary"}), ("primary", {"primary"}), ("district", {"South"}), (None, {"secondary", "South"})],
)
def test_a_list_is_of_the_panel_that_the_referral_names_or_its_schools(
    places: World, panel: str | None, theirs: set[str]
) -> None:
    on_the_list(places, panel=panel)
    assert {each for each in ("primary", "secondary", "North", "South") if suspended(places, of_panel(each))} == theirs
    assert suspended(places, of_panel("secondary", la=331)) == set()
    assert suspended(places, of_panel("secondary", district="North")) == set()


def test_a_referral_to_a_panel_without_a_school_shows_nobody(places: World) -> None:
    on_the_list(places, urn=None)
    assert suspended(places, of_panel("secondary")) == set()


def test_a_decision_ends_what_a_panel_reads_of_the_child_everywhere(places: World) -> None:
    on_the_list(places)
    read = partial(pupil_rows, places.connection, of_panel("secondary"))
    assert [len(read(DATASETS[name])) for name in ("fap_referrals", "suspensions", "outreach_cases")] == [1, 1, 1]
    places.save("fap_decisions", fap_ref="F1", meeting_date=date(2024, 11, 20), decision="place_school")
    for dataset in DATASETS.values():
        if pupil_of(dataset) is not None:
            assert read(dataset).empty, dataset.name


def test_open_queries_are_those_of_pupils_who_are_seen(places: World) -> None:
    upload = places.sent("suspensions", [NORTH], "202425", "AUT")
    for pupil in (f"pru{NORTH}", f"la_team{NORTH}"):
        key = [NORTH, "2024-10-01", pupil]
        query = {"upload_id": upload, "urn": NORTH, "code": "Q-WEEKEND", "message": pupil, "key": key}
        places.connection.execute(insert(open_queries).values(query))
    found = queries.open_queries(places.connection, managing(Grant(999, service="pru")))
    assert found["message"].tolist() == [f"pru{NORTH}"]
    assert len(queries.open_queries(places.connection, managing(Grant(999)))) == 2


def test_every_column_of_a_group_is_kept_from_those_without_it() -> None:
    for dataset in DATASETS.values():
        assert columns_in(EVERYWHERE, dataset) == tuple(dataset.columns)
        for group in Group:
            others = frozenset(permission for permission in EVERYWHERE.columns if permission != f"columns:{group}")
            without = columns_in(Scope(columns=others), dataset)
            assert set(dataset.columns) - set(without) == {
                name for name, column in dataset.columns.items() if column.group is group
            }


def test_every_group_is_a_permission_and_has_columns() -> None:
    assert {f"columns:{group}" for group in Group} == {it for it in Permission if it.startswith("columns:")}
    groups = {column.group for dataset in DATASETS.values() for column in dataset.columns.values()}
    assert set(Group) <= groups


@pytest.mark.parametrize("dataset", DATASETS.values(), ids=lambda dataset: dataset.name)
def test_a_leader_sees_no_column_about_one_child_or_worker(dataset: object) -> None:
    leader = Scope.of(Role.LEADER, frozenset({Grant(999)}))
    seen = columns_in(leader, dataset)  # type: ignore[arg-type]
    telling = {"worker_ref", "notes", "upn", "cla", "social_care", "yjs_involved", "ethnicity", "sen_primary_need"}
    assert not telling & set(seen)
