"""The report for a head, opened as a file: axe finds nothing, and hostile text neither runs nor asks for anything."""

from datetime import date
from pathlib import Path

import pytest
from axe import violations
from hostile import MARKUP, OTHERS
from playwright.sync_api import Browser

from reports.school_report import Figure, SchoolReport, school_report

DUE = date(2025, 11, 7)
PLAIN = SchoolReport(
    "Lanternmere Primary School",
    "Fairmarsh Council",
    "Autumn 2025/26",
    ["Your school suspended 9 times."],
    [Figure("Suspensions", "9", "Counted from what you sent us."), Figure("Pupils", "210", "Your census.")],
    DUE,
    ["Write to outreach@fairmarsh.example."],
)
HOSTILE = SchoolReport(
    MARKUP[0],
    MARKUP[2],
    MARKUP[-1],
    [*MARKUP, *OTHERS],
    [Figure(text, text, text) for text in MARKUP],
    DUE,
    list(MARKUP),
)


@pytest.mark.parametrize("report", [PLAIN, HOSTILE], ids=["plain", "hostile"])
@pytest.mark.parametrize("width", [1366, 320])
def test_it_is_accessible_and_inert(browser: Browser, tmp_path: Path, report: SchoolReport, width: int) -> None:
    file = tmp_path / "report.html"
    file.write_text(school_report(report), encoding="utf-8")
    context = browser.new_context(bypass_csp=True, viewport={"width": width, "height": 900})
    page = context.new_page()
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.on("dialog", lambda dialog: pytest.fail(f"a script ran: {dialog.message}"))
    page.goto(file.as_uri())
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert violations(page) == []
    assert asked == [file.as_uri()]
    context.close()
