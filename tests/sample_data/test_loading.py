"""The fictional LA goes through the ordinary doors without an error or a query."""

import csv
import io
from collections.abc import Iterator
from datetime import date, timedelta

import pandas as pd
import pytest
from desk import Desk
from sqlalchemy import Engine, func, select

from access.scope import Scope
from analysis.casework import views
from analysis.casework.queries import children
from analysis.casework.views import Standing
from analysis.moves_and_outreach.queries import moves_and_outreach
from data_model.catalogue import DATASETS
from data_model.names_in_text import seems_to_name_somebody
from data_model.store import open_database, reading
from data_model.support_decisions import MOST_DAYS_AHEAD, SupportChoice, support_decisions
from data_model.thresholds import USUAL
from data_model.uploads import uploads
from loaders.undo import remove_sample
from recording.support_decisions import support_decisions_of
from sample_data.decisions import REASONS
from sample_data.frames import csv_bytes
from sample_data.generate import Frames, generate
from sample_data.seed import seed, seed_if_empty


@pytest.fixture(scope="module")
def demonstration(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Engine]:
    """The database of the demonstration, as it seeds itself."""
    engine = open_database(f"sqlite:///{tmp_path_factory.mktemp('demonstration') / 'outreach.db'}")
    seed_if_empty(engine)  # refuses, with NotSaved, any error and any open query
    yield engine
    engine.dispose()


def rows_of(engine: Engine, dataset: str) -> int:
    with reading(engine) as connection:
        return connection.scalar(select(func.count()).select_from(DATASETS[dataset].table)) or 0


def test_the_demonstration_loads_without_a_question(demonstration: Engine, larkshire: Frames) -> None:
    assert {name: rows_of(demonstration, name) for name in DATASETS} == {n: len(f) for n, f in larkshire.items()}
    with reading(demonstration) as connection:
        fictional = connection.scalars(select(uploads.c.dataset).where(uploads.c.is_sample)).all()
        real = connection.scalars(select(uploads.c.source).where(~uploads.c.is_sample)).all()
        assert connection.scalar(select(func.sum(uploads.c.rows_queried + uploads.c.rows_rejected))) == 0
    assert sorted(fictional) == sorted(DATASETS)
    assert set(real) == {"published"}  # what it is compared with: England and the other authorities


def test_moves_are_compared_where_that_can_be_done_and_show_no_effect_that_is_not_there(demonstration: Engine) -> None:
    with reading(demonstration) as connection:
        found = moves_and_outreach(connection, Scope(frozenset({999}), full_figures=True, pupil_rows=True), 999)
    assert found is not None
    compared = found.differences[found.differences["points"].notna()]
    assert len(compared) == 2
    assert (compared["low"].lt(0) & compared["high"].gt(0)).all(), "nothing is built in that a move would change"
    refused = found.differences[found.differences["points"].isna()]
    assert refused["standing"].str.startswith("Not comparable: it turned out alike for nearly all").all()


def test_most_children_without_support_have_a_decision_that_the_page_would_take(demonstration: Engine) -> None:
    scope = Scope(frozenset({999}), full_figures=True, pupil_rows=True)
    with reading(demonstration) as connection:
        found = children(connection, scope, 999)
        decisions = support_decisions_of(connection, scope, 999)
        kept = connection.execute(select(support_decisions)).all()
    last = date(2026, 7, 17)
    listed = views.with_decisions(views.listing(found, last, USUAL), decisions, last)
    # Of 38,000 pupils, whose rates are the published ones, 5 in 100 were suspended in the year, and 2 more than once.
    assert 600 < len(listed) < 900
    assert 0.1 < listed["to_decide"].mean() < 0.25
    counts = listed["standing"].value_counts()
    assert counts[Standing.NEW] > 30 and counts[Standing.UNDECIDED] > 30 and counts[Standing.LOOK_AGAIN] > 5
    assert set(decisions["decision"]) == set(map(str, SupportChoice))
    for row in kept:
        day, look_again = row.recorded_at.date(), row.look_again
        needs = SupportChoice(row.decision).needs_reason
        assert (row.reason is not None) == needs == (look_again is not None)
        assert not needs or timedelta(0) < look_again - day <= timedelta(days=MOST_DAYS_AHEAD)
        assert row.last_happened is None or row.last_happened <= day


def test_a_fictional_reason_names_nobody() -> None:
    assert not seems_to_name_somebody(pd.Series(REASONS, dtype=object)).any()


@pytest.mark.parametrize(("schools", "years", "number"), [(1, 1, 0), (12, 3, 1), (45, 6, 3)])
def test_others_load_without_a_question(empty_database: Engine, schools: int, years: int, number: int) -> None:
    seed(empty_database, schools, years, number)
    assert rows_of(empty_database, "schools") == schools


def test_what_is_loaded_is_left_alone(empty_desk: Desk) -> None:
    content = csv_bytes(generate(2, 1, 0)["schools"]).decode()
    empty_desk.load("schools", content)
    seed_if_empty(empty_desk.engine)
    assert rows_of(empty_desk.engine, "schools") == 2
    assert rows_of(empty_desk.engine, "suspensions") == 0


def test_once_removed_it_does_not_come_back(empty_database: Engine) -> None:
    seed(empty_database, 2, 1, 0)
    remove_sample(empty_database, "the test")
    seed_if_empty(empty_database)
    assert not any(rows_of(empty_database, name) for name in DATASETS)


@pytest.mark.parametrize("name", DATASETS)
def test_files_have_every_column_of_the_dictionary_in_its_order(larkshire: Frames, name: str) -> None:
    content = csv_bytes(larkshire[name].head(50)).decode()
    assert content.splitlines()[0].split(",") == list(DATASETS[name].columns)
    records = list(csv.DictReader(io.StringIO(content)))
    assert len(records) == min(50, len(larkshire[name])) > 0
    assert all(None not in record and None not in record.values() for record in records)
