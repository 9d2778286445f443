"""Single cells: every column of every dataset, each distinct text judged once, every fault with a sentence."""

import re
from datetime import date
from typing import Any

import pyarrow as pa
import pytest
from desk import TODAY

from data_model.catalogue import DATASETS
from data_model.dataset import Column
from loaders.dates import DateFormat, Fault, decide, read_date
from loaders.explain import explain
from loaders.judge import JudgedColumn, judge

COLUMNS = [
    pytest.param(column, id=f"{dataset.name}-{column.name}")
    for dataset in DATASETS.values()
    for column in dataset.columns.values()
]
FORMATS = (*DateFormat, None)
BAD_CELLS = (
    "",
    " ",
    "\u00a0",
    "?",
    "n/a",
    "x" * 5000,
    "\u200bx",
    "\u202e1",
    "a\x0bb",
    "-1",
    "0",
    "1.5",
    "1,000",
    "1E5",
    "1.23457E+12",
    "99999999999999999999",
    "٣",
    "nan",
    "inf",
    "True",
    "None",
    "12345",
    "1",
    "9" * 9,
    "99",
    "A95000017830I",
    "R247962919251",
    "P 000001",
    "Ą",
    "900001 ",
    "92002",
    "45936",
    "45936.5",
    "06/10/25",
    "Sep-25",
    "31/02/2025",
    "2025-02-30",
    "06/10/2025 14:30",
    "06/10/0025",
    "2101-01-01",
    "0001-01-01",
    "2025-12-13",
    "10/13/2025",
    "2025/27",
    "13-2012",
    "half term",
    "PERM",
    "nursery",
    "=1+1",
    "<b>",
)


def judged(column: Column, cells: list[str], dates: DateFormat | None = DateFormat.ISO) -> JudgedColumn:
    return judge(column, pa.array(cells).dictionary_encode(), dates, TODAY)


def faults_of(column: Column, cells: list[str], dates: DateFormat | None) -> dict[str, tuple[str, str]]:
    """The code and the sentence of each faulty text."""
    found = judged(column, cells, dates)
    texts = found.texts.to_pylist()
    return {texts[at]: explain(column, fault.kind, fault.context) for at, fault in found.faults.items()}


@pytest.mark.parametrize("column", COLUMNS)
def test_no_bad_cell_is_without_a_sentence(column: Column) -> None:
    for dates in FORMATS if column.kind is date else [DateFormat.ISO]:
        for cell, (code, message) in faults_of(column, list(BAD_CELLS), dates).items():
            assert re.fullmatch(r"E-[A-Z0-9-]+", code), cell
            assert message.endswith((".", "?")), message
            assert not re.search(r"\{|\}|None|Annotated|type=", message), message


@pytest.mark.parametrize("column", COLUMNS)
def test_a_cell_is_either_faulty_or_has_a_value(column: Column) -> None:
    found = judged(column, list(BAD_CELLS))
    for row, cell in enumerate(BAD_CELLS):
        value = found.values[found.place[row]]
        faulty = int(found.text_place[row]) in found.faults
        blank = not cell.strip()
        assert faulty == (value is None and (column.required or not blank)), cell


def test_every_sentence_can_be_met() -> None:
    """Each kind of fault that `explain` knows is one that some cell has: no dead branches."""
    met = {
        fault.kind
        for parameter in COLUMNS
        for column in parameter.values
        for dates in FORMATS
        for fault in judged(column, list(BAD_CELLS), dates).faults.values()
    }
    # Told of whole files: the cells to blame are found by check.
    met |= {"date_other_format", "date_month_first"}
    source = set(re.findall(r'"([a-z_0-9]+)"', _cases_of_explain()))
    assert source - met == set()


def _cases_of_explain() -> str:
    from inspect import getsource

    return "\n".join(re.findall(r"case (.*?)(?: if .*)?:\n", getsource(explain)))


def test_a_fault_without_a_sentence_is_a_mistake_of_ours() -> None:
    with pytest.raises(LookupError, match="no sentence"):
        explain(DATASETS["suspensions"].columns["urn"], "unheard_of", {})


@pytest.mark.parametrize("text", ["NA", "None", "nan", "True", "Inf", "1E5", "0302000", "null", "N/A", "-", "=1+1"])
def test_text_stays_text(text: str) -> None:
    column = DATASETS["schools"].columns["school_name"]
    assert judged(column, [text]).values == [text]


def test_spaces_of_any_kind_around_a_cell_are_no_part_of_it_and_letters_are_composed() -> None:
    column = DATASETS["schools"].columns["school_name"]
    found = judged(column, ["Zoe\u0308", " Zo\u00eb\u00a0", "\u3000Zo\u00eb\t\n", "Zo\u00eb"])
    assert found.values == ["Zo\u00eb"]
    assert found.place.tolist() == [0, 0, 0, 0]


def test_a_value_keeps_the_text_that_was_typed() -> None:
    column = DATASETS["suspensions"].columns["category"]
    found = judged(column, [" susp", "SUSP", "x "])
    assert [found.text(row) for row in range(3)] == [" susp", "SUSP", "x "]


@pytest.mark.parametrize(
    ("dataset", "column", "cell", "note"),
    [
        ("suspensions", "category", "FIXD", "'FIXD' was read as SUSP (Suspension) in 2 rows."),
        ("suspensions", "cla", "true", "'true' was read as Y (Yes) in 2 rows."),
        ("suspensions", "ncyg", "08", "'08' was read as 8 (Year 8) in 2 rows."),
        ("schools", "phase", "PRU", "'PRU' was read as ap (Alternative provision) in 2 rows."),
    ],
)
def test_a_spelling_that_is_read_as_a_code_is_noted(dataset: str, column: str, cell: str, note: str) -> None:
    assert judged(DATASETS[dataset].columns[column], [cell, cell]).notes == (note,)


def test_a_lunchtime_suspension_stays_one() -> None:
    found = judged(DATASETS["suspensions"].columns["category"], ["LNCH", "lnch"])
    assert (found.values, found.notes) == (["LNCH"], ())


@pytest.mark.parametrize(
    ("cells", "form", "code"),
    [
        ([], DateFormat.ISO, None),
        (["2025-10-06", "2025-1-2"], DateFormat.ISO, None),
        (["06/10/2025", "13/10/2025"], DateFormat.DAY_FIRST, None),
        (["06/10/2025", "04/04/2025"], DateFormat.DAY_FIRST, None),
        (["06/10/2025", "2025-10-06"], None, "E-DATE-MIXED"),
        (["06/10/2025", "10/13/2025"], None, "E-DATE-MONTH-FIRST"),
        (["13/10/2025", "10/13/2025"], None, "E-DATE-MONTH-FIRST"),
        (["31/31/2025", "06/10/25", "45936", "x"], DateFormat.DAY_FIRST, None),
        (["45936", "x"], DateFormat.ISO, None),
        (["2025-10-06 00:00:00", "2025-10-07T00:00:00.000Z"], DateFormat.ISO, None),
    ],
)
def test_one_format_for_the_whole_file(cells: list[str], form: DateFormat | None, code: str | None) -> None:
    decision = decide(cells)
    assert (decision.format, decision.code) == (form, code)
    assert decide(reversed(cells)).message == decision.message


def test_the_cells_to_blame_are_those_of_the_rarer_format() -> None:
    mixed = decide(["2025-10-06", "2025-10-07", "06/10/2025"])
    assert [mixed.culprit(cell) for cell in ("2025-10-06", "06/10/2025", "x")] == [False, True, False]
    month_first = decide(["06/10/2025", "10/13/2025"])
    assert [month_first.culprit(cell) for cell in ("06/10/2025", "10/13/2025", "13/13/2025")] == [False, True, False]


@pytest.mark.parametrize(
    ("cell", "form", "expected"),
    [
        ("06/10/2025", DateFormat.DAY_FIRST, date(2025, 10, 6)),
        ("2025-10-06", DateFormat.ISO, date(2025, 10, 6)),
        ("29/02/2024", DateFormat.DAY_FIRST, date(2024, 2, 29)),
        ("29/02/2025", DateFormat.DAY_FIRST, "date_impossible"),
        ("45936", DateFormat.DAY_FIRST, "date_serial"),
        ("60", DateFormat.ISO, "date_form"),
        ("06.10.2025", DateFormat.DAY_FIRST, "date_form"),
        ("06-10-25", DateFormat.DAY_FIRST, "date_two_digit_year"),
        ("1 Sep 25", DateFormat.DAY_FIRST, "date_two_digit_year"),
        ("2025-10-06 09:00", DateFormat.ISO, "date_time"),
        ("4.5E+04", DateFormat.ISO, "scientific"),
        ("٠٦/١٠/٢٠٢٥", DateFormat.DAY_FIRST, "date_form"),
    ],
)
def test_a_date_cell(cell: str, form: DateFormat, expected: Any) -> None:
    found = read_date(cell, form)
    assert (found.kind if isinstance(found, Fault) else found) == expected


def test_a_serial_is_told_with_its_day() -> None:
    column = DATASETS["suspensions"].columns["start_date"]
    code, message = faults_of(column, ["45936"], DateFormat.ISO)["45936"]
    assert code == "E-DATE-SERIAL"
    assert "45936 is 6 October 2025" in message


def test_an_event_may_be_today_and_not_later() -> None:
    column = DATASETS["suspensions"].columns["start_date"]
    faults = faults_of(column, ["2025-12-12", "2025-12-13"], DateFormat.ISO)
    assert {cell: code for cell, (code, _) in faults.items()} == {"2025-12-13": "E-DATE-FUTURE"}
    assert faults_of(DATASETS["suspensions"].columns["end_date"], ["2025-12-13"], DateFormat.ISO) == {}
