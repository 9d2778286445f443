"""Records as notified and as in the census: kept side by side, never added up, compared school by school."""

from collections.abc import Iterator

import pytest
from desk import NewDatabase
from sqlalchemy import Engine

from access.scope import EVERYWHERE, Scope
from analysis import queries
from analysis.data_quality import agreement_with_census
from analysis.one_school import views as school_views
from analysis.table import measure_table
from data_model.catalogue import DATASETS
from data_model.codes import Source
from data_model.store import connect, open_database, reading
from data_model.terms import Period, Term
from loaders.files import load_table, read_file, sha256_of
from loaders.undo import undo
from loaders.upload_record import Sender

pytestmark = pytest.mark.both_databases

SCHOOLS = """urn,laestab,school_name,phase,establishment_type_group
900001,9994001,Larkfield School,secondary,Academies
"""
HEADCOUNTS = """urn,academic_year,census_term,characteristic_group,characteristic,headcount
900001,202526,AUT,Total,Total,200
"""
HEADER = "pupil_ref,urn,start_date,sessions,category,reason_1\n"
FIRST = "P000001,900001,2025-10-06,2,SUSP,PP\n"
SECOND = "P000002,900001,2025-10-07,2,SUSP,PP\n"
SCOPE = Scope(frozenset({999}), full_figures=True)
AUTUMN = Period("202526", Term.AUT)


def load(engine: Engine, dataset: str, text: str, source: Source = Source.NOTIFIED) -> int:
    content = text.encode()
    table = read_file(content, f"{dataset}.csv")
    _, saved = load_table(
        engine, table, sha256_of(content), DATASETS[dataset], Sender("a test", EVERYWHERE), source=source
    )
    return saved.upload_id


def a_school(url: str) -> None:
    """A school and its headcount into the empty database at `url`."""
    engine = open_database(url)
    load(engine, "schools", SCHOOLS)
    load(engine, "headcounts", HEADCOUNTS)
    engine.dispose()


@pytest.fixture
def engine(new_database: NewDatabase) -> Iterator[Engine]:
    engine = connect(new_database(a_school))
    yield engine
    engine.dispose()


def counted(engine: Engine) -> list[tuple[float, str]]:
    with reading(engine) as connection:
        rows = measure_table(connection, SCOPE, "suspension_rate", "school", AUTUMN).rows
    return list(rows[["count", "source"]].itertuples(index=False, name=None))


def test_a_suspension_in_both_sources_is_counted_once(engine: Engine) -> None:
    load(engine, "suspensions", HEADER + FIRST + SECOND)
    load(engine, "suspensions", HEADER + FIRST, Source.CENSUS)
    assert counted(engine) == [(2.0, "local")]


def test_the_same_file_may_be_loaded_from_each_source_and_undone_alone(engine: Engine) -> None:
    notified = load(engine, "suspensions", HEADER + FIRST)
    census = load(engine, "suspensions", HEADER + FIRST, Source.CENSUS)
    undo(engine, notified, Sender("a test", EVERYWHERE))
    assert counted(engine) == [(1.0, "census")]
    undo(engine, census, Sender("a test", EVERYWHERE))
    with reading(engine) as connection:
        assert queries.records(connection, SCOPE).suspensions.empty


def test_the_census_serves_where_nothing_was_notified_and_says_so(engine: Engine) -> None:
    load(engine, "suspensions", HEADER + FIRST, Source.CENSUS)
    assert counted(engine) == [(1.0, "census")]
    with reading(engine) as connection:
        records = queries.records(connection, SCOPE)
    assert records.source is Source.CENSUS
    assert school_views.over_time(records, 900001, by_term=True)["series"].unique().tolist() == ["School census"]


def test_a_correction_changes_its_own_source_only(engine: Engine) -> None:
    load(engine, "suspensions", HEADER + FIRST)
    load(engine, "suspensions", HEADER + FIRST, Source.CENSUS)
    load(engine, "suspensions", HEADER + FIRST.replace(",2,", ",1,"), Source.CENSUS)
    sessions = {}
    for source in Source:
        with reading(engine) as connection:
            sessions[source] = queries.records(connection, SCOPE, source=source).suspensions["sessions"].tolist()
    assert sessions == {Source.NOTIFIED: [2], Source.CENSUS: [1]}


def test_both_sources_are_compared_by_school_and_term(engine: Engine) -> None:
    load(engine, "suspensions", HEADER + FIRST + SECOND)
    with reading(engine) as connection:
        assert agreement_with_census(connection, SCOPE, 999).table.empty
    load(engine, "suspensions", HEADER + FIRST, Source.CENSUS)
    with reading(engine) as connection:
        found = agreement_with_census(connection, SCOPE, 999)
    table = found.table.set_index("measure")
    assert table.loc["Suspension rate", ["notified", "census", "difference"]].tolist() == [2, 1, 1]
    assert found.sentence.startswith("0 of 2 counts agree with the school census")
