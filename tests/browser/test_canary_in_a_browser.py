"""Marked values of pupils and workers are nowhere in the pages of a leader and of a panel member, in a real browser."""

from pathlib import Path

import pytest
from live import COOKIE, live_server
from live_people import MARKS, OURS, Insider, marked_world, one_of_each
from visits import Visit

from access.roles import PAGES, Role, may

pytestmark = pytest.mark.slow


def test_no_page_holds_a_mark(visit: Visit, tmp_path: Path) -> None:
    with live_server(tmp_path) as live:
        marked_world(live.engine)
        people = one_of_each(live.engine)
        for role in (Role.LEADER, Role.PANEL):
            _sign_in(visit, live.address, people[role])
            for page, permission in PAGES.items():
                if may(role, permission):
                    assert _marks_on(visit, f"{live.address}/{page}?school={OURS}") == [], (role, page)
        _sign_in(visit, live.address, people[Role.STEWARD])
        assert _marks_on(visit, f"{live.address}/data_quality"), "there is something to be found"


def _sign_in(visit: Visit, address: str, somebody: Insider) -> None:
    visit.page.context.add_cookies([{"name": COOKIE, "value": somebody.token, "url": address}])


def _marks_on(visit: Visit, address: str) -> list[str]:
    """The marks in the page with everything in it unfolded, hidden words and what the browser keeps included."""
    visit.go(address)
    visit.page.evaluate("document.querySelectorAll('details:not([open]) > summary').forEach(each => each.click())")
    visit.settle()
    kept = visit.page.evaluate("JSON.stringify([{...localStorage}, {...sessionStorage}])")
    held = visit.page.content() + kept + visit.page.url
    return [mark for mark in MARKS if mark in held]
