"""What a measure's table has rows for, what it divides by, where it comes from, and what it says about itself."""

from datetime import date

import pytest
from worlds import LA, World

from analysis.every_school.figures import every_school
from analysis.measures import MEASURES
from analysis.overview.figures import headlines
from analysis.table import COLUMNS
from data_model.terms import Period

pytestmark = pytest.mark.both_databases

PRIMARY, SECONDARY = 900001, 900002


@pytest.fixture
def authority(world: World) -> World:
    """A primary with a headcount and a suspension in every term of 2024/25, and a secondary with a headcount."""
    world.school(PRIMARY, "primary")
    world.school(SECONDARY, "secondary")
    for census in ("AUT", "SPR", "SUM"):
        world.roll(PRIMARY, 200, census=census)
        world.roll(SECONDARY, 1000, census=census)
    for day in ("2024-10-01", "2025-02-03", "2025-06-02"):
        world.suspension(PRIMARY, "P1", day)
    return world


def test_the_columns_are_the_promised_ones_in_every_table(authority: World) -> None:
    for measure in MEASURES:
        for by in ("school", "phase", "la"):
            for period in ("202425", "202425-AUT", "199900"):
                rows = authority.table(measure, by, period).rows
                assert {name: str(kind) for name, kind in rows.dtypes.items()} == COLUMNS | {"hidden": "str"}


def test_a_school_row_says_which_school(authority: World) -> None:
    assert authority.rows("suspension_rate", period="202425-AUT")[0] == {
        "la_code": "999",
        "la_name": "Larkshire (fictional)",
        "urn": PRIMARY,
        "laestab": 9990001,
        "school_name": "School 900001",
        "phase": "primary",
        "year": "202425",
        "term": "AUT",
        "count": 1,
        "out_of": 200,
        "rate": 0.5,
        "source": "local",
        "hidden": "",
    }


def test_unused_cells_are_missing(authority: World) -> None:
    row = authority.rows("suspension_rate", "la")[0]
    assert [name for name, value in row.items() if value is None] == ["urn", "laestab", "school_name", "phase", "term"]


def test_without_a_headcount_the_count_stands_and_there_is_no_rate(authority: World) -> None:
    authority.school(900003, "special")
    authority.suspension(900003, "P2", "2024-10-01")
    assert authority.figures("suspension_rate")[900003] == (1, None, None)


def test_a_headcount_of_0_gives_no_rate(authority: World) -> None:
    authority.school(900003, "special")
    authority.roll(900003, 0)
    authority.suspension(900003, "P2", "2024-10-01")
    assert authority.figures("suspension_rate")[900003] == (1, 0, None)


@pytest.mark.parametrize(
    ("cells", "is_missed"),
    [
        ({}, True),
        ({"status": "open_proposed_close"}, True),
        ({"open_date": date(2025, 1, 16)}, True),  # the census is on that day: the third Thursday of January
        ({"open_date": date(2025, 1, 17)}, False),
        ({"close_date": date(2025, 1, 17), "status": "closed"}, True),
        ({"close_date": date(2025, 1, 16), "status": "closed"}, False),
        ({"status": "closed"}, False),
        ({"status": "proposed_open"}, False),
    ],
)
def test_a_school_open_at_the_census_without_a_headcount_leaves_its_phase_without_a_rate(
    authority: World, cells: dict[str, object], is_missed: bool
) -> None:
    authority.school(900003, "primary", **cells)
    phases = authority.figures("suspension_rate", "phase")
    assert phases["primary"] == ((3, None, None) if is_missed else (3, 200, 1.5))
    assert phases["secondary"] == (0, 1000, 0)
    assert authority.figures("suspension_rate", "la")["999"] == ((3, None, None) if is_missed else (3, 1200, 0.25))
    note = "No denominator: School 900003 (900003) has not a headcount at the January census of 2024/25."
    assert (note in authority.table("suspension_rate", "la").notes) is is_missed


def test_a_school_without_events_has_0(authority: World) -> None:
    assert authority.figures("suspension_rate")[SECONDARY] == (0, 1000, 0)


def test_a_term_that_was_not_loaded_has_no_rows_and_says_so(authority: World) -> None:
    table = authority.table("suspension_rate", period="202526-AUT", source="local")
    assert table.rows.empty
    assert table.notes == ("No suspensions are loaded for Autumn 2025/26.",)


def test_a_nil_return_makes_0_known(authority: World) -> None:
    authority.sent("suspensions", [0], "202526", "AUT", rows=0)
    authority.roll(PRIMARY, 200, "202526", "AUT")
    assert authority.figures("suspension_rate", period="202526-AUT")[PRIMARY] == (0, 200, 0)


def test_rare_events_are_0_in_a_term_between_two_that_have_some(authority: World) -> None:
    authority.exclusion(SECONDARY, "2024-10-01")
    authority.exclusion(SECONDARY, "2025-06-02", pupil="P2")
    assert authority.figures("permanent_exclusion_rate", period="202425-SPR")[SECONDARY] == (0, 1000, 0)


def test_the_years_first_term_alone_says_that_the_year_is_not_over(world: World) -> None:
    world.school(PRIMARY)
    world.suspension(PRIMARY, "P1", "2025-10-14")
    assert (
        "The data ends on 14 October 2025, before 2025/26 does."
        in world.table("suspension_rate", period="202526").notes
    )


def test_a_year_without_one_of_its_terms_says_so(world: World) -> None:
    world.school(PRIMARY)
    world.suspension(PRIMARY, "P1", "2024-06-03")
    of_summer = world.table("suspension_rate", period="202324-SUM").notes
    assert not any("too low" in note for note in of_summer)
    without = "No suspensions are loaded for Autumn 2023/24 and Spring 2023/24: the figures of 2023/24 are too low."
    assert without in world.table("suspension_rate", period="202324").notes
    world.suspension(PRIMARY, "P1", "2023-10-02")
    world.suspension(PRIMARY, "P1", "2024-10-01")
    assert "No suspensions are loaded for Spring 2023/24: the figures of 2023/24 are too low." in (
        world.table("suspension_rate", period="202324").notes
    )
    of_2024 = world.table("suspension_rate", period="202425").notes
    assert not any("too low" in note for note in of_2024), "its spring is still to come"
    before = [each for each in headlines(world.records, LA, Period("202425")).notes if "too low" in each]
    assert before == ["No suspensions are loaded for Spring 2023/24: the figures of 2023/24 are too low."]
    assert before[0] in every_school(world.records, LA, "suspension_rate", Period("202425")).notes


def test_schools_that_are_in_no_file_are_counted_in_a_note(authority: World) -> None:
    authority.sent("suspensions", [PRIMARY], "202425", "AUT")
    notes = authority.table("suspension_rate", period="202425-AUT").notes
    assert "1 of 2 schools are in the suspensions loaded for Autumn 2024/25; the others count as 0." in notes
    assert not any("count as 0" in note for note in authority.table("suspension_rate", period="202425-SPR").notes)


def test_an_upload_that_was_undone_sent_nothing(authority: World) -> None:
    authority.sent("suspensions", [PRIMARY], "202425", "AUT", undone_at=date(2025, 1, 1))
    assert not any("count as 0" in note for note in authority.table("suspension_rate", period="202425-AUT").notes)


def test_schools_are_listed_while_they_are_open(authority: World) -> None:
    authority.school(900003, open_date=date(2025, 8, 1))
    authority.school(900004, close_date=date(2024, 7, 31), status="closed")
    authority.school(900005, close_date=date(2024, 8, 1), status="closed")
    authority.school(900006, status="proposed_open")
    assert list(authority.figures("suspension_rate")) == [PRIMARY, SECONDARY, 900005]


def test_a_phase_can_be_chosen(authority: World) -> None:
    assert list(authority.figures("suspension_rate", phase="primary")) == [PRIMARY]
    assert list(authority.figures("suspension_rate", "phase", phase="primary")) == ["primary"]
    assert authority.figures("suspension_rate", "la", phase="primary")["999"] == (3, 200, 1.5)


class TestProvisional:
    """Until January's census the latest headcount serves, and says that it does."""

    @pytest.fixture
    def autumn(self, authority: World) -> World:
        authority.suspension(PRIMARY, "P1", "2025-10-07")
        return authority

    def test_the_latest_headcount_of_each_school_serves(self, autumn: World) -> None:
        autumn.roll(SECONDARY, 1100, "202526", "AUT")
        rows = {row["urn"]: row for row in autumn.rows("suspension_rate", period="202526")}
        assert [rows[urn]["out_of"] for urn in (PRIMARY, SECONDARY)] == [200, 1100]
        assert {row["source"] for row in rows.values()} == {"local (provisional)"}
        note = "Until a January headcount of 2025/26 is loaded, each school's latest stands in."
        assert note in autumn.table("suspension_rate", period="202526").notes

    def test_a_term_takes_its_own_census_where_anyone_has_it(self, autumn: World) -> None:
        autumn.roll(SECONDARY, 1100, "202526", "AUT")
        rows = autumn.rows("suspension_rate", period="202526-AUT")
        assert [(row["out_of"], row["source"]) for row in rows] == [(None, "local"), (1100, "local")]

    def test_schools_that_have_closed_have_no_part_in_it(self, autumn: World) -> None:
        gone = autumn.school(900003, close_date=date(2025, 8, 31), status="closed")
        autumn.roll(gone, 500, "202425", "SUM")
        assert autumn.figures("suspension_rate", "phase", "202526")["primary"] == (1, 200, 0.5)

    def test_it_ends_with_the_first_january_headcount(self, autumn: World) -> None:
        autumn.roll(SECONDARY, 1100, "202526", "SPR")
        rows = autumn.rows("suspension_rate", period="202526")
        assert [(row["out_of"], row["source"]) for row in rows] == [(None, "local"), (1100, "local")]

    def test_an_earlier_year_is_never_stood_in_for(self, autumn: World) -> None:
        autumn.suspension(PRIMARY, "P1", "2023-10-03")
        assert autumn.figures("suspension_rate", period="202324")[PRIMARY] == (1, None, None)


class TestPlacements:
    """Placements in alternative provision."""

    def test_one_without_a_home_school_is_the_authoritys_alone(self, authority: World) -> None:
        unit = authority.school(900003, "ap")
        authority.placement(PRIMARY, "2024-10-01")
        authority.placement(None, "2024-10-01", provider_urn=unit)
        authority.placement(None, "2024-10-01", setting_type="OOT")
        assert authority.figures("ap_open_tier_2")[PRIMARY] == (1, 200, 5)
        assert authority.figures("ap_open_tier_2", "phase")["ap"][0] == 0
        assert authority.figures("ap_open_tier_2", "la")["999"] == (3, 1200, 2.5)

    @pytest.mark.parametrize(("end", "is_open"), [(None, 1), ("2024-12-31", 1), ("2025-01-01", 1), ("2024-12-30", 0)])
    def test_it_is_open_up_to_its_last_day(self, authority: World, end: str | None, is_open: int) -> None:
        authority.placement(PRIMARY, "2024-10-01", end)
        assert authority.figures("ap_open_tier_2", period="202425-AUT")[PRIMARY][0] == is_open

    def test_now_is_the_last_day_in_the_data(self, authority: World) -> None:
        authority.placement(PRIMARY, "2024-10-01", "2025-06-10")
        authority.placement(PRIMARY, "2025-06-15")
        assert authority.figures("ap_open_tier_2", period="202425")[PRIMARY][0] == 1


class TestSources:
    """Each authority's figures come from one source."""

    @pytest.fixture
    def both(self, authority: World) -> World:
        """Published figures of the same LA for 2023/24 and 2024/25, and of another LA without any data of its own."""
        for year in ("202324", "202425"):
            printed = {"headcount": 210.0, "suspensions": 9.0, "pupils_suspended": 6.0, "permanent_exclusions": 1.0}
            school = {"la_code": 999, "laestab": 9990001, "urn": PRIMARY, "school_name": "School 900001"}
            authority.published("school", "9990001", "primary", year, **printed, **school)
            authority.published("la", "999", "primary", year, la_code=999, **printed)
            authority.published("la", "999", "total", year, la_code=999, **(printed | {"headcount": 1300.0}))
            authority.published("la", "331", "total", year, la_code=331, **(printed | {"headcount": 900.0}))
        return authority

    def test_local_where_it_is_loaded_else_published(self, both: World) -> None:
        rows = both.rows("suspension_rate", "la")
        assert [(row["la_code"], row["source"], row["count"]) for row in rows] == [
            ("331", "published", 9),
            ("999", "local", 3),
        ]
        assert [row["source"] for row in both.rows("suspension_rate", "la", "202324")] == ["published", "published"]

    def test_a_measure_whose_data_is_not_loaded_is_published(self, both: World) -> None:
        assert both.rows("permanent_exclusion_rate", la=999)[0]["source"] == "published"

    def test_the_source_can_be_forced(self, both: World) -> None:
        assert both.figures("suspension_rate", source="published")[PRIMARY] == (9, 210, pytest.approx(900 / 210))
        assert both.rows("suspension_rate", "la", source="local", la=331) == []

    def test_an_la_is_its_own_published_row_and_a_phase_too(self, both: World) -> None:
        assert both.figures("suspension_rate", "la", source="published", la=999)["999"][:2] == (9, 1300)
        assert both.figures("suspension_rate", "phase", source="published", la=999) == {
            "primary": (9, 210, pytest.approx(900 / 210))
        }

    def test_suspensions_per_suspended_pupil_is_worked_out(self, both: World) -> None:
        assert both.figures("average_suspensions", source="published")[PRIMARY] == (9, 6, 1.5)

    def test_a_withheld_figure_is_missing_and_never_0(self, both: World) -> None:
        both.published(
            "school", "9990009", "primary", la_code=999, laestab=9990009, headcount=90, suspensions_marker="x"
        )
        table = both.table("suspension_rate", period="202324", la=999)
        row = table.rows[table.rows["laestab"].eq(9990009)].iloc[0]
        assert (row["out_of"], row["count"] > 0, row["rate"] > 0) == (90, False, False)
        assert "1 of 2 figures are withheld by DfE or not available." in table.notes

    @pytest.mark.parametrize("measure", [name for name, measure in MEASURES.items() if not measure.published])
    def test_what_dfe_does_not_publish_has_no_rows(self, both: World, measure: str) -> None:
        table = both.table(measure, "la", "202324", la=999, source="published")
        assert table.rows.empty
        assert table.notes == ("DfE does not publish this measure for local authorities.",)

    def test_notes_name_the_authority_where_there_are_several(self, both: World) -> None:
        notes = both.table("days_lost_rate", "la", "202324").notes
        assert "Coventry: No suspensions are loaded for 2023/24." in notes


class TestOutreachCoverage:
    """The schools in the top fifth of their phase, and how many had outreach."""

    @pytest.fixture
    def ranked(self, world: World) -> World:
        """Six primaries whose rates rise with their number: the top fifth is the last two."""
        for number in range(1, 7):
            world.school(900000 + number)
            world.roll(900000 + number, 100)
            for pupil in range(number - 1):
                world.suspension(900000 + number, f"P{pupil}", "2024-10-01")
        return world

    def test_without_outreach_data_there_is_no_figure(self, ranked: World) -> None:
        table = ranked.table("outreach_coverage", "la")
        assert table.rows.empty
        assert table.notes == ("No suspensions and outreach cases are loaded for 2024/25.",)

    def test_a_case_that_is_open_or_a_contact_reaches_a_school(self, ranked: World) -> None:
        ranked.case(900006, "2024-09-10")
        assert ranked.figures("outreach_coverage", "la", "202425")["999"] == (1, 2, 50)
        ranked.contact(900005, "2025-03-03")
        assert ranked.figures("outreach_coverage", "la", "202425")["999"] == (2, 2, 100)

    def test_a_case_that_closed_without_a_contact_does_not(self, ranked: World) -> None:
        ranked.case(900006, "2024-05-01", "2024-09-20")
        ranked.case(900001, "2024-10-01")
        assert ranked.figures("outreach_coverage", "la", "202425")["999"] == (0, 2, 0)

    def test_a_contact_counts_for_the_school_of_its_case(self, ranked: World) -> None:
        case = ranked.case(900006, "2023-01-10", "2023-02-10")
        ranked.contact(None, "2024-11-11", case)
        assert ranked.figures("outreach_coverage", "la", "202425")["999"] == (1, 2, 50)

    def test_schools_outside_the_top_fifth_have_no_figure(self, ranked: World) -> None:
        ranked.contact(900001, "2024-11-11")
        figures = ranked.figures("outreach_coverage")
        assert figures[900001] == (None, None, None)
        assert figures[900006] == (0, 1, 0)
