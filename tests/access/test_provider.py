"""Signing in through a provider: what is asked, and which answers are believed. A real provider: tests/browser."""

import json
import re
from collections.abc import Iterator
from html import unescape
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
import requests
from joserfc.jwk import OctKey, RSAKey
from live import Live, Visitor, live_server, live_settings
from provider import CLIENT_ID, Provider, providing
from servers import free_port
from sqlalchemy import select
from starlette.requests import Request

from access.roles import Role
from access.sign_in import accounts
from access.sign_in import pages as sign_in
from data_model.accounts import accounts as account_rows
from data_model.accounts import sign_in_sessions
from data_model.store import reading

DEEP = "/school?school=900001"
LEADER = {"roles": ["else", "leaders"], "email": "Lea@example.org", "name": "Lea Leader"}


@pytest.fixture(scope="module")
def provider() -> Iterator[Provider]:
    with providing() as running:
        yield running


@pytest.fixture(scope="module")
def live(provider: Provider, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Live]:
    port = free_port()
    settings = {
        "OUTREACH_OIDC_ISSUER": provider.address,
        "OUTREACH_OIDC_CLIENT_ID": CLIENT_ID,
        "OUTREACH_OIDC_CLIENT_SECRET": "not told to anybody",
        "OUTREACH_OIDC_ROLES": json.dumps({"managers": "manager", "leaders": "leader"}),
        "OUTREACH_OIDC_LA_CODES": "[304]",
        "OUTREACH_PUBLIC_URL": f"http://127.0.0.1:{port}",
    }
    with live_server(tmp_path_factory.mktemp("live"), port, **settings) as running:
        yield running


@pytest.fixture(autouse=True)
def honest(provider: Provider) -> None:
    provider.reset()


def _ask(live: Live, provider: Provider) -> Visitor:
    visitor = live.visitor()
    provider.remember(visitor.open(f"/sign-in/provider?next={DEEP}").headers["location"])
    return visitor


def _back(visitor: Visitor, provider: Provider, **query: str) -> requests.Response:
    said = {"code": "good", "state": provider.asked["state"], **query}
    # A browser comes back from another site.
    path = requests.Request("GET", "http://x/sign-in/provider/back", params=said).prepare().path_url
    return visitor.open(path, **{"Sec-Fetch-Site": "cross-site"})


def _come(live: Live, provider: Provider, **claims: object) -> requests.Response:
    provider.claims = {**LEADER, **claims}
    return _back(_ask(live, provider), provider)


def test_the_question_holds_what_protects_the_answer(live: Live, provider: Provider) -> None:
    _ask(live, provider)
    asked = provider.asked
    assert asked["response_type"] == "code"
    assert asked["code_challenge_method"] == "S256"
    assert asked["redirect_uri"] == f"{live.address}/sign-in/provider/back"
    assert "openid" in asked["scope"]
    assert min(len(asked[name]) for name in ("state", "nonce", "code_challenge")) >= 32


def test_the_first_sign_in_makes_an_account_and_keeps_the_deep_link(live: Live, provider: Provider) -> None:
    provider.claims = {**LEADER, "sub": "first"}
    visitor = _ask(live, provider)
    answer = _back(visitor, provider)
    assert answer.headers["location"] == "/sign-in/rules?next=%2Fschool%3Fschool%3D900001"
    assert provider.verified, "PKCE"
    assert visitor.send("/sign-in/rules", {"accept": "yes", "next": DEEP}).headers["location"] == DEEP
    assert visitor.open(DEEP).status_code == 200
    account = accounts.named(live.engine, "lea@example.org")
    assert (account.role, account.full_name, account.from_provider) == (Role.LEADER, "Lea Leader", True)
    assert [grant.la_code for grant in account.grants] == [304]
    assert live.visitor().give_password("lea@example.org", "").status_code == 400

    leaving = visitor.send("/sign-out", {})
    assert "form-action 'self';" in leaving.headers["content-security-policy"]
    found = re.search(r'http-equiv="refresh" content="0;url=([^"]*)"', leaving.text)
    assert found
    out = unescape(found[1])
    assert out.startswith(f"{provider.address}/end_session_endpoint?p=policy&")
    said = parse_qs(urlsplit(out).query)
    assert said["id_token_hint"]
    assert said["post_logout_redirect_uri"] == [f"{live.address}/sign-out/done"]


def test_a_link_too_long_for_a_cookie_is_given_up_and_not_the_signing_in(live: Live, provider: Provider) -> None:
    provider.claims = {**LEADER, "sub": "long", "email": "long@example.org"}
    visitor = live.visitor()
    provider.remember(visitor.open(f"/sign-in/provider?next=/school?{'a' * 4000}").headers["location"])
    assert max(len(cookie.value or "") for cookie in visitor.http.cookies) <= 4000
    assert _back(visitor, provider).headers["location"] == "/sign-in/rules?next=%2F"


def test_the_role_is_what_the_provider_says_today(live: Live, provider: Provider) -> None:
    _come(live, provider, sub="mover", email="mover@example.org")
    _come(live, provider, sub="mover", email="mover@example.org", roles=["leaders", "managers"])
    assert accounts.named(live.engine, "mover@example.org").role is Role.MANAGER, "the first of the settings"


def test_claims_may_come_from_userinfo(live: Live, provider: Provider) -> None:
    provider.claims = {"sub": "sparse"}
    provider.userinfo = {"sub": "sparse", **LEADER, "email": "sparse@example.org", "roles": "managers"}
    assert _back(_ask(live, provider), provider).status_code == 303
    assert accounts.named(live.engine, "sparse@example.org").role is Role.MANAGER


def test_userinfo_about_somebody_else_is_not_believed(live: Live, provider: Provider) -> None:
    provider.claims = {"sub": "sparse-2"}
    provider.userinfo = {"sub": "the boss", **LEADER}
    assert _back(_ask(live, provider), provider).status_code == 403


@pytest.mark.parametrize("roles", [[], ["else"], None, "leader", {"leaders": True}])
def test_somebody_without_a_role_is_told_whom_to_ask(live: Live, provider: Provider, roles: object) -> None:
    refused = _come(live, provider, sub="stranger", roles=roles)
    assert refused.status_code == 403
    assert "Ask your IT team" in refused.text
    with reading(live.engine) as connection:
        assert not connection.execute(select(account_rows).where(account_rows.c.subject == "stranger")).all()


@pytest.mark.parametrize(
    "claims",
    [
        {"iss": "https://evil.example"},
        {"aud": "another app"},
        {"aud": [CLIENT_ID, "another app"], "azp": "another app"},
        {"nonce": "replayed"},
        {"nonce": None},
        {"exp": 1},
        {"exp": None},
        {"sub": None},
    ],
    ids=str,
)
def test_a_token_that_was_not_made_for_this_is_refused(
    live: Live, provider: Provider, claims: dict[str, object]
) -> None:
    assert _come(live, provider, **claims).status_code == 400


@pytest.mark.parametrize("forged", ["none", "HS256 with the public key", "another key"])
def test_a_token_that_the_provider_did_not_sign_is_refused(live: Live, provider: Provider, forged: str) -> None:
    if forged == "none":
        provider.header, provider.sign_with = {"alg": "none"}, None
    elif forged == "another key":
        provider.sign_with = RSAKey.generate_key(2048)
    else:
        provider.header = {"alg": "HS256"}
        provider.sign_with = OctKey.import_key(provider.key.as_pem(private=False).replace(b"-----", b"....."))
    assert _come(live, provider).status_code == 400


OTHER_ANSWERS = [
    {"state": "another"},
    {"state": "ünother 😀"},
    {"state": ""},
    {"code": "stolen"},
    {"code": "stölen"},
    {"iss": "https://evil.example"},
    {"iss": "https://évil.example"},
]


@pytest.mark.parametrize("query", OTHER_ANSWERS, ids=ascii)
def test_an_answer_to_another_question_is_refused(live: Live, provider: Provider, query: dict[str, str]) -> None:
    provider.claims = dict(LEADER)
    refused = _back(_ask(live, provider), provider, **query)
    assert refused.status_code == 400
    assert "You could not be signed in" in refused.text


def test_bytes_that_are_no_text_are_no_answer_either(live: Live, provider: Provider) -> None:
    visitor = _ask(live, provider)
    assert visitor.open("/sign-in/provider/back?code=good&state=%FF%FE%ED%A0%80").status_code == 400


def test_behind_tls_what_was_asked_is_in_a_cookie_that_no_other_host_can_plant(
    provider: Provider, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("OUTREACH_OIDC_ISSUER", provider.address)
    monkeypatch.setenv("OUTREACH_OIDC_CLIENT_ID", CLIENT_ID)
    monkeypatch.setenv("OUTREACH_OIDC_ROLES", '{"leaders": "leader"}')
    monkeypatch.setenv("OUTREACH_PUBLIC_URL", "https://outreach.example.gov.uk")
    provider.claims = dict(LEADER)
    with live_settings(tmp_path / "tls.db"):
        there = sign_in.to_provider(_request())
        cookie = there.headers["set-cookie"]
        assert cookie.startswith("__Host-outreach_asked=")
        assert {"Path=/", "Secure", "HttpOnly", "SameSite=lax"} <= set(cookie.split("; "))
        assert "domain" not in cookie.lower()
        state = provider.remember(there.headers["location"])["state"]
        held = cookie.split(";")[0]
        planted = held.removeprefix("__Host-")
        answer = f"code=good&state={state}"
        assert sign_in.back_from_provider(_request(planted, answer)).status_code == 400
        back = sign_in.back_from_provider(_request(held, answer))
    assert back.status_code == 303
    gone = [value for value in back.headers.getlist("set-cookie") if value.startswith('__Host-outreach_asked=""')]
    assert [("Max-Age=0" in value, "Path=/" in value, "Secure" in value) for value in gone] == [(True, True, True)]


def _request(cookie: str = "", query: str = "") -> Request:
    headers = [(b"cookie", cookie.encode())]
    return Request({"type": "http", "method": "GET", "path": "/", "query_string": query.encode(), "headers": headers})


def test_an_answer_in_another_browser_is_refused(live: Live, provider: Provider) -> None:
    provider.claims = dict(LEADER)
    _ask(live, provider)
    refused = _back(live.visitor(), provider)
    assert refused.status_code == 400
    assert "begun in another browser" in refused.text


def test_an_answer_is_taken_once(live: Live, provider: Provider) -> None:
    provider.claims = {**LEADER, "sub": "twice", "email": "twice@example.org"}
    visitor = _ask(live, provider)
    assert _back(visitor, provider).status_code == 303
    assert _back(visitor, provider).status_code == 400


def test_a_name_that_somebody_has_here_is_not_taken_over(live: Live, provider: Provider) -> None:
    refused = _come(live, provider, sub="impostor", email="admin@example.org")
    assert refused.status_code == 403
    assert "already" in refused.text


def test_whoever_is_disabled_here_stays_out(live: Live, provider: Provider) -> None:
    _come(live, provider, sub="leaver", email="leaver@example.org")
    accounts.disable(live.engine, "a test", accounts.named(live.engine, "leaver@example.org").account_id)
    refused = _come(live, provider, sub="leaver", email="leaver@example.org")
    assert (refused.status_code, "disabled" in refused.text) == (403, True)


def test_what_the_provider_wants_to_hear_is_kept_sealed(live: Live, provider: Provider) -> None:
    _come(live, provider, sub="sealed", email="sealed@example.org")
    with reading(live.engine) as connection:
        kept = connection.execute(select(sign_in_sessions.c.provider_token)).scalars().all()
    assert any(kept)
    assert not [token for token in kept if token and token.startswith("eyJ")]
