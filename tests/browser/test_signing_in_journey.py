"""Signing in and out as people do, in a real browser."""

from collections.abc import Iterator
from datetime import timedelta

import pyotp
import pytest
from live import COOKIE, PASSWORD, Live, age_sessions, live_server
from playwright.sync_api import Page, expect
from visits import Visit


@pytest.fixture(scope="module")
def live(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Live]:
    """A server in live mode for the tests of this file."""
    with live_server(tmp_path_factory.mktemp("live")) as running:
        yield running


@pytest.fixture(scope="module")
def secret(live: Live) -> str:
    """The second factor of mo@example.org."""
    kept = pyotp.random_base32()
    live.add("mo@example.org", secret=kept)
    return kept


def _sign_in(page: Page, secret: str, name: str) -> None:
    page.get_by_label("Sign-in name").fill(name)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    page.get_by_label("Code from your app").fill(pyotp.TOTP(secret).now())
    page.get_by_role("button", name="Continue").click()


def test_a_deep_link_survives_signing_in_and_signing_out_empties_every_tab(live: Live, visit: Visit) -> None:
    secret = pyotp.random_base32()
    live.add("journey@example.org", secret=secret)
    faults: list[str] = []
    visit.page.on("console", lambda message: faults.append(message.text) if message.type == "error" else None)
    deep = f"{live.address}/data_dictionary?dataset=Suspensions"
    visit.page.goto(deep)
    expect(visit.page).to_have_title("Sign in – Outreach commissioning dashboard")
    _sign_in(visit.page, secret, "journey@example.org")
    visit.page.wait_for_url(deep)
    visit.settle()
    assert visit.page.locator("h2").first.inner_text() == "Suspensions"
    assert visit.page.get_by_text("Demonstration.").count() == 0
    assert visit.page.get_by_text("View as").count() == 0
    assert visit.page.get_by_text("journey@example.org").is_visible()
    assert not [fault for fault in faults if "Content Security" in fault]

    other = Visit(visit.page.context.new_page())
    other.go(f"{live.address}/about_the_measures")
    cookie = next(cookie for cookie in visit.page.context.cookies() if cookie["name"] == COOKIE)
    visit.page.get_by_role("link", name="Sign out").click()
    visit.page.get_by_role("button", name="Sign out").click()
    visit.page.get_by_role("heading", name="You are signed out").wait_for()
    other.page.wait_for_url("**/sign-in?ended=1&next=*", timeout=5_000)
    assert other.page.get_by_text("You were signed out").is_visible()
    assert "measure" not in other.page.locator("body").inner_text().lower()

    visit.page.context.add_cookies([cookie])
    visit.page.goto(deep)
    expect(visit.page).to_have_title("Sign in – Outreach commissioning dashboard")


def test_a_session_that_ended_by_itself_leaves_nothing_on_the_screen(live: Live, visit: Visit) -> None:
    secret = pyotp.random_base32()
    live.add("idle@example.org", secret=secret)
    visit.page.goto(f"{live.address}/about_the_measures")
    _sign_in(visit.page, secret, "idle@example.org")
    visit.page.wait_for_url("**/about_the_measures")
    visit.settle()
    age_sessions(live.engine, seen=timedelta(minutes=31))
    visit.page.wait_for_url("**/sign-in?ended=1&next=*", timeout=12_000)


def test_there_is_a_warning_before_a_session_ends_by_itself(live: Live, visit: Visit) -> None:
    secret = pyotp.random_base32()
    live.add("slow@example.org", secret=secret)
    visit.page.goto(f"{live.address}/about_the_measures")
    _sign_in(visit.page, secret, "slow@example.org")
    visit.page.wait_for_url("**/about_the_measures")
    visit.settle()
    age_sessions(live.engine, seen=timedelta(minutes=28, seconds=30))
    stay = visit.page.get_by_role("button", name="Stay signed in")
    stay.wait_for(timeout=20_000)
    stay.click()
    expect(stay).to_have_count(0)
    assert visit.page.evaluate("async () => (await (await fetch('/sign-in/still')).json()).seconds") > 1700
