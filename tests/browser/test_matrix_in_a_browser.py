"""Every role against every page by its address, in a real browser, on a live server that this role visits first."""

from pathlib import Path

import pytest
from live import COOKIE, live_server
from live_people import marked_world, one_of_each
from visits import Visit

from access.roles import PAGES, Role, may
from ui.shell import title_of

pytestmark = pytest.mark.slow


@pytest.mark.parametrize("role", Role)
def test_every_page_by_its_address(visit: Visit, tmp_path: Path, role: Role) -> None:
    with live_server(tmp_path) as live:
        marked_world(live.engine)
        someone = one_of_each(live.engine)[role]
        visit.page.context.add_cookies([{"name": COOKIE, "value": someone.token, "url": live.address}])
        for page, permission in PAGES.items():
            visit.go(f"{live.address}/{page}")
            assert visit.headings == [title_of(page) if may(role, permission) else "Not available to you"], page
            assert visit.menu == [title_of(each) for each, needed in PAGES.items() if may(role, needed)]
            assert not visit.faults, page
        assert not visit.outside


def test_nobody_is_shown_anything_but_the_sign_in(visit: Visit, tmp_path: Path) -> None:
    with live_server(tmp_path) as live:
        marked_world(live.engine)
        for page in PAGES:
            visit.page.goto(f"{live.address}/{page}")
            assert "/sign-in" in visit.page.url
            assert visit.headings == ["Sign in"]
