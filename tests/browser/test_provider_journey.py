"""Signing in through a real OpenID Connect provider, in a real browser. What a dishonest one may say: tests/access."""

import json
import re
from collections.abc import Iterator
from urllib.parse import parse_qs, urlsplit

import pytest
from desk import SCHOOLS, Desk
from live import COOKIE, Live, live_server
from playwright.sync_api import BrowserContext, Page, expect
from real_provider import CLIENT_ID, CLIENT_SECRET, People, real_provider
from servers import free_port
from visits import Visit

from access.roles import Role
from access.scope import Grant
from access.sign_in import accounts

DEEP = "/school?school=900001"
SCHOOL = "Lanternmere Primary School"
OURS = "Sign in – Outreach commissioning dashboard"
REFUSED = "You could not be signed in"
CALLBACK = "/sign-in/provider/back"
ASKED = "outreach_asked"


def _person(name: str, *roles: str, roles_in: str = "id_token") -> dict[str, dict[str, object]]:
    """What the provider says of somebody."""
    about: dict[str, dict[str, object]] = {"id_token": {"name": name.title(), "email": f"{name}@example.org"}}
    about.setdefault(roles_in, {})["roles"] = list(roles)
    return about


PEOPLE: People = {
    "lea": _person("lea", "all-staff", "leaders"),
    "uma": _person("uma", "all-staff", "managers", roles_in="userinfo"),
    "sam": _person("sam", "all-staff"),
    "dan": _person("dan", "leaders"),
    "rex": _person("rex", "leaders"),
    "ida": _person("ida", "leaders"),
}


@pytest.fixture(scope="module")
def live(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Live]:
    """A server in live mode with three schools, where people sign in through the provider."""
    folder, port = tmp_path_factory.mktemp("provider"), free_port()
    ours = f"http://127.0.0.1:{port}"
    with real_provider(ours, PEOPLE, folder / "provider.log") as issuer:
        settings = {
            "OUTREACH_OIDC_ISSUER": issuer,
            "OUTREACH_OIDC_CLIENT_ID": CLIENT_ID,
            "OUTREACH_OIDC_CLIENT_SECRET": CLIENT_SECRET,
            "OUTREACH_OIDC_NAME": "Larkshire’s account",
            "OUTREACH_OIDC_ROLES": json.dumps({"managers": "manager", "leaders": "leader"}),
            "OUTREACH_PUBLIC_URL": ours,
        }
        with live_server(folder, port, **settings) as running:
            with Desk(f"sqlite:///{folder / 'live.db'}") as desk:
                desk.load("schools", SCHOOLS)
            yield running


def _ask(live: Live, page: Page, path: str = DEEP) -> dict[str, str]:
    """Open a page of the app and go to the provider; return what the app asked of it."""
    page.goto(live.address + path)
    expect(page).to_have_title(OURS)
    with page.expect_request(re.compile(r"http://localhost:\d+/auth\?")) as asked:
        page.get_by_role("link", name="Sign in with Larkshire’s account").click()
    expect(page).to_have_title("Provider: sign in")
    return {name: values[0] for name, values in parse_qs(urlsplit(asked.value.url).query).items()}


def _give_name(page: Page, name: str) -> None:
    page.get_by_label("Name").fill(name)
    page.get_by_role("button", name="Sign in").click()


def _sign_in(live: Live, page: Page, name: str, path: str = DEEP) -> None:
    """Sign in for the first time, whole."""
    _ask(live, page, path)
    _give_name(page, name)
    page.get_by_label("I will keep to this").check()
    page.get_by_role("button", name="Continue").click()
    page.wait_for_url(live.address + path)


def _cookie(context: BrowserContext, name: str) -> dict[str, str] | None:
    """A cookie of that name, as it can be put back."""
    found = (cookie for cookie in context.cookies() if cookie["name"] == name)
    return next((dict(cookie) for cookie in found), None)  # type: ignore[arg-type]


def _refusal(page: Page) -> str:
    """The sentence of a refusal, where nobody got in."""
    expect(page.get_by_role("heading", name=REFUSED)).to_be_visible()
    assert _cookie(page.context, COOKIE) is None
    return page.locator("main p").first.inner_text()


def test_from_a_deep_link_through_the_provider_and_out_again(live: Live, visit: Visit) -> None:
    page, frames = visit.page, list[str]()
    page.on("websocket", lambda socket: socket.on("framereceived", lambda frame: frames.append(str(frame))))
    asked = _ask(live, page)
    assert asked["code_challenge_method"] == "S256"
    assert min(len(asked[name]) for name in ("state", "nonce", "code_challenge")) >= 32
    _give_name(page, "lea")
    page.get_by_label("I will keep to this").check()
    page.get_by_role("button", name="Continue").click()
    page.wait_for_url(live.address + DEEP)
    visit.settle()

    account = accounts.named(live.engine, "lea@example.org")
    assert (account.role, account.full_name, account.grants) == (Role.LEADER, "Lea", ())
    assert visit.headings == ["You cannot see any data yet"]
    assert page.get_by_role("region", name="Signed in").get_by_text("lea@example.org").is_visible()
    assert frames
    assert not any(SCHOOL in frame for frame in frames)
    accounts.grant(live.engine, "the test", account.account_id, Grant(999))
    visit.go(live.address + DEEP)
    assert page.get_by_text(SCHOOL).first.is_visible()

    kept = _cookie(page.context, COOKIE)
    page.get_by_role("link", name="Sign out").click()
    page.get_by_role("button", name="Sign out").click()
    expect(page).to_have_title("Provider: sign out")
    page.get_by_role("button", name="Sign out here too").click()
    page.wait_for_url(f"{live.address}/sign-out/done*")
    page.get_by_role("heading", name="You are signed out").wait_for()

    page.context.add_cookies([kept])  # type: ignore[list-item]
    page.goto(live.address + DEEP)
    expect(page).to_have_title(OURS)
    _ask(live, page)  # which asks who it is: the session there ended as well


def test_a_role_that_only_userinfo_tells(live: Live, visit: Visit) -> None:
    _sign_in(live, visit.page, "uma", "/about_the_measures")
    visit.settle()
    assert visit.page.get_by_role("region", name="Signed in").get_by_text(Role.MANAGER.label).is_visible()
    assert accounts.named(live.engine, "uma@example.org").role is Role.MANAGER


def test_somebody_without_a_role_is_told_whom_to_ask(live: Live, visit: Visit) -> None:
    _ask(live, visit.page)
    _give_name(visit.page, "sam")
    assert "Your account has no role in this dashboard. Ask your IT team" in _refusal(visit.page)
    with pytest.raises(accounts.Refused):
        accounts.named(live.engine, "sam@example.org")


def test_whoever_is_disabled_is_out_at_once_and_stays_out(live: Live, visit: Visit) -> None:
    _sign_in(live, visit.page, "dan", "/about_the_measures")
    visit.settle()
    accounts.disable(live.engine, "the test", accounts.named(live.engine, "dan@example.org").account_id)
    visit.page.wait_for_url("**/sign-in?ended=1&next=*", timeout=15_000)
    visit.page.get_by_role("link", name="Sign in with Larkshire’s account").click()  # where dan still is signed in
    visit.page.get_by_role("heading", name=REFUSED).wait_for()
    assert visit.page.get_by_text("Your account in this dashboard is disabled").is_visible()


def test_whoever_gives_up_at_the_provider_reads_a_sentence_of_ours(live: Live, visit: Visit) -> None:
    _ask(live, visit.page)
    visit.page.get_by_role("link", name="Cancel").click()
    assert "Your provider did not let you in" in _refusal(visit.page)
    assert "said no" not in visit.page.content(), "what stands in the address is not shown"
    visit.page.get_by_role("link", name="Back to signing in").click()
    expect(visit.page).to_have_title(OURS)


@pytest.mark.parametrize("name", ["state", "nonce", "code_challenge"])
def test_a_question_that_was_changed_on_its_way_gets_nobody_in(live: Live, visit: Visit, name: str) -> None:
    answer = visit.page.context.request.get(f"{live.address}/sign-in/provider?next=/", max_redirects=0)
    asked = answer.headers["location"]
    assert parse_qs(urlsplit(asked).query)[name]
    visit.page.goto(re.sub(rf"(?<=[?&]{name}=)[^&]+", "A" * 43, asked))
    _give_name(visit.page, "lea")
    _refusal(visit.page)


def test_an_answer_that_was_overheard_opens_nothing(live: Live, visit: Visit) -> None:
    page, answers = visit.page, list[str]()
    page.on("request", lambda request: answers.append(request.url) if CALLBACK in request.url else None)
    _ask(live, page)
    asked = _cookie(page.context, ASKED)
    _give_name(page, "rex")
    page.get_by_label("I will keep to this").wait_for()
    assert len(answers) == 1
    assert page.context.browser
    elsewhere = page.context.browser.new_context()
    thief = elsewhere.new_page()
    thief.goto(answers[0])
    assert "begun in another browser" in _refusal(thief)
    elsewhere.add_cookies([asked])  # type: ignore[list-item]
    thief.goto(answers[0])
    assert "could not be used" in _refusal(thief)
    elsewhere.close()
    assert "code=" not in live.log.read_text()


def test_signing_in_gives_a_new_session_and_ends_the_one_before(live: Live, visit: Visit) -> None:
    page = visit.page
    planted = {"name": COOKIE, "value": "planted-by-somebody-else", "url": live.address}
    page.context.add_cookies([planted])  # type: ignore[list-item]
    _sign_in(live, page, "ida", "/about_the_measures")
    first = _cookie(page.context, COOKIE)
    assert first
    assert first["value"] != "planted-by-somebody-else"
    assert (first["httpOnly"], first["sameSite"], first["path"]) == (True, "Lax", "/")
    assert _cookie(page.context, ASKED) is None

    page.goto(f"{live.address}/sign-in/provider?next=/about_the_measures")  # who is known there still
    page.wait_for_url(f"{live.address}/about_the_measures")
    second = _cookie(page.context, COOKIE)
    assert second
    assert second["value"] != first["value"]
    page.context.add_cookies([first])  # type: ignore[list-item]
    page.goto(f"{live.address}/about_the_measures")
    expect(page).to_have_title(OURS)
