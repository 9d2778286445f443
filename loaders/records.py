"""Text -> records, with the physical lines that each stands on."""

import csv
import io
from collections.abc import Iterable, Iterator
from typing import NamedTuple


class Record(NamedTuple):
    """One record: its first and last line (as a text editor counts) and its cells.

    `whole` is false where a quotation mark is never closed or closes before its cell ends; the cells are then
    those of the first line alone, split at every delimiter.
    """

    line: int
    last_line: int
    cells: list[str]
    whole: bool


def text_lines(utf8: bytes, start: int = 0) -> Iterator[str]:
    """The physical lines from byte `start`, each with its own line end: LF, CRLF or lone CR."""
    source = io.BytesIO(utf8)  # shares the bytes, copies nothing
    source.seek(start)
    return io.TextIOWrapper(source, encoding="utf-8", newline="")


def records(lines: Iterable[str], delimiter: str, first_line: int) -> Iterator[Record]:
    """Each record of `lines`, the first of which is line `first_line` of the file. An empty line has no cells.

    After a misplaced quotation mark, reading goes on with the line after the one where it showed. Python's limit of
    131,072 characters a cell bounds how much one unclosed mark can swallow.
    """
    fed: list[str] = []

    def remembered() -> Iterator[str]:
        for line in lines:
            fed.append(line)
            yield line

    reader = csv.reader(remembered(), delimiter=delimiter, strict=True)
    line = first_line
    while True:
        try:
            cells, whole = next(reader), True
        except StopIteration:
            return
        except csv.Error:
            cells, whole = fed[0].rstrip("\r\n").split(delimiter), False
        last_line = line + len(fed) - 1
        yield Record(line, last_line, cells, whole)
        line = last_line + 1
        fed.clear()
