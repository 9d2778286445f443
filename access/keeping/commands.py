"""Commands about what is kept: the audit trail, what is past its time, one pupil's records, and pseudonyms."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Annotated

import typer

from access import audit
from access.audit import Head
from access.command_line import By, who_runs
from access.keeping import erasing, exporting, purging, resealing, rotating
from access.roles import Permission
from access.seal import Unsealable
from access.sign_in.accounts import Refused
from data_model.settings import settings
from data_model.store import database, reading

commands = typer.Typer()

HEADS = "audit_heads.txt"
_THE_SCHEDULE = "the retention schedule"

Heads = Annotated[
    Path | None,
    typer.Option("--heads", help=f"The file of daily heads (default: {HEADS} in OUTREACH_BACKUP_FOLDER)."),
]
Sure = Annotated[bool, typer.Option("--yes", help="Do not ask again.")]


@contextmanager
def _told() -> Iterator[None]:
    """Say a refusal as a sentence, and end with exit code 1."""
    try:
        yield
    except (
        *(Refused, Unsealable, erasing.NotErased, exporting.NothingHeld),
        *(resealing.NotResealed, rotating.NotChanged),
    ) as refused:
        typer.echo(str(refused), err=True)
        raise typer.Exit(1) from None


def _heads_file(given: Path | None) -> Path:
    return given or settings().backup_folder / HEADS


@commands.command("audit-head")
def audit_head(heads: Heads = None) -> None:
    """Print the newest event's number and hash, and add them with the day to the file of heads."""
    with reading(database()) as connection:
        head = audit.head_of(connection)
    if head is None:
        typer.echo("The audit trail is empty: there is no head yet.")
        return
    line = f"{datetime.now(UTC).date()} {head.event_id} {head.hash}"
    path = _heads_file(heads)
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    with path.open("a", encoding="utf-8") as file:
        file.write(f"{line}\n")
    typer.echo(line)


@commands.command("verify-audit")
def verify_audit(heads: Heads = None) -> None:
    """Check that the audit trail is whole, and as the file of heads says it was. Exit code 1 where it is not."""
    with _told(), reading(database()) as connection:
        before = _read_heads(_heads_file(heads))
        faults = [*audit.verify(connection), *audit.compare_with_heads(connection, before)]
        head = audit.head_of(connection) or Head(0, "none")
    for fault in faults:
        typer.echo(fault.sentence, err=True)
    if faults:
        typer.echo(
            f"The audit trail is not as it was written: {len(faults)} faults. If every event is named, "
            "OUTREACH_SECRET_KEY is not the one that sealed them. Otherwise follow the breach runbook.",
            err=True,
        )
        raise typer.Exit(1)
    days = f", and as on {len(before)} earlier days" if before else ""
    typer.echo(f"The audit trail is whole{days}: {head.event_id} events, head {head.hash}.")


def _read_heads(path: Path) -> dict[date, Head]:
    """The last head of each day in the file; none where there is no file. Raises Refused for another file."""
    found = {}
    for line in path.read_text("utf-8").splitlines() if path.exists() else ():
        try:
            day, number, hashed = line.split()
            found[date.fromisoformat(day)] = Head(int(number), hashed)
        except ValueError:
            raise Refused(f"{path.name} is not a file of heads: each line has a day, a number and a hash.") from None
    return found


@commands.command()
def purge(
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Say what would go, and delete nothing.")] = False,
) -> None:
    """Delete what is past its time by the retention schedule. For a timer: nobody is asked."""
    today = date.today()
    found = purging.dry_run(database(), today) if dry_run else purging.purge(database(), _THE_SCHEDULE, today)
    for table, rows in found.rows.items():
        typer.echo(f"{table:22}{rows:>10,}")
    would = "would go" if dry_run else "went"
    typer.echo(f"{found.total:,} rows {would}." if found.total else "Nothing is past its time.")


Reference = Annotated[
    str | None,
    typer.Option("--reference", help="The pupil's reference. Without it you are asked, and no history keeps it."),
]


@commands.command("erase-pupil")
def erase_pupil(
    reason: Annotated[str, typer.Option("--reason", help="Why: kept with the erasure.", show_default=False)],
    reference: Reference = None,
    by: By = None,
    yes: Sure = False,
) -> None:
    """Erase all that is held on a pupil, in every table at once. It cannot be undone."""
    with _told():
        who = who_runs(by, Permission.APPLY_RETENTION)
        pupil = _ask(reference)
        held = erasing.ask_what_is_held(database(), pupil, who)
        if held and not yes:
            said = ", ".join(f"{table} {rows:,}" for table, rows in held.items())
            typer.confirm(f"This erases {sum(held.values()):,} rows ({said}). Go on?", abort=True)
        erased = erasing.erase(database(), pupil, who, reason)
        typer.echo(f"{sum(erased.values()):,} rows were erased. {after_erasing()}")


def after_erasing() -> str:
    """What whoever erased a pupil has to know, in sentences."""
    return (
        "Backups that were made before still hold the pupil until they expire; whoever restores one runs "
        "`python -m access replay-erasures`, and the app does so when it starts."
    )


@commands.command("export-pupil")
def export_pupil(
    to: Annotated[Path, typer.Option("--to", help="A new folder for the two files.", show_default=False)],
    reference: Reference = None,
    by: By = None,
) -> None:
    """Write all that is held on a pupil as JSON and CSV, for the pupil's right of access."""
    with _told():
        who = who_runs(by, Permission.APPLY_RETENTION)
        for path in exporting.export_pupil(database(), _ask(reference), who, to):
            typer.echo(str(path))
        typer.echo("Read the notes before you send them: they can tell of other people.")


@commands.command("replay-erasures")
def replay_erasures() -> None:
    """After a backup was restored: erase again whoever was erased since it was made."""
    rows = erasing.replay_erasures(database())
    typer.echo(f"{rows:,} rows were erased again." if rows else "Nobody had to be erased again.")


@commands.command("rotate-pseudonyms")
def rotate_pseudonyms(by: By = None) -> None:
    """Put every pupil under the pseudonym of the key that is set now. Stop the app before.

    OUTREACH_PSEUDONYM_KEY_BEFORE is the key before; it is not needed where pupils were not under pseudonyms yet.
    """
    with _told():
        count = rotating.rotate(database(), who_runs(by, Permission.APPLY_RETENTION))
        typer.echo(f"{count:,} references are under the key {settings().pseudonym_key_id} now. Make a new backup.")


@commands.command("reseal")
def reseal(by: By = None) -> None:
    """Seal names and second factors with the secret key that is set now. Stop the app before.

    OUTREACH_SECRET_KEY_BEFORE is the key that sealed them; afterwards nothing needs it, but older backups.
    """
    with _told():
        count = resealing.reseal(database(), who_runs(by, Permission.APPLY_RETENTION))
        typer.echo(f"{count:,} names and second factors are sealed with the key that is set. Make a new backup.")


def _ask(reference: str | None) -> str:
    asked: str = reference or typer.prompt("The pupil's reference", hide_input=True)
    return asked
