"""What the app refuses to start with, and what it says to do."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from app_database import app_database
from live import SECRET_KEY, add_person
from sqlalchemy import Engine, insert

from access import ready
from access.roles import Role
from access.sign_in import accounts
from data_model.settings import settings
from data_model.store import database, writing
from data_model.uploads import uploads

Reasons = Callable[..., list[str]]
UPLOAD: dict[str, Any] = {
    "dataset": "schools",
    "source": "notified",
    "file_name": "schools.csv",
    "sha256": "0" * 64,
    "uploaded_by": "a test",
    "rows_accepted": 0,
    "rows_rejected": 0,
    "rows_queried": 0,
    "rows_new": 0,
    "rows_changed": 0,
    "rows_removed": 0,
    "is_sample": True,
}


@pytest.fixture
def reasons(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Reasons]:
    """`reasons(OUTREACH_X=...)`: why the app would not start with these settings, over a database of the test's own."""
    with app_database(tmp_path / "outreach.db"):

        def told(listens_on: str | None = "127.0.0.1", **environment: str) -> list[str]:
            for name, value in environment.items():
                monkeypatch.setenv(name, value)
            settings.cache_clear()
            try:
                ready.refuse_unless_ready(database(), settings(), listens_on)
            except ready.NotReady as refused:
                return refused.reasons
            return []

        yield told


@pytest.fixture
def live(reasons: Reasons, monkeypatch: pytest.MonkeyPatch) -> Engine:
    """Settings and a database with which live mode starts."""
    monkeypatch.setenv("OUTREACH_MODE", "live")
    monkeypatch.setenv("OUTREACH_SECRET_KEY", SECRET_KEY)
    settings.cache_clear()
    add_person(database(), "admin@example.org", Role.ADMIN, la_code=None)
    return database()


def test_live_mode_starts_when_all_is_well(live: Engine, reasons: Reasons) -> None:
    assert reasons() == []
    assert reasons(listens_on=None) == []
    assert reasons(OUTREACH_PUBLIC_URL="https://outreach.example.gov.uk") == []


@pytest.mark.parametrize(
    ("setting", "value"),
    [
        ("OUTREACH_SECRET_KEY", "the demonstration has no secrets"),
        ("OUTREACH_SECRET_KEY", "abababababababababababababababababab"),
        ("OUTREACH_PUBLIC_URL", "http://outreach.example.gov.uk"),
        ("OUTREACH_OIDC_ISSUER", "http://login.example.org"),
    ],
)
def test_live_mode_names_the_setting_that_is_wrong(live: Engine, reasons: Reasons, setting: str, value: str) -> None:
    found = reasons(**{setting: value})
    assert found
    assert found[0].startswith(setting)


def test_a_provider_without_roles_would_let_nobody_in(live: Engine, reasons: Reasons) -> None:
    provider = {"OUTREACH_OIDC_ISSUER": "https://login.example.org", "OUTREACH_OIDC_CLIENT_ID": "x"}
    assert any("OUTREACH_OIDC_ROLES" in reason for reason in reasons(**provider))
    assert any("OUTREACH_OIDC_ROLES" in reason for reason in reasons(OUTREACH_OIDC_ROLES='{"group": "boss"}'))
    assert reasons(OUTREACH_OIDC_ROLES='{"group": "admin"}') == []


def test_live_mode_wants_somebody_who_can_sign_in(reasons: Reasons) -> None:
    (said,) = reasons(OUTREACH_MODE="live", OUTREACH_SECRET_KEY=SECRET_KEY)
    assert "python -m access create-user" in said
    account_id = add_person(database(), "admin@example.org", Role.ADMIN)
    assert reasons() == []
    add_person(database(), "other@example.org", Role.ADMIN)
    accounts.disable(database(), "a test", account_id)
    assert reasons() == []


def test_live_mode_refuses_the_fictional_authority(live: Engine, reasons: Reasons) -> None:
    from access.noting import moment

    with writing(live) as connection:
        connection.execute(insert(uploads).values({**UPLOAD, "uploaded_at": moment()}))
    (said,) = reasons()
    assert "OUTREACH_DATABASE_URL" in said


@pytest.mark.parametrize("address", ["0.0.0.0", "192.168.1.20", "::", None, ""])
def test_the_demonstration_listens_on_this_machine_alone(reasons: Reasons, address: str | None) -> None:
    (said,) = reasons(listens_on=address)
    assert "127.0.0.1" in said
    assert "OUTREACH_MODE=live" in said


def test_the_demonstration_refuses_the_database_of_live_mode(live: Engine, reasons: Reasons) -> None:
    (said,) = reasons(OUTREACH_MODE="demonstration")
    assert "has accounts" in said
