"""Downloads open safely in a spreadsheet, and hold what the page shows."""

import csv
import io
from datetime import date

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ui.spreadsheet import cell, csv_bytes

DANGEROUS = ("=", "+", "-", "@", "\t", "\r", "\n", "\x00", "＝", "＋", "－", "＠")


@pytest.mark.parametrize(
    ("value", "written"),
    [
        ("=1+1", "'=1+1"),
        ("+44 20", "'+44 20"),
        ("@SUM(A1)", "'@SUM(A1)"),
        ("\t=1", "'\t=1"),
        ("\x00=1", "'\x00=1"),
        ("  =cmd|' /C calc'!A0", "'  =cmd|' /C calc'!A0"),
        ("-cmd", "'-cmd"),
        ("-3", "-3"),
        ("-3.5", "-3.5"),
        (-3, "-3"),
        (-1e-07, "-1e-07"),
        (12.0, "12"),
        (12.25, "12.25"),
        (None, ""),
        (float("nan"), ""),
        (pd.NA, ""),
        (date(2026, 7, 14), "2026-07-14"),
        ("Larkfield Primary School", "Larkfield Primary School"),
        ("NA", "NA"),
    ],
)
def test_a_cell(value: object, written: str) -> None:
    assert cell(value) == written


@given(st.sampled_from(DANGEROUS), st.text())
def test_no_cell_of_text_starts_a_formula(start: str, rest: str) -> None:
    written = cell(start + rest)
    assert not written.startswith(DANGEROUS) or written.lstrip("-").replace(".", "", 1).isdecimal()


def test_a_file() -> None:
    table = pd.DataFrame({"School": ['Zoë\'s, the "old" one', "=1"], "Rate": [1.5, None]})
    content = csv_bytes(table, "Invented, as at 1 May 2026")
    assert content.startswith(b"\xef\xbb\xbfSchool,Rate,Source\r\n")
    rows = list(csv.reader(io.StringIO(content.decode("utf-8-sig"), newline="")))
    assert rows[1:] == [
        ['Zoë\'s, the "old" one', "1.5", "Invented, as at 1 May 2026"],
        ["'=1", "", "Invented, as at 1 May 2026"],
    ]


def test_headers_are_disarmed_and_differ() -> None:
    assert csv_bytes(pd.DataFrame({"=A1": [1]}), "").decode("utf-8-sig") == "'=A1\r\n1\r\n"
    with pytest.raises(ValueError, match="a name of its own"):
        csv_bytes(pd.DataFrame([[1, 2]], columns=["Rate", "Rate"]), "")
