"""The untidy files do what README.txt says of them."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from desk import Desk, codes

from access.scope import EVERYWHERE
from data_model.severity import Severity
from loaders.caseload_sheet import check_sheet
from loaders.files import read_file, sha256_of
from loaders.report import Report
from loaders.sheet_headers import recognise
from sample_data.frames import csv_bytes
from sample_data.generate import Frames, generate
from sample_data.messy import messy_files

TODAY = date(2026, 9, 1)
GOOD = ("suspensions_sims_export", "suspensions_corrected", "placements_utf16_tabs")


@pytest.fixture(scope="module")
def small() -> Frames:
    return generate(schools=14, years=2, seed=1)


@pytest.fixture(scope="module")
def files(small: Frames) -> dict[str, bytes]:
    return messy_files(small)


@pytest.fixture(scope="module")
def loaded(small: Frames, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    with Desk(Path(tmp_path_factory.mktemp("messy")) / "desk.db") as desk:
        for name, frame in small.items():
            desk.load(name, csv_bytes(frame))
        yield desk


def report_on(name: str, files: dict[str, bytes], loaded: Desk) -> Report:
    dataset = "ap_placements" if name.startswith("placements") else "suspensions"
    return loaded.check(dataset, files[f"{name}.csv"], today=TODAY)


@pytest.mark.parametrize("name", GOOD)
def test_tidied_up_these_load_without_a_question(name: str, files: dict[str, bytes], loaded: Desk) -> None:
    report = report_on(name, files, loaded)
    assert report.rows == report.accepted > 5
    assert codes(report) == []


@pytest.mark.parametrize("name", GOOD)
def test_loading_them_changes_figures(name: str, files: dict[str, bytes], loaded: Desk) -> None:
    dataset = "ap_placements" if name.startswith("placements") else "suspensions"
    difference = loaded.checked(dataset, files[f"{name}.csv"], today=TODAY).comparison
    assert len(difference.new) + len(difference.changed) >= 2


def test_the_export_shows_all_its_oddities(files: dict[str, bytes], loaded: Desk) -> None:
    report = report_on("suspensions_sims_export", files, loaded)
    assert (report.table.encoding, report.table.delimiter, report.table.header_line) == ("cp1252", ";", 4)
    assert any("totals row" in note for note in report.notes)
    assert report_on("placements_utf16_tabs", files, loaded).table.encoding == "utf-16"


def test_the_faulty_file_has_a_dozen_different_faults_among_good_rows(files: dict[str, bytes], loaded: Desk) -> None:
    report = report_on("suspensions_with_faults", files, loaded)
    found = {code for _, code in codes(report)}
    assert found >= {"E-UPN", "E-SCHOOL-UNKNOWN", "E-DATE-TWO-DIGIT-YEAR", "E-DATE-SERIAL", "E-RANGE", "E-NUMBER"}
    assert found >= {"E-CODE", "E-BLANK", "E-HIDDEN-CHARACTER", "E-SCIENTIFIC", "E-DATE-FUTURE", "E-ROW-TWICE"}
    assert report.accepted >= 5
    assert report.rejected == 15


def test_the_nil_return_has_no_rows(files: dict[str, bytes], loaded: Desk) -> None:
    report = report_on("suspensions_nil_return", files, loaded)
    assert report.rows == 0
    assert codes(report) == []


def test_mixed_dates_refuse_the_file(files: dict[str, bytes], loaded: Desk) -> None:
    report = report_on("suspensions_mixed_dates", files, loaded)
    assert report.accepted == 0
    assert "E-DATE-MIXED" in {code for _, code in codes(report)}


def test_the_caseload_sheet_splits_once_parents_agreement_is_given(files: dict[str, bytes], loaded: Desk) -> None:
    content = files["caseload_sheet.csv"]
    table = read_file(content, "caseload_sheet.csv")
    checked = check_sheet(
        loaded.engine, table, sha256_of(content), recognise(table), scope=EVERYWHERE, parent_agreement="y", today=TODAY
    )
    assert checked.issues(Severity.ERROR) == []
    assert checked.rows == checked.accepted > 5


def test_readme_says_a_line_of_each(files: dict[str, bytes]) -> None:
    lines = files["README.txt"].decode().splitlines()
    assert [line.split(":")[0] for line in lines] == [name for name in files if name != "README.txt"]


def test_the_smallest_la_has_them_too() -> None:
    assert set(messy_files(generate(1, 1, 0))) == set(messy_files(generate(2, 1, 0)))
