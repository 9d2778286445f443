"""What people really send becomes text exactly as typed, or is refused in one sentence that says what to do."""

import gzip
import io
import zipfile

import pytest

from data_model.severity import Severity
from loaders.issues import Unreadable
from loaders.read import normalise_header, read
from loaders.text_table import TextTable

KNOWN = {"pupilref", "urn", "startdate", "sessions", "surname", "category"}


def table(content: bytes, **options: int | bool) -> TextTable:
    return read(content, "file.csv", known_headers=KNOWN, **options)


def rows(found: TextTable) -> list[tuple[str, ...]]:
    columns = [column.to_pylist() for column in found.columns]
    return list(zip(*columns, strict=True)) if columns else []


def refusal(content: bytes, **options: int | bool) -> tuple[str, str]:
    with pytest.raises(Unreadable) as caught:
        table(content, **options)
    message = str(caught.value)
    assert message.endswith(".") and message.count(". ") == 0, "one sentence"
    return caught.value.code, message


def zipped(*names: str) -> bytes:
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w") as archive:
        for name in names:
            archive.writestr(name, "PRIVATE")
    return written.getvalue()


# --- encodings ---


@pytest.mark.parametrize(
    ("content", "encoding"),
    [
        ("pupil_ref,surname\nP1,Zoë\n".encode(), "utf-8"),
        ("pupil_ref,surname\nP1,Zoë\n".encode("utf-8-sig"), "utf-8-sig"),
        (b"\xef\xbb\xbf" + "pupil_ref,surname\nP1,Zoë\n".encode("utf-8-sig"), "utf-8-sig"),
        ("pupil_ref,surname\nP1,Zoë\n".encode("cp1252"), "cp1252"),
        ("\ufeffpupil_ref,surname\nP1,Zoë\n".encode("utf-16-le"), "utf-16"),
        ("\ufeffpupil_ref,surname\nP1,Zoë\n".encode("utf-16-be"), "utf-16"),
        ("\ufeff\ufeffpupil_ref,surname\nP1,Zoë\n".encode("utf-16-be"), "utf-16"),
    ],
)
def test_every_usual_encoding_gives_the_same_text(content: bytes, encoding: str) -> None:
    found = table(content)
    assert found.encoding == encoding
    assert found.headers == ("pupil_ref", "surname")
    assert rows(found) == [("P1", "Zoë")]


def test_cp1252_is_stated_and_its_quotes_are_kept() -> None:
    found = table("pupil_ref,surname\nP1,O’Brien\n".encode("cp1252"))
    assert rows(found) == [("P1", "O’Brien")]
    assert "cp1252" in found.notes[0]


@pytest.mark.parametrize("garbled", ["ZoÃ«", "Oâ€™Brien", "Â£5"])
def test_garbled_letters_are_noted_with_their_line_and_kept(garbled: str) -> None:
    found = table(f"pupil_ref,surname\nP1,Ann\nP2,{garbled}\n".encode())
    assert rows(found)[1] == ("P2", garbled)
    assert found.notes[0].startswith("Line 3 holds garbled letters")


def test_letters_that_only_look_garbled_are_not_noted() -> None:
    assert table("pupil_ref,surname\nP1,São João Ã\n".encode()).notes == ()


@pytest.mark.parametrize(
    "content",
    [
        "pupil_ref,surname\nP1,Ann\n".encode("utf-16-le"),
        b"pupil_ref,surname\nP1,A\0nn\n",
        "urn\n1\0\n".encode("utf-16"),
    ],
)
def test_nul_bytes_are_refused_with_their_line(content: bytes) -> None:
    code, message = refusal(content)
    assert code == "E-NUL"
    assert message.startswith("Line ")
    assert "CSV UTF-8" in message


def test_undecodable_text_is_refused_with_its_line() -> None:
    code, message = refusal(b"pupil_ref,surname\nP1,Ann\nP2,\x81\x8d\n")
    assert code == "E-ENCODING"
    assert message.startswith("Line 3 ")


def test_utf16_cut_short_is_refused() -> None:
    assert refusal("pupil_ref,urn\n".encode("utf-16")[:-1])[0] == "E-ENCODING"


# --- not a CSV ---


@pytest.mark.parametrize("content", [b"", b" \n\r\n\t ", b"\xef\xbb\xbf", b",,,\n,,\n", b"\n" * 1000])
def test_an_empty_file_is_refused(content: bytes) -> None:
    assert refusal(content)[0] == "E-EMPTY"


@pytest.mark.parametrize(
    ("content", "advice"),
    [
        (zipped("[Content_Types].xml", "xl/workbook.xml"), "Excel workbook (.xlsx)"),
        (zipped("Index/Document.iwa"), "Apple Numbers"),
        (zipped("mimetypeapplication/vnd.oasis.opendocument.spreadsheet"), "OpenDocument"),
        (zipped("suspensions.csv"), "zip file, not a CSV: unpack it"),
        (b"PK\x03\x04\x14\x00\x01\x00" + b"\0" * 60, "with a password"),
        (gzip.compress(b"urn\n1\n", mtime=0), "gzip"),
        (b"%PDF-1.7\n%\xe2\xe3", "PDF"),
        (b"<!DOCTYPE html><html><table>", "web page"),
        (b"\xef\xbb\xbf \n<TABLE><tr><td>urn</td></tr></TABLE>", "web page"),
        (b'<?xml version="1.0"?><Workbook/>', "web page (HTML or XML)"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 500, "(.xls or .doc)"),
        (
            b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 500 + "EncryptedPackage".encode("utf-16-le"),
            "remove the password",
        ),
        (b'[{"urn": 900001}]', "JSON"),
        (b"{\\rtf1\\ansi", "word-processor"),
        (b"\x89PNG\r\n\x1a\n\0\0", "picture"),
        (b"SQLite format 3\0", "database"),
        (bytes(range(1, 30)) * 20, "not a text file"),
    ],
)
def test_what_is_not_a_csv_is_named_with_fitting_advice(content: bytes, advice: str) -> None:
    code, message = refusal(content)
    assert code == "E-NOT-CSV"
    assert advice in message
    assert "PRIVATE" not in message


def test_a_web_page_in_a_cell_is_only_text() -> None:
    assert rows(table(b"urn,surname\n1,<html>\n")) == [("1", "<html>")]


def test_a_file_that_cannot_be_opened_is_refused(tmp_path) -> None:
    with pytest.raises(Unreadable, match="cannot be opened"):
        read(tmp_path / "absent.csv", "absent.csv")


def test_a_path_reads_as_its_bytes_do(tmp_path) -> None:
    path = tmp_path / "upload"
    path.write_bytes(b"urn,surname\n1,Ann\n")
    found = read(path, "termly.csv")
    assert (found.name, rows(found)) == ("termly.csv", [("1", "Ann")])


# --- sizes ---


def test_a_file_over_the_limit_is_refused_and_one_at_the_limit_is_not(tmp_path) -> None:
    content = b"urn\n900001\n"
    assert refusal(content, max_bytes=len(content) - 1)[0] == "E-TOO-LARGE"
    assert len(table(content, max_bytes=len(content))) == 1
    (tmp_path / "large.csv").write_bytes(content)
    with pytest.raises(Unreadable, match="year at a time"):
        read(tmp_path / "large.csv", "large.csv", max_bytes=5)


@pytest.mark.parametrize("content", [b"a," * 5_000_000, b"Title\n" + b"a;" * 500_000 + b"\n1\n", b"a\tb" * 250 + b"\n"])
def test_more_than_200_columns_are_refused(content: bytes) -> None:
    code, message = refusal(content)
    assert code == "E-TOO-WIDE"
    assert "200 columns" in message


def test_200_columns_are_read() -> None:
    header = ",".join(f"c{number}" for number in range(200))
    assert len(table(header.encode()).headers) == 200


def test_a_line_over_64_kb_is_refused_with_its_number() -> None:
    code, message = refusal(b"urn,surname\n1,Ann\n2," + b"x" * 70_000 + b"\n")
    assert code == "E-LINE-LONG"
    assert message.startswith("Line 3 ")


def test_a_cell_as_long_as_a_spreadsheet_allows_is_read() -> None:
    cell = "x" * 32_767
    assert rows(table(f"urn,surname\n1,{cell}\n".encode())) == [("1", cell)]


# --- delimiters ---


@pytest.mark.parametrize(("delimiter", "said"), [(";", "semicolons"), ("\t", "tabs"), ("|", "vertical bars")])
def test_other_delimiters_are_found_in_the_header_and_said(delimiter: str, said: str) -> None:
    found = table(f"urn{delimiter}surname{delimiter}sessions\n1{delimiter}Ann, Bea, Cy{delimiter}1,5\n".encode())
    assert found.delimiter == delimiter
    assert rows(found) == [("1", "Ann, Bea, Cy", "1,5")]
    assert said in found.notes[0]


def test_the_comma_is_not_remarked_on() -> None:
    found = table(b"urn,surname\n1,a;b;c;d\n2,e;f;g;h\n")
    assert (found.delimiter, found.notes) == (",", ())


def test_one_column_is_a_table_even_where_its_cells_hold_semicolons() -> None:
    found = table(b"surname\nAnn; Bea\nCy; Di\n")
    assert (found.delimiter, rows(found)) == (",", [("Ann; Bea",), ("Cy; Di",)])


# --- the header ---


@pytest.mark.parametrize(
    ("content", "header_line", "titles"),
    [
        (b"Suspensions\nurn,surname\n1,Ann\n", 2, "1 title line above the header was skipped."),
        (
            b"Suspensions, Autumn\n\nRun by: SIMS\n\n\nurn,surname\n1,Ann\n",
            6,
            "2 title lines above the header were skipped.",
        ),
        (b"Pupil,,\nRef,Who,When\nurn,surname,start_date\n1,Ann,2025-09-01\n", 3, "2 title lines"),
        (b"a\nb\nc\nd\ne\nf\ng\nh\ni\nurn,surname\n1,Ann\n", 10, "9 title lines"),
        (b"sep=;\nurn;surname\n1;Ann\n", 2, "1 title line"),
        (b'"Run on\nMonday"\nurn,surname\n1,Ann\n', 3, "1 title line"),
        (b"Suspensions\r\rurn,surname\r1,Ann\r", 3, "1 title line"),
    ],
)
def test_the_header_is_found_under_titles_which_are_noted(content: bytes, header_line: int, titles: str) -> None:
    found = table(content)
    assert (found.header_line, found.headers[:2]) == (header_line, ("urn", "surname"))
    assert rows(found)[0][:2] == ("1", "Ann")
    assert any(note.startswith(titles) for note in found.notes)


@pytest.mark.parametrize(
    ("content", "header_line"),
    [
        (b"Report 7\nAlpha,Beta,Gamma\n1,2,3\n4,5,6\n", 2),
        (b"Report 7,,\nAlpha,Beta,Gamma\nx,2,3\ny,5,6\n", 2),
        (b"Alpha,Beta\nx,1\ny,2\nmade by us, for you, today\n", 1),
        (b"Run,01/09/2025,by,us\nAlpha,Beta,Gamma\n1,2,3\n", 2),
        (b"Alpha\n1\n2\n", 1),
    ],
)
def test_a_header_of_unknown_names_is_found_too(content: bytes, header_line: int) -> None:
    assert read(content, "file.csv").header_line == header_line


def test_headers_are_trimmed_and_otherwise_as_typed() -> None:
    found = table("  URN\N{NO-BREAK SPACE}, \N{ZERO WIDTH SPACE}Start  Date ,“Surname”\n1,2,3\n".encode())
    assert found.headers == ("URN", "Start  Date", "“Surname”")


def test_a_header_may_be_quoted_and_hold_a_line_break() -> None:
    found = table(b'"urn","start\ndate"\n1,2025-09-01\n')
    assert (found.headers, found.header_line, found.lines.tolist()) == (("urn", "start\ndate"), 1, [3])


@pytest.mark.parametrize("content", [b"1,2,3\n4,5,6\n", b"P1,2025-09-01\nP2,2025-09-02\n", b"t,01/02/2025\n" * 20])
def test_data_without_a_header_are_refused(content: bytes) -> None:
    assert refusal(content)[0] == "E-NO-HEADER"


@pytest.mark.parametrize("content", [b"urn,surname\n", b"urn,surname", b"urn,surname\n\n\n", b"urn,surname\r\n,\r\n"])
def test_a_header_alone_is_a_file_of_no_rows(content: bytes) -> None:
    found = table(content)
    assert (len(found), found.headers, rows(found)) == (0, ("urn", "surname"), [])


def test_a_header_that_occurs_twice_is_refused_unless_allowed() -> None:
    content = b"urn,Start Date,start_date\n1,2,3\n"
    code, message = refusal(content)
    assert code == "E-HEADER-TWICE"
    assert '"start_date"' in message and "columns 2 and 3" in message
    assert rows(table(content, repeated_headers=True)) == [("1", "2", "3")]


def test_a_refusal_repeats_no_more_than_40_characters_of_the_file() -> None:
    long = b"x" * 500
    assert len(refusal(b"urn," + long + b"," + long + b"\n")[1]) < 150


def test_a_column_without_a_name_is_refused_if_it_holds_text() -> None:
    code, message = refusal(b"urn,,surname\n1,,Ann\n2,x,Bea\n")
    assert code == "E-HEADER-BLANK"
    assert "Column 2" in message and "line 3" in message


@pytest.mark.parametrize("content", [b",urn,,surname,,\n,1,,Ann,,\n,2, ,Bea,,\n", b"urn,surname,,\n1,Ann\n2,Bea,\n"])
def test_blank_columns_are_dropped(content: bytes) -> None:
    found = table(content)
    assert (found.headers, rows(found)) == (("urn", "surname"), [("1", "Ann"), ("2", "Bea")])
    assert found.issues == ()


def test_a_quotation_mark_left_open_at_the_header_is_refused() -> None:
    code, message = refusal(b'urn,"surname\n1,Ann\n2,Bea\n')
    assert code == "E-QUOTE"
    assert "line 1" in message
    assert refusal(b'"Autumn\nurn,surname\n1,Ann\n')[0] == "E-QUOTE"


# --- rows ---


def test_text_is_text_exactly() -> None:
    odd = [
        "NA",
        "None",
        "nan",
        "True",
        "Inf",
        "1E5",
        "0302000",
        "1.0",
        " x ",
        "-",
        "=cmd()",
        "N/A",
        "null",
        "é́",
        "\u202e",
    ]
    found = table(("urn,surname\n" + "".join(f"1,{cell}\n" for cell in odd)).encode())
    assert [surname for _, surname in rows(found)] == odd


def test_an_empty_cell_is_empty_text() -> None:
    found = table(b"urn,surname\n1,\n,Ann\n")
    assert rows(found) == [("1", ""), ("", "Ann")]
    assert all(column.null_count == 0 for column in found.columns)


@pytest.mark.parametrize(
    "content",
    [
        b"urn,surname\n\n1,Ann\n,\n \n2,Bea\n\n\n",
        b"urn,surname\r\n\r\n1,Ann\r\n,\r\n \r\n2,Bea",
        b'urn,surname\n\n1,"Ann"\n,\n\xc2\xa0,\n2,Bea\n',
        b"urn,surname\r\r1,Ann\r,\r\r2,Bea\r",
        b"urn,surname\n\r\n1,Ann\r,\n\n2,Bea\n",
    ],
)
def test_blank_rows_are_dropped_and_lines_still_counted_as_an_editor_does(content: bytes) -> None:
    found = table(content)
    assert rows(found) == [("1", "Ann"), ("2", "Bea")]
    assert found.lines.tolist() == [3, 6]


def test_a_blank_row_leaves_no_value_behind_among_the_distinct_ones() -> None:
    assert table(b"urn,surname\n1,Ann\n,\n").columns[0].dictionary.to_pylist() == ["1"]


def test_line_breaks_in_cells_are_kept_and_the_next_rows_keep_their_line() -> None:
    found = table(b'urn,surname\n1,"Ann\nMarie"\n2,"Bea\r\n\r\nB"\n3,Cy\n')
    assert rows(found) == [("1", "Ann\nMarie"), ("2", "Bea\r\n\r\nB"), ("3", "Cy")]
    assert found.lines.tolist() == [2, 4, 7]
    assert found.issues == ()


@pytest.mark.parametrize("label", ["Total", "TOTALS", " Grand total ", "Total:"])
def test_a_totals_row_is_left_out_and_noted(label: str) -> None:
    found = table(f"surname,urn,sessions\nAnn,1,2\nBea,1,3\n\n{label},,5\n".encode())
    assert rows(found) == [("Ann", "1", "2"), ("Bea", "1", "3")]
    assert found.notes == ("The totals row on line 5 was left out.",)


@pytest.mark.parametrize("content", [b"urn,surname,sessions\n1,Ann,2\nTotal,2\n", b",urn,sessions\n,1,2\nTotal,,2\n"])
def test_a_totals_row_of_another_shape_is_left_out_without_an_issue(content: bytes) -> None:
    found = table(content)
    assert (len(found), found.issues) == (1, ())


@pytest.mark.parametrize(
    "content",
    [
        b"surname,category,urn\nTotal,SUSP,yes\nAnn,x,1\nBea,x,1\nCy,x,1\n",
        b"category,urn,sessions\nTotal,1,2\nFSM,1,1\nTotal,2,3\nFSM,2,1\nTotal,3,9\n",
        b"surname,category,urn\nAnn,x,1\nTotal,SUSP,x\n",
        b"surname\nAnn\nTotal\n",
    ],
)
def test_a_row_that_only_mentions_a_total_is_data(content: bytes) -> None:
    found = table(content)
    assert len(found) == content.count(b"\n") - 1
    assert found.notes == ()


def test_trailing_commas_on_the_rows_alone_are_trimmed() -> None:
    found = table(b"urn,surname\n1,Ann,,\n2,Bea,, \n")
    assert (rows(found), found.issues) == ([("1", "Ann"), ("2", "Bea")], ())


def test_a_row_with_too_many_cells_is_broken_and_keeps_its_text() -> None:
    found = table(b"urn,surname\n1,Ann\n2,Bea,Cy\n3,Di\n")
    assert found.broken.tolist() == [False, True, False]
    (issue,) = found.issues
    assert (issue.line, issue.column, issue.code, issue.severity) == (3, None, "E-ROW-LONG", Severity.ERROR)
    assert "3 cells" in issue.message and "header has 2" in issue.message and "comma" in issue.message
    assert rows(found)[1] == ("2", "Bea,Cy")


def test_a_row_with_too_few_cells_is_broken_not_padded_in_silence() -> None:
    found = table(b"urn,surname,sessions\n1,Ann,2\n2,Bea\n")
    assert found.broken.tolist() == [False, True]
    (issue,) = found.issues
    assert (issue.line, issue.code) == (3, "E-ROW-SHORT")
    assert "2 cells" in issue.message and "header has 3" in issue.message


def test_a_stray_quotation_mark_that_swallows_rows_is_named_from_line_to_line() -> None:
    found = table(b'urn,surname,sessions\n1,"Ann,2\n2,Bea,3\n3,Cy",4\n4,Di,5\n')
    assert found.lines.tolist() == [2, 5]
    assert found.broken.tolist() == [True, False]
    (issue,) = found.issues
    assert (issue.line, issue.code) == (2, "E-QUOTE")
    assert "line 2" in issue.message and "line 4" in issue.message


def test_a_stray_quotation_mark_ends_at_the_next_quoted_cell() -> None:
    found = table(b'urn,surname\n1,"Ann\n2,Bea\n3,"Cy, C"\n4,Di\n')
    assert (found.lines.tolist(), found.broken.tolist()) == ([2, 5], [True, False])
    assert "to line 4" in found.issues[0].message


def test_an_unclosed_quotation_mark_at_the_end_is_an_issue_on_its_row() -> None:
    found = table(b'urn,surname\n1,Ann\n2,"Bea\n')
    assert (found.broken.tolist(), found.issues[0].code, found.issues[0].line) == ([False, True], "E-QUOTE", 3)


def test_what_one_unclosed_mark_can_swallow_is_bounded() -> None:
    found = table(b'urn,surname\n1,"Ann\n' + b"2,Bea\n" * 50_000)
    assert found.issues[0].code == "E-QUOTE"
    assert len(found.issues) < 3
    assert len(found) > 25_000


def test_a_quotation_mark_out_of_place_on_one_line_is_an_issue() -> None:
    found = table(b'urn,surname\n1,"Ann" Marie\n2,Bea "B" Lee\n3,"Cy ""C"""\n')
    assert rows(found)[1:] == [("2", 'Bea "B" Lee'), ("3", 'Cy "C"')]
    assert [(issue.line, issue.code) for issue in found.issues] == [(2, "E-QUOTE")]


def test_every_broken_row_has_an_issue_and_no_other_row_has() -> None:
    found = table(b'urn,surname\n1\n\n2,Ann\n3,a,b\n4,"x\n5,y"\n6,"z\n')
    assert [issue.line for issue in found.issues] == found.lines[found.broken].tolist()


def test_a_header_that_most_rows_do_not_fit_is_refused_in_one_sentence() -> None:
    assert refusal(b"urn,surname\n" + b"1,Ann,x\n" * 20_001)[0] == "E-ROWS"


def test_messages_about_rows_repeat_no_cell() -> None:
    found = table(b'urn,surname\nPRIVATE\nPRIVATE,PRIVATE,PRIVATE\n1,"PRIVATE\n')
    assert len(found.issues) == 3
    assert not any("PRIVATE" in issue.message for issue in found.issues)


@pytest.mark.parametrize(
    "text",
    ["Start Date", "start_date", "START-DATE", "Start\N{NO-BREAK SPACE}Date", "“Start”\u200b Date", "ＳtartDate:"],
)
def test_headers_are_compared_by_letters_and_digits(text: str) -> None:
    assert normalise_header(text) == "startdate"
