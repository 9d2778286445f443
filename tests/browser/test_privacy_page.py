"""The notices and statements are for everybody: by axe, on a small screen, in the dark."""

from collections.abc import Iterator

import pytest
from axe import violations
from playwright.sync_api import Browser
from visits import Visit

from ui import documents


@pytest.fixture(params=[("dark", 320)], ids=lambda chosen: f"{chosen[0]} {chosen[1]}")
def looker(browser: Browser, request: pytest.FixtureRequest) -> Iterator[Visit]:
    """A visitor whose page axe may look into: in the dark on a small screen, unless a test asks for another."""
    scheme, width = request.param
    context = browser.new_context(viewport={"width": width, "height": 900}, color_scheme=scheme, bypass_csp=True)
    yield Visit(context.new_page())
    context.close()


def _read(app: str, looker: Visit, name: str) -> None:
    looker.go(app + documents.address(name))
    page = looker.page
    assert page.locator("h2", has_text=documents.documents()[name].title).count() == 1
    assert violations(page) == []
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), "nothing to scroll sideways for"
    assert not looker.outside


@pytest.mark.parametrize("name", documents.NAMES)
def test_every_document_can_be_read_by_everybody(app: str, looker: Visit, name: str) -> None:
    _read(app, looker, name)


@pytest.mark.parametrize("looker", [("light", 1366)], indirect=True)
def test_the_longest_can_be_read_on_a_large_screen_in_the_light(app: str, looker: Visit) -> None:
    _read(app, looker, "dpia")


def test_the_links_on_every_page_lead_there_in_the_same_tab(app: str, visit: Visit) -> None:
    visit.go(f"{app}/about_the_measures")
    visit.page.get_by_role("navigation", name="About this service").get_by_role("link", name="Complaints").click()
    visit.page.wait_for_url("**/privacy?document=Complaints")
    visit.settle()
    assert visit.headings == ["Privacy"]
    visit.page.locator(".document").get_by_role("link", name="Accessibility statement").click()
    visit.page.wait_for_url("**/privacy?document=Accessibility+statement")
