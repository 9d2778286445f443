"""Every page in a browser, for every role, on a warm server and on one that nobody has visited."""

import json
import urllib.error
import urllib.request

import pytest
from visits import Visit

from access.identity import COOKIE
from access.roles import PAGES, Role, may
from ui.shell import title_of

REFUSED = "Not available to you"
REFUSALS = [
    (page, next(role for role in Role if not may(role, permission)))
    for page, permission in PAGES.items()
    if not all(may(role, permission) for role in Role)
]
"""Each page that is not for everybody, with a role that it is not for."""


def _heading(page: str, role: Role) -> str:
    return title_of(page) if may(role, PAGES[page]) else REFUSED


def _menu(role: Role) -> list[str]:
    return [title_of(page) for page, permission in PAGES.items() if may(role, permission)]


# The other roles' pages take as long again, each: CI looks at them.
@pytest.mark.parametrize(
    "role", [role if role is Role.MANAGER else pytest.param(role, marks=pytest.mark.slow) for role in Role]
)
def test_every_page_is_drawn(app: str, visit: Visit, role: Role) -> None:
    visit.go(f"{app}/as/{role}")
    for page in PAGES:
        visit.go(f"{app}/{page}")
        assert visit.headings == [_heading(page, role)], page
        assert visit.menu == _menu(role), page
        assert not visit.faults, page
    assert not visit.outside


# Each has a server of its own: CI tries the others.
@pytest.mark.parametrize(
    ("page", "role"), [REFUSALS[0], *(pytest.param(*refusal, marks=pytest.mark.slow) for refusal in REFUSALS[1:])]
)
def test_a_link_into_a_cold_server_shows_nothing_it_should_not(
    cold_app: str, visit: Visit, page: str, role: Role
) -> None:
    seen: list[str] = []
    visit.page.on("websocket", lambda socket: socket.on("framereceived", lambda frame: seen.append(str(frame))))
    visit.page.context.add_cookies([{"name": COOKIE, "value": str(role), "url": cold_app}])
    visit.go(f"{cold_app}/{page}")
    assert visit.headings == [REFUSED]
    assert visit.menu == _menu(role)
    figures = '[data-testid="stFileUploader"], [data-testid="stDataFrame"], [data-testid="stPlotlyChart"], table'
    assert visit.page.locator(figures).count() == 0
    assert seen
    assert not any("Larkshire" in frame or "9000" in frame for frame in seen)


def test_the_switch_in_the_sidebar_keeps_the_page_and_its_choices(app: str, visit: Visit) -> None:
    visit.go(f"{app}/data_dictionary?dataset=Suspensions")
    assert visit.menu == _menu(Role.LEADER)
    assert visit.menu_headings == {
        "Overview": "Where to go",
        "First response": "Children",
        "Schools before the panel": "Fair Access Panel",
        "Data dictionary": "About",
    }
    visit.page.get_by_role("region", name="View as").get_by_role("link", name="Data steward").click()
    visit.page.wait_for_url("**/data_dictionary?dataset=Suspensions")
    visit.settle()
    assert visit.menu == _menu(Role.STEWARD)
    assert visit.page.locator("h2").first.inner_text() == "Suspensions"
    cookie = next(cookie for cookie in visit.page.context.cookies() if cookie["name"] == COOKIE)
    assert (cookie["value"], cookie["httpOnly"], cookie["sameSite"]) == (Role.STEWARD, True, "Lax")


def test_every_page_warns_against_real_childrens_data(app: str, visit: Visit) -> None:
    visit.go(f"{app}/about_the_measures")
    assert visit.page.get_by_text("Do not load real children’s data").is_visible()


def test_healthz(app: str) -> None:
    with urllib.request.urlopen(f"{app}/healthz") as answer:
        told = json.load(answer)
    assert answer.status == 200
    assert set(told) == {"status", "schema", "database", "disk", "last_backup_age_hours"}
    assert (told["status"], told["schema"], told["database"]) == ("ok", "ok", "writable")


def test_a_role_that_does_not_exist(app: str) -> None:
    with pytest.raises(urllib.error.HTTPError) as refused:
        urllib.request.urlopen(f"{app}/as/root?next=/")
    refused.value.close()
    assert refused.value.code == 404


def test_a_broken_address_is_said_to_be_one(app: str, visit: Visit) -> None:
    visit.go(f"{app}/nowhere")
    assert visit.page.get_by_role("dialog").get_by_text("Page not found").is_visible()
    assert not visit.faults
