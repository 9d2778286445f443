"""Somebody who is signed in changes their password: who knows the old one, and nobody else."""

import pyotp
from live import PASSWORD, Live, Visitor

from access import audit
from access.audit import Action
from access.roles import Role

NEW = "nine green ladders hum"
ADDRESS = "/sign-in/change-password"


def _signed_in(live: Live, name: str) -> tuple[Visitor, str]:
    secret = pyotp.random_base32()
    live.add(name, Role.LEADER, secret=secret)
    return live.visitor().sign_in(name, secret), secret


def _sent(visitor: Visitor, present: str, password: str = NEW, again: str = NEW) -> int:
    return visitor.send(ADDRESS, {"present": present, "password": password, "again": again}).status_code


def test_whoever_knows_the_old_password_has_a_new_one_and_no_other_session(live: Live) -> None:
    visitor, _ = _signed_in(live, "changes@example.org")
    before = visitor.token
    assert "Your present password" in visitor.open(ADDRESS).text
    assert _sent(visitor, "not the password") == 401
    assert [event.who for event in audit.events(live.engine, action=Action.PASSWORD_REFUSED)] == ["changes@example.org"]
    assert _sent(visitor, PASSWORD, again="another one entirely") == 400
    assert _sent(visitor, PASSWORD, "password", "password") == 400
    answer = visitor.send(ADDRESS, {"present": PASSWORD, "password": NEW, "again": NEW})
    assert (answer.status_code, answer.headers["location"]) == (303, "/your_account")
    assert visitor.token != before
    stolen = live.visitor()
    stolen.http.cookies.set("outreach_session", before or "")
    assert stolen.open("/your_account").status_code == 303
    assert live.visitor().give_password("changes@example.org").status_code == 401
    assert live.visitor().give_password("changes@example.org", NEW).status_code == 303


def test_nobody_else_comes_that_far(live: Live) -> None:
    assert live.visitor().open(ADDRESS).headers["location"].startswith("/sign-in?")
    assert _sent(live.visitor(), PASSWORD) == 303
    halfway, secret = live.visitor(), pyotp.random_base32()
    live.add("halfway@example.org", secret=secret)
    halfway.give_password("halfway@example.org")
    assert halfway.open(ADDRESS).headers["location"].startswith("/sign-in/code")


def test_the_present_password_can_be_guessed_no_more_often_than_at_the_door(live: Live) -> None:
    visitor, _ = _signed_in(live, "guessed@example.org")
    answers = [_sent(visitor, f"guess {number}") for number in range(11)]
    assert 429 in answers
    assert answers[-1] == 429
