"""Passwords: which are good enough, how they are kept, and whether one is right."""

import re
import secrets
from collections.abc import Iterable
from functools import cache
from pathlib import Path
from threading import BoundedSemaphore
from unicodedata import normalize

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

SHORTEST, LONGEST = 12, 1_000
_MUST_BE_LEFT = 6
_HASHER = PasswordHasher()  # argon2id, 64 MiB, 3 passes: about 0.3 s of one core
# Each takes 64 MiB and a core: a flood of guesses waits here and cannot use up the machine.
_AT_ONCE = BoundedSemaphore(2)
_LOOK_ALIKES = str.maketrans("013457@$!", "oieastasi")
_RUNS = ("abcdefghijklmnopqrstuvwxyz", "01234567890", "qwertyuiop", "asdfghjkl", "zxcvbnm")
_OURS = ("outreach", "commissioning", "dashboard", "suspension", "exclusion", "pupil", "school", "council", "streamlit")


def fault(password: str, about: Iterable[str]) -> str | None:
    """What is wrong with a new password, as a sentence that says what to do; None where nothing is.

    `about` are the names of its owner. No rule asks for a digit or a capital: length and rarity are what counts.
    """
    if len(password) < SHORTEST:
        return f"Choose a password of at least {SHORTEST} characters: three or four words that do not belong together."
    if len(password) > LONGEST:
        return f"Choose a password of at most {LONGEST} characters."
    if len(_left(password, about)) < _MUST_BE_LEFT:
        return (
            "This password is easy to guess: it is made of common passwords, your own name, the name of this service "
            "or a run such as 12345. Choose three or four words that do not belong together."
        )
    return None


def _left(password: str, about: Iterable[str]) -> str:
    """What is rare in a password: without common words, names, years, runs and repetitions."""
    words = {part for name in about for part in re.split(r"[^a-z]+", name.lower()) if len(part) > 2}
    plain = normalize("NFKC", password).lower()
    return min((_without(text, words | _common()) for text in (plain, plain.translate(_LOOK_ALIKES))), key=len)


def _without(text: str, words: Iterable[str]) -> str:
    for word in sorted(words, key=len, reverse=True):
        text = text.replace(word, "")
    text = re.sub(r"(19|20)\d\d", "", text)
    text = re.sub(r"(.+?)\1{2,}", r"\1", text)  # anything said three times is said once
    return "".join(letter for before, letter in zip(" " + text, text, strict=False) if not _follows(before, letter))


def _follows(before: str, letter: str) -> bool:
    return before == letter or any(before + letter in run or letter + before in run for run in _RUNS)


@cache
def _common() -> frozenset[str]:
    text = Path(__file__).with_name("common_passwords.txt").read_text("utf-8")
    return frozenset(line for line in text.split("\n") if line and not line.startswith("#")) | frozenset(_OURS)


def hashed(password: str) -> str:
    """The argon2id hash of a password."""
    with _AT_ONCE:
        return _HASHER.hash(_one_form(password))


def matches(kept: str | None, password: str) -> bool:
    """Whether a password is the one whose hash was kept. As much work where there is none to compare with: False."""
    with _AT_ONCE:
        try:
            _HASHER.verify(kept or _nobodys(), _one_form(password[:LONGEST]))
        except (VerificationError, InvalidHashError):
            return False
    return kept is not None


def one_time() -> str:
    """A password to be told to somebody, who must change it at once: 20 letters and digits that are hard to misread."""
    letters = "abcdefghjkmnpqrstuvwxyz23456789"
    return "-".join("".join(secrets.choice(letters) for _ in range(5)) for _ in range(4))


def _one_form(password: str) -> str:
    return normalize("NFKC", password)  # the same keys send different bytes on different systems


@cache
def _nobodys() -> str:
    return _HASHER.hash(secrets.token_hex(32))
