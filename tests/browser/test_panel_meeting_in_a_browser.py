"""A panel meets: from the list to a child, to a decision that is recorded, to the pack as a PDF."""

import re
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import expect
from pypdf import PdfReader
from servers import ROOT, serving
from visits import Visit

expect.set_options(timeout=30_000)  # two cores, shared
_REFERENCE = re.compile(r"F\d{6}")
_REASON = "The school and the parents agree, and there is room"


@pytest.fixture
def own_app(sample_database: Path, tmp_path: Path) -> Iterator[str]:
    """The address of a server on a copy of the small fictional LA: what is decided here nobody else sees."""
    database = shutil.copy(sample_database, tmp_path / "outreach.db")
    with serving(ROOT / "app.py", tmp_path / "log", OUTREACH_DATABASE_URL=f"sqlite:///{database}") as address:
        yield address


def _part(visit: Visit, name: str) -> None:
    visit.page.get_by_role("radio", name=name).or_(
        visit.page.get_by_role("button", name=name, exact=True)
    ).first.click()
    visit.settle()


@pytest.mark.parametrize("role", ["manager", "panel"])
def test_a_panel_meets(own_app: str, visit: Visit, tmp_path: Path, role: str) -> None:
    page = visit.page
    page.set_viewport_size({"width": 1366, "height": 768})
    visit.go(f"{own_app}/as/{role}")
    visit.go(f"{own_app}/panel_meeting?meeting_panel=Primary+schools")
    expect(page.get_by_role("heading", name="1 child is on the list")).to_be_visible()
    assert page.locator("table tbody tr").count() == 1

    _part(visit, "A child")
    facts = page.locator(".big-facts")
    expect(facts).to_contain_text("Strategies exhausted")
    box = facts.bounding_box()
    assert box and box["y"] + box["height"] < 768, "the big facts stand on the first screen"
    expect(page.get_by_text("What was tried")).to_be_visible()
    reference = _REFERENCE.search(page.get_by_text(re.compile("^Decide: ")).inner_text())
    assert reference

    page.get_by_role("button", name="Record the decision").click()
    expect(page.get_by_text("Fill in: Decision and Reason.")).to_be_visible()
    visit.choose("Decision", "No action")
    page.get_by_role("textbox", name="Reason").fill(_REASON)
    page.get_by_role("button", name="Record the decision").click()
    expect(page.get_by_text(f"Recorded for {reference.group()}")).to_be_visible()
    expect(page.get_by_text("Nobody is left on the list.")).to_be_visible()
    _part(visit, "Tonight")
    decided = page.get_by_role("region", name="Decided and recorded in this sitting")
    expect(decided).to_contain_text(reference.group())
    expect(decided).to_contain_text(_REASON)

    _part(visit, "Print")
    with page.expect_download() as download:
        page.get_by_role("button", name="Download the pack (PDF)").click()
    file = PdfReader(download.value.path())
    assert file.trailer["/Root"]["/MarkInfo"]["/Marked"].value
    for sheet in file.pages:
        assert "Printed by" in sheet.extract_text()
    assert not visit.faults
    assert not visit.outside
