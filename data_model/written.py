"""What people write down on a page: words, dates and figures as they are kept, and how a wrong note is withdrawn.

None of it may be about one pupil. Words are looked through for a pupil's UPN here, and for names where they are recorded
(`names_in_text.py`); figures are a school's own, and take no column of a pupil.
"""

import math
import re
from collections.abc import Mapping
from datetime import date
from itertools import chain
from typing import Annotated, Any
from unicodedata import category

import pandas as pd
from pydantic import AfterValidator, BeforeValidator, Field, StringConstraints
from pydantic_core import PydanticCustomError
from sqlalchemy import JSON, Column, DateTime, String, Text

from data_model.catalogue import DATASETS
from data_model.columns import upn_check_letter
from data_model.dataset import Row
from data_model.terms import Period

_UPN = re.compile(r"\b[A-Z][0-9]{11}[0-9A-Z]\b")
_OF_PUPILS = frozenset(chain.from_iterable(dataset.references for dataset in DATASETS.values()))
_INVISIBLE = ("Cc", "Cf", "Cs")
_BREAKS = "\n\r\t"


def _keepable(text: str) -> str:
    if any(category(character) in _INVISIBLE and character not in _BREAKS for character in text):
        raise PydanticCustomError("hidden_character", "an invisible character")
    if any(found[0] == upn_check_letter(found[1:]) for found in _UPN.findall(text.upper())):
        raise PydanticCustomError("names_pupil", "a UPN")
    return text


def _cells(cells: dict[str, Any]) -> dict[str, Any]:
    for name in cells:
        _keepable(name)
        if name in _OF_PUPILS:
            raise PydanticCustomError("names_pupil", "a column of a pupil's reference")
    return {name: _cell(value) for name, value in cells.items()}


def _cell(value: Any) -> Any:
    """A cell as JSON keeps it: text, number, yes or no, nothing, or a list of them. Days are ISO text."""
    if isinstance(value, list | tuple):
        return [_cell(part) for part in value]
    if isinstance(value, str):
        return _keepable(str(value))
    if isinstance(value, Mapping):
        raise PydanticCustomError("nested", "figures inside figures")
    if pd.isna(value):
        return None
    if isinstance(value, date):
        return value.isoformat()
    plain = _finite(value)
    if not isinstance(plain, bool | int | float):
        raise PydanticCustomError("nested", "neither text nor number")
    return plain


def _period(text: str) -> str:
    try:
        return str(Period.parse(text))
    except ValueError:
        raise PydanticCustomError("period", "not a period") from None


def _finite(value: object) -> object:
    plain = value.item() if hasattr(value, "item") else value
    if isinstance(plain, float) and not math.isfinite(plain):
        raise PydanticCustomError("finite_number", "not a finite number")
    return plain


_LABEL = StringConstraints(strip_whitespace=True, min_length=1, max_length=80)
_REASON = StringConstraints(strip_whitespace=True, min_length=1, max_length=500)
_WORDS = StringConstraints(strip_whitespace=True, min_length=1, max_length=2_000)

Label = Annotated[str, _LABEL, AfterValidator(_keepable)]
Reason = Annotated[str, _REASON, AfterValidator(_keepable)]
Words = Annotated[str, _WORDS, AfterValidator(_keepable)]
Cells = Annotated[dict[str, Any], Field(max_length=200), AfterValidator(_cells)]
PeriodText = Annotated[str, BeforeValidator(str), AfterValidator(_period), Field(title="Period")]
LaCode = Annotated[int, Field(title="Local authority", ge=201, le=999)]
Hours = Annotated[float, BeforeValidator(_finite), Field(ge=0, le=1_000_000)]


class Withdrawal(Row):
    """Why something that was written down no longer holds."""

    why: Annotated[Reason, Field(title="Why it is withdrawn")]


def written_columns() -> list[Column[Any]]:
    """The columns of who wrote a row down and when, and of its withdrawal. Where `withdrawn_at` is null it holds."""
    return [
        Column("recorded_by", String, nullable=False, comment="the sign-in name"),
        Column("recorded_at", DateTime(timezone=True), nullable=False, comment="UTC"),
        Column("withdrawn_at", DateTime(timezone=True), comment="UTC; null while it holds"),
        Column("withdrawn_by", String),
        Column("withdrawn_why", Text),
    ]


def figures_column(name: str, comment: str) -> Column[Any]:
    """A column of figures of schools as JSON."""
    return Column(name, JSON, nullable=False, comment=comment)
