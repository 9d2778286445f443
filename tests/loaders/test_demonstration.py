"""The demonstration keeps no real authority's records: files can be checked, not saved."""

from pathlib import Path

import pytest
from sqlalchemy import Engine, func, select
from typer.testing import CliRunner

from data_model.schools import SCHOOLS
from data_model.store import reading
from loaders.__main__ import cli

HEADER = "urn,laestab,school_name,phase,establishment_type_group"
REAL = "100001,202/4001,Northway School,Secondary,Academies"
FICTIONAL = "900001,999/4001,Lantern & Quill Academy,Secondary,Academies"


@pytest.fixture
def schools(tmp_path: Path) -> Path:
    return tmp_path / "schools.csv"


def _run(*arguments: str) -> tuple[int, str]:
    done = CliRunner().invoke(cli, arguments)
    return done.exit_code, done.output


def _saved(engine: Engine) -> int:
    with reading(engine) as connection:
        return connection.execute(select(func.count()).select_from(SCHOOLS.table)).scalar_one()


def test_a_real_authoritys_file_can_be_checked_and_not_saved(empty_database: Engine, schools: Path) -> None:
    schools.write_text(f"{HEADER}\n{REAL}\n")
    assert _run("check", "schools", str(schools))[0] == 0
    code, said = _run("load", "schools", str(schools), "--accept-queries")
    assert (code, _saved(empty_database)) == (1, 0)
    assert "these are records of Camden. For your own data set OUTREACH_MODE=live" in said


def test_one_real_school_among_fictional_ones_is_one_too_many(empty_database: Engine, schools: Path) -> None:
    schools.write_text(f"{HEADER}\n{FICTIONAL}\n{REAL}\n")
    assert _run("load", "schools", str(schools), "--accept-queries")[0] == 1
    assert _saved(empty_database) == 0


def test_the_fictional_authoritys_file_is_saved(empty_database: Engine, schools: Path) -> None:
    schools.write_text(f"{HEADER}\n{FICTIONAL}\n")
    assert _run("load", "schools", str(schools), "--accept-queries")[0] == 0
    assert _saved(empty_database) == 1
