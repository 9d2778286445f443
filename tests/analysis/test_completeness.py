"""What was sent and what was not, and what an authority is compared with."""

from datetime import date

import pytest
from sqlalchemy import insert
from worlds import LA, World

from analysis import comparators, completeness
from analysis.one_school import profile as school_profile
from data_model.published import ENGLAND, published_la_rates, statistical_neighbours
from data_model.terms import Period

pytestmark = pytest.mark.both_databases


@pytest.fixture
def authority(world: World) -> World:
    """Four schools: one sent rows, one a nil return, one nothing, and one was not open yet."""
    for urn in (900001, 900002, 900003):
        world.school(urn)
    world.school(900004, open_date=date(2025, 9, 1))
    world.suspension(900001, "P1", "2024-10-01")
    world.sent("suspensions", [900001], "202425", "AUT", rows=7)
    world.sent("suspensions", [900002], "202425", "AUT", rows=0)
    return world


def test_the_grid_says_what_each_school_sent(authority: World) -> None:
    grid = completeness.grid(authority.records, "suspensions", LA)
    assert grid["sent"].tolist() == ["rows", "nil", "nothing", "not_open"]
    assert grid["rows"].tolist() == [1, 0, 0, 0], "of the seven sent, one is saved"
    assert set(zip(grid["year"], grid["term"], strict=True)) == {("202425", "AUT")}
    assert school_profile.sent_by_term(authority.records, 900001, "suspensions")["rows"].tolist() == [1]


def test_a_nil_return_of_the_whole_authority_is_everyones(authority: World) -> None:
    authority.sent("suspensions", [0], "202425", "SPR", rows=0)
    grid = completeness.grid(authority.records, "suspensions", LA)
    assert grid.loc[grid["term"].eq("SPR"), "sent"].tolist() == ["nil", "nil", "nil", "not_open"]


def test_files_of_other_datasets_and_undone_ones_are_not_in_it(authority: World) -> None:
    authority.sent("attendance", [900003], "202425", "AUT")
    authority.sent("suspensions", [900003], "202425", "AUT", undone_at=date(2025, 1, 1))
    grid = completeness.grid(authority.records, "suspensions", LA)
    assert grid["sent"].tolist() == ["rows", "nil", "nothing", "not_open"]
    assert completeness.grid(authority.records, "attendance", LA)["sent"].tolist()[2] == "rows"


def test_terms_are_in_their_order(authority: World) -> None:
    for term in ("SUM", "SPR"):
        authority.sent("suspensions", [900001], "202324", term)
    grid = completeness.grid(authority.records, "suspensions", LA)
    assert list(dict.fromkeys(zip(grid["year"], grid["term"], strict=True))) == [
        ("202324", "SPR"),
        ("202324", "SUM"),
        ("202425", "AUT"),
    ]


def test_an_authority_that_sent_nothing_has_an_empty_grid(authority: World) -> None:
    assert completeness.grid(authority.records, "attendance", LA).empty
    assert completeness.grid(authority.records, "attendance", 331).empty


class TestComparators:
    """England, the region and statistical neighbours, as published."""

    @pytest.fixture
    def compared(self, world: World) -> World:
        """Coventry with two neighbours, one of them published for a later year."""
        for rank, code in enumerate((335, 373), start=1):
            row = {"la_code": 331, "rank": rank, "neighbour_code": code, "upload_id": 0}
            world.connection.execute(insert(statistical_neighbours).values(row))
        self.rate(world, ENGLAND, "country", "202223", 9.3)
        self.rate(world, ENGLAND, "country", "202324", 11.3)
        self.rate(world, "335", "la", "202223", 8.0, la_code=335)
        self.rate(world, "373", "la", "202223", 10.0, la_code=373)
        self.rate(world, "373", "la", "202324", 12.0, la_code=373)
        return world

    @staticmethod
    def rate(world: World, code: str, level: str, year: str, value: float, **cells: object) -> None:
        row = {"measure": "suspension_rate", "phase": "total", "area_code": code, "academic_year": year}
        row |= {"geographic_level": level, "area_name": code, "value": value, "upload_id": 0, **cells}
        world.connection.execute(insert(published_la_rates).values(row))

    def rows(self, world: World, period: str, la: int = 331) -> dict[str, tuple[object, ...]]:
        table = comparators.comparators(world.connection, world.scope, la, "suspension_rate", Period.parse(period))
        cells = table.astype(object).where(table.notna(), None)
        return {
            row["kind"] + " " + row["area"]: (row["year"], row["rate"], row["source"])
            for row in cells.to_dict("records")
        }

    def test_the_latest_year_up_to_the_periods_is_shown_with_its_year(self, compared: World) -> None:
        assert self.rows(compared, "202526")["country England"] == ("202324", 11.3, comparators.LA_TOOL)
        assert self.rows(compared, "202223")["country England"] == ("202223", 9.3, comparators.LA_TOOL)
        assert self.rows(compared, "202122")["country England"] == (None, None, comparators.NOT_PUBLISHED)

    def test_neighbours_are_averaged_within_one_year(self, compared: World) -> None:
        before = self.rows(compared, "202223")
        assert before["neighbours Mean of 2 of 2 statistical neighbours"][:2] == ("202223", 9.0)
        after = self.rows(compared, "202324")
        assert after["neighbours Mean of 1 of 2 statistical neighbours"][:2] == ("202324", 12.0)
        assert after["neighbour Walsall"][:2] == ("202223", 8.0)

    def test_the_fuller_publication_comes_first_and_is_named(self, compared: World) -> None:
        compared.published("country", ENGLAND, "total", "202324", suspension_rate=11.31)
        assert self.rows(compared, "202324")["country England"] == ("202324", 11.31, comparators.STATISTICS)

    def test_a_term_is_compared_with_that_term_alone(self, compared: World) -> None:
        compared.published("country", ENGLAND, "total", "202425", "AUT", suspension_rate=4.02)
        assert self.rows(compared, "202526-AUT")["country England"] == ("202425", 4.02, comparators.STATISTICS)
        assert self.rows(compared, "202526-SPR")["country England"][2] == comparators.NOT_PUBLISHED

    def test_the_fictional_authority_has_england_alone(self, compared: World) -> None:
        assert list(self.rows(compared, "202324", LA)) == ["country England"]


def test_rows_that_were_sent_again_count_once(world: World) -> None:
    world.school(900001)
    for day in ("2024-10-01", "2024-10-02", "2024-10-03"):
        world.suspension(900001, "P1", day)
    for rows in (3, 3, 1):
        world.sent("suspensions", [900001], "202425", "AUT", rows=rows)
    assert completeness.grid(world.records, "suspensions", LA)["rows"].tolist() == [3]


def test_a_nil_return_after_rows_that_are_gone_is_a_nil_return(world: World) -> None:
    world.school(900001)
    world.sent("suspensions", [900001], "202425", "AUT", rows=3)
    world.sent("suspensions", [900001], "202425", "AUT", rows=0)
    assert completeness.grid(world.records, "suspensions", LA)["sent"].tolist() == ["nil"]
