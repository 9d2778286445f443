"""Files that DfE has not sent yet, but could: each command prints JSON and says in a sentence what is missing."""

import csv
import json
from pathlib import Path

import pytest
from commands import Run
from schools_with_truth import LAYOUT
from sqlalchemy import Engine
from worlds import World

from access.scope import EVERYWHERE
from data_model.store import writing
from loaders.published.load import load_published
from loaders.upload_record import Sender

YEARS = ("202122", "202223", "202324")
_NAMES = {"primary": "State-funded primary", "special": "Special", "ap": "State-funded AP school"}
Row = list[object]


def _row(number: int, year: str, suspensions: object, pupils: object, phase: str = "primary", la: int = 301) -> Row:
    rate = "z" if pupils in (0, "x") or suspensions == "x" else round(100 * int(str(suspensions)) / int(str(pupils)), 2)
    where = ["School", "E92000001", "England", "E12000007", "London", la, f"E09000{la}", f"Authority {la}"]
    who = [number, la * 10_000 + number, 100_000 + number, f"School {number}", "z", "z", "z", _NAMES[phase]]
    return ["Academic year", year, *where, *who, pupils, 0, 0 if rate != "z" else "z", suspensions, rate, "x", "x"]


def _schools(counts: list[int], years: tuple[str, ...] = YEARS, phase: str = "primary") -> list[Row]:
    return [_row(2000 + place, year, count, 200, phase) for place, count in enumerate(counts) for year in years]


def _load(engine: Engine, folder: Path, rows: list[Row]) -> None:
    path = folder / "file.csv"
    with path.open("w", newline="", encoding="utf-8") as file:
        csv.writer(file).writerows([LAYOUT, *rows])
    assert load_published(engine, path, path.name, Sender("test", EVERYWHERE)).accepted == len(rows)


def _nothing_but_numbers(text: str) -> list[dict[str, object]]:
    def refuse(constant: str) -> None:
        raise AssertionError(f"{constant} is no JSON")

    rows: list[dict[str, object]] = json.loads(text, parse_constant=refuse)
    return rows


ODD = {
    "a phase of one school": [*_schools([0, 1, 2, 3, 4]), *(_row(4000, year, 30, 80, "special") for year in YEARS)],
    "all suspensions at one school": _schools([50, *[0] * 11]),
    "one year": _schools([1, 9, 20], ("202324",)),
    "a year missing between": _schools([1, 9, 20], ("202122", "202324")),
    "one school": _schools([9], ("202324",)),
    "suspensions without pupils": [
        *_schools([1, 9, 20]),
        *(_row(2010, year, 7, 0) for year in YEARS),
        *(_row(2011, year, 7, "x") for year in YEARS),
    ],
    "many": _schools([1, 100_000, 500_000]),
}


@pytest.mark.parametrize("name", list(ODD))
def test_an_odd_file_gives_a_list_of_every_school_with_pupils(
    empty_database: Engine, run: Run, tmp_path: Path, name: str
) -> None:
    _load(empty_database, tmp_path, ODD[name])
    ran = run("targeting --year 202324 --json")
    rows = _nothing_but_numbers(ran.out)
    of_year = {row[11] for row in ODD[name] if row[1] == "202324" and row[18] not in (0, "x")}
    assert ran.code == 0 and {row["laestab"] for row in rows} == of_year
    figures = ("observed", "expected", "steadied_ratio", "low80", "high80", "gain", "chance_above", "band", "words")
    assert all(row[figure] is not None for row in rows for figure in figures)
    judged = run("backtest --json")
    assert judged.code == 0 and _nothing_but_numbers(judged.out) is not None
    shared = run("allocate --hours 30 --json")
    assert shared.code == 0 and sum(float(str(row["hours"])) for row in _nothing_but_numbers(shared.out)) == 30


def test_where_nobody_was_suspended_nobody_is_listed(empty_database: Engine, run: Run, tmp_path: Path) -> None:
    _load(empty_database, tmp_path, _schools([0, 0, 0]))
    ran = run("targeting --year 202324 --json")
    assert (ran.code, json.loads(ran.out)) == (0, [])
    assert "No school is listed: none is open then with pupils, and in a phase that has suspensions." in ran.err
    judged = run("backtest --json")
    assert (judged.code, json.loads(judged.out)) == (0, [])
    assert "Nothing can be judged: no two schools of a phase had pupils, and the phase suspensions" in judged.err
    shared = run("allocate --hours 30 --json")
    assert (shared.code, shared.out, shared.err.count("\n")) == (2, "", 1)


def test_of_alternative_provision_alone_there_is_no_list(empty_database: Engine, run: Run, tmp_path: Path) -> None:
    _load(empty_database, tmp_path, _schools([5, 9], phase="ap"))
    for line in ("targeting --year 202324 --json", "backtest --json"):
        ran = run(line)
        assert (ran.code, json.loads(ran.out)) == (0, [])
        assert ran.err.startswith("Nothing is loaded")


def test_years_that_are_missing_are_not_said_to_be_there(empty_database: Engine, run: Run, tmp_path: Path) -> None:
    _load(empty_database, tmp_path, ODD["a year missing between"])
    assert "figures: 2021/22 and 2023/24." in run("backtest --json").err


@pytest.mark.parametrize(
    ("line", "sentence"),
    [
        ("targeting --year 202324 --la 331 --json", "Nothing is loaded for Coventry."),
        ("targeting --year 201011 --json", "Nothing is loaded for 2010/11."),
        (
            "targeting --year 202324 --term AUT --json",
            "Nothing is loaded for Autumn 2023/24, only for the whole year: leave out --term.",
        ),
        (
            "targeting --year 202425 --json",
            "Nothing is loaded for 2024/25 as a whole: choose one of its terms (AUT) with --term.",
        ),
    ],
)
def test_what_is_not_there_is_named_and_what_is_there_instead(
    empty_database: Engine, run: Run, tmp_path: Path, line: str, sentence: str
) -> None:
    autumn = [["Autumn term", *row[1:]] for row in _schools([1, 9, 20], ("202425",))]
    _load(empty_database, tmp_path, [*_schools([1, 9, 20]), *autumn])
    ran = run(line)
    assert (ran.code, json.loads(ran.out), ran.err) == (0, [], f"{sentence}\n")


def test_an_authority_that_is_no_more_is_not_said_to_be_listed(
    empty_database: Engine, run: Run, tmp_path: Path
) -> None:
    """Figures of 2022/23 alone, beside an authority that goes on."""
    gone = [_row(2500 + place, "202223", place, 200, la=302) for place in range(3)]
    _load(empty_database, tmp_path, [*_schools([1, 9, 20]), *gone])
    assert run("targeting --year 202324 --la 302 --json").err == "Nothing is loaded for 2023/24.\n"
    assert "From DfE’s published figures of Barking and Dagenham." in run("targeting --year 202324 --json").err


def test_the_newest_published_period_is_shared_out_by(empty_database: Engine, run: Run, tmp_path: Path) -> None:
    _load(empty_database, tmp_path, _schools([1, 9, 20]))
    newest = json.loads(run("allocate --hours 9 --json").out)
    assert newest == json.loads(run("allocate --hours 9 --year 202324 --json").out)


@pytest.fixture
def two_own(empty_database: Engine, tmp_path: Path) -> Engine:
    """Own records of 2024/25 of authorities 998 and 999, beside what DfE printed of 999 and of 301."""
    with writing(empty_database) as connection:
        world = World(connection)
        for la, first, times in ((998, 900100, 2), (999, 900001, 5)):
            for place in range(3):
                urn = world.school(first + place, la=la)
                for census in ("AUT", "SPR", "SUM"):
                    world.roll(urn, 200, census=census)
                for number in range(times * (place + 1)):
                    world.suspension(urn, f"P{urn}-{number}", "2024-10-07")
    both = ("202324", "202425")
    printed = [_row(2000 + place, year, 40, 200, la=la) for la in (301, 999) for place in range(3) for year in both]
    _load(empty_database, tmp_path, printed)
    return empty_database


def test_each_authority_is_listed_by_its_own_records_where_it_has_any(two_own: Engine, run: Run) -> None:
    ran = run("targeting --year 202425 --json")
    rows = json.loads(ran.out)
    observed = {row["urn"]: row["observed"] for row in rows}
    own = {900100: 2, 900101: 4, 900102: 6, 900001: 5, 900002: 10, 900003: 15}
    assert observed == own | {100_000 + 2000 + place: 40 for place in range(3)}
    assert "From DfE’s published figures of Barking and Dagenham." in ran.err
    for la, urns in ((998, {900100, 900101, 900102}), (999, {900001, 900002, 900003})):
        alone = json.loads(run(f"targeting --year 202425 --la {la} --json").out)
        assert alone == [row for row in rows if row["urn"] in urns]
        assert [row["expected"] for row in alone] == [sum(own[urn] for urn in urns) / 3] * 3


def test_a_year_before_own_records_is_listed_as_dfe_printed_it(two_own: Engine, run: Run) -> None:
    rows = json.loads(run("targeting --year 202324 --json").out)
    assert {row["laestab"] // 10_000 for row in rows} == {301, 999}
    assert {row["observed"] for row in rows} == {40}
    assert json.loads(run("targeting --year 202324 --la 998 --json").out) == []
