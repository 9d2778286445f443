"""What is typed on a page goes the way of an upload: same checks, row and log; nothing is silently overwritten."""

import csv
import io
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from threading import Barrier, Thread
from typing import Any

import pytest
from desk import Desk, NewDatabase, fresh_desk, issues, with_schools
from hypothesis import given, settings
from hypothesis import strategies as st
from pupil_world import FILES, MARA, NOOR, file_of, load_everything
from sqlalchemy import select

from access.audit import events
from access.people import Person
from access.roles import Role
from access.scope import EVERYWHERE, Grant, OutOfScope
from data_model import uploads as records
from data_model.catalogue import DATASETS
from data_model.dataset import Dataset
from data_model.fingerprints import present, recorded
from data_model.settings import settings as configured
from data_model.store import reading
from data_model.uploads import TYPED
from loaders.entering import Entered, Entry, SomebodyElse, enter, enter_rows, new_identifier
from loaders.undo import undo
from loaders.upload_record import Sender
from loaders.versions import Version, current, history, is_there, taken_back

pytestmark = pytest.mark.both_databases

TODAY = date(2025, 12, 12)
DECISIONS = DATASETS["fap_decisions"]
CONTACTS, CALLS, MEASURES = (DATASETS[name] for name in ("outreach_contacts", "first_response", "outcome_measures"))
CALL = {"call_id": "L1", "received_date": "2025-10-06", "urn": "900001", "kind": "advice", "minutes": "20"}


def person(name: str = "Ada", role: Role = Role.MANAGER, *grants: Grant) -> Person:
    return Person(None, name, role, frozenset(grants or {Grant(999)}))


ADA, BEN = person("Ada"), person("Ben")


def put(desk: Desk, dataset: Dataset, cells: dict[str, str], by: Person = ADA, **how: Any) -> Entered:
    return enter(desk.engine, dataset, cells, by, today=TODAY, **how)


def now(desk: Desk, dataset: Dataset, *key: str, by: Person = ADA) -> Version:
    with reading(desk.engine) as connection:
        found = current(connection, by.scope, dataset, key)
    assert found
    return found


def stands(desk: Desk, dataset: Dataset, *key: str) -> bool:
    with reading(desk.engine) as connection:
        return is_there(connection, dataset, key)


def past(desk: Desk, dataset: Dataset, *key: str, by: Person = ADA) -> tuple[Version, ...]:
    with reading(desk.engine) as connection:
        return history(connection, by.scope, dataset, key)


def cells_of(content: str) -> dict[str, str]:
    return next(csv.DictReader(io.StringIO(content)))


def without_upload(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return [{name: cell for name, cell in row.items() if name != "upload_id"} for row in rows]


@pytest.fixture
def two_desks(new_database: NewDatabase) -> Iterator[tuple[Desk, Desk]]:
    with Desk(new_database(with_schools)) as one, Desk(new_database(with_schools)) as other:
        yield one, other


# --- the same as an upload ---


def with_all_columns(dataset: Dataset, cells: dict[str, str]) -> str:
    out = io.StringIO(newline="")
    writer = csv.DictWriter(out, list(dataset.columns))
    writer.writeheader()
    writer.writerow({**dict.fromkeys(dataset.columns, ""), **cells})
    return out.getvalue()


def test_what_is_typed_is_stored_as_an_upload_of_the_same_row(two_desks: tuple[Desk, Desk]) -> None:
    loaded, typed = two_desks
    for name, dataset in DATASETS.items():
        if name not in FILES or name == "pupil_names":  # names are sealed anew each time
            continue
        cells = cells_of(file_of(name, 1))
        loaded.load(name, with_all_columns(dataset, cells), accept_queries=True)
        report = loaded.check(name, with_all_columns(dataset, cells), today=TODAY)
        entered = put(typed, dataset, cells, accept_queries=True)
        assert entered.saved and entered.saved.new == 1, (name, entered)
        assert without_upload(loaded.rows(name)) == without_upload(typed.rows(name)), name
        assert report.accepted == 1


def faulty(dataset: Dataset, cells: dict[str, str]) -> Iterator[dict[str, str]]:
    yield {}
    for name in dataset.columns:
        yield from ({**cells, name: cell} for cell in ("=oops\u200b", "", "1") if cells[name] != cell)


FORMS = ("outreach_referrals", "outreach_cases", "outreach_contacts", "first_response", "fap_decisions")
"""The datasets of which there is a form on a page."""


@pytest.mark.parametrize("name", FORMS)
def test_what_is_wrong_is_said_in_the_words_of_an_upload(desk: Desk, name: str) -> None:
    load_everything(desk)
    dataset, good = DATASETS[name], cells_of(file_of(name, 1))
    key = [good[part] for part in dataset.key]
    stood = now(desk, dataset, *key)
    for cells in faulty(dataset, dict(stood.cells)):
        if any(cells.get(part) != stood.cells[part] for part in dataset.key):
            continue
        report = desk.check(name, with_all_columns(dataset, cells), today=TODAY)
        said = [(issue.column, issue.code, issue.message) for issue in issues(report)]
        entered = put(desk, dataset, cells, seen=stood.fingerprint)
        assert [(issue.column, issue.code, issue.message) for issue in entered.issues] == said, cells
        assert entered.cells == (cells,)
        if entered.saved:
            undo(desk.engine, entered.saved.upload_id, Sender.of(ADA))
            assert now(desk, dataset, *key) == stood


def test_a_query_is_said_first_and_saved_once_it_is_accepted(desk: Desk) -> None:
    named = {**CALL, "pupil_ref": "P000001"}
    asked = put(desk, CALLS, named)
    assert not asked.saved and not asked.has_errors and asked.cells == (named,)
    assert "anonymous" in asked.messages()["pupil_ref"][0]
    assert desk.rows("first_response") == []
    saved = put(desk, CALLS, named, accept_queries=True)
    assert saved.saved and saved.messages() == asked.messages()
    assert [row["code"] for row in desk.rows(records.open_queries)] == ["Q-CALL-ANONYMOUS"]


def test_an_entry_stands_in_the_log_with_who_and_when_and_is_no_return_of_a_school(desk: Desk) -> None:
    before = desk.uploads()
    put(desk, CALLS, CALL)
    upload = desk.uploads()[-1]
    assert len(desk.uploads()) == len(before) + 1
    assert (upload["file_name"], upload["uploaded_by"], upload["rows_new"]) == (TYPED, "Ada", 1)
    assert events(desk.engine, who="Ada")[0].subject == f"upload {upload['upload_id']}"
    with reading(desk.engine) as connection:
        sent = select(records.upload_schools).where(records.upload_schools.c.upload_id == upload["upload_id"])
        assert connection.execute(sent).first() is None


def test_a_new_row_without_an_identifier_is_given_one(desk: Desk) -> None:
    made = [put(desk, CALLS, {**CALL, "call_id": blank}).cells[0]["call_id"] for blank in ("", " ")]
    assert len(set(made)) == 2 and all(identifier.startswith("L-") for identifier in made)
    assert {row["call_id"] for row in desk.rows("first_response")} == set(made)
    assert new_identifier(MEASURES) == new_identifier(DATASETS["pupil_names"]) == ""


def test_a_few_rows_are_written_together_or_not_at_all(desk: Desk) -> None:
    load_everything(desk)
    row = {"case_id": "C1", "stage": "review1", "measured_on": "2025-11-03"}
    good, other = row | {"measure": "SDQ_total", "value": "18"}, row | {"measure": "risk_1_10", "value": "11"}
    before = desk.digest()
    refused = enter_rows(desk.engine, MEASURES, [Entry(good), Entry(other)], ADA, today=TODAY)
    assert not refused.saved and refused.messages(0) == {} and refused.messages(1)
    assert desk.digest() == before
    entries = [Entry(good), Entry(other | {"value": "6"})]
    saved = enter_rows(desk.engine, MEASURES, entries, ADA, today=TODAY).saved
    assert saved and saved.new == 2


# --- two people, one row ---


def test_an_edit_keeps_what_it_does_not_name_and_the_history(desk: Desk) -> None:
    put(desk, CALLS, {**CALL, "theme": "SEMH"})
    first = now(desk, CALLS, "L1")
    put(desk, CALLS, {"call_id": "L1", "minutes": "35"}, BEN, seen=first.fingerprint)
    second = now(desk, CALLS, "L1")
    assert (second.cells["minutes"], second.cells["theme"], second.changed_by) == ("35", "SEMH", "Ben")
    assert past(desk, CALLS, "L1") == (second, first)
    assert second.changed_at >= first.changed_at and first.changed_by == "Ada"


def test_an_edit_that_changes_nothing_writes_nothing(desk: Desk) -> None:
    put(desk, CALLS, CALL)
    seen, before = now(desk, CALLS, "L1"), desk.digest()
    same = put(desk, CALLS, dict(seen.cells), seen=seen.fingerprint)
    assert not same.saved and "Nothing was changed" in same.reason
    twice = put(desk, CALLS, CALL)
    assert not twice.saved and not twice.issues
    assert desk.digest() == before and len(past(desk, CALLS, "L1")) == 1


@pytest.mark.parametrize("order", [(ADA, BEN), (BEN, ADA)], ids=["Ada first", "Ben first"])
def test_the_second_of_two_is_shown_both_and_chooses(desk: Desk, order: tuple[Person, Person]) -> None:
    first, second = order
    put(desk, CALLS, {**CALL, "theme": "SEMH"})
    seen = now(desk, CALLS, "L1")
    put(desk, CALLS, {"call_id": "L1", "minutes": "35"}, first, seen=seen.fingerprint)
    before = desk.digest()
    typed = {"call_id": "L1", "minutes": "50", "theme": "aggression"}
    with pytest.raises(SomebodyElse) as raised:
        put(desk, CALLS, typed, second, seen=seen.fingerprint)
    assert desk.digest() == before
    clash = raised.value
    assert clash.theirs and clash.theirs.changed_by == first.name and clash.as_it_was == seen
    assert {**clash.yours} == {**seen.cells, **typed}
    minutes, theme = clash.differences
    assert (minutes.yours, minutes.theirs, minutes.as_it_was) == ("50", "35", "20")
    assert not minutes.only_yours and not minutes.only_theirs
    assert theme.only_yours and not theme.only_theirs
    put(desk, CALLS, dict(clash.yours), second, seen=clash.theirs.fingerprint)
    assert [version.cells["minutes"] for version in past(desk, CALLS, "L1")] == ["50", "35", "20"]


def test_a_row_that_was_taken_back_in_between_is_said_and_can_be_entered_anew(desk: Desk) -> None:
    entered = put(desk, CALLS, CALL)
    seen = now(desk, CALLS, "L1")
    assert entered.saved
    undo(desk.engine, entered.saved.upload_id, Sender.of(BEN))
    with pytest.raises(SomebodyElse, match="took this row back") as raised:
        put(desk, CALLS, {"call_id": "L1", "minutes": "50"}, seen=seen.fingerprint)
    assert raised.value.theirs is None and raised.value.differences == ()
    assert put(desk, CALLS, {**seen.cells, **raised.value.yours}).saved


def test_two_who_write_the_same_new_row_do_not_overwrite_each_other(desk: Desk) -> None:
    put(desk, CALLS, CALL)
    with pytest.raises(SomebodyElse, match="saved this already") as raised:
        put(desk, CALLS, {**CALL, "minutes": "55"}, BEN)
    assert raised.value.theirs and raised.value.as_it_was is None
    assert now(desk, CALLS, "L1").cells["minutes"] == "20"


def test_an_upload_in_between_counts_as_somebody_else(desk: Desk) -> None:
    put(desk, CALLS, CALL)
    seen = now(desk, CALLS, "L1")
    desk.load("first_response", "call_id,received_date,minutes\nL1,2025-10-06,41\n")
    with pytest.raises(SomebodyElse):
        put(desk, CALLS, {"call_id": "L1", "minutes": "50"}, seen=seen.fingerprint)
    assert now(desk, CALLS, "L1").cells["minutes"] == "41"


def test_of_many_at_once_each_is_saved_or_told(desk: Desk) -> None:
    put(desk, CALLS, {**CALL, "minutes": "0"})
    seen, start = now(desk, CALLS, "L1").fingerprint, Barrier(4)
    became: list[str] = []

    def edit(number: int) -> None:
        start.wait()
        try:
            entered = put(desk, CALLS, {"call_id": "L1", "minutes": str(number)}, seen=seen)
            became.append(f"saved {number}" if entered.saved else entered.reason)
        except SomebodyElse:
            became.append("told")

    threads = [Thread(target=edit, args=(number,)) for number in range(1, 5)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    (saved,) = (each for each in became if each.startswith("saved"))
    assert sorted(became) == sorted([saved, "told", "told", "told"])
    assert now(desk, CALLS, "L1").cells["minutes"] == saved.removeprefix("saved ")


MINUTES = st.lists(st.tuples(st.integers(0, 1), st.booleans(), st.integers(0, 480)), max_size=6)


@settings(max_examples=15)
@given(steps=MINUTES)
def test_no_order_of_looking_and_saving_loses_a_version(steps: list[tuple[int, bool, int]]) -> None:
    """A slow model: each of two people sees the row or saves what they saw changed; what is saved is never lost."""
    with fresh_desk() as desk:
        put(desk, CALLS, {**CALL, "minutes": "1"})
        saw = [now(desk, CALLS, "L1")] * 2
        kept = ["1"]
        for who, looks, minutes in steps:
            if looks:
                saw[who] = now(desk, CALLS, "L1")
                continue
            cells = {**saw[who].cells, "minutes": str(minutes)}
            try:
                entered = put(desk, CALLS, cells, (ADA, BEN)[who], seen=saw[who].fingerprint)
            except SomebodyElse as clash:
                assert saw[who].cells["minutes"] != kept[0] or saw[who].upload_id != now(desk, CALLS, "L1").upload_id
                assert clash.theirs and clash.theirs.cells["minutes"] == kept[0]
                assert clash.yours["minutes"] == str(minutes)
                continue
            kept = [str(minutes), *kept] if entered.saved else kept
        assert [version.cells["minutes"] for version in past(desk, CALLS, "L1")] == kept


# --- taking back ---


def test_undoing_puts_back_what_was_there_before_and_what_was_wrong_stays_to_be_read(desk: Desk) -> None:
    put(desk, CALLS, CALL)
    seen = now(desk, CALLS, "L1")
    for minutes in ("35", "36"):
        entered = put(desk, CALLS, {"call_id": "L1", "minutes": minutes}, seen=seen.fingerprint)
        assert entered.saved
        undo(desk.engine, entered.saved.upload_id, Sender.of(BEN))
        assert now(desk, CALLS, "L1") == seen
    put(desk, CALLS, {"call_id": "L1", "minutes": "37"}, seen=seen.fingerprint)
    told = [(each.cells["minutes"], each.changed_by, each.undone_by) for each in past(desk, CALLS, "L1")]
    assert told == [("37", "Ada", None), ("36", "Ada", "Ben"), ("35", "Ada", "Ben"), ("20", "Ada", None)]
    latest, second, first, before = past(desk, CALLS, "L1")
    assert first.undone_at and first.undone_at > first.changed_at
    assert latest.is_made_from(before) and not latest.is_made_from(second) and not second.is_made_from(first)
    with reading(desk.engine) as connection:
        fingerprints = present(connection)
        assert recorded(connection) == fingerprints


def test_an_entry_that_was_taken_back_whole_is_found_and_can_be_put_back(desk: Desk) -> None:
    for call in (CALL, {**CALL, "call_id": "L2"}):
        entered = put(desk, CALLS, call)
    assert entered.saved
    undo(desk.engine, entered.saved.upload_id, Sender.of(BEN))
    with reading(desk.engine) as connection:
        (gone,) = taken_back(connection, ADA.scope, CALLS, "urn", "900001")
        assert taken_back(connection, person("Eve", Role.MANAGER, Grant(331)).scope, CALLS, "urn", "900001") == ()
    assert gone.cells["call_id"] == "L2" and gone.undone_by == "Ben"
    assert put(desk, CALLS, dict(gone.cells)).saved
    assert [each.undone_by for each in past(desk, CALLS, "L2")] == [None, "Ben"]
    with reading(desk.engine) as connection:
        assert taken_back(connection, ADA.scope, CALLS, "urn", "900001") == ()


def test_a_wrong_key_is_put_right_in_one_step_with_its_history(desk: Desk) -> None:
    load_everything(desk)
    first, wrong = now(desk, DECISIONS, "F1", "2025-09-22"), ("F1", "2025-09-22")
    right = {**first.cells, "meeting_date": "2025-09-29"}
    saved = put(desk, DECISIONS, right, seen=first.fingerprint, key=wrong, accept_queries=True).saved
    assert saved and (saved.new, saved.changed) == (0, 1)
    assert past(desk, DECISIONS, *wrong)[0] == first and not stands(desk, DECISIONS, *wrong)
    newest, before = past(desk, DECISIONS, "F1", "2025-09-29")
    assert before == first and newest.changed_by == "Ada"
    back = put(
        desk, DECISIONS, dict(first.cells), seen=newest.fingerprint, key=("F1", "2025-09-29"), accept_queries=True
    )
    assert back.saved and len(past(desk, DECISIONS, *wrong)) == 3
    undo(desk.engine, back.saved.upload_id, Sender.of(ADA))
    undo(desk.engine, saved.upload_id, Sender.of(ADA))
    assert now(desk, DECISIONS, *wrong) == first


def test_what_comes_under_the_old_key_later_is_another_entry(desk: Desk) -> None:
    load_everything(desk)
    wrong, right = ("F1", "2025-09-22"), ("F1", "2025-09-29")
    first = now(desk, DECISIONS, *wrong)
    moved = {**first.cells, "meeting_date": right[1]}
    put(desk, DECISIONS, moved, seen=first.fingerprint, key=wrong, accept_queries=True)
    before = past(desk, DECISIONS, *right)
    put(desk, DECISIONS, dict(first.cells), accept_queries=True)
    anew = now(desk, DECISIONS, *wrong)
    put(desk, DECISIONS, {**anew.cells, "decision": "no_action"}, seen=anew.fingerprint, accept_queries=True)
    assert past(desk, DECISIONS, *right) == before
    assert len(before) == 2


def test_what_went_to_another_before_it_was_taken_back_is_put_back_there_alone(desk: Desk) -> None:
    uploads = [put(desk, CALLS, CALL).saved]
    seen = now(desk, CALLS, "L1")
    uploads.append(put(desk, CALLS, {**seen.cells, "urn": "900002"}, seen=seen.fingerprint).saved)
    for saved in reversed(uploads):
        assert saved
        undo(desk.engine, saved.upload_id, Sender.of(ADA))
    with reading(desk.engine) as connection:
        assert taken_back(connection, ADA.scope, CALLS, "urn", "900001") == ()
        (gone,) = taken_back(connection, ADA.scope, CALLS, "urn", "900002")
    assert gone.cells["urn"] == "900002"


def test_a_key_is_not_put_right_over_another_entry_nor_of_one_that_somebody_changed(desk: Desk) -> None:
    load_everything(desk)
    one, wrong = now(desk, DECISIONS, "F1", "2025-09-22"), ("F1", "2025-09-22")
    before = desk.digest()
    over = put(desk, DECISIONS, {**one.cells, "fap_ref": "F2"}, seen=one.fingerprint, key=wrong, accept_queries=True)
    assert not over.saved and "entry for this already" in over.reason
    assert desk.digest() == before
    put(desk, DECISIONS, {**one.cells, "decision": "no_action"}, BEN, seen=one.fingerprint, accept_queries=True)
    with pytest.raises(SomebodyElse) as raised:
        put(desk, DECISIONS, {**one.cells, "meeting_date": "2025-09-29"}, seen=one.fingerprint, key=wrong)
    assert raised.value.theirs and raised.value.theirs.cells["decision"] == "no_action"


def test_of_a_file_that_was_undone_nothing_is_kept(desk: Desk) -> None:
    desk.undo(desk.load("first_response", "call_id,received_date,minutes\nL1,2025-10-06,41\n").upload_id)
    assert desk.rows(records.upload_changes) == [] and past(desk, CALLS, "L1") == ()


# --- who may ---


@pytest.mark.parametrize("role", [role for role in Role if role is not Role.MANAGER])
def test_nobody_but_a_manager_enters(desk: Desk, role: Role) -> None:
    before = desk.digest()
    with pytest.raises(OutOfScope, match="you may not do this"):
        put(desk, CALLS, CALL, person("Cy", role))
    assert desk.digest() == before


def test_rows_out_of_reach_are_neither_shown_nor_written(desk: Desk) -> None:
    load_everything(desk)
    stranger = person("Eve", Role.MANAGER, Grant(331))
    before = desk.digest()
    with reading(desk.engine) as connection:
        assert current(connection, stranger.scope, CALLS, ["L1"]) is None
        assert history(connection, stranger.scope, CALLS, ["L1"]) == ()
        assert current(connection, ADA.scope, CALLS, ["no such"]) is None
        assert current(connection, ADA.scope, DATASETS["fap_decisions"], ["F1", "no day"]) is None
    refused = put(desk, CALLS, {**CALL, "call_id": "L9"}, stranger, accept_queries=True)
    assert not refused.saved and "may not load for" in " ".join(refused.messages()[None])
    seen = now(desk, CALLS, "L1")
    with pytest.raises(SomebodyElse) as raised:
        put(desk, CALLS, {"call_id": "L1", "minutes": "1"}, stranger, seen=seen.fingerprint)
    assert raised.value.theirs is None and raised.value.as_it_was is None
    assert desk.digest() == before


def test_a_leader_is_not_even_shown(desk: Desk) -> None:
    put(desk, CALLS, CALL)
    with reading(desk.engine) as connection, pytest.raises(OutOfScope):
        current(connection, person("Lee", Role.LEADER).scope, CALLS, ["L1"])


def test_a_service_writes_about_its_own_cases_alone(desk: Desk) -> None:
    load_everything(desk)
    service = person("Sam", Role.MANAGER, Grant(999, service="apc"))
    contact = {"date": "2025-11-03", "case_id": "C1", "minutes": "30"}
    refused = put(desk, CONTACTS, contact, service)
    assert not refused.saved and "not among those that you reach" in refused.messages()["case_id"][0]
    with reading(desk.engine) as connection:
        assert current(connection, service.scope, CONTACTS, ["K1"]) is None
    assert put(desk, CONTACTS, contact, ADA).saved


def test_columns_that_a_scope_has_not_are_not_written(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    from access import roles

    less = {role for role in roles.PERMISSIONS[roles.Permission.STAFF] if role is not Role.MANAGER}
    monkeypatch.setitem(roles.PERMISSIONS, roles.Permission.STAFF, frozenset(less))
    with pytest.raises(OutOfScope, match="Worker's reference"):
        put(desk, CALLS, {**CALL, "worker_ref": "W1"})
    put(desk, CALLS, CALL)
    assert "worker_ref" not in now(desk, CALLS, "L1").cells and now(desk, CALLS, "L1").changed_by is None


def test_pupils_under_pseudonyms_are_known_by_them(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OUTREACH_PSEUDONYM_KEY", "a key for the pupils of these tests, long enough")
    configured.cache_clear()
    try:
        load_everything(desk)
        known = now(desk, DATASETS["outreach_referrals"], "R1")
        assert known.cells["pupil_ref"] not in (MARA, NOOR)
        call = {**CALL, "kind": "existing_case", "pupil_ref": known.cells["pupil_ref"]}
        assert put(desk, CALLS, {**call, "call_id": "L7"}).saved
        assert now(desk, CALLS, "L7").cells["pupil_ref"] == known.cells["pupil_ref"]
        edited = put(desk, CALLS, {"call_id": "L7", "minutes": "44"}, seen=now(desk, CALLS, "L7").fingerprint)
        assert edited.saved and now(desk, CALLS, "L7").cells["pupil_ref"] == known.cells["pupil_ref"]
        assert MARA not in repr(desk.rows("first_response"))
    finally:
        monkeypatch.undo()
        configured.cache_clear()


def test_the_whole_of_england_reaches_what_is_loaded(desk: Desk) -> None:
    put(desk, CALLS, {**CALL, "urn": ""})
    with reading(desk.engine) as connection:
        assert current(connection, replace(EVERYWHERE), CALLS, ["L1"])
