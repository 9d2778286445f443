"""Forms that write a row: messages beside fields, nothing lost of what was typed, a choice where two people edit."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from app_database import app_database
from desk import SCHOOLS, Desk
from sqlalchemy import Engine
from streamlit.testing.v1 import AppTest

from access.people import Person
from access.roles import Role
from access.scope import Grant
from data_model.catalogue import DATASETS
from data_model.store import reading
from loaders.entering import enter
from loaders.versions import Version, current, history

CALLS = DATASETS["first_response"]
BEN = Person(None, "Ben", Role.MANAGER, frozenset({Grant(999)}))


@pytest.fixture
def engine(tmp_path: Path) -> Iterator[Engine]:
    with app_database(tmp_path / "outreach.db") as opened:
        Desk(f"sqlite:///{tmp_path / 'outreach.db'}").load("schools", SCHOOLS)
        yield opened


def _log() -> None:
    from data_model.catalogue import DATASETS
    from ui.entering.form import entry_form

    columns = ("received_date", "urn", "kind", "minutes", "pupil_ref")
    entry_form(DATASETS["first_response"], columns, {"channel": "phone"}, "log", submit="Log", saved="Logged.")


def _edit() -> None:
    from data_model.catalogue import DATASETS
    from loaders.versions import current
    from ui import children
    from ui.entering.form import entry_form
    from ui.entering.past import versions

    calls = DATASETS["first_response"]
    stood = children.ask(current, dataset=calls, key=["L1"])
    entry_form(calls, ("minutes", "kind", "urn"), key="edit", edit=stood, saved="Saved.")
    versions(calls, ["L1"], "past")


def _twice() -> None:
    from data_model.catalogue import DATASETS
    from ui.entering.form import entry_form

    for _ in range(2):
        entry_form(DATASETS["first_response"], ("minutes",), key="log")


def _two_on_one_row() -> None:
    from data_model.catalogue import DATASETS
    from loaders.versions import current
    from ui import children
    from ui.entering.form import entry_form

    calls = DATASETS["first_response"]
    stood = children.ask(current, dataset=calls, key=["L1"])
    entry_form(calls, ("minutes",), key="one", edit=stood, submit="Save one", saved="Saved.")
    entry_form(calls, ("kind",), key="other", edit=stood, submit="Save other", saved="Saved.")


def _of_who_comes_next() -> None:
    import streamlit as st

    from data_model.catalogue import DATASETS
    from ui.entering.form import entry_form

    calls = DATASETS["first_response"]
    entry_form(calls, ("minutes",), {"call_id": st.session_state["call"], "received_date": "2025-10-06"}, "log")


def _of_cases() -> None:
    from data_model.catalogue import DATASETS
    from loaders.versions import current
    from ui import children
    from ui.entering.form import entry_form
    from ui.entering.past import versions

    calls, among = DATASETS["first_response"], {"call_id": {"L1": "The first call", "L2": "The second call"}}
    stood = children.ask(current, dataset=calls, key=["L1"])
    entry_form(calls, ("call_id", "minutes"), key="of cases", edit=stood, among=among, needed=("call_id", "minutes"))
    versions(calls, ["L2"], "past", among=among)


def drawn(page: object, role: Role = Role.MANAGER) -> AppTest:
    page = AppTest.from_function(page, default_timeout=60)  # type: ignore[arg-type]
    page.user = {"who": f"demonstration:{role}"}
    return page.run()


def press(page: AppTest, label: str) -> AppTest:
    return next(button for button in page.button if button.label == label).click().run()


def now(engine: Engine) -> Version:
    with reading(engine) as connection:
        found = current(connection, BEN.scope, CALLS, ["L1"])
    assert found
    return found


def by_ben(engine: Engine, **cells: str) -> None:
    enter(engine, CALLS, {"call_id": "L1", **cells}, BEN, seen=now(engine).fingerprint)


@pytest.fixture
def one_call(engine: Engine) -> Engine:
    cells = {"call_id": "L1", "received_date": "2025-10-06", "urn": "900001", "kind": "advice", "minutes": "20"}
    assert enter(engine, CALLS, cells, BEN).saved
    return engine


def rows(engine: Engine) -> list[tuple[object, ...]]:
    with reading(engine) as connection:
        return [tuple(row) for row in connection.execute(CALLS.table.select())]


def test_what_is_wrong_stands_beside_the_field_and_what_was_typed_stays(engine: Engine) -> None:
    page = drawn(_log)
    page.text_input[0].input("often")
    page = press(page, "Log")
    assert {error.value for error in page.error} == {
        "Received on is blank\\. Fill it in: every row needs it\\.".replace("\\.", "."),
        "Minutes spent must be a whole number, such as 40.",
    }
    assert page.text_input[0].value == "often" and rows(engine) == []
    page.text_input[0].input("35")
    page.date_input[0].set_value(date(2025, 10, 6))
    page.selectbox[0].set_value("900001")
    page.selectbox[1].set_value("advice")
    page = press(page, "Log")
    assert [said.value for said in page.success] == ["Logged."]
    assert len(rows(engine)) == 1 and page.text_input[0].value == ""


def test_a_query_is_asked_and_saved_when_it_is_ticked(engine: Engine) -> None:
    page = drawn(_log)
    page.date_input[0].set_value(date(2025, 10, 6))
    page.selectbox[1].set_value("advice")
    page.text_input[1].input("P000001")
    page = press(page, "Log")
    assert "anonymous" in page.warning[0].value and not page.error and rows(engine) == []
    page.checkbox[0].check()
    page = press(page, "Log")
    assert page.success and len(rows(engine)) == 1


@pytest.mark.parametrize("role", [role for role in Role if role is not Role.MANAGER])
def test_nobody_else_is_shown_a_form(engine: Engine, role: Role) -> None:
    assert not drawn(_log, role).button


def test_an_edit_starts_with_what_stands_there(one_call: Engine) -> None:
    page = drawn(_edit)
    assert (page.text_input[0].value, page.selectbox[0].value, page.selectbox[1].value) == ("20", "advice", "900001")
    page.text_input[0].input("25")
    page = press(page, "Save")
    assert page.success and now(one_call).cells["minutes"] == "25" and page.text_input[0].value == "25"
    page = press(page, "Take the newest entry back")
    assert now(one_call).cells["minutes"] == "20"
    table = next(each.proto.body for each in page.get("html") if "Every version of this entry" in each.proto.body)
    assert "Minutes spent: 20 → 25" in table and "Undone by" in table and "Stands" in table


def test_where_somebody_else_was_quicker_nothing_is_lost_and_nothing_overwritten(one_call: Engine) -> None:
    page = drawn(_edit)
    by_ben(one_call, minutes="35", kind="consultation")
    page.text_input[0].input("50")
    page.selectbox[1].set_value("900002")
    page = press(page, "Save")
    assert "saved by Ben" in page.warning[0].value and now(one_call).cells["minutes"] == "35"
    minutes, kind, urn = (
        next(radio for radio in page.radio if name in radio.label) for name in ("Min", "Kind", "School")
    )
    assert (minutes.value, kind.value, urn.value) == (None, "theirs", "yours")
    page = press(page, "Save what is chosen")
    assert page.error and now(one_call).cells["minutes"] == "35"
    next(radio for radio in page.radio if "Min" in radio.label).set_value("yours")
    page = press(page, "Save what is chosen")
    cells = now(one_call).cells
    assert (cells["minutes"], cells["kind"], cells["urn"]) == ("50", "consultation", "900002")
    with reading(one_call) as connection:
        assert len(history(connection, BEN.scope, CALLS, ["L1"])) == 3


def test_two_forms_with_one_key_are_refused(engine: Engine, caplog: pytest.LogCaptureFixture) -> None:
    assert drawn(_twice).exception and "multiple elements with the same `key='entry log'`" in caplog.text


def test_of_two_forms_on_one_row_neither_overwrites_the_other(one_call: Engine) -> None:
    page = drawn(_two_on_one_row)
    page.text_input[0].input("25")
    page = press(page, "Save one")
    assert now(one_call).cells["minutes"] == "25"
    page.selectbox[0].set_value("consultation")
    page = press(page, "Save other")
    assert "changed this row" in page.warning[0].value
    page = press(page, "Save what is chosen")
    assert (now(one_call).cells["minutes"], now(one_call).cells["kind"]) == ("25", "consultation")


def test_what_was_pressed_for_one_row_is_not_saved_for_the_next_that_came_into_its_place(engine: Engine) -> None:
    page = AppTest.from_function(_of_who_comes_next, default_timeout=60)
    page.user = {"who": f"demonstration:{Role.MANAGER}"}
    page.session_state["call"] = "L1"
    page.run()
    page.text_input[0].input("25")
    page.session_state["call"] = "L2"
    page = press(page, "Save")
    assert rows(engine) == [] and not page.exception and page.text_input[0].value == ""


def test_the_first_row_that_an_authority_ever_has_can_be_typed_and_its_history_read(engine: Engine) -> None:
    page = drawn(_edit)
    assert not page.exception and not page.get("html"), "nothing to edit and no history yet"
    by_hand = {"call_id": "L1", "received_date": "2025-10-06", "minutes": "20"}
    assert enter(engine, CALLS, by_hand, BEN).saved
    page = drawn(_edit)
    assert page.text_input[0].value == "20" and "First saved" in page.get("html")[0].proto.body


def test_theirs_can_be_left_as_it_stands(one_call: Engine) -> None:
    page = drawn(_edit)
    by_ben(one_call, minutes="35")
    page.text_input[0].input("50")
    page = press(press(page, "Save"), "Leave it as it stands and drop mine")
    assert now(one_call).cells["minutes"] == page.text_input[0].value == "35"


def test_a_row_that_is_chosen_by_its_name_is_nowhere_called_an_id(engine: Engine) -> None:
    page = press(drawn(_of_cases), "Save")
    assert "ID" not in page.selectbox[0].label and page.error[0].value == "Fill in: Call and Minutes spent."
    cells = {"call_id": "L1", "received_date": "2025-10-06", "urn": "900001", "kind": "advice", "minutes": "20"}
    assert enter(engine, CALLS, cells, BEN).saved
    page = drawn(_of_cases)
    page.selectbox[0].set_value("L2")
    by_ben(engine, minutes="35")
    page = press(page, "Save")
    assert any(each.label.startswith("Call ") and "ID" not in each.label for each in page.radio)
    page = press(page, "Save what is chosen")
    told = " ".join(each.proto.body for each in page.get("html"))
    assert "Call: The first call → The second call" in told and "Call ID" not in told
