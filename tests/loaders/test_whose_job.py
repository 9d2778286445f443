"""The command line in live mode: whose job it is decides what it may do and how far it reaches."""

import json
from pathlib import Path

import pytest
import typer
from live import live_settings
from live_people import insider
from sqlalchemy import Engine, select
from typer.testing import CliRunner
from worlds import World

from access import audit
from access.__main__ import cli as access_cli
from access.audit import Action
from access.roles import Role
from access.scope import EVERYWHERE, Grant
from access.sign_in import accounts
from analysis.__main__ import cli as analysis_cli
from analysis.command_line.asking import Stop
from data_model.audit_trail import audit_pupils
from data_model.schools import SCHOOLS
from data_model.store import reading, writing
from loaders.__main__ import cli
from loaders.published.load import load_published
from loaders.upload_record import Sender

PUBLISHED = Path(__file__).parent.parent / "published" / "exclusions_by_geographic_level_coventry_warwickshire.csv"
HEADER = "urn,laestab,school_name,phase,establishment_type_group"


@pytest.fixture
def live_engine(tmp_path: Path) -> object:
    with live_settings(tmp_path / "live.db") as engine:
        yield engine


def _named(engine: Engine, role: Role, *grants: Grant) -> str:
    number = insider(engine, role, *grants).account_id
    return next(each.sign_in_name for each in accounts.people(engine) if each.account_id == number)


def _run(*words: str) -> tuple[int, dict[str, object]]:
    done = CliRunner().invoke(cli, [*words, "--json"])
    return done.exit_code, json.loads(done.stdout)


def test_a_job_does_what_its_account_may_and_no_more(live_engine: Engine, tmp_path: Path) -> None:
    ours, theirs = tmp_path / "ours.csv", tmp_path / "theirs.csv"
    ours.write_text(f"{HEADER}\n900001,9990001,Ours,primary,Academies\n")
    theirs.write_text(f"{HEADER}\n900002,9980002,Theirs,primary,Academies\n")
    steward, leader = _named(live_engine, Role.STEWARD, Grant(999)), _named(live_engine, Role.LEADER, Grant(999))
    for by in ((), ("--by", leader), ("--by", "nobody@example.org")):
        code, told = _run("load", "schools", str(ours), *by)
        assert (code, told["errors"][0]["code"]) == (2, "E-NOT-ALLOWED")  # type: ignore[index]
    assert _run("load", "schools", str(theirs), "--by", steward)[0] == 1
    assert _run("load", "schools", str(ours), "--by", steward)[0] == 0
    with reading(live_engine) as connection:
        assert connection.execute(SCHOOLS.table.select()).one().urn == 900001
    elsewhere = _named(live_engine, Role.STEWARD, Grant(998))
    assert _run("undo", "1", "--by", elsewhere)[0] == 1
    assert _run("undo", "1", "--by", leader)[0] == 2
    assert _run("uploads", "--by", elsewhere)[1] == []
    assert [upload["uploaded_by"] for upload in _run("uploads", "--by", steward)[1]] == [steward]  # type: ignore[index]
    assert _run("undo", "1", "--by", steward)[0] == 0


def test_figures_are_for_those_who_see_schools(live_engine: Engine) -> None:
    asked = ["table", "suspension_rate", "--by", "la", "--year", "202425"]
    for run_by in ([], ["--run-by", _named(live_engine, Role.ADMIN)]):
        refused = CliRunner().invoke(analysis_cli, asked + run_by).exception
        assert isinstance(refused, Stop)
        assert run_by or str(refused) == "Say whose job this is: --run-by and a sign-in name, or OUTREACH_BY."
    leader = _named(live_engine, Role.LEADER, Grant(999))
    assert CliRunner().invoke(analysis_cli, [*asked, "--run-by", leader]).exit_code == 0
    part = _named(live_engine, Role.STEWARD, Grant(999, district="North"))
    assert CliRunner().invoke(analysis_cli, [*asked, "--for-publication", "--run-by", part]).exit_code == 0


def test_a_list_is_of_the_authorities_that_its_account_reaches(live_engine: Engine) -> None:
    load_published(live_engine, PUBLISHED, PUBLISHED.name, Sender("test", EVERYWHERE))
    year = ["--year", "201617", "--json"]
    for role in (Role.STEWARD, Role.LEADER):
        run_by = ["--run-by", _named(live_engine, role, Grant(331))]
        done = CliRunner().invoke(analysis_cli, ["targeting", *year, *run_by])
        assert {row["laestab"] // 10_000 for row in json.loads(done.stdout)} == {331}
        elsewhere = CliRunner().invoke(analysis_cli, ["targeting", *year, "--la", "937", *run_by])
        assert (json.loads(elsewhere.stdout), elsewhere.stderr) == ([], "Nothing is loaded for Warwickshire.\n")
        judged = json.loads(CliRunner().invoke(analysis_cli, ["backtest", "--json", *run_by]).stdout)
        assert [row["schools"] for row in judged] == [91, 25, 10]
        shared = CliRunner().invoke(analysis_cli, ["allocate", "--hours", "9", "--json", *run_by])
        assert {row["la_code"] for row in json.loads(shared.stdout)} == {"331"}


def test_figures_that_leave_by_the_command_line_are_in_the_audit_trail(live_engine: Engine) -> None:
    """Every command that prints figures: the list of measures has none, and `allocate` needs a county to share out."""
    year = ["--year", "202425"]
    asked = {
        "table": ["suspension_rate", "--by", "la", *year],
        "targeting": year,
        "backtest": [],
        "outcomes": ["reintegrated", *year],
    }
    commands = typer.main.get_command(analysis_cli).commands  # type: ignore[attr-defined]
    of_pupils = {"clocks"}  # the next test
    assert set(commands) <= {*asked, *of_pupils, "allocate", "measures"}, "a command that prints figures belongs here"
    leader, steward = _named(live_engine, Role.LEADER, Grant(999)), _named(live_engine, Role.STEWARD, Grant(999))
    for command, words in asked.items():
        for run_by, more, kind in (
            (leader, [], "publishable"),
            (steward, [], "full"),
            (steward, ["--for-publication"], "publishable"),
        ):
            done = CliRunner().invoke(analysis_cli, [command, *words, *more, "--run-by", run_by, "--json"])
            assert done.exit_code == 0, done.output
            event = audit.events(live_engine, limit=1)[0]
            assert (event.who, event.action) == (run_by, Action.DOWNLOADED)
            assert (event.subject or "").split()[0] == {"table": "suspension_rate", "outcomes": "reintegrated"}.get(
                command, command
            )
            assert event.detail == {"rows": len(json.loads(done.stdout)), "kind": kind, "how": "the command line"}


def test_pupils_clocks_are_for_those_who_may_see_pupils_rows(live_engine: Engine) -> None:
    with writing(live_engine) as connection:
        world = World(connection)
        for urn, la, pupil in ((900001, 999, "C-1"), (900331, 331, "C-2")):
            world.school(urn, la=la)
            world.suspension(urn, pupil, "2024-10-01", 14)
    leader, steward = _named(live_engine, Role.LEADER, Grant(999)), _named(live_engine, Role.STEWARD, Grant(999))
    asked = ["clocks", "--on", "2024-10-18", "--json", "--run-by"]
    refused = CliRunner().invoke(analysis_cli, [*asked, leader]).exception
    assert isinstance(refused, Stop)
    assert audit.events(live_engine, limit=1)[0].action == Action.REFUSED
    printed = json.loads(CliRunner().invoke(analysis_cli, [*asked, steward]).stdout)
    assert {row["pupil_ref"] for row in printed} == {"C-1"}, "of the authority that is reached"
    event = audit.events(live_engine, limit=1)[0]
    assert (event.who, event.action, event.subject) == (steward, Action.DOWNLOADED, "clocks")
    assert (event.detail["rows"], event.detail["kind"], event.detail["pupils"]) == (len(printed), "pupils' rows", 1)
    with reading(live_engine) as connection:
        about = select(audit_pupils.c.pupil).where(audit_pupils.c.event_id == event.event_id)
        assert list(connection.scalars(about)) == [audit.subject_of_pupil("C-1")]


def test_a_command_that_is_refused_is_in_the_audit_trail_once(live_engine: Engine, tmp_path: Path) -> None:
    file = tmp_path / "ours.csv"
    file.write_text(f"{HEADER}\n900001,9990001,Ours,primary,Academies\n")
    leader, admin = _named(live_engine, Role.LEADER, Grant(999)), _named(live_engine, Role.ADMIN)
    for _ in range(3):
        _run("load", "schools", str(file), "--by", leader)
        CliRunner().invoke(
            analysis_cli, ["table", "suspension_rate", "--by", "la", "--year", "202425", "--run-by", admin]
        )
        refused = CliRunner().invoke(access_cli, ["set-role", leader, "admin", "--by", leader])
        assert refused.exit_code == 1
        _run("load", "schools", str(file), "--by", "nobody@example.org")
    events = [(event.who, event.subject) for event in audit.events(live_engine, action=Action.REFUSED)]
    assert sorted(events) == sorted(
        [(leader, "uploads:save"), (admin, "downloads:publishable"), (leader, "people:manage")]
    ), "once each in a minute, and nothing of somebody who is nobody here"
