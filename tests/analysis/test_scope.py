"""Nothing of a local authority that the scope does not name, and nobody's reference."""

from collections.abc import Callable
from dataclasses import fields

import pandas as pd
import pytest
from sqlalchemy import insert, update
from worlds import World

from access.scope import OutOfScope, Scope
from analysis import completeness, published_queries, queries
from analysis.records import Records
from analysis.table import measure_table
from data_model.schools import SCHOOLS
from data_model.terms import Period
from data_model.uploads import open_queries

pytestmark = pytest.mark.both_databases

OURS, THEIRS = 900001, 900331


@pytest.fixture
def two(world: World) -> World:
    """The same of everything in two LAs, 999 and 331."""
    for urn, la in ((OURS, 999), (THEIRS, 331)):
        world.school(urn, la=la)
        world.roll(urn, 100)
        world.suspension(urn, f"PUPIL{la}", "2024-10-01")
        world.exclusion(urn, "2024-10-02", pupil=f"PUPIL{la}")
        world.placement(urn, "2024-10-03")
        case = world.case(urn, "2024-10-04", pupil_ref=f"PUPIL{la}")
        world.contact(None, "2024-10-05", case)
        upload = world.sent("suspensions", [urn], "202425", "AUT")
        query = {"upload_id": upload, "urn": urn, "code": "Q-WEEKEND", "message": f"PUPIL{la}", "key": []}
        world.connection.execute(insert(open_queries).values(query))
        world.published("la", str(la), "total", la_code=la, suspensions=1, headcount=100)
        world.save("pupils", pupil_ref=f"PUPIL{la}", valid_from=_TERM["first_day"], fsm6="Y", main_urn=urn)
        world.save("term_dates", applies_to=la, academic_year="202425", term="AUT", **_TERM)
    world.placement(None, "2024-10-03", setting_type="OOT")
    return world


_TERM = {"first_day": pd.Timestamp("2024-09-03").date(), "last_day": pd.Timestamp("2024-12-20").date()}
QUESTIONS: list[Callable[..., pd.DataFrame]] = [
    queries.schools,
    queries.headcounts,
    queries.term_dates,
    queries.sent,
    queries.last_uploads,
    queries.open_queries,
    published_queries.published_statistics,
]


@pytest.mark.parametrize("question", QUESTIONS)
def test_every_question_returns_less_to_a_narrower_scope_and_nothing_to_none(
    two: World, question: Callable[..., pd.DataFrame]
) -> None:
    both, one, none = (
        question(two.connection, Scope(frozenset(codes), pupil_rows=True)) for codes in ((999, 331), (999,), ())
    )
    assert len(none) == 0
    assert len(one) >= 1
    if question is not queries.last_uploads:
        assert len(both) == 2 * len(one)
    assert "PUPIL331" not in one.to_csv()
    assert str(THEIRS) not in one.to_csv()


def frames_of(records: Records) -> dict[str, pd.DataFrame]:
    parts = {field.name: getattr(records, field.name) for field in fields(records)}
    return {name: part for name, part in parts.items() if isinstance(part, pd.DataFrame)}


@pytest.mark.parametrize(("codes", "events"), [((999, 331), 2), ((999,), 1), ((), 0)])
def test_records_hold_the_scope_alone(two: World, codes: tuple[int, ...], events: int) -> None:
    records = queries.records(two.connection, Scope(frozenset(codes)))
    frames = frames_of(records)
    assert {name: len(frame) for name, frame in frames.items() if name != "referrals"} == {
        name: events for name in frames if name != "referrals"
    }
    assert set(records.by_la) == set(codes)


def test_a_row_without_a_school_is_nobodys_while_there_are_two_authorities(two: World) -> None:
    assert two.figures("ap_open_tier_2", "la")["999"][0] == 1


def test_no_pupils_reference_leaves_in_records(two: World) -> None:
    for name, frame in frames_of(two.records).items():
        assert "PUPIL" not in frame.to_csv(), name
        assert "pupil_ref" not in frame


def test_a_pupil_is_the_same_number_in_every_frame(two: World) -> None:
    records = queries.records(two.connection, Scope(frozenset({999})))
    (suspended,), (excluded,) = records.suspensions["pupil"], records.permanent_exclusions["pupil"]
    assert suspended == excluded == records.cases["pupil"].iloc[0]
    assert records.suspensions["fsm6"].tolist() == ["Y"]


def test_open_queries_can_name_pupils_so_not_everyone_may_read_them(two: World) -> None:
    with pytest.raises(OutOfScope):
        queries.open_queries(two.connection, Scope(frozenset({999})))


def test_a_table_of_an_authority_out_of_scope_is_empty(two: World) -> None:
    table = measure_table(two.connection, Scope(frozenset({999})), "suspension_rate", "la", Period("202425"), la=331)
    assert table.rows.empty
    assert table.notes == ("Nothing is loaded for this question.",)


def test_comparisons_need_the_authority_in_scope(two: World) -> None:
    for question in (
        published_queries.published_areas,
        published_queries.published_rates,
        published_queries.neighbours,
    ):
        assert question(two.connection, Scope(frozenset({331})), 999).empty


def test_staleness_tells_of_the_scope_alone(two: World) -> None:
    two.suspension(THEIRS, "PUPIL331", "2025-06-02")
    table = completeness.staleness(two.connection, Scope(frozenset({999}))).set_index("dataset")
    assert table.loc["suspensions", "last_day"] == pd.Timestamp("2024-10-01")
    assert table.loc["suspensions", ["files", "days_behind"]].tolist() == [1, 4]
    assert table.loc["attendance", "files"] == 0


def test_registers_are_loaded_whatever_other_authorities_are(two: World) -> None:
    for urn in (OURS, THEIRS):
        upload = two.sent("schools", [], "202425", "AUT")
        own = SCHOOLS.table.c.urn == urn
        two.connection.execute(update(SCHOOLS.table).where(own).values(upload_id=upload))
    table = completeness.staleness(two.connection, Scope(frozenset({999}))).set_index("dataset")
    assert table.loc["schools", "files"] == 1


def test_every_authority_with_anything_loaded_is_found(two: World) -> None:
    two.published("la", "937", "total", la_code=937, suspensions=1, headcount=100)
    assert queries.local_authorities(two.connection) == {999, 331, 937}
