"""Pupils' names: encrypted wherever the database keeps them, and told to caseworkers who reach the child alone."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import pytest
from app_database import app_database
from desk import Desk, NewDatabase
from pupil_world import MARA, NOOR, both_children

from access.keeping import exporting, resealing
from access.roles import Role
from access.scope import EVERYWHERE, Grant, Scope
from access.seal import unseal
from analysis.casework.names import labels
from data_model.settings import settings
from data_model.store import reading
from data_model.uploads import upload_changes

pytestmark = pytest.mark.both_databases

ANOTHER = "another-secret-key-of-forty-characters-or-more"
CORRECTED = f"pupil_ref,forename,surname\n{MARA},Marigold,Fictional\n"


@pytest.fixture
def desk(new_database: NewDatabase) -> Iterator[Desk]:
    url = new_database(both_children)
    with app_database(url), Desk(url) as opened:
        yield opened


def called(desk: Desk, scope: Scope) -> dict[str, str]:
    with reading(desk.engine) as connection:
        return labels(connection, scope, [MARA, NOOR])


def test_no_name_is_readable_where_it_is_kept_nor_in_the_journal(desk: Desk) -> None:
    desk.load("pupil_names", CORRECTED, accept_queries=True)
    kept = [
        *desk.rows("pupil_names"),
        *(row["before"] for row in desk.rows(upload_changes) if "forename" in row["before"]),
    ]
    assert len(kept) == 3
    assert {unseal(row["forename"], "pupil_names") for row in kept} == {"Robin1", "Robin2", "Marigold"}
    assert not any("Robin" in str(row) or "Marigold" in str(row) or "Fictional" in str(row) for row in kept)


def test_a_name_that_is_loaded_again_is_the_same_row(desk: Desk) -> None:
    before = desk.rows("pupil_names")
    again = desk.load("pupil_names", CORRECTED.replace("Marigold", "Robin1") + "\n", accept_queries=True)
    assert (again.new, again.changed, again.unchanged) == (0, 0, 1)
    assert desk.rows("pupil_names") == before


def test_caseworkers_read_names_and_nobody_else_does(desk: Desk) -> None:
    assert called(desk, EVERYWHERE) == {MARA: f"Robin1 Fictional ({MARA})", NOOR: f"Robin2 Fictional ({NOOR})"}
    for role in (Role.LEADER, Role.STEWARD, Role.ADMIN):
        assert called(desk, Scope.of(role, frozenset({Grant(999)}))) == {MARA: MARA, NOOR: NOOR}
    another = Scope.of(Role.MANAGER, frozenset({Grant(331)}))
    assert called(desk, another) == {MARA: MARA, NOOR: NOOR}


def test_a_panel_reads_no_name_of_a_child_who_is_not_on_its_list(desk: Desk) -> None:
    on_no_list = Scope.of(Role.PANEL, frozenset({Grant(999, panel="special")}))
    assert called(desk, on_no_list) == {MARA: MARA, NOOR: NOOR}


@contextmanager
def keys(**chosen: str) -> Iterator[None]:
    """The settings `secret_key` and `secret_key_before`, for a while."""
    with pytest.MonkeyPatch.context() as patch:
        for name, key in chosen.items():
            patch.setenv(f"OUTREACH_{name.upper()}", key)
        settings.cache_clear()
        yield
    settings.cache_clear()


def test_another_secret_key_shows_references_and_refuses_files(desk: Desk) -> None:
    with keys(secret_key=ANOTHER):
        assert called(desk, EVERYWHERE) == {MARA: MARA, NOOR: NOOR}
        (issue,) = desk.check("pupil_names", CORRECTED).file_issues
        assert issue.code == "E-SECRET-KEY"
        assert "OUTREACH_SECRET_KEY" in issue.message


def test_names_live_through_a_change_of_the_secret_key(desk: Desk) -> None:
    desk.load("pupil_names", CORRECTED, accept_queries=True)
    named = called(desk, EVERYWHERE)
    with keys(secret_key=ANOTHER, secret_key_before=settings().secret_key.get_secret_value()):
        assert called(desk, EVERYWHERE) == named
        assert desk.load("pupil_names", f"{CORRECTED}\n", accept_queries=True).unchanged == 1
        assert resealing.reseal(desk.engine, "the test") == 2 * 3  # two names of two children, and of one before
    with keys(secret_key=ANOTHER):
        assert called(desk, EVERYWHERE) == named
        before = [row["before"]["forename"] for row in desk.rows(upload_changes) if "forename" in row["before"]]
        assert [unseal(name, "pupil_names") for name in before] == ["Robin1"]


def test_names_of_a_third_key_are_left_as_they_are(desk: Desk) -> None:
    before = desk.rows("pupil_names")
    with keys(secret_key=ANOTHER), pytest.raises(resealing.NotResealed, match="Nothing was changed"):
        resealing.reseal(desk.engine, "the test")
    assert desk.rows("pupil_names") == before


def test_the_pupil_s_own_export_has_the_name(desk: Desk, tmp_path: Path) -> None:
    written = exporting.export_pupil(desk.engine, MARA, "the test", tmp_path / "export")
    for file in written:
        assert "Robin1" in file.read_text(encoding="utf-8")
        assert "Robin2" not in file.read_text(encoding="utf-8")


def test_who_lost_the_columns_of_names_reads_references(desk: Desk) -> None:
    assert called(desk, replace(EVERYWHERE, columns=frozenset())) == {MARA: MARA, NOOR: NOOR}
