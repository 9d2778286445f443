"""Somebody who is signed in changes the app on the phone, or the recovery codes: who has both factors, nobody else."""

import re
from collections.abc import Iterator
from datetime import timedelta

import pyotp
import pytest
import requests
from live import PASSWORD, Live, Visitor, hidden
from sqlalchemy import delete

from access import audit
from access.audit import Action
from access.noting import moment, noting
from access.roles import Role
from access.sign_in import second_factor
from data_model.accounts import sign_in_attempts

CHANGE = "/sign-in/change-second-factor"
NEW = "/sign-in/new-second-factor"
CODES = "/sign-in/new-recovery-codes"
NAMES = iter(f"factor{number}@example.org" for number in range(1000))


@pytest.fixture(autouse=True)
def nobody_has_guessed(live: Live) -> Iterator[None]:
    with noting(live.engine) as connection:
        connection.execute(delete(sign_in_attempts))
    yield


class Somebody:
    """Somebody who is signed in, and knows the app's secret and recovery codes."""

    def __init__(self, live: Live) -> None:
        self.name = next(NAMES)
        self.secret = pyotp.random_base32()
        self.account_id = live.add(self.name, Role.LEADER, secret=self.secret)
        self.visitor = live.visitor().sign_in(self.name, self.secret)
        with noting(live.engine) as connection:
            self.codes = second_factor.replace_codes(connection, self.account_id)


@pytest.fixture
def somebody(live: Live) -> Somebody:
    return Somebody(live)


def _code(secret: str, steps: int = 0) -> str:
    return pyotp.TOTP(secret).at(moment() + timedelta(seconds=30 * steps))


def _prove(visitor: Visitor, address: str, code: str, password: str = PASSWORD) -> requests.Response:
    return visitor.send(address, {"present": password, "code": code})


def _key(page: requests.Response) -> str:
    found = re.search(r"<figcaption>.*?<code>([^<]+)</code>", page.text)
    assert found, page.text
    return found[1].replace(" ", "")


def _codes(page: requests.Response) -> list[str]:
    return re.findall(r"<li><code>([^<]+)</code></li>", page.text)


def _enrol(visitor: Visitor, page: requests.Response) -> requests.Response:
    return visitor.send(NEW, {"sealed": hidden(page, "sealed"), "code": _code(_key(page))})


def test_whoever_has_both_factors_has_a_new_app_new_codes_and_no_other_session(live: Live, somebody: Somebody) -> None:
    visitor, before = somebody.visitor, somebody.visitor.token
    assert "Code from your present app" in visitor.open(CHANGE).text
    page = _prove(visitor, CHANGE, _code(somebody.secret, 1))
    assert page.status_code == 200
    assert _key(page) != somebody.secret
    assert visitor.token == before, "until the new app has proven itself nothing changes"

    done = _enrol(visitor, page)
    assert done.status_code == 200
    assert len(_codes(done)) == 10
    assert visitor.token != before
    assert visitor.open("/your_account").status_code == 200
    stolen = live.visitor()
    stolen.http.cookies.set("outreach_session", before or "")
    assert stolen.open("/your_account").status_code == 303

    returning = live.visitor()
    returning.give_password(somebody.name)
    assert returning.send("/sign-in/recovery", {"code": somebody.codes[1]}).status_code == 401
    assert returning.give_code(somebody.secret, steps=1).status_code == 401
    assert returning.give_code(_key(page), steps=1).status_code == 303
    (event,) = audit.events(live.engine, who=somebody.name, action=Action.SECOND_FACTOR_CHANGED)
    assert event.subject == f"account {somebody.account_id}"


def test_a_recovery_code_will_do_where_the_old_phone_is_gone(somebody: Somebody) -> None:
    page = _prove(somebody.visitor, CHANGE, somebody.codes[0].upper())
    assert _enrol(somebody.visitor, page).status_code == 200


def test_a_wrong_code_of_the_new_app_asks_again_for_the_same_key(somebody: Somebody) -> None:
    page = _prove(somebody.visitor, CHANGE, somebody.codes[0])
    wrong = somebody.visitor.send(NEW, {"sealed": hidden(page, "sealed"), "code": "000000x"})
    assert wrong.status_code == 401
    assert _key(wrong) == _key(page)
    assert _enrol(somebody.visitor, wrong).status_code == 200


@pytest.mark.parametrize("address", [CHANGE, CODES])
def test_one_factor_is_not_enough(live: Live, somebody: Somebody, address: str) -> None:
    assert _prove(somebody.visitor, address, somebody.codes[0], "not the password").status_code == 401
    assert _prove(somebody.visitor, address, "123").status_code == 401
    assert "Enter the code" in _prove(somebody.visitor, address, "").text
    assert len(audit.events(live.engine, who=somebody.name, action=Action.SECOND_FACTOR_REFUSED)) == 2
    # A wrong password used no code up.
    assert _prove(somebody.visitor, address, somebody.codes[0]).status_code == 200


@pytest.mark.parametrize("address", [CHANGE, CODES])
def test_a_code_works_once(somebody: Somebody, address: str) -> None:
    assert _prove(somebody.visitor, address, somebody.codes[0]).status_code == 200
    assert _prove(somebody.visitor, address, somebody.codes[0]).status_code == 401


@pytest.mark.parametrize("address", [CHANGE, CODES])
def test_guesses_are_counted_with_those_at_the_door(live: Live, somebody: Somebody, address: str) -> None:
    answers = [_prove(somebody.visitor, address, f"{number:06}").status_code for number in range(11)]
    assert answers == [401] * 10 + [429]
    assert live.visitor().give_password(somebody.name).status_code == 429


def test_nobody_comes_to_the_new_app_without_the_first_form(live: Live, somebody: Somebody) -> None:
    other = Somebody(live)
    page = _prove(other.visitor, CHANGE, other.codes[0])
    for sealed in ("", "forged", hidden(page, "sealed")):
        answer = somebody.visitor.send(NEW, {"sealed": sealed, "code": _code(_key(page))})
        assert answer.status_code == 400
    assert "Your present password" in somebody.visitor.open(NEW).text
    assert not audit.events(live.engine, who=somebody.name, action=Action.SECOND_FACTOR_CHANGED)


def test_the_key_of_a_first_enrolment_changes_nothing_later(live: Live) -> None:
    name = next(NAMES)
    live.add(name, Role.LEADER)
    visitor = live.visitor()
    visitor.give_password(name)
    first = visitor.open("/sign-in/enrol")
    assert visitor.send("/sign-in/enrol", {"sealed": hidden(first, "sealed"), "code": _code(_key(first))}).ok
    answer = visitor.send(NEW, {"sealed": hidden(first, "sealed"), "code": _code(_key(first), 1)})
    assert answer.status_code == 400


def test_new_recovery_codes_replace_the_old_ones(live: Live, somebody: Somebody) -> None:
    before = somebody.visitor.token
    page = _prove(somebody.visitor, CODES, _code(somebody.secret, 1))
    assert len(_codes(page)) == 10
    assert somebody.visitor.token != before
    returning = live.visitor()
    returning.give_password(somebody.name)
    assert returning.send("/sign-in/recovery", {"code": somebody.codes[0]}).status_code == 401
    assert returning.send("/sign-in/recovery", {"code": _codes(page)[0]}).status_code == 303
    assert len(audit.events(live.engine, who=somebody.name, action=Action.RECOVERY_CODES_REPLACED)) == 1


@pytest.mark.parametrize("address", [CHANGE, NEW, CODES])
def test_nobody_else_comes_that_far(live: Live, address: str) -> None:
    assert live.visitor().open(address).headers["location"].startswith("/sign-in?")
    assert live.visitor().send(address, {}).status_code == 303
    halfway, name = live.visitor(), next(NAMES)
    live.add(name, secret=pyotp.random_base32())
    halfway.give_password(name)
    assert halfway.open(address).headers["location"].startswith("/sign-in/code")
    assert halfway.send(address, {"present": PASSWORD, "code": "x"}).headers["location"].startswith("/sign-in/code")


def test_a_form_from_elsewhere_does_nothing(somebody: Somebody) -> None:
    for address in (CHANGE, NEW, CODES):
        form = {"present": PASSWORD, "code": somebody.codes[0]}
        assert somebody.visitor.send(address, form, Origin="https://elsewhere.example").status_code == 403
