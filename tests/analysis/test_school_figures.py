"""One school: what it is, its measures over time, who was suspended and for what, and what helps."""

from datetime import date

import pytest
from worlds import LA, World

from analysis.one_school import figures as school
from analysis.one_school import profile as school_profile
from analysis.reconciliation import reconciliation
from data_model.terms import Period

YEAR = Period("202425")
OURS, OTHER = 900001, 900002


@pytest.fixture
def authority(world: World) -> World:
    """Two secondaries: ours with 2, 3 and 1 suspensions of three pupils, the other with one."""
    world.school(OURS, "secondary", capacity=900, trust_name="Larkfield Learning Trust", open_date=date(2012, 9, 1))
    world.school(OTHER, "secondary")
    for urn in (OURS, OTHER):
        for census in ("AUT", "SPR", "SUM"):
            world.roll(urn, 500, census=census)
    for pupil, days in {"P1": (1, 2), "P2": (3, 4, 7), "P3": (8,)}.items():
        for day in days:
            world.suspension(OURS, pupil, f"2024-10-{day:02d}", ncyg="9", reason_1="DB", reason_2="VA")
    world.suspension(OTHER, "P9", "2024-10-01", ncyg="7", reason_1="PP")
    return world


def test_it_is_found_by_urn_or_laestab(authority: World) -> None:
    authority.school(900003, laestab=9990001, status="closed")
    assert [school.find(authority.records, number) for number in (OURS, 9990001, 900003, 123456)] == [
        OURS,
        OURS,
        900003,
        None,
    ]


def test_a_school_that_converted_is_found_as_the_academy(authority: World) -> None:
    authority.school(900003, link_type="converter", predecessor_urn=OTHER, laestab=9994002)
    assert school.find(authority.records, OTHER) == 900003
    assert school.find(authority.records, 9990002) == 900003
    assert school.about(authority.records, 900003).carries_on == (OTHER,)


def test_what_it_is(authority: World) -> None:
    found = school.about(authority.records, OURS)
    assert (found.name, found.phase, found.capacity, found.la_code) == ("School 900001", "secondary", 900, LA)
    assert (found.trust_name, found.open_date, found.status) == ("Larkfield Learning Trust", date(2012, 9, 1), None)
    assert (found.headcount, found.headcount_at) == (500, "2024/25 SUM")
    with pytest.raises(KeyError):
        school.about(authority.records, 900009)


def test_every_measure_over_time_is_the_measures_table(authority: World) -> None:
    authority.exclusion(OURS, "2024-11-04")
    authority.placement(OURS, "2024-11-04")
    authority.case(OURS, "2024-11-04")
    for by_term, period in ((False, "202425"), (True, "202425-AUT")):
        found = school.over_time(authority.records, OURS, by_term).set_index("measure")
        for measure in found.index:
            own = authority.figures(measure, "school", period)[OURS]
            phase = authority.figures(measure, "phase", period)["secondary"]
            assert tuple(found.loc[measure, ["count", "out_of", "rate"]]) == own
            assert found.loc[measure, "phase_rate"] == phase[2]


def test_published_figures_are_rows_of_their_own(authority: World) -> None:
    printed = {"headcount": 400.0, "suspensions": 10.0, "pupils_suspended": 5.0, "permanent_exclusions": 0.0}
    authority.published("school", "9990001", "secondary", laestab=9990001, la_code=LA, **printed)
    authority.published("la", "999", "secondary", la_code=LA, **(printed | {"headcount": 800.0}))
    table = school.over_time(authority.records, OURS)
    row = table[table["source"].eq("published") & table["measure"].eq("suspension_rate")].iloc[0]
    assert row[["year", "count", "out_of", "rate", "phase_rate"]].tolist() == ["202324", 10, 400, 2.5, 1.25]
    assert set(table["source"]) == {"local", "published"}


def test_pupils_are_banded_by_how_often(authority: World) -> None:
    table = school_profile.repeat_bands(authority.records, OURS, YEAR).set_index("band")
    assert table["pupils"].tolist() == [1, 1, 1, 0, 0]
    assert table["suspensions"].tolist() == [1, 2, 3, 0, 0]
    assert table["share_of_suspensions"].sum() == pytest.approx(1)
    assert table.loc["1", "phase_share"] == pytest.approx(2 / 7)


def test_reasons_stand_beside_the_phases(authority: World) -> None:
    table = school_profile.reasons(authority.records, OURS, YEAR).set_index("group")
    assert table["reasons"].to_dict() == {
        "Persistent disruptive behaviour": 6,
        "Verbal abuse against an adult": 6,
        "Physical assault against a pupil": 0,
    }
    assert table.loc["Physical assault against a pupil", ["share", "phase_share"]].tolist() == [0, 1 / 13]


def test_breakdowns_are_in_the_codes_order_with_what_is_not_known_last(authority: World) -> None:
    authority.suspension(OURS, "P5", "2024-11-01")
    authority.suspension(OURS, "P5", "2024-11-02", ncyg="R")
    table = school_profile.breakdown(authority.records, OURS, YEAR, "ncyg")
    assert table["label"].tolist() == ["Reception", "Year 7", "Year 9", "Not known"]
    assert table["suspensions"].tolist() == [1, 0, 6, 1]
    assert table["pupils"].tolist() == [1, 0, 3, 1]


def test_free_school_meals_are_as_they_were_at_the_suspension(authority: World) -> None:
    authority.save("pupils", pupil_ref="P1", valid_from=date(2023, 9, 1), fsm6="N")
    authority.save("pupils", pupil_ref="P1", valid_from=date(2024, 10, 2), fsm6="Y")
    table = school_profile.breakdown(authority.records, OURS, YEAR, "fsm6").set_index("value")
    assert table["suspensions"].to_dict() == {"Y": 1, "N": 1, "": 4}


def test_placements_and_how_they_ended(authority: World) -> None:
    authority.placement(OURS, "2024-09-10", "2024-10-10", tier="2", end_reason="returned_home_school")
    authority.placement(OURS, "2024-10-09", tier="3")
    authority.placement(OTHER, "2024-10-10", "2024-10-11", tier="1")
    table = school_profile.placements(authority.records, OURS, YEAR)
    assert table[["open", "started", "ended"]].to_numpy().tolist() == [[0, 0, 0], [0, 1, 1], [1, 1, 0]]
    ends = school_profile.placement_ends(authority.records, OURS, YEAR)
    assert ends.to_dict("list") == {
        "reason": ["returned_home_school"],
        "label": ["Returned to the home school"],
        "placements": [1],
    }
    assert school_profile.placements(authority.records, OURS, Period("202324")).empty


def test_outreach_at_the_school(authority: World) -> None:
    case = authority.case(OURS, "2024-10-01")
    authority.case(OURS, "2024-05-01", "2024-10-05", close_reason="goals_met")
    authority.contact(None, "2024-10-07", case)
    authority.save("outreach_referrals", referral_id="R1", received_date=date(2024, 9, 9), urn=OURS)
    found = school_profile.outreach(authority.records, OURS, YEAR)
    assert found.to_dict() == {
        "referrals": 1,
        "cases_started": 1,
        "cases_open": 1,
        "cases_closed": 1,
        "contacts": 1,
        "hours": 0.5,
    }


def test_local_and_published_counts_are_reconciled(authority: World) -> None:
    common = {"la_code": LA, "term": "AUT", "year": "202425"}
    printed = {"suspensions": 7.0, "pupils_suspended": 3.0, "permanent_exclusions": 0.0}
    authority.published("school", "9990001", "secondary", laestab=9990001, **common, **printed)
    authority.published("school", "9990002", "secondary", laestab=9990002, **common, suspensions_marker="x")
    authority.published("school", "9990001", "secondary", laestab=9990001, la_code=LA, year="202425", **printed)
    table = reconciliation(authority.records, LA)
    ours = table[table["urn"].eq(OURS)].set_index("measure")
    assert ours.loc["suspension_rate", ["local", "published", "difference", "term"]].tolist() == [6, 7, -1, "AUT"]
    assert ours.loc["one_plus_suspension_rate", "difference"] == 0
    theirs = table[table["urn"].eq(OTHER) & table["measure"].eq("suspension_rate")].iloc[0]
    assert theirs["local"] == 1
    assert theirs[["published", "difference"]].isna().all()
    assert "permanent_exclusion_rate" not in set(table["measure"]), "no permanent exclusions are loaded"
    assert table["term"].notna().all(), "the year is not compared while two of its terms are not loaded"
