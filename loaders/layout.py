"""Where a table starts in its file: the delimiter and the header line, under whatever titles stand above it."""

import re
import unicodedata
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import NamedTuple

from loaders.decode import MAX_COLUMNS, TOO_WIDE
from loaders.issues import Unreadable
from loaders.records import Record, records, text_lines

# Comma first: of equals, the first wins.
DELIMITERS = {",": "comma", ";": "semicolon", "\t": "tab", "|": "vertical bar"}
_HEADER_WITHIN = 10
_PREVIEW_LINES = 30
_LOOKED_AT = 200  # so that a file of nothing but line ends is not taken in whole
_BLANKS = "".join(DELIMITERS) + '" \xa0\r\n\ufeff'
_ECHO = 40
_DATE = re.compile(r"\d{4}-\d{1,2}-\d{1,2}|\d{1,2}[/.-]\d{1,2}[/.-]\d{2,4}")


@dataclass(frozen=True)
class Layout:
    """How a file is laid out. `cells` are those of the header line as they stand, blank ones at the end included.

    `header_line` and `data_line` (the first line below the header) count as a text editor does; the data start at
    byte `data_start`; `titles` counts the lines above the header that are not blank.
    """

    delimiter: str
    cells: tuple[str, ...]
    header_line: int
    data_line: int
    data_start: int
    titles: int

    @property
    def named_width(self) -> int:
        """How many columns there are up to the last one with a name."""
        return _filled_width(self.cells)

    @property
    def notes(self) -> tuple[str, ...]:
        """A sentence on the delimiter, if it is not the comma, and one on the title lines, if there are any."""
        found = []
        if self.delimiter != ",":
            found.append(f"Cells are separated by {DELIMITERS[self.delimiter]}s, not commas.")
        if self.titles:
            lines = (
                "1 title line above the header was"
                if self.titles == 1
                else f"{self.titles} title lines above the header were"
            )
            found.append(f"{lines} skipped.")
        return tuple(found)


class _Score(NamedTuple):
    """How much a record looks like the header; compared from left to right."""

    sure: int
    agreed: int
    matches: int
    lettered: int
    distinct: int


def normalise_header(text: str) -> str:
    """`text` in the form headers are compared in: letters and digits alone, casefolded, in compatibility form (NFKC).

    So "Start\N{NO-BREAK SPACE}Date", "start_date" and "START-DATE" are one; it may be empty.
    """
    folded = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", text).casefold())
    return "".join(character for character in folded if character.isalnum())


def clean_header(text: str) -> str:
    """`text` without the spaces and invisible characters around it."""
    return text.strip(" \t\r\n\v\f\xa0\ufeff\u200b\u200c\u200d\u200e\u200f\u2060").strip()


def find_layout(utf8: bytes, known_headers: Collection[str], *, repeated_headers: bool = False) -> Layout:
    """The layout of a file: its header is among the first 10 lines that are not blank.

    The line that names most of `known_headers` (normalised) wins; without any, the first one with the most names
    that the lines below agree with in width. Raises Unreadable: E-EMPTY, E-NO-HEADER, E-ONE-COLUMN, E-QUOTE,
    E-TOO-WIDE, E-HEADER-TWICE.
    """
    known = frozenset(known_headers)
    lines = _first_lines(utf8)
    best: tuple[_Score, str, Record, int] | None = None
    for delimiter in DELIMITERS:
        for score, record, titles in _candidates(lines, delimiter, known):
            if best is None or score > best[0]:
                best = score, delimiter, record, titles
    if best is None:
        raise _no_header(utf8, lines)
    if known and not best[0].sure:
        _refuse_hidden_header(lines, known)
    _, delimiter, header, titles = best
    _refuse_open_quote(header)
    _refuse_width(header)
    if not repeated_headers:
        _refuse_repeats(header)
    start = sum(len(line.encode()) for line in lines[: header.last_line])
    return Layout(delimiter, tuple(header.cells), header.line, header.last_line + 1, start, titles)


def _first_lines(utf8: bytes) -> list[str]:
    """The physical lines up to the thirtieth that is not blank, at most 200."""
    lines, filled = [], 0
    for line in islice(text_lines(utf8), _LOOKED_AT):
        lines.append(line)
        filled += bool(line.strip(_BLANKS))
        if filled == _PREVIEW_LINES:
            break
    return lines


def _candidates(lines: list[str], delimiter: str, known: frozenset[str]) -> list[tuple[_Score, Record, int]]:
    """Each record that could be the header, its score, and how many records that are not blank stand above it."""
    filled = [record for record in records(lines, delimiter, 1) if _filled_width(record.cells)]
    found = []
    for index, record in enumerate(islice(filled, _HEADER_WITHIN)):
        if delimiter != "," and len(record.cells) == 1:
            continue  # one cell says nothing for this delimiter
        score = _score(record.cells, filled[index + 1 : index + 1 + _HEADER_WITHIN], known)
        if score.matches or (score.lettered and not any(_DATE.fullmatch(cell.strip()) for cell in record.cells)):
            found.append((score, record, index))
    return found


def _score(cells: Sequence[str], below: Sequence[Record], known: frozenset[str]) -> _Score:
    names = {normalise_header(cell) for cell in cells[: MAX_COLUMNS + 1]} - {""}
    matches = len(names & known)
    sure = matches if matches > 1 or matches == len(names) else 0
    lettered = sum(any(character.isalpha() for character in name) for name in names)
    return _Score(sure, _agreed(cells, below), matches, lettered, len(names))


def _agreed(cells: Sequence[str], below: Sequence[Record]) -> int:
    """2 if at least half of the records below fit under these cells, 1 if none is below, else 0."""
    if not below:
        return 1
    fitting = sum(_filled_width(row.cells) <= len(cells) and len(row.cells) >= _filled_width(cells) for row in below)
    return 2 if fitting * 2 >= len(below) else 0


def _filled_width(cells: Sequence[str]) -> int:
    """How many cells there are up to the last one that is not blank."""
    return next((index for index in range(len(cells), 0, -1) if cells[index - 1] and clean_header(cells[index - 1])), 0)


def _no_header(utf8: bytes, lines: list[str]) -> Unreadable:
    nothing = len(lines) < _LOOKED_AT and not any(line.strip(_BLANKS) for line in lines)
    if nothing or utf8.isspace():
        return Unreadable("E-EMPTY", "The file is empty: export it again, with at least the header line.")
    message = (
        f"No header was found in the first {_HEADER_WITHIN} lines: put a line that names the columns above the data."
    )
    return Unreadable("E-NO-HEADER", message)


def _refuse_hidden_header(lines: list[str], known: frozenset[str]) -> None:
    """Refuse a file whose header stands too far down, or whose lines are in quotation marks as a whole."""
    for delimiter in DELIMITERS:
        for place, record in enumerate(
            record for record in records(lines, delimiter, 1) if _filled_width(record.cells)
        ):
            score = _score(record.cells, (), known)
            if place >= _HEADER_WITHIN and score.sure > 2 and score.sure * 2 >= score.distinct:
                message = f"The header seems to be on line {record.line}, under too many lines of titles: delete those."
                raise Unreadable("E-NO-HEADER", message)
            inner = record.cells[0].split(delimiter) if _filled_width(record.cells) == 1 else []
            if len(inner) > 1 and _score(inner, (), known).sure > 1:
                message = (
                    f"Line {record.line} is in quotation marks as a whole, so the file has one column: "
                    "export it again, and do not save it from a spreadsheet that shows it in one column."
                )
                raise Unreadable("E-ONE-COLUMN", message)


def _refuse_open_quote(header: Record) -> None:
    if not header.whole:
        message = (
            f'A quotation mark (") on line {header.line}, at the header, is not closed where its cell ends: remove it.'
        )
        raise Unreadable("E-QUOTE", message)


def _refuse_width(header: Record) -> None:
    if len(header.cells) > MAX_COLUMNS:
        raise Unreadable("E-TOO-WIDE", f"The header on line {header.line} {TOO_WIDE}")


def _refuse_repeats(header: Record) -> None:
    seen: dict[str, int] = {}
    for position, cell in enumerate(map(clean_header, header.cells), start=1):
        name = normalise_header(cell) or cell
        if name and name in seen:
            shown = cell if len(cell) <= _ECHO else f"{cell[: _ECHO - 1]}…"
            message = (
                f'The header "{shown}" stands over columns {seen[name]} and {position}: rename or delete one of them.'
            )
            raise Unreadable("E-HEADER-TWICE", message)
        seen[name] = position
