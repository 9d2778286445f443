"""Reading, thrown thousands of files: never a traceback, never a changed cell, two ways but one answer."""

import csv
import io
import re

from hypothesis import assume, example, given
from hypothesis import strategies as st

from loaders.decode import decode
from loaders.issues import Unreadable
from loaders.layout import find_layout, normalise_header
from loaders.parse import Parsed, parse_exactly, parse_fast
from loaders.read import read

LINE_END = re.compile(r"\r\n|\n|\r")
TEXT = st.characters(exclude_categories=["Cs"], exclude_characters="".join(map(chr, range(32))))
ONE_LINE = st.text(TEXT, max_size=12)
LINES = st.text(st.one_of(st.sampled_from("\n\r"), TEXT.filter(lambda letter: letter not in ",;\t|")), max_size=12)


def joined(*pieces: str) -> st.SearchStrategy[str]:
    return st.lists(st.sampled_from(pieces), max_size=60).map("".join)


def same(one: Parsed, other: Parsed) -> bool:
    return (
        [column.to_pylist() for column in one.columns] == [column.to_pylist() for column in other.columns]
        and [column.dictionary.to_pylist() for column in one.columns]
        == [column.dictionary.to_pylist() for column in other.columns]
        and one.lines.tolist() == other.lines.tolist()
        and one.broken.tolist() == other.broken.tolist()
        and one.issues == other.issues
    )


def reads_or_refuses(content: bytes) -> None:
    try:
        found = read(content, "file.csv")
    except Unreadable as refusal:
        assert refusal.code.startswith("E-")
        assert str(refusal).endswith(".")
        return
    assert all(len(column) == len(found.lines) == len(found.broken) for column in found.columns)
    assert len(found.headers) == len(found.columns)
    assert (found.lines[1:] > found.lines[:-1]).all()
    assert {issue.line for issue in found.issues} == set(found.lines[found.broken].tolist())
    assert all(value is not None for column in found.columns for value in column.dictionary.to_pylist())


@given(st.binary(max_size=300))
@example(b"\xff\xfe\x00\xd8")
@example(b'"')
@example(b'a\n"')
@example(b"PK\x03\x04")
def test_any_bytes_give_a_table_or_a_sentence(content: bytes) -> None:
    reads_or_refuses(content)


@given(st.text(st.sampled_from("ab1Ã«â€™ \"',;\t|\n\r\x0b\x1c\u2028\ufeff\u200b\xa0"), max_size=80))
@example("Ã\r\ufeff\n")
def test_any_text_gives_a_table_or_a_sentence(text: str) -> None:
    for encoding in ("utf-8", "utf-16", "utf-8-sig"):
        reads_or_refuses(text.encode(encoding))


@given(
    data=st.data(),
    width=st.integers(1, 5),
    delimiter=st.sampled_from(",;\t|"),
    quoting=st.sampled_from([csv.QUOTE_MINIMAL, csv.QUOTE_ALL, csv.QUOTE_NONNUMERIC]),
    line_end=st.sampled_from(["\n", "\r\n", "\r"]),
    encoding=st.sampled_from(["utf-8", "utf-8-sig", "utf-16", "cp1252"]),
)
def test_what_a_csv_writer_wrote_is_read_back_exactly(
    data: st.DataObject, width: int, delimiter: str, quoting: int, line_end: str, encoding: str
) -> None:
    delimiter = delimiter if width > 1 else ","  # one column has no delimiter to see
    cells = st.one_of(ONE_LINE, LINES)
    expected = data.draw(st.lists(st.lists(cells, min_size=width, max_size=width), max_size=6))
    assume(not any("total" in normalise_header(cell) for row in expected for cell in row))
    if any(LINE_END.search(cell) for row in expected for cell in row):
        quoting = csv.QUOTE_ALL  # Python's writer leaves a lone CR unquoted where lines end otherwise
    headers = [f"h{number}" for number in range(width)]
    written = io.StringIO(newline="")
    csv.writer(written, delimiter=delimiter, quoting=quoting, lineterminator=line_end).writerows([headers, *expected])
    try:
        content = written.getvalue().encode(encoding)
    except UnicodeEncodeError:
        assume(False)
    assume(encoding != "cp1252" or content.isascii() or decode(content).encoding == "cp1252")
    found = read(content, "file.csv", known_headers=headers)
    columns = [column.to_pylist() for column in found.columns]
    kept = [row for row in expected if any(cell.strip() for cell in row)]
    assert [list(row) for row in zip(*columns, strict=True)] == kept
    assert found.headers == tuple(headers)
    assert found.delimiter == delimiter
    assert found.issues == ()


@given(joined("a", "b", " ", ",", "\n", "\r\n", "é", "\ufeff"))
def test_the_fast_way_and_the_exact_way_agree(body: str) -> None:
    for header in ("h1,h2\n", "h1\n", "h1,h2,\r\n"):
        content = (header + body).encode()
        layout = find_layout(content, {"h1", "h2"})
        fast = parse_fast(content, layout)
        if fast is not None:
            assert same(fast, parse_exactly(content, layout))


def test_the_two_ways_agree_over_many_blocks_and_batches() -> None:
    rows = "".join(
        f"{number},{number % 7},{'x' * (number % 90)}\n\r\n"[: None if number % 5 else -2] for number in range(120_000)
    )
    content = ("id,day,note\n" + rows).encode()
    layout = find_layout(content, ())
    fast, exact = parse_fast(content, layout), parse_exactly(content, layout)
    assert fast is not None
    assert len(fast.lines) == 120_000
    assert same(fast, exact)


@given(joined("a", " ", ",", "\n", "\r", "\r\n", "\x0b", "\u2028", "\x85"))
def test_each_row_stands_on_the_line_an_editor_shows(body: str) -> None:
    text = "h1,h2,h3\n" + body
    found = read(text.encode(), "file.csv", known_headers={"h1", "h2", "h3"})
    editor = dict(enumerate(LINE_END.split(text), start=1))
    filled = [number for number, line in editor.items() if line.replace(",", "").strip() and number > 1]
    assert found.lines.tolist() == filled
    columns = [column.to_pylist() for column in found.columns]
    for line, broken, cells in zip(found.lines.tolist(), found.broken, zip(*columns, strict=True), strict=True):
        if not broken:
            assert ",".join(cells) == ",".join(editor[line].split(",")[:3])


@given(st.text(max_size=30))
def test_a_normalised_header_is_letters_and_digits_alone(text: str) -> None:
    assert normalise_header(text).isalnum() or normalise_header(text) == ""


@given(st.text(st.sampled_from("abcXYZ019"), max_size=12), st.sampled_from(" _-\xa0\u200b’.:"))
def test_spacing_and_case_do_not_matter_to_a_header(text: str, filler: str) -> None:
    assert normalise_header(filler.join(text.upper())) == normalise_header(text)
