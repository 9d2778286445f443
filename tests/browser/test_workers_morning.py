"""A worker's morning: from the waiting list to a decision, a case, a logged contact, and back to a list without it."""

import re
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import expect
from servers import ROOT, serving
from visits import Visit

from access.people import Person
from access.roles import Role
from access.scope import Grant
from data_model.catalogue import DATASETS
from data_model.store import open_database, reading
from loaders.entering import enter

expect.set_options(timeout=30_000)  # two cores, shared
_REFERRAL = "R-MORNING"


@pytest.fixture
def own_app(sample_database: Path, tmp_path: Path) -> Iterator[str]:
    """A server on a copy of the small fictional LA, in which one more referral has waited for too long."""
    database = shutil.copy(sample_database, tmp_path / "outreach.db")
    _one_who_waits(f"sqlite:///{database}")
    with serving(ROOT / "app.py", tmp_path / "log", OUTREACH_DATABASE_URL=f"sqlite:///{database}") as address:
        yield address


def _one_who_waits(url: str) -> None:
    engine = open_database(url)
    referrals = DATASETS["outreach_referrals"].table.c
    with reading(engine) as connection:
        query = referrals.urn, referrals.pupil_ref
        urn, pupil = connection.execute(DATASETS["outreach_referrals"].table.select().with_only_columns(*query)).first()
    cells = {"referral_id": _REFERRAL, "received_date": "2026-06-01", "source": "school", "urn": str(urn)}
    somebody = Person(None, "Mara", Role.MANAGER, frozenset({Grant(999)}))
    asked = cells | {"pupil_ref": pupil, "parent_agreement": "y"}
    done = enter(engine, DATASETS["outreach_referrals"], asked, somebody, accept_queries=True)
    assert done.saved, done.issues
    engine.dispose()


def _press(visit: Visit, name: str) -> None:
    visit.page.get_by_role("button", name=name).click()
    visit.settle()


def test_from_the_waiting_list_to_a_logged_contact_and_back(own_app: str, visit: Visit) -> None:
    page = visit.page
    visit.go(f"{own_app}/as/manager?next=%2Fcaseload")
    week = page.get_by_role("region", name=re.compile("to do, the longest due first"))
    expect(week.get_by_text("Decide on the referral")).to_have_count(1)
    expect(week.get_by_text(re.compile("Overdue"))).to_have_count(1)

    box = page.get_by_role("combobox", name="A referral that waits")
    box.scroll_into_view_if_needed()
    visit.settle()
    box.click()
    page.get_by_role("option").first.click()  # the longest waits first
    visit.settle()
    visit.choose("Decision", "Accepted")
    _press(visit, "Save the decision")
    expect(page.get_by_text("The decision is saved.")).to_be_visible()
    visit.choose("Worker's reference", "W02")
    _press(visit, "Open the case")

    expect(page.get_by_role("heading", level=1, name="Case", exact=True)).to_be_visible()
    visit.settle()
    expect(page.get_by_text("1 thing overdue on this case")).to_be_visible()
    assert _REFERRAL not in page.url
    visit.choose("Kind", "One-to-one work")
    visit.choose("Location", "School")
    page.get_by_role("textbox", name=re.compile("Minutes")).first.fill("45")
    _press(visit, "Log the contact")
    expect(page.get_by_text("The contact is logged.")).to_be_visible()
    expect(page.get_by_text("Nothing is overdue on this case")).to_be_visible()

    page.get_by_role("link", name="Back to the caseload").click()
    expect(page.get_by_role("heading", level=1, name="Caseload")).to_be_visible()
    visit.settle()
    expect(page.get_by_text("Decide on the referral")).to_have_count(0)
    expect(page.get_by_text(re.compile("Nothing is overdue"))).to_be_visible()
    assert not visit.faults
    assert not visit.outside
