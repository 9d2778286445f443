"""The command line of the database: python -m data_model. Back up, restore, examine, bring up to date."""

import json
from dataclasses import asdict
from pathlib import Path
from typing import Annotated, NoReturn

import typer
from alembic import command
from sqlalchemy.exc import SQLAlchemyError

from data_model import backup as backups
from data_model import doctor as doctors
from data_model import fingerprints, logs, store
from data_model.settings import settings

cli = typer.Typer(add_completion=False, pretty_exceptions_enable=False, help=__doc__)

AsJson = Annotated[bool, typer.Option("--json", help="Print one JSON value and nothing else.")]
Folder = Annotated[
    Path | None, typer.Option("--to", help="The folder for the backup (default: OUTREACH_BACKUP_FOLDER).")
]
KeepDays = Annotated[int, typer.Option("--keep-days", min=1, help="Older backups in the folder are removed.")]
File = Annotated[Path, typer.Argument(help="The backup: outreach-….sqlite3 or .pgdump.", show_default=False)]
OnlyVerify = Annotated[
    bool, typer.Option("--verify", help="Restore it to a scratch place and compare; change nothing.")
]


@cli.command()
def migrate() -> None:
    """Bring the database to the newest schema. An older SQLite file is copied beside itself first."""
    engine = store.database()
    with store.reading(engine) as connection:
        is_missing = None in fingerprints.recorded(connection).values()
    if is_missing:
        with store.writing(engine) as connection:
            fingerprints.record_again(connection, only_missing=True)
    typer.echo(f"The schema is the newest, {store.schema_version(engine)}.")


@cli.command("new-migration")
def new_migration(what_changed: Annotated[str, typer.Argument(help='Such as "Add the managed moves".')]) -> None:
    """For developers: compare the declarations with the newest schema, and write the difference as a migration."""
    engine = store.connect("sqlite://")
    config = store.migrations()
    store.migrate(engine)
    with engine.connect() as connection:
        config.attributes["connection"] = connection
        command.revision(config, what_changed, autogenerate=True, rev_id=f"{int(store.head()) + 1:04d}")


@cli.command()
def backup(to: Folder = None, keep_days: KeepDays = backups.KEEP_DAYS, as_json: AsJson = False) -> None:
    """Write a backup, whole even while the app is used, and remove backups older than --keep-days."""
    engine = store.connect(settings().database_url)
    try:
        path = backups.back_up(engine, to or settings().backup_folder, keep_days)
    except (backups.NotDone, SQLAlchemyError) as problem:
        _refuse(_sentence(problem), as_json)
    told = asdict(backups.describe(path))
    typer.echo(json.dumps(told) if as_json else f"{path}\nSHA-256 {told['sha256']}, {told['bytes']:,} bytes")


@cli.command()
def restore(file: File, verify: OnlyVerify = False, as_json: AsJson = False) -> None:
    """Put a backup in the place of the database, which is backed up first. Stop the app before."""
    engine = store.connect(settings().database_url)
    try:
        if verify:
            told = backups.verify(engine, file)
            done = f"{file.name} is whole: schema {told.schema}, {len(told.tables)} tables as they were backed up."
        else:
            before = backups.restore(engine, file, settings().backup_folder)
            done = f"{file.name} is restored." + (f" What it replaced: {before}" if before else "")
    except (backups.NotDone, SQLAlchemyError) as problem:
        _refuse(_sentence(problem), as_json)
    typer.echo(json.dumps({"done": True, "message": done}) if as_json else done)


@cli.command()
def doctor(as_json: AsJson = False) -> None:
    """Examine settings, database, uploads, disk and backups. Exit code 1 where something must be mended."""
    found = doctors.examine(store.connect(settings().database_url), settings())
    if as_json:
        typer.echo(json.dumps([asdict(finding) for finding in found]))
    else:
        for finding in found:
            typer.echo(f"{'MEND' if finding.is_fault else 'ok':5}{finding.name:11}{finding.said}")
    raise typer.Exit(int(any(finding.is_fault for finding in found)))


def _sentence(problem: Exception) -> str:
    """What is said of a problem: our own sentences, and only the kind of any other."""
    if isinstance(problem, backups.NotDone):
        return str(problem)
    return f"The database cannot be used ({type(problem).__name__}). `python -m data_model doctor` says more."


def _refuse(message: str, as_json: bool) -> NoReturn:
    typer.echo(json.dumps({"done": False, "message": message}) if as_json else message, err=not as_json)
    raise typer.Exit(1)


if __name__ == "__main__":
    logs.run(cli)
