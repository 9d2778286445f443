"""The real Coventry and Warwickshire file, unchanged: what DfE published is what is kept."""

import csv
import hashlib
from collections.abc import Iterator
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path

import pandas as pd
import pytest
from desk import NewDatabase, newest_schema
from sqlalchemy import Engine, create_engine, select, text

from access.scope import EVERYWHERE
from data_model.published import COUNTS, RATES, published_statistics
from data_model.store import connect, reading
from data_model.uploads import uploads
from loaders.issues import Unreadable
from loaders.published import KINDS, PublishedReport, load_published, recognise
from loaders.upload_record import Sender

pytestmark = pytest.mark.both_databases

FILES = Path(__file__).parents[1] / "published"
COVENTRY_WARWICKSHIRE = FILES / "exclusions_by_geographic_level_coventry_warwickshire.csv"


@pytest.fixture(scope="module")
def engine(shared_database: NewDatabase) -> Iterator[Engine]:
    engine = connect(shared_database(newest_schema))
    yield engine
    engine.dispose()


@pytest.fixture(scope="module")
def report(engine: Engine) -> PublishedReport:
    return load_published(engine, COVENTRY_WARWICKSHIRE, COVENTRY_WARWICKSHIRE.name, Sender("tester", EVERYWHERE))


@pytest.fixture(scope="module")
def saved(engine: Engine, report: PublishedReport) -> pd.DataFrame:
    with reading(engine) as connection:
        return pd.DataFrame(connection.execute(select(published_statistics)).mappings().all())


@pytest.fixture(scope="module")
def source() -> list[dict[str, str]]:
    with COVENTRY_WARWICKSHIRE.open(encoding="ascii", newline="") as lines:
        return list(csv.DictReader(lines))


def test_every_row_of_the_file_is_kept(report: PublishedReport) -> None:
    assert report.kind == "older_statistics"
    assert (report.rows, report.accepted, report.rejected, report.new) == (2206, 2206, 0, 2206)
    assert report.issues == ()
    assert report.sha256 == hashlib.sha256(COVENTRY_WARWICKSHIRE.read_bytes()).hexdigest()


def test_each_number_is_kept_as_printed_and_each_marker_as_a_marker(
    saved: pd.DataFrame, source: list[dict[str, str]]
) -> None:
    theirs = {
        "headcount": "headcount",
        "permanent_exclusions": "perm_excl",
        "suspensions": "fixed_excl",
        "pupils_suspended": "one_plus_fixed",
        "permanent_exclusion_rate": "perm_excl_rate",
        "suspension_rate": "fixed_excl_rate",
        "one_plus_rate": "one_plus_fixed_rate",
    }
    by_key = {(row.area_code, row.phase, row.academic_year): row for row in saved.itertuples()}
    for row in source:
        area = row["laestab"] or row["old_la_code"] or row["region_code"] or row["country_code"]
        kept = by_key[area, row["school_type"].removeprefix("State-funded ").lower(), row["time_period"]]
        for ours, header in theirs.items():
            value, marker = getattr(kept, ours), getattr(kept, f"{ours}_marker")
            if row[header] in ("x", "."):
                assert pd.isna(value)
                assert marker == row[header]
            else:
                assert value == float(row[header])
                assert pd.isna(marker)


def test_rates_recomputed_from_the_counts_are_the_published_ones(source: list[dict[str, str]]) -> None:
    """An oracle of its own: exact decimals, DfE's rounding half up to two places, one row at a time."""
    compared = 0
    for row in source:
        if row["geographic_level"] in ("Regional", "National"):
            continue
        for count, rate in (("perm_excl", "perm_excl_rate"), ("fixed_excl", "fixed_excl_rate")):
            if "x" not in (row[count], row[rate]) and row["headcount"] != "0":
                exact = Decimal(row[count]) / Decimal(row["headcount"]) * 100
                assert exact.quantize(Decimal("0.01"), ROUND_HALF_UP) == Decimal(row[rate])
                compared += 1
    assert compared > 3_500


def test_no_headcount_no_rate(saved: pd.DataFrame) -> None:
    empty = saved[saved["headcount"] == 0]
    assert len(empty) == 7
    assert empty[list(RATES)].isna().all(axis=None)
    assert (empty["suspension_rate_marker"] == ".").all()


def test_rates_above_100_and_rounded_national_figures_stand_as_published(saved: pd.DataFrame) -> None:
    assert (saved["suspension_rate"] > 100).sum() == 6
    england = saved.query("geographic_level == 'country' and academic_year == '201617' and phase == 'total'").iloc[0]
    assert (england["suspensions"], england["suspension_rate"]) == (381_865, 4.76)
    assert england["area_code"] == "E92000001"
    assert pd.isna(england["la_code"])


@pytest.mark.parametrize("count", COUNTS)
def test_la_figures_are_the_sum_of_their_schools_with_each_x_one_or_two(saved: pd.DataFrame, count: str) -> None:
    schools = saved[saved["geographic_level"] == "school"]
    las = saved[(saved["geographic_level"] == "la") & (saved["phase"] != "total")]
    assert len(las) == 36
    for la in las.itertuples():
        own = schools.query("la_code == @la.la_code and phase == @la.phase and academic_year == @la.academic_year")
        assert len(own) == la.num_schools
        hidden = int((own[f"{count}_marker"] == "x").sum())
        known = own[count].sum()
        figure = getattr(la, count)
        if pd.isna(figure):
            assert getattr(la, f"{count}_marker") == "x"
            assert known + hidden <= 2
        else:
            assert known + hidden <= figure <= known + 2 * hidden


def test_the_upload_is_recorded(engine: Engine, report: PublishedReport) -> None:
    with reading(engine) as connection:
        upload = connection.execute(select(uploads).where(uploads.c.upload_id == report.upload_id)).mappings().one()
    assert (upload["dataset"], upload["source"]) == ("older_statistics", "published")
    assert (upload["uploaded_by"], upload["file_name"]) == ("tester", COVENTRY_WARWICKSHIRE.name)
    assert (upload["rows_accepted"], upload["rows_new"], upload["sha256"]) == (2206, 2206, report.sha256)
    assert upload["period"] == "201112 201213 201314 201415 201516 201617"
    assert not upload["is_sample"]


def test_the_same_file_again_is_already_loaded(engine: Engine, report: PublishedReport) -> None:
    again = load_published(engine, COVENTRY_WARWICKSHIRE.read_bytes(), "another name.csv", Sender("tester", EVERYWHERE))
    assert again.already_loaded
    assert (again.new, again.changed, again.unchanged, again.upload_id) == (0, 0, 2206, report.upload_id)
    assert f"This file is already loaded, as upload {report.upload_id}. Nothing was changed." in again.notes
    with reading(engine) as connection:
        assert len(connection.execute(select(uploads)).all()) == 1


def test_the_report_as_the_command_line_prints_it(report: PublishedReport) -> None:
    printed = report.to_dict()
    counts = ["kind", "file", "rows", "accepted", "rejected", "new", "changed", "unchanged"]
    assert list(printed) == [*counts, "errors", "queries", "notes"]
    assert printed["errors"] == printed["queries"] == []
    assert "The figures are for 2011/12 to 2016/17." in printed["notes"]


def test_every_kind_is_recognised_by_its_own_needed_columns_in_any_order() -> None:
    for kind in KINDS.values():
        headers = [kind.columns[name][0] for name in sorted(kind.needed, reverse=True)]
        assert recognise(["Something else", *headers]) is kind


@pytest.mark.parametrize(
    ("headers", "sentence"),
    [
        ("pupil_ref,urn,start_date,sessions", "The header is not one of a published file that is recognised."),
        ("URN,LinkURN,LinkName", "columns are missing: linktype"),
        (
            "time_identifier,time_period,geographic_level,country_code,region_code,old_la_code,education_phase,"
            "characteristic_group,characteristic,headcount,perm_excl,suspension",
            "This file breaks the figures down by pupil characteristic.",
        ),
        (
            "time_identifier,time_period,geographic_level,school_laestab,education_phase,headcount,perm_excl,"
            "suspension,headcount",
            'The header "headcount" stands over two columns',
        ),
    ],
)
def test_a_file_that_is_not_known_is_refused_in_a_sentence_and_nothing_is_written(headers: str, sentence: str) -> None:
    engine = create_engine("sqlite://")
    content = f"{headers}\n{','.join('1' * (headers.count(',') + 1))}\n".encode()
    with pytest.raises(Unreadable) as refused:
        load_published(engine, content, "file.csv", Sender("tester", EVERYWHERE))
    assert sentence in str(refused.value)
    with engine.connect() as connection:
        assert connection.execute(text("SELECT count(*) FROM sqlite_master")).scalar() == 0
