"""The commands that copy the whole database, and put a copy in its place. Both leave an event in the audit trail."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path
from typing import Annotated, NoReturn

import typer
from sqlalchemy import Engine
from sqlalchemy.exc import SQLAlchemyError

from access import audit
from access.audit import Action
from access.command_line import at_this_computer
from access.noting import noting
from data_model import backup as backups
from data_model import store
from data_model.settings import settings

commands = typer.Typer()

AsJson = Annotated[bool, typer.Option("--json", help="Print one JSON value and nothing else.")]
Folder = Annotated[
    Path | None, typer.Option("--to", help="The folder for the backup (default: OUTREACH_BACKUP_FOLDER).")
]
KeepDays = Annotated[int, typer.Option("--keep-days", min=1, help="Older backups in the folder are removed.")]
File = Annotated[Path, typer.Argument(help="The backup: outreach-….sqlite3 or .pgdump.", show_default=False)]
OnlyVerify = Annotated[
    bool, typer.Option("--verify", help="Restore it to a scratch place and compare; change nothing.")
]


@commands.command()
def backup(to: Folder = None, keep_days: KeepDays = backups.KEEP_DAYS, as_json: AsJson = False) -> None:
    """Write a backup, whole even while the app is used, and remove backups older than --keep-days."""
    with _database(as_json) as engine:
        path = backups.back_up(engine, to or settings().backup_folder, keep_days)
        told = backups.describe(path)
        _note(engine, Action.BACKED_UP, told)
    as_text = f"{path}\nSHA-256 {told.sha256}, {told.bytes:,} bytes"
    typer.echo(json.dumps(asdict(told)) if as_json else as_text)


@commands.command()
def restore(file: File, verify: OnlyVerify = False, as_json: AsJson = False) -> None:
    """Put a backup in the place of the database, which is backed up first. Stop the app before."""
    with _database(as_json) as engine:
        if verify:
            told = backups.verify(engine, file)
            done = f"{file.name} is whole: schema {told.schema}, {len(told.tables)} tables as they were backed up."
        else:
            done = _restore(engine, file)
    typer.echo(json.dumps({"done": True, "message": done}) if as_json else done)


@contextmanager
def _database(as_json: bool) -> Iterator[Engine]:
    """The database with the schema that it has: whoever backs up before an upgrade wants no new one.

    Whatever goes wrong is told in a sentence, with exit code 1.
    """
    engine = store.connect(settings().database_url)
    try:
        yield engine
    except (backups.NotDone, SQLAlchemyError) as problem:
        _refuse(_sentence(problem), as_json)
    finally:
        engine.dispose()


def _restore(engine: Engine, file: Path) -> str:
    """Restore a backup, and say so in a sentence. An older schema is brought up to date, as when the app starts."""
    before = backups.restore(engine, file, settings().backup_folder)
    store.migrate(engine)
    _note(engine, Action.RESTORED, backups.describe(file), replaced=before.name if before else None)
    return f"{file.name} is restored." + (f" What it replaced: {before}" if before else "")


def _note(engine: Engine, action: Action, about: backups.Description, **detail: str | None) -> None:
    """An event in the trail of the database as it is now; a sentence where its schema is not the newest."""
    if store.schema_version(engine) != store.head():
        said = "The audit trail was not written: the schema is not the newest. Run `python -m data_model migrate`."
        typer.echo(said, err=True)
        return
    with noting(engine) as connection:
        who = f"{at_this_computer()}, on the command line"
        audit.record(connection, who, action, about.file, sha256=about.sha256, bytes=about.bytes, **detail)


def _sentence(problem: Exception) -> str:
    """What is said of a problem: our own sentences, and only the kind of any other."""
    if isinstance(problem, backups.NotDone):
        return str(problem)
    return f"The database cannot be used ({type(problem).__name__}). `python -m data_model doctor` says more."


def _refuse(message: str, as_json: bool) -> NoReturn:
    typer.echo(json.dumps({"done": False, "message": message}) if as_json else message, err=not as_json)
    raise typer.Exit(1)
