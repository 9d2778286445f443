"""Who may sign in: changes to accounts, and the command line that makes them."""

import pytest
from live import PASSWORD, add_person
from sqlalchemy import Engine, select
from typer.testing import CliRunner

from access.__main__ import cli
from access.noting import moment, noting
from access.roles import Role
from access.scope import Grant
from access.sign_in import accounts, sessions
from data_model.audit_trail import audit_events
from data_model.store import current_version, reading

runner = CliRunner()
ADMIN = "admin@example.org"


@pytest.fixture
def admin(live_database: Engine) -> int:
    return add_person(live_database, ADMIN, Role.ADMIN, la_code=None)


def _run(*arguments: str, typed: str | None = None) -> tuple[int, str]:
    done = runner.invoke(cli, arguments, input=typed)
    return done.exit_code, done.output


def _actions(engine: Engine) -> list[tuple[str, str]]:
    with reading(engine) as connection:
        return [(row.who, row.action) for row in connection.execute(select(audit_events)).all()]


def test_the_first_account_is_an_administrators_and_needs_nobody(live_database: Engine) -> None:
    arguments = ("create-user", "Ada@Example.org", "--full-name", "Ada Admin", "--role")
    assert "must be an administrator" in _run(*arguments, "leader")[1]
    code, said = _run(*arguments, "admin")
    assert code == 0
    assert "ada@example.org may sign in as Administrator" in said
    (account,) = accounts.people(live_database)
    assert (account.sign_in_name, account.role, account.grants) == ("ada@example.org", Role.ADMIN, ())
    one_time = said.split("telephone: ")[1].split("\n")[0]
    assert len(one_time) > 20
    assert ("the command line", "created an account") in _actions(live_database)


def test_everybody_else_is_made_by_an_administrator(live_database: Engine, admin: int) -> None:
    arguments = ("create-user", "mo@example.org", "--full-name", "Mo", "--role", "manager", "--la", "304")
    assert "--by" in _run(*arguments)[1]
    assert "Nobody has the sign-in name" in _run(*arguments, "--by", "nobody")[1]
    add_person(live_database, "lee@example.org", Role.LEADER)
    assert "is not an administrator" in _run(*arguments, "--by", "lee@example.org")[1]
    assert _run(*arguments, "--by", ADMIN)[0] == 0
    assert accounts.named(live_database, "mo@example.org").grants == (Grant(304),)
    assert (f"{ADMIN}, on the command line", "granted reach") in _actions(live_database)


def test_a_password_that_is_asked_for_must_be_good(live_database: Engine) -> None:
    arguments = ("create-user", ADMIN, "--full-name", "Ada Admin", "--role", "admin", "--ask-password")
    code, said = _run(*arguments, typed="password12345\npassword12345\n")
    assert (code, "easy to guess" in said) == (1, True)
    assert _run(*arguments, typed=f"{PASSWORD}\n{PASSWORD}\n")[0] == 0
    assert PASSWORD not in said


def test_the_commands_do_what_they_say(live_database: Engine, admin: int) -> None:
    mo = add_person(live_database, "mo@example.org", Role.MANAGER, secret="A" * 32)
    by = ("--by", ADMIN)
    with noting(live_database) as connection:
        token = sessions.start(connection, mo, moment(), is_complete=True).token
    assert "LA 305, service Reach" in _run("grant", "mo@example.org", "--la", "305", "--service", "Reach", *by)[1]
    back = ("grant", "mo@example.org", "--la", "305", "--service", "Reach", "--take-back")
    assert "305" not in _run(*back, *by)[1]
    assert "LA leader" in _run("set-role", "mo@example.org", "leader", *by)[1]
    assert sessions.standing(live_database, token, moment())
    assert "ended: 1" in _run("end-sessions", "mo@example.org", *by)[1]
    assert sessions.standing(live_database, token, moment()) is None
    assert "second factor" not in _run("reset-second-factor", "mo@example.org", *by)[1]
    assert "DISABLED" in _run("disable", "mo@example.org", *by)[1]
    assert "DISABLED" not in _run("enable", "mo@example.org", *by)[1]
    assert "works once" in _run("set-password", "mo@example.org", *by)[1]
    code, said = _run("people")
    assert (code, "mo@example.org" in said, "admin@example.org" in said) == (0, True, True)
    done = [action for who, action in _actions(live_database) if who == f"{ADMIN}, on the command line"]
    assert done == [
        "granted reach",
        "took reach back",
        "changed a role",
        "ended sessions",
        "reset a second factor",
        "disabled an account",
        "enabled an account",
        "set a password",
    ]


def test_the_demonstration_has_no_accounts(monkeypatch: pytest.MonkeyPatch, empty_database: Engine) -> None:
    code, said = _run("create-user", ADMIN, "--full-name", "Ada", "--role", "admin")
    assert (code, "OUTREACH_MODE=live" in said) == (1, True)


def test_the_last_administrator_stays(live_database: Engine, admin: int) -> None:
    for refused in (
        lambda: accounts.disable(live_database, "a test", admin),
        lambda: accounts.set_role(live_database, "a test", admin, Role.LEADER),
    ):
        with pytest.raises(accounts.Refused, match="only administrator"):
            refused()
    add_person(live_database, "second@example.org", Role.ADMIN, la_code=None)
    accounts.disable(live_database, "a test", admin)


@pytest.mark.parametrize("name", ["", "two words", "x" * 201, "tab\there"])
def test_a_name_that_cannot_be_used_is_refused(live_database: Engine, name: str) -> None:
    with pytest.raises(accounts.Refused):
        accounts.create(live_database, "a test", name, "Somebody", Role.LEADER, PASSWORD)


def test_a_name_belongs_to_one_person(live_database: Engine, admin: int) -> None:
    with pytest.raises(accounts.Refused, match="already"):
        accounts.create(live_database, "a test", " ADMIN@example.org", "Somebody", Role.LEADER, PASSWORD)


def test_somebody_reaches_what_was_granted_and_nothing_else(live_database: Engine) -> None:
    mo = add_person(live_database, "mo@example.org", Role.MANAGER, la_code=304)
    with noting(live_database) as connection:
        whole = sessions.start(connection, mo, moment(), is_complete=True)
        half = sessions.start(connection, mo, moment(), is_complete=False)
    person = sessions.person_of(live_database, whole.session_id, moment())
    assert person
    assert person.scope.la_codes == {304}
    assert sessions.person_of(live_database, half.session_id, moment()) is None
    accounts.take_back(live_database, "a test", mo, Grant(304))
    person = sessions.person_of(live_database, whole.session_id, moment())
    assert person
    assert not person.grants
    sessions.end(live_database, whole.session_id)
    assert sessions.person_of(live_database, whole.session_id, moment()) is None


def test_signing_in_leaves_the_data_version_alone(live_database: Engine) -> None:
    with reading(live_database) as connection:
        before = current_version(connection)
    mo = add_person(live_database, "mo@example.org", Role.MANAGER)
    with noting(live_database) as connection:
        sessions.start(connection, mo, moment(), is_complete=True)
    with reading(live_database) as connection:
        assert current_version(connection) == before


def test_a_new_password_ends_every_session(live_database: Engine) -> None:
    mo = add_person(live_database, "mo@example.org", Role.MANAGER)
    with noting(live_database) as connection:
        started = sessions.start(connection, mo, moment(), is_complete=True)
    with pytest.raises(accounts.Refused, match="another password"):
        accounts.set_password(live_database, "a test", mo, PASSWORD, must_change=True)
    accounts.set_password(live_database, "a test", mo, "eleven brass umbrellas", must_change=True)
    assert sessions.standing(live_database, started.token, moment()) is None
