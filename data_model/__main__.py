"""The command line of the database: python -m data_model. Examine it, bring it up to date.

Backing up and restoring are commands of `python -m access`: they leave an event in the audit trail.
"""

import json
from dataclasses import asdict
from typing import Annotated

import typer
from alembic import command

from data_model import doctor as doctors
from data_model import fingerprints, logs, store
from data_model.settings import settings

cli = typer.Typer(add_completion=False, pretty_exceptions_enable=False, help=__doc__)

AsJson = Annotated[bool, typer.Option("--json", help="Print one JSON value and nothing else.")]


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
def doctor(as_json: AsJson = False) -> None:
    """Examine settings, database, uploads, disk and backups. Exit code 1 where something must be mended."""
    found = doctors.examine(store.connect(settings().database_url), settings())
    if as_json:
        typer.echo(json.dumps([asdict(finding) for finding in found]))
    else:
        for finding in found:
            typer.echo(f"{'MEND' if finding.is_fault else 'ok':5}{finding.name:11}{finding.said}")
    raise typer.Exit(int(any(finding.is_fault for finding in found)))


if __name__ == "__main__":
    logs.run(cli)
