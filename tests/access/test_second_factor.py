"""Codes from an app, and the secret that makes them."""

from datetime import UTC, datetime, timedelta

import pyotp
import pytest
from live import add_person
from sqlalchemy import Engine, select

from access.noting import noting
from access.roles import Role
from access.seal import Unsealable, digest, seal, unseal
from access.sign_in import second_factor
from data_model.accounts import accounts, recovery_codes

NOON = datetime(2026, 11, 22, 12, 0, 10, tzinfo=UTC)


@pytest.mark.parametrize(("steps", "good"), [(-2, False), (-1, True), (0, True), (1, True), (2, False)])
def test_a_code_holds_for_one_step_before_and_after(steps: int, good: bool) -> None:
    secret = pyotp.random_base32()
    code = pyotp.TOTP(secret).at(NOON + timedelta(seconds=30 * steps))
    assert (second_factor.step_of(secret, code, NOON) is not None) is good


@pytest.mark.parametrize("code", ["", "12345", "abcdef", "１２３４５６", "1234567", "\x00"])
def test_what_is_no_code_is_refused(code: str) -> None:
    assert second_factor.step_of(pyotp.random_base32(), code, NOON) is None


def test_a_code_may_be_typed_in_two_halves() -> None:
    secret = pyotp.random_base32()
    code = pyotp.TOTP(secret).at(NOON)
    assert second_factor.step_of(secret, f"{code[:3]} {code[3:]}", NOON)


def test_a_code_works_once_and_no_older_one_after_it(live_database: Engine) -> None:
    secret = pyotp.random_base32()
    account_id = add_person(live_database, "mo@example.org", Role.MANAGER, secret=secret)
    now, before = (pyotp.TOTP(secret).at(NOON - timedelta(seconds=30 * steps)) for steps in (0, 1))
    with noting(live_database) as connection:
        used = [second_factor.use_code(connection, account_id, code, NOON) for code in (now, now, before)]
    assert used == [True, False, False]


def test_neither_the_secret_nor_a_recovery_code_can_be_read_in_the_database(live_database: Engine) -> None:
    account_id = add_person(live_database, "mo@example.org", Role.MANAGER)
    secret = pyotp.random_base32()
    with noting(live_database) as connection:
        codes = second_factor.enrol(connection, account_id, secret, 0)
        kept = str([connection.execute(select(table)).all() for table in (accounts, recovery_codes)])
    assert len(set(codes)) == 10
    assert not [word for word in (secret, *codes) if word in kept]


def test_new_recovery_codes_replace_the_old_ones(live_database: Engine) -> None:
    account_id = add_person(live_database, "mo@example.org", Role.MANAGER)
    with noting(live_database) as connection:
        old = second_factor.enrol(connection, account_id, pyotp.random_base32(), 0)
        new = second_factor.enrol(connection, account_id, pyotp.random_base32(), 0)
        assert not second_factor.use_recovery_code(connection, account_id, old[0], NOON)
        assert second_factor.use_recovery_code(connection, account_id, new[0], NOON)


def test_a_recovery_code_is_its_owners_alone(live_database: Engine) -> None:
    mine, yours = (add_person(live_database, f"{name}@example.org", Role.MANAGER) for name in ("mo", "flo"))
    with noting(live_database) as connection:
        codes = second_factor.enrol(connection, mine, pyotp.random_base32(), 0)
        assert not second_factor.use_recovery_code(connection, yours, codes[0], NOON)


def test_the_picture_is_markup_without_styles_or_scripts() -> None:
    picture = second_factor.picture_of(second_factor.address_of("A" * 32, 'x"><script>@example.org'))
    assert picture.startswith("<svg")
    assert "style" not in picture
    assert "script" not in picture


def test_a_seal_holds_for_its_purpose_alone(live_database: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    sealed = seal("text", "one purpose")
    assert unseal(sealed, "one purpose") == "text"
    for broken, purpose in (
        (sealed, "another"),
        (sealed[:-4] + "AAA=", "one purpose"),
        ("", "one purpose"),
        ("é", "x"),
    ):
        with pytest.raises(Unsealable):
            unseal(broken, purpose)
    with pytest.raises(Unsealable):
        unseal(sealed, "one purpose", within=-1)
    assert digest("text", "one purpose") != digest("text", "another")
    assert len(digest("text", "one purpose")) == 64
