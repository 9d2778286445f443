"""Bytes -> a table of text, exactly as typed, or one sentence on why they are not one."""

from collections.abc import Collection
from pathlib import Path

from loaders.decode import Text, decode, refuse_long_lines
from loaders.issues import Unreadable
from loaders.layout import clean_header, find_layout, normalise_header
from loaders.not_a_csv import refuse_other_formats
from loaders.parse import parse
from loaders.text_table import TextTable
from loaders.tidy import named_columns, without_blank_rows, without_totals

__all__ = ["normalise_header", "read"]

_MEGABYTE = 1_000_000


def read(
    content: bytes | Path,
    name: str,
    *,
    known_headers: Collection[str] = (),
    max_bytes: int | None = None,
    repeated_headers: bool = False,
    totals_are_data: bool = False,
) -> TextTable:
    """The cells of a CSV as text, with the file line of each row; `name` is what the sender calls the file.

    `known_headers`, in the form of normalise_header, help to find the header under title lines. A header that
    occurs twice is refused, unless `repeated_headers` (DfE's statistical neighbours have one). Totals rows at the end
    are left out, unless `totals_are_data` (DfE's statistics have a phase Total). Rows of a wrong shape are kept and
    marked, with an issue each. Raises Unreadable, whose code is one of: E-NO-FILE, E-EMPTY, E-TOO-LARGE,
    E-NOT-CSV, E-NUL, E-ENCODING, E-LINE-LONG, E-TOO-WIDE, E-NO-HEADER, E-ONE-COLUMN, E-QUOTE (at the header),
    E-HEADER-TWICE, E-HEADER-BLANK, E-ROWS (most rows do not fit the header).
    """
    text = _text(content, max_bytes)
    layout = find_layout(text.utf8, known_headers, repeated_headers=repeated_headers)
    parsed = without_blank_rows(parse(text.utf8, layout))
    parsed, totals_notes = (parsed, ()) if totals_are_data else without_totals(parsed)
    named = named_columns(parsed, layout)
    return TextTable(
        name=name,
        headers=tuple(clean_header(layout.cells[column]) for column in named),
        columns=tuple(parsed.columns[column] for column in named),
        lines=parsed.lines,
        broken=parsed.broken,
        encoding=text.encoding,
        delimiter=layout.delimiter,
        header_line=layout.header_line,
        issues=parsed.issues,
        notes=(*text.notes, *layout.notes, *totals_notes),
    )


def _text(content: bytes | Path, max_bytes: int | None) -> Text:
    content = _bytes(content, max_bytes)
    refuse_other_formats(content)
    text = decode(content)
    refuse_long_lines(text.utf8)
    return text


def _bytes(content: bytes | Path, max_bytes: int | None) -> bytes:
    """The file's bytes; its size is looked at before any is read."""
    try:
        size = content.stat().st_size if isinstance(content, Path) else len(content)
        if max_bytes is not None and size > max_bytes:
            raise _too_large(size, max_bytes)
        return content.read_bytes() if isinstance(content, Path) else content
    except OSError:
        message = "The file cannot be opened: check its name, and that you may read it."
        raise Unreadable("E-NO-FILE", message) from None


def _too_large(size: int, max_bytes: int) -> Unreadable:
    sizes = f"The file has {size / _MEGABYTE:,.1f} MB and at most {max_bytes / _MEGABYTE:,.1f} MB are taken here"
    return Unreadable("E-TOO-LARGE", f"{sizes}: send it in parts, such as a year at a time, or use the command line.")
