"""The right of reply: what is recorded, when it is due, where each school stands, and who reads what of it."""

from datetime import date, timedelta

import numpy as np
import pandas as pd
import pytest
from panel_world import (
    DUE,
    LEADER,
    MANAGER,
    NORTH,
    NORTHERNER,
    OTHERS,
    OURS,
    PANEL,
    SENT_ON,
    SOUTH,
    STEWARD,
    STRANGER,
    THEIRS,
    TODAY,
    WHY,
    everything,
    reply,
    rows,
    send,
)
from sqlalchemy import Engine

from access.keeping import purging
from access.people import Person
from access.scope import Scope
from data_model.right_of_reply import ReplyKind, school_replies, school_reports
from data_model.school_days import Due
from data_model.store import reading
from recording.checking import NotRecorded, SeemsToName
from recording.replies import State, replies_of, reports_of, states_of
from recording.right_of_reply import due_for, withdraw_reply, withdraw_report

pytestmark = pytest.mark.both_databases
AUTUMN = "202526-AUT"
CAME = date(2025, 10, 20)


def states(engine: Engine, by: Person = MANAGER, today: date = TODAY, period: str = AUTUMN) -> dict[int, str]:
    with reading(engine) as connection:
        found = states_of(connection, by.scope, OURS, period, today)
    return dict(zip(found["urn"], found["state"], strict=True))


def north(engine: Engine, today: date = TODAY) -> dict[str, object]:
    with reading(engine) as connection:
        found = states_of(connection, MANAGER.scope, OURS, AUTUMN, today)
    (row,) = found[found["urn"] == NORTH].to_dict("records")
    return row


def test_ten_school_days_by_the_term_dates(engine: Engine) -> None:
    sent = send(engine)
    assert sent.due == Due(DUE, by_term_dates=True)
    with reading(engine) as connection:
        assert due_for(connection, MANAGER.scope, NORTH, SENT_ON) == sent.due


def test_weekdays_where_no_term_dates_are_loaded_and_it_says_so(engine: Engine) -> None:
    sent = send(engine, STRANGER, urn=THEIRS, figures={"observed": 3})
    assert sent.due == Due(date(2025, 10, 31), by_term_dates=False)
    with reading(engine) as connection:
        found = states_of(connection, STRANGER.scope, OTHERS, AUTUMN, date(2025, 10, 31))
    assert list(found["state_words"]) == [
        "Sent: reply due by 31 October 2025 (weekdays counted: no term dates are loaded)"
    ]


def test_a_report_is_kept_as_it_was_sent(engine: Engine) -> None:
    figures = {
        "urn": np.int64(NORTH),
        "gain": np.float64(1.5),
        "low": float("nan"),
        "why": ["One.", "Two."],
        "ok": True,
    }
    send(engine, figures=figures)
    (kept,) = rows(engine, school_reports)
    assert kept["figures"] == {"urn": NORTH, "gain": 1.5, "low": None, "why": ["One.", "Two."], "ok": True}
    assert (kept["la_code"], kept["urn"], kept["period"], kept["sent_on"]) == (OURS, NORTH, AUTUMN, SENT_ON)
    assert (kept["recorded_by"], kept["reply_due"], kept["by_term_dates"]) == (MANAGER.name, DUE, True)


def test_every_state_from_not_sent_to_contested(engine: Engine) -> None:
    assert states(engine) == {NORTH: State.NOT_SENT, SOUTH: State.NOT_SENT}
    report = send(engine).report_id
    row = north(engine, today=DUE)
    assert (row["state"], row["may_go_to_panel"]) == (State.DUE, False)
    assert row["state_words"] == "Sent: reply due by 7 November 2025"
    row = north(engine, today=DUE + timedelta(days=1))
    assert (row["state"], row["may_go_to_panel"]) == (State.OVERDUE, True)
    assert row["state_words"] == "No reply by 7 November 2025"
    reply(engine, report)
    row = north(engine, today=CAME)
    assert (row["state"], row["may_go_to_panel"], row["reply_kind"]) == (State.CONTESTED, True, "census_error")
    assert row["state_words"] == "Contested: census error, 20 October 2025"
    reply(engine, report, kind="accepted", text=None, received_on=date(2025, 10, 22))
    row = north(engine)
    assert (row["state"], row["state_words"]) == (State.REPLIED, "Accepted, 22 October 2025")
    assert states(engine) == {NORTH: State.REPLIED, SOUTH: State.NOT_SENT}
    assert states(engine, period="202526-SPR") == {NORTH: State.NOT_SENT, SOUTH: State.NOT_SENT}


def test_no_reply_is_recorded_once_the_day_is_past_and_a_late_one_still_counts(engine: Engine) -> None:
    report = send(engine).report_id
    with pytest.raises(NotRecorded, match="until 7 November 2025"):
        reply(engine, report, kind="no_reply", text=None, received_on=DUE)
    reply(engine, report, kind="no_reply", text=None, received_on=DUE + timedelta(days=1))
    assert north(engine)["state"] == State.OVERDUE
    reply(engine, report, kind="context", received_on=date(2025, 11, 20))
    assert north(engine)["state"] == State.REPLIED


def test_a_withdrawn_reply_stays_to_be_read_and_no_longer_counts(engine: Engine) -> None:
    number = reply(engine, send(engine).report_id)
    withdraw_reply(engine, MANAGER, reply_id=number, **WHY)
    assert north(engine)["state"] == State.OVERDUE
    with reading(engine) as connection:
        (shown,) = replies_of(connection, MANAGER.scope, OURS).to_dict("records")
    assert (shown["reply_id"], shown["text"], shown["withdrawn_why"]) == (
        number,
        "Two of these were at another school.",
        WHY["why"],
    )
    assert not pd.isna(shown["withdrawn_at"])


def test_a_withdrawn_report_stays_to_be_read_and_the_one_before_counts(engine: Engine) -> None:
    first = send(engine).report_id
    second = send(engine, sent_on=date(2025, 11, 10)).report_id
    assert north(engine)["report_id"] == second
    withdraw_report(engine, MANAGER, report_id=second, **WHY)
    assert north(engine)["report_id"] == first
    with pytest.raises(NotRecorded, match="withdrawn already"):
        reply(engine, second, received_on=date(2025, 11, 11))
    with reading(engine) as connection:
        assert list(reports_of(connection, MANAGER.scope, OURS)["report_id"]) == [second, first]


def test_a_report_is_not_recorded_twice_by_a_double_click(engine: Engine) -> None:
    number = send(engine).report_id
    with pytest.raises(NotRecorded, match="17 October 2025 already"):
        send(engine)
    withdraw_report(engine, MANAGER, report_id=number, **WHY)
    send(engine)


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        ({"sent_on": TODAY + timedelta(days=1)}, "Sent on is after today"),
        ({"sent_on": "yesterday"}, "Sent on must be a day"),
        ({"period": "autumn"}, "Period must be written like 202526-AUT"),
        ({"urn": SOUTH}, "figures are of another school"),
        ({"urn": 4}, "URN must be at least 100,000"),
        ({"figures": {}}, "Figures as sent is missing"),
        ({"figures": {"pupil_ref": "P1"}}, "holds a pupil's reference"),
        ({"figures": {"note": "see upn r999101000077"}}, "holds a pupil's reference"),
        ({"figures": {"school": {"urn": SOUTH}}}, "must be plain text or a number"),
        ({"figures": {"gain": float("inf")}}, "must be a number"),
    ],
    ids=lambda part: ascii(part)[:40],
)
def test_what_is_wrong_with_a_report_is_said_and_nothing_is_written(
    engine: Engine, given: dict[str, object], sentence: str
) -> None:
    before = everything(engine)
    with pytest.raises(NotRecorded, match=sentence):
        send(engine, **given)
    assert everything(engine) == before


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        ({"kind": "maybe"}, "Reply must be one of those"),
        ({"text": None}, "needs what the head says"),
        ({"text": "  "}, "needs what the head says"),
        ({"text": "x" * 2_001}, "What the head says has more than 2,000 characters"),
        ({"text": "a\x00b"}, "holds an invisible character"),
        ({"text": "a\ud800b"}, "must be plain text"),
        ({"text": "The UPN is h801200001001."}, "holds a pupil's reference"),
        ({"kind": "no_reply", "received_on": TODAY}, "takes no text"),
        ({"received_on": SENT_ON - timedelta(days=1)}, "before the report was sent"),
        ({"received_on": TODAY + timedelta(days=1)}, "Received on is after today"),
    ],
    ids=lambda part: ascii(part)[:40],
)
def test_what_is_wrong_with_a_reply_is_said_and_nothing_is_written(
    engine: Engine, given: dict[str, object], sentence: str
) -> None:
    report = send(engine).report_id
    before = everything(engine)
    with pytest.raises(NotRecorded, match=sentence):
        reply(engine, report, **given)
    assert everything(engine) == before


@pytest.mark.parametrize("kind", [kind for kind in ReplyKind if kind is not ReplyKind.NO_REPLY])
def test_every_kind_of_reply_is_kept_with_its_words(engine: Engine, kind: ReplyKind) -> None:
    words = "Line one.\nLine two: <b>£5</b> & “quotes” éø"
    reply(engine, send(engine).report_id, kind=kind, text=f" {words} ")
    (kept,) = rows(engine, school_replies)
    assert (kept["kind"], kept["text"]) == (str(kind), words)


def test_a_name_is_asked_about_before_it_is_kept(engine: Engine) -> None:
    report = send(engine).report_id
    before = everything(engine)
    with pytest.raises(SeemsToName, match="What the head says: the words seem to name a person") as refused:
        reply(engine, report, text="Oliver was suspended by mistake.")
    assert "Oliver" not in str(refused.value)
    assert everything(engine) == before
    number = reply(engine, report, text="Mrs Okafor, the head, rang.", names_nobody=True)
    with pytest.raises(SeemsToName, match="Why it is withdrawn"):
        withdraw_reply(engine, MANAGER, reply_id=number, why="It was about Aisha")
    with pytest.raises(NotRecorded, match="Why it is withdrawn is missing"):
        withdraw_reply(engine, MANAGER, reply_id=number, why=" ")


def test_words_figures_and_names_are_for_those_who_may_read_them(engine: Engine) -> None:
    withdraw_reply(engine, MANAGER, reply_id=reply(engine, send(engine).report_id), **WHY)
    found = {}
    for by in (MANAGER, STEWARD, PANEL, LEADER):
        with reading(engine) as connection:
            (report,) = reports_of(connection, by.scope, OURS).to_dict("records")
            (answer,) = replies_of(connection, by.scope, OURS).to_dict("records")
        told = (
            report["figures"],
            report["recorded_by"],
            answer["text"],
            answer["withdrawn_why"],
            answer["withdrawn_by"],
        )
        found[str(by.role)] = [not (cell is None or cell != cell) for cell in told]
        assert answer["kind_label"] == "Contested: census error"
    assert found == {
        "manager": [True, True, True, True, True],
        "steward": [True, True, False, False, True],
        "panel": [False, False, True, True, False],
        "leader": [False, False, False, False, False],
    }


@pytest.mark.parametrize(
    ("scope", "la_code", "seen"),
    [
        (MANAGER.scope, OURS, [NORTH, SOUTH]),
        (MANAGER.scope, OTHERS, []),
        (NORTHERNER.scope, OURS, [NORTH]),
        (STRANGER.scope, OURS, []),
        (STRANGER.scope, OTHERS, [THEIRS]),
        (Scope(), OURS, []),
    ],
    ids=["manager", "manager elsewhere", "a district", "a stranger", "a stranger at home", "nothing"],
)
def test_nothing_is_read_of_schools_that_are_not_reached(
    engine: Engine, scope: Scope, la_code: int, seen: list[int]
) -> None:
    for by, urn in ((MANAGER, NORTH), (MANAGER, SOUTH), (STRANGER, THEIRS)):
        reply(engine, send(engine, by, urn=urn, figures={"observed": 1}).report_id, by)
    with reading(engine) as connection:
        frames = (
            states_of(connection, scope, la_code, AUTUMN, TODAY),
            reports_of(connection, scope, la_code),
            replies_of(connection, scope, la_code),
        )
    assert [sorted(frame["urn"]) for frame in frames] == [seen, seen, seen]


def test_columns_are_of_one_kind_whether_there_are_rows_or_not(engine: Engine) -> None:
    def kinds() -> list[dict[str, str]]:
        with reading(engine) as connection:
            scope = MANAGER.scope
            frames = [states_of(connection, scope, la, AUTUMN, TODAY) for la in (OURS, OTHERS)]
            frames += [reports_of(connection, scope, OURS), replies_of(connection, scope, OURS)]
        return [{name: str(kind) for name, kind in frame.dtypes.items()} for frame in frames]

    before = kinds()
    reply(engine, send(engine).report_id)
    assert kinds() == before
    assert before[0] == before[1]


def test_what_is_past_its_time_goes_replies_before_their_report(engine: Engine) -> None:
    reply(engine, send(engine).report_id, received_on=TODAY)
    assert not {"school_replies", "school_reports"} & set(purging.purge(engine, "the test", date(2031, 11, 1)).rows)
    later = purging.purge(engine, "the test", date(2031, 12, 2)).rows
    assert (later["school_replies"], later["school_reports"]) == (1, 1)
    assert rows(engine, school_reports) == []
