"""The published file of Coventry and Warwickshire as the oracle: recomputed rates agree with the printed ones."""

import csv
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import Connection, create_engine
from sqlalchemy.pool import StaticPool

from access.scope import EVERYWHERE, Scope
from analysis import comparators, queries
from analysis.records import Records
from analysis.table import table_of
from data_model.metadata import metadata
from data_model.terms import Period
from loaders.published import load_published
from loaders.upload_record import Sender

FILE = Path(__file__).parents[1] / "published" / "exclusions_by_geographic_level_coventry_warwickshire.csv"
SCOPE = Scope(frozenset({331, 937}), full_figures=True)
PHASES = {"State-funded primary": "primary", "State-funded secondary": "secondary", "Special": "special"}
YEARS = ["201112", "201213", "201314", "201415", "201516", "201617"]
MEASURES = {
    "suspension_rate": ("fixed_excl", "fixed_excl_rate"),
    "one_plus_suspension_rate": ("one_plus_fixed", "one_plus_fixed_rate"),
    "permanent_exclusion_rate": ("perm_excl", "perm_excl_rate"),
}


@pytest.fixture(scope="module")
def connection() -> Iterator[Connection]:
    engine = create_engine("sqlite://", poolclass=StaticPool)
    metadata.create_all(engine)
    load_published(engine, FILE, FILE.name, Sender("tester", EVERYWHERE))
    with engine.connect() as connection:
        yield connection
    engine.dispose()


@pytest.fixture(scope="module")
def records(connection: Connection) -> Records:
    return queries.records(connection, SCOPE)


@pytest.fixture(scope="module")
def printed() -> list[dict[str, str]]:
    with FILE.open(encoding="ascii", newline="") as lines:
        return list(csv.DictReader(lines))


def _number(text: str) -> float | None:
    return float(text) if text.replace(".", "", 1).isdecimal() else None


@pytest.mark.parametrize("measure", MEASURES)
@pytest.mark.parametrize("year", YEARS)
def test_rates_of_schools_and_authorities_agree_with_the_printed_ones(
    records: Records, printed: list[dict[str, str]], measure: str, year: str
) -> None:
    count_column, rate_column = MEASURES[measure]
    schools = table_of(records, measure, "school", Period(year)).rows
    phases = table_of(records, measure, "phase", Period(year)).rows
    authorities = table_of(records, measure, "la", Period(year)).rows
    found = {(row.laestab, row.phase): row for row in schools.itertuples()}
    found |= {(row.la_code, row.phase): row for row in phases.itertuples()}
    found |= {(row.la_code, "total"): row for row in authorities.itertuples()}
    expected = [row for row in printed if row["time_period"] == year and row["geographic_level"] in _LEVELS]
    assert len(found) == len(expected) > 350
    for row in expected:
        mine = found[_key(row)]
        count, rate, headcount = (_number(row[name]) for name in (count_column, rate_column, "headcount"))
        assert (None if mine.count != mine.count else mine.count) == count
        assert mine.out_of == headcount
        if count is None or not headcount:
            assert mine.rate != mine.rate, "a withheld count or nobody on roll: no rate"
        elif rate is not None:
            assert mine.rate == pytest.approx(rate, abs=0.005 + 1e-9)


_LEVELS = ("School", "Local authority")


def _key(row: dict[str, str]) -> tuple[object, str]:
    phase = PHASES.get(row["school_type"], "total")
    return (int(row["laestab"]) if row["geographic_level"] == "School" else row["old_la_code"], phase)


def test_an_authoritys_figure_is_its_schools_with_each_x_1_or_2(records: Records) -> None:
    compared = 0
    for measure in MEASURES:
        for year in YEARS:
            schools = table_of(records, measure, "school", Period(year)).rows
            for row in table_of(records, measure, "phase", Period(year)).rows.dropna(subset=["count"]).itertuples():
                own = schools[schools["la_code"].eq(row.la_code) & schools["phase"].eq(row.phase)]["count"]
                withheld = int(own.isna().sum())
                assert own.sum() + withheld <= row.count <= own.sum() + 2 * withheld
                compared += 1
    assert compared > 90


def test_england_and_the_region_are_shown_as_printed(connection: Connection) -> None:
    table = comparators.comparators(connection, SCOPE, 331, "suspension_rate", Period("201617"), "secondary")
    rows = {row["area"]: (row["year"], row["rate"], row["source"]) for row in table.to_dict("records")}
    assert rows == {
        "England": ("201617", 9.4, comparators.STATISTICS),
        "West Midlands": ("201617", 8.87, comparators.STATISTICS),
    }


def test_a_later_period_is_compared_with_the_latest_published_year(connection: Connection) -> None:
    table = comparators.comparators(connection, SCOPE, 331, "one_plus_suspension_rate", Period("202526"))
    assert table["year"].tolist() == ["201617", "201617"]
    assert table["rate"].tolist() == [2.29, 2.42]


def test_a_term_that_was_never_published_says_so(connection: Connection) -> None:
    table = comparators.comparators(connection, SCOPE, 331, "suspension_rate", Period.parse("201617-AUT"))
    assert table["source"].tolist() == [comparators.NOT_PUBLISHED] * 2
    assert table["rate"].isna().all()
