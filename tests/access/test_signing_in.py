"""Signing in over plain HTTP: what each step asks, what is refused, and what a cookie opens afterwards."""

from contextlib import suppress
from datetime import timedelta
from statistics import median
from time import perf_counter

import pyotp
import pytest
import requests
from live import COOKIE, PASSWORD, Live, Visitor, age_sessions, hidden
from sqlalchemy import delete, func, select

from access.noting import moment, noting
from access.roles import Role
from access.sign_in import accounts, sessions, throttle
from access.sign_in.rules_of_use import RULES
from data_model.accounts import sign_in_attempts, sign_in_sessions
from data_model.audit_trail import audit_events
from data_model.store import reading

DEEP = "/school?school=900001&year=2024%2F25"


@pytest.fixture(autouse=True)
def nobody_has_guessed(live: Live) -> None:
    with noting(live.engine) as connection:
        connection.execute(delete(sign_in_attempts))


@pytest.fixture(scope="module")
def secret(live: Live) -> str:
    """The second factor of mo@example.org."""
    kept = pyotp.random_base32()
    live.add("mo@example.org", secret=kept)
    return kept


@pytest.fixture
def mo(live: Live, secret: str) -> Visitor:
    """Somebody who is signed in."""
    live.add(name := f"mo{pyotp.random_base32()[:8].lower()}@example.org", secret=secret)
    return live.visitor().sign_in(name, secret)


def test_the_first_time_leads_through_every_step_to_the_page_that_was_wanted(live: Live) -> None:
    accounts.create(live.engine, "the test", "New@Example.org", "Nora Newcome", Role.LEADER, "kettle-of-four-herons")
    visitor = live.visitor()
    wanted = visitor.open(DEEP)
    assert wanted.status_code == 303
    assert wanted.headers["location"] == "/sign-in?next=%2Fschool%3Fschool%3D900001%26year%3D2024%252F25"
    onward = hidden(visitor.open(wanted.headers["location"]), "next")
    assert onward == DEEP

    enrol = visitor.give_password("new@example.ORG ", "kettle-of-four-herons", onward).headers["location"]
    assert enrol.startswith("/sign-in/enrol?next=")
    page = visitor.open(enrol)
    assert "<svg" in page.text
    key = page.text.split("instead: <code>")[1].split("</code>")[0].replace(" ", "")
    form = {"sealed": hidden(page, "sealed"), "next": hidden(page, "next")}
    wrong = visitor.send("/sign-in/enrol", {**form, "code": "000000"})
    assert (wrong.status_code, hidden(wrong, "next")) == (401, DEEP)
    done = visitor.send("/sign-in/enrol", {**form, "code": pyotp.TOTP(key).now()})
    assert done.text.count("<li><code>") == 10

    assert visitor.open("/").headers["location"] == "/sign-in/password?next=%2F"
    asked = visitor.open(f"/sign-in/rules?next={DEEP.replace('&', '%26')}")
    assert asked.headers["location"].startswith("/sign-in/password?next=%2Fschool%3F")
    form = {"next": DEEP, "password": "a new one with five words", "again": "a new one with five words"}
    assert "Type the same" in visitor.send("/sign-in/password", {**form, "again": "another"}).text
    assert visitor.send("/sign-in/password", form).headers["location"].startswith("/sign-in/rules?next=%2Fschool")
    rules = visitor.open("/sign-in/rules?next=/")
    assert rules.text.count("<li>") == len(RULES)
    assert visitor.open(DEEP).headers["location"].startswith("/sign-in/rules")
    assert visitor.send("/sign-in/rules", {"next": DEEP}).status_code == 400
    assert visitor.send("/sign-in/rules", {"next": DEEP, "accept": "yes"}).headers["location"] == DEEP
    assert visitor.open(DEEP).status_code == 200


def test_the_second_time_asks_for_the_password_and_a_code(live: Live, secret: str) -> None:
    visitor = live.visitor()
    assert visitor.give_password("mo@example.org", onward=DEEP).headers["location"].startswith("/sign-in/code?next=%2F")
    assert visitor.open("/").headers["location"] == "/sign-in/code?next=%2F", "the password alone opens nothing"
    assert visitor.give_code(secret, DEEP).headers["location"] == DEEP
    assert visitor.open(DEEP).status_code == 200
    assert visitor.open("/sign-in?next=/upload").headers["location"] == "/upload"


def test_a_code_works_once(live: Live, secret: str) -> None:
    live.add("once@example.org", secret=secret)
    first, second = live.visitor(), live.visitor()
    first.give_password("once@example.org")
    second.give_password("once@example.org")
    assert first.give_code(secret).status_code == 303
    assert second.give_code(secret).status_code == 401


def test_a_recovery_code_works_once(live: Live) -> None:
    from access.sign_in import second_factor

    account_id = live.add("lost@example.org")
    with noting(live.engine) as connection:
        codes = second_factor.enrol(connection, account_id, pyotp.random_base32(), 0)
    for status in (303, 401):
        visitor = live.visitor()
        visitor.give_password("lost@example.org")
        form = {"code": f" {codes[3].upper()} ", "next": DEEP}
        assert visitor.send("/sign-in/recovery", form).status_code == status


@pytest.mark.parametrize("name", ["mo@example.org", "nobody@example.org"])
def test_a_wrong_password_says_the_same_whoever_it_is(live: Live, secret: str, name: str) -> None:
    visitor = live.visitor()
    refused = visitor.give_password(name, "not this one at all")
    assert refused.status_code == 401
    assert "The sign-in name or the password is wrong" in refused.text
    assert "<title>Error: Sign in" in refused.text
    assert 'href="#password"' in refused.text
    assert visitor.token is None
    assert "not this one" not in refused.text


def test_the_eleventh_guess_is_refused_even_if_it_is_right(live: Live, secret: str) -> None:
    for _ in range(throttle.MOST_AT_A_NAME):
        assert live.visitor().give_password("mo@example.org", "not this one at all").status_code == 401
    eleventh = live.visitor().give_password("mo@example.org")
    assert (eleventh.status_code, COOKIE in eleventh.cookies) == (429, False)
    assert "Wait five minutes" in eleventh.text


def test_guesses_at_the_code_count_too(live: Live, secret: str) -> None:
    visitor = live.visitor()
    visitor.give_password("mo@example.org")
    answers = [visitor.send("/sign-in/code", {"code": f"{number:06}"}).status_code for number in range(11)]
    assert answers == [401] * 10 + [429]


def test_one_address_may_not_try_many_names(live: Live) -> None:
    _guess_from("127.0.0.1", live, throttle.MOST_FROM_AN_ADDRESS - 2)
    guesses = [live.visitor().give_password(f"guess{number}@example.org", "x" * 14).status_code for number in range(3)]
    assert guesses == [401, 401, 429]


def test_a_visitor_cannot_choose_the_address_that_is_counted(live: Live) -> None:
    """The last proxy that is believed is this machine: what comes before it in the header is anybody's claim."""
    _guess_from("203.0.113.9", live, throttle.MOST_FROM_AN_ADDRESS - 2)
    answers = [
        live.visitor().send(
            "/sign-in",
            {"name": f"spray{number}@example.org", "password": "x" * 14},
            **{"X-Forwarded-For": f"198.51.100.{number}, 203.0.113.9"},
        )
        for number in range(3)
    ]
    assert [answer.status_code for answer in answers] == [401, 401, 429]


def test_whoever_guesses_at_one_account_locks_nobody_else_out(live: Live, secret: str) -> None:
    """A whole council comes from one address: two people who type theirs wrong until they are locked are two people."""
    for name in ("forgets@example.org", "attacked@example.org"):
        for _ in range(throttle.MOST_AT_A_NAME):
            throttle.attempt(live.engine, name, "127.0.0.1", moment())
        assert live.visitor().give_password(name).status_code == 429
    live.add("beside@example.org", secret=secret)
    live.visitor().sign_in("beside@example.org", secret)


def test_guesses_at_one_account_count_wherever_they_come_from(live: Live, secret: str) -> None:
    for number in range(throttle.MOST_AT_A_NAME):
        throttle.attempt(live.engine, "mo@example.org", f"198.51.100.{number}", moment())
    assert live.visitor().give_password("mo@example.org").status_code == 429


def test_guesses_that_are_refused_are_not_held_against_an_address(live: Live, secret: str) -> None:
    for _ in range(throttle.MOST_FROM_AN_ADDRESS + throttle.MOST_AT_A_NAME):
        with suppress(throttle.TooMany):
            throttle.attempt(live.engine, "forgets@example.org", "127.0.0.1", moment())
    assert live.visitor().give_password("mo@example.org").status_code == 303


def _guess_from(address: str, live: Live, guesses: int) -> None:
    """Guesses from an address at names that are nobody's, each at another."""
    for number in range(guesses):
        throttle.attempt(live.engine, f"sprayed{number}@example.org", address, moment())


def test_the_session_is_another_after_each_factor(live: Live, secret: str) -> None:
    planted = "a-token-that-somebody-else-knows"
    live.add("fixed@example.org", secret=secret)
    visitor = live.visitor()
    visitor.http.cookies.set(COOKIE, planted)
    visitor.give_password("fixed@example.org")
    after_password = visitor.http.cookies.get_dict(path="/")[COOKIE]
    visitor.http.cookies.clear()
    visitor.http.cookies.set(COOKIE, after_password)
    answer = visitor.give_code(secret)
    after_code = answer.cookies[COOKIE]
    assert len({planted, after_password, after_code}) == 3
    for stale in (planted, after_password):
        other = live.visitor()
        other.http.cookies.set(COOKIE, stale)
        assert other.open("/").headers["location"].startswith("/sign-in?next=")


def test_only_the_hash_of_a_token_is_kept(live: Live, mo: Visitor) -> None:
    assert mo.token
    with reading(live.engine) as connection:
        rows = connection.execute(select(sign_in_sessions)).all()
    assert mo.token not in str(rows)
    assert len(mo.token) >= 43, "256 bits"


def test_the_cookie_is_for_this_app_alone(live: Live, secret: str) -> None:
    set_cookie = live.visitor().give_password("mo@example.org").headers["set-cookie"].lower()
    assert "httponly" in set_cookie
    assert "samesite=lax" in set_cookie
    assert "path=/" in set_cookie
    assert "domain" not in set_cookie


def test_a_cookie_opens_nothing_after_signing_out(live: Live, mo: Visitor) -> None:
    token = mo.token
    assert mo.open("/sign-out").status_code == 200, "a link only asks"
    assert mo.open("/").status_code == 200
    assert mo.send("/sign-out", {}).headers["location"] == "/sign-out/done"
    assert mo.token is None
    replayed = live.visitor()
    replayed.http.cookies.set(COOKIE, token)
    assert replayed.open("/").headers["location"] == "/sign-in?next=%2F"
    assert replayed.open("/sign-in/still").status_code == 401


@pytest.mark.parametrize(
    "older",
    [{"seen": timedelta(minutes=31)}, {"created": timedelta(hours=8, minutes=1)}],
    ids=["nothing happened for half an hour", "eight hours passed"],
)
def test_a_session_does_not_last(live: Live, mo: Visitor, older: dict[str, timedelta]) -> None:
    assert mo.open("/").status_code == 200
    age_sessions(live.engine, **older)
    assert mo.open("/").headers["location"] == "/sign-in?next=%2F"


def test_what_happens_keeps_a_session_and_asking_whether_it_stands_does_not(live: Live, mo: Visitor) -> None:
    age_sessions(live.engine, seen=timedelta(minutes=20))
    assert mo.open("/sign-in/still").json()["seconds"] <= 600
    mo.open("/_stcore/health")
    assert mo.open("/sign-in/still").json()["seconds"] <= 600
    mo.open("/")
    assert mo.open("/sign-in/still").json()["seconds"] > 1700
    age_sessions(live.engine, seen=timedelta(minutes=20))
    assert mo.send("/sign-in/stay", {}).status_code == 204
    assert mo.open("/sign-in/still").json()["seconds"] > 1700


def test_the_time_of_the_last_sight_is_written_at_most_once_a_minute(live: Live, mo: Visitor) -> None:
    def last_seen() -> object:
        with reading(live.engine) as connection:
            return connection.execute(select(func.max(sign_in_sessions.c.last_seen_at))).scalar()

    before = last_seen()
    mo.open("/")
    mo.open("/")
    assert last_seen() == before


def test_whoever_is_disabled_is_out_at_once(live: Live, secret: str) -> None:
    account_id = live.add("gone@example.org", secret=secret)
    visitor = live.visitor().sign_in("gone@example.org", secret)
    accounts.disable(live.engine, "the test", account_id)
    assert visitor.open("/").headers["location"] == "/sign-in?next=%2F"
    assert live.visitor().give_password("gone@example.org").status_code == 401


@pytest.mark.parametrize(
    "headers",
    [
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
        {"Origin": "https://evil.example"},
        {"Origin": "null"},
        {"Origin": "http://["},
        {"Origin": "http://127.0.0.1:1"},
    ],
    ids=str,
)
@pytest.mark.parametrize("path", ["/sign-in", "/sign-out", "/sign-in/rules", "/sign-in/stay"])
def test_a_form_from_elsewhere_does_nothing(live: Live, mo: Visitor, path: str, headers: dict[str, str]) -> None:
    refused = mo.send(path, {"name": "mo@example.org", "password": PASSWORD}, **headers)
    assert (refused.status_code, COOKIE in refused.cookies) == (403, False)
    assert mo.open("/").status_code == 200


def test_a_form_without_any_word_of_where_it_comes_from_does_nothing(live: Live, secret: str) -> None:
    form = {"name": "mo@example.org", "password": PASSWORD}
    assert requests.post(f"{live.address}/sign-in", data=form, allow_redirects=False, timeout=10).status_code == 403


def test_a_huge_form_is_refused(live: Live) -> None:
    assert live.visitor().give_password("mo@example.org", "x" * 20_000).status_code == 413


@pytest.mark.parametrize("elsewhere", ["https://evil.example", "//evil.example", "/\\evil.example", "/sign-out"])
def test_signing_in_never_leads_elsewhere(live: Live, secret: str, elsewhere: str) -> None:
    visitor = live.visitor()
    assert hidden(visitor.http.get(f"{live.address}/sign-in", params={"next": elsewhere}), "next") == "/"
    assert visitor.give_password("mo@example.org", onward=elsewhere).headers["location"] == "/sign-in/code?next=%2F"


def test_the_audit_trail_says_who_came_and_who_was_refused(live: Live, mo: Visitor) -> None:
    mo.send("/sign-out", {})
    live.visitor().give_password("my secret typed into the wrong field", "x")
    with reading(live.engine) as connection:
        events = connection.execute(select(audit_events).order_by(audit_events.c.event_id.desc())).all()
    assert [event.action for event in events[:3]] == ["failed to sign in", "signed out", "signed in"]
    assert events[0].who == "somebody", "what was typed may be a password"


def test_nothing_that_was_typed_is_in_the_log(live: Live, mo: Visitor) -> None:
    written = live.log.read_text()
    assert mo.token
    for secret_word in (PASSWORD, mo.token, "mo@example.org", "my secret typed"):
        assert secret_word not in written


def test_ending_all_sessions_of_an_account(live: Live, secret: str) -> None:
    account_id = live.add("two@example.org", secret=secret)
    visitor = live.visitor().sign_in("two@example.org", secret)
    sessions.end_all(live.engine, account_id)
    assert sessions.standing(live.engine, visitor.token, moment()) is None


@pytest.mark.slow
def test_nobody_can_tell_by_the_time_it_takes_who_has_an_account(live: Live, secret: str) -> None:
    """In turns, so that whatever else this machine does falls on both."""
    visitor = live.visitor()
    took: dict[str, list[float]] = {"mo@example.org": [], "nobody@example.org": []}
    for number in range(100):
        for name in sorted(took, reverse=bool(number % 2)):
            with noting(live.engine) as connection:
                connection.execute(delete(sign_in_attempts))
            started = perf_counter()
            assert visitor.give_password(name, "not this one at all").status_code == 401
            took[name].append(perf_counter() - started)
    known, unknown = map(median, took.values())
    assert abs(known - unknown) < 0.1 * known
