"""`python -m analysis targeting` and `backtest`: the promised keys, by published figures alone and by own records."""

import csv
import io
import json
from pathlib import Path

import pytest
from commands import Run
from schools_with_truth import simulated_schools
from scipy import stats
from sqlalchemy import Engine
from worlds import World

from access.scope import EVERYWHERE
from analysis.hiding.protection import HIDDEN_MARK
from data_model.store import writing
from loaders.published.load import load_published
from loaders.upload_record import Sender

KEYS = [
    "urn",
    "laestab",
    "school_name",
    "phase",
    "observed",
    "expected",
    "steadied_ratio",
    "low80",
    "high80",
    "gain",
    "chance_above",
    "band",
    "words",
    "outreach_now",
]
BACKTEST_KEYS = [
    "phase",
    "schools",
    "origins",
    "hit_rate_raw",
    "hit_rate_steadied",
    "claimed_over_next_raw",
    "claimed_over_next_steadied",
    "cover80",
    "cover95",
    "probability_error",
]
FILE = Path(__file__).parent.parent / "published" / "exclusions_by_geographic_level_coventry_warwickshire.csv"


def _load(engine: Engine, path: Path) -> None:
    load_published(engine, path, path.name, Sender("test", EVERYWHERE))


@pytest.fixture
def older(empty_database: Engine) -> Engine:
    """DfE's file of two authorities, without URNs and names, in the layout of 2017."""
    _load(empty_database, FILE)
    return empty_database


@pytest.fixture
def today(empty_database: Engine, tmp_path: Path) -> Engine:
    """A made-up file of two authorities and four years in DfE's layout of today, by term."""
    _load(empty_database, simulated_schools(2, 4, 1).write(tmp_path / "school_level.csv"))
    return empty_database


def test_of_published_figures_alone_the_list_is_what_the_specification_says(older: Engine, run: Run) -> None:
    ran = run("targeting --la 331 --year 201617 --phase secondary --json")
    rows = json.loads(ran.out)
    assert ran.code == 0 and [*rows[0]] == KEYS
    raw = [row for row in csv.DictReader(io.StringIO(FILE.read_text())) if row["old_la_code"] == "331"]
    slow = _slow_list(raw, "State-funded secondary", "201617", prior=6, dispersion=4)
    found = {row["laestab"]: (row["steadied_ratio"], row["low80"], row["high80"], row["gain"]) for row in rows}
    assert found.keys() == slow.keys()
    for laestab, figures in slow.items():
        assert found[laestab] == pytest.approx(figures, rel=1e-9)
    assert [row["gain"] for row in rows] == sorted((row["gain"] for row in rows), reverse=True)
    assert {row["outreach_now"] for row in rows} == {None}
    assert "From DfE’s published figures of Coventry." in ran.err


def _slow_list(
    raw: list[dict[str, str]], phase: str, year: str, prior: float, dispersion: float
) -> dict[int, tuple[float, ...]]:
    """Ratio, range and gain of each school of a phase by the formulas of the specification."""
    cells: dict[str, dict[int, tuple[float, float]]] = {}
    for row in raw:
        if row["geographic_level"] == "School" and row["school_type"] == phase and row["headcount"].isdigit():
            had = 1.5 if row["fixed_excl"] == "x" else float(row["fixed_excl"])
            cells.setdefault(row["time_period"], {})[int(row["laestab"])] = (had, float(row["headcount"]))
    rates = {when: sum(c[0] for c in of.values()) / sum(c[1] for c in of.values()) for when, of in cells.items()}
    found = {}
    for laestab, (_, pupils) in cells[year].items():
        had = average = 0.0
        for back in range(3):
            when = f"{int(year[:4]) - back}{int(year[4:]) - back:02d}"
            if laestab in cells[when]:
                had += cells[when][laestab][0] / 2**back
                average += cells[when][laestab][1] * rates[when] / 2**back
        ratio, shape = (prior + had) / (prior + average), (prior + had) / dispersion
        low, high = (float(stats.gamma.ppf(end, shape, scale=ratio / shape)) for end in (0.1, 0.9))
        found[laestab] = (ratio, low, high, max(0.0, (ratio - 1) * pupils * rates[year]))
    return found


def test_the_list_of_one_authority_is_the_same_as_its_part_of_everybodys(older: Engine, run: Run) -> None:
    every = json.loads(run("targeting --year 201617 --json").out)
    one = json.loads(run("targeting --year 201617 --la 331 --json").out)
    assert one == [row for row in every if str(row["laestab"]).startswith("331")]
    assert len(every) > len(one) > 0


def test_the_layout_of_today_gives_urns_names_and_terms(today: Engine, run: Run) -> None:
    rows = json.loads(run("targeting --la 301 --year 202324 --term AUT --json").out)
    whole = json.loads(run("targeting --la 301 --year 202324 --json").out)
    assert len(rows) == len(whole) == 110
    assert all(row["urn"] and row["school_name"].startswith("School 301") for row in rows)
    assert {row["band"] for row in rows} <= {"much_higher", "higher", "in_line", "lower", "too_small"}
    assert rows != whole


def test_csv_has_the_same_columns(today: Engine, run: Run) -> None:
    printed = list(csv.DictReader(io.StringIO(run("targeting --la 301 --year 202324 --phase special").out)))
    assert [*printed[0]] == KEYS and len(printed) == 10
    judged = list(csv.DictReader(io.StringIO(run("backtest --la 301 --csv").out)))
    assert [*judged[0]] == BACKTEST_KEYS


def test_backtest_has_a_row_for_each_phase(older: Engine, run: Run) -> None:
    ran = run("backtest --json")
    rows = json.loads(ran.out)
    assert [row["phase"] for row in rows] == ["primary", "secondary", "special"]
    assert all([*row] == BACKTEST_KEYS for row in rows)
    assert [row["origins"] for row in rows] == [5, 5, 5]
    assert rows[0]["claimed_over_next_raw"] > 1.5 > 1.15 > rows[0]["claimed_over_next_steadied"] > 0.9
    one = json.loads(run("backtest --la 331 --json").out)
    other = json.loads(run("backtest --la 937 --json").out)
    for whole, first, second in zip(rows, one, other, strict=True):
        assert whole["schools"] == first["schools"] + second["schools"]


def _school_years(world: World, urn: int, counts: dict[str, int], phase: str = "primary", pupils: int = 200) -> None:
    """A school that had so many suspensions, each of another pupil, in every term of each year."""
    world.school(urn, phase)
    for year, count in counts.items():
        start = int(year[:4])
        for term, day in enumerate((f"{start}-10-05", f"{start + 1}-02-05", f"{start + 1}-07-05")):
            for census in ("AUT", "SPR", "SUM")[term : term + 1]:
                world.roll(urn, pupils, year, census)
            for number in range(count):
                world.suspension(urn, f"P{urn}-{year}-{term}-{number}", day)


@pytest.fixture
def own(empty_database: Engine) -> Engine:
    """Own records of two years: six primaries, of which one has few suspensions, and one special school alone."""
    with writing(empty_database) as connection:
        world = World(connection)
        for place in range(5):
            _school_years(world, 900001 + place, {"202324": 4 + place, "202425": 9 - place})
        _school_years(world, 900006, {"202324": 1, "202425": 1})
        _school_years(world, 900007, {"202324": 5, "202425": 6}, "special", 60)
        world.case(900001, "2025-01-10")
        world.case(900001, "2025-02-10")
    return empty_database


def test_of_own_records_outreach_now_is_how_many_cases_are_open(own: Engine, run: Run) -> None:
    rows = json.loads(run("targeting --year 202425 --json").out)
    cases = {row["urn"]: row["outreach_now"] for row in rows}
    assert cases == {900001: 2} | {900002 + place: 0 for place in range(6)}
    assert {row["urn"]: row["observed"] for row in rows}[900001] == 27
    (alone,) = [row for row in rows if row["phase"] == "special"]
    assert (alone["steadied_ratio"], alone["gain"], alone["band"]) == (1, 0, "in_line")


def test_for_publication_hidden_figures_are_c(own: Engine, run: Run) -> None:
    ran = run("targeting --year 202425 --json --for-publication")
    rows = {row["urn"]: row for row in json.loads(ran.out)}
    of_figures = [key for key in KEYS if key not in ("urn", "laestab", "school_name", "phase", "outreach_now")]
    assert all(rows[900006][key] == HIDDEN_MARK for key in of_figures)
    assert rows[900001]["outreach_now"] is None, "two cases are too few to be told"
    assert "fewer than 5 pupils" in ran.err
    shown = [row for row in rows.values() if row["observed"] != HIDDEN_MARK]
    assert all(row[key] != HIDDEN_MARK for row in shown for key in of_figures)


def test_for_publication_what_one_school_would_give_away_is_c_in_the_backtest_too(own: Engine, run: Run) -> None:
    (full,) = json.loads(run("backtest --json").out)
    assert (full["phase"], full["schools"], full["origins"]) == ("primary", 6, 1), "a school alone is not judged"
    assert HIDDEN_MARK not in full.values()
    ran = run("backtest --json --for-publication")
    (row,) = json.loads(ran.out)
    on_lists = [key for key in BACKTEST_KEYS if key.startswith(("hit", "claimed"))]
    assert all(row[key] == HIDDEN_MARK for key in on_lists), "one primary in ten is one school"
    assert {key: row[key] for key in BACKTEST_KEYS if key not in on_lists} == {
        key: full[key] for key in BACKTEST_KEYS if key not in on_lists
    }
    assert "[c]: of fewer than 5 schools" in ran.err


def test_own_records_are_judged_by_where_they_are_loaded_and_published_ones_elsewhere(own: Engine, run: Run) -> None:
    _load(own, FILE)
    ran = run("backtest --json")
    primary = json.loads(ran.out)[0]
    assert primary["schools"] == 298 + 6
    assert "the authority’s own records" in ran.err and "DfE’s published figures" in ran.err


def test_of_one_year_nothing_is_judged_and_it_says_what_is_missing(
    empty_database: Engine, run: Run, tmp_path: Path
) -> None:
    _load(empty_database, simulated_schools(1, 1, 1).write(tmp_path / "school_level.csv"))
    ran = run("backtest --json")
    assert (ran.code, json.loads(ran.out)) == (0, [])
    assert "There will be enough once the whole of 2024/25 is loaded, or 2022/23 with it." in ran.err
    assert len(json.loads(run("targeting --year 202324 --json").out)) == 110


@pytest.mark.parametrize("line", ["targeting --year 202425 --json", "backtest --json", "backtest --la 331 --json"])
def test_without_data_there_is_an_empty_list(empty_database: Engine, run: Run, line: str) -> None:
    ran = run(line)
    assert (ran.code, json.loads(ran.out)) == (0, [])
    assert ran.err.startswith("Nothing is loaded")


def test_markers_pupils_of_none_and_schools_that_come_and_go(empty_database: Engine, run: Run, tmp_path: Path) -> None:
    path = simulated_schools(1, 4, 3).write(tmp_path / "school_level.csv")
    rows = list(csv.reader(io.StringIO(path.read_text())))
    column = {name: place for place, name in enumerate(rows[0])}
    kept = [rows[0]]
    for row in rows[1:]:
        number = int(row[column["estab"]]) - 2000
        if (number, row[column["time_period"]]) in {(0, "202324"), (1, "202122"), (2, "202223")}:
            continue  # one vanishes, one appears later, one has a year without figures
        if number == 3:
            row[column["suspension"]] = row[column["susp_rate"]] = "x"
        if number == 4:
            row[column["headcount"]] = "0"
            row[column["suspension"]], row[column["susp_rate"]] = "0", "z"
        kept.append(row)
    with path.open("w", newline="", encoding="utf-8") as file:
        csv.writer(file).writerows(kept)
    _load(empty_database, path)
    listed = {row["laestab"] for row in json.loads(run("targeting --year 202324 --json").out)}
    assert {3_012_000 + number in listed for number in (0, 3, 4)} == {False}
    assert {3_012_000 + number in listed for number in (1, 2, 5)} == {True}
    ran = run("backtest --json")
    assert ran.code == 0 and json.loads(ran.out)[0]["schools"] == 80 - 2
    assert all(value is not None for row in json.loads(ran.out) for value in row.values())


@pytest.mark.parametrize(
    ("line", "sentence"),
    [
        ("targeting", "Missing option '--year'."),
        ("targeting --year 2024", "--year is an academic year such as 202526, not '2024'."),
        ("targeting --year 202425 --term XMAS", "--term 'XMAS' is not one of AUT, SPR, SUM."),
        ("targeting --year 202425 --phase ap", "--phase 'ap' is not one of primary, secondary, special."),
        ("targeting --year 202425 --la 99", "--la is a three-digit code such as 999, not '99'."),
        ("targeting --year 202425 --csv --json", "Choose one of --csv and --json."),
        ("backtest --la abc", "--la is a three-digit code"),
        ("backtest --year 202425", "No such option: --year"),
    ],
)
def test_wrong_usage_is_one_sentence_and_exit_2(empty_database: Engine, run: Run, line: str, sentence: str) -> None:
    ran = run(line)
    assert (ran.code, ran.out) == (2, "")
    assert ran.err.startswith(sentence) and ran.err.count("\n") == 1
