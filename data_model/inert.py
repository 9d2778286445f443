"""Text from outside, harmless where it leaves the app as mere text: in a spreadsheet's cell, and on a terminal's line."""

import re

# What a spreadsheet may take for the start of a formula (OWASP ASVS 5.0, 1.2.10), the full-width forms included.
_FORMULA = re.compile(r"\s*[=+\-@\t\r\n\x00＝＋－＠]")
_NEGATIVE_NUMBER = re.compile(r"-\d+(\.\d+)?")
# A terminal obeys control characters, those from U+0080 on too; U+2028 and U+2029 break lines, the others turn text round.
_OBEYED = re.compile("[\x00-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]")


def cell(text: str) -> str:
    """Text for a cell of a CSV file: after an apostrophe where a spreadsheet might run it. Negative numbers stay plain."""
    return "'" + text if _FORMULA.match(text) and not _NEGATIVE_NUMBER.fullmatch(text) else text


def one_line(text: str) -> str:
    """Text for one line of a terminal or a file of lines: what such a reader obeys is written as JSON writes it."""
    return _OBEYED.sub(lambda found: f"\\u{ord(found[0]):04x}", text)
