"""Schools by their names as people type them: matched only where one loaded school can be meant."""

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from difflib import get_close_matches

import pandas as pd

_APOSTROPHES = re.compile(r"['’‘`´]")
_PUNCTUATION = re.compile(r"[\W_]+")
_SPELLINGS = (
    (re.compile(r"\b(church of england|c of e|cofe|c e)\b"), "ce"),
    (re.compile(r"\b(roman catholic|r c)\b"), "rc"),
    (re.compile(r"\bsaint\b"), "st"),
    (re.compile(r" schools?$"), ""),
)
_CLOSEST = 3
_ECHO = 60


@dataclass(frozen=True)
class NamedSchools:
    """What names turned out to mean: the `urn` of each that is certain, and a `question` on each that is not."""

    urns: dict[str, int]
    questions: dict[str, str]


def comparable(name: str) -> str:
    """A school's name in the form that names are compared in.

    Case, punctuation and spacing go; `&` is `and`, `Saint` is `St`, `C of E` and `Church of England` are `CE`, and
    `School` at the end may be left out.
    """
    plain = unicodedata.normalize("NFKC", name).casefold().replace("&", " and ")
    words = _PUNCTUATION.sub(" ", _APOSTROPHES.sub("", plain)).strip()
    for spelling, short in _SPELLINGS:
        words = spelling.sub(short, words)
    return words


def find_schools(names: Iterable[str], schools: pd.DataFrame) -> NamedSchools:
    """The loaded school that each name means. `schools` has the columns `urn, school_name`."""
    loaded: dict[str, list[tuple[int, str]]] = {}
    for urn, school_name in zip(schools["urn"], schools["school_name"], strict=True):
        loaded.setdefault(comparable(school_name), []).append((int(urn), school_name))
    found = NamedSchools({}, {})
    for name in names:
        same = loaded.get(comparable(name), [])
        if len(same) == 1:
            found.urns[name] = same[0][0]
        else:
            found.questions[name] = _question(name, same, loaded)
    return found


def _question(name: str, same: list[tuple[int, str]], loaded: dict[str, list[tuple[int, str]]]) -> str:
    shown = name.strip() if len(name) <= _ECHO else f"{name.strip()[: _ECHO - 1]}…"
    which = f"Which school is {shown!r}?"
    if not loaded:
        return f"{which} No schools are loaded yet: load the schools file first."
    if same:
        urns = ", ".join(str(urn) for urn, _ in same)
        return f"{which} {len(same)} loaded schools have this name. Write the URN instead, one of {urns}."
    close = get_close_matches(comparable(name), loaded, n=_CLOSEST)
    closest = [f"{known} ({urn})" for key in close for urn, known in loaded[key]][:_CLOSEST]
    if not closest:
        return f"{which} No loaded school has a name like it. Write its URN, or its name as in the schools file."
    return f"{which} Closest: {', '.join(closest)}. Write the URN, or the name as in the schools file."
