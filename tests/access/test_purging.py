"""What is past its time goes as the schedule says, with what later files replaced and what was asked about it."""

from collections.abc import Iterator
from datetime import date, timedelta

import pytest
from app_database import app_database
from desk import Desk, NewDatabase
from pupil_world import FILES, both_children, both_under_pseudonyms
from sqlalchemy import insert, select, update
from typer.testing import CliRunner

from access import audit
from access.__main__ import cli
from access.audit import Action
from access.keeping import purging
from access.noting import moment, noting
from data_model import fingerprints
from data_model.accounts import sign_in_attempts
from data_model.catalogue import DATASETS
from data_model.metadata import metadata
from data_model.retention_schedule import KEPT_FOR, SCHEDULE
from data_model.store import TABLES, reading
from data_model.uploads import open_queries, upload_changes

pytestmark = pytest.mark.both_databases
# All that the two children did was in the autumn of 2025; exclusions are kept for five years, the rest for six.
BEFORE, AFTER_FIVE, AFTER_SIX = date(2029, 1, 1), date(2031, 1, 1), date(2032, 12, 1)


@pytest.fixture(params=["references", "pseudonyms"])
def desk(request: pytest.FixtureRequest, new_database: NewDatabase) -> Iterator[Desk]:
    fill = both_children if request.param == "references" else both_under_pseudonyms
    url = new_database(fill)
    with app_database(url), Desk(url) as opened:
        yield opened


def rows(desk: Desk) -> dict[str, int]:
    return {name: len(desk.rows(name)) for name in FILES}


def test_nothing_goes_before_its_time(desk: Desk) -> None:
    before = rows(desk)
    assert purging.purge(desk.engine, "the test", BEFORE).total == 0
    assert rows(desk) == before
    assert audit.events(desk.engine, action=Action.PURGED) == []


def test_each_table_goes_in_its_time(desk: Desk) -> None:
    before = rows(desk)
    assert purging.purge(desk.engine, "the test", AFTER_FIVE).rows == {"permanent_exclusions": 2}
    assert rows(desk) == {**before, "permanent_exclusions": 0}
    gone = purging.purge(desk.engine, "the test", AFTER_SIX).rows
    # The cases are open: they stay, and so do what follows them, their referrals, and what is known of the children.
    with_open_cases = ("pupils", "pupil_names", "outreach_referrals", "outreach_cases", "outreach_contacts")
    stays = {*with_open_cases, "outcome_measures", "agency_involvement"}
    assert rows(desk) == {name: count if name in stays else 0 for name, count in before.items()}
    assert gone["suspensions"] == 2
    assert gone["upload_changes"] >= 3
    assert gone["open_queries"] >= 2
    assert desk.rows(open_queries) == []
    with reading(desk.engine) as connection:
        assert fingerprints.recorded(connection) == fingerprints.present(connection)
        assert audit.verify(connection) == []


def test_a_closed_case_takes_the_last_of_its_pupil_with_it(desk: Desk) -> None:
    with noting(desk.engine) as connection:
        connection.execute(update(DATASETS["outreach_cases"].table).values(end_date=date(2025, 12, 1)))
    gone = purging.purge(desk.engine, "the test", AFTER_SIX).rows
    assert rows(desk) == dict.fromkeys(FILES, 0)
    assert gone["pupils"] == 2
    assert desk.rows(upload_changes) == []
    assert desk.rows("pupils") == []
    with reading(desk.engine) as connection:
        assert connection.execute(select(TABLES["pupil_identities"])).all() == []


def test_a_dry_run_counts_what_would_go_and_deletes_nothing(desk: Desk) -> None:
    before = rows(desk)
    with reading(desk.engine) as connection:
        events = audit.head_of(connection)
    due = purging.dry_run(desk.engine, AFTER_SIX)
    assert rows(desk) == before
    with reading(desk.engine) as connection:
        assert audit.head_of(connection) == events
    assert due == purging.purge(desk.engine, "the test", AFTER_SIX)


def test_the_event_says_how_many_and_never_whose(desk: Desk) -> None:
    gone = purging.purge(desk.engine, "admin@example.org", AFTER_FIVE)
    (event,) = audit.events(desk.engine, action=Action.PURGED)
    assert (event.who, event.detail) == ("admin@example.org", {"rows": gone.total, "tables": gone.rows})


def test_guesses_at_passwords_are_forgotten(desk: Desk) -> None:
    old = moment() - timedelta(days=62)
    with noting(desk.engine) as connection:
        for at in (old, moment()):
            connection.execute(insert(sign_in_attempts).values(who="0" * 64, address="1" * 64, at=at))
    assert purging.purge(desk.engine, "the test", date.today()).rows == {"sign_in_attempts": 1}
    assert len(desk.rows(sign_in_attempts)) == 1


def test_the_command_line_counts_and_deletes(desk: Desk) -> None:
    said = CliRunner().invoke(cli, ["purge", "--dry-run"])
    assert (said.exit_code, said.output) == (0, "Nothing is past its time.\n")


def test_every_table_about_people_has_its_line() -> None:
    telling = {"account_id", "pupil", "pupil_ref", "upn", "worker_ref", "who", "subject", "key", "before", "case_id"}
    about_people = {
        table.name
        for table in metadata.sorted_tables
        if any(column.name in telling or column.name.endswith("_by") for column in table.c)
    }
    assert about_people <= set(KEPT_FOR)
    assert {dataset.name for dataset in DATASETS.values() if dataset.references} <= set(KEPT_FOR)


def test_the_schedule_names_columns_that_are_there() -> None:
    assert len(KEPT_FOR) == len(SCHEDULE)
    for keeping in SCHEDULE:
        table = TABLES[keeping.table]
        assert set(keeping.starts) <= set(table.c.keys())
        assert bool(keeping.months) == bool(keeping.starts)
        if keeping.stays_with:
            name, other = keeping.stays_with
            assert name in table.c
            assert name in TABLES[other].c
            order = [each.table for each in SCHEDULE]
            assert order.index(other) < order.index(keeping.table)
        assert keeping.why
        assert keeping.period
    assert date(2026, 3, 31) > KEPT_FOR["sign_in_attempts"].cutoff(date(2026, 3, 31)) == date(2026, 2, 28)
