"""The pages before the app are for everybody: by axe, on a small screen, in the dark, and by the keyboard."""

from collections.abc import Iterator

import pyotp
import pytest
from axe import violations
from live import PASSWORD, Live, live_server
from playwright.sync_api import Browser, Page, expect

from access.roles import Role
from access.sign_in import accounts

FIRST_PASSWORD = "kettle-of-four-herons"
NAMES = iter(f"walk{number}@example.org" for number in range(1000))


@pytest.fixture(scope="module")
def live(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Live]:
    """A server in live mode, with a provider that nobody asks."""
    provider = {"OUTREACH_OIDC_ISSUER": "http://127.0.0.1:9", "OUTREACH_OIDC_CLIENT_ID": "x"}
    roles = {"OUTREACH_OIDC_ROLES": '{"leaders": "leader"}'}
    with live_server(tmp_path_factory.mktemp("live"), **provider, **roles) as running:
        yield running


@pytest.fixture(params=["light", "dark"])
def small(browser: Browser, request: pytest.FixtureRequest) -> Iterator[Page]:
    """A page 320 pixels wide, in both themes, that axe may look into."""
    context = browser.new_context(viewport={"width": 320, "height": 640}, color_scheme=request.param, bypass_csp=True)
    yield context.new_page()
    context.close()


def _look(page: Page, title: str) -> None:
    expect(page).to_have_title(f"{title} – Outreach commissioning dashboard")
    assert violations(page) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= 320, "nothing to scroll sideways for"


def test_every_page_on_the_way_in_is_accessible(live: Live, small: Page) -> None:
    name = next(NAMES)
    accounts.create(live.engine, "the test", name, "Nora Newcome", Role.LEADER, FIRST_PASSWORD)
    small.goto(f"{live.address}/about_the_measures")
    _look(small, "Sign in")
    small.get_by_role("button", name="Sign in").click()
    _look(small, "Error: Sign in")
    expect(small.get_by_role("alert")).to_be_focused()
    small.get_by_role("link", name="Enter your password").click()
    expect(small.get_by_label("Password")).to_be_focused()

    small.get_by_label("Sign-in name").fill(name)
    small.get_by_label("Password").fill(FIRST_PASSWORD)
    small.keyboard.press("Enter")
    _look(small, "Set up your second factor")
    key = small.locator("figcaption code").inner_text().replace(" ", "")
    small.get_by_label("Code from your app").fill("000000")
    small.keyboard.press("Enter")
    _look(small, "Error: Set up your second factor")
    small.get_by_label("Code from your app").fill(pyotp.TOTP(key).now())
    small.keyboard.press("Enter")
    _look(small, "Keep these recovery codes")
    codes = small.locator(".codes code").all_inner_texts()
    small.get_by_role("link", name="I have kept them").click()

    _look(small, "Choose your password")
    small.get_by_label("New password").fill("password12345")
    small.get_by_label("The same again").fill("password12345")
    small.keyboard.press("Enter")
    _look(small, "Error: Choose your password")
    small.get_by_label("New password").fill(PASSWORD)
    small.get_by_label("The same again").fill(PASSWORD)
    small.keyboard.press("Enter")

    _look(small, "Before you start")
    small.get_by_role("button", name="Continue").click()
    _look(small, "Error: Before you start")
    small.get_by_label("I will keep to this").check()
    small.get_by_role("button", name="Continue").click()
    small.wait_for_url("**/about_the_measures")

    small.goto(f"{live.address}/sign-out")
    _look(small, "Sign out")
    small.get_by_role("button", name="Sign out").click()
    _look(small, "You are signed out")

    small.goto(f"{live.address}/sign-in")
    small.get_by_label("Sign-in name").fill(name)
    small.get_by_label("Password").fill(PASSWORD)
    small.keyboard.press("Enter")
    _look(small, "Enter your code")
    small.get_by_role("link", name="use a recovery code").click()
    _look(small, "Use a recovery code")
    small.get_by_label("Recovery code").fill(codes[0])
    small.keyboard.press("Enter")
    small.wait_for_url(live.address + "/")
    _look_at_what_one_changes_oneself(live, small, codes[1:])

    small.goto(f"{live.address}/sign-out")
    small.get_by_role("button", name="Sign out").click()
    small.goto(f"{live.address}/sign-in/provider")
    _look(small, "You could not be signed in")


def _look_at_what_one_changes_oneself(live: Live, small: Page, codes: list[str]) -> None:
    small.goto(f"{live.address}/sign-in/change-password")
    _look(small, "Change your password")
    for address, title, code in (
        ("new-recovery-codes", "Make new recovery codes", codes[0]),
        ("change-second-factor", "Change your second factor", ""),
    ):
        small.goto(f"{live.address}/sign-in/{address}")
        _look(small, title)
        small.keyboard.press("Tab")
        small.get_by_role("button", name="Continue").click()
        _look(small, f"Error: {title}")
        small.get_by_label("Your present password").fill(PASSWORD)
        small.get_by_label("Code from your present app").fill(code or codes[0])
        small.keyboard.press("Enter")
        if code:
            _look(small, "Keep these recovery codes")
            codes = small.locator(".codes code").all_inner_texts()
            small.get_by_role("link", name="I have kept them").click()
            small.wait_for_url("**/your_account")
    _look(small, "Set up your new second factor")
    key = small.locator("figcaption code").inner_text().replace(" ", "")
    small.get_by_label("Code from your app").fill(pyotp.TOTP(key).now())
    small.keyboard.press("Enter")
    _look(small, "Keep these recovery codes")
    small.get_by_role("link", name="I have kept them").click()
    small.wait_for_url("**/your_account")


def test_a_password_manager_knows_the_fields(live: Live, small: Page) -> None:
    small.goto(f"{live.address}/sign-in")
    assert small.get_by_label("Sign-in name").get_attribute("autocomplete") == "username"
    assert small.get_by_label("Password").get_attribute("autocomplete") == "current-password"
