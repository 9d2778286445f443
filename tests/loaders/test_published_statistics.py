"""The current layout, with invented figures of a fictional LA: what each kind of cell becomes, and what is refused."""

import csv
import io
from collections.abc import Iterator
from pathlib import Path

import pytest
from desk import NewDatabase, newest_schema
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Engine, delete, select

from access.scope import EVERYWHERE
from data_model.published import published_statistics
from data_model.store import connect, reading, writing
from data_model.uploads import uploads
from loaders.published import PublishedReport, load_published
from loaders.upload_record import Sender

pytestmark = pytest.mark.both_databases

CURRENT_LAYOUT = (
    "time_identifier,time_period,geographic_level,country_code,country_name,region_code,region_name,old_la_code,"
    "new_la_code,la_name,estab,school_laestab,school_urn,school_name,trust_name,academy_type,academy_open_date,"
    "education_phase,headcount,perm_excl,perm_excl_rate,suspension,susp_rate,one_plus_susp,one_plus_susp_rate"
)
SCHOOL_HEADER = CURRENT_LAYOUT.split(",")
AREA_HEADER = [name for name in SCHOOL_HEADER if not name.startswith(("estab", "school_", "trust", "academy"))]
AREA_HEADER.insert(AREA_HEADER.index("headcount"), "num_schools")

SCHOOL = {
    "time_identifier": "Academic year",
    "time_period": "202324",
    "geographic_level": "School",
    "country_code": "E92000001",
    "country_name": "England",
    "region_code": "E12000099",
    "region_name": "Nowhere",
    "old_la_code": "999",
    "new_la_code": "E10999999",
    "la_name": "Larkshire",
    "estab": "4001",
    "school_laestab": "9994001",
    "school_urn": "900001",
    "school_name": "Larkfield Academy",
    "trust_name": "Larkfield Learning Trust",
    "academy_type": "Academy converter",
    "academy_open_date": "01/09/2015",
    "education_phase": "State-funded secondary",
    "headcount": "800",
    "perm_excl": "2",
    "perm_excl_rate": "0.25",
    "suspension": "100",
    "susp_rate": "12.5",
    "one_plus_susp": "60",
    "one_plus_susp_rate": "7.5",
}
LA = {**SCHOOL, "geographic_level": "Local authority", "num_schools": "1", "academy_type": "z"}


@pytest.fixture(scope="module")
def database(shared_database: NewDatabase) -> Iterator[Engine]:
    engine = connect(shared_database(newest_schema))
    yield engine
    engine.dispose()


@pytest.fixture
def engine(database: Engine) -> Engine:
    empty(database)
    return database


def empty(engine: Engine) -> None:
    with writing(engine) as connection:
        connection.execute(delete(published_statistics))
        connection.execute(delete(uploads))


def file(*rows: dict[str, str], header: list[str] | None = None) -> bytes:
    text = io.StringIO()
    writer = csv.DictWriter(text, header or SCHOOL_HEADER, extrasaction="ignore", restval="")
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue().encode()


def load(engine: Engine, *rows: dict[str, str], header: list[str] | None = None) -> PublishedReport:
    return load_published(engine, file(*rows, header=header), "file.csv", Sender("tester", EVERYWHERE))


def kept(engine: Engine) -> list[dict[str, object]]:
    with reading(engine) as connection:
        return [
            dict(row)
            for row in connection.execute(
                select(published_statistics).order_by(*published_statistics.primary_key)
            ).mappings()
        ]


def school(**cells: str) -> dict[str, str]:
    return {**SCHOOL, **cells}


def test_a_school_row_of_the_current_layout(engine: Engine) -> None:
    report = load(engine, SCHOOL)
    assert (report.kind, report.new, report.issues) == ("school_statistics", 1, ())
    (row,) = kept(engine)
    assert row["area_code"] == "9994001"
    assert (row["laestab"], row["urn"], row["la_code"]) == (9994001, 900001, 999)
    assert (row["phase"], row["academic_year"], row["term"]) == ("secondary", "202324", "")
    assert (row["headcount"], row["suspensions"], row["suspension_rate"]) == (800.0, 100.0, 12.5)
    assert (row["school_name"], row["trust_name"]) == ("Larkfield Academy", "Larkfield Learning Trust")
    assert str(row["academy_open_date"]) == "2015-09-01"
    assert row["num_schools"] is None
    assert row["num_schools_marker"] is None


def test_the_sibling_file_of_areas(engine: Engine) -> None:
    region = {**LA, "geographic_level": "Regional", "old_la_code": "", "la_name": ""}
    england = {**region, "geographic_level": "National", "region_code": "z", "region_name": "z"}
    report = load(engine, LA, region, england, header=AREA_HEADER)
    assert (report.kind, report.new, report.issues) == ("area_statistics", 3, ())
    found = {row["geographic_level"]: (row["area_code"], row["la_code"], row["region_code"]) for row in kept(engine)}
    assert found == {
        "la": ("999", 999, "E12000099"),
        "region": ("E12000099", None, "E12000099"),
        "country": ("E92000001", None, None),
    }


def test_every_level_in_one_file(engine: Engine) -> None:
    assert load(engine, SCHOOL, LA).new == 2
    assert {row["geographic_level"] for row in kept(engine)} == {"school", "la"}


@pytest.mark.parametrize("marker", ["x", "z", "c", ".", ":", "-", "", "~", "low", "[x]", "X"])
def test_a_marker_is_kept_and_never_a_number(engine: Engine, marker: str) -> None:
    report = load(engine, school(suspension=marker, susp_rate=marker))
    assert report.issues == ()
    (row,) = kept(engine)
    assert row["suspensions"] is None
    assert row["suspension_rate"] is None
    assert row["suspensions_marker"] == marker.strip("[]").lower()
    assert row["headcount_marker"] is None


@pytest.mark.parametrize(
    ("text", "value"),
    [("0", 0.0), ("12.5", 12.5), ("1,200", 1200.0), ("1e+05", 100_000.0), ("  7 ", 7.0), ("250", 250.0)],
)
def test_numbers_as_they_are_printed(engine: Engine, text: str, value: float) -> None:
    assert load(engine, school(suspension=text, susp_rate="x")).issues == ()
    assert kept(engine)[0]["suspensions"] == value


@pytest.mark.parametrize(
    ("column", "value", "ours", "code"),
    [
        ("suspension", "twelve", "suspensions", "E-NUMBER"),
        ("suspension", "-3", "suspensions", "E-NUMBER"),
        ("headcount", "inf", "headcount", "E-NUMBER"),
        ("susp_rate", "12.5%", "suspension_rate", "E-NUMBER"),
        ("time_period", "202325", "academic_year", "E-YEAR"),
        ("time_identifier", "Week 7", "term", "E-TERM"),
        ("geographic_level", "Planet", "geographic_level", "E-LEVEL"),
        ("school_laestab", "4001", "laestab", "E-NUMBER"),
        ("school_laestab", "", "laestab", "E-BLANK"),
        ("old_la_code", "Larkshire", "la_code", "E-NUMBER"),
    ],
)
def test_a_row_that_cannot_be_read_is_named_and_the_others_load(
    engine: Engine, column: str, value: str, ours: str, code: str
) -> None:
    report = load(
        engine,
        SCHOOL,
        school(school_laestab="9994002", **{column: value})
        if column != "school_laestab"
        else school(school_laestab=value),
    )
    (issue,) = report.issues
    assert (issue.line, issue.column, issue.value, issue.code) == (3, ours, value, code)
    assert (report.rows, report.accepted, report.rejected, report.new) == (2, 1, 1, 1)
    assert "Download" in issue.message or "must" in issue.message


def test_a_urn_or_date_that_cannot_be_read_is_a_query_and_left_blank(engine: Engine) -> None:
    report = load(engine, school(school_urn="12", academy_open_date="2015"))
    assert sorted((issue.column, issue.code, str(issue.severity)) for issue in report.issues) == [
        ("academy_open_date", "Q-DATE", "query"),
        ("urn", "Q-URN", "query"),
    ]
    (row,) = kept(engine)
    assert (row["urn"], row["academy_open_date"], row["suspensions"]) == (None, None, 100.0)


def test_columns_in_another_order_in_other_case_and_extra_ones(engine: Engine) -> None:
    header = ["Education Phase", "note"] + [name.upper() for name in SCHOOL_HEADER if name != "education_phase"]
    row = {name.upper(): value for name, value in LA.items()}
    load(engine, {**row, "Education Phase": "Total", "GEOGRAPHIC_LEVEL": "National", "note": "hello"}, header=header)
    assert [(row["geographic_level"], row["phase"], row["suspensions"]) for row in kept(engine)] == [
        ("country", "total", 100.0)
    ]


@pytest.mark.parametrize(
    ("label", "phase"),
    [
        ("State-funded primary", "primary"),
        ("Primary", "primary"),
        ("STATE-FUNDED SECONDARY", "secondary"),
        ("Special", "special"),
        ("Special school", "special"),
        ("State-funded special school", "special"),
        ("Non-maintained special school", "special"),
        ("Pupil referral unit", "ap"),
        ("State-funded AP school", "ap"),
        ("Alternative provision", "ap"),
        ("Total", "total"),
    ],
)
def test_phases_by_dfe_labels(engine: Engine, label: str, phase: str) -> None:
    load(engine, school(education_phase=label))
    assert kept(engine)[0]["phase"] == phase


@pytest.mark.parametrize(
    ("identifier", "period", "expected"),
    [
        ("Autumn term", "202324", ("202324", "AUT")),
        ("Spring term", "2023/24", ("202324", "SPR")),
        ("summer term", "2023-24", ("202324", "SUM")),
        ("Academic year", "2023/2024", ("202324", "")),
    ],
)
def test_terms_and_years(engine: Engine, identifier: str, period: str, expected: tuple[str, str]) -> None:
    load(engine, school(time_identifier=identifier, time_period=period))
    (row,) = kept(engine)
    assert (row["academic_year"], row["term"]) == expected


@pytest.mark.parametrize(
    ("cells", "why"),
    [
        ({"time_identifier": "Autumn and spring term"}, "neither one term nor a whole year"),
        ({"education_phase": "Nursery"}, "not one of these figures' phases"),
        ({"geographic_level": "Local authority"}, "an area's figures for one type of academy are not used"),
        (
            {"geographic_level": "Regional", "education_phase": "Non-maintained special", "academy_type": "Total"},
            "an area's figures for part of a phase are not used",
        ),
    ],
)
def test_rows_that_are_not_wanted_are_left_out_and_counted(engine: Engine, cells: dict[str, str], why: str) -> None:
    report = load(engine, SCHOOL, school(**cells))
    assert (report.accepted, report.rejected, report.new, report.issues) == (2, 0, 1, ())
    (note,) = [note for note in report.notes if why in note]
    assert note.startswith("1 row was left out: ")


def test_a_school_with_two_phases_has_two_rows(engine: Engine) -> None:
    report = load(engine, SCHOOL, school(education_phase="State-funded primary"))
    assert (report.new, report.issues) == (2, ())
    assert [row["area_code"] for row in kept(engine)] == ["9994001", "9994001"]


def test_two_schools_that_share_a_laestab_phase_and_period_are_told_apart_by_urn(engine: Engine) -> None:
    older, newer = school(school_urn="900001", suspension="x", susp_rate="x"), school(school_urn="900777")
    for rows in ((older, newer), (newer, older)):
        empty(engine)
        assert load(engine, *rows).issues == ()
        found = {row["area_code"]: (row["urn"], row["laestab"]) for row in kept(engine)}
        assert found == {"9994001": (900777, 9994001), "9994001-900001": (900001, 9994001)}


def test_the_same_place_phase_and_period_twice_is_an_error_on_the_later_line(engine: Engine) -> None:
    report = load(engine, SCHOOL, school(suspension="99", susp_rate="x"))
    (issue,) = report.issues
    assert (issue.line, issue.code) == (3, "E-ROW-TWICE")
    assert (report.rejected, kept(engine)[0]["suspensions"]) == (1, 100.0)


@pytest.mark.parametrize(
    ("cells", "queried"),
    [
        ({"suspension": "1", "headcount": "1000", "susp_rate": "0.1"}, False),
        ({"suspension": "1", "headcount": "1000", "susp_rate": "0.2"}, True),
        ({"suspension": "14", "headcount": "10000", "susp_rate": "0.1"}, True),
        ({"suspension": "1", "headcount": "3", "susp_rate": "33.3333333333333"}, False),
        ({"suspension": "5", "headcount": "4", "susp_rate": "125"}, False),
        ({"suspension": "12.5", "headcount": "100", "susp_rate": "12.5"}, False),
        ({"suspension": "1", "headcount": "800", "susp_rate": "0.13"}, False),
        ({"suspension": "x", "susp_rate": "9.99"}, False),
        ({"headcount": "0", "susp_rate": "z"}, False),
    ],
)
def test_a_published_rate_that_its_counts_do_not_give_is_queried(
    engine: Engine, cells: dict[str, str], queried: bool
) -> None:
    others = {"perm_excl": "x", "one_plus_susp": "x"}
    two_decimals = school(school_laestab="9994002", suspension="1", susp_rate="0.13")
    report = load(engine, school(**others, **cells), two_decimals)
    assert [(issue.line, issue.column, issue.code) for issue in report.issues] == (
        [(2, "suspension_rate", "Q-RATE-DIFFERS")] if queried else []
    )
    assert report.new == 2


def test_regional_and_national_rates_are_shown_as_published(engine: Engine) -> None:
    rows = [{**LA, "geographic_level": level, "susp_rate": "99"} for level in ("Regional", "National")]
    assert load(engine, *rows, header=AREA_HEADER).issues == ()
    assert [row["suspension_rate"] for row in kept(engine)] == [99.0, 99.0]


def test_a_file_whose_every_rate_is_off_is_not_told_half_a_million_times(engine: Engine) -> None:
    rows = [school(school_laestab=str(9_990_000 + number), susp_rate="1.25") for number in range(1_003)]
    report = load(engine, *rows)
    assert len(report.issues) == 1_001
    assert report.issues[-1].line is None
    assert report.issues[-1].message.startswith("3 more published rates differ")


def test_a_newer_release_replaces_what_it_has_and_leaves_the_rest(engine: Engine) -> None:
    other = school(school_laestab="9994002")
    load(engine, SCHOOL, other)
    revised = school(suspension="104", susp_rate="13")
    report = load(engine, revised, school(school_laestab="9994003"))
    assert (report.new, report.changed, report.unchanged) == (1, 1, 0)
    assert [(row["laestab"], row["suspensions"]) for row in kept(engine)] == [
        (9994001, 104.0),
        (9994002, 100.0),
        (9994003, 100.0),
    ]
    back = load(engine, SCHOOL, other)
    assert (back.already_loaded, back.changed, back.unchanged) == (False, 1, 1)


def test_a_file_without_names_keeps_the_names_that_are_there(engine: Engine) -> None:
    load(engine, SCHOOL)
    header = [name for name in SCHOOL_HEADER if name not in ("school_name", "school_urn")]
    load(engine, school(suspension="101", susp_rate="x"), header=header)
    (row,) = kept(engine)
    assert (row["suspensions"], row["school_name"], row["urn"]) == (101.0, "Larkfield Academy", 900001)


def test_a_file_with_no_row_to_keep_saves_nothing(engine: Engine) -> None:
    report = load(engine, school(headcount="?"))
    assert (report.rejected, report.upload_id) == (1, None)
    with reading(engine) as connection:
        assert connection.execute(select(uploads)).all() == []


def test_windows_text_semicolons_and_a_title_line(engine: Engine) -> None:
    text = file(school(school_name="Ysgol Môr Academy")).decode().replace(",", ";")
    report = load_published(engine, f"Suspensions\n{text}".encode("cp1252"), "file.csv", Sender("tester", EVERYWHERE))
    assert report.new == 1
    assert kept(engine)[0]["school_name"] == "Ysgol Môr Academy"


CELLS = st.one_of(st.integers(0, 3_000).map(str), st.sampled_from(["x", "z", "c", ".", ":", "-", ""]))


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(
    rows=st.lists(st.tuples(CELLS, CELLS, CELLS), min_size=1, max_size=12),
    header=st.permutations(SCHOOL_HEADER),
)
def test_any_counts_in_any_column_order_come_back_as_they_were(
    engine: Engine, rows: list[tuple[str, str, str]], header: list[str]
) -> None:
    empty(engine)
    schools = [
        school(
            school_laestab=str(9_994_000 + number),
            headcount=headcount,
            suspension=suspensions,
            one_plus_susp=suspended,
            susp_rate="x",
            one_plus_susp_rate="x",
            perm_excl_rate="x",
        )
        for number, (headcount, suspensions, suspended) in enumerate(rows)
    ]
    report = load(engine, *schools, header=header)
    assert (report.rows, report.new, report.issues) == (len(rows), len(rows), ())
    for row, cells in zip(kept(engine), rows, strict=True):
        for name, cell in zip(("headcount", "suspensions", "pupils_suspended"), cells, strict=True):
            expected = (float(cell), None) if cell.isdecimal() else (None, cell)
            assert (row[name], row[f"{name}_marker"]) == expected


def test_no_path_outside_the_file_s_own_name_is_kept(engine: Engine) -> None:
    report = load_published(engine, file(SCHOOL), str(Path("a") / "b" / "file.csv"), Sender("tester", EVERYWHERE))
    assert report.file == "file.csv"
