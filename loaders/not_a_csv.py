"""Files that are something else: named by their first bytes, each with the advice that fits it."""

import re

from loaders.issues import Unreadable

SAVE_AS_CSV = "open it in your spreadsheet and save it as CSV UTF-8"

_OPENINGS: tuple[tuple[bytes, str], ...] = (
    (b"%PDF", "This is a PDF, not a CSV: ask the sender for the table that it was printed from, saved as CSV UTF-8."),
    (b"\x1f\x8b", "This is a compressed file (gzip), not a CSV: unpack it first and load the CSV that is inside."),
    (b"BZh", "This is a compressed file (bzip2), not a CSV: unpack it first and load the CSV that is inside."),
    (b"\xfd7zXZ", "This is a compressed file (xz), not a CSV: unpack it first and load the CSV that is inside."),
    (
        b"\x28\xb5\x2f\xfd",
        "This is a compressed file (zstd), not a CSV: unpack it first and load the CSV that is inside.",
    ),
    (b"7z\xbc\xaf\x27\x1c", "This is a compressed folder (7z), not a CSV: unpack it first and load the CSV inside."),
    (b"Rar!", "This is a compressed folder (rar), not a CSV: unpack it first and load the CSV inside."),
    (b"\x89PNG", "This is a picture, not a CSV: ask the sender for the table itself, saved as CSV UTF-8."),
    (b"\xff\xd8\xff", "This is a picture, not a CSV: ask the sender for the table itself, saved as CSV UTF-8."),
    (b"GIF8", "This is a picture, not a CSV: ask the sender for the table itself, saved as CSV UTF-8."),
    (
        b"{\\rtf",
        "This is a word-processor document, not a CSV: copy its table to a spreadsheet and save it as CSV UTF-8.",
    ),
    (b"PAR1", "This is a Parquet file, not a CSV: ask the sender for the same table as CSV UTF-8."),
    (b"SQLite format 3", "This is a database, not a CSV: export the table that you need as CSV UTF-8."),
)
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_WEB_PAGE = re.compile(
    rb"(?:\xef\xbb\xbf)*\s*<(?:!doctype|!--|\?xml|html|head|body|table|meta|style|script|div)\b", re.I
)
_JSON = re.compile(rb"(?:\xef\xbb\xbf)*\s*(?:\{\s*\"|\[\s*[\[{])")
_ENCRYPTED = 0x1
# Tab, line ends, vertical tab, form feed and the separators 1A to 1F do occur in exported text; these do not.
_CONTROL_CHARACTERS = bytes([*range(0x01, 0x09), *range(0x0E, 0x1A), 0x1B])
_SAMPLE_BYTES = 65_536


def refuse_other_formats(content: bytes) -> None:
    """Refuse, with Unreadable E-NOT-CSV, what its bytes show to be a workbook, an archive, a web page or a binary."""
    advice = _advice(content)
    if advice:
        raise Unreadable("E-NOT-CSV", advice)


def refuse_binaries(content: bytes) -> None:
    """Refuse, with Unreadable E-NOT-CSV, bytes (not UTF-16) that hold more control characters than text does."""
    sample = content[:_SAMPLE_BYTES]
    controls = len(sample) - len(sample.translate(None, _CONTROL_CHARACTERS))
    if controls > max(2, len(sample) // 100):
        raise Unreadable("E-NOT-CSV", f"This is not a text file, whatever its name: {SAVE_AS_CSV}.")


def _advice(content: bytes) -> str | None:
    if content.startswith((b"PK\x03\x04", b"PK\x05\x06")):
        return _advice_on_zip(content)
    if content.startswith(_OLE):
        return _advice_on_ole(content)
    if _WEB_PAGE.match(content):
        return f"This is a web page (HTML or XML), not a CSV, whatever its name: {SAVE_AS_CSV}."
    if _JSON.match(content):
        return "This is JSON, not a CSV: ask the sender for the same table as CSV UTF-8."
    return next((advice for opening, advice in _OPENINGS if content.startswith(opening)), None)


def _advice_on_zip(content: bytes) -> str:
    ends = content[:4096] + content[-_SAMPLE_BYTES:]  # the first entry, and the directory of all at the end
    if b".iwa" in ends:
        return "This is an Apple Numbers file, not a CSV: open it in Numbers and export it as CSV, Unicode (UTF-8)."
    if b"xl/" in ends:
        return f"This is an Excel workbook (.xlsx), not a CSV: {SAVE_AS_CSV}."
    if b"opendocument.spreadsheet" in ends:
        return f"This is an OpenDocument spreadsheet (.ods), not a CSV: {SAVE_AS_CSV}."
    if content[6:7] and content[6] & _ENCRYPTED:
        return "This is a zip file with a password: unpack it with its password and load the CSV that is inside."
    return "This is a zip file, not a CSV: unpack it first and load the CSV that is inside."


def _advice_on_ole(content: bytes) -> str:
    if "EncryptedPackage".encode("utf-16-le") in content:
        return "This workbook is protected by a password: open it, remove the password, and save it as CSV UTF-8."
    return f"This is an old Office file (.xls or .doc), not a CSV: {SAVE_AS_CSV}."
