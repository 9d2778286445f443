"""What a panel sees of its schools: shares of pupils taken, room, and limits that are near, counted the slow way."""

from datetime import date

import pandas as pd
import pytest
from statsmodels.stats.proportion import proportion_confint
from worlds import LA, World

from access.scope import Scope
from analysis.hiding.protection import is_hidden
from analysis.panel.clocks import CLOCKS, clocks
from analysis.panel.clocks import finding as limits_said
from analysis.panel.fair_share import ALIKE, LESS, MORE, TOO_SMALL, fair_share
from analysis.panel.fair_share import finding as shares_said
from analysis.panel.places import NOT_KNOWN, places, with_year_groups
from analysis.panel.schools import Panel, finding, panels
from data_model.codes import ReviewOutcome

BIG, MIDDLE, SMALL, OTHER = 900001, 900002, 900003, 900004
HIDING = Scope(frozenset({LA}))


def by_key(rows: pd.DataFrame) -> dict[int, dict[str, object]]:
    return {int(row["key"]): row for row in rows.to_dict("records")}


@pytest.fixture
def moves(world: World) -> World:
    """Three secondaries and a primary; thirty pupils left alternative provision for one that was new to them."""
    for urn, roll, capacity in ((BIG, 1000, 1100), (MIDDLE, 600, 580), (SMALL, 400, None)):
        world.school(urn, "secondary", capacity=capacity, district="North" if urn == BIG else "South")
        world.roll(urn, roll)
    world.school(OTHER, "primary", district="South")
    world.roll(OTHER, 200)
    for urn, taken in ((BIG, 4), (MIDDLE, 10), (SMALL, 16)):
        for _ in range(taken):
            world.placement(OTHER, "2024-09-10", "2025-03-03", end_reason="new_mainstream", destination_urn=urn)
    world.placement(BIG, "2024-09-10", "2025-03-03", end_reason="returned_home_school", destination_urn=BIG)
    world.placement(BIG, "2024-09-10", "2025-03-03", end_reason="new_mainstream", destination_urn=BIG)
    world.placement(BIG, "2024-09-10", "2025-03-03", end_reason="special", destination_urn=OTHER)
    world.placement(BIG, "2020-09-10", "2021-03-03", end_reason="new_mainstream", destination_urn=SMALL)
    world.placement(BIG, "2025-04-10", end_reason=None)
    return world


def test_a_share_stands_beside_the_share_of_pupils_with_its_range(moves: World) -> None:
    found = fair_share(moves.records, LA)
    assert found is not None
    rows = by_key(found.rows)
    for urn, taken, roll in ((BIG, 4, 1000), (MIDDLE, 10, 600), (SMALL, 16, 400)):
        low, high = proportion_confint(taken, 30, method="wilson")
        assert (rows[urn]["taken"], rows[urn]["of_all"]) == (taken, 30)
        assert (rows[urn]["low"], rows[urn]["high"]) == pytest.approx((100 * low, 100 * high))
        assert rows[urn]["roll_share"] == pytest.approx(roll / 20)
    assert [rows[urn]["says"] for urn in (BIG, MIDDLE, SMALL)] == [LESS, ALIKE, MORE]
    assert rows[OTHER]["says"] == TOO_SMALL and rows[OTHER]["of_all"] == 0
    said = shares_said(found, found.rows)
    assert said.startswith("School 900003 took more than its share; School 900001 took less than its share of pupils")


def test_small_counts_of_pupils_taken_are_hidden_with_all_that_would_tell_them(moves: World) -> None:
    moves.scope = HIDING
    found = fair_share(moves.records, LA)
    assert found is not None
    hidden = is_hidden(found.rows, "taken")
    assert hidden[found.rows["key"].eq(BIG)].all()
    assert hidden.sum() >= 2, "one alone would follow from the others and the phase"
    gone = found.rows[hidden]
    assert gone[["taken", "share", "low", "high", "says", "share_words"]].isna().all(axis=None)
    assert found.rows.loc[found.rows["key"].eq(OTHER), "taken"].eq(0).all()


def test_a_district_sees_the_same_figures_of_its_schools_as_the_whole_authority(moves: World) -> None:
    moves.scope = HIDING
    whole = by_key(fair_share(moves.records, LA).rows)
    moves.scope, moves.read = Scope(districts=frozenset({(LA, "South")})), None
    part = by_key(fair_share(moves.records, LA).rows)
    assert set(part) == {MIDDLE, SMALL, OTHER}
    for urn, row in part.items():
        assert all(
            row[name] == whole[urn][name] or pd.isna(row[name]) for name in ("taken", "of_all", "roll_share", "hidden")
        )


def test_room_is_places_less_pupils_and_not_known_without_places(moves: World) -> None:
    rows = by_key(places(moves.records, LA))
    assert rows[BIG]["room_words"] == "100 free (1,000 pupils, 1,100 places)"
    assert rows[MIDDLE]["room_words"] == "20 over (600 pupils, 580 places)"
    assert rows[SMALL]["room_words"] == NOT_KNOWN


def test_year_groups_are_those_of_the_latest_census_and_hidden_whole() -> None:
    columns = ["urn", "academic_year", "census_term", "year_group", "headcount"]
    counts = pd.DataFrame(
        [
            (BIG, "202425", "SPR", "7", 100),
            (BIG, "202425", "SUM", "10", 90),
            (BIG, "202425", "SUM", "7", 98),
            (SMALL, "202425", "SPR", "7", 3),
            (SMALL, "202425", "SPR", "R", 30),
        ],
        columns=columns,
    )
    rows = pd.DataFrame({"key": [BIG, MIDDLE, SMALL]})
    assert with_year_groups(rows, counts, None)["year_groups"].tolist() == ["Y7 98, Y10 90", NOT_KNOWN, "R 30, Y7 3"]
    hidden = with_year_groups(rows, counts, 5)
    assert is_hidden(hidden, "year_groups").tolist() == [False, False, True]
    assert hidden["year_groups"].isna().tolist() == [False, False, True]


@pytest.fixture
def limits(world: World) -> World:
    """A secondary in a term of 2025 whose pupils and referrals are at every side of each limit."""
    for urn in (BIG, MIDDLE):
        world.school(urn, "secondary")
    for term, first, last in (
        ("AUT", date(2025, 9, 1), date(2025, 12, 19)),
        ("SPR", date(2026, 1, 5), date(2026, 3, 27)),
    ):
        world.save("term_dates", applies_to=LA, academic_year="202526", term=term, first_day=first, last_day=last)
    world.suspension(MIDDLE, "P1", "2025-10-01", 60)  # 30 days elsewhere, then 5 here: 35 in the year
    world.suspension(BIG, "P1", "2026-01-12", 10)
    world.suspension(BIG, "P2", "2025-10-01", 69)  # 34.5 days
    world.suspension(BIG, "P3", "2026-01-12", 20)  # 10 days in the term
    world.suspension(BIG, "P4", "2026-01-12", 19)
    world.exclusion(BIG, "2026-01-30", pupil="P5")  # the sixth school day is after a week-end: 9 February
    world.exclusion(BIG, "2026-01-12", pupil="P6")  # late
    world.exclusion(BIG, "2026-01-12", pupil="P7", day6_start=date(2026, 1, 20))
    world.exclusion(BIG, "2026-01-12", str(ReviewOutcome.WITHDRAWN), pupil="P8")
    world.exclusion(BIG, "2025-09-08", pupil="P9")  # so long ago that it is the records that lack it
    for number, (source, received, decision) in enumerate(
        (
            ("fap", date(2026, 1, 9), None),  # 20 school days on is 6 February
            ("fap", date(2026, 1, 28), None),
            ("fap", date(2026, 1, 9), "accepted"),
            ("fap", date(2025, 12, 1), "waiting"),  # over
            ("school", date(2026, 1, 9), None),
        )
    ):
        world.save(
            "outreach_referrals",
            referral_id=f"R{number}",
            urn=BIG,
            source=source,
            received_date=received,
            decision=decision,
        )
    world.case(BIG, "2026-01-12")
    world.suspension(MIDDLE, "P10", "2026-02-03", 2)
    return world


def test_limits_count_pupils_that_they_are_near_for(limits: World) -> None:
    found = clocks(limits.records, LA, "2026-02-03")
    assert found is not None and found.on == date(2026, 2, 3)
    row = by_key(found.rows)[BIG]
    assert [row[clock.column] for clock in CLOCKS] == [1, 1, 2, 2]
    assert by_key(found.rows)[MIDDLE]["year_days"] == 0
    said = limits_said(found, found.rows)
    assert said.startswith("1 pupil near the 45 days of suspension that a year allows; 1 pupil near 15 days")
    assert said.endswith(", on 3 February 2026.")


def test_limits_of_few_pupils_are_hidden_and_none_is_shown(limits: World) -> None:
    limits.scope = HIDING
    found = clocks(limits.records, LA, "2026-02-03")
    assert found is not None
    row = by_key(found.rows)[BIG]
    assert all(clock.column in str(row["hidden"]).split() for clock in CLOCKS)
    assert by_key(found.rows)[MIDDLE]["day_6"] == 0
    assert (
        limits_said(found, found.rows) == "Some limits are near on 3 February 2026, for too few pupils to say how many."
    )


def test_a_panel_is_named_for_a_phase_or_a_district_and_lists_by_name() -> None:
    rows = pd.DataFrame(
        {
            "key": [1, 2, 3],
            "school_name": ["Zeal", "Acorn", "Moss"],
            "phase": ["secondary", "secondary", "primary"],
            "district": ["North", None, "North"],
            "steadied_ratio": [2.0, 1.0, 3.0],
            "band": ["much_higher", "in_line", "much_higher"],
            "hidden": "",
        }
    )
    assert [panel.label for panel in panels(rows)] == ["Secondary schools", "Primary schools", "Schools in North"]
    assert panels(rows, frozenset({"North"})) == (Panel("North"),)
    assert panels(rows, frozenset({"Elsewhere"})) == panels(rows)
    assert Panel("secondary").of(rows)["school_name"].tolist() == ["Acorn", "Zeal"]
    said = finding(Panel("North").of(rows), Panel("North"))
    assert said.startswith("2 of the 2 schools in North have far more suspensions than schools of their size and phase")
    assert said.endswith("Moss and Zeal. About 8 in 10 such schools stay above average.")
    none = Panel("secondary").of(rows.assign(band="in_line"))
    assert finding(none, Panel("secondary")).startswith("None of the 2 secondary schools has far more")
