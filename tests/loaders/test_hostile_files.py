"""Hostile text in every text column: taken or refused, it does nothing in a report, a file or a terminal."""

import re
from pathlib import Path

import pytest
from desk import Desk
from hostile import EVERY_TEXT_COLUMN, FORMULAS, HOSTILE, accepted, cells_of, with_one
from typer.testing import CliRunner

from data_model.dataset import Column, Dataset
from data_model.severity import Severity
from loaders.__main__ import cli
from loaders.correct import faulty_rows_csv
from loaders.issues import Issue, Unreadable
from loaders.report import Report
from loaders.template import template
from sample_data.generate import Frames, generate
from ui.spreadsheet import cell

_STARTS = tuple("=+-@\t\r\n\x00＝＋－＠")
_OBEYED = re.compile("[\x00-\x09\x0b-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069]")


def _is_formula(text: str) -> bool:
    return text.lstrip(" ").startswith(_STARTS) and not re.fullmatch(r"-\d+(\.\d+)?", text)


def _issues(report: Report) -> list[Issue]:
    return [issue for severity in Severity for issue in report.issues(severity)]


@pytest.fixture(scope="module")
def frames() -> Frames:
    return generate(12, 2)


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Desk:
    return Desk(tmp_path_factory.mktemp("desk") / "outreach.db")


def test_there_are_sixty_and_more() -> None:
    assert len(HOSTILE) >= 60
    assert len(EVERY_TEXT_COLUMN) >= 30


@pytest.mark.parametrize(
    ("dataset", "column"), [pytest.param(*pair, id=f"{pair[0].name}-{pair[1].name}") for pair in EVERY_TEXT_COLUMN]
)
def test_a_column(frames: Frames, desk: Desk, dataset: Dataset, column: Column, tmp_path: Path) -> None:
    """What is refused is refused in sentences of one line, and the rows to correct have no formula in any cell."""
    sent = [text for text in HOSTILE if len(text) < 30_000 and "\x00" not in text]
    content = with_one(frames[dataset.name], column, sent)
    report = desk.check(dataset.name, content)
    assert report.rejected + report.accepted == len(sent)
    assert not [text for text in cells_of(faulty_rows_csv(report, with_queries=True)) if _is_formula(text)]
    for issue in _issues(report):
        assert not _OBEYED.search(issue.message), issue.message
        assert len(issue.message) < 600
    file = tmp_path / "x.csv"
    file.write_bytes(content)
    for more in ([], ["--json"]):
        ran = CliRunner().invoke(cli, ["check", dataset.name, str(file), *more])
        assert not _OBEYED.search(ran.output)


@pytest.mark.parametrize("text", ["L" * 32_768, "L" * 70_000, "\x00=1+1"], ids=["32k", "70k", "NUL"])
@pytest.mark.parametrize("name", ["schools", "outreach_contacts"])
def test_what_is_too_long_or_no_text(frames: Frames, desk: Desk, name: str, text: str) -> None:
    column = next(pair[1] for pair in EVERY_TEXT_COLUMN if pair[0].name == name)
    try:
        report = desk.check(name, with_one(frames[name], column, ["fine", text]))
    except Unreadable as refused:
        assert len(str(refused)) < 300
        assert not _OBEYED.search(str(refused))
    else:
        assert report.rejected >= 1
        assert not any(len(issue.message) > 600 for issue in _issues(report))


@pytest.mark.parametrize(
    "name", ["\x1b]0;title\x07.csv", "a\nb.csv", "=1+1.csv", "\u202egpj.csv", "<img src=x onerror=alert(1)>.csv"]
)
def test_a_files_name_in_a_terminal(tmp_path: Path, name: str) -> None:
    file = tmp_path / name
    file.write_text("nothing\n")
    for more in ([], ["--json"]):
        ran = CliRunner().invoke(cli, ["check", "schools", str(file), *more])
        assert not _OBEYED.search(ran.output), ran.output


def test_headers_are_hostile_too(desk: Desk) -> None:
    for text in HOSTILE:
        quoted = text.replace('"', '""')
        try:
            report = desk.check("schools", f'urn,"{quoted}"\n900001,x\n')
        except Unreadable as refused:
            assert not _OBEYED.search(str(refused))
            assert len(str(refused)) < 300
            continue
        assert not [cell for cell in cells_of(faulty_rows_csv(report)) if _is_formula(cell)]
        assert not any(_OBEYED.search(issue.message) for issue in _issues(report))


def test_templates_hold_no_formula() -> None:
    for dataset in {pair[0].name: pair[0] for pair in EVERY_TEXT_COLUMN}.values():
        assert not [text for text in cells_of(template(dataset)) if _is_formula(text)]


@pytest.mark.parametrize("text", FORMULAS)
def test_a_cell_of_a_download(text: str) -> None:
    assert not _is_formula(cell(text))


def test_every_column_of_free_text_takes_most_of_them() -> None:
    """Otherwise nothing hostile would reach the pages in tests/browser."""
    takes = {f"{dataset.name}.{column.name}": len(accepted(column)) for dataset, column in EVERY_TEXT_COLUMN}
    assert len([name for name, many in takes.items() if many > 60]) >= 20, takes
