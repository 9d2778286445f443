"""First response: what is counted of calls, against a slow count; what is hidden; nothing is called averted."""

import re
from collections import Counter
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from sqlalchemy import Connection
from worlds import LA, World

from access.scope import OutOfScope, Scope
from analysis.first_response import sentences
from analysis.first_response.queries import calls_to_choose, first_response, years
from analysis.first_response.views import NOT_DUE, TO_ASK, TOO_FEW, FirstResponse
from analysis.hiding.protection import HIDDEN
from analysis.statistics.intervals import wilson
from data_model.casework_codes import CallKind, Whereabouts
from data_model.codes import Concern
from data_model.store import open_database, writing

FULL = Scope(frozenset({LA}), pupil_rows=True, full_figures=True)
LEADER = Scope(frozenset({LA}))
ROOT = Path(__file__).parents[2]


@pytest.fixture
def connection(tmp_path: Path) -> Iterator[Connection]:
    engine = open_database(f"sqlite:///{tmp_path / 'calls.db'}")
    with writing(engine) as opened:
        yield opened
    engine.dispose()


def some_calls(world: World, count: int = 60) -> list[dict[str, object]]:
    """Calls of the autumn of 2025 to two schools and none, some of which became something."""
    rng = np.random.default_rng(7)
    world.school(900001, "primary", district="North")
    world.school(900002, "secondary", district="South")
    world.save(
        "term_dates",
        applies_to=LA,
        academic_year="202526",
        term="AUT",
        first_day=date(2025, 9, 2),
        last_day=date(2025, 12, 19),
        closures="2025-10-27/2025-10-31",
    )
    found = []
    for number in range(count):
        day = date(2025, 9, 3 + number % 20)
        cells: dict[str, object] = {
            "call_id": f"L{number:03d}",
            "received_date": day,
            "answered_date": day if number % 3 else date(2025, 9, 29),
            "channel": ("phone", "booked")[number % 4 == 0],
            "urn": (900001, 900002, None)[number % 3],
            "kind": "pex_considered" if number % 10 == 0 else "advice",
            "theme": str(rng.choice([str(code) for code in Concern][:3])),
            "became": ("nothing", "nothing", "referral", "case")[number % 4],
        }
        world.save("first_response", **cells)
        found.append(cells)
    return found


def asked(connection: Connection, scope: Scope = FULL, on: str = "2025-12-12") -> FirstResponse:
    found = first_response(connection, scope, la=LA, year="202526", on=on)
    assert found
    return found


def test_counts_equal_a_slow_count(connection: Connection) -> None:
    calls = some_calls(World(connection))
    found = asked(connection)
    assert found.total == len(calls) == 60 and years(connection, FULL, LA) == ["202526"]
    assert dict(zip(found.kinds["group"], found.kinds["calls"], strict=True)) == {
        CallKind(str(kind)).label: count for kind, count in Counter(call["kind"] for call in calls).items()
    }
    for row in found.themes.itertuples():
        own = [call for call in calls if Concern(str(call["theme"])).label == row.group]
        referral = sum(call["became"] in ("referral", "case") for call in own)
        case = sum(call["became"] == "case" for call in own)
        assert (row.calls, row.referral, row.case) == (len(own), referral, case)
        low, high = wilson([referral], [len(own)])
        assert (row.referral_share, row.referral_low, row.referral_high) == pytest.approx(
            (100 * referral / len(own), 100 * low[0], 100 * high[0])
        )
    assert found.schools["calls"].sum() == sum(call["urn"] is not None for call in calls)
    assert found.answered["on_the_day"].sum() == sum(call["answered_date"] == call["received_date"] for call in calls)


def test_few_calls_have_no_share(connection: Connection) -> None:
    some_calls(World(connection), 4)
    row = asked(connection).conversion.iloc[0]
    assert (row["calls"], row["referral_words"]) == (4, TOO_FEW) and pd.isna(row["referral_share"])


def test_waits_are_counted_in_school_days(connection: Connection) -> None:
    world = World(connection)
    world.save(
        "term_dates",
        applies_to=LA,
        academic_year="202526",
        term="AUT",
        first_day=date(2025, 9, 2),
        last_day=date(2025, 12, 19),
        closures="2025-10-27/2025-10-31",
    )
    world.school()
    for number in range(10):
        days = {"received_date": date(2025, 10, 24), "answered_date": date(2025, 11, 4)}
        world.save("first_response", call_id=f"L{number}", channel="booked", urn=900001, **days)
    row = asked(connection).answered.iloc[0]
    assert (row["days_half"], row["days_most"], row["on_the_day"]) == (2, 2, 0)


def test_where_children_were_is_counted_and_asked_once_the_day_has_come(connection: Connection) -> None:
    world = World(connection)
    some_calls(world, 1)
    world.save(
        "first_response", call_id="X1", received_date=date(2025, 9, 8), kind="pex_considered", whereabouts_5="ehe"
    )
    world.save("first_response", call_id="X2", received_date=date(2025, 10, 1), kind="pex_considered")
    found = asked(connection, on="2025-10-10").considered
    where = found.whereabouts.set_index("group")
    assert found.total == 3
    assert where.loc[Whereabouts.HOME_EDUCATED.label, "after_5"] == 1
    assert where["after_5"].sum() == where["after_20"].sum() == 3
    assert where.loc[NOT_DUE, "after_20"] == 1 and where.loc[TO_ASK, "after_5"] == 2
    asked_for = set(zip(found.to_ask["call_id"], found.to_ask["after"], strict=True))
    assert asked_for == {("L000", 5), ("L000", 20), ("X1", 20), ("X2", 5)}


def test_nobody_who_may_not_see_small_numbers_is_told_one(connection: Connection) -> None:
    some_calls(World(connection), 33)
    found = asked(connection, LEADER)
    for frame in (found.kinds, found.themes, found.phases, found.advice, found.terms, found.considered.offered):
        shown = frame["calls"].dropna()
        assert not shown.between(1, 4).any()
        hidden = frame[frame[HIDDEN].str.contains("calls")]
        assert len(hidden) != 1 or len(frame) == 1, "one hidden alone is told by the others and their sum"
    assert found.schools.empty and found.considered.to_ask.empty
    for name in ("referral", "case", "referral_share", "referral_words"):
        assert found.themes[name].isna().all()


def test_of_how_few_calls_minutes_are_known_is_not_told(connection: Connection) -> None:
    world = World(connection)
    world.school(900001, "primary")
    for number in range(20):
        day = date(2025, 9, 3)
        minutes = 12 if number < 3 else None
        cells = {"received_date": day, "answered_date": day, "channel": "phone", "minutes_to_answer": minutes}
        world.save("first_response", call_id=f"T{number}", kind="advice", **cells)
    assert asked(connection).answered["timed"].tolist() == [3]
    assert asked(connection, LEADER).answered["timed"].isna().all()


def test_a_part_of_an_authority_and_rows_are_not_for_everybody(connection: Connection) -> None:
    some_calls(World(connection))
    part = Scope(districts=frozenset({(LA, "North")}))
    assert first_response(connection, part, la=LA, year="202526", on="2025-12-12") is None
    with pytest.raises(OutOfScope):
        calls_to_choose(connection, LEADER, la=LA)
    assert len(calls_to_choose(connection, FULL, la=LA)) == 60
    assert asked(connection, LEADER).total == asked(connection).total


def test_nothing_is_called_averted() -> None:
    """Where a child was is a fact. That something would have happened otherwise is none."""
    folders = (ROOT / "analysis" / "first_response", ROOT / "ui", ROOT / "pages")
    files = [path for folder in folders for path in folder.rglob("*.py")]
    files = [
        path
        for path in files
        if path.parent.name == "first_response" or "logging_calls" in path.name or path.stem == "first_response"
    ]
    assert len(files) >= 6
    for path in files:
        assert not re.search(r"\bavert|\bavoided\b|\bsaved from\b", path.read_text(encoding="utf-8"), re.IGNORECASE), (
            path
        )


def test_sentences_say_what_was_counted(connection: Connection) -> None:
    some_calls(World(connection))
    found = asked(connection)
    assert sentences.came(found) == "2025/26: 60 calls came; 30 became a referral, and 15 a case"
    assert sentences.considered(found.considered).startswith("Heads who were considering permanent exclusion: 6 calls")
    assert "hidden" not in sentences.answered(found)
