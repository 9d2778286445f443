"""One school's figures in the shape of its page, and the sentences above its charts."""

import pandas as pd
import pytest
from worlds import LA, World

from analysis.every_school.figures import NO_RATE, SMALL
from analysis.measures import SUSPENSION_RATE
from analysis.one_school import context as school_context
from analysis.one_school import profile as school_profile
from analysis.one_school import sentences as school_sentences
from analysis.one_school import views as school_views
from data_model.terms import Period, Term

SCHOOL, OTHER = 900001, 900002
YEAR = Period("202425")


@pytest.fixture
def authority(world: World) -> World:
    """Two secondaries: one with 10 suspensions of 4 pupils in 2024/25 and 5 the year before, and one with 2."""
    for urn in (SCHOOL, OTHER):
        world.school(urn, "secondary")
        for year in ("202324", "202425"):
            world.roll(urn, 100, year=year)
    for pupil, times in (("P1", 6), ("P2", 2), ("P3", 1), ("P4", 1)):
        for number in range(times):
            world.suspension(SCHOOL, pupil, f"2024-10-{number + 1:02}", ncyg="9", sen_provision="K")
    for number in range(5):
        world.suspension(SCHOOL, f"P{number}", "2023-10-02")
    for number in range(2):
        world.suspension(OTHER, f"P{number}", "2025-07-28", ncyg="8")
    return world


def _over_time(authority: World, by_term: bool = False) -> pd.DataFrame:
    return school_views.over_time(authority.records, SCHOOL, by_term, SUSPENSION_RATE.id)


def test_the_context_is_a_line(world: World) -> None:
    world.school(
        SCHOOL,
        "secondary",
        establishment_type="Academy converter",
        trust_name="Larkfield Trust",
        admissions_policy="Selective",
        low_age=11,
        high_age=18,
        capacity=1200,
        district="North",
        status="open",
        predecessor_urn=OTHER,
        link_type="converter",
    )
    world.roll(SCHOOL, 1000)
    assert school_context.context(world.records, SCHOOL) == (
        "Secondary · Academy converter, Larkfield Trust · Selective · ages 11 to 18 · 1,000 pupils (January census "
        "2024/25), room for 1,200 · North district · converted from URN 900002 (one school: its figures go on) "
        "· URN 900001, LAESTAB 9990001"
    )


def test_what_is_not_known_is_left_out(world: World) -> None:
    world.school(SCHOOL, "special")
    assert school_context.context(world.records, SCHOOL) == (
        "Special · Academies · no headcount loaded · URN 900001, LAESTAB 9990001"
    )


def test_a_school_beside_its_phase_and_the_year_before(authority: World) -> None:
    table = _over_time(authority)
    assert table["label"].tolist() == ["2023/24", "2024/25"]
    assert school_sentences.over_time(table, SUSPENSION_RATE) == (
        "10 suspensions per 100 pupils in 2024/25 (count 10); its phase had 6; in 2023/24 it was 5."
    )
    lines = school_views.lines(table, "Larkfield", "Secondary")
    assert lines.groupby("line")["rate"].apply(list).to_dict() == {
        "All secondary schools": [2.5, 6],
        "Larkfield": [5, 10],
    }


def test_sources_never_share_a_line(authority: World) -> None:
    cells = {"la_code": LA, "laestab": 9990001, "urn": SCHOOL, "suspensions": 9.0, "headcount": 100.0}
    authority.published("school", "9990001", "secondary", "202425", **cells)
    lines = school_views.lines(_over_time(authority), "Larkfield", "Secondary")
    assert set(lines["line"]) == {
        "Larkfield (notified)",
        "All secondary schools (notified)",
        "Larkfield (DfE)",
        "All secondary schools (DfE)",
    }
    table = school_views.reconciled(authority.records, SCHOOL)
    assert table.empty, "the year's other terms are not loaded"
    assert school_sentences.reconciled(table).startswith("Nothing to reconcile")


def test_notified_and_published_side_by_side(authority: World) -> None:
    authority.suspension(SCHOOL, "P1", "2025-02-03")
    cells = {"la_code": LA, "laestab": 9990001, "urn": SCHOOL, "suspensions": 9.0, "pupils_suspended": 4.0}
    authority.published("school", "9990001", "secondary", "202425", "AUT", **cells)
    table = school_views.reconciled(authority.records, SCHOOL)
    found = table.set_index("measure").loc[["Suspensions", "Pupils"], ["local", "published", "difference"]]
    assert found.to_numpy().tolist() == [[10, 9, 1], [4, 4, 0]]
    assert school_sentences.reconciled(table) == "Notified and published figures differ in 1 of 2 cases."


def test_without_a_headcount_there_is_a_count_and_no_rate(world: World) -> None:
    world.school(SCHOOL, "secondary")
    for number in range(6):
        world.suspension(SCHOOL, f"P{number}", "2024-10-01")
    table = school_views.over_time(world.records, SCHOOL, measure=SUSPENSION_RATE.id)
    assert table["note"].tolist() == [NO_RATE]
    assert school_sentences.over_time(table, SUSPENSION_RATE) == (
        "No denominator: there are counts but no headcount, so no suspension rate."
    )
    tile = school_views.tiles(world.records, SCHOOL, YEAR).loc["suspension_rate"]
    assert school_sentences.tile(tile) == ("6", NO_RATE)


def test_tiles_stand_beside_the_phase_and_small_numbers_do_not(authority: World) -> None:
    tiles = school_views.tiles(authority.records, SCHOOL, YEAR).set_index("label")
    said = {label: school_sentences.tile(tile) for label, tile in tiles.iterrows()}
    assert said["Suspensions"] == ("10", "10 per 100 pupils; phase 6")
    assert tiles.loc["Pupils suspended", "note"] == SMALL
    assert said["Pupils suspended"] == ("4", "small number: one child can move it")
    assert said["Outreach cases open now"] == ("not loaded", "")


def test_the_school_beside_its_phase_in_a_sentence(authority: World) -> None:
    tiles = school_views.tiles(authority.records, SCHOOL, YEAR)
    said = school_sentences.beside_phase(tiles, "Secondary", YEAR)
    assert said == f"10 suspensions per 100 pupils in {YEAR.label}; all secondary schools had 6."
    tiles.loc["suspension_rate", "note"] = SMALL
    assert school_sentences.beside_phase(tiles, "Secondary", YEAR) == f"{YEAR.label}, beside all secondary schools"


def test_what_is_open_now(authority: World) -> None:
    authority.case(SCHOOL, "2025-06-02")
    authority.case(SCHOOL, "2025-01-06", "2025-03-03")
    authority.placement(SCHOOL, "2025-06-02")
    tiles = school_views.tiles(authority.records, SCHOOL, YEAR).set_index("label")["count"]
    assert tiles[["AP placements open now", "Outreach cases open now"]].tolist() == [1, 1]
    outreach = school_views.outreach_by_term(authority.records, SCHOOL)
    assert school_sentences.outreach(outreach) == (
        "No outreach contact with this school since Spring 2024/25: no referral and 2 cases."
    )
    authority.contact(SCHOOL, "2025-06-03")
    outreach = school_views.outreach_by_term(authority.records, SCHOOL)
    assert school_sentences.outreach(outreach) == "1 outreach case is open; 1 contact (0.50 hours) in Summer 2024/25."
    placed = school_profile.placements(authority.records, SCHOOL, YEAR)
    assert school_sentences.placements(placed, YEAR) == "1 placement is open; 1 started in 2024/25."


def test_repeats_and_profiles_in_sentences(authority: World) -> None:
    bands = school_profile.repeat_bands(authority.records, SCHOOL, YEAR)
    assert school_sentences.repeats(bands) == (
        "1 pupil suspended five times or more had 6 of the 10 suspensions (60%)."
    )
    years = school_profile.breakdown(authority.records, SCHOOL, YEAR, "ncyg")
    said = school_sentences.most_of(years, "label", "suspensions", "suspensions")
    assert said == "Year 9: 10 of the 10 suspensions (100%; phase 83%)."
    needs = school_profile.breakdown(authority.records, SCHOOL, YEAR, "sen_provision")
    assert school_sentences.of_those(needs, ("K", "E"), "Pupils with SEN support or a plan") == (
        "Pupils with SEN support or a plan: 10 of the 10 suspensions (100%; phase 83%)."
    )
    meals = school_profile.breakdown(authority.records, SCHOOL, YEAR, "fsm6")
    assert school_sentences.of_those(meals, ("Y",), "Free school meals") == (
        "Free school meals: not known of any pupil suspended here."
    )


def test_nobody_suspended_often(authority: World) -> None:
    bands = school_profile.repeat_bands(authority.records, OTHER, YEAR)
    assert school_sentences.repeats(bands) == "No pupil was suspended five times or more; 2 of 2 pupils once."


def test_too_few_suspensions_are_not_split(authority: World) -> None:
    assert school_sentences.too_few(5, YEAR) == ""
    assert school_sentences.too_few(1, YEAR) == (
        "1 suspension in 2024/25: fewer than 5 say nothing about who is suspended or for what."
    )
    assert school_sentences.too_few(0, YEAR).startswith("No suspensions in 2024/25")


def test_exclusions_by_year_and_status(authority: World) -> None:
    assert school_sentences.exclusions(school_views.exclusions(authority.records, SCHOOL)) == (
        "No permanent exclusion by this school is loaded."
    )
    for number, (day, outcome) in enumerate((("2023-11-06", "ANO"), ("2024-11-04", "ANO"), ("2024-11-05", "FRE"))):
        authority.exclusion(SCHOOL, day, outcome, pupil=f"X{number}")
    table = school_views.exclusions(authority.records, SCHOOL)
    assert table["year"].tolist() == ["2024/25", "2024/25", "2023/24"]
    assert school_sentences.exclusions(table) == ("3 permanent exclusions since 2023/24: 2 upheld and 1 reinstated.")


def test_what_was_sent(authority: World) -> None:
    terms = [("AUT", 10), ("SPR", 0)]
    for term, rows in terms:
        authority.sent("suspensions", [SCHOOL], "202425", term, rows)
    authority.sent("suspensions", [OTHER], "202425", "SUM")
    every = school_views.sent(authority.records, LA)
    own = every[every["urn"].eq(SCHOOL)]
    assert school_sentences.sent(own) == "The school is in the suspensions files for 2 of the last 3 terms."
    wide = school_views.sent_by_dataset(own).set_index("dataset").loc["Suspensions"]
    assert wide.to_dict() == {
        "Autumn 2024/25": "10 rows",
        "Spring 2024/25": "nil return",
        "Summer 2024/25": "nothing",
    }
    assert school_sentences.sent(own.iloc[:0]) == "No file says what this school sent."


def test_a_school_that_is_only_published(world: World) -> None:
    for level, code, count in (("school", "3312000", 6.0), ("la", "331", 40.0)):
        cells = {"la_code": 331, "laestab": 3312000 if level == "school" else None, "suspensions": count}
        world.published(level, code, "primary", "201617", headcount=100.0, **cells)
    table = school_views.over_time(world.records, 3312000, measure=SUSPENSION_RATE.id)
    assert school_sentences.over_time(table, SUSPENSION_RATE) == (
        "6 suspensions per 100 pupils in 2016/17 (count 6); its phase had 40."
    )
    tiles = school_views.tiles(world.records, 3312000, Period("201617"))
    assert tiles.loc["suspension_rate", ["count", "phase_rate"]].tolist() == [6, 40]
    assert school_views.tiles(world.records, 3312000, Period("201617", Term.AUT))["count"].isna().all()
