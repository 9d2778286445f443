"""A messy file goes in, its messages are read, a cell is put right, it is saved, seen on the school's page, undone."""

import csv
import io
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import expect
from servers import ROOT, serving
from visits import Visit

from sample_data.generate import generate
from sample_data.messy import messy_files

_HEADER = ("UPN", "School URN", "Date From", "Date To", "No of sessions", "Category", "Why")
expect.set_options(timeout=30_000)  # two cores, shared
_FIRST_FAULT = (130, 70)  # pixels from the grid's corner
_SENDER = "Bromcom, all schools"


@pytest.fixture
def own_app(sample_database: Path, tmp_path: Path) -> Iterator[str]:
    """The address of a server on a copy of the small fictional LA: what is uploaded here nobody else sees."""
    database = shutil.copy(sample_database, tmp_path / "outreach.db")
    with serving(ROOT / "app.py", tmp_path / "log", OUTREACH_DATABASE_URL=f"sqlite:///{database}") as address:
        yield address


@pytest.fixture
def new_suspensions() -> list[list[str]]:
    """Five suspensions of one school of that LA that are not loaded yet, in the order of _HEADER."""
    content = messy_files(generate(schools=12, years=3))["suspensions_corrected.csv"].decode("utf-8-sig")
    names = ("pupil_ref", "urn", "start_date", "end_date", "sessions", "category", "reason_1")
    return [[row[name] for name in names] for row in csv.DictReader(io.StringIO(content))][:5]


def _messy(rows: list[list[str]]) -> bytes:
    """As a school's system prints it: a title, semicolons, Windows letters, its own names, a totals line."""
    lines = ["Suspensions – summer term", "", ";".join(_HEADER), *(";".join(row) for row in rows), "Total;;;;10;;"]
    return "\r\n".join(lines).encode("cp1252")


def _suspensions_of(visit: Visit, app: str, urn: str) -> int:
    visit.go(f"{app}/school?school={urn}")
    tile = visit.page.get_by_test_id("stMetric").filter(has_text="Suspensions").first
    return int(tile.get_by_test_id("stMetricValue").inner_text().replace(",", ""))


def _press(visit: Visit, name: str) -> None:
    visit.page.get_by_role("button", name=name).click()
    visit.settle()


def _type_over_first_fault(visit: Visit, cell: str) -> None:
    """Type into the first row’s second column: after the line come the columns with faults."""
    page = visit.page
    grid = page.get_by_test_id("data-grid-canvas").first
    grid.scroll_into_view_if_needed()
    visit.settle()
    place = grid.bounding_box()
    assert place
    editor = page.locator("textarea.gdg-input")
    for _ in range(10):  # the first clicks may do no more than give the grid the focus
        page.mouse.dblclick(place["x"] + _FIRST_FAULT[0], place["y"] + _FIRST_FAULT[1])
        page.wait_for_timeout(700)
        if editor.is_visible():
            break
    editor.fill(cell)
    page.keyboard.press("Enter")
    expect(page.get_by_test_id("glide-cell-1-0")).to_have_text(cell)
    visit.settle()  # the grid waits a moment before it tells the page


def test_a_messy_file_is_put_right_saved_seen_and_undone(
    own_app: str, visit: Visit, new_suspensions: list[list[str]], tmp_path: Path
) -> None:
    urn = new_suspensions[0][1]
    visit.go(f"{own_app}/as/manager")
    before = _suspensions_of(visit, own_app, urn)

    sessions, new_suspensions[2][4] = new_suspensions[2][4], "two"
    file = tmp_path / "export.csv"
    file.write_bytes(_messy(new_suspensions))
    visit.go(f"{own_app}/upload")
    visit.choose("What is in the file?", "Suspensions")
    visit.page.get_by_role("textbox", name="Who sent it").fill(_SENDER)
    visit.page.keyboard.press("Enter")
    visit.settle()
    visit.page.locator('input[type="file"]').set_input_files(file)
    page = visit.page
    expect(page.get_by_text("There is no column reason_1")).to_be_visible()
    visit.settle()
    visit.choose("Reason 1 (reason_1)", "Why")
    _press(visit, "Read the file like this, and remember it")

    expect(page.get_by_text("5 rows: 4 can be saved, 1 has errors.")).to_be_visible()
    expect(page.get_by_text("Sessions must be a whole number, such as 3. On line 6.")).to_be_visible()
    with page.expect_download() as download:
        page.get_by_role("button", name="Download the 1 row to put right").click()
    assert "Sessions must be a whole number" in Path(download.value.path()).read_text(encoding="utf-8-sig")

    _type_over_first_fault(visit, sessions)
    _press(visit, "Check again")
    expect(page.get_by_text("5 rows: all can be saved.")).to_be_visible()
    uploads = page.get_by_role("region", name="Uploads, the newest first")
    expect(uploads.get_by_text("export.csv")).to_have_count(0)
    _press(visit, "Save 5 rows")
    expect(page.get_by_text("5 rows added")).to_be_visible()
    expect(uploads.get_by_text("export.csv")).to_have_count(1)
    assert not visit.faults

    assert _suspensions_of(visit, own_app, urn) == before + 5

    visit.go(f"{own_app}/upload")
    visit.choose("Undo an upload", "export.csv")
    expect(page.get_by_text("Its 5 new rows will go")).to_be_visible()
    _press(visit, "Yes, undo upload")
    expect(page.get_by_text("was undone: 5 rows went or came back")).to_be_visible()
    assert _suspensions_of(visit, own_app, urn) == before
    assert not visit.faults
    assert not visit.outside
