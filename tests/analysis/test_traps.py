"""Every trap of DfE's definitions that a correct figure must not fall into, one test each."""

from datetime import date

import pytest
from worlds import World

from analysis.one_school import profile as school_profile
from data_model.terms import Period

pytestmark = pytest.mark.both_databases

PRIMARY, SECONDARY, OTHER_SECONDARY, SPECIAL, AP = 900001, 900002, 900003, 900004, 900005


@pytest.fixture
def authority(world: World) -> World:
    """Five schools with a headcount at every census of 2024/25."""
    phases = {PRIMARY: "primary", SECONDARY: "secondary", OTHER_SECONDARY: "secondary", SPECIAL: "special", AP: "ap"}
    sizes = {PRIMARY: 200, SECONDARY: 1000, OTHER_SECONDARY: 500, SPECIAL: 100, AP: 20}
    for urn, phase in phases.items():
        world.school(urn, phase)
        for place, census in enumerate(("AUT", "SPR", "SUM")):
            world.roll(urn, sizes[urn] + place * 10, census=census)
    return world


def test_a_termly_rate_takes_its_own_census_and_a_year_takes_january(authority: World) -> None:
    authority.suspension(PRIMARY, "P1", "2024-10-01")
    assert authority.figures("suspension_rate", period="202425-AUT")[PRIMARY] == (1, 200, 0.5)
    assert authority.figures("suspension_rate", period="202425")[PRIMARY] == (1, 210, pytest.approx(100 / 210))


def test_termly_rates_do_not_add_up_to_the_years(authority: World) -> None:
    for day in ("2024-10-01", "2025-02-03", "2025-06-02"):
        authority.suspension(PRIMARY, "P1", day)
    terms = [
        authority.figures("suspension_rate", period=f"202425-{term}")[PRIMARY][2] for term in ("AUT", "SPR", "SUM")
    ]
    year = authority.figures("suspension_rate")[PRIMARY]
    assert year[0] == 3
    assert year[2] != pytest.approx(sum(terms))


def test_a_child_suspended_at_two_schools_is_two_enrolments_and_one_child(authority: World) -> None:
    authority.suspension(SECONDARY, "P1", "2024-10-01")
    authority.suspension(OTHER_SECONDARY, "P1", "2025-02-03")
    schools = authority.figures("one_plus_suspension_rate")
    assert (schools[SECONDARY][0], schools[OTHER_SECONDARY][0]) == (1, 1)
    assert authority.figures("one_plus_suspension_rate", "phase")["secondary"][0] == 1
    assert authority.figures("one_plus_suspension_rate", "la")["999"][0] == 1
    assert authority.figures("two_plus_suspension_rate", "la")["999"][0] == 1, "a child's suspensions are put together"
    assert authority.figures("two_plus_suspension_rate")[SECONDARY][0] == 0


def test_a_child_suspended_in_two_phases_is_one_child_of_the_la(authority: World) -> None:
    authority.suspension(PRIMARY, "P1", "2024-10-01")
    authority.suspension(SECONDARY, "P1", "2025-02-03")
    assert authority.figures("one_plus_suspension_rate", "la")["999"][0] == 1
    phases = authority.figures("one_plus_suspension_rate", "phase")
    assert (phases["primary"][0], phases["secondary"][0]) == (1, 1)


def test_lunchtime_suspensions_are_never_counted(authority: World) -> None:
    authority.suspension(PRIMARY, "P1", "2024-10-01")
    authority.suspension(PRIMARY, "P2", "2024-10-02", sessions=1, category="LNCH")
    assert authority.figures("suspension_rate")[PRIMARY][0] == 1
    assert authority.figures("one_plus_suspension_rate")[PRIMARY][0] == 1
    assert authority.figures("days_lost_rate")[PRIMARY][0] == 1


@pytest.mark.parametrize(("status", "count"), [(None, 1), ("active", 1), ("cancelled", 0), ("reinstated", 0)])
def test_cancelled_and_reinstated_suspensions_are_not_counted(authority: World, status: str | None, count: int) -> None:
    authority.suspension(SECONDARY, "P9", "2024-10-03")
    authority.suspension(PRIMARY, "P1", "2024-10-01", status=status)
    assert authority.figures("suspension_rate")[PRIMARY][0] == count


def test_overturned_permanent_exclusions_are_not_dfes_but_were_decided(authority: World) -> None:
    outcomes = [None, "ANO", "INO", "LNO", "MNO", "DNO", "EON", "GNO", "NOG", "BRE", "CNO", "FRE", "JRE", "KRE", "HWD"]
    for outcome in outcomes:
        authority.exclusion(SECONDARY, "2024-11-04", outcome, pupil=f"P{outcome}")
    assert authority.figures("permanent_exclusion_rate")[SECONDARY][0] == 5, "upheld four ways, or no outcome yet"
    assert authority.figures("permanent_exclusions_decided_rate")[SECONDARY][0] == len(outcomes)


@pytest.mark.parametrize(
    ("day", "period"),
    [
        ("2024-07-31", "202324-SUM"),
        ("2024-08-01", "202425-AUT"),
        ("2024-12-31", "202425-AUT"),
        ("2025-01-01", "202425-SPR"),
        ("2025-04-20", "202425-SPR"),  # Easter Sunday
        ("2025-04-21", "202425-SUM"),
        ("2025-07-31", "202425-SUM"),
    ],
)
def test_an_event_is_in_the_term_of_its_start_by_dfes_cut_offs(authority: World, day: str, period: str) -> None:
    authority.suspension(PRIMARY, "P1", day, sessions=10)
    authority.exclusion(PRIMARY, day)
    assert authority.figures("suspension_rate", period=period)[PRIMARY][0] == 1
    assert authority.figures("permanent_exclusion_rate", period=period)[PRIMARY][0] == 1


def test_sessions_are_never_derived_from_dates(authority: World) -> None:
    authority.suspension(PRIMARY, "P1", "2024-10-01", sessions=3, end_date=date(2024, 10, 31))
    assert authority.figures("days_lost_rate")[PRIMARY][0] == 1.5


def test_a_suspension_counts_wholly_in_the_term_in_which_it_starts(authority: World) -> None:
    authority.suspension(PRIMARY, "P1", "2024-12-18", sessions=20, end_date=date(2025, 1, 10))
    assert authority.figures("days_lost_rate", period="202425-AUT")[PRIMARY][0] == 10
    assert authority.rows("days_lost_rate", period="202425-SPR") == []


def test_what_was_before_a_sponsored_academy_opened_is_dropped(authority: World) -> None:
    academy = authority.school(
        900010, "secondary", open_date=date(2025, 1, 1), link_type="sponsored", predecessor_urn=SECONDARY
    )
    authority.roll(academy, 400)
    authority.suspension(academy, "P1", "2024-11-05")
    authority.suspension(academy, "P1", "2025-02-05")
    authority.exclusion(academy, "2024-11-05")
    authority.exclusion(academy, "2025-02-05")
    assert authority.figures("suspension_rate")[academy][0] == 1
    assert authority.figures("permanent_exclusion_rate")[academy][0] == 1


def test_a_converter_academy_carries_on_as_the_school_that_it_was(world: World) -> None:
    before = world.school(900001, "secondary", status="closed", close_date=date(2024, 12, 31))
    academy = world.school(
        900010, "secondary", open_date=date(2025, 1, 1), link_type="converter", predecessor_urn=before, laestab=9994001
    )
    world.roll(before, 390, census="AUT")
    world.roll(academy, 400, census="SPR")
    world.suspension(before, "P1", "2024-11-05")
    world.suspension(academy, "P1", "2025-02-05")
    assert world.figures("suspension_rate") == {academy: (2, 400, 0.5)}
    assert world.figures("one_plus_suspension_rate") == {academy: (1, 400, 0.25)}
    assert world.figures("suspension_rate", period="202425-AUT") == {academy: (1, 390, pytest.approx(100 / 390))}


def test_events_of_a_school_that_closed_before_the_census_still_count(authority: World) -> None:
    closed = authority.school(900011, "primary", status="closed", close_date=date(2024, 12, 31))
    authority.suspension(closed, "P7", "2024-11-05")
    authority.suspension(PRIMARY, "P1", "2024-11-05")
    assert authority.figures("suspension_rate")[closed] == (1, None, None)
    assert authority.figures("suspension_rate", "phase")["primary"] == (2, 210, pytest.approx(200 / 210))


def test_alternative_provision_is_not_in_the_headline_total(authority: World) -> None:
    authority.suspension(PRIMARY, "P1", "2024-10-01")
    authority.suspension(AP, "P2", "2024-10-01")
    assert authority.figures("suspension_rate", "la")["999"][:2] == (1, 210 + 1010 + 510 + 110)
    assert authority.figures("suspension_rate", "phase")["ap"] == (1, 30, pytest.approx(100 / 30))
    assert authority.figures("suspension_rate", "la", phase="ap")["999"][0] == 1


def test_headcounts_by_characteristic_are_not_added_to_the_roll(authority: World) -> None:
    authority.suspension(PRIMARY, "P1", "2024-10-01")
    authority.roll(PRIMARY, 90, group="FSM")
    assert authority.figures("suspension_rate")[PRIMARY][1] == 210


@pytest.mark.parametrize("year", ["201920", "202021"])
def test_the_pandemic_years_carry_a_caution(authority: World, year: str) -> None:
    authority.suspension(PRIMARY, "P1", f"{year[:4]}-10-01")
    assert any("compare with caution" in note for note in authority.table("suspension_rate", period=year).notes)


def test_a_rate_can_exceed_100(authority: World) -> None:
    for number in range(60):
        authority.suspension(AP, f"P{number}", "2024-10-01")
    assert authority.figures("suspension_rate")[AP][2] == pytest.approx(200)


def test_special_educational_needs_are_as_they_were_at_the_suspension(authority: World) -> None:
    authority.suspension(PRIMARY, "P1", "2024-10-01", sen_provision="N")
    authority.suspension(PRIMARY, "P1", "2025-02-03", sen_provision="K")
    table = school_profile.breakdown(authority.records, PRIMARY, Period("202425"), "sen_provision")
    assert dict(zip(table["value"], table["suspensions"], strict=True)) == {"N": 1, "K": 1}


def test_shares_of_reasons_are_of_reasons_not_of_suspensions(authority: World) -> None:
    authority.suspension(PRIMARY, "P1", "2024-10-01", reason_1="DB", reason_2="PP", reason_3="LD")
    authority.suspension(PRIMARY, "P2", "2024-10-01", reason_1="DB")
    table = school_profile.reasons(authority.records, PRIMARY, Period("202425")).set_index("group")
    assert table.loc["Persistent disruptive behaviour", ["reasons", "share"]].tolist() == [3, 0.75]
    assert table["share"].sum() == 1
