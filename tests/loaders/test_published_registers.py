"""GIAS extracts and links, LA rates, statistical neighbours, and the reference figures that ship."""

import csv
import io
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from desk import NewDatabase, newest_schema
from sqlalchemy import Engine, Table, func, select

from access.scope import EVERYWHERE
from data_model.published import published_la_rates, published_statistics, school_links, statistical_neighbours
from data_model.reference import local_authorities
from data_model.schools import SCHOOLS
from data_model.store import connect, reading
from data_model.uploads import open_queries, uploads
from loaders.issues import Unreadable
from loaders.published import PublishedReport, load_published, load_reference
from loaders.published.register import phase_of
from loaders.undo import undo
from loaders.upload_record import Sender

pytestmark = pytest.mark.both_databases

FILES = Path(__file__).parents[1] / "published"
LINKS = FILES / "gias_links_coventry_warwickshire.csv"
GIAS = FILES / "gias_schema_sample_anonymised.csv"
RATES = FILES / "la_rates_extract.csv"

ESTABLISHMENT = {
    "URN": "900001",
    "LA (code)": "999",
    "LA (name)": "Larkshire",
    "EstablishmentNumber": "4001",
    "EstablishmentName": "St Zoë's School",
    "TypeOfEstablishment (name)": "Academy converter",
    "EstablishmentTypeGroup (name)": "Academies",
    "EstablishmentStatus (name)": "Open, but proposed to close",
    "OpenDate": "01-09-2015",
    "CloseDate": "",
    "PhaseOfEducation (name)": "Middle deemed secondary",
    "StatutoryLowAge": "9",
    "StatutoryHighAge": "13",
    "SchoolCapacity": "not known",
    "AdmissionsPolicy (name)": "Non-selective",
    "Trusts (name)": "",
    "Easting": "700500",
    "Northing": "",
}


@pytest.fixture
def engine(new_database: NewDatabase) -> Iterator[Engine]:
    engine = connect(new_database(newest_schema))
    yield engine
    engine.dispose()


def rows_of(engine: Engine, table: Table) -> list[dict[str, Any]]:
    with reading(engine) as connection:
        return [dict(row) for row in connection.execute(select(table)).mappings()]


def load_gias(engine: Engine, *changes: dict[str, str], la_codes: tuple[int, ...] = ()) -> PublishedReport:
    text = io.StringIO()
    writer = csv.DictWriter(text, list(ESTABLISHMENT), lineterminator="\r\n")
    writer.writeheader()
    writer.writerows({**ESTABLISHMENT, **change} for change in changes)
    content = text.getvalue().encode("cp1252")
    return load_published(engine, content, "edubase.csv", Sender("tester", EVERYWHERE), la_codes=la_codes)


def test_dfe_s_anonymised_extract_loads_unchanged(engine: Engine) -> None:
    report = load_published(engine, GIAS, GIAS.name, Sender("tester", EVERYWHERE))
    assert (report.kind, report.rows, report.accepted, report.new, report.issues) == ("gias_schools", 60, 60, 60, ())
    first = rows_of(engine, SCHOOLS.table)[0]
    assert (first["urn"], first["laestab"], first["phase"], first["status"]) == (130000, 1001000, "secondary", "open")
    assert str(first["open_date"]) == "1993-05-29"
    assert first["capacity"] == 1689
    assert load_published(engine, GIAS, GIAS.name, Sender("tester", EVERYWHERE)).already_loaded


def test_an_establishment_becomes_a_row_of_schools(engine: Engine) -> None:
    report = load_gias(engine, {})
    assert report.issues == ()
    assert "Cells of capacity that do not fit, left blank: 1." in report.notes
    (school,) = rows_of(engine, SCHOOLS.table)
    assert (school["urn"], school["laestab"], school["school_name"]) == (900001, 9994001, "St Zoë's School")
    assert (school["phase"], school["status"]) == ("secondary", "open_proposed_close")
    assert str(school["open_date"]) == "2015-09-01"
    assert (school["low_age"], school["high_age"], school["capacity"]) == (9, 13, None)
    assert (school["easting"], school["northing"], school["trust_name"]) == (700500.0, None, None)


def test_establishments_that_the_statistics_do_not_have_are_left_out_and_counted(engine: Engine) -> None:
    nursery = {
        "TypeOfEstablishment (name)": "Local authority nursery school",
        "EstablishmentTypeGroup (name)": "Local authority maintained schools",
        "PhaseOfEducation (name)": "Nursery",
    }
    planned = {"EstablishmentStatus (name)": "Proposed to open", "EstablishmentNumber": ""}
    report = load_gias(engine, {}, {"URN": "900002", **nursery}, {"URN": "900003", **planned})
    assert (report.rows, report.accepted, report.rejected, report.new) == (3, 3, 0, 1)
    assert [note for note in report.notes if "left out" in note] == [
        "Establishments left out, not a state-funded primary, secondary, special or alternative provision school: 1.",
        "Establishments left out, proposed to open, and without a number yet: 1.",
    ]


def test_an_establishment_that_cannot_be_read_is_named_by_its_line_and_the_others_load(engine: Engine) -> None:
    report = load_gias(engine, {"URN": "12"}, {"URN": "900002", "EstablishmentNumber": "4002"})
    (issue,) = report.issues
    assert (issue.line, issue.column, issue.value) == (2, "urn", "12")
    assert (report.accepted, report.rejected, report.new) == (1, 1, 1)


def test_only_the_chosen_la_is_kept(engine: Engine) -> None:
    other = {"URN": "900002", "LA (code)": "998"}
    assert load_gias(engine, {}, other, la_codes=(999,)).new == 1
    assert load_gias(engine, {}, other).new == 1
    assert [school["laestab"] for school in rows_of(engine, SCHOOLS.table)] == [9994001, 9984001]


def test_several_local_authorities_in_one_extract_raise_no_question(engine: Engine) -> None:
    other = {"URN": "900002", "LA (code)": "330"}
    assert [issue.code for issue in load_gias(engine, {}, other).issues] == []
    assert rows_of(engine, open_queries) == []


def test_an_extract_without_a_school_of_the_chosen_authority_says_that_nothing_was_loaded(engine: Engine) -> None:
    report = load_gias(engine, {}, la_codes=(330,))
    assert report.upload_id is None
    assert report.notes[-1] == "Nothing was loaded: no row is a school that can be kept."


def test_local_authorities_are_chosen_of_an_extract_of_schools_alone(engine: Engine) -> None:
    with pytest.raises(Unreadable, match="leave them out"):
        load_published(engine, LINKS, LINKS.name, Sender("tester", EVERYWHERE), la_codes=(999,))


def test_an_extract_leaves_what_the_la_has_added_and_can_be_undone(engine: Engine) -> None:
    first = load_gias(engine, {})
    second = load_gias(engine, {"SchoolCapacity": "600"})
    assert (second.new, second.changed) == (0, 1)
    assert second.upload_id is not None
    undo(engine, second.upload_id, Sender("tester", EVERYWHERE))
    (school,) = rows_of(engine, SCHOOLS.table)
    assert (school["capacity"], school["upload_id"]) == (None, first.upload_id)


@pytest.mark.parametrize(
    ("establishment_type", "group", "phase", "expected"),
    [
        ("Community school", "Local authority maintained schools", "Primary", "primary"),
        ("Free schools", "Free Schools", "All-through", "secondary"),
        ("Academy 16-19 converter", "Academies", "16 plus", "secondary"),
        ("Foundation school", "Local authority maintained schools", "Middle deemed primary", "primary"),
        ("City technology college", "Independent schools", "Secondary", "secondary"),
        ("Pupil referral unit", "Local authority maintained schools", "Not applicable", "ap"),
        ("Academy alternative provision sponsor led", "Academies", "Not applicable", "ap"),
        ("Free schools alternative provision", "Free Schools", "Not applicable", "ap"),
        ("Academy special converter", "Academies", "Not applicable", "special"),
        ("Non-maintained special school", "Special schools", "Not applicable", "special"),
        ("Other independent special school", "Independent schools", "Not applicable", None),
        ("Other independent school", "Independent schools", "Secondary", None),
        ("Further education", "Colleges", "16 plus", None),
        ("Children's centre", "Other types", "Not applicable", None),
        ("Community school", "Local authority maintained schools", "Not applicable", None),
    ],
)
def test_phases_are_dfe_s_grouping_by_type_first(
    establishment_type: str, group: str, phase: str, expected: str | None
) -> None:
    assert phase_of(establishment_type, group, phase) == expected


def test_links_are_kept_once_from_newer_to_older(engine: Engine) -> None:
    report = load_published(engine, LINKS, LINKS.name, Sender("tester", EVERYWHERE))
    assert (report.kind, report.rows, report.rejected, report.new) == ("gias_links", 677, 0, 343)
    links = {(row["urn"], row["predecessor_urn"]): row for row in rows_of(engine, school_links)}
    assert len(links) == 343
    assert str(links[148603, 103638]["linked_on"]) == "2021-05-01"  # closed on 30-04-2021, opened the day after
    assert links[103635, 103634]["linked_on"] is None
    assert links[133282, 125485]["link_type"] == "merged"  # said from one side only


def test_a_link_that_is_no_succession_is_left_out_and_one_without_a_school_is_an_error(engine: Engine) -> None:
    content = b"URN,LinkURN,LinkType,LinkEstablishedDate\n900001,900002,Expansion,\n900003,,Successor,\n"
    report = load_published(engine, content, "links.csv", Sender("tester", EVERYWHERE))
    (issue,) = report.issues
    assert (issue.line, issue.column, issue.code) == (3, "link_urn", "E-BLANK")
    assert (report.new, report.upload_id) == (0, None)
    assert any("the link 'Expansion' does not say" in note for note in report.notes)


def test_la_rates_are_known_by_their_short_description(engine: Engine) -> None:
    report = load_published(engine, RATES, RATES.name, Sender("tester", EVERYWHERE))
    assert (report.kind, report.rows, report.new, report.issues) == ("la_rates", 648, 648, ())
    rates = {
        (row["measure"], row["phase"], row["area_code"], row["academic_year"]): row
        for row in rows_of(engine, published_la_rates)
    }
    england = rates["suspension_rate", "total", "E92000001", "202324"]
    assert (england["value"], england["geographic_level"], england["la_code"]) == (11.30744, "country", None)
    assert rates["suspension_rate", "total", "331", "201516"]["value"] == 4.07511
    assert rates["permanent_exclusion_rate", "total", "331", "201516"]["value"] < 0.1  # printed as 6.6...E-2
    london = rates["one_plus_rate", "special", "E13000001", "202223"]
    assert (london["area_name"], london["geographic_level"]) == ("Inner London", "region")
    before = rates["suspension_rate", "total", "942", "201516"]
    assert (before["value"], before["value_marker"], before["la_code"]) == (None, "-", 942)


def test_an_indicator_that_is_not_of_suspensions_is_left_out(engine: Engine) -> None:
    header = "Short Desc,Years,LA and Regions,Values,LA Number,Region"
    content = f"{header}\nKS4_Att8,2023/24,Coventry,41.2,331,West Midlands\n".encode()
    report = load_published(engine, content, "lait.csv", Sender("tester", EVERYWHERE))
    assert (report.accepted, report.new, report.issues) == (1, 0, ())
    assert any("'KS4_Att8' is not a rate of suspensions" in note for note in report.notes)


def test_the_reference_figures_load_once_and_leave_what_has_replaced_them(engine: Engine) -> None:
    reports = load_reference(engine)
    assert [report.kind for report in reports] == ["area_statistics", "la_rates", "statistical_neighbours"]
    assert not any(report.issues for report in reports)
    assert load_reference(engine) == []
    england = {
        (row["academic_year"], row["term"], row["phase"]): row
        for row in rows_of(engine, published_statistics)
        if row["geographic_level"] == "country"
    }
    assert england["202324", "", "total"]["suspensions"] == 954_952
    assert england["202425", "AUT", "secondary"]["suspension_rate"] == 7.81
    assert {row["source"] for row in rows_of(engine, uploads)} == {"published"}
    assert not any(row["is_sample"] for row in rows_of(engine, uploads))


def test_every_la_has_ten_neighbours_that_are_known(engine: Engine) -> None:
    load_reference(engine)
    known = local_authorities()
    with reading(engine) as connection:
        table = statistical_neighbours
        counts = connection.execute(select(table.c.la_code, func.count()).group_by(table.c.la_code)).all()
        nearest = connection.execute(select(table).where(table.c.la_code == 331, table.c.rank == 1)).mappings().one()
    assert {count for _, count in counts} == {10}
    assert {la for la, _ in counts} == set(known) - {999}
    assert {row["neighbour_code"] for row in rows_of(engine, statistical_neighbours)} <= set(known)
    assert nearest["closeness"] in ("Extremely close", "Very close", "Close", "Somewhat close", "Not close")


def test_the_fictional_la_is_in_no_region() -> None:
    assert local_authorities()[999].region == ""
    assert local_authorities()[331].region == "West Midlands"
