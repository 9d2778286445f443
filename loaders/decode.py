"""Bytes of any usual encoding -> UTF-8 without marks, or a plain refusal."""

import codecs
import re
from dataclasses import dataclass

from loaders.issues import Unreadable
from loaders.not_a_csv import SAVE_AS_CSV, refuse_binaries

MAX_LINE_BYTES = 65_536
MAX_COLUMNS = 200
TOO_WIDE = f"has more than {MAX_COLUMNS} columns: delete those that are not needed, empty ones too, and save it again."
_FIRST_LINES = 10
_UTF8_MARK = codecs.BOM_UTF8
_UTF16_MARKS = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
_STEP_BYTES = 1 << 20
_END_MARK = b"\x1a"

# What the second byte of a UTF-8 letter looks like once it has been read as Windows-1252.
_MISREAD_SECONDS = bytes(range(0x80, 0xC0)).decode("cp1252", "ignore")
_GARBLED = re.compile("|".join([*(first + second for first in "ÂÃ" for second in _MISREAD_SECONDS), "â€"]).encode())


@dataclass(frozen=True)
class Text:
    """A file's text as UTF-8 bytes without byte order marks, the encoding that it came in, and what to say of it."""

    utf8: bytes
    encoding: str
    notes: tuple[str, ...] = ()


def decode(content: bytes) -> Text:
    """The text of `content`; its encoding is utf-8, utf-8-sig (with one or more marks), cp1252 or utf-16.

    Raises Unreadable: E-NOT-CSV (a binary), E-NUL, E-ENCODING.
    """
    if content.startswith(_UTF16_MARKS):
        return _utf16(content)
    content = _without_end_mark(content)
    refuse_binaries(content)
    _refuse_nul(content)
    if not _is_utf8(content):
        return _cp1252(content)
    start = 0
    while content.startswith(_UTF8_MARK, start):
        start += len(_UTF8_MARK)
    utf8 = content[start:]
    return Text(utf8, "utf-8-sig" if start else "utf-8", _garbled_notes(utf8))


def _without_end_mark(content: bytes) -> bytes:
    """The bytes before the Ctrl-Z that some older systems still end a file with."""
    return content[:-1] if content.endswith(_END_MARK) else content


def line_of(content: bytes, position: int) -> int:
    """The line, as a text editor counts, that holds the byte at `position`."""
    return 1 + line_ends(content, 0, position)


def line_ends(content: bytes, start: int, stop: int | None = None) -> int:
    """How many line ends (LF, CRLF or lone CR) there are from `start` to before `stop`."""
    return content.count(b"\n", start, stop) + _lone_returns(content, start, stop)


def has_lone_returns(content: bytes, start: int) -> bool:
    """Whether a CR that is no part of CRLF stands anywhere from `start` on."""
    return _lone_returns(content, start, None) > 0


def _lone_returns(content: bytes, start: int, stop: int | None) -> int:
    if content.find(b"\r", start, stop) < 0:  # a sixth of the time that counting takes
        return 0
    return content.count(b"\r", start, stop) - content.count(b"\r\n", start, stop)


def refuse_long_lines(utf8: bytes) -> None:
    """Refuse, with Unreadable E-TOO-WIDE or E-LINE-LONG, a physical line over 64 KB.

    Leaps from one 64 KB window's last line end to the next, so that a line of 10 MB is refused in a millisecond.
    """
    start = 0
    while len(utf8) - start > MAX_LINE_BYTES:
        stop = start + MAX_LINE_BYTES
        last = max(utf8.rfind(b"\n", start, stop), utf8.rfind(b"\r", start, stop))
        if last < 0:
            raise _long_line(utf8, start, stop)
        start = last + 1


def _long_line(utf8: bytes, start: int, stop: int) -> Unreadable:
    line = line_of(utf8, start)
    widest = max(utf8.count(delimiter, start, stop) for delimiter in (b",", b";", b"\t", b"|"))
    if line <= _FIRST_LINES and widest >= MAX_COLUMNS:
        return Unreadable("E-TOO-WIDE", f"The file {TOO_WIDE}")
    message = (
        f"Line {line} is longer than 64 KB, so this is not a usual CSV: check how it was exported, or {SAVE_AS_CSV}."
    )
    return Unreadable("E-LINE-LONG", message)


def _refuse_nul(content: bytes) -> None:
    position = content.find(b"\0")
    if position >= 0:
        line = line_of(content, position)
        message = (
            f"Line {line} holds NUL bytes, which no CSV does (a binary, or UTF-16 without its mark): {SAVE_AS_CSV}."
        )
        raise Unreadable("E-NUL", message)


def _is_utf8(content: bytes) -> bool:
    """Checked a piece at a time: one emoji would make the whole text four times its size in memory."""
    if content.isascii():
        return True
    decoder, view = codecs.getincrementaldecoder("utf-8")(), memoryview(content)
    try:
        for start in range(0, len(content), _STEP_BYTES):
            decoder.decode(view[start : start + _STEP_BYTES])
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return False
    return True


def _utf16(content: bytes) -> Text:
    try:
        text = content.decode("utf-16")
    except UnicodeDecodeError:
        message = f"The file starts as UTF-16 text but does not go on as such, so it may be cut short: {SAVE_AS_CSV}."
        raise Unreadable("E-ENCODING", message) from None
    utf8 = text.lstrip("\ufeff").encode()
    _refuse_nul(utf8)
    return Text(utf8, "utf-16", ("The file was read as UTF-16.", *_garbled_notes(utf8)))


def _cp1252(content: bytes) -> Text:
    try:
        utf8 = content.decode("cp1252").encode()
    except UnicodeDecodeError as error:
        line = line_of(content, error.start)
        message = f"Line {line} holds bytes that are neither UTF-8 nor Windows-1252 text: {SAVE_AS_CSV}."
        raise Unreadable("E-ENCODING", message) from None
    note = "The file is not UTF-8 and was read as Windows-1252 (cp1252): check that names with accents look right."
    return Text(utf8, "cp1252", (note, *_garbled_notes(utf8)))


def _garbled_notes(utf8: bytes) -> tuple[str, ...]:
    found = None if utf8.isascii() else _GARBLED.search(utf8)
    if not found:
        return ()
    line = line_of(utf8, found.start())
    advice = "check how the file was saved before it came here"
    return (f"Line {line} holds garbled letters (such as Ã« for ë, or â€™ for an apostrophe): {advice}.",)
