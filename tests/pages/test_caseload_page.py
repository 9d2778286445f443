"""The caseload and one case on their pages: what is first, who looked, what is written down, and two people at once."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from app_database import app_database
from desk import SCHOOLS, Desk
from places import DrawPage, headings, said
from sqlalchemy import Engine
from streamlit.testing.v1 import AppTest

from access.audit import Action, events_about
from access.people import Person
from access.roles import Role
from access.scope import Grant
from data_model.catalogue import DATASETS
from data_model.store import reading
from loaders.entering import enter
from loaders.versions import Texts, Version, current, history

BEN = Person(None, "Ben", Role.MANAGER, frozenset({Grant(999)}))
PUPIL = "P000777"
CASE, REFERRAL = "C-1", "R-1"
_OPEN = "the case that is open"


def write(engine: Engine, dataset: str, cells: Texts, seen: str | None = None) -> None:
    done = enter(engine, DATASETS[dataset], cells, BEN, seen=seen, accept_queries=True)
    assert done.saved, (done.issues, done.reason)


def now(engine: Engine, dataset: str, *key: str) -> Version:
    with reading(engine) as connection:
        found = current(connection, BEN.scope, DATASETS[dataset], key)
    assert found
    return found


@pytest.fixture
def one_case(tmp_path: Path) -> Iterator[Engine]:
    """One case of W01, in which nobody was in touch for long, and one referral that waits."""
    with app_database(tmp_path / "outreach.db") as engine:
        Desk(f"sqlite:///{tmp_path / 'outreach.db'}").load("schools", SCHOOLS)
        asked = {"urn": "900001", "pupil_ref": PUPIL, "parent_agreement": "y"}
        accepted = {"referral_id": REFERRAL, "received_date": "2025-09-08", "decision": "accepted"}
        write(engine, "outreach_referrals", asked | accepted)
        waits = {"referral_id": "R-2", "received_date": "2025-11-03", "pupil_ref": "P000778"}
        write(engine, "outreach_referrals", asked | waits)
        opened = {"case_id": CASE, "referral_id": REFERRAL, "urn": "900001", "pupil_ref": PUPIL, "worker_ref": "W01"}
        write(engine, "outreach_cases", opened | {"start_date": "2025-09-10", "first_contact_date": "2025-09-12"})
        other = {"case_id": "C-2", "urn": "900002", "start_date": "2025-11-20", "worker_ref": "W02"}
        write(engine, "outreach_cases", other | {"first_contact_date": "2025-11-20", "first_visit_date": "2025-11-20"})
        yield engine


def case_page(draw_page: DrawPage, chosen: str = "Log a contact") -> AppTest:
    page = draw_page("case", Role.MANAGER, write=chosen)
    page.session_state[_OPEN] = CASE
    return page.run()


def press(page: AppTest, label: str) -> AppTest:
    return next(button for button in page.button if button.label == label).click().run()


def choose(page: AppTest, label: str, value: str) -> None:
    next(box for box in page.selectbox if box.label.startswith(label)).set_value(value)


def type_in(page: AppTest, label: str, value: str) -> None:
    next(box for box in page.text_input if box.label.startswith(label)).input(value)


def test_what_must_happen_this_week_comes_first(draw_page: DrawPage, one_case: Engine) -> None:
    page = draw_page("caseload", Role.MANAGER)
    assert not page.exception
    first = headings(page)[0]
    assert "overdue" in first and "due by 27 November 2025" in first
    table = next(each.proto.body for each in page.get("html") if "to do, the longest due first" in each.proto.body)
    assert "Overdue" in table and "W01" in table and "Nobody yet" in table


def test_one_workers_week_is_theirs_alone(draw_page: DrawPage, one_case: Engine) -> None:
    page = draw_page("caseload", Role.MANAGER)
    choose(page, "Who does it", "W01")
    page.run()
    table = next(each.proto.body for each in page.get("html") if "to do, the longest due first" in each.proto.body)
    assert "W01" in table and "Nobody yet" not in table


def test_who_looked_is_kept_before_they_are_shown(draw_page: DrawPage, one_case: Engine) -> None:
    draw_page("caseload", Role.MANAGER)
    case_page(draw_page)
    seen = {each.subject for each in events_about(one_case, PUPIL) if each.action == Action.SAW_PUPILS}
    assert {"Caseload", "Case"} <= seen


def test_a_case_is_opened_from_the_session_and_never_from_an_address(draw_page: DrawPage, one_case: Engine) -> None:
    page = draw_page("case", Role.MANAGER, case=CASE, case_id=CASE)
    assert "Choose a case" in said(page)
    assert PUPIL not in str(page.query_params)


def test_a_logged_contact_is_kept_and_nothing_is_overdue_for_want_of_it(draw_page: DrawPage, one_case: Engine) -> None:
    page = case_page(draw_page)
    assert "Contact: by 10 October 2025 (overdue" in said(page).replace("**", "")
    next(box for box in page.date_input if box.label.startswith("Date")).set_value(date(2025, 11, 20))
    choose(page, "Kind", "1to1")
    choose(page, "Location", "school")
    type_in(page, "Minutes", "45")
    page = press(page, "Log the contact")
    assert [each.value for each in page.success] == ["The contact is logged."]
    assert "Contact: by 18 December 2025 (due in" in said(page).replace("**", "")
    table = next(each.proto.body for each in page.get("html") if "The newest first" in each.proto.body)
    assert "One-to-one work" in table and "45 minutes" in table


def test_a_case_without_a_reason_is_not_closed(draw_page: DrawPage, one_case: Engine) -> None:
    page = case_page(draw_page, "Close the case")
    next(box for box in page.date_input if "End" in box.label or "end" in box.label).set_value(date(2025, 11, 20))
    page = press(page, "Close it")
    assert page.error and now(one_case, "outreach_cases", CASE).cells["end_date"] == ""
    choose(page, "Close reason", "goals_met")
    page = press(page, "Close it")
    assert page.success and now(one_case, "outreach_cases", CASE).cells["close_reason"] == "goals_met"
    assert headings(page)[0] == "This case is closed"


def test_a_wrong_entry_is_corrected_with_its_history_kept(draw_page: DrawPage, one_case: Engine) -> None:
    page = case_page(draw_page, "Correct an entry")
    next(box for box in page.date_input if box.label.startswith("First contact")).set_value(date(2025, 9, 15))
    page = press(page, "Save the correction")
    assert page.success
    table = next(each.proto.body for each in page.get("html") if "Every version of this entry" in each.proto.body)
    assert "12 September 2025" in table and "15 September 2025" in table and "Ben" in table
    with reading(one_case) as connection:
        assert len(history(connection, BEN.scope, DATASETS["outreach_cases"], [CASE])) == 2


def test_a_contact_that_was_logged_for_the_wrong_child_goes_to_the_right_case(
    draw_page: DrawPage, one_case: Engine
) -> None:
    write(
        one_case,
        "outreach_contacts",
        {"contact_id": "K-1", "case_id": CASE, "date": "2025-11-20", "kind": "1to1", "minutes": "20"},
    )
    page = case_page(draw_page, "Correct an entry")
    page.selectbox[[box.label for box in page.selectbox].index("What to correct")].select_index(1).run()
    next(box for box in page.selectbox if box.label == "Case" and not box.key.startswith("picked")).set_value("C-2")
    page = press(page, "Save the correction")
    assert page.success and now(one_case, "outreach_contacts", "K-1").cells["case_id"] == "C-2"
    with reading(one_case) as connection:
        was = history(connection, BEN.scope, DATASETS["outreach_contacts"], ["K-1"])
    assert [version.cells["case_id"] for version in was] == ["C-2", CASE]


def test_a_contact_that_was_taken_back_is_shown_and_put_back(draw_page: DrawPage, one_case: Engine) -> None:
    write(
        one_case,
        "outreach_contacts",
        {"contact_id": "K-1", "case_id": CASE, "date": "2025-11-20", "kind": "1to1", "minutes": "20"},
    )
    page = case_page(draw_page, "Correct an entry")
    what = [box.label for box in page.selectbox].index("What to correct")
    page.selectbox[what].select_index(1).run()
    page = press(page, "Take the newest entry back")
    page.selectbox[what].select_index(1).run()
    table = next(each.proto.body for each in page.get("html") if "Every version of this entry" in each.proto.body)
    assert "Taken back: 20 November 2025" in page.selectbox[what].options and "Undone by" in table
    page = press(page, "Put it back")
    assert not page.exception and now(one_case, "outreach_contacts", "K-1").cells["kind"] == "1to1"


def test_where_somebody_else_changed_the_case_meanwhile_there_is_a_clear_choice(
    draw_page: DrawPage, one_case: Engine
) -> None:
    page = case_page(draw_page, "Agree the next review")
    theirs = {"case_id": CASE, "review_due": "2025-12-01"}
    write(one_case, "outreach_cases", theirs, now(one_case, "outreach_cases", CASE).fingerprint)
    next(box for box in page.date_input if box.label.startswith("Review due")).set_value(date(2025, 12, 8))
    page = press(page, "Save the day")
    assert any("Somebody else changed this row" in each.value for each in page.warning)
    assert now(one_case, "outreach_cases", CASE).cells["review_due"] == "2025-12-01"
    next(radio for radio in page.radio if "Review due" in radio.label).set_value("yours")
    page = press(page, "Save what is chosen")
    assert now(one_case, "outreach_cases", CASE).cells["review_due"] == "2025-12-08"


def test_a_referral_is_decided_and_its_case_opened(draw_page: DrawPage, one_case: Engine) -> None:
    page = draw_page("caseload", Role.MANAGER)
    choose(page, "A referral that waits", "R-2")
    page.run()
    choose(page, "Decision", "accepted")
    page = press(page, "Save the decision")
    assert [each.value for each in page.success] == ["The decision is saved."]
    assert now(one_case, "outreach_referrals", "R-2").cells["decision"] == "accepted"
    assert "It is accepted: open its case" in said(page)
