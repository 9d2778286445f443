"""Column types that datasets share: what a cell may hold, its title, example and the other names it goes by.

Each is an `Annotated` type, so pydantic judges the cell and the same declaration fills templates, documents and header
matching. Cells arrive as text with the spaces around them removed; blank cells never get here.
"""

import re
import unicodedata
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from operator import mul
from typing import Annotated

from pydantic import AfterValidator, BeforeValidator, Field, StringConstraints
from pydantic_core import PydanticCustomError

from data_model import codes
from data_model.terms import year_starting

UPN_LETTERS = "ABCDEFGHJKLMNPQRTUVWXYZ"
"""The 23 letters of UPN check letters: no I, O or S (DfE, unique pupil numbers guide)."""

_PLACES = range(2, 14)
_WORTH = {letter: worth for worth, letter in enumerate(UPN_LETTERS)} | {str(digit): digit for digit in range(10)}
_UPN = re.compile(r"[A-Z][0-9]{11}[0-9A-Z]")
_WHOLE = re.compile(r"-?[0-9]{1,15}")
_DECIMAL = re.compile(r"-?[0-9]{1,12}(\.[0-9]+)?")
_COMMAS = re.compile(r"-?[0-9]{1,3}(,[0-9]{3})+")
_SPACE = re.compile(r"\s")
_LETTERS = ("LATIN SMALL LETTER", "LATIN CAPITAL LETTER")
# As spreadsheets write it, with a point or a sign: 4E12 may well be a reference that somebody gave.
_SHORTENED = re.compile(r"-?[0-9]+(\.[0-9]+[eE][+-]?|[eE][+-])[0-9]+")
_SCIENTIFIC = re.compile(r"-?[0-9]+(\.[0-9]+)?[eE][+-]?[0-9]+")


@dataclass(frozen=True)
class Also:
    """Other header names for a column: those of SIMS, Arbor, Bromcom, ScholarPack, Capita ONE and the school census."""

    names: tuple[str, ...]

    def __init__(self, *names: str) -> None:
        object.__setattr__(self, "names", names)


@dataclass(frozen=True)
class Event:
    """Marks the date on which something happened: one after today is an error."""


@dataclass(frozen=True)
class Withheld:
    """Marks a column whose cells no message and no log repeats: free text may name people."""


@dataclass(frozen=True)
class Sealed:
    """Marks a column whose cells are encrypted in the database, with a key that is kept outside it."""


@dataclass(frozen=True)
class NamesPupil:
    """Marks a column whose cells name a pupil: where pupils are kept under pseudonyms, these hold them."""


class Group(StrEnum):
    """What a column tells that not everybody who may see its row may know: `access/roles.py` says who may."""

    NAMES = "names"
    HEALTH = "health"
    CARE = "care"
    YOUTH_JUSTICE = "youth_justice"
    ETHNICITY = "ethnicity"
    STAFF = "staff"


@dataclass(frozen=True)
class Sensitive:
    """Marks a column as one of a group."""

    group: Group


def upn_check_letter(twelve: str) -> str:
    """The letter that must lead a UPN, from its 12 other characters.

    `twelve` is 12 digits, or 11 digits and a letter (a temporary UPN), which counts as its place among the letters.
    Source: DfE, unique pupil numbers guide.
    """
    return UPN_LETTERS[sum(map(mul, _PLACES, map(_WORTH.__getitem__, twelve))) % 23]


def looks_like_upn(text: str) -> bool:
    """Whether a reference has the shape of a UPN: a letter, 11 digits, and a digit or letter."""
    return bool(_UPN.fullmatch(text.upper()))


def one_form(reference: str) -> str:
    """A pupil reference as it is kept and compared: in capitals, without spaces around it."""
    return unicodedata.normalize("NFC", reference.strip()).upper()


def is_temporary_upn(text: str) -> bool:
    """Whether a UPN is a temporary one: it ends in a letter."""
    return looks_like_upn(text) and text[-1].isalpha()


def _pupil_reference(text: str) -> str:
    text = _identifier(text)
    if _SPACE.search(text):
        raise PydanticCustomError("reference_space", "a space inside the reference")
    if alike := _look_alike(text):
        raise PydanticCustomError("look_alike", "a character that looks like another", {"name": alike})
    upn = one_form(text)
    if not looks_like_upn(upn):
        return upn
    if upn[-1] in "IOS":
        raise PydanticCustomError("upn_letter", "not a UPN letter")
    expected = upn_check_letter(upn[1:])
    if upn[0] != expected:
        raise PydanticCustomError("upn_check_letter", "wrong check letter")
    return upn


def _look_alike(text: str) -> str:
    """The name of a character that is taken for another, such as a Cyrillic P or a long dash; blank where none is."""
    others = (unicodedata.name(character, "unknown character") for character in text if not character.isascii())
    return next((name.lower() for name in others if not name.startswith(_LETTERS)), "")


def _identifier(text: str) -> str:
    if _SHORTENED.fullmatch(text):
        raise PydanticCustomError("scientific", "scientific notation")
    return text


def _upn(text: str) -> str:
    if not looks_like_upn(text):
        raise PydanticCustomError("upn_shape", "not a UPN")
    return _pupil_reference(text)


def _whole(text: object) -> object:
    if not isinstance(text, str):
        return text
    if _SCIENTIFIC.fullmatch(text):
        raise PydanticCustomError("scientific", "scientific notation")
    if _COMMAS.fullmatch(text):
        raise PydanticCustomError("number_commas", "commas between digits")
    if not _WHOLE.fullmatch(text):
        raise PydanticCustomError("whole_number", "not a whole number")
    return int(text)


def _decimal(text: object) -> object:
    if not isinstance(text, str):
        return text
    if _SCIENTIFIC.fullmatch(text):
        raise PydanticCustomError("scientific", "scientific notation")
    if not _DECIMAL.fullmatch(text):
        raise PydanticCustomError("decimal", "not a number")
    return float(text)


def _laestab(text: object) -> object:
    if isinstance(text, str) and re.fullmatch(r"[0-9]{3}/[0-9]{4}", text):
        text = text.replace("/", "")
    number = _whole(text)
    if isinstance(number, int) and 0 < number < 1_000_000:
        raise PydanticCustomError("laestab_short", "too few digits")
    return number


def _academic_year(text: str) -> str:
    found = re.fullmatch(r"((?:19|20)[0-9]{2})[/-]?((?:19|20)?[0-9]{2})", text)
    if found and found[2] in (str(int(found[1]) + 1), f"{(int(found[1]) + 1) % 100:02d}"):
        return year_starting(int(found[1]))
    raise PydanticCustomError("academic_year", "not an academic year")


def _month(text: str) -> str:
    if not re.fullmatch(r"(19|20)[0-9]{2}-(0[1-9]|1[0-2])", text):
        raise PydanticCustomError("month", "not a month")
    return text


_CLOSURE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}(/[0-9]{4}-[0-9]{2}-[0-9]{2})?")


def closure_days(closures: str) -> list[tuple[date, date]]:
    """The first and last day of each closure in `2025-10-27/2025-10-31; 2025-12-01`. Raises ValueError if it is not so."""
    spans = []
    for part in filter(None, (piece.strip() for piece in closures.split(";"))):
        if not _CLOSURE.fullmatch(part):
            raise ValueError(part)
        first, _, last = part.partition("/")
        span = date.fromisoformat(first), date.fromisoformat(last or first)
        if span[1] < span[0]:
            raise ValueError(part)
        spans.append(span)
    return spans


def _closures(text: str) -> str:
    try:
        spans = closure_days(text)
    except ValueError:
        raise PydanticCustomError("closures", "not a list of days") from None
    return "; ".join(str(a) if a == b else f"{a}/{b}" for a, b in spans)


def _area(text: object) -> object:
    number = _whole(text)
    if isinstance(number, int) and not (201 <= number <= 999 or 100_000 <= number <= 999_999):
        raise PydanticCustomError("area", "neither an LA code nor a URN")
    return number


WholeNumber = Annotated[int, BeforeValidator(_whole)]
DecimalNumber = Annotated[float, BeforeValidator(_decimal), Field(allow_inf_nan=False)]
ShortText = Annotated[str, StringConstraints(max_length=200)]
LongText = Annotated[str, StringConstraints(max_length=4000), Withheld(), Sensitive(Group.NAMES)]
Identifier = Annotated[str, StringConstraints(max_length=64), AfterValidator(_identifier)]

_URN = Field(ge=100_000, le=999_999, examples=["900001"])

Urn = Annotated[
    WholeNumber,
    _URN,
    Field(title="URN", description="The school's unique reference number, six digits"),
    Also("school urn", "unique reference number", "establishment urn", "estab urn", "school_urn"),
]
OtherUrn = Annotated[WholeNumber, _URN]
LaCode = Annotated[
    WholeNumber,
    Field(
        ge=201,
        le=999,
        title="Local authority",
        description="The LA's three-digit code, the same in every row",
        examples=["999"],
    ),
    Also("la", "la number", "local authority code"),
]
Laestab = Annotated[
    int,
    BeforeValidator(_laestab),
    Field(
        ge=1_000_000,
        le=9_999_999,
        examples=["9994001"],
        title="LAESTAB",
        description="LA code and establishment number, seven digits (999/4001 is read too)",
    ),
    Also("dfe number", "dfes number", "laestab", "la estab", "estab number", "school_laestab", "dfe no", "school dfe"),
]
PupilRef = Annotated[
    str,
    NamesPupil(),
    StringConstraints(max_length=64),
    AfterValidator(_pupil_reference),
    Field(
        title="Pupil reference",
        description="The pupil's UPN, or the LA's own reference: one kind throughout, read in capitals. UPN check letters are verified",
        examples=["P000123"],
    ),
    Also("upn", "unique pupil number", "pupil upn", "pupil id", "pupil reference", "student upn", "child ref", "uid"),
]
Upn = Annotated[
    str,
    NamesPupil(),
    AfterValidator(_upn),
    Field(title="UPN", description="Unique pupil number, 13 characters; the check letter is verified"),
    Sensitive(Group.NAMES),
]
Day = date
EventDay = Annotated[date, Event()]
AcademicYear = Annotated[
    str,
    AfterValidator(_academic_year),
    Field(title="Academic year", description="Six digits, such as 202526 (2025/26 is read too)", examples=["202526"]),
    Also("year", "time period", "time_period", "ac year", "school year"),
]
Month = Annotated[str, AfterValidator(_month), Field(examples=["2012-05"])]
Closures = Annotated[
    str,
    StringConstraints(max_length=4000),
    AfterValidator(_closures),
    Field(examples=["2025-10-27/2025-10-31; 2025-12-01"]),
]
Area = Annotated[WholeNumber, BeforeValidator(_area), Field(examples=["999"])]
YearGroup = Annotated[
    codes.YearGroup,
    Field(title="National curriculum year", description="R for Reception, then 1 to 14", examples=["8"]),
    Also("nc year", "ncyear", "year group", "yr grp", "nc year actual", "curriculum year", "yeargroup", "year"),
]
