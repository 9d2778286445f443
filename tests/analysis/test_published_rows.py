"""Lists from DfE's file by term, which has no whole years, and from its file by year, which has no terms."""

import csv
import io
from pathlib import Path

import pandas as pd
import pytest
from schools_with_truth import simulated_schools
from sqlalchemy import Engine

from access.scope import EVERYWHERE, Scope
from analysis import queries
from analysis.records import Records
from analysis.targeting.list_to_print import COLUMNS, list_to_print
from analysis.targeting.published_rows import rows_of_schools
from analysis.targeting.trust import figures, trust_where_loaded
from data_model.store import open_database, reading
from data_model.terms import Period, Term
from loaders.published.load import load_published
from loaders.upload_record import Sender

YEAR = Period("202324")
SCOPE = Scope(frozenset({301, 302}), full_figures=True)
Row = dict[str, str]


@pytest.fixture(scope="module")
def published(tmp_path_factory: pytest.TempPathFactory) -> list[Row]:
    """Two authorities by year and by term, as DfE publishes them; fewer pupils in autumn than in January."""
    path = simulated_schools(2, 4, 1).write(tmp_path_factory.mktemp("published") / "both.csv")
    rows = list(csv.DictReader(io.StringIO(path.read_text())))
    return [_fewer_pupils(row) if row["time_identifier"] == "Autumn term" else row for row in rows]


def _fewer_pupils(row: Row) -> Row:
    pupils = int(row["headcount"]) - 3
    return row | {"headcount": str(pupils), "susp_rate": f"{100 * int(row['suspension']) / pupils:.2f}"}


def _records(folder: Path, rows: list[Row], terms_of: tuple[str, ...] = ()) -> Records:
    """What lists are made from where a file of these rows is loaded."""
    path = folder / "file.csv"
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)
    engine: Engine = open_database(f"sqlite:///{folder / 'published.db'}")
    report = load_published(engine, path, path.name, Sender("test", EVERYWHERE))
    assert not report.rejected
    with reading(engine) as connection:
        records = queries.records_of_lists(connection, SCOPE, terms_of)
    engine.dispose()
    return records


def _terms(rows: list[Row]) -> list[Row]:
    return [row for row in rows if row["time_identifier"] != "Academic year"]


def _years(rows: list[Row]) -> list[Row]:
    return [row for row in rows if row["time_identifier"] == "Academic year"]


def test_terms_add_up_to_what_the_file_by_year_gives(published: list[Row], tmp_path: Path) -> None:
    (tmp_path / "terms").mkdir()
    by_term, by_year = _records(tmp_path / "terms", _terms(published)), _records(tmp_path, _years(published))
    of_terms, of_years = (list_to_print(records, YEAR)[0][[*COLUMNS]] for records in (by_term, by_year))
    assert len(of_years) == 220
    pd.testing.assert_frame_equal(of_terms, of_years)
    judged = [figures(trust_where_loaded(records)) for records in (by_term, by_year)]
    pd.testing.assert_frame_equal(*judged)
    assert judged[0]["origins"].tolist() == [3, 3, 3]


def test_a_year_of_which_a_term_is_withheld_is_not_known_and_never_too_low(
    published: list[Row], tmp_path: Path
) -> None:
    rows = [
        row | {"suspension": "x", "susp_rate": "x"}
        if (row["school_urn"], row["time_identifier"], row["time_period"]) == ("100000", "Spring term", "202324")
        else row
        for row in _terms(published)
    ]
    found = rows_of_schools(_records(tmp_path, rows).published)
    years = found[found["term"].eq("") & found["urn"].eq(100_000)].set_index("academic_year")["suspensions"]
    assert years.isna().to_dict() == {"202021": False, "202122": False, "202223": False, "202324": True}


def test_a_school_without_january_pupils_has_no_pupils_in_the_year(published: list[Row], tmp_path: Path) -> None:
    rows = [
        row
        for row in _terms(published)
        if row["school_urn"] != "100001" or row["time_identifier"] == "Autumn term" or row["time_period"] != "202324"
    ]
    records = _records(tmp_path, rows)
    assert 100_001 not in set(list_to_print(records, YEAR)[0]["urn"])
    assert 100_001 in set(list_to_print(records, Period("202223"))[0]["urn"])


def test_a_year_that_lacks_a_term_is_no_year(published: list[Row], tmp_path: Path) -> None:
    rows = [
        row
        for row in _terms(published)
        if (row["time_period"], row["time_identifier"], row["old_la_code"]) != ("202324", "Summer term", "301")
    ]
    records = _records(tmp_path, rows)
    list_, notes = list_to_print(records, YEAR)
    assert {laestab // 10_000 for laestab in list_["laestab"]} == {302}
    assert "From DfE’s published figures of Barnet." in notes
    assert list_to_print(records, YEAR, 301)[0].empty


def test_only_what_lists_need_is_read(published: list[Row], tmp_path: Path) -> None:
    read = _records(tmp_path, published).published
    assert set(read["term"]) == {""} and len(read) == 4 * 220
    with_terms = _records(tmp_path, published, ("202324",)).published
    assert len(with_terms) == 4 * 220 + 3 * 220
    list_, _ = list_to_print(_records(tmp_path, published, ("202324", "202223", "202122")), Period("202324", Term.AUT))
    assert len(list_) == 220


def test_the_newer_of_two_schools_that_shared_a_number_is_added_up_alone(published: list[Row], tmp_path: Path) -> None:
    """A school that became an academy in spring: each term has the older school's part, under another URN."""
    older = [
        row | {"school_urn": "100000", "suspension": "1", "susp_rate": f"{100 / int(row['headcount']):.2f}"}
        for row in _terms(published)
        if row["school_urn"] == "100002" and row["time_period"] == "202324"
    ]
    rows = [row for row in _terms(published) if row["school_urn"] != "100000"] + older
    found = rows_of_schools(_records(tmp_path, rows).published)
    year = found[found["term"].eq("") & found["academic_year"].eq("202324")]
    assert year["laestab"].is_unique
    assert set(year["urn"]) == set(range(100_001, 100_220))
