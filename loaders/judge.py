"""Cells judged by their column's own type: each distinct value once, however many rows hold it."""

import re
import unicodedata
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
from pydantic import ValidationError

from data_model.codes import Code
from data_model.dataset import Column
from data_model.terms import in_words
from loaders.dates import DateFormat, Fault, fault_in_any_format, read_date

_AT_ONCE = 50_000  # distinct values to judge at a time: pydantic's errors take far more room than the values
# Soft hyphen, joiners, fillers, zero-width, direction, tag and control characters, but not line breaks and tabs: they
# look like nothing and change everything.
_HIDDEN = re.compile(
    "[\u00ad\u034f\u061c\u115f\u1160\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f\u3164\ufeff\uffa0\ufff9-\ufffb"
    "\U000e0000-\U000e007f\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]"
)
_APOSTROPHE = re.compile("['\u2018\u2019](?=.)")  # the curly ones too: word processors make them
_FIRST_YEAR, _FIRST_YEAR_OF_EVENTS, _LAST_YEAR = 1000, 1990, 2100  # beyond these a digit is wrong or missing

Cells = npt.NDArray[np.int32]


@dataclass(frozen=True)
class JudgedColumn:
    """One column of a file, judged.

    `place[row]` is the row's place among `values`, the distinct typed values (None for a blank or faulty cell).
    `faults` gives the fault of each faulty distinct text by its place in `texts`; `text_place[row]` is the row's place
    there.
    """

    column: Column
    text_place: Cells
    texts: pa.Array
    place: Cells
    values: Sequence[Any]
    faults: Mapping[int, Fault]
    notes: tuple[str, ...] = ()

    def text(self, row: int) -> str:
        """The cell as typed."""
        return str(self.texts[int(self.text_place[row])].as_py())

    def series(self) -> "pd.Series[Any]":
        """The column as rules see it: dates as datetime64, whole numbers Int64, numbers float64, all else category."""
        kind = self.column.kind
        missing = np.array([value is None for value in self.values], dtype=bool)
        if issubclass(kind, date):
            days = np.array([value if value else "NaT" for value in self.values], dtype="datetime64[s]")
            return pd.Series(days[self.place])
        if kind is int:
            numbers = np.array([value or 0 for value in self.values], dtype=np.int64)
            return pd.Series(pd.arrays.IntegerArray(numbers[self.place], missing[self.place]))
        if kind is float:
            return pd.Series(np.array([np.nan if value is None else value for value in self.values])[self.place])
        keep = np.flatnonzero(~missing)
        new_place = np.full(len(self.values), -1, dtype=np.int32)
        new_place[keep] = np.arange(len(keep), dtype=np.int32)
        categories = pd.Index([str(self.values[int(at)]) for at in keep], dtype=object)
        return pd.Series(pd.Categorical.from_codes(new_place[self.place], categories=categories))


@dataclass
class _Judgement:
    """The typed value of each distinct text, and what is wrong with those that have none."""

    values: list[Any]
    faults: dict[int, Fault] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)


def judge(column: Column, cells: pa.DictionaryArray, dates: DateFormat | None, today: date) -> JudgedColumn:
    """Judge every cell of a column. `dates` is the file's date format (None: its dates cannot be told)."""
    texts = cells.dictionary
    place = cells.indices.to_numpy(zero_copy_only=False).astype(np.int32, copy=False)
    plain = pc.utf8_normalize(pc.utf8_trim_whitespace(texts), form="NFC").to_pylist()
    judged = _Judgement([None] * len(plain))
    if column.names_pupil:
        _drop_apostrophes(plain, np.bincount(place, minlength=len(plain)), judged)
    for at in _hidden(texts):
        judged.faults[at] = Fault("hidden_character", {"names": _hidden_names(str(texts[at].as_py()))})
    filled = [at for at, text in enumerate(plain) if text and at not in judged.faults]
    if issubclass(column.kind, date):
        _judge_dates(column, plain, filled, dates, today, judged)
    elif column.codes:
        _judge_codes(column.codes, plain, filled, np.bincount(place, minlength=len(plain)), judged)
    else:
        _judge_cells(column, plain, filled, judged)
    if column.required:
        judged.faults.update({at: Fault("blank", {}) for at, text in enumerate(plain) if not text})
    values, value_place = _distinct(judged.values)
    return JudgedColumn(column, place, texts, value_place[place], values, judged.faults, tuple(judged.notes))


def _drop_apostrophes(plain: list[str], rows: npt.NDArray[np.int64], judged: _Judgement) -> None:
    """Leave out the apostrophe with which people make a spreadsheet take a reference as text, and say so."""
    led = [at for at, text in enumerate(plain) if _APOSTROPHE.match(text)]
    for at in led:
        plain[at] = plain[at][1:].strip()
    if led:
        judged.notes.append(f"An apostrophe before the reference was left out in {_rows(int(rows[led].sum()))}.")


def _hidden(texts: pa.Array) -> list[int]:
    found: list[int] = np.flatnonzero(
        pc.match_substring_regex(texts, _HIDDEN.pattern).to_numpy(zero_copy_only=False)
    ).tolist()
    return found


def _hidden_names(text: str) -> str:
    names = {unicodedata.name(character, "control character").lower() for character in _HIDDEN.findall(text)}
    return ", ".join(sorted(names)[:3])


def _judge_cells(column: Column, plain: list[str], filled: list[int], judged: _Judgement) -> None:
    for start in range(0, len(filled), _AT_ONCE):
        places = filled[start : start + _AT_ONCE]
        good = places
        try:
            values = column.cells.validate_python([plain[at] for at in places])
        except ValidationError as problem:
            for fault in problem.errors(include_url=False, include_input=False):
                judged.faults.setdefault(places[int(fault["loc"][0])], Fault(fault["type"], fault.get("ctx", {})))
            good = [at for at in places if at not in judged.faults]
            values = column.cells.validate_python([plain[at] for at in good])
        for at, value in zip(good, values, strict=True):
            judged.values[at] = value


def _judge_codes(
    codes: type[Code], plain: list[str], filled: list[int], rows: npt.NDArray[np.int64], judged: _Judgement
) -> None:
    exact = {code.value.casefold(): code for code in codes}
    labels = {code.label.casefold(): code for code in codes}
    other, refused = codes.read_as(), codes.refused()
    read_as: Counter[tuple[str, Code]] = Counter()
    for at in filled:
        text = plain[at].casefold()
        code = exact.get(text)
        if code is None and (code := labels.get(text) or other.get(text)):
            read_as[plain[at], code] += int(rows[at])
        if code is not None:
            judged.values[at] = code
        elif text in refused:
            judged.faults[at] = Fault("code_refused", {"sentence": refused[text]})
        else:
            judged.faults[at] = Fault("code", {})
    judged.notes.extend(
        f"{text!r} was read as {code} ({code.label}) in {_rows(count)}." for (text, code), count in read_as.items()
    )


def _rows(count: int) -> str:
    return "1 row" if count == 1 else f"{count:,} rows"


def _judge_dates(
    column: Column, plain: list[str], filled: list[int], dates: DateFormat | None, today: date, judged: _Judgement
) -> None:
    first_year = _FIRST_YEAR_OF_EVENTS if column.is_event else _FIRST_YEAR
    for at in filled:
        day = read_date(plain[at], dates) if dates else fault_in_any_format(plain[at])
        if isinstance(day, date) and not first_year <= day.year <= _LAST_YEAR:
            day = Fault("date_year", {"first": first_year, "last": _LAST_YEAR})
        elif isinstance(day, date) and column.is_event and day > today:
            day = Fault("date_future", {"today": in_words(today)})
        if isinstance(day, Fault):
            judged.faults[at] = day
        else:
            judged.values[at] = day


def _distinct(values: list[Any]) -> tuple[list[Any], Cells]:
    """The distinct values, and where each one given stands among them: two spellings of one value become one."""
    places: dict[Any, int] = {}
    where = np.fromiter((places.setdefault(value, len(places)) for value in values), dtype=np.int32, count=len(values))
    return list(places), where
