"""Which passwords are good enough, and how they are kept."""

import pytest

from access.sign_in import passwords

NAMES = ("ada.lovelace@example.org", "Ada Lovelace")


@pytest.mark.parametrize(
    "password",
    [
        "seven purple kettles sing",
        "gT7#kq2Lw!x9",
        "drizzle-anvil-hopscotch",
        "ünïcödé wörds hère",
        "8402957163920481",
        "a" * 3 + "bramble-trombone-fjord" * 40,
        "monkey trombone aardvark",
    ],
)
def test_a_long_and_rare_password_will_do(password: str) -> None:
    assert passwords.fault(password, NAMES) is None


@pytest.mark.parametrize("password", ["", "short", "elevenchars", "k" * 11])
def test_fewer_than_twelve_characters_are_refused(password: str) -> None:
    assert "at least 12 characters" in (passwords.fault(password, NAMES) or "")


def test_more_than_a_thousand_characters_are_refused() -> None:
    assert "at most 1000" in (passwords.fault("x1 " * 400, NAMES) or "")


@pytest.mark.parametrize(
    "password",
    [
        "password12345",
        "Password2026!",
        "P@ssw0rd2026!!",
        "passwordpassword",
        "qwertyuiop123",
        "1234567890123",
        "987654321098",
        "aaaaaaaaaaaaaaaa",
        "abcabcabcabcabc",
        "abcdefghijklmno",
        "letmeinletmein",
        "correcthorsebatterystaple",
        "Outreach2026!!",
        "OutreachDashboard1",
        "schoolexclusions",
        "Lovelace-2026",
        "adalovelace1815",
        "Welcome123456",
        "SummerHolidays"[:6] + "2026Summer",
        "liverpoolfc2026",
        "000000000000",
    ],
)
def test_a_password_that_is_easy_to_guess_is_refused(password: str) -> None:
    assert "easy to guess" in (passwords.fault(password, NAMES) or ""), password


def test_a_password_is_kept_as_argon2id_and_never_twice_alike() -> None:
    first, second = passwords.hashed("seven purple kettles"), passwords.hashed("seven purple kettles")
    assert first.startswith("$argon2id$")
    assert first != second
    assert passwords.matches(first, "seven purple kettles")
    assert not passwords.matches(first, "seven purple kettle")
    assert not passwords.matches(None, "seven purple kettles")
    assert not passwords.matches("not a hash", "seven purple kettles")


def test_letters_that_look_alike_are_one() -> None:
    composed, decomposed = "caf\u00e9 trombone", "cafe\u0301 trombone"
    assert passwords.matches(passwords.hashed(composed), decomposed)


def test_a_one_time_password_is_good_enough() -> None:
    assert passwords.fault(passwords.one_time(), NAMES) is None
    assert passwords.one_time() != passwords.one_time()
