"""The Audit page: who did what, and who saw a pupil whose reference never stands in an address or in the trail."""

import pytest
from app_database import app_database
from desk import NewDatabase
from html_of import html_of
from live import add_person
from places import DrawPage
from pupil_world import MARA, both_children
from sqlalchemy import Engine

from access import audit
from access.audit import Action
from access.noting import noting
from access.roles import Role
from access.sign_in import accounts
from data_model.store import reading

PUPIL = "P000077"


@pytest.fixture
def seen(empty_database: Engine) -> Engine:
    with noting(empty_database) as connection:
        audit.record(connection, "mo@example.org", Action.SIGNED_IN, "account 2", how="password and code")
        audit.record_about(
            connection, "mo@example.org", Action.SAW_PUPILS, [audit.subject_of_pupil(PUPIL)], "Data quality"
        )
        audit.record(connection, "al@example.org", Action.DOWNLOADED, "schools.csv", rows=1200, kind="full")
    return empty_database


@pytest.mark.parametrize("role", [role for role in Role if role is not Role.ADMIN])
def test_it_is_for_the_administrator_and_asking_for_it_is_kept(seen: Engine, draw_page: DrawPage, role: Role) -> None:
    drawn = draw_page("audit", role)
    assert drawn.title[0].value == "Not available to you"
    (event,) = audit.events(seen, action=Action.REFUSED)
    assert (event.who, event.subject) == (role.label, "page:audit")


def test_who_did_what_stands_there_in_words(seen: Engine, draw_page: DrawPage) -> None:
    page = html_of(draw_page("audit", Role.ADMIN))
    for words in ("mo@example.org", "signed in", "how: password and code", "schools.csv", "rows: 1,200", "kind: full"):
        assert words in page
    assert audit.subject_of_pupil(PUPIL) not in page
    assert [event.who for event in audit.events(seen, action=Action.READ_AUDIT)] == ["Administrator"]


def test_what_was_done_to_whom_is_told_by_names_and_without_what_was_not(
    empty_database: Engine, draw_page: DrawPage
) -> None:
    by = "al@example.org"
    zed = add_person(empty_database, "zed@example.org", Role.LEADER)
    accounts.set_role(empty_database, by, zed, Role.STEWARD)
    accounts.set_password(empty_database, by, zed, "three loud umbrellas nap", must_change=True)
    accounts.end_sessions(empty_database, by, zed)
    with noting(empty_database) as connection:
        audit.record(connection, by, Action.REFUSED, "page:audit")
        audit.record(connection, by, Action.SIGNED_OUT, "account 404")
        audit.record(connection, by, Action.PURGED, None, rows=1000, tables={"cases": 1000, "pupils": 0})
    page = html_of(draw_page("audit", Role.ADMIN))
    for words in (
        "created an account",
        "before: LA leader; after: Data steward",
        "works once",
        "zed@example.org",
        "account 404",
        "rows: 1,000; tables: cases 1,000<",
    ):
        assert words in page
    for words in (f"account {zed}", "page:audit", "sessions ended", "None", "False"):
        assert words not in page


@pytest.mark.parametrize("action", Action)
def test_every_action_is_a_verb_in_the_past(action: Action) -> None:
    irregular = {"gave", "reset", "took", "read", "saw", "set", "made", "undid", "was", "withdrew", "froze"}
    verb = action.split()[0]
    assert verb.endswith("ed") or verb in irregular


def test_events_are_chosen_by_person_and_action(seen: Engine, draw_page: DrawPage) -> None:
    drawn = draw_page("audit", Role.ADMIN)
    drawn.selectbox[0].select("al@example.org").run()
    assert "schools.csv" in html_of(drawn)
    assert "password and code" not in html_of(drawn)
    drawn.selectbox[1].select(Action.SIGNED_IN).run()
    assert "schools.csv" not in html_of(drawn)


def test_who_saw_a_pupil_is_looked_up_by_a_reference_that_goes_nowhere(seen: Engine, draw_page: DrawPage) -> None:
    drawn = draw_page("audit", Role.ADMIN)
    drawn.text_input[0].input(PUPIL)
    drawn.button[0].click().run()
    assert not drawn.exception
    page = html_of(drawn)
    assert "1 event about this pupil, by 1 person" in page
    assert PUPIL not in page
    assert PUPIL not in repr(drawn.query_params)
    (event,) = audit.events(seen, action=Action.SEARCHED)
    assert event.subject == audit.subject_of_pupil(PUPIL)
    assert PUPIL not in repr(audit.events(seen))


def test_a_pupil_whom_nobody_saw_is_said_so(seen: Engine, draw_page: DrawPage) -> None:
    drawn = draw_page("audit", Role.ADMIN)
    drawn.text_input[0].input("P404")
    drawn.button[0].click().run()
    assert drawn.info[0].value.startswith("Nobody saw")


def test_seeing_open_queries_is_kept_once_for_each_pupil(new_database: NewDatabase, draw_page: DrawPage) -> None:
    with app_database(new_database(both_children)) as engine:
        drawn = draw_page("data_quality", Role.MANAGER)
        drawn.run()
        events = audit.events(engine, action=Action.SAW_PUPILS)
        assert [(event.who, event.subject, event.detail["pupils"]) for event in events] == [
            ("Outreach manager", "Data quality", 2)
        ]
        assert audit.events_about(engine, MARA)[0].event_id == events[0].event_id
        with reading(engine) as connection:
            assert audit.verify(connection) == []
