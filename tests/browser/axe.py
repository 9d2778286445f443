"""What axe-core finds on a page: the rules of WCAG 2.2 AA, and the best practice that it knows of."""

from importlib.util import find_spec
from pathlib import Path

from playwright.sync_api import Page


def violations(page: Page) -> list[str]:
    """Each rule that the page breaks, how badly, and where. The page must be opened with `bypass_csp`."""
    found = find_spec("axe_playwright_python")
    assert found and found.submodule_search_locations
    page.add_script_tag(path=Path(found.submodule_search_locations[0]) / "axe.min.js")
    broken = page.evaluate("() => axe.run(document, {resultTypes: ['violations']})")["violations"]
    return [
        f"{each['impact']} {each['id']}: {', '.join(str(node['target']) for node in each['nodes'])}" for each in broken
    ]
